"""Relations between constants that the checker does not apply by itself, written out as steps.

Products of cosines (square roots of 2, 3 and 5 are multiples of cosines too) become sums by the addition
formula.  What is linear in cosines then is zero because of the sums over thirds and fifths of a full turn:
``cos t = cos(60 + t) + cos(60 - t)`` and ``cos t + cos(72 + t) + cos(72 - t) = cos(36 + t) + cos(36 - t)``.
These span all linear relations between cosines of angles whose denominators (of a turn) have the primes 2, 3
and 5 alone (Conway and Jones 1976), and linear algebra finds the combination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from flint import fmpq, fmpq_mat

from fgps.algebra.witness_data import NoWitness, plain
from fgps.check.polynomials import ONE, Mono, Poly

if TYPE_CHECKING:
    from fgps.algebra.witness_steps import Part, Steps

#: Relations that are applied to one combination, at most.
_MAX_RELATIONS: Final = 2000
#: Square root -> an angle whose cosine is a multiple of it, up to a rational number.
_ROOTS: Final = {2: 45, 3: 30, 5: 36}
#: Angles with one residue modulo so many degrees, up to sign, are tied by relations.
_STRIDE: Final = 12


class Constants:
    """Shows, on the steps of one witness, that sums of constants (times anything) are zero."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.kernel = steps, steps.kernel
        self._waves_at: dict[tuple[Fraction | int, Fraction | int], int] = {}
        self._fifths_at: dict[Fraction | int, int] = {}
        self._defined: dict[int, int] = {}

    def settle(self, left: Poly) -> list[Part]:
        """Parts that, added to a combination, remove what is left of it.  `NoWitness` if that fails."""
        parts: list[Part] = []
        left = self._reduced(left, parts)
        groups: dict[Mono, Poly] = {}
        for mono, value in left.items():
            waves = tuple(v for v in mono if self._angle(v) is not None)
            other = tuple(v for v in mono if self._angle(v) is None)
            groups.setdefault(other, {})[waves] = value
        for other, number in groups.items():
            parts += [({other: factor}, place) for factor, place in self._combination(number)]
        return parts

    def cleared(self, left: Poly) -> tuple[list[Poly], list[Part]] | None:
        """Denominators to multiply ``left`` with, and parts that then free it of quotients, if it has any."""
        kernel = self.kernel
        quotients = {v for mono in left for v in mono if v in kernel.constants}
        found = [v for v in quotients if kernel.formulas[v][0] == "quotient"]
        if not found:
            return None
        v = max(found)
        below, above = kernel.formulas[v][1][1], kernel.formulas[v][1][0]
        power = max(mono.count(v) for mono in left)
        cofactor: Poly = {}
        product = kernel.times({(v,): 1}, below)
        for count in range(1, power + 1):
            part = {mono: q for mono, q in left.items() if mono.count(v) == count}
            rest: Poly = {tuple(w for w in mono if w != v): q for mono, q in part.items()}
            # (v * below)**k - above**k, divided by v * below - above
            ladder = kernel.combine(
                (1, (), kernel.times(*[product] * k, *[above] * (count - 1 - k))) for k in range(count)
            )
            cofactor = kernel.minus(cofactor, kernel.times(rest, ladder, *[below] * (power - count)))
        return [below] * power, [(cofactor, self._definition(v))]

    # ----------------------------------------------------------------------------------------

    def _angle(self, v: int) -> Fraction | int | None:
        """The angle of a cosine, or of the cosine that a square root is a multiple of."""
        name, polys = self.kernel.formulas[v]
        if v not in self.kernel.constants or name not in ("cos", "root") or set(polys[0]) != {()}:
            return None
        number = polys[0][()]
        return number if name == "cos" else _ROOTS.get(int(number)) if number in _ROOTS else None

    def _reduced(self, left: Poly, parts: list[Part]) -> Poly:
        """What is left, with products of cosines made sums; the parts that this takes are added."""
        for _ in range(_MAX_RELATIONS):
            found = next(filter(None, map(self._product, left)), None)
            if found is None:
                return left
            mono, lead, place = found
            fact = self.steps.fact(place)
            rest = list(mono)
            for v in lead:
                rest.remove(v)
            factor: Poly = {tuple(rest): -Fraction(left[mono]) / Fraction(fact[lead])}
            parts.append((factor, place))
            left = self.kernel.combine([(1, (), left), (1, (), self.kernel.times(factor, fact))])
        raise NoWitness("a relation between constants")

    def _product(self, mono: Mono) -> tuple[Mono, Mono, int] | None:
        """A relation whose leading monomial divides this one."""
        constants, formulas = self.kernel.constants, self.kernel.formulas
        for v in mono:
            if v in constants and formulas[v][0] == "quotient":
                lead = tuple(sorted((*max(formulas[v][1][1], key=lambda m: (len(m), m)), v)))
                if all(lead.count(w) <= mono.count(w) for w in lead):
                    return mono, lead, self._definition(v)
        waves = [(angle, v) for v in mono if (angle := self._angle(v)) is not None]
        if len(waves) < 2 or [angle for angle, _ in sorted(waves)] == [30, 45]:
            return None  # the product of the square roots of 2 and 3 stands for cosines of 15 and 75
        # A square root of 5 first: with any other it makes cosines that are no roots.
        (a, v), (b, w), *_ = sorted(waves, key=lambda wave: ((36, 0, 45, 30).index(_kind(wave[0])), wave))
        return mono, (v, w) if v <= w else (w, v), self._waves(a, b)

    def _definition(self, v: int) -> int:
        if v not in self._defined:
            self._defined[v] = self.steps.emit("define", variable=v, how="")
        return self._defined[v]

    def _waves(self, a: Fraction | int, b: Fraction | int) -> int:
        """2 cos a cos b = cos(a + b) + cos(a - b)"""
        if a < b:
            a, b = b, a
        if (a, b) not in self._waves_at:
            one = self.steps.addition("cos", {(): a + b}, {(): a}, 1, {(): b})
            two = self.steps.addition("cos", {(): a - b} if a != b else {}, {(): b}, -1, {(): a})
            self._waves_at[a, b] = self.steps.combine([(ONE, one), (ONE, two)])
        return self._waves_at[a, b]

    def _turn(self, parts: int, t: Fraction | int) -> int:
        """The cosines of a full turn's thirds or fifths, turned by ``t`` degrees, add up to nothing."""
        if parts == 3:
            return self._waves(60, t)
        if t not in self._fifths_at:
            one, two = self._waves(36, t), self._waves(72, t)
            self._fifths_at[t] = self.steps.combine([(ONE, one), ({(): -1}, two)])
        return self._fifths_at[t]

    # Linear relations -----------------------------------------------------------------------

    def _combination(self, number: Poly) -> Iterator[tuple[Fraction | int, int]]:
        """A sum of cosines and square roots as a combination of relations: factors and places of facts."""
        if not number:
            return
        residues: set[Fraction | int] = set()
        for mono in number:
            for v in mono:
                angle = self._angle(v)
                assert angle is not None
                residues.add(min(angle % _STRIDE, -angle % _STRIDE))
        places = list(dict.fromkeys(place for t in sorted(residues) for place in self._relations(t)))
        facts = [self.steps.fact(place) for place in places]
        rows = list(dict.fromkeys(mono for poly in (number, *facts) for mono in poly))
        found = _solution(rows, facts, number)
        if found is None:
            raise NoWitness("a relation between constants")
        for factor, place in zip(found, places, strict=True):
            if factor:
                yield plain(-factor), place

    def _relations(self, residue: Fraction | int) -> Iterator[int]:
        """All relations between cosines of angles with one residue, up to sign."""
        angles = sorted(
            {
                angle
                for k in range(90 // _STRIDE + 1)
                for angle in (_STRIDE * k + residue, _STRIDE * k - residue)
                if 0 <= angle <= 90
            }
        )
        for t in angles:
            if 0 < t <= 30:
                yield self._turn(3, t)
        for t in angles:
            if 0 < t <= 18:
                yield self._turn(5, t)


def _kind(angle: Fraction | int) -> int:
    """The angle, if its cosine is a multiple of a square root; else 0."""
    return int(angle) if angle in _ROOTS.values() else 0


def _solution(rows: Sequence[Mono], facts: Sequence[Poly], wanted: Poly) -> list[fmpq] | None:
    """Factors with which the facts add up to what is wanted (free ones are zero)."""
    width = len(facts)
    entries = [_flint(poly.get(mono, 0)) for mono in rows for poly in (*facts, wanted)]
    reduced, rank = fmpq_mat(len(rows), width + 1, entries).rref()
    found = [fmpq(0)] * width
    for row in range(rank):
        column = next(k for k in range(width + 1) if reduced[row, k])
        if column == width:
            return None
        found[column] = reduced[row, width]
    return found


def _flint(value: Fraction | int) -> fmpq:
    return fmpq(value.numerator, value.denominator)
