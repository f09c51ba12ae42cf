"""Quadrilaterals, arcs and circles: each guard and correction at a concrete figure.

``REFUSED`` holds the counter-examples of theorems/CORRECTIONS.md: premises true, conclusion false, so
the guard must refuse.  ``ACCEPTED`` are figures of the same theorems where it must not refuse.
"""

from __future__ import annotations

import pytest

from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.theory.load import load_theory
from fgps.theory.model import Theory
from tests.theory.round_figure import Circles, RoundFigure

Places = dict[str, tuple[float, float]]
Case = tuple[str, int, Places, Circles]

UNIT: Circles = {"O": (0, 0, 1)}
R3 = 3**0.5 / 2
#: Points of the unit circle: at 0, 60, 90, 180, 240, 270, 300 degrees.
E, NE, N, W, SW, S, SE = (1, 0), (0.5, R3), (0, 1), (-1, 0), (-0.5, -R3), (0, -1), (0.5, -R3)

REFUSED: list[Case] = [
    (
        "circumcenter_of_quadrilateral_property_intersection",
        2,
        {"A": N, "B": (-0.8, 0.6), "C": (0.8, 0.6), "D": (0.6, 0.8), "O": (0, 0), "E": (0, 0.6)},
        {},
    ),
    ("arc_addition_length", 1, {"A": E, "B": S, "C": N}, UNIT),
    ("arc_addition_measure", 1, {"A": E, "B": S, "C": N}, UNIT),
    (
        "congruent_arc_judgment_chord_equal",
        1,
        {"A": E, "B": NE, "C": SW, "D": W},
        {"X": (0, 0, 1), "Y": (0, 0, 1)},
    ),
    (
        "circle_property_chord_perpendicular_bisect_chord",
        2,
        {"A": (-0.8, 0.6), "B": (0.8, 0.6), "M": (0, 0.6), "P": (0, 0)},
        UNIT,
    ),
    ("circle_property_angle_of_osculation", 1, {"A": E, "B": N, "P": (1, -1)}, UNIT),
    ("circle_property_angle_of_osculation", 2, {"A": E, "B": N, "P": (-1, 1)}, UNIT),
    ("tangent_of_circle_property_perpendicular", 1, {"A": E, "Q": (0, 0), "P": (1, -1)}, UNIT),
    ("tangent_of_circle_property_perpendicular", 2, {"A": E, "Q": (0, 0), "P": (1, 1)}, UNIT),
    ("concyclic_between_points_judgment_sum_of_angles", 2, {"A": NE, "B": W, "C": E, "D": N}, {}),
    (
        "concyclic_between_points_judgment_circular_power_chord_and_chord",
        1,
        {"A": (-2, 0), "B": (1, 0), "C": (0, 2), "D": (0, -1), "E": (0, 0)},
        {},
    ),
    (
        "trapezoid_judgment_parallel",
        1,
        {"A": (1, 1), "B": (0, 0), "C": (3, 0), "D": (4, 1)},
        {},
    ),
]

ACCEPTED: list[Case] = [
    (
        "circumcenter_of_quadrilateral_property_intersection",
        2,
        {"A": N, "B": (-0.8, -0.6), "C": (0.8, -0.6), "D": (0.6, 0.8), "O": (0, 0), "E": (0, -0.6)},
        {},
    ),
    ("arc_addition_length", 1, {"A": E, "B": N, "C": S}, UNIT),
    ("arc_addition_measure", 1, {"A": E, "B": N, "C": S}, UNIT),
    # both arcs are major
    (
        "congruent_arc_judgment_chord_equal",
        1,
        {"A": NE, "B": E, "C": W, "D": (-0.5, R3)},
        {"X": (0, 0, 1), "Y": (0, 0, 1)},
    ),
    (
        "circle_property_chord_perpendicular_bisect_chord",
        2,
        {"A": (-0.8, -0.6), "B": (0.8, -0.6), "M": (0, -0.6), "P": (0, 0)},
        UNIT,
    ),
    # the tangent and the major arc: 135 is half of 270
    ("circle_property_angle_of_osculation", 1, {"A": E, "B": S, "P": (1, 1)}, UNIT),
    ("circle_property_angle_of_osculation", 2, {"A": E, "B": N, "P": (1, 1)}, UNIT),
    ("tangent_of_circle_property_perpendicular", 1, {"A": E, "Q": (0, 0), "P": (1, 1)}, UNIT),
    ("tangent_of_circle_property_perpendicular", 2, {"A": E, "Q": (0, 0), "P": (1, -1)}, UNIT),
    ("concyclic_between_points_judgment_sum_of_angles", 2, {"A": N, "B": W, "C": E, "D": NE}, {}),
    (
        "concyclic_between_points_judgment_circular_power_chord_and_chord",
        1,
        {"A": (-2, 0), "B": (1, 0), "C": (0, -1), "D": (0, 2), "E": (0, 0)},
        {},
    ),
    ("trapezoid_judgment_parallel", 1, {"A": (1, 1), "B": (0, 0), "C": (3, 0), "D": (2, 1)}, {}),
]

#: Corrected statements: figures in which premises and conclusions hold, and what was published does not.
CORRECTED: list[tuple[str, int, Places, Circles, str]] = [
    (
        "similar_arc_property_chord_ratio",
        1,
        {"A": E, "B": NE, "C": NE, "D": W},
        {"X": (0, 0, 1), "Y": (0, 0, 1)},
        "LengthOfLine(AB) = LengthOfLine(CD) * RatioOfSimilarArc(YCD, XAB)",
    ),
    (
        "midsegment_of_quadrilateral_judgment_parallel",
        6,
        {"A": (1, 2), "B": (0, 0), "C": (4, 0), "D": (5, 2), "E": (0.5, 1), "F": (4.5, 1)},
        {},
        "",
    ),
    (
        "circle_property_circular_power_tangent_and_segment_angle",
        1,
        {"A": (-0.5, R3), "C": W, "D": E, "P": (-2, 0)},
        UNIT,
        "",
    ),
    (
        "circle_property_circular_power_tangent_and_segment_angle",
        2,
        {"A": SW, "C": W, "D": E, "P": (-2, 0)},
        UNIT,
        "",
    ),
]


@pytest.fixture(scope="module")
def theory() -> Theory:
    loaded = load_theory("imo")
    assert loaded.theory is not None, loaded.diagnostics
    return loaded.theory


def name_of(value: object) -> str:
    return value[:56] if isinstance(value, str) else str(value)[:6]


@pytest.mark.parametrize(("name", "number", "places", "circles"), REFUSED, ids=name_of)
def test_guard_refuses(theory: Theory, name: str, number: int, places: Places, circles: Circles) -> None:
    branch = theory.theorems[name].branches[number]
    figure = RoundFigure(theory, places, circles)
    assert all(figure.holds(premise) for premise in branch.given)
    assert not all(figure.holds(conclusion) for conclusion in branch.then)
    assert not all(figure.holds(guard) for guard in branch.where)


@pytest.mark.parametrize(("name", "number", "places", "circles"), ACCEPTED, ids=name_of)
def test_guard_accepts(theory: Theory, name: str, number: int, places: Places, circles: Circles) -> None:
    branch = theory.theorems[name].branches[number]
    figure = RoundFigure(theory, places, circles)
    assert all(figure.holds(fact) for fact in (*branch.given, *branch.where, *branch.then))


@pytest.mark.parametrize(("name", "number", "places", "circles", "published"), CORRECTED, ids=name_of)
def test_correction(
    theory: Theory, name: str, number: int, places: Places, circles: Circles, published: str
) -> None:
    branch = theory.theorems[name].branches[number]
    figure = RoundFigure(theory, places, circles)
    assert all(figure.holds(fact) for fact in (*branch.given, *branch.where, *branch.then))
    if published:
        statement = parse_statement(published)
        assert isinstance(statement, Call)
        assert not figure.holds(statement)


def test_every_guard_has_its_cases(theory: Theory) -> None:
    """A guarded branch of these topics stands in both tables."""
    topics = ("quadrilateral", "trapezoid", "kite", "arc_", "circle", "tangent", "concyclic")
    guarded = {
        (name, number)
        for name, theorem in theory.theorems.items()
        for number, branch in theorem.branches.items()
        if branch.where and name.startswith(topics) | ("_of_quadrilateral" in name) | ("_arc_" in name)
    }
    for table in (REFUSED, ACCEPTED):
        assert guarded <= {(name, number) for name, number, _, _ in table}
