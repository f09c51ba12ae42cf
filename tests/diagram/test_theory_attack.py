"""Every theorem branch of the packs is attacked on random figures (short, deterministic form)."""

from __future__ import annotations

import pytest

from fgps.diagram.theory_test import attack, legal, test_theory
from fgps.lang.ast import Branch, Call
from fgps.lang.parse import parse_statement
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

# pytest would collect the function of this name from the import.
attack_theory = test_theory
del test_theory


def theory(name: str = "basic") -> Theory:
    loaded = load_theory(name).theory
    assert loaded is not None
    return loaded


def statement(text: str) -> Call:
    parsed = parse_statement(text)
    assert isinstance(parsed, Call), parsed
    return parsed


@pytest.mark.parametrize("pack", ["basic", "imo"])
def test_no_branch_has_a_counter_example(pack: str) -> None:
    base = theory(pack)
    reports = list(attack_theory(base, effort=12, deep=False, converse="first"))
    assert len(reports) == sum(len(t.branches) for t in base.theorems.values())
    assert [str(r.counter) for r in reports if r.counter] == []
    assert [(r.theorem, r.branch) for r in reports if not r.confirmed] == []
    # Nearly all branches have a premise that matters; the rest are definitions of a ratio.
    without = [(r.theorem, r.branch) for r in reports if not r.refuted and r.unneeded]
    assert len(without) <= 12


def branch_of(name: str, number: int = 1) -> Branch:
    return theory().theorems[name].branches[number]


@pytest.mark.parametrize(
    "name",
    [
        "angle_addition",
        "adjacent_complementary_angle",
        "bisector_of_angle_judgment_angle_equal",
        "parallel_property_ipsilateral_internal_angle",
        "congruent_arc_judgment_chord_equal",
    ],
)
def test_guards_are_needed(name: str) -> None:
    """Without its guard each of these is false, and the attack finds the figure."""
    base, branch = theory(), branch_of(name)
    assert branch.where
    bare = Branch(1, branch.given, (), branch.then)
    report = attack(base, base.theorems[name], bare, converse="none", deep=False)
    assert report.counter is not None
    assert not report.sound


def test_a_false_conclusion_is_found_even_where_premises_are_rigid() -> None:
    base = theory()
    then = (statement("LengthOfLine(AB)=LengthOfLine(BC)"),)
    given = (statement("Polygon(ABC)"), statement("PerpendicularBetweenLine(AB,CB)"))
    report = attack(base, base.theorems["right_triangle_judgment_angle"], Branch(1, given, (), then))
    assert report.counter is not None
    assert set(report.counter.points) == {"A", "B", "C"}


def test_the_unneeded_premise_is_named() -> None:
    base = theory()
    given = (
        statement("Polygon(ABC)"),
        statement("PerpendicularBetweenLine(AB,CB)"),
        statement("LengthOfLine(AB)=LengthOfLine(BC)"),
    )
    then = (statement("LengthOfLine(AB)**2+LengthOfLine(BC)**2=LengthOfLine(AC)**2"),)
    report = attack(base, base.theorems["right_triangle_property_pythagorean"], Branch(1, given, (), then))
    assert report.sound
    assert "LengthOfLine(AB) = LengthOfLine(BC)" in report.unneeded
    assert any("Perpendicular" in premise for premise in report.refuted)


def test_premises_that_no_figure_satisfies_do_not_count_as_sound() -> None:
    base = theory()
    given = (statement("MeasureOfAngle(ABC)=90"), statement("MeasureOfAngle(CBA)=90"))
    then = (statement("LengthOfLine(AB)=LengthOfLine(BC)"),)
    report = attack(base, base.theorems["round_angle"], Branch(1, given, (), then), effort=4)
    assert report.confirmed == 0 and not report.sound


def test_coinciding_letters_only_where_the_predicate_allows_them() -> None:
    base = theory()
    assert not legal(base, statement("MeasureOfAngle(ABA)=90"))
    assert not legal(base, statement("ParallelBetweenLine(AB,AC)"))
    assert legal(base, statement("IsCentreOfCircle(O,O)"))
    assert legal(base, statement("MeasureOfAngle(ABC)=MeasureOfAngle(ABD)"))


def test_it_is_deterministic() -> None:
    base = theory()
    theorem = base.theorems["angle_addition"]
    bare = Branch(1, theorem.branches[1].given, (), theorem.branches[1].then)
    first = attack(base, theorem, bare, seed=5)
    assert first == attack(base, theorem, bare, seed=5)
