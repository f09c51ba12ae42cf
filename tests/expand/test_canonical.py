"""The canonical form: blind to names and spellings, and to nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from fgps.expand.canonical import canonical_key
from fgps.expand.plain import plain_declaration
from fgps.expand.rename import renamed
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory

Stated = Callable[[str], Problem]

NAMES = [
    "demo",
    "chord_by_tangent_and_secant",
    "paper_kite",
    "shaded_segment",
    "sail_with_a_seam",
    "field_with_two_right_angles",
]

SQUARE = """    construct Shape(AB,BC,CD,DA)
    given Square(ABCD), LengthOfLine(AB) = 3
    find LengthOfLine(CD)"""


@pytest.mark.parametrize("name", NAMES)
def test_renamed_problems_are_the_same(name: str, own: Callable[[str], Problem], theory: Theory) -> None:
    problem = own(name)
    key = canonical_key(problem)
    declarations = [renamed(plain_declaration(problem), str(seed)) for seed in range(5)]
    assert any(made.construct != problem.declaration.construct for made in declarations)
    for declaration in declarations:
        assert canonical_key(build_problem(declaration, theory)) == key


def test_order_and_spelling_do_not_matter(stated: Stated) -> None:
    other = """    construct Shape(CD,DA,AB,BC)
    given 3 = LengthOfLine(BA), Square(CDAB)
    find LengthOfLine(DC)"""
    assert canonical_key(stated(other)) == canonical_key(stated(SQUARE))


def test_another_side_of_a_symmetric_figure(stated: Stated) -> None:
    """Where the figure maps to itself, so do the sides; the next side is another question."""
    turned = SQUARE.replace("LengthOfLine(AB)", "LengthOfLine(BC)").replace(
        "LengthOfLine(CD)", "LengthOfLine(DA)"
    )
    assert canonical_key(stated(turned)) == canonical_key(stated(SQUARE))
    adjacent = SQUARE.replace("LengthOfLine(CD)", "LengthOfLine(BC)")
    assert canonical_key(stated(adjacent)) != canonical_key(stated(SQUARE))


def test_other_numbers_are_another_problem_of_the_same_pattern(stated: Stated) -> None:
    one, two = stated(SQUARE), stated(SQUARE.replace("= 3", "= 4"))
    assert canonical_key(one) != canonical_key(two)
    assert canonical_key(one, numbers=False) == canonical_key(two, numbers=False)


def test_what_is_given_and_what_is_asked_are_told_apart(stated: Stated) -> None:
    clauses = """    construct Shape(AB,BC,CA)
    given LengthOfLine(AB) = 3, LengthOfLine(BC) = 4, MeasureOfAngle(ABC) = 90
    find {}"""
    keys = {
        canonical_key(stated(clauses.format(goal)))
        for goal in ("LengthOfLine(CA)", "AreaOfTriangle(ABC)", "MeasureOfAngle(CAB)", "MeasureOfAngle(BCA)")
    }
    assert len(keys) == 4


def test_orientation_matters(stated: Stated) -> None:
    one = """    construct Shape(AB,BC,CA)
    given LengthOfLine(AB) = 3, LengthOfLine(BC) = 4, LengthOfLine(CA) = 6
    find AreaOfTriangle(ABC)"""
    mirrored = one.replace("= 3", "= 5").replace("= 4", "= 3").replace("= 5", "= 4")
    assert canonical_key(stated(one)) != canonical_key(stated(mirrored))


def test_symbols_are_names_too(stated: Stated) -> None:
    clauses = """    construct Shape(AB,BC,CA)
    given LengthOfLine(AB) = {0} + 1, LengthOfLine(BC) = 2 * {0}, LengthOfLine(AB) = LengthOfLine(BC)
    find {1}"""
    assert canonical_key(stated(clauses.format("x", "x"))) == canonical_key(stated(clauses.format("y", "y")))


def test_a_very_symmetric_figure_ends(stated: Stated) -> None:
    points = "ABCDEFGH"
    row = list(points)
    random.Random(1).shuffle(row)
    clauses = f"""    construct Cocircular(O,{points})
    given IsCentreOfCircle(O,O), RadiusOfCircle(O) = 2
    find DiameterOfCircle(O)"""
    assert len(canonical_key(stated(clauses))) == 32
