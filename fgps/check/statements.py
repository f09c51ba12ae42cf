"""From equations and terms of the source to polynomials over the variables of a certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

from fgps.check.numbers import ONE, UNIT, Number, cosine, need, of
from fgps.check.polynomials import Poly, Polynomials
from fgps.lang.ast import Call, Symbol, Term
from fgps.lang.ast import Number as Numeral
from fgps.lang.parse import parse_statement

Quotient = tuple[Poly, Poly]
_ONE: Poly = {(): of(1)}
_MAX_POWER = 64


class Compiler:
    """Terms as quotients of polynomials; roots of numbers are looked up among ``roots`` and verified."""

    def __init__(self, algebra: Polynomials, variable: Callable[[Term], int], roots: list[Any]) -> None:
        self.algebra, self.variable = algebra, variable
        self.roots = [algebra.parse(data) for data in roots]

    def equation(self, statement: Term) -> Poly:
        """``left - right`` without denominators (quantities of the figure are never zero)."""
        need(
            isinstance(statement, Call) and statement.head == "Equal" and len(statement.args) == 2,
            "no equation",
        )
        assert isinstance(statement, Call)
        return self.difference(self.quotient(statement.args[0]), self.quotient(statement.args[1]))[0]

    def difference(self, left: Quotient, right: Quotient, sign: int = 1) -> Quotient:
        """``left - sign * right`` over their common denominator."""
        minus, times = self.algebra.minus, self.algebra.mulp
        if not minus(left[1], right[1]):
            return minus(left[0], right[0], sign), left[1]
        return minus(times(left[0], right[1]), times(right[0], left[1]), sign), times(left[1], right[1])

    def close(self, term: Term) -> Poly:
        """The term as one polynomial; a quotient of quantities is a variable of its own."""
        return self.closed(self.quotient(term))

    def closed(self, value: Quotient) -> Poly:
        """See `close`."""
        num, den = value
        if set(den) == {()}:
            return self.algebra.combine([(self.algebra.div(of(1), den[()]), (), num)])
        return self.formula("quotient", num, den)

    def formula(self, name: str, *polys: Poly) -> Poly:
        """The variable that the certificate defines so."""
        for variable, (other, *parts) in self.algebra.formulas.items():
            if other == name and not any(
                self.algebra.minus(a, b) for a, b in zip(polys, parts, strict=False)
            ):
                return {(variable,): of(1)}
        need(False, f"the certificate defines no such {name}")
        return {}

    def root(self, inside: Poly) -> Poly:
        """The square root: a number of the certificate that squares to it, or a variable."""
        if set(inside) - {()}:
            return self.formula("root", inside)
        value, algebra = inside.get((), of(0)), self.algebra
        for number in self.roots:
            if not algebra.sub(algebra.mul(number, number), value)[0] and algebra.sign(number) > 0:
                return {(): number}
        need(not value[0], "the certificate lacks a root")
        return {}

    def trig(self, name: str, angle: Poly, radians: bool) -> Poly:
        """Sine, cosine or tangent of an angle in degrees."""
        if radians:
            angle = self.algebra.combine([(({(1, -2, Q(0), ()): Q(180)}, UNIT), (), angle)])
        if set(angle) - {()}:
            return self.formula(name, angle)
        number = angle.get((), of(0))
        need(number[1] == UNIT and set(number[0]) <= {ONE}, "an angle that is no rational number")
        degrees = number[0].get(ONE, Q(0))
        parts: dict[str, Number] = {"cos": (cosine(degrees), UNIT), "sin": (cosine(90 - degrees), UNIT)}
        value = self.algebra.div(parts["sin"], parts["cos"]) if name == "tan" else parts[name]
        return {(): value} if value[0] else {}

    def inverse(self, name: str, value: Poly) -> Poly:
        """An inverse function of a positive number, in radians."""
        need(set(value) == {()}, "an inverse function of a quantity")
        for index, (kind, inner) in enumerate(self.algebra.atoms):
            if kind == "acos" and not self.algebra.sub(value[()], (inner, UNIT))[0]:
                key = (1, 0, Q(0), (index,))
                degrees = {key: Q(1)} if name == "acos" else {ONE: Q(90), key: Q(-1)}
                return {(): self.algebra.mul((degrees, UNIT), ({(1, 2, Q(0), ()): Q(1, 180)}, UNIT))}
        need(False, "the certificate lacks an arc cosine")
        return {}

    def quotient(self, term: Term) -> Quotient:
        """Numerator and denominator."""
        if isinstance(term, Numeral):
            return ({(): of(term.value)} if term.value else {}), _ONE
        if isinstance(term, Symbol) and term.name == "pi":
            return {(): ({(1, 2, Q(0), ()): Q(1)}, UNIT)}, _ONE
        need(isinstance(term, Call | Symbol), "no term")
        head = term.head if isinstance(term, Call) else ""
        if head not in _FORMS or isinstance(term, Symbol):
            return {(self.variable(term),): of(1)}, _ONE
        assert isinstance(term, Call)
        low, high = _FORMS[head]
        need(low <= len(term.args) <= high, "wrong number of arguments")
        name = head.lower()
        if name in ("sin", "cos", "tan"):
            return self.trig(name, self.close(term.args[0]), head == name), _ONE
        if name in ("asin", "acos"):
            return self.inverse(name, self.close(term.args[0])), _ONE
        parts = [self.quotient(argument) for argument in term.args]
        if name == "sqrt":
            return self.root(self.closed(parts[0])), _ONE
        return self.arithmetic(head, parts)

    def arithmetic(self, head: str, parts: list[Quotient]) -> Quotient:
        """Sums, products, quotients and powers."""
        times, first = self.algebra.mulp, parts[0]
        if head == "Neg":
            return self.algebra.minus({}, first[0]), first[1]
        if head == "Pow":
            exponent = self.closed(parts[1]).get((), of(0))
            need(
                exponent[1] == UNIT and set(exponent[0]) <= {ONE} and not set(parts[1][0]) - {()},
                "no exponent",
            )
            power = exponent[0].get(ONE, Q(0))
            need(abs(power) <= _MAX_POWER and power.denominator <= 2, "an exponent out of bounds")
            num, den = first if power >= 0 else first[::-1]
            raised = times(*[num] * abs(power.numerator)), times(*[den] * abs(power.numerator))
            return raised if power.denominator == 1 else (self.root(self.closed(raised)), _ONE)
        for part in parts[1:]:
            if head in ("Add", "Sub"):
                first = self.difference(first, part, -1 if head == "Add" else 1)
            elif head == "Mul":
                first = times(first[0], part[0]), times(first[1], part[1])
            else:
                need(part[0], "a division by zero")
                first = times(first[0], part[1]), times(first[1], part[0])
                if set(part[0]) == {()}:
                    scale = (self.algebra.div(of(1), part[0][()]), ())
                    first = (
                        self.algebra.combine([(*scale, first[0])]),
                        self.algebra.combine([(*scale, first[1])]),
                    )
        return first


def answer_term(text: Any) -> Term:
    """An answer as it is printed: ``10*sin(43°)`` has degrees, other lower-case functions take radians."""
    need(isinstance(text, str) and len(text) < 2000, "no answer")
    degrees = re.sub(r"\b(sin|cos|tan)\(([0-9./]+)°\)", lambda m: f"{m[1].title()}({m[2]})", text)
    term = parse_statement(degrees)
    need(isinstance(term, Call | Numeral | Symbol), "the answer is no number")
    return term  # type: ignore[return-value]


_FORMS = {
    **dict.fromkeys(("Add", "Mul"), (2, 100)),
    **dict.fromkeys(("Sub", "Div", "Pow"), (2, 2)),
    **dict.fromkeys(
        ("Neg", "Sqrt", "sqrt", "Sin", "Cos", "Tan", "sin", "cos", "tan", "asin", "acos"), (1, 1)
    ),
}
