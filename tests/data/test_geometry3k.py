"""Logic forms of Geometry3K: figures, facts, goals; the public sample; hostile files."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from fgps import api
from fgps.batch.items import items_of
from fgps.data.forms import parse_form, read_number
from fgps.data.geometry3k import read_forms
from fgps.data.sources import open_dataset, read_source
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

DATA = Path(__file__).resolve().parents[3] / "shared" / "geometry3k"

#: A right triangle with the altitude on its hypotenuse (y downwards, as in pictures).
FORMS: dict[str, Any] = {
    "annot_id": "made up",
    "point_positions": {"A": [0, 100], "B": [101, 99], "C": [36, 52], "D": [35.5, 99]},
    "line_instances": ["AB", "BC", "AC", "CD", "AD", "DB"],
    "circle_instances": [""],
    "diagram_logic_forms": [
        "PointLiesOnLine(D, Line(A, B))",
        "Perpendicular(Line(C, D), Line(A, B))",
        "Perpendicular(Line(A, C), Line(C, B))",
        "Equals(LengthOf(Line(A, D)), 4)",
        "Equals(LengthOf(Line(D, B)), \\frac{18}{2})",
        "Equals(LengthOf(Line(C, D)), x)",
    ],
    "text_logic_forms": ["Find(x)"],
}


@pytest.fixture(scope="module")
def theory() -> Theory:
    loaded = load_theory("basic").theory
    assert loaded is not None
    return loaded


def solved(forms: dict[str, Any], theory: Theory) -> str | None:
    read = read_forms(forms, "p")
    assert read.declaration is not None, read.diagnostics
    problem = build_problem(read.declaration, theory, strict=False)
    assert problem.valid, problem.diagnostics
    return api.solve(problem, timeout=10).answer


def changed(**values: Any) -> dict[str, Any]:
    return {**FORMS, **values}


def test_the_altitude(theory: Theory) -> None:
    read = read_forms(FORMS, "p")
    assert read.declaration is not None and read.diagnostics == ()
    construct = {print_term(statement) for statement in read.declaration.construct}
    assert "Collinear(ADB)" in construct and len(construct) == 3
    given = [print_term(fact) for fact in read.declaration.given]
    assert given[:2] == ["PerpendicularBetweenLine(AD,CD)", "PerpendicularBetweenLine(BC,AC)"]
    assert solved(FORMS, theory) == "6"


def test_a_circle_with_a_tangent(theory: Theory) -> None:
    forms = {
        "point_positions": {"O": [0, 0], "A": [50, 1], "P": [52, -119]},
        "line_instances": ["OA", "AP", "OP"],
        "diagram_logic_forms": [
            "PointLiesOnCircle(A, Circle(O, radius_0_0))",
            "Equals(LengthOf(Line(O, A)), 5)",
        ],
        "text_logic_forms": [
            "Circle(O)",
            "Tangent(Line(A,P),Circle(O))",
            "Equals(LengthOf(Line(P,A)),12)",
            "Find(LengthOf(Line(O,P)))",
        ],
    }
    assert solved(forms, theory) == "13"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Congruent(Triangle(A,C,D),Triangle(A,D,C))", "MirrorCongruentBetweenTriangle(ADC,ADC)"),
        ("Similar(Triangle(A,C,D),Triangle(C,B,D))", "SimilarBetweenTriangle(ADC,CDB)"),
        ("IsAltitudeOf(Line(D,C),Triangle(A,B,C))", "IsAltitudeOfTriangle(CD,CAB)"),
        ("BisectsAngle(Line(C,D),Angle(A,C,B))", "IsBisectorOfAngle(CD,BCA)"),
        ("Equals(MeasureOf(Angle(B)),HalfOf(30))", "Equal(MeasureOfAngle(ABC),Div(30,2))"),
        ("RightAngle(Angle(A,C,B))", "Equal(MeasureOfAngle(BCA),90)"),
        ("Equals(Line(A,D),Mul(LengthOf(Line(D,B)),2))", "Equal(LengthOfLine(AD),Mul(LengthOfLine(DB),2))"),
        ("Isosceles(Triangle(A,B,C))", "IsoscelesTriangle(CAB)"),
        ("Find(LengthOf(HypotenuseOf(Right(Triangle(A,B,C)))))", ""),
    ],
)
def test_facts_take_the_orientation_of_the_figure(text: str, fact: str) -> None:
    read = read_forms(changed(text_logic_forms=[text, "Find(x)"]), "p")
    assert read.declaration is not None
    found = [print_term(given) for given in read.declaration.given]
    assert not any(d.code == "unknown-form" for d in read.diagnostics), read.diagnostics
    assert not fact or fact in found, found


def test_numbered_angles(theory: Theory) -> None:
    drawn = [
        "Equals(MeasureOf(angle 1), 30)",
        "PointLiesOnLine(D, Line(A, B))",
        "Equals(MeasureOf(Angle(A, B, C)), MeasureOf(angle 1))",
        "Perpendicular(Line(C, D), Line(A, B))",
        "Equals(MeasureOf(Angle(D, C, B)), MeasureOf(Angle(2)))",
    ]
    assert (
        solved(changed(diagram_logic_forms=drawn, text_logic_forms=["Find(MeasureOf(Angle(2)))"]), theory)
        == "60"
    )


def test_points_without_coordinates_are_where_lines_meet() -> None:
    forms = {
        "point_positions": {
            "A": [0, 0],
            "B": [10, 10],
            "C": [0, 10],
            "D": [10, 0],
            "E": [-1, -1],
            "F": [-1, -1],
        },
        "line_instances": ["AB", "CD"],
        "diagram_logic_forms": ["PointLiesOnLine(E, Line(A, B))", "PointLiesOnLine(E, Line(C, D))"],
        "text_logic_forms": ["Find(MeasureOf(Angle(A,E,C)))"],
    }
    read = read_forms(forms, "p")
    assert read.declaration is not None
    assert {"Collinear(AEB)", "Collinear(CED)"} <= {print_term(s) for s in read.declaration.construct}
    assert [d.headline for d in read.diagnostics] == ["the point 'F' has no coordinates"]


def test_unknown_forms_are_named_and_kept() -> None:
    read = read_forms(changed(text_logic_forms=["Frobnicates(Line(A,B))", "Circle(Q)", "(", "Find(x)"]), "p")
    assert read.declaration is not None
    messages = [d.headline for d in read.diagnostics if d.code == "unknown-form"]
    assert len(messages) == 3 and "Frobnicates(Line)" in messages[0]
    assert dict(read.declaration.meta)["unread form 1"] == "Frobnicates(Line(A,B))"
    nothing = read_forms(changed(text_logic_forms=[]), "p")
    assert nothing.declaration is None and nothing.diagnostics[-1].code == "bad-goal"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2x+5", "2*x+5"),
        ("\\frac{1}{2}x+12", "1/2*x+12"),
        ("7\\sqrt{2}", "7*sqrt(2)"),
        ("\\frac{\\sqrt{3}}{2}", "sqrt(3)/2"),
        ("y^{2}-1", "y**2-1"),
        ("66--y", "66+y"),
        ("42\\pi", "42*pi"),
        ("3(x-2)", "3*(x-2)"),
        ("30^\\circ", "30"),
        ("__import__('os')", None),
        ("x if x else y", None),
        ("", None),
        ("((((", None),
        ("\\frac{1}{", None),
    ],
)
def test_numbers(text: str, wanted: str | None) -> None:
    term = read_number(text)
    shown = None if term is None else print_term(term).replace(" ", "").replace("(1/2)", "1/2")
    assert shown == wanted


def test_hostile_forms_have_no_reading() -> None:
    assert parse_form("A(" * 5000) is None
    assert parse_form("A(" * 30 + ")" * 30) is None
    assert parse_form("A" * 5000) is None
    cut = parse_form("PointLiesOnLine(Y, Line(Z, I)) K))")
    assert cut is not None and cut.cut and str(cut) == "PointLiesOnLine(Y, Line(Z, I))"
    rng = random.Random(2)
    odd: list[Any] = [
        None,
        5,
        "x",
        [None],
        {"A": "x"},
        [[]],
        {"A": [1e400, 1]},
        ["Line((", "Equals(,)"],
        {"": [1, 2]},
    ]
    for _ in range(300):
        forms = {key: rng.choice(odd) if rng.random() < 0.4 else value for key, value in FORMS.items()}
        read_forms(forms, "p", "name", {"answer": rng.choice(odd), "choices": rng.choice(odd)})


def test_released_layout(tmp_path: Path, theory: Theory) -> None:
    folder = tmp_path / "train" / "5"
    folder.mkdir(parents=True)
    forms = {
        "diagram_logic_form": FORMS["diagram_logic_forms"],
        "text_logic_form": ["Find(x)"],
        "line_instances": FORMS["line_instances"],
        "point_positions": FORMS["point_positions"],
    }
    (folder / "logic_form.json").write_text(json.dumps(forms), encoding="utf-8")
    data = {"problem_text": "Find x.", "choices": ["5", "6", "7", "8"], "answer": "B"}
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    assert open_dataset(tmp_path / "train").ids == ("5",)
    for source in (folder, folder / "logic_form.json", f"{tmp_path / 'train'}#5"):
        read = read_source(str(source))
        assert read.declaration is not None and read.declaration.texts == (("en", "Find x."),)
        assert read.declaration.answer is not None and print_term(read.declaration.answer) == "6"
    assert [(item.id, item.expected) for item in items_of(str(tmp_path / "train"))] == [(5, "6")]


@pytest.mark.parametrize("content", ["[]", "{", "[" * 1000, '{"0": 5}'])
def test_bad_annotation_files(tmp_path: Path, content: str) -> None:
    (tmp_path / "diagram_logic_forms_annot.json").write_text(content, encoding="utf-8")
    dataset = open_dataset(tmp_path)
    assert dataset.diagnostics or dataset.read("0").diagnostics


@pytest.mark.corpus
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not there: {DATA}")
def test_public_sample(theory: Theory) -> None:
    dataset = open_dataset(DATA)
    assert len(dataset.ids) == 300
    readable = [read for read in map(dataset.read, dataset.ids) if read.declaration is not None]
    assert len(readable) >= 278
    sample = random.Random(1).sample(readable, 40)
    problems = [build_problem(read.declaration, theory, strict=False) for read in sample if read.declaration]
    outcomes = [api.solve(problem, timeout=4) for problem in problems if problem.valid]
    assert sum(outcome.diagram == "exact" for outcome in outcomes) >= 32
    assert sum(outcome.status == "solved" for outcome in outcomes) >= 22
