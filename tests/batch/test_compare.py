"""Comparing values with expected closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from fgps.batch.compare import NotClosed, agrees, evaluate
from fgps.lang.ast import Call, Number, Points, Symbol, Term


def number(text: str) -> Number:
    return Number(Fraction(text), text)


def call(head: str, *args: Term) -> Call:
    return Call(head, args)


PI = Symbol("pi")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (call("Add", call("Neg", number("3")), call("sqrt", number("37"))), math.sqrt(37) - 3),
        (call("Sqrt", number("2")), math.sqrt(2)),
        (
            call("Div", call("Mul", number("180"), call("asin", call("Div", number("5"), number("6")))), PI),
            math.degrees(math.asin(5 / 6)),
        ),
        (call("tan", call("Div", call("Mul", number("5"), PI), number("36"))), math.tan(5 * math.pi / 36)),
        (call("Pow", number("2"), call("Div", number("3"), number("4"))), 2**0.75),
        (call("Sub", number("0.5"), number("2")), -1.5),
        # A real number written with complex parts: tan(I*log(9)/2)*I.
        (
            call("Mul", Points(("I",)), call("tan", call("Mul", Points(("I",)), call("log", number("3"))))),
            -0.8,
        ),
    ],
)
def test_closed_forms(term: Term, value: float) -> None:
    assert evaluate(term) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    "term",
    [
        Symbol("x"),
        Points(("A",)),
        call("Div", number("1"), number("0")),
        call("sqrt", call("Neg", number("2"))),
        call("Pow", number("10"), number("100000")),
        call("Pow", call("Pow", number("9"), number("900")), number("900")),
        call("system", number("1")),
        call("Sin", number("1"), number("2")),
    ],
)
def test_what_is_no_closed_form(term: Term) -> None:
    with pytest.raises(NotClosed):
        evaluate(term)


def test_deep_terms_are_refused() -> None:
    term: Term = number("1")
    for _ in range(5000):
        term = call("Neg", term)
    with pytest.raises(NotClosed):
        evaluate(term)


def test_capital_functions_take_degrees() -> None:
    assert evaluate(call("Sin", number("30"))) == pytest.approx(0.5, rel=1e-15)


def test_exact_values_must_be_equal_and_decimals_may_be_rounded() -> None:
    assert agrees(1 / 3, "1/3") is True
    assert agrees(0.3333, "1/3") is False
    assert agrees(0.3333, "1/3", exact=False) is True
    assert agrees(3.5254, "3.525000") is True
    assert agrees(3.54, "3.525000") is False
    assert agrees(0.0, "0") is True
    assert agrees(1e-6, "0") is False
    assert agrees(math.degrees(math.asin(5 / 6)), "180*asin(5/6)/pi") is True


@pytest.mark.parametrize(
    "expected", [None, "", "x", "('D','A')", "1/0", "__import__('os')", "9**9**9**9", "(" * 10**6]
)
def test_nothing_is_said_where_nothing_is_known(expected: str | None) -> None:
    assert agrees(1.0, expected) is None


def test_nothing_is_said_without_a_value() -> None:
    assert agrees(None, "1") is None
