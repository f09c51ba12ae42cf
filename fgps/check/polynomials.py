"""Polynomials over the rational numbers in the variables of a certificate: ints and Fractions alone.

An irrational constant is a variable like any other: it has a rule for its square and an enclosure for signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction as Q
from itertools import combinations
from math import acos, degrees, isqrt
from typing import Any

Mono = tuple[int, ...]  # variables in increasing order, with repetition
Poly = dict[Mono, Q | int]

ONE: Poly = {(): 1}
#: Longer numbers are refused, and so is a proof whose products have more terms.
RATIONAL = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")
MAX_WORK = 400_000
#: The first 95 decimals of pi.
PI = Q("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211")
#: Cosines of degrees: a rational factor for each product of square roots.
COSINES: dict[int, Poly] = {
    0: {(): 1},
    15: {(2, 3): Q(1, 4), (2,): Q(1, 4)},
    30: {(3,): Q(1, 2)},
    45: {(2,): Q(1, 2)},
    36: {(): Q(1, 4), (5,): Q(1, 4)},
    60: {(): Q(1, 2)},
    72: {(): Q(-1, 4), (5,): Q(1, 4)},
    75: {(2, 3): Q(1, 4), (2,): Q(-1, 4)},
    90: {},
}
#: What a variable may be defined as, and by how many polynomials.
FORMULAS = {"pi": 0, "root": 1, "quotient": 2, "acos": 1, "sin": 1, "cos": 1, "tan": 1}
#: Those that are numbers if they are made of numbers (a cosine is one in normal form).
REAL = ("pi", "root", "quotient")


class Refused(Exception):
    """The certificate does not prove the claim; the text says why."""


def need(condition: object, why: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Refused(why)


def rational(text: Any) -> Q | int:
    """A rational number written as ``-3/4``; nothing else, so that no text is costly to read."""
    need(isinstance(text, str) and RATIONAL.fullmatch(text), "malformed number")
    return Q(text) if "/" in text else int(text)


def whole(value: Any, low: int, high: int) -> int:
    """An int (and no bool) within bounds."""
    need(type(value) is int and low <= value <= high, "malformed number")
    return int(value)


def cos_span(degrees: Q | int, bits: int) -> tuple[Q, Q]:
    """Taylor series for degrees in [0, 90], in integers: each step errs by less than three units of
    2**-(bits + 16), and there are fewer than ``bits`` steps, far below the margin of 2**-bits."""
    shift = bits + 16
    x = int(PI / 180 * degrees * (1 << shift))
    square = x * x >> shift
    total = term = 1 << shift
    k = 0
    while abs(term) > 1:
        term = -(term * square >> shift) // ((k + 1) * (k + 2))
        total, k = total + term, k + 2
    return Q(total - (1 << 16), 1 << shift), Q(total + (1 << 16), 1 << shift)


class Polynomials:
    """The variables of one certificate and the arithmetic of polynomials over them."""

    def __init__(self) -> None:
        #: By variable: the kind of a quantity, or a formula with the polynomials that it is made of.
        self.formulas: list[tuple[str, tuple[Poly, ...]]] = []
        #: Variables that are numbers, and products of two of them that are replaced (squares, inverses).
        self.constants: set[int] = set()
        self.pairs: dict[Mono, Poly] = {}
        #: What is positive by definition: variables, and other polynomials.
        self.positive: set[int] = set()
        self.bounds: list[Poly] = []
        #: Tangents that the problem speaks of.
        self.defined: set[int] = set()
        self.work = 0

    def quantity(self, kind: str) -> int:
        """A new variable for a quantity of the figure or a free symbol; all but symbols are positive."""
        v = len(self.formulas)
        self.formulas.append((kind, ()))
        self.positive |= {v} if kind != "free" else set()
        self.bounds += [{(): 360, (v,): -1}] if kind == "angle" else []
        return v

    def define(self, name: str, *polys: Poly) -> int:
        """A new variable that is a formula of earlier ones; a constant must be positive."""
        v = len(self.formulas)
        need(FORMULAS.get(name) == len(polys), "unknown formula")
        self.formulas.append((name, polys))
        if name == "acos":
            need(self.above(polys[0]) and self.above(self.minus(ONE, polys[0])), "no acute angle")
            low, high = self.span(polys[0], 60)
            guess = int(degrees(acos(min(float(low), 1.0))))  # whole degrees, if that can be seen
            fits = guess and cos_span(guess, 60)[0] > high and cos_span(guess + 1, 60)[1] < low
            self.positive.add(v)
            self.bounds.append({(): guess + 1 if fits else 90, (v,): -1})
            self.bounds.append({(v,): 1, (): -guess if fits else 1})
        elif set(*polys) == {()} if name == "cos" else name in REAL and all(map(self.constant, polys)):
            need(all(map(self.above, polys)) and (name != "cos" or polys[0][()] < 90), f"no such {name}")
            self.constants.add(v)
            self.positive.add(v)
            if name == "root":
                self.pairs[v, v] = polys[0]
            elif name == "quotient" and polys[0] == ONE and self.single(polys[1]) is not None:
                self.pairs[(*next(iter(polys[1])), v)] = ONE
        return v

    def single(self, poly: Poly) -> int | None:
        """The variable that a polynomial consists of."""
        ((mono, factor),) = poly.items() if len(poly) == 1 else [((), 0)]
        return mono[0] if factor == 1 and len(mono) == 1 else None

    def formula(self, name: str, *polys: Poly) -> Poly:
        """The variable that the certificate defines so."""
        need((name, polys) in self.formulas, f"the certificate defines no such {name}")
        return {(self.formulas.index((name, polys)),): 1}

    def trig(self, name: str, form: Poly) -> Poly:
        """Cosine or sine (or tangent) of an angle in degrees."""
        v = self.single(form)
        if name == "cos" and v is not None and self.formulas[v][0] == "acos":
            return self.formulas[v][1][0]
        if name == "tan" or set(form) - {()}:
            return self.formula(name, form)
        angle = abs(Q(form.get((), 0)) - (90 if name == "sin" else 0)) % 360
        angle = min(angle, 360 - angle)
        sign, angle = (-1, 180 - angle) if angle > 90 else (1, angle)
        if angle not in COSINES:
            return self.minus({}, self.formula("cos", {(): angle}), -sign)
        roots = {n: self.formula("root", {(): n}) for row in COSINES[int(angle)] for n in row}
        return self.combine(
            (sign * q, (), self.times(*(roots[n] for n in row))) for row, q in COSINES[int(angle)].items()
        )

    # Arithmetic -----------------------------------------------------------------------------

    def mono(self, data: Any) -> Mono:
        """A product of variables of a certificate."""
        return tuple(sorted(whole(v, 0, len(self.formulas) - 1) for v in data))

    def poly(self, data: Any) -> Poly:
        """A polynomial of a certificate: ``[["3/4", [variables]], ...]``."""
        return self.combine((rational(value), self.mono(variables), ONE) for value, variables in data)

    def combine(self, parts: Iterable[tuple[Q | int, Mono, Poly]]) -> Poly:
        """The sum of number * monomial * polynomial."""
        total: Poly = {}
        for factor, mono, poly in parts:
            for other, value in poly.items():
                self.put(total, tuple(sorted(mono + other)) if mono else other, factor * value)
        return total

    def put(self, total: Poly, mono: Mono, value: Q | int) -> None:
        """Add a term to a sum."""
        self.work += 1 + (value.numerator.bit_length() + value.denominator.bit_length() >> 8)
        need(self.work < MAX_WORK and len(mono) < 99, "too much arithmetic")
        for pair in combinations([v for v in mono if v in self.constants], 2):
            if pair in self.pairs:
                rest = list(mono)
                rest.remove(pair[0])
                rest.remove(pair[1])
                for other, factor in self.pairs[pair].items():
                    self.put(total, tuple(sorted((*rest, *other))), value * factor)
                return
        total[mono] = total.get(mono, 0) + value
        if not total[mono]:
            del total[mono]

    def times(self, *polys: Poly) -> Poly:
        """The product."""
        total = ONE
        for poly in polys:
            total = poly if total == ONE else self.combine((q, mono, poly) for mono, q in total.items())
        return total

    def minus(self, a: Poly, b: Poly, scale: Q | int = 1) -> Poly:
        """``a - scale * b``."""
        return self.combine([(1, (), a), (-scale, (), b)])

    # Numbers --------------------------------------------------------------------------------

    def constant(self, poly: Poly) -> bool:
        """Whether the polynomial is a number."""
        return all(v in self.constants for mono in poly for v in mono)

    def above(self, number: Poly) -> bool:
        """Whether a number is known to be positive."""
        if not number or not self.constant(number) or max(number.values()) < 0:
            return False
        return min(number.values()) > 0 or any(self.span(number, bits)[0] > 0 for bits in (40, 100, 200))

    def span(self, number: Poly, bits: int) -> tuple[Q, Q]:
        """A rational enclosure."""
        low = high = Q(0)
        for mono, value in number.items():
            a = b = Q(value)
            for v in mono:
                ends = self.enclosure(v, bits)
                a, b = (a * ends[0], b * ends[1]) if value > 0 else (a * ends[1], b * ends[0])
            low, high = low + a, high + b
        return low, high

    def enclosure(self, v: int, bits: int) -> tuple[Q, Q]:
        """A rational enclosure of a constant; the lower end is not negative."""
        self.work += bits
        need(v in self.constants and self.work < MAX_WORK and bits < 260, "not a constant")
        name, polys = self.formulas[v]
        if name in ("pi", "cos"):
            low, high = (PI, PI + Q(1, 10**95)) if name == "pi" else cos_span(polys[0][()], bits)
        elif name == "root":
            low, high = (max(end, Q(0)) * 4**bits for end in self.span(polys[0], bits + 8))
            low, high = Q(isqrt(int(low)), 1 << bits), Q(isqrt(int(high) + 1) + 1, 1 << bits)
        else:
            (low, high), (c, d) = (self.span(poly, bits + 8) for poly in polys)
            need(c > 0, "a division by zero")
            low, high = low / d, high / c
        return max(low, Q(0)), high
