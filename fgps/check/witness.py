"""Algebra steps of a certificate, replayed with exact arithmetic on ints and Fractions.

A fact is a polynomial that is zero in the figure; every rule below derives one from the facts before it.
Nothing in a witness is trusted: equations, bounds and the kinds of quantities come from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction as Q
from math import gcd
from typing import Any

from fgps.check.numbers import ONE, UNIT, Number, cosine, need, of, rational, whole
from fgps.check.polynomials import Poly, Polynomials, variable

Bound = tuple[int, Q | None, Q | None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a witness may ask: equations and bounds of earlier steps, and the figure.

    ``figure(kind, poly)``: is the polynomial not zero (``different``) or not negative (``positive``) there?
    """

    equation: Callable[[Any], Poly]
    bounds: Callable[[Any], list[Bound]]
    figure: Callable[[str, Poly], bool]


class Algebra(Polynomials):
    """The rules by which new facts follow."""

    def run(self, steps: Any, sources: Sources, claim: Poly) -> list[str]:
        """Replay a witness up to the claim; what was read off the figure.  Raises `Refused`."""
        self.facts: list[Poly] = [{}]
        self.lines = []
        self.diagram: list[str] = []
        self.ranges = dict(self.known)
        self.sources = sources
        need(len(steps) < 5000, "too many steps")
        for step in steps:
            self.facts.append(self.step(step))
        need(not self.minus(self.facts[-1], claim), "another claim was proved")
        return self.diagram

    def fact(self, index: Any) -> Poly:
        return self.facts[whole(index, 0, len(self.facts) - 1)]

    def step(self, s: Any) -> Poly:
        if s["rule"] in ("root", "inverse", "equal", "positive"):
            self.propagate()
        return getattr(self, "on_" + s["rule"])(s, self.fact(s.get("step", 0)))  # type: ignore[no-any-return]

    def on_given(self, s: Any, fact: Poly) -> Poly:
        poly = self.sources.equation(s["source"])
        if all(len(m) < 2 and set(c[0]) == {ONE} for m, c in poly.items()):
            self.lines.append(poly)
        return poly

    def on_bound(self, s: Any, fact: Poly) -> Poly:
        for bound in self.sources.bounds(s["source"]):
            self.tighten(*bound)
        return {}

    def on_define(self, s: Any, fact: Poly) -> Poly:
        v = s["variable"]
        kind, *polys = self.formulas[v]
        need(kind in ("quotient", "root"), "not a defined variable")
        signs = [self.positive(p) for p in (polys if kind == "quotient" else polys[:1])]
        definite = all(signs) and len(set(signs)) == 1 and (kind == "quotient" or signs == [1])
        if not definite:
            self.read(
                "different" if kind == "quotient" else "positive",
                polys[kind == "quotient"],
                "a quotient or root",
            )
        low = Q(0) if definite else Q(-1, 10**9) if kind == "root" else None  # a root is not negative
        self.tighten(v, low, None)
        return self.minus(self.mulp(variable(v), polys[1] if kind == "quotient" else variable(v)), polys[0])

    def on_combine(self, s: Any, fact: Poly) -> Poly:
        total = self.combine([(self.parse(c), m, self.fact(i)) for c, m, i in s["parts"]])
        if "divisor" not in s:
            return total
        divisor, result = self.poly(s["divisor"]), self.poly(s["result"])
        need(self.positive(divisor) and not self.minus(self.mulp(divisor, result), total), "not a quotient")
        return result

    def on_product(self, s: Any, fact: Poly) -> Poly:
        result, powers, constant = self.poly(s["result"]), {}, of(1)  # type: ignore[var-annotated]
        parts = [(rational(e), self.fact(i)) for e, i in s["parts"]] + [(Q(-1), result)]
        scale = 1
        for e, _ in parts:
            scale = scale * e.denominator // gcd(scale, e.denominator)
        for e, poly in parts:
            (n, b), (m, a) = sorted(poly.items())
            need(self.positive({m: a, n: self.sub(of(0), b)}), "not a product of positive quantities")
            need(not self.sub(a, of(1))[0] or poly is result, "a part of a product is not in normal form")
            constant = self.mul(constant, self.power(self.div(self.sub(of(0), b), a), int(e * scale)))
            for mono, unit in ((m, 1), (n, -1)):
                for v in mono:
                    powers[v] = powers.get(v, 0) + unit * e * scale
        need(not any(powers.values()) and not self.sub(constant, of(1))[0], "the product does not come out")
        return result

    def on_root(self, s: Any, fact: Poly) -> Poly:
        (v,) = {v for mono in fact for v in mono}
        low, high = self.ranges[v]
        result = self.minus(variable(v), {(): self.parse(s["value"])})
        factors = [result] + [self.poly(p) for p in s["rest"]]
        for p in factors[1:]:
            a, b, c = (p.get((v,) * e, of(0)) for e in (2, 1, 0))
            square = self.sub(self.mul(b, b), self.mul(of(4), self.mul(a, c)))
            need(self.positive(p) or (max(map(len, p)) == 2 and self.sign(square) < 0), "a factor may vanish")
        for value, why in s["others"]:
            root = self.parse(value)
            factors.append(self.minus(variable(v), {(): root}))
            if self.sub(root, self.parse(s["value"]))[0]:
                self.exclude(variable(v), root, low, high, why)
        need(not self.minus(self.mulp(*factors), fact), "the factors do not give the equation")
        return result

    def read(self, kind: str, poly: Poly, what: str) -> None:
        """Something that only the figure can tell."""
        need(self.sources.figure(kind, poly), f"the figure does not settle {what}")
        self.diagram.append(what)

    def exclude(self, form: Poly, root: Number, low: Q | None, high: Q | None, why: str) -> None:
        if why == "model":
            self.read("different", self.minus(form, {(): root}), "which of several solutions is meant")
        elif low is not None and low == high:
            need(self.sign(self.sub(root, of(low))), "a root is not excluded")
        else:
            below = low is not None and self.sign(self.sub(root, of(low))) <= 0
            need(below or (high is not None and not self.less(root, high)), "a root is not excluded")

    def values(self, angle: Number, s: Any) -> dict[str, Number]:
        halves = {i: (t, self.parse(c), self.parse(x)) for i, t, c, x in s["halves"]}
        c, s = self.turn(angle, halves)
        return {"cos": c, "sin": s, **({"tan": self.div(s, c)} if c[0] else {})}

    def on_value(self, s: Any, fact: Poly) -> Poly:
        name, form = self.functions[s["variable"]]
        angle = self.parse(s["angle"])
        need(not self.minus(self.minus(form, {(): angle}), fact), "not the angle")
        return self.minus(variable(s["variable"]), {(): self.values(angle, s)[name]})

    def on_inverse(self, s: Any, fact: Poly) -> Poly:
        v, angle = s["variable"], self.parse(s["angle"])
        name, form = self.functions[v]
        need(
            not self.minus(self.minus(variable(v), {(): self.values(angle, s)[name]}), fact),
            "not the value",
        )
        low, high = self.span_of(form)
        need(low is not None and low >= 0 and high is not None and high <= 360, "a full turn is not excluded")
        need(self.sign(angle) >= 0 and self.less(angle, Q(360)), "the angle is not reduced")
        base = {"cos": 360, "sin": 180, "tan": 180}[name]
        other = self.add(of(base), angle) if name == "tan" else self.sub(of(base), angle)
        other = self.add(other, of(360)) if self.sign(other) < 0 else other
        other = other if self.less(other, Q(360)) else self.sub(other, of(360))
        if self.sub(other, angle)[0]:
            self.exclude(form, other, low, high, s["other"])
        return self.minus(form, {(): angle})

    def on_circle(self, s: Any, fact: Poly) -> Poly:
        (a, form), (b, other) = (self.functions[v] for v in s["variables"])
        need(not self.minus(form, other) and a in ("sin", "tan") and b == "cos", "not of one angle")
        one, two = [variable(v) for v in s["variables"]]
        if a == "sin":
            return self.minus(self.mulp(one, one), self.minus({(): of(1)}, self.mulp(two, two)))
        return self.minus(self.mulp(one, two), self.named("sin", form))

    def named(self, name: str, form: Poly) -> Poly:
        found = [v for v, f in self.functions.items() if f[0] == name and not self.minus(f[1], form)]
        need(found, "that function of the angle does not occur")
        return variable(found[0])

    def on_shift(self, s: Any, fact: Poly) -> Poly:
        v, factor, degrees, other = s["variable"], s["factor"], rational(s["degrees"]), self.poly(s["other"])
        name, form = self.functions[v]
        rest = self.minus(self.minus(form, other, factor), {(): of(degrees)})
        need(not self.minus(rest, fact), "the angles are not tied so")
        c, x = (cosine(degrees), UNIT), (cosine(90 - degrees), UNIT)
        one = variable(v)
        if name == "tan":
            need(abs(factor) == 1 and degrees % 90 == 0, "no such rule for tangents")
            tan = self.named("tan", other)
            turned = self.minus(self.mulp(one, tan), {(): of(-factor)})
            return self.minus(one, tan, factor) if degrees % 180 == 0 else turned
        need(factor in (1, -1, 2), "no such multiple")
        sin, cos = (self.named(n, other) if y or factor == 2 else {} for n, y in (
            ("sin", c[0] if name == "sin" else x[0]), ("cos", x[0] if name == "sin" else c[0])))  # fmt: skip
        if factor == 2:
            sin, cos = (
                self.mulp(sin, cos, {(): of(2)}),
                self.minus(self.mulp(cos, cos, {(): of(2)}), {(): of(1)}),
            )
        sign = of(-1 if factor == -1 else 1)
        a, b = (self.mul(sign, c), x) if name == "sin" else (self.mul(sign, self.mul(of(-1), x)), c)
        return self.combine(
            [(of(1), (), one), (self.mul(of(-1), a), (), sin), (self.mul(of(-1), b), (), cos)]
        )

    def on_equal(self, s: Any, fact: Poly) -> Poly:
        (name, one), (same, two) = (self.functions[v] for v in s["variables"])
        v, w = s["variables"]
        need(
            name == same and not self.minus(self.minus(variable(v), variable(w)), fact),
            "not equal values",
        )
        spans = [self.span_of(form) for form in (one, two)]
        need(
            all(a is not None and a >= 0 and b is not None and b <= 180 for a, b in spans),
            "beyond 180 degrees",
        )
        if name == "sin":
            both = self.combine([(of(1), (), one), (of(1), (), two)])
            total = self.minus(both, self.fact(s["sum"]))
            fixed = [m for m in total if m and self.ranges[m[0]][0] == self.ranges[m[0]][1] is not None]
            need(not s["sum"] or (set(both) - {()} - set(total) and not fixed), "not a reduced sum")
            low, high = self.span_of(total)
            apart = (high is not None and high <= 180) or (low is not None and low >= 180)
            need(apart and not low == high == 180, "the angles may be supplementary")
        return self.minus(one, two)

    def on_positive(self, s: Any, fact: Poly) -> Poly:
        v = s["variable"]
        span = self.ranges[v]
        need(v in self.formulas or self.kinds[v] == "free", "positive by its kind")
        if s["step"]:
            need(fact.get((v,)) == of(1), "not in normal form")
            span = self.span_of(self.minus(variable(v), fact))
        elif v in self.functions:
            name, form = self.functions[v]
            low, high = self.span_of(form)
            limit = 180 if name == "sin" else 90
            if low is not None and high is not None and 0 <= low < limit >= high > 0 and low + high > 0:
                span = (Q(0), None)
        need(span[0] is not None and span[0] >= 0 and span[0] != span[1], "not known to be positive")
        self.tighten(v, Q(0), None)
        return {}
