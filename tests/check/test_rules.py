"""The checker's own small rules: construction facts, numbers, enclosures."""

from __future__ import annotations

from fractions import Fraction as Q

import pytest

from fgps.check.figure import Figure
from fgps.check.numbers import Numbers, Refused, of, rational
from fgps.check.numeric import Model
from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.theory.model import Theory


def figure(*statements: str) -> Figure:
    parsed = [parse_statement(text) for text in statements]
    assert all(isinstance(statement, Call) for statement in parsed)
    return Figure(parsed)  # type: ignore[arg-type]


SPLIT = figure("Shape(AB,BD,DA)", "Shape(AD,DC,CA)", "Collinear(BDC)")


@pytest.mark.parametrize(
    "fact", ["Line DB", "Collinear CDB", "Angle ADB", "Angle CBA", "Angle BDC", "Point D"]
)
def test_facts_of_the_construction(fact: str) -> None:
    head, points = fact.split()
    assert SPLIT.holds(head, tuple(points))


@pytest.mark.parametrize(
    "fact", ["Line AE", "Collinear DBC", "Angle DBC", "Angle ABA", "Polygon ABC", "Arc DBC"]
)
def test_facts_that_it_does_not_have(fact: str) -> None:
    head, points = fact.split()
    assert not SPLIT.holds(head, tuple(points))


def test_polygons_are_unions_of_cells() -> None:
    assert SPLIT.add_polygon(tuple("BCA"), [0, 1])
    assert SPLIT.holds("Polygon", tuple("ABC")) and not SPLIT.holds("Polygon", tuple("CBA"))
    assert not SPLIT.add_polygon(tuple("CBA"), [0, 1])
    assert not SPLIT.add_polygon(tuple("ABC"), [0])
    assert not SPLIT.add_polygon(tuple("ABC"), [0, 0, 1])
    assert not SPLIT.add_polygon(tuple("ABC"), [0, 1, 2])


def test_angles_along_one_ray_are_one() -> None:
    assert SPLIT.ray("B", "D") == SPLIT.ray("B", "C") != SPLIT.ray("B", "A")
    assert SPLIT.ray("D", "B") != SPLIT.ray("D", "C")


def test_circles_run_counter_clockwise() -> None:
    circle = figure("Cocircular(O,ABCD)")
    assert circle.holds("Cocircular", tuple("OCDA")) and circle.holds("Arc", tuple("ODB"))
    assert not circle.holds("Cocircular", tuple("OCBA")) and not circle.holds("Arc", tuple("OAA"))


def test_sums_of_cosines_that_vanish() -> None:
    numbers = Numbers([])
    term = {c: numbers.parse([["1", 1, 0, str(c), []]]) for c in (20, 40, 80)}
    total = numbers.sub(numbers.sub(term[20], term[40]), term[80])
    assert total[0] == {}  # cos 20 = cos 40 + cos 80
    assert numbers.sub(term[20], term[40])[0]
    assert numbers.sign(numbers.sub(term[20], term[40])) == 1


@pytest.mark.parametrize("text", ["1e9", " 1", "1_0", "1/", "0x1", "9" * 401, 1, None, "1.5", "١"])
def test_only_plain_rationals_are_read(text: object) -> None:
    with pytest.raises(Refused):
        rational(text)


def test_division_by_zero_is_refused() -> None:
    numbers = Numbers([])
    with pytest.raises(Refused):
        numbers.div(of(Q(1)), of(Q(0)))


def model(theory: Theory, precision: float) -> Model:
    places = {"A": (0.0, 0.0), "B": (4.0, 0.0), "C": (0.0, 3.0)}
    return Model(theory, {p: ((x, precision), (y, precision)) for p, (x, y) in places.items()}, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LengthOfLine(BC) = 5", True),
        ("LengthOfLine(BC) = 5.01", False),
        ("MeasureOfAngle(CAB) = 90", True),
        ("MeasureOfAngle(BAC) = 270", True),
        ("MeasureOfAngle(CAB) < 180", True),
        ("MeasureOfAngle(CAB) > 90", False),
        ("MeasureOfAngle(CAB) != 90", False),
        ("PerpendicularBetweenLine(CA,BA)", True),
        ("PerpendicularBetweenLine(BA,CA)", False),
        ("AreaOfTriangle(ABC) = 6", True),
    ],
)
def test_enclosures(basic: Theory, text: str, expected: bool) -> None:
    statement = parse_statement(text)
    assert isinstance(statement, Call)
    assert model(basic, 1e-9).holds(statement) is expected


def test_a_strict_comparison_needs_room(basic: Theory) -> None:
    statement = parse_statement("LengthOfLine(BC) < 5.01")
    assert isinstance(statement, Call)
    assert model(basic, 1e-4).holds(statement)
    assert not model(basic, 0.01).holds(statement)
