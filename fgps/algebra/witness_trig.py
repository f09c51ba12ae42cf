"""Trigonometric steps of a witness: from the addition formulas, and from equal functions of two angles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq

from fgps.algebra.exact import NUMBER_ONE, Exact
from fgps.algebra.functions import sqrt
from fgps.algebra.nodes import Node
from fgps.algebra.poly import coefficient
from fgps.algebra.terms import Atom, cosine_terms
from fgps.algebra.witness_data import NoWitness, data_of, plain
from fgps.algebra.witness_steps import Part
from fgps.check.polynomials import ONE, Poly

if TYPE_CHECKING:
    from fgps.algebra.witness import Builder

#: Places of the facts ``cos(angle) - number`` and ``sin(angle) - number``.
Values = dict[str, int]


def identity(builder: Builder, node: Node, places: list[int]) -> int:
    """The steps of an identity; ``places`` are those of the node's parents."""
    return _Trigonometry(builder).identity(node, places)


class _Trigonometry:
    """One identity: its angles in the variables of the certificate."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.steps, self.kernel = builder, builder.steps, builder.kernel

    def identity(self, node: Node, places: list[int]) -> int:
        """See the module."""
        name, data = node.data
        method = {"circle": self.circle, "tangent": self.tangent, "equal": self.equal}.get(name)
        wanted = self.builder.poly(node.poly)
        if method is not None:
            place = method(node, data, places)
        elif name in ("shift", "double"):
            place = self.shift(data, places[0] if places else 0, wanted)
        else:
            place = self.value(data, places, wanted) if name == "value" else self.inverse(data, places)
        return self.steps.expect(place, wanted)

    def number(self, value: Exact) -> Poly:
        return self.kernel.number(coefficient(value))

    def minus(self, a: Poly, b: Poly) -> Poly:
        return self.kernel.minus(a, b)

    def circle(self, node: Node, form: Any, places: list[int]) -> int:
        """``cos**2 + sin**2 = 1``: the cosine of the difference of an angle and itself."""
        angle = self.builder.poly(form)
        return self.steps.addition("cos", {}, angle, -1, angle)

    def tangent(self, node: Node, form: Any, places: list[int]) -> int:
        return self.quotient(self.builder.poly(form))

    def quotient(self, angle: Poly) -> int:
        """``tan * cos = sin``."""
        ((mono, _),) = self.kernel.trig("tan", angle).items()
        return self.builder.define(mono[0])

    # Known angles ---------------------------------------------------------------------------

    def value(self, data: Any, places: list[int], wanted: Poly) -> int:
        """A function of an angle that is known."""
        name, form, angle = data
        here, there = self.builder.poly(form), self.number(angle)
        known, step = self.constant(angle, name), places[0] if places else 0
        found: Values = {}
        for part in ("cos", "sin"):
            if name in (part, "tan"):
                place = self.steps.addition(part, here, there, 1, {}, step)
                found[part] = self.steps.combine(
                    [(ONE, place), (ONE, known[part])] if known[part] else [(ONE, place)]
                )
        return found[name] if name != "tan" else self.tangent_of(here, found, wanted)

    def tangent_of(self, angle: Poly, known: Values, wanted: Poly) -> int:
        """``tan - number`` from the facts of cosine and sine."""
        tangent = self.kernel.trig("tan", angle)
        parts = [(ONE, self.quotient(angle)), (self.minus({}, tangent), known["cos"]), (ONE, known["sin"])]
        cosine = self.minus(self.kernel.trig("cos", angle), self.steps.fact(known["cos"]))
        return self.steps.divide(parts, [(cosine, "")], wanted)

    def constant(self, angle: Exact, name: str) -> Values:
        """Cosine and sine of rational degrees plus parts of arc cosines, arc cosine by arc cosine."""
        parts = [(atoms[0], q) for (_, _, _, atoms), q in angle.num.items() if atoms]
        rest = {key: q for key, q in angle.num.items() if not key[3]}
        degrees = Exact(rest).as_fraction()
        if degrees is None or any(atom.kind != "acos" for atom, _ in parts):
            raise NoWitness("an angle that is not a combination of arc cosines")
        if name == "cos" and not degrees and [factor for _, factor in parts] == [1]:
            return {"cos": 0}  # what an arc cosine is
        form: Poly = {(): degrees} if degrees else {}
        values = {"cos": Exact(cosine_terms(degrees)), "sin": Exact(cosine_terms(90 - degrees))}
        places: Values = {"cos": 0, "sin": 0}
        for atom, factor in parts:
            other, known, numbers = self.part(atom, int(factor.q))
            sign = 1 if factor > 0 else -1
            for _ in range(abs(int(factor.p))):
                form, values, places = self.turn(form, values, places, other, known, numbers, sign)
        return places

    def turn(
        self,
        form: Poly,
        values: dict[str, Exact],
        places: Values,
        other: Poly,
        known: Values,
        numbers: dict[str, Exact],
        sign: int,
    ) -> tuple[Poly, dict[str, Exact], Values]:
        """Cosine and sine of ``form + sign * other``."""
        if not form and sign > 0:
            return other, numbers, known
        trig, found = self.kernel.trig, Values()
        total = self.kernel.minus(form, other, -sign)
        cosine = values["cos"] * numbers["cos"] - values["sin"] * numbers["sin"] * sign
        sine = values["sin"] * numbers["cos"] + values["cos"] * numbers["sin"] * sign
        together = {"cos": cosine, "sin": sine}
        for name in ("cos", "sin"):
            place = self.steps.addition(name, total, other, sign, form)
            for angle, facts in ((other, known), (form, places)):
                for part in ("cos", "sin"):
                    place = self.steps.replace(place, trig(part, angle), facts[part])
            wanted = self.minus(trig(name, total), self.number(together[name]))
            found[name] = self.steps.expect(place, wanted) if wanted else 0
        return total, together, found

    def part(self, atom: Atom, bottom: int) -> tuple[Poly, Values, dict[str, Exact]]:
        """Cosine and sine of an arc cosine, halved until it is that part of itself."""
        angle: Poly = {self.kernel.atom(atom): 1}
        values = {"cos": atom.square, "sin": sqrt(NUMBER_ONE - atom.square * atom.square)}
        places: Values = {"cos": 0}
        if bottom == 1:
            places["sin"] = self.root("sin", angle, -1, [self.circle_of(angle)], values["sin"])
        while bottom > 1:
            cosine = values["cos"]
            half = self.kernel.combine([(plain(fmpq(1, 2)), (), angle)])
            double = self.steps.addition("cos", angle, half, 1, half)
            circle = self.circle_of(half)
            values = {name: sqrt((1 + cosine * sign) / 2) for name, sign in (("cos", 1), ("sin", -1))}
            places = {
                name: self.root(name, half, sign, [double, circle], values[name], places["cos"])
                for name, sign in (("cos", -1), ("sin", 1))
                if name == "cos" or bottom == 2
            }
            angle, bottom = half, bottom // 2
        return angle, places, values

    def circle_of(self, angle: Poly) -> int:
        return self.steps.addition("cos", {}, angle, -1, angle)

    def root(self, name: str, angle: Poly, sign: int, facts: list[int], value: Exact, known: int = 0) -> int:
        """A positive cosine or sine from its square, which the circle (and a double angle) tells."""
        own, number = self.kernel.trig(name, angle), self.number(value)
        if not self.steps.prove(own):
            raise NoWitness("a function of unknown sign")
        if len(facts) == 1:
            parts: list[Part] = [({(): -1}, facts[0])]
        else:
            half = plain(fmpq(sign, 2))
            parts = [({(): half}, facts[0]), ({(): -half if name == "sin" else half}, facts[1])]
            parts += [({(): -half}, known)] if known else []
        return self.steps.divide(parts, [(self.kernel.minus(own, number, -1), "")], self.minus(own, number))

    # Angles from their functions --------------------------------------------------------------

    def inverse(self, data: Any, places: list[int]) -> int:
        """The angle below a full turn with a known sine, cosine or tangent."""
        name, form, angle, _ = data
        here, there = self.builder.poly(form), self.number(angle)
        known = self.constant(angle, name)
        own, value = self.kernel.trig(name, here), self.steps.fact(places[0])
        if name == "tan":
            target = self.minus(self.kernel.trig("tan", there), self.minus(own, value))
            known["tan"] = self.tangent_of(there, self.facts_of(there, known), target)
        fixed = self.minus(self.kernel.trig(name, there), self.minus(own, value))
        parts = [(ONE, places[0])] + ([({(): -1}, known[name])] if known[name] else [])
        gap = self.steps.combine(parts, self.minus(value, fixed) if known[name] else None)
        return self.divided(name, here, there, gap, ())

    def facts_of(self, angle: Poly, known: Values) -> Values:
        """Facts that tell cosine and sine, also where these are numbers anyway."""
        return known

    def divided(self, name: str, a: Poly, b: Poly, gap: int, hints: tuple[int, ...]) -> int:
        """``a - b = 0`` from equal functions: the other angles with that function are excluded."""
        for angle in (a, b):
            if not (self.steps.prove(angle) and self.steps.prove(self.minus({(): 360}, angle))):
                raise NoWitness("an angle that may exceed a full turn")
        place = self.steps.emit(
            "angles", name=name, angles=[data_of(a), data_of(b)], **({"step": gap} if gap else {})
        )
        form = self.minus(a, b) if name == "tan" else self.kernel.minus(a, b, -1)
        turns = {"cos": (360,), "sin": (180, 540), "tan": (180, -180)}[name]
        factors, power = [], 1
        for turn in turns:
            factor = self.minus(form, {(): turn})
            if factor == self.minus(a, b):
                power += 1  # an angle that is its own supplement
            elif not factor or factor == self.minus(b, a):
                raise NoWitness("an angle that is its own supplement")
            else:
                factors.append(self.builder.other(factor, hints))
        return self.steps.divide([(ONE, place)], factors, self.minus(a, b), power)

    def equal(self, node: Node, data: Any, places: list[int]) -> int:
        """Equal functions of two angles below 180 degrees."""
        name, one, other, gap, _, total = data
        place = dict(zip(map(id, node.parents), places, strict=True))
        (_, first), (_, second) = (self.builder.formula(v) for v in (one, other))
        hints = () if total is None else (place[id(total)],)
        values = self.minus(self.kernel.trig(name, first), self.kernel.trig(name, second))
        found = 0 if gap is None else self.steps.expect(place[id(gap)], values)
        return self.divided(name, first, second, found, hints)

    # Angles that are tied -----------------------------------------------------------------------

    def shift(self, data: Any, step: int, wanted: Poly) -> int:
        """``one = factor * other + degrees``."""
        name, one, other, factor, degrees = data
        a, b = self.builder.poly(one), self.builder.poly(other)
        c: Poly = {(): degrees} if degrees else {}
        if name == "tan":
            return self.tangents(a, b, factor, c, step, wanted)
        if factor != 2:
            return self.steps.addition(name, a, b, factor, c, step)
        place, double = self.double(name, a, b, c, step)
        circle = self.circle_of(b)
        # The square of the sine goes: its coefficient says how often.
        ((sine, _),) = self.kernel.trig("sin", b).items()
        count = self.steps.fact(place).get(sine * 2, 0)
        return self.steps.combine([(ONE, place), ({(): count}, circle)]) if count else place

    def double(self, name: str, a: Poly, b: Poly, c: Poly, step: int) -> tuple[int, Poly]:
        """A function of ``a = 2 * b + c`` by those of ``b``."""
        twice = self.kernel.combine([(2, (), b)])
        if not c:
            return self.steps.addition(name, a, b, 1, b, step), twice
        place = self.steps.addition(name, a, twice, 1, c, step)
        for part in ("cos", "sin"):
            own = self.kernel.trig(part, twice)
            if any(set(mono) & set(next(iter(own))) for mono in self.steps.fact(place)):
                place = self.steps.replace(place, own, self.steps.addition(part, twice, b, 1, b))
        return place, twice

    def tangents(self, a: Poly, b: Poly, factor: int, c: Poly, step: int, wanted: Poly) -> int:
        """Tangents of ``a = factor * b + c``, with ``c`` a multiple of 90 degrees."""
        trig, times = self.kernel.trig, self.kernel.times
        one, two = self.quotient(a), self.quotient(b)
        cosine, sine = (self.steps.addition(name, a, b, factor, c, step) for name in ("cos", "sin"))
        tan_b, cos_a, cos_b = trig("tan", b), trig("cos", a), trig("cos", b)
        turned = trig("cos", c)
        if turned:  # (tan a - f tan b) cos a
            e = turned[()]
            parts: list[Part] = [
                (ONE, one),
                (ONE, sine),
                (times({(): -factor}, tan_b), cosine),
                ({(): -factor * e}, two),
            ]
            return self.steps.divide(parts, [(cos_a, "")], wanted)
        parts = [(times(tan_b, cos_b), one), (trig("sin", a), two), (trig("sin", b), sine)]
        parts.append((times({(): factor}, cos_b), cosine))  # (tan a tan b + f) cos a cos b
        return self.steps.divide(parts, [(cos_a, ""), (cos_b, "")], wanted)
