"""From terms of the language to polynomials.

A term becomes a quotient of two polynomials; denominators of an equation are cleared (they are
quantities of the figure, so never zero), and those of a lone term get an auxiliary variable.
``Sin Cos Tan`` take degrees; the lower-case functions, which occur in answers, take radians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from fgps.algebra.exact import Exact
from fgps.algebra.functions import (
    NoRealValue,
    UnsupportedAngle,
    acos_degrees,
    asin_degrees,
    atan_degrees,
    cos_degrees,
    nth_root,
    sin_degrees,
    sqrt,
    tan_degrees,
)
from fgps.algebra.poly import MAX_DEGREE, ONE, Coefficient, Monomial, Poly, add_to, coefficient
from fgps.algebra.terms import TooLarge, Undecided
from fgps.lang.ast import Call, Number, Symbol, Term

#: Terms nested deeper than this are refused.
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a term has no polynomial: ``code`` for programs, ``message`` for people."""

    code: str
    message: str
    term: Term


class Table(Protocol):
    """What the compiler needs of a `System`: auxiliary variables."""

    def quotient(self, num: Poly, den: Poly) -> Poly:
        """A variable ``q`` with ``q * den == num``."""

    def square_root(self, inside: Poly) -> Poly:
        """A variable ``r >= 0`` with ``r * r == inside``."""

    def trig(self, name: str, angle: Poly) -> Poly:
        """``sin``, ``cos`` or ``tan`` of an angle in degrees."""


Resolve = Callable[[Call], int | None]
_Quotient = tuple[Poly, Poly]
_UNIT = Poly.constant(1)


class _Failure(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _fail(code: str, message: str, term: Term) -> _Failure:
    return _Failure(Problem(code, message, term))


def compile_term(term: Term, resolve: Resolve, symbol: Callable[[str], int], table: Table) -> Poly | Problem:
    """The term as a polynomial (denominators through auxiliary variables of ``table``)."""
    compiler = _Compiler(resolve, symbol, table)
    try:
        num, den = compiler.quotient(term, 0)
        return compiler.close(num, den, term)
    except _Failure as failure:
        return failure.problem
    except (TooLarge, Undecided) as problem:
        return Problem("too-large", str(problem), term)


def compile_equation(
    term: Call, resolve: Resolve, symbol: Callable[[str], int], table: Table
) -> Poly | Problem:
    """``Equal(left, right)`` as the polynomial ``left - right`` without denominators."""
    if term.head != "Equal" or len(term.args) != 2:
        return Problem("not-an-equation", "an equation has two sides", term)
    compiler = _Compiler(resolve, symbol, table)
    terms: dict[Monomial, Coefficient] = {}
    if compiler.linear(term.args[0], ONE, terms) and compiler.linear(term.args[1], -ONE, terms):
        return Poly(terms)
    try:
        left, below_left = compiler.quotient(term.args[0], 0)
        right, below_right = compiler.quotient(term.args[1], 0)
        if below_left == below_right:
            return left - right
        return left * below_right - right * below_left
    except _Failure as failure:
        return failure.problem
    except (TooLarge, Undecided) as problem:
        return Problem("too-large", str(problem), term)


def compile_number(term: Term) -> Exact | Problem:
    """A closed term (an answer) as an exact number."""

    def nothing(call: Call) -> int | None:
        return None

    def unknown(name: str) -> int:
        raise _fail("not-closed", f"{name} is not a number", term)

    compiler = _Compiler(nothing, unknown, None)
    try:
        num, den = compiler.quotient(term, 0)
        top, bottom = num.as_constant(), den.as_constant()
        assert top is not None and bottom is not None
        return Exact.of(top) / Exact.of(bottom)
    except _Failure as failure:
        return failure.problem
    except (TooLarge, Undecided, ZeroDivisionError) as problem:
        return Problem("no-value", str(problem), term)


class _Compiler:
    def __init__(self, resolve: Resolve, symbol: Callable[[str], int], table: Table | None) -> None:
        self.resolve = resolve
        self.symbol = symbol
        self.table = table

    def linear(self, term: Term, factor: Coefficient, into: dict[Monomial, Coefficient]) -> bool:
        """Add ``factor`` times a sum of quantities and numbers; False (half done) if it is anything else.

        Most equations are of this kind, and need no quotients.
        """
        if isinstance(term, Number):
            add_to(into, (), factor * coefficient(term.value))
        elif isinstance(term, Symbol) and term.name != "pi":
            add_to(into, (self.symbol(term.name),), factor)
        elif not isinstance(term, Call):
            return False
        elif term.head == "Add":
            return bool(term.args) and all(self.linear(argument, factor, into) for argument in term.args)
        elif term.head == "Sub" and len(term.args) == 2:
            return self.linear(term.args[0], factor, into) and self.linear(term.args[1], -factor, into)
        elif term.head == "Mul" and len(term.args) == 2 and isinstance(term.args[0], Number):
            return self.linear(term.args[1], factor * coefficient(term.args[0].value), into)
        elif term.head not in _FORMS and (variable := self.resolve(term)) is not None:
            add_to(into, (variable,), factor)
        else:
            return False
        return True

    def close(self, num: Poly, den: Poly, term: Term) -> Poly:
        """``num / den`` as a polynomial."""
        below = den.as_constant()
        if below is not None:
            if not below:
                raise _fail("zero-division", "division by zero", term)
            return num if den.terms == _UNIT.terms else num.scale(1 / below)
        if self.table is None:
            raise _fail("not-closed", "not a number", term)
        return self.table.quotient(num, den)

    def quotient(self, term: Term, depth: int) -> _Quotient:
        """The term as numerator and denominator."""
        if depth > MAX_DEPTH:
            raise _fail("too-deep", "the term is nested too deeply", term)
        if isinstance(term, Number):
            return Poly.constant(term.value), _UNIT
        if isinstance(term, Symbol):
            if term.name == "pi":
                return Poly.constant(Exact.pi()), _UNIT
            return Poly.variable(self.symbol(term.name)), _UNIT
        if not isinstance(term, Call):
            raise _fail("not-a-term", "points are not a quantity", term)
        method = _FORMS.get(term.head)
        if method is not None:
            return method(self, term, depth + 1)
        variable = self.resolve(term)
        if variable is None:
            raise _fail("unknown-quantity", f"{term.head} has no value here", term)
        return Poly.variable(variable), _UNIT

    def _arguments(self, term: Call, depth: int, count: int | None = None) -> list[_Quotient]:
        if count is not None and len(term.args) != count or not term.args:
            raise _fail("arity", f"{term.head} does not take {len(term.args)} arguments", term)
        return [self.quotient(argument, depth) for argument in term.args]

    def add(self, term: Call, depth: int) -> _Quotient:
        parts = self._arguments(term, depth)
        num, den = parts[0]
        for more, below in parts[1:]:
            if below == den:
                num = num + more
            else:
                num, den = num * below + more * den, den * below
        return num, den

    def sub(self, term: Call, depth: int) -> _Quotient:
        (a, b), (c, d) = self._arguments(term, depth, 2)
        return (a - c, b) if b == d else (a * d - c * b, b * d)

    def mul(self, term: Call, depth: int) -> _Quotient:
        num, den = _UNIT, _UNIT
        for a, b in self._arguments(term, depth):
            num, den = num * a, den * b if b != _UNIT else den
        return num, den

    def div(self, term: Call, depth: int) -> _Quotient:
        (a, b), (c, d) = self._arguments(term, depth, 2)
        if not c:
            raise _fail("zero-division", "division by zero", term)
        below = c.as_constant()
        if below is not None:
            return (a * d).scale(1 / below), b
        return a * d, b * c

    def neg(self, term: Call, depth: int) -> _Quotient:
        ((num, den),) = self._arguments(term, depth, 1)
        return -num, den

    def pow(self, term: Call, depth: int) -> _Quotient:
        (num, den), (top, bottom) = self._arguments(term, depth, 2)
        exponent = _fraction(top, bottom)
        if exponent is None:
            raise _fail("exponent", "the exponent must be a rational number", term)
        if abs(exponent) > MAX_DEGREE or exponent.denominator > 16:
            raise _fail("too-large", "the exponent is out of bounds", term)
        if exponent < 0:
            if not num:
                raise _fail("zero-division", "division by zero", term)
            num, den = den, num
        whole = abs(exponent.numerator)
        num, den = num**whole, den**whole
        if exponent.denominator == 1:
            return num, den
        value = self.close(num, den, term)
        constant = value.as_constant()
        if constant is not None:
            return self._number(lambda: nth_root(Exact.of(constant), exponent.denominator), term)
        if exponent.denominator != 2 or self.table is None:
            raise _fail("exponent", "only square roots of quantities are supported", term)
        return self.table.square_root(value), _UNIT

    def sqrt(self, term: Call, depth: int) -> _Quotient:
        ((num, den),) = self._arguments(term, depth, 1)
        value = self.close(num, den, term)
        constant = value.as_constant()
        if constant is not None:
            return self._number(lambda: sqrt(Exact.of(constant)), term)
        assert self.table is not None
        return self.table.square_root(value), _UNIT

    def _number(self, make: Callable[[], Exact], term: Term) -> _Quotient:
        try:
            return Poly.constant(coefficient(make())), _UNIT
        except NoRealValue as problem:
            raise _fail("not-real", str(problem), term) from problem
        except (UnsupportedAngle, ZeroDivisionError) as problem:
            raise _fail("no-value", str(problem), term) from problem

    def trig(self, term: Call, depth: int) -> _Quotient:
        ((num, den),) = self._arguments(term, depth, 1)
        angle = self.close(num, den, term)
        name = term.head.lower()
        if term.head.islower():
            angle = angle.scale(coefficient(180 / Exact.pi()))
        constant = angle.as_constant()
        if constant is not None:
            function = {"sin": sin_degrees, "cos": cos_degrees, "tan": tan_degrees}[name]
            return self._number(lambda: function(Exact.of(constant)), term)
        if self.table is None:
            raise _fail("not-closed", "not a number", term)
        return self.table.trig(name, angle), _UNIT

    def inverse(self, term: Call, depth: int) -> _Quotient:
        ((num, den),) = self._arguments(term, depth, 1)
        value = self.close(num, den, term).as_constant()
        if value is None:
            raise _fail("inverse", "inverse functions take numbers only", term)
        function = {"asin": asin_degrees, "acos": acos_degrees, "atan": atan_degrees}[term.head]
        return self._number(lambda: function(Exact.of(value)) * Exact.pi() / 180, term)


def _fraction(top: Poly, bottom: Poly) -> Fraction | None:
    a, b = top.as_constant(), bottom.as_constant()
    if a is None or b is None:
        return None
    return Exact.of(a / b).as_fraction()


_FORMS: dict[str, Callable[[_Compiler, Call, int], Any]] = {
    "Add": _Compiler.add,
    "Sub": _Compiler.sub,
    "Mul": _Compiler.mul,
    "Div": _Compiler.div,
    "Neg": _Compiler.neg,
    "Pow": _Compiler.pow,
    "Sqrt": _Compiler.sqrt,
    "sqrt": _Compiler.sqrt,
    **dict.fromkeys(("Sin", "Cos", "Tan", "sin", "cos", "tan"), _Compiler.trig),
    **dict.fromkeys(("asin", "acos", "atan"), _Compiler.inverse),
}
