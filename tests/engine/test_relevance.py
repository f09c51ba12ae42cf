"""Theorems that only name one more unknown are left out of a search, unless the problem speaks of it."""

from __future__ import annotations

import pytest

from fgps.engine.relevance import summaries
from fgps.engine.state import State
from fgps.lang.ast import ProblemDeclaration
from fgps.lang.parse import parse_file
from fgps.problem.build import build_problem
from fgps.search.methods import relevant_plans, usable_plans
from fgps.theory.load import load_theory
from fgps.theory.model import Theory


@pytest.fixture(scope="module")
def theory() -> Theory:
    found = load_theory("basic").theory
    assert found is not None
    return found


def names(theory: Theory, find: str, given: str = "LengthOfLine(AB) = 3") -> tuple[set[str], set[str]]:
    text = f"problem p:\n    construct Shape(AB,BC,CA)\n    given {given}\n    find {find}\n"
    declaration = parse_file(text, "test").declarations[0]
    assert isinstance(declaration, ProblemDeclaration)
    state = State(build_problem(declaration, theory))
    return {p.theorem for p in usable_plans(state)}, {p.theorem for p in relevant_plans(state)}


def test_summaries_have_one_formula_and_are_no_premise(theory: Theory) -> None:
    found = summaries(theory)
    assert {"PerimeterOfTriangle", "AreaOfSector"} <= found
    # Lengths and angles are asked for; areas have several formulas; a ratio ties several sides.
    assert not found & {"LengthOfLine", "MeasureOfAngle", "AreaOfTriangle", "RatioOfSimilarTriangle"}


def test_a_problem_that_is_silent_needs_no_perimeters(theory: Theory) -> None:
    usable, relevant = names(theory, "LengthOfLine(BC)")
    assert {"triangle_perimeter_formula", "similar_triangle_property_perimeter_ratio"} <= usable - relevant
    assert not any("perimeter" in name or name.startswith("sector") for name in relevant)
    assert "triangle_property_angle_sum" in relevant


@pytest.mark.parametrize(
    ("find", "given"),
    [
        ("PerimeterOfTriangle(ABC)", "LengthOfLine(AB) = 3"),
        ("LengthOfLine(BC)", "PerimeterOfTriangle(ABC) = 12"),
        ("PerimeterOfTriangle(ABC) / 2", "LengthOfLine(AB) = 3"),
    ],
)
def test_a_problem_that_speaks_of_perimeters_gets_their_theorems(
    theory: Theory, find: str, given: str
) -> None:
    usable, relevant = names(theory, find, given)
    assert "triangle_perimeter_formula" in relevant
    assert "quadrilateral_perimeter_formula" in usable - relevant
