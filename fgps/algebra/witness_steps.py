"""Writing the steps of a witness: each is tried on the checker's own rules when it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from fgps.algebra.witness_constants import Constants
from fgps.algebra.witness_data import Json, Kernel, NoWitness, data_of
from fgps.check.polynomials import ONE, Mono, Poly, Refused

#: A polynomial and the step that it multiplies.
Part = tuple[Poly, int]
#: Denominators that an equation is multiplied with, one after the other, at most.
_MAX_CLEARED = 8


class Steps:
    """The steps so far; a place is the number of a step, counted from 1 (0: the fact ``0 = 0``)."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.steps: list[Json] = []
        self._constants = Constants(self)

    def emit(self, rule: str, **data: Any) -> int:
        """Write one step; `NoWitness` if the checker refuses it."""
        step = {"rule": rule, **data}
        try:
            self.kernel.step(step)
        except Refused as reason:
            raise NoWitness(f"{rule}: {reason}") from None
        self.steps.append(step)
        return len(self.steps)

    def fact(self, place: int) -> Poly:
        """What a step proves to be zero."""
        return self.kernel.facts[place]

    def total(self, parts: Iterable[Part]) -> Poly:
        """The combination of facts."""
        kernel = self.kernel
        return kernel.combine((1, (), kernel.times(factor, self.fact(place))) for factor, place in parts)

    def combine(self, parts: Sequence[Part], wanted: Poly | None = None) -> int:
        """A combination of facts, which must come to ``wanted`` if that is given."""
        if wanted is not None:
            try:
                parts = [*parts, *self._constants.settle(self.kernel.minus(self.total(parts), wanted))]
            except NoWitness:
                return self.divide(parts, [], wanted)
        parts = [part for part in parts if part[0]]
        if len(parts) == 1 and parts[0][0] == ONE:
            return parts[0][1]
        return self.emit("combine", parts=_written(parts))

    def expect(self, place: int, wanted: Poly) -> int:
        """The fact of a step in the form that is wanted."""
        fact = self.fact(place)
        if fact == wanted:
            return place
        for mono, value in fact.items():
            if mono in wanted and set(mono) - self.kernel.constants:
                ratio = Fraction(wanted[mono]) / Fraction(value)
                return self.combine([({(): ratio}, place)], wanted)
        return self.combine([(ONE, place)], wanted)

    def divide(
        self, parts: Sequence[Part], factors: Sequence[tuple[Poly, str]], result: Poly, power: int = 1
    ) -> int:
        """``result`` from a combination that is its power times ``factors``, which are not zero."""
        kernel = self.kernel
        product = kernel.times(*(factor for factor, _ in factors), *[result] * power)
        left = kernel.minus(self.total(parts), product)
        for attempt in range(_MAX_CLEARED + 1):
            try:
                parts = [*parts, *self._constants.settle(left)]
                break
            except NoWitness:
                cleared = self._constants.cleared(left)
                if attempt == _MAX_CLEARED or cleared is None:
                    raise
                below, more = cleared
                parts = [*((kernel.times(factor, *below), place) for factor, place in parts), *more]
                factors = [*factors, *((part, "") for part in below)]
                left = kernel.minus(kernel.times(left, *below), self.total(more), -1)
        written = [[data_of(factor), how] for factor, how in factors]
        return self.emit(
            "combine", parts=_written(parts), result=data_of(result), power=power, factors=written
        )

    def replace(self, place: int, variable: Poly, value: int) -> int:
        """The fact with a variable replaced by its value; ``value`` proves ``variable - value = 0``."""
        if value == 0 or len(variable) != 1:
            return place
        kernel = self.kernel
        (((v,), _),) = variable.items()
        known = kernel.minus(variable, self.fact(value))
        cofactor: Poly = {}
        for mono, factor in self.fact(place).items():
            rest = tuple(w for w in mono if w != v)
            count = len(mono) - len(rest)
            for k in range(count):
                term = kernel.times({rest: factor}, *[variable] * k, *[known] * (count - 1 - k))
                cofactor = kernel.minus(cofactor, term)
        return self.combine([(ONE, place), (cofactor, value)]) if cofactor else place

    def addition(self, name: str, a: Poly, b: Poly, sign: int, c: Poly, place: int = 0) -> int:
        """The addition formula for ``a = sign * b + c``."""
        angles = [data_of(angle) for angle in (a, b, c)]
        return self.emit("sum", name=name, angles=angles, sign=sign, **({"step": place} if place else {}))

    # Signs ----------------------------------------------------------------------------------

    def prove(self, poly: Poly, hints: Sequence[int] = ()) -> bool:
        """Show that a polynomial is positive, if that can be seen; facts in ``hints`` may be added to it."""
        kernel = self.kernel
        if kernel.sure(poly):
            return True
        ((mono, value),) = list(poly.items()) if len(poly) == 1 else [((), 0)]
        if len(mono) == 1 and value == 1 and self._sine(mono[0]):
            return True
        for place in (0, *hints):
            fact = self.fact(place)
            factors = {Fraction(1), Fraction(-1)} | {
                Fraction(poly[m]) / Fraction(q) * -1 for m, q in fact.items() if m in poly
            }
            for factor in sorted(factors) if place else [Fraction(0)]:
                other = kernel.minus(poly, fact, -factor)
                parts: list[Part] = [({(): -factor}, place)] if place else []
                if kernel.sure(other):
                    self._positive(poly, parts, [(Fraction(1), other)])
                    return True
                found = Intervals(self).lowest(other)
                if found is not None:
                    self._positive(poly, [*parts, *found[0]], found[1])
                    return True
        return False

    def _positive(self, poly: Poly, parts: Sequence[Part], summands: Sequence[tuple[Fraction, Poly]]) -> None:
        written = [[str(q), data_of(part), 1] for q, part in summands]
        self.emit("positive", poly=data_of(poly), parts=_written(parts), sum=written)

    def _sine(self, v: int) -> bool:
        """A function that is positive because of its angle."""
        name, polys = self.kernel.formulas[v]
        limit = {"sin": 180, "cos": 90, "tan": 90}.get(name)
        if limit is None or v in self.kernel.constants:
            return False
        if not (self.prove(polys[0]) and self.prove(self.kernel.minus({(): limit}, polys[0]))):
            return False
        self.emit("sine", variable=v)
        return True

    def no_real_root(self, poly: Poly, v: int) -> Poly:
        """A multiple of a quadratic polynomial that is shown to be a square and something positive."""
        kernel = self.kernel
        a, b, c = (
            {tuple(w for w in m if w != v): q for m, q in poly.items() if m.count(v) == e} for e in (2, 1, 0)
        )
        if not kernel.above(a):
            a, b, c, poly = (kernel.minus({}, p) for p in (a, b, c, poly))
        square = kernel.minus(kernel.times({(v,): 2}, a), b, -1)
        rest = kernel.minus(kernel.times({(): 4}, a, c), kernel.times(b, b))
        multiple = kernel.times({(): 4}, a, poly)
        written = [["1", data_of(square), 2], ["1", data_of(rest), 1]]
        self.emit("positive", poly=data_of(multiple), parts=[], sum=written)
        return multiple


def _written(parts: Iterable[Part]) -> list[Any]:
    return [[str(q), list(mono), place] for factor, place in parts for mono, q in factor.items()]


#: ``variable - low`` (or ``high - variable``) as a combination: facts by place, positive polynomials.
Bound = tuple[Fraction, dict[int, Fraction], dict[Any, Fraction]]


class Intervals:
    """Interval arithmetic on the linear facts of a witness; every bound remembers how it comes about."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.kernel = steps, steps.kernel
        self.low: dict[int, Bound] = {}
        self.high: dict[int, Bound] = {}

    def lowest(self, poly: Poly) -> tuple[list[Part], list[tuple[Fraction, Poly]]] | None:
        """A linear form as facts and positive summands; None where that does not show it positive."""
        kernel = self.kernel
        number = {mono: q for mono, q in poly.items() if kernel.constant({mono: 1})}
        form = {mono: q for mono, q in poly.items() if mono not in number}
        if not form or any(len(mono) > 1 for mono in form):
            return None
        self._propagate({v for (v,) in form})
        total = self._sum(Fraction(0), {mono[0]: Fraction(q) for mono, q in form.items()}, {}, 1)
        if total is None:
            return None
        rest = kernel.minus(number, {(): -total[0]} if total[0] else {})
        summands = [(q, dict(key)) for key, q in total[2].items()]
        if rest:
            if not kernel.above(rest):
                return None
            summands.append((Fraction(1), rest))
        return ([({(): q}, place) for place, q in total[1].items()], summands) if summands else None

    def _sum(
        self, start: Fraction, factors: dict[int, Fraction], facts: dict[int, Fraction], sign: int
    ) -> Bound | None:
        """The lower end of a linear form, or (``sign`` -1) the upper one."""
        value, used, signs = start, dict(facts), dict[Any, Fraction]()
        for v, factor in factors.items():
            bound = (self.low if factor * sign > 0 else self.high).get(v)
            if bound is None:
                return None
            value += factor * bound[0]
            for place, q in bound[1].items():
                used[place] = used.get(place, Fraction(0)) + abs(factor) * q
            for key, q in bound[2].items():
                signs[key] = signs.get(key, Fraction(0)) + abs(factor) * q
        return value, {place: q for place, q in used.items() if q}, signs

    def _start(self, wanted: set[int]) -> None:
        kernel = self.kernel
        for v in wanted & kernel.positive:
            self.low[v] = Fraction(0), {}, {(((v,), 1),): Fraction(1)}
        for poly in (*kernel.bounds, *kernel.shown):
            single = [mono for mono in poly if mono]
            if len(single) == 1 and len(single[0]) == 1 and single[0][0] in wanted:
                (v,), factor = single[0], Fraction(poly[single[0]])
                end = -Fraction(poly.get((), 0)) / factor
                table, better = (self.low, 1) if factor > 0 else (self.high, -1)
                if v not in table or (end - table[v][0]) * better > 0:
                    table[v] = end, {}, {tuple(sorted(poly.items())): 1 / abs(factor)}

    def _propagate(self, wanted: set[int]) -> None:
        lines = []
        for place, fact in enumerate(self.steps.kernel.facts):
            if (
                0 < len(fact) <= 12
                and all(len(mono) < 2 for mono in fact)
                and not self.kernel.constants & {v for m in fact for v in m}
            ):
                lines.append((place, fact))
        self._start(wanted | {v for _, fact in lines for mono in fact for v in mono})
        for _ in range(len(lines) + 3):
            moved = False
            for place, fact in lines:
                for mono in fact:
                    if mono:
                        moved |= self._tighten(place, fact, mono)
            if not moved:
                break

    def _tighten(self, place: int, fact: Poly, mono: Mono) -> bool:
        """Bounds of one variable by a linear fact."""
        v, lead = mono[0], Fraction(fact[mono])
        factors = {m[0]: -Fraction(q) / lead for m, q in fact.items() if m and m != mono}
        start = -Fraction(fact.get((), 0)) / lead
        moved = False
        for table, sign in ((self.low, 1), (self.high, -1)):
            found = self._sum(start, factors, {place: sign / lead}, sign)
            if found is not None and (v not in table or (found[0] - table[v][0]) * sign > 0):
                table[v], moved = found, True
        return moved
