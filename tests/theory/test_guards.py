"""Every guard on lines and triangles is needed, and is enough, at a concrete figure.

``REFUSED`` holds the counter-examples of theorems/CORRECTIONS.md: premises true, conclusion false.  The
guard must refuse exactly these.  ``ACCEPTED`` are figures of the same theorems where it must not refuse.
"""

from __future__ import annotations

import pytest

from fgps.theory.load import load_theory
from fgps.theory.model import Theory
from tests.theory.figure import Figure

Places = dict[str, tuple[float, float]]

REFUSED: list[tuple[str, int, Places]] = [
    (
        "parallel_property_ipsilateral_internal_angle",
        1,
        {"A": (0, 0), "B": (1, 0), "C": (0, 1), "D": (1, 1)},
    ),
    ("angle_addition", 1, {"B": (0, 0), "D": (1, 0), "C": (-1, -1), "A": (0, 1)}),
    ("adjacent_complementary_angle", 1, {"A": (-1, 0), "O": (0, 0), "C": (1, 0), "B": (0, -1)}),
    ("bisector_of_angle_judgment_angle_equal", 1, {"B": (0, 0), "C": (1, 0), "A": (0, 1), "D": (-1, -1)}),
    (
        "circumcenter_of_triangle_property_intersection",
        2,
        {"A": (0, 2), "B": (-4, 0), "C": (4, 0), "O": (0, -3), "D": (0, 0)},
    ),
    ("orthocenter_of_triangle_property_angle", 1, {"A": (-1, 1), "B": (0, 0), "C": (4, 0), "O": (-1, -5)}),
]

ACCEPTED: list[tuple[str, int, Places]] = [
    (
        "parallel_property_ipsilateral_internal_angle",
        1,
        {"A": (0, 1), "B": (5, 1), "C": (1, 0), "D": (2, 0)},
    ),
    # a reflex sum is fine as long as it stays below a full turn
    ("angle_addition", 1, {"B": (0, 0), "D": (1, 0), "C": (-1, 1), "A": (0, -1)}),
    ("adjacent_complementary_angle", 1, {"A": (-1, 0), "O": (0, 0), "C": (1, 0), "B": (3, 1)}),
    # the bisector of a reflex angle
    ("bisector_of_angle_judgment_angle_equal", 1, {"B": (0, 0), "C": (0, 1), "A": (1, 0), "D": (-1, -1)}),
    (
        "circumcenter_of_triangle_property_intersection",
        2,
        {"A": (0, 8), "B": (-4, 0), "C": (4, 0), "O": (0, 3), "D": (0, 0)},
    ),
    # obtuse at A: the orthocentre lies outside, but on the right side of BC
    ("orthocenter_of_triangle_property_angle", 1, {"A": (0, 1), "B": (-2, 0), "C": (2, 0), "O": (0, 4)}),
]


@pytest.fixture(scope="module")
def theory() -> Theory:
    loaded = load_theory("basic")
    assert loaded.theory is not None, loaded.diagnostics
    return loaded.theory


@pytest.mark.parametrize(("name", "number", "places"), REFUSED, ids=lambda value: str(value)[:48])
def test_guard_refuses_the_counter_example(theory: Theory, name: str, number: int, places: Places) -> None:
    branch = theory.theorems[name].branches[number]
    figure = Figure(theory, places)
    assert all(figure.holds(premise) for premise in branch.given)
    assert not all(figure.holds(conclusion) for conclusion in branch.then)
    assert not all(figure.holds(guard) for guard in branch.where)


@pytest.mark.parametrize(("name", "number", "places"), ACCEPTED, ids=lambda value: str(value)[:48])
def test_guard_accepts_where_the_theorem_is_true(
    theory: Theory, name: str, number: int, places: Places
) -> None:
    branch = theory.theorems[name].branches[number]
    figure = Figure(theory, places)
    assert all(figure.holds(fact) for fact in (*branch.given, *branch.where, *branch.then))


def test_corrected_hypotenuse_and_leg(theory: Theory) -> None:
    """B corresponds to F: the right angles are at B and F, and a 3-4-5 triangle meets its mirror image."""
    branch = theory.theorems["mirror_similar_triangle_judgment_hl"].branches[1]
    places: Places = {"A": (3, 0), "B": (0, 0), "C": (0, -4), "D": (16, 0), "E": (10, 8), "F": (10, 0)}
    figure = Figure(theory, places)
    assert all(figure.holds(fact) for fact in (*branch.given, *branch.then))
