"""Polynomials over the variables of a certificate, with what is known of the ranges of these variables."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

from fgps.check.numbers import MAX_WORK, ONE, UNIT, Number, Numbers, need, of, whole

Mono = tuple[int, ...]
Poly = dict[Mono, Number]
Range = tuple[Q | None, Q | None]


def variable(v: int) -> Poly:
    """The polynomial that is one variable."""
    return {(v,): of(1)}


class Polynomials(Numbers):
    """The variables of one certificate, polynomials over them, and intervals.

    A quantity has a kind (all but ``free`` symbols are positive, an angle is below 360); a formula
    (``["sin", angle]``, ``["quotient", num, den]``, ``["root", inside]``) defines a variable by earlier ones.
    """

    def __init__(self, atoms: list[Any]) -> None:
        super().__init__(atoms)
        self.known: dict[int, Range] = {}
        self.kinds: dict[int, str] = {}
        self.formulas: dict[int, tuple[str, Poly, Poly]] = {}
        self.functions: dict[int, tuple[str, Poly]] = {}
        self.ranges = self.known
        self.lines: list[Poly] = []

    def quantity(self, variable: int, kind: str) -> None:
        """A new variable for a quantity of the figure or a free symbol."""
        need(whole(variable, 0, 10**6) not in self.known, "a variable is defined twice")
        self.kinds[variable] = kind
        self.known[variable] = {"free": (None, None), "angle": (Q(0), Q(360))}.get(kind, (Q(0), None))

    def formula(self, variable: int, name: str, polys: list[Any]) -> None:
        """A new variable defined by the polynomials of earlier variables."""
        need(whole(variable, 0, 10**6) not in self.known, "a variable is defined twice")
        need(
            {"quotient": 2, "root": 1, "sin": 1, "cos": 1, "tan": 1}.get(name) == len(polys),
            "unknown formula",
        )
        one, two = [self.poly(p) for p in (*polys, [])[:2]]
        self.formulas[variable] = (name, one, two)
        if len(name) == 3:
            self.functions[variable] = (name, one)
        self.known[variable] = (None, None)

    def poly(self, data: Any) -> Poly:
        return self.combine([(self.parse(value), (), {tuple(mono): of(1)}) for value, mono in data])

    def combine(self, parts: Any) -> Poly:
        total: Poly = {}
        for factor, mono, poly in parts:
            self.work += len(poly)
            need(self.work < MAX_WORK, "too much arithmetic")
            for other, value in poly.items():
                key = tuple(sorted((*mono, *other)))
                need(all(v in self.ranges for v in key) and len(key) < 99, "unknown variable")
                total[key] = self.add(total.get(key, of(0)), self.mul(factor, value))
        return {key: value for key, value in total.items() if value[0]}

    def mulp(self, *polys: Poly) -> Poly:
        total: Poly = {(): of(1)}
        for poly in polys:
            total = self.combine([(value, mono, poly) for mono, value in total.items()])
        return total

    def minus(self, a: Poly, b: Poly, scale: int = 1) -> Poly:
        return self.combine([(of(1), (), a), (of(-scale), (), b)])

    def positive(self, poly: Poly) -> int:
        """1 or -1 if all variables are positive and all terms have that sign, else 0."""
        for low, high in (self.ranges[v] for mono in poly for v in mono):
            if low is None or low < 0 or (low == 0 == high):
                return 0
        total = sum(self.sign(value) for value in poly.values())
        return total // len(poly) if abs(total) == len(poly) > 0 else 0

    def span_of(self, form: Poly) -> Range:
        """The open interval (a point where both ends agree) of a linear form with rational coefficients."""
        need(
            all(len(m) < 2 and set(c[0]) == {ONE} and c[1] == UNIT for m, c in form.items()), "no linear form"
        )
        rows = [((c[0][ONE],) * 2, (Q(1), Q(1)) if not m else self.ranges[m[0]]) for m, c in form.items()]
        low, high = zip(*[(r if c[0] > 0 else r[::-1]) for c, r in rows], strict=True) if rows else ((), ())
        ends = [
            None if None in e else sum(c[0] * x for (c, _), x in zip(rows, e, strict=True))
            for e in (low, high)
        ]
        return ends[0], ends[1]

    def tighten(self, v: int, low: Q | None, high: Q | None) -> bool:
        a, b = before = self.ranges[v]
        self.ranges[v] = (low if a is None or (low is not None and low > a) else a,
                          high if b is None or (high is not None and high < b) else b)  # fmt: skip
        return self.ranges[v] != before

    def propagate(self) -> None:
        """Interval arithmetic on the linear equations given so far."""
        for _ in range(len(self.lines) + 3):
            moved = False
            for line in self.lines:
                for mono in [m for m in line if m]:
                    rest = self.combine(
                        [(self.div(of(-1), line[mono]), (), {m: line[m] for m in line if m != mono})]
                    )
                    moved |= self.tighten(mono[0], *self.span_of(rest))
            if not moved:
                break
