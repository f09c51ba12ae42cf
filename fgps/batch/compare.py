"""Is a value the expected one?

Expected answers are closed forms (``180*asin(5/6)/pi``, ``2*sqrt(41)``, ``3.525``).  They are evaluated
from their syntax tree with `mpmath`, so no text ever reaches an evaluator of Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import mpmath

from fgps.lang.ast import Call, Number, Points, Symbol, Term, calls
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement

#: Relative difference up to which two closed forms count as equal.  A double carries 16 digits.
EXACT: Final = 1e-9
#: Relative difference up to which a value agrees with a decimal, which somebody has rounded.
ROUNDED: Final = 1e-3
#: Decimal digits of the working precision: nested radicals cancel.
DIGITS: Final = 50
#: Exponents beyond this are refused: they would only serve to waste time.
MAX_EXPONENT: Final = 1000

_DIRECT: Final[dict[str, Callable[[Any], Any]]] = {"sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan}
_INVERSE: Final[dict[str, Callable[[Any], Any]]] = {
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
}
_PLAIN: Final[dict[str, Callable[[Any], Any]]] = {"sqrt": mpmath.sqrt, "log": mpmath.log, "exp": mpmath.exp}


class NotClosed(ValueError):
    """The term is not a closed form that this module can evaluate."""


def evaluate(term: Term) -> float:
    """The value of a closed real form: ``sin`` and its kind take radians, ``Sin`` degrees.

    Raises `NotClosed` for anything else: free symbols, unknown functions, values that are complex
    or not finite.
    """
    try:
        with mpmath.workdps(DIGITS):
            value = mpmath.mpmathify(_evaluate(term, 0))
            if abs(mpmath.im(value)) > mpmath.mpf(10) ** (10 - DIGITS) * (1 + abs(value)):
                raise NotClosed("the value is complex")
            real = float(mpmath.re(value))
    except (ArithmeticError, ValueError, TypeError) as error:
        raise NotClosed(str(error)) from error
    if not math.isfinite(real):
        raise NotClosed("the value is not finite")
    return real


def _evaluate(term: Term, depth: int) -> Any:
    if depth > 200:
        raise NotClosed("nested too deeply")
    if isinstance(term, Number):
        return mpmath.mpf(term.value.numerator) / term.value.denominator
    if isinstance(term, Symbol) and term.name == "pi":
        return +mpmath.pi
    if isinstance(term, Points) and term.names == ("I",):
        return mpmath.mpc(0, 1)
    if isinstance(term, Call):
        return _apply(term.head, [_evaluate(argument, depth + 1) for argument in term.args])
    raise NotClosed("not a number")


def _apply(head: str, values: list[Any]) -> Any:
    name = head.lower()
    unit = 1 if head == name else mpmath.pi / 180
    if len(values) == 1:
        if name in _PLAIN:
            return _PLAIN[name](values[0])
        if name in _DIRECT:
            return _DIRECT[name](values[0] * unit)
        if name in _INVERSE:
            return _INVERSE[name](values[0]) / unit
        if name == "neg":
            return -values[0]
    if len(values) >= 2 and name in ("add", "mul"):
        return mpmath.fsum(values) if name == "add" else mpmath.fprod(values)
    if len(values) == 2:
        left, right = values
        if name == "sub":
            return left - right
        if name == "div":
            return left / right
        if name == "pow":
            if abs(right) > MAX_EXPONENT:
                raise NotClosed("the exponent is too large")
            return left**right
    raise NotClosed(f"{head} cannot be evaluated")


def is_rounded(term: Term) -> bool:
    """Whether the closed form holds a decimal fraction, so that it may be a rounded value."""
    numbers = [term] if isinstance(term, Number) else []
    numbers += [a for call in calls(term) for a in call.args if isinstance(a, Number)]
    return any("." in number.text for number in numbers)


def agrees(value: float | None, expected: str | None, exact: bool = True) -> bool | None:
    """Whether ``value`` is the expected one (a closed form); None where one of them is unknown.

    ``exact`` says that the value was computed exactly (and then turned into a float).
    """
    if value is None or expected is None:
        return None
    term = parse_statement(expected)
    if isinstance(term, Diagnostic):
        return None
    try:
        target = evaluate(term)
    except NotClosed:
        return None
    tolerance = EXACT if exact and not is_rounded(term) else ROUNDED
    return abs(value - target) <= tolerance * max(abs(value), abs(target), 1e-9)
