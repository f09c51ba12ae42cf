"""Algebra steps of a certificate, replayed.

A fact is a polynomial that is zero in the figure; every rule below derives one from the facts before it, or
notes that a polynomial is positive.  Nothing in a witness is trusted: equations, bounds and the kinds of
quantities come from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

from fgps.check.polynomials import ONE, Poly, Polynomials, need, rational, whole


class Algebra(Polynomials):
    """The rules by which new facts follow."""

    def start(
        self,
        equation: Callable[[Any], Poly],
        bounds: Callable[[Any], list[Poly]],
        figure: Callable[[str, Poly], bool],
    ) -> None:
        """What a witness may ask: equations of earlier steps, what they show to be positive, and the figure.

        ``figure(kind, poly)``: is the polynomial not zero there (``different``), not negative (``positive``)?
        """
        self.equation, self.stated, self.figure = equation, bounds, figure
        self.facts: list[Poly] = [{}]
        #: What was shown to be positive, cosines that are not zero, and what was read off the figure.
        self.shown: list[Poly] = []
        self.apart: list[Poly] = []
        self.diagram: list[str] = []

    def run(self, steps: Any, claim: Poly) -> list[str]:
        """Replay a witness up to the claim; what was read off the figure.  Raises `Refused`."""
        need(len(steps) < 5000, "too many steps")
        for step in steps:
            self.step(step)
        need(not self.minus(self.facts[-1], claim), "another claim was proved")
        return self.diagram

    def step(self, s: Any) -> None:
        """Add the fact of one step."""
        self.facts.append(getattr(self, "on_" + s["rule"])(s))

    def fact(self, index: Any) -> Poly:
        return self.facts[whole(index, 0, len(self.facts) - 1)]

    def parts(self, s: Any) -> Poly:
        """A combination of facts."""
        return self.combine((rational(q), self.mono(m), self.fact(i)) for q, m, i in s["parts"])

    def sure(self, poly: Poly) -> bool:
        """Whether the polynomial is known to be positive: it was shown to be, or all its terms are."""
        if poly in self.shown or poly in self.bounds:
            return True
        numbers: dict[Any, Poly] = {}
        for mono, value in poly.items():
            if not all(v in self.positive or {(v,): 1} in self.shown for v in mono):
                return False
            key = tuple(v for v in mono if v not in self.constants)
            numbers.setdefault(key, {})[tuple(v for v in mono if v in self.constants)] = value
        return bool(poly) and all(map(self.above, numbers.values()))

    def read(self, kind: str, poly: Poly, what: str) -> None:
        """Something that only the figure can tell."""
        need(self.figure(kind, poly), f"the figure does not settle {what}")
        self.diagram.append(what)

    def distinct(self, poly: Poly, how: str, what: str) -> None:
        """Refuse unless the polynomial is not zero, by its sign or (``how``) in the figure."""
        if how == "figure":
            self.read("different", poly, what)
        else:
            known = self.sure(poly) or self.sure(self.minus({}, poly)) or poly in self.apart
            need(known, "a factor may vanish")

    # Rules ----------------------------------------------------------------------------------

    def on_given(self, s: Any) -> Poly:
        return self.equation(s["source"])

    def on_bound(self, s: Any) -> Poly:
        self.shown += self.stated(s["source"])
        return {}

    def on_define(self, s: Any) -> Poly:
        """The equation of a formula, once it is seen to be defined."""
        v = s["variable"]
        own: Poly = self.poly([["1", [v]]])
        name, polys = self.formulas[v]
        if name == "tan":
            cosine = self.trig("cos", *polys)
            if v in self.defined:
                self.apart.append(cosine)
            self.distinct(cosine, s["how"], "a quotient or root")
            return self.minus(self.times(own, cosine), self.trig("sin", *polys))
        need(name in ("quotient", "root"), "not a defined variable")
        if all(map(self.sure, polys)):
            self.shown.append(own)
        elif name == "root":
            self.read("positive", polys[0], "a quotient or root")
            self.shown.append({**own, (): Q(1, 10**9)})  # a root is not negative
        else:
            self.distinct(polys[1], s["how"], "a quotient or root")
        return self.minus(self.times(own, polys[1] if name == "quotient" else own), polys[0])

    def on_combine(self, s: Any) -> Poly:
        """A combination of facts; or what is left of it without factors that are not zero."""
        total = self.parts(s)
        if "result" not in s:
            return total
        result = self.poly(s["result"])
        factors = [result] * whole(s["power"], 1, 9)
        for data, how in s["factors"]:
            factors.append(self.poly(data))
            self.distinct(factors[-1], how, "which of several solutions is meant")
        need(not self.minus(self.times(*factors), total), "the factors do not give the equation")
        return result

    def on_positive(self, s: Any) -> Poly:
        """A polynomial is positive: up to facts, it is a sum of positive polynomials and of squares."""
        poly, total = self.poly(s["poly"]), self.parts(s)
        for q, data, power in s["sum"]:
            part = self.poly(data)
            factor, fits = rational(q), power == 2 or (power == 1 and self.sure(part))
            need(factor > 0 and fits, "a part may be negative")
            total = self.minus(total, self.times(*[part] * power), -factor)
        need(any(power == 1 for _, _, power in s["sum"]), "nothing but squares")
        need(not self.minus(total, poly), "not the sum")
        self.shown.append(poly)
        return {}

    def on_sine(self, s: Any) -> Poly:
        """A function of an angle is positive in the first quadrant, a sine in the second one too."""
        own = self.poly([["1", [s["variable"]]]])
        name, (form,) = self.formulas[s["variable"]]
        limit: Poly = {(): {"sin": 180, "cos": 90, "tan": 90}[name]}
        need(self.sure(form) and self.sure(self.minus(limit, form)), "not known to be positive")
        self.shown.append(own)
        return {}

    def on_sum(self, s: Any) -> Poly:
        """The addition formulas: cosine or sine of ``a = sign * b + c``."""
        a, b, c = (self.poly(data) for data in s["angles"])
        name, sign = s["name"], s["sign"]
        need(sign in (1, -1) and name in ("sin", "cos"), "no such formula")
        rest = self.minus(self.minus(a, b, sign), c)
        need(not self.minus(rest, self.fact(s.get("step", 0))), "the angles are not tied so")
        cosine, sine = self.trig("cos", c), self.trig("sin", c)
        one, two = (cosine, sine) if name == "cos" else (sine, cosine)
        # cos a = cos b cos c - sign sin b sin c;  sin a = cos b sin c + sign sin b cos c
        first, second = self.times(self.trig("cos", b), one), self.times(self.trig("sin", b), two)
        return self.minus(self.minus(self.trig(name, a), first), second, -sign if name == "cos" else sign)

    def on_angles(self, s: Any) -> Poly:
        """Two angles below a full turn have one sine, cosine or tangent: a product that is zero."""
        a, b = (self.poly(data) for data in s["angles"])
        for angle in (a, b):
            need(self.sure(angle) and self.sure(self.minus({(): 360}, angle)), "a full turn is not excluded")
        values = self.minus(self.trig(s["name"], a), self.trig(s["name"], b))
        need(not self.minus(values, self.fact(s.get("step", 0))), "not equal values")
        gap, both = self.minus(a, b), self.minus(a, b, -1)
        form, turns = {"cos": (both, [360]), "sin": (both, [180, 540]), "tan": (gap, [180, -180])}[s["name"]]
        return self.times(gap, *(self.minus(form, ONE, turn) for turn in turns))
