"""The exact numbers of a certificate, with ints and Fractions alone: the arithmetic under `witness`.

A number is a quotient of two sums; a sum maps a key ``(n, h, c, atoms)``, which stands for
``sqrt(n) * pi**(h/2) * cos(c degrees) * product of atoms``, to its rational factor.
"""

from __future__ import annotations

import re
from fractions import Fraction as Q
from math import cos, gcd, isqrt, lcm, radians
from typing import Any

Sum = dict[Any, Q]  # {(n, h, c, atoms): q}: q * sqrt(n) * pi**(h/2) * cos(c degrees) * atoms
Number = tuple[Sum, Sum]  # a quotient of sums

#: degrees -> [(radicand, numerator, denominator)]
COSINES = {0: [(1, 1, 1)], 15: [(6, 1, 4), (2, 1, 4)], 30: [(3, 1, 2)], 36: [(1, 1, 4), (5, 1, 4)],
           45: [(2, 1, 2)], 60: [(1, 1, 2)], 72: [(1, -1, 4), (5, 1, 4)], 75: [(6, 1, 4), (2, -1, 4)],
           90: []}  # fmt: skip
ONE = (1, 0, 0, ())  # ints in keys: they are hashed much faster than Fractions
UNIT: Sum = {ONE: Q(1)}


#: Longer numbers are refused, and so is a proof whose products have more terms.
RATIONAL = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")
MAX_WORK = 400_000


class Refused(Exception):
    """The certificate does not prove the claim; the text says why."""


def need(condition: object, why: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Refused(why)


def rational(text: Any) -> Q:
    """A rational number written as ``-3/4``; nothing else, so that no text is costly to read."""
    need(isinstance(text, str) and RATIONAL.fullmatch(text), "malformed number")
    return Q(text)


def whole(value: Any, low: int, high: int) -> int:
    """An int (and no bool) within bounds."""
    need(type(value) is int and low <= value <= high, "malformed number")
    return int(value)


def of(value: Q | int) -> Number:
    """A rational number."""
    return ({ONE: Q(value)} if value else {}, UNIT)


def short(value: Q) -> Q | int:
    """A whole number as an int."""
    return int(value) if value.denominator == 1 else value


def cosine(degrees: Q) -> Sum:
    """cos of rational degrees; multiples of 15 and 36 as surds."""
    degrees = abs(degrees) % 360
    degrees = min(degrees, 360 - degrees)
    sign, degrees = (-1, 180 - degrees) if degrees > 90 else (1, degrees)
    if degrees in COSINES:
        return {(n, 0, 0, ()): Q(sign * a, b) for n, a, b in COSINES[int(degrees)]}
    return {(1, 0, short(degrees), ()): Q(sign)}


def plus(a: Sum, b: Sum, scale: Q = Q(1)) -> Sum:
    """``a + scale * b``."""
    if not a and scale == 1:
        return b
    total = dict(a)
    for key, value in b.items():
        total[key] = total.get(key, 0) + scale * value
    return {key: value for key, value in total.items() if value}


def reduced(num: Sum, den: Sum) -> Number:
    """The quotient; a rational denominator goes."""
    return ({key: value / den[ONE] for key, value in num.items()}, UNIT) if set(den) == {ONE} else (num, den)


def pi_span(bits: int) -> tuple[Q, Q]:
    """Machin's formula, in integers."""
    one, total = 1 << bits + 16, 0
    for factor, inverse in ((16, 5), (-4, 239)):
        term, k = factor * one // inverse, 1
        while abs(term) > 1:
            total += term // k if k % 4 == 1 else -(term // k)
            term, k = term // (inverse * inverse), k + 2
    return Q(total - 2**12, one), Q(total + 2**12, one)


def root_span(low: Q, high: Q, bits: int) -> tuple[Q, Q]:
    """Square roots, rounded outwards."""
    scale = 1 << bits
    return Q(isqrt(int(low * scale**2)), scale), Q(isqrt(int(high * scale**2) + 1) + 1, scale)


def cos_span(degrees: Q, bits: int) -> tuple[Q, Q]:
    """Taylor series for degrees in [0, 90], in integers: each step errs by less than three units of
    2**-(bits + 16), and there are fewer than ``bits`` steps, far below the margin of 2**-bits."""
    shift = bits + 16
    x = int(sum(pi_span(shift)) / 360 * degrees * (1 << shift))
    square = x * x >> shift
    total = term = 1 << shift
    k = 0
    while abs(term) > 1:
        term = -(term * square >> shift) // ((k + 1) * (k + 2))
        total, k = total + term, k + 2
    return Q(total - (1 << 16), 1 << shift), Q(total + (1 << 16), 1 << shift)


class Numbers:
    """Arithmetic of constants, with the atoms (nested square roots, arc cosines) that the witness defines."""

    def __init__(self, atoms: list[Any]) -> None:
        self.atoms: list[tuple[str, Sum]] = []
        self.work = 0
        for kind, inner in atoms:
            number = self.parse(inner)
            need(kind in ("root", "acos") and number[1] == UNIT and self.sign(number) > 0, "bad atom")
            need(kind == "root" or self.sign(self.add(number, of(-1))) < 0, "arc cosine beyond 1")
            self.atoms.append((kind, number[0]))

    def parse(self, data: Any) -> Number:
        """``"3/4"``, a list of terms ``["3/4", n, h, "c", [atoms]]``, or a pair of lists."""
        if isinstance(data, str):
            return of(rational(data))
        if isinstance(data, dict):
            return self.div(self.parse(data["num"]), self.parse(data["den"]))
        total: Sum = {}
        for value, n, h, degrees, atoms in data:
            whole(n, 1, 10**60), whole(h, -98, 98)
            need(0 <= rational(degrees) < 90, "malformed number")
            need(all(type(atom) is int and 0 <= atom < len(self.atoms) for atom in atoms), "unknown atom")
            root = {(n, 0, 0, ()): Q(1)} if all(n % d**2 for d in range(2, min(isqrt(n), 999) + 1)) else {}
            need(root and Q(degrees) not in list(COSINES)[1:], "not in normal form")
            total = plus(total, {(n, h, short(Q(degrees)), tuple(sorted(atoms))): rational(value)})
        return (total, UNIT)

    def times(self, a: Sum, b: Sum) -> Sum:
        """The product of sums: roots merge, cosines turn into sums, squares of nested roots reduce."""
        total: Sum = {}
        if len(b) == 1 and ONE in b:
            a, b = b, a
        if len(a) == 1 and ONE in a:
            factor = a[ONE]
            return b if factor == 1 else {key: value * factor for key, value in b.items()}
        self.work += len(a) * len(b)
        need(self.work < MAX_WORK, "too much arithmetic")
        for (n, h, c, s), u in a.items():
            for (m, g, d, t), v in b.items():
                both = plus(cosine(c + d), cosine(c - d)) if c and d else {(1, 0, c or d, ()): Q(2)}
                atoms, extra = sorted(s + t), UNIT
                for atom in set(s) & set(t):
                    if self.atoms[atom][0] == "root":
                        atoms = [x for x in atoms if x != atom]
                        extra = self.times(extra, self.atoms[atom][1])
                for (k, _, e, _), part in both.items():
                    r, common = n * m // gcd(n, m) ** 2, gcd(n, m)
                    key = (r * k // gcd(r, k) ** 2, h + g, e, tuple(atoms))
                    term = {key: u * v * part / 2 * common * gcd(r, k)}
                    total = plus(total, term if extra is UNIT else self.times(term, extra))
        return total

    def zero(self, a: Sum) -> bool:
        """Whether a sum of cosines vanishes: an algebraic integer that is smaller than its degree and its
        conjugates allow is zero."""
        if len(a) < 2 or all(not c for _, _, c, _ in a) or any(h or atoms for _, h, _, atoms in a):
            return not a
        if abs(sum(float(q) * n**0.5 * cos(radians(c)) for (n, _, c, _), q in a.items())) > 1e-6:
            return False
        scale = 2 * lcm(*[q.denominator for q in a.values()])  # 2 cos(c) and sqrt(n) are algebraic integers
        # All of them lie in the real part of one cyclotomic field, whose degree is phi(order) / 2.
        order = lcm(*[4 * n for n, _, _, _ in a], *[360 * c.denominator for _, _, c, _ in a])
        need(order < 100_000, "numbers too large to compare")
        degree = sum(gcd(k, order) == 1 for k in range(1, order)) // 2
        size = int(sum(abs(q) * scale * (isqrt(n) + 1) for (n, _, _, _), q in a.items())) + 1
        bits = degree * size.bit_length() + 64
        self.work += 20 * bits
        need(bits < 6_000 and self.work < MAX_WORK, "numbers too large to compare")
        low, high = self.span(a, bits)
        return bool(max(-low, high) * scale * size**degree < 1)

    def add(self, a: Number, b: Number) -> Number:
        if a[1] is b[1] or a[1] == b[1]:
            total = plus(a[0], b[0])
            return ({} if self.zero(total) else total, a[1])
        total = plus(self.times(a[0], b[1]), self.times(b[0], a[1]))
        return of(0) if self.zero(total) else reduced(total, self.times(a[1], b[1]))

    def mul(self, a: Number, b: Number) -> Number:
        if a[1] is UNIT and b[1] is UNIT:
            return (self.times(a[0], b[0]), UNIT)
        return reduced(self.times(a[0], b[0]), self.times(a[1], b[1]))

    def sub(self, a: Number, b: Number) -> Number:
        return self.add(a, self.mul(of(-1), b))

    def div(self, a: Number, b: Number) -> Number:
        need(self.sign(b), "division by zero")
        return reduced(self.times(a[0], b[1]), self.times(a[1], b[0]))

    def power(self, a: Number, exponent: int) -> Number:
        need(abs(exponent) < 500, "exponent out of bounds")
        base, result = (a if exponent > 0 else self.div(of(1), a)), of(1)
        for _ in range(abs(exponent)):
            result = self.mul(result, base)
        return result

    def sign(self, a: Number) -> int:
        """-1, 0 or 1 (0 only where the normal form is empty)."""
        for bits in (40, 100, 300):
            signs = [(low > 0) - (high < 0) for low, high in (self.span(part, bits) for part in a)]
            if all(signs) or not a[0]:
                return signs[0] * signs[1]
        raise Refused("the sign of a number could not be settled")

    def less(self, a: Number, b: Q) -> bool:
        return self.sign(self.sub(a, of(b))) < 0

    def span(self, terms: Sum, bits: int) -> tuple[Q, Q]:
        """A rational enclosure."""
        low = high = Q(0)
        for (n, h, c, atoms), value in terms.items():
            a, b = root_span(*pi_span(bits), bits)
            ends = [(a, b) if h > 0 else (1 / b, 1 / a)] * abs(h) + [root_span(Q(n), Q(n), bits)] * (n > 1)
            ends += [cos_span(c, bits)] * bool(c) + [self.atom_span(atom, bits) for atom in atoms]
            bottom = top = value
            for a, b in ends:
                bottom, top = (bottom * a, top * b) if value > 0 else (bottom * b, top * a)
            low, high = low + min(bottom, top), high + max(bottom, top)
        return low, high

    def atom_span(self, index: int, bits: int) -> tuple[Q, Q]:
        low, high = self.span(self.atoms[index][1], bits + 8)
        if self.atoms[index][0] == "root":
            return root_span(max(low, Q(0)), high, bits)
        a, b, margin = Q(0), Q(90), Q(1, 1 << bits // 2 - 8)
        while b - a > margin / 4:  # Cosine falls: the angle with cosine near the middle of the enclosure.
            a, b = ((a + b) / 2, b) if sum(cos_span((a + b) / 2, bits + 8)) > low + high else (a, (a + b) / 2)
        a, b = max(a - margin, Q(0)), min(b + margin, Q(90))
        need(
            (a == 0 or cos_span(a, bits)[0] > high) and (b == 90 or cos_span(b, bits)[1] < low), "arc cosine"
        )
        return a, b

    def turn(self, angle: Number, halves: dict[int, Any]) -> tuple[Number, Number]:
        """Cosine and sine of rational degrees plus multiples of arc cosines (``halves``: see the README)."""
        need(angle[1] == UNIT, "an angle with a denominator")
        constant = angle[0].get(ONE, Q(0))
        c, s = (cosine(constant), UNIT), (cosine(90 - constant), UNIT)
        for (n, h, degrees, atoms), factor in angle[0].items():
            need((n, h, degrees) == (1, 0, 0) and len(atoms) < 2, "an unsupported angle")
            for atom in atoms:
                times, cos, sin = halves[atom]
                need(
                    0 <= times < 5 and self.sign(cos) > 0 and self.sign(sin) > 0, "a half angle is not acute"
                )
                need(
                    not self.sub(self.add(self.mul(cos, cos), self.mul(sin, sin)), of(1))[0], "off the circle"
                )
                double = cos
                for _ in range(times):
                    double = self.sub(self.mul(of(2), self.mul(double, double)), of(1))
                need(self.atoms[atom][0] == "acos", "not an angle")
                need(not self.sub(double, (self.atoms[atom][1], UNIT))[0], "not the half angle")
                count = factor * 2**times
                need(count.denominator == 1 and abs(count) < 200, "an unsupported angle")
                sin = self.mul(of(1 if count > 0 else -1), sin)
                for _ in range(abs(int(count))):
                    c, s = (
                        self.sub(self.mul(c, cos), self.mul(s, sin)),
                        self.add(self.mul(s, cos), self.mul(c, sin)),
                    )
        return c, s
