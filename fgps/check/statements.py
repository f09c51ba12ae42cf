"""From equations and terms of the source to polynomials over the variables of a certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

from fgps.check.polynomials import ONE, Poly, Polynomials, need
from fgps.lang.ast import Call, Number, Symbol, Term
from fgps.lang.parse import parse_statement

Quotient = tuple[Poly, Poly]
_MAX_POWER = 64
#: Operations by the number of their arguments.
_ONE_ARGUMENT = ("Neg", "Sqrt", "sqrt", "Sin", "Cos", "Tan", "sin", "cos", "tan", "asin", "acos")
_ARGUMENTS = {**dict.fromkeys(_ONE_ARGUMENT, 1), "Sub": 2, "Div": 2, "Pow": 2, "Add": 100, "Mul": 100}


class Compiler:
    """Terms as quotients of polynomials; roots and inverses of numbers are found among ``numbers``."""

    def __init__(self, algebra: Polynomials, variable: Callable[[Term], int], numbers: list[Poly]) -> None:
        self.algebra, self.variable, self.numbers = algebra, variable, numbers

    def equation(self, statement: Call) -> Poly:
        """``left - right`` without denominators (quantities of the figure are never zero)."""
        need(statement.head == "Equal", "no equation")
        left, right = map(self.quotient, statement.args)
        return self.difference(left, right)[0]

    def value(self, term: Term, answer: Term) -> Poly:
        """``term - answer``, without the denominator of the answer."""
        return self.difference((self.close(term), ONE), self.quotient(answer))[0]

    def difference(self, left: Quotient, right: Quotient, sign: int = 1) -> Quotient:
        """``left - sign * right`` over their common denominator."""
        minus, times = self.algebra.minus, self.algebra.times
        if left[1] == right[1]:
            return minus(left[0], right[0], sign), left[1]
        return minus(times(left[0], right[1]), times(right[0], left[1]), sign), times(left[1], right[1])

    def close(self, term: Term) -> Poly:
        """The term as one polynomial; a quotient of quantities is a variable of its own."""
        return self.closed(self.quotient(term))

    def closed(self, value: Quotient) -> Poly:
        """See `close`."""
        if self.algebra.constant(value[1]):
            return self.algebra.times(value[0], self.inverse(value[1]))
        return self.algebra.formula("quotient", *value)

    def inverse(self, number: Poly) -> Poly:
        """One divided by a number."""
        if set(number) == {()}:
            return {(): Q(1) / number[()]}
        found = [n for n in self.numbers if self.algebra.times(n, number) == ONE]
        minus, sign = self.algebra.minus, -1 if self.algebra.above(number) else 1
        positive = minus({}, number, sign)
        return (found or [minus({}, self.algebra.formula("quotient", ONE, positive), sign)])[0]

    def root(self, inside: Poly) -> Poly:
        """The square root: a number of the certificate that squares to it, or a variable."""
        if not self.algebra.constant(inside):
            return self.algebra.formula("root", inside)
        found = [n for n in self.numbers if self.algebra.times(n, n) == inside and self.algebra.above(n)]
        need(found or not inside, "the certificate lacks a root")
        return found[0] if found else {}

    def trig(self, name: str, angle: Quotient, radians: bool) -> Poly:
        """Sine, cosine or tangent of an angle."""
        algebra, (num, den) = self.algebra, angle
        if radians:
            (pi,) = algebra.formula("pi")
            need(all(pi[0] in mono for mono in num), "an angle in radians that is no multiple of pi")
            num = {_without(mono, pi[0]): 180 * q for mono, q in num.items()}
        form = self.closed((num, den))
        if name == "tan" and not set(form) - {()}:
            return algebra.times(algebra.trig("sin", form), self.inverse(algebra.trig("cos", form)))
        return algebra.trig(name, form)

    def inverse_function(self, name: str, value: Poly) -> Poly:
        """The arc cosine or arc sine of a number, in radians."""
        degrees = self.algebra.formula("acos", value)
        degrees = degrees if name == "acos" else self.algebra.minus({(): 90}, degrees)
        return self.algebra.times({(): Q(1, 180)}, self.algebra.formula("pi"), degrees)

    def quotient(self, term: Term) -> Quotient:
        """Numerator and denominator."""
        if isinstance(term, Number):
            return ({(): term.value} if term.value else {}), ONE
        if isinstance(term, Symbol) and term.name == "pi":
            return self.algebra.formula("pi"), ONE
        need(isinstance(term, Call | Symbol), "no term")
        if isinstance(term, Symbol) or not isinstance(term, Call) or term.head not in _ARGUMENTS:
            return {(self.variable(term),): 1}, ONE
        most = _ARGUMENTS[term.head]
        need(min(most, 2) <= len(term.args) <= most, "wrong number of arguments")
        parts, name = [self.quotient(argument) for argument in term.args], term.head.lower()
        if name in ("sin", "cos", "tan"):
            return self.trig(name, parts[0], term.head == name), ONE
        if name in ("asin", "acos"):
            return self.inverse_function(name, self.closed(parts[0])), ONE
        if name == "sqrt":
            return self.root(self.closed(parts[0])), ONE
        return self.arithmetic(term.head, parts)

    def arithmetic(self, head: str, parts: list[Quotient]) -> Quotient:
        """Sums, products, quotients and powers."""
        times, first = self.algebra.times, parts[0]
        if head == "Neg":
            return self.algebra.minus({}, first[0]), first[1]
        if head == "Pow":
            exponent = self.closed(parts[1])
            power = Q(exponent.get((), 0))
            fits = abs(power) <= _MAX_POWER and power.denominator <= 2
            need(fits and not set(exponent) - {()}, "no exponent")
            above, below = first if power >= 0 else first[::-1]
            num, den = (times(*[part] * abs(power.numerator)) for part in (above, below))
            return (num, den) if power.denominator == 1 else (self.root(self.closed((num, den))), ONE)
        for part in parts[1:]:
            if head in ("Add", "Sub"):
                first = self.difference(first, part, -1 if head == "Add" else 1)
            elif head == "Mul":
                first = times(first[0], part[0]), times(first[1], part[1])
            elif self.algebra.constant(part[0]):
                need(part[0], "a division by zero")
                first = times(first[0], part[1], self.inverse(part[0])), first[1]
            else:
                first = times(first[0], part[1]), times(first[1], part[0])
        return first


def _without(mono: tuple[int, ...], v: int) -> tuple[int, ...]:
    place = mono.index(v)
    return mono[:place] + mono[place + 1 :]


def answer_term(text: Any) -> Term:
    """An answer as it is printed: ``10*sin(43°)`` has degrees, other lower-case functions take radians."""
    need(isinstance(text, str) and len(text) < 2000, "no answer")
    degrees = re.sub(r"\b(sin|cos|tan)\(([0-9./]+)°\)", lambda m: f"{m[1].title()}({m[2]})", text)
    term = parse_statement(degrees)
    need(isinstance(term, Call | Number | Symbol), "the answer is no number")
    return term  # type: ignore[return-value]
