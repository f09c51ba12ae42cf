"""The checker's own small rules: construction facts, numbers, enclosures."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import pytest

from fgps.check.figure import Figure
from fgps.check.numeric import Model
from fgps.check.polynomials import PI, Poly, Polynomials, Refused, cos_span, rational
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


def test_constants_are_in_their_enclosures() -> None:
    table = Polynomials()
    pi, two, small = table.define("pi"), table.define("root", {(): 2}), table.define("cos", {(): Q(899, 10)})
    nested = table.define("root", {(): 2, (two,): -1})
    inverse = table.define("quotient", {(): 1}, {(pi,): 1})
    other = table.define("quotient", {(): 1, (small,): 1}, {(pi,): 1, (two,): -1})
    for v, value in (
        (pi, math.pi),
        (two, 2**0.5),
        (small, math.cos(math.radians(89.9))),
        (nested, (2 - 2**0.5) ** 0.5),
        (inverse, 1 / math.pi),
        (other, (1 + math.cos(math.radians(89.9))) / (math.pi - 2**0.5)),
    ):
        for bits in (40, 100, 200):
            low, high = table.enclosure(v, bits)
            assert low <= high and high - low < Q(1, 2 ** (bits - 10))
            assert float(low) - 1e-9 < value < float(high) + 1e-9
    assert table.times({(two,): 1}, {(two,): 1}) == {(): 2}
    assert table.times({(pi,): 1}, {(inverse,): 1}) == {(): 1}
    assert table.times({(nested,): 1}, {(nested,): 1}) == {(): 2, (two,): -1}
    assert table.above({(pi,): 1, (): -3}) and not table.above({(pi,): 1, (): Q(-22, 7)})


def test_pi_and_the_cosine_to_the_last_digit() -> None:
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(150):
        assert 0 < mpmath.pi - mpmath.mpf(PI.numerator) / PI.denominator < mpmath.mpf(10) ** -95
        for degrees in (Q(0), Q(1, 7), Q(43), Q(179, 2), Q(90)):
            cosine = mpmath.cos(mpmath.pi * degrees.numerator / degrees.denominator / 180)
            for bits in (40, 100, 260):
                low, high = (mpmath.mpf(end.numerator) / end.denominator for end in cos_span(degrees, bits))
                assert low < cosine < high and high - low < mpmath.mpf(2) ** (3 - bits)


@pytest.mark.parametrize("degrees", range(-720, 720, 3))
def test_cosines_in_normal_form(degrees: int) -> None:
    table = Polynomials()
    values = {}
    for root in (2, 3, 5):
        values[table.define("root", {(): root})] = root**0.5
    for angle in range(1, 90):
        values[table.define("cos", {(): angle})] = math.cos(math.radians(angle))
    for name, function in (("cos", math.cos), ("sin", math.sin)):
        form = table.trig(name, {(): degrees} if degrees else {})
        value = sum(q * math.prod(values[v] for v in mono) for mono, q in form.items())
        assert value == pytest.approx(function(math.radians(degrees)), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "polys"),
    [
        ("root", [{(): -2}]),
        ("root", [{}]),
        ("cos", [{(): 90}]),
        ("cos", [{(): -1}]),
        ("acos", [{(): 1}]),
        ("acos", [{(): -1}]),
        ("acos", [{(0,): 1}]),
        ("quotient", [{(): 1}, {}]),
        ("quotient", [{(): 1}, {(): -1}]),
        ("root", []),
        ("cube", [{(): 1}]),
    ],
)
def test_constants_that_do_not_exist(name: str, polys: list[Poly]) -> None:
    table = Polynomials()
    table.quantity("length")
    with pytest.raises(Refused):
        table.define(name, *polys)


@pytest.mark.parametrize("text", ["1e9", " 1", "1_0", "1/", "0x1", "9" * 401, 1, None, "1.5", "١"])
def test_only_plain_rationals_are_read(text: object) -> None:
    with pytest.raises(Refused):
        rational(text)


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
