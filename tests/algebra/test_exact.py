"""Exact numbers: arithmetic against floats, exact equality, printing."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgps.algebra.exact import Exact
from fgps.algebra.functions import (
    NoRealValue,
    acos_degrees,
    asin_degrees,
    atan_degrees,
    cos_degrees,
    nth_root,
    sin_degrees,
    sqrt,
    tan_degrees,
)


def of(value: int | Fraction) -> Exact:
    return Exact.of(value)


NUMBERS = st.recursive(
    st.one_of(
        st.fractions(min_value=-20, max_value=20, max_denominator=12).map(Exact.of),
        st.integers(1, 60).map(lambda n: sqrt(of(n))),
        st.integers(1, 179).map(lambda d: cos_degrees(of(d))),
        st.just(Exact.pi()),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS)
def test_field_laws(a: Exact, b: Exact) -> None:
    assert math.isclose(float(a + b), float(a) + float(b), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(float(a * b), float(a) * float(b), rel_tol=1e-9, abs_tol=1e-9)
    assert (a + b) * (a - b) == a * a - b * b
    if b:
        assert a / b * b == a
    assert (a < b) == (float(a) < float(b)) or abs(float(a) - float(b)) < 1e-9


@pytest.mark.parametrize("degrees", range(1, 90))
def test_trigonometric_identities(degrees: int) -> None:
    angle = of(degrees)
    c, s = cos_degrees(angle), sin_degrees(angle)
    assert c * c + s * s == 1
    assert s == cos_degrees(of(90 - degrees))
    assert math.isclose(float(s), math.sin(math.radians(degrees)), rel_tol=1e-12)
    assert asin_degrees(s) == angle
    assert acos_degrees(-c) == 180 - degrees
    assert atan_degrees(tan_degrees(angle)) == angle


def test_hidden_equalities() -> None:
    def c(d: int) -> Exact:
        return cos_degrees(of(d))

    assert c(20) * c(40) * c(80) == Fraction(1, 8)
    assert c(20) - c(40) - c(80) == 0
    assert sqrt(10 + 2 * sqrt(of(5))) == 4 * c(18)
    assert sqrt(2 + sqrt(of(2))) == 2 * cos_degrees(of(Fraction(45, 2)))
    assert sqrt(4 + 2 * sqrt(of(3))) == 1 + sqrt(of(3))
    assert sqrt(5 + sqrt(of(5))) * sqrt(5 - sqrt(of(5))) == 2 * sqrt(of(5))
    assert acos_degrees(of(Fraction(3, 5))) + acos_degrees(of(Fraction(4, 5))) == 90
    assert 24 / (5 * sin_degrees(acos_degrees(of(Fraction(7, 25))) / 2)) == 8
    assert hash(c(20) - c(40) - c(80) + 3) == hash(of(3))


def test_near_misses_are_different() -> None:
    # sqrt(2) + sqrt(3) against a rational that agrees to 25 digits.
    near = Fraction(3146264369941972342329135065715570445, 10**36)
    number = sqrt(of(2)) + sqrt(of(3))
    assert number != near
    assert abs(float(number) - float(near)) < 1e-12
    assert (number - near).sign() in (-1, 1)


def test_roots() -> None:
    assert nth_root(of(2), 3) ** 3 == 2
    assert nth_root(of(Fraction(8, 27)), 3) == Fraction(2, 3)
    with pytest.raises(NoRealValue):
        sqrt(of(-1))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2 * sqrt(Exact.of(3)), "2*sqrt(3)"),
        (25 * Exact.pi() / 3, "25*pi/3"),
        (10 * sin_degrees(Exact.of(43)), "10*sin(43°)"),
        (18 * tan_degrees(Exact.of(25)), "18*tan(25°)"),
        (12 / sin_degrees(Exact.of(43)), "12/sin(43°)"),
        (sqrt(Exact.of(37)) - 3, "sqrt(37) - 3"),
        (324 - 81 * Exact.pi(), "324 - 81*pi"),
        (4 * sqrt(Exact.of(33)) / Exact.pi(Fraction(1, 2)), "4*sqrt(33)/sqrt(pi)"),
        (asin_degrees(Exact.of(Fraction(5, 6))), "180*asin(5/6)/pi"),
        (acos_degrees(Exact.of(Fraction(7, 25))) / 2, "90*acos(7/25)/pi"),
        (Exact.of(Fraction(-7, 2)), "-7/2"),
        (sqrt(Exact.of(Fraction(12, 7))), "2*sqrt(21)/7"),
        (Exact.of(0), "0"),
    ],
)
def test_printing(number: Exact, text: str) -> None:
    assert number.to_text() == text


def test_integers_that_are_hard_to_factor_are_not_factored() -> None:
    """Two primes of 130 bits in one radicand: to factor it takes hours, and no budget ends that."""
    radicand = (2**130 + 169) * (2**131 + 39)
    root = sqrt(of(radicand))
    number = root * (cos_degrees(of(20)) - cos_degrees(of(40)) - cos_degrees(of(80)))
    assert number.sign() == 0 and not number
    assert (number + root).sign() == 1
