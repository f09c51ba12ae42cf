"""Points for letters: applications, canonical spellings, consequences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.theory.instantiate import bind, canonical, canonical_in, consequences, instantiate, spell
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

PROBLEMS = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k" / "problems"


@pytest.fixture(scope="module")
def basic() -> Theory:
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


def test_binding_gives_each_letter_its_point(basic: Theory) -> None:
    bound = bind(basic.theorems["angle_addition"], ["XYZ", ("Z", "Y", "W1")])
    assert bound == {"A": "X", "B": "Y", "C": "Z", "D": "W1"}


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        (["XYZ"], "angle_addition takes 2 arguments, not 1"),
        (["XYZ", "ZY"], "argument 2 of angle_addition has 3 points, not 2"),
        (["XYZ", "WYZ"], "C of angle_addition(ABC, CBD) stands for Z and for W"),
        ([], "angle_addition takes 2 arguments, not 0"),
    ],
)
def test_binding_refuses_what_does_not_fit(basic: Theory, words: list[str], headline: str) -> None:
    found = bind(basic.theorems["angle_addition"], words)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.headline) == ("bad-arguments", headline)


@pytest.mark.parametrize(
    ("name", "points", "least"),
    [
        ("IsMidpointOfLine", "MBA", "MAB"),
        ("ParallelBetweenLine", "DCBA", "ABCD"),
        ("ParallelBetweenLine", "CDAB", "BADC"),
        ("PerpendicularBetweenLine", "BOAO", "BOAO"),
        ("EquilateralTriangle", "CAB", "ABC"),
        ("EquilateralTriangle", "CBA", "ACB"),
        ("Collinear", "CBA", "ABC"),
        ("Polygon", "CDAB", "ABCD"),
        ("Polygon", "DCBA", "ADCB"),
        ("Cocircular", "OCAB", "OABC"),
        ("LengthOfLine", "BA", "AB"),
        ("MeasureOfAngle", "CBA", "CBA"),
        ("RatioOfMirrorSimilarTriangle", "BCAFDE", "ABCDEF"),
    ],
)
def test_the_canonical_spelling_is_the_least_one(basic: Theory, name: str, points: str, least: str) -> None:
    declared = {**basic.predicates, **basic.attributes}[name]
    assert canonical(declared, tuple(points)) == tuple(least)
    table = canonical_in(basic)
    assert table(name, tuple(points)) == table(name, tuple(points)) == tuple(least)


def test_spelling_groups_the_points_into_arguments(basic: Theory) -> None:
    assert print_term(spell(basic.predicates["IsMidpointOfLine"], "MAB")) == "IsMidpointOfLine(M,AB)"
    assert print_term(spell(basic.predicates["Cocircular"], "OABC")) == "Cocircular(O,ABC)"
    assert print_term(spell(basic.predicates["Polygon"], "ABCDE")) == "Polygon(ABCDE)"


def test_a_branch_is_instantiated_as_a_whole(basic: Theory) -> None:
    theorem = basic.theorems["angle_addition"]
    bound = bind(theorem, ["XYZ", "ZYW"])
    assert not isinstance(bound, Diagnostic)
    branch = instantiate(theorem.branches[1], bound)
    assert [print_term(fact) for fact in branch.given] == ["Angle(XYZ)", "Angle(ZYW)", "Angle(XYW)"]
    assert branch.then == (
        parse_statement("MeasureOfAngle(XYW) = MeasureOfAngle(XYZ) + MeasureOfAngle(ZYW)"),
    )
    assert len(branch.where) == 1


def test_consequences_name_the_orientation_to_read_off_the_diagram(basic: Theory) -> None:
    found = consequences(basic, basic.predicates["IsAltitudeOfTriangle"], "PQPRS")
    shown = [(print_term(fact), [print_term(guard) for guard in guards]) for fact, guards in found]
    assert shown == [
        ("LengthOfLine(PQ) = HeightOfTriangle(PRS)", []),
        ("PerpendicularBetweenLine(RQ,PQ)", ["cross(QP,QR) > 0"]),
        ("PerpendicularBetweenLine(PQ,SQ)", ["cross(QS,QP) > 0"]),
    ]


@pytest.mark.corpus
@pytest.mark.skipif(not PROBLEMS.is_dir(), reason="the public data is not beside the checkout")
def test_annotated_solutions_cite_theorems_and_branches_that_exist(basic: Theory) -> None:
    """All applications of the data; a handful name points that contradict each other, none a wrong shape."""
    applications, slips = 0, 0
    for file in sorted(PROBLEMS.glob("*.json")):
        for application in json.loads(file.read_text(encoding="utf-8"))["theorem_seqs"]:
            name, branch, *words = re.split(r"[(),]", application.rstrip(")"))
            assert int(branch) in basic.theorems[name].branches, application
            found = bind(basic.theorems[name], words)
            applications += 1
            if isinstance(found, Diagnostic):
                slips += 1
                assert " stands for " in found.headline, application
    assert applications > 20_000
    assert slips <= 13
