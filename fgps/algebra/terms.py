"""Sums of terms: the arithmetic under `Exact`.

A term is a rational times one *key* ``(n, h, c, atoms)``, which stands for
``sqrt(n) * pi**(h/2) * cos(c degrees) * product of atoms``: ``n`` a square-free positive int, ``h`` an int,
``c`` degrees strictly between 0 and 90 (0: no cosine) as int or Fraction, ``atoms`` a sorted tuple
of `Atom` (nested roots, arc cosines, roots of irreducible polynomials).  Products of cosines are turned
into sums at once, and cosines of multiples of 15 and 36 degrees into surds, so a sum of surds
and powers of pi is in normal form.  Every atom and every cosine here is a positive number.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import Any, Final

from flint import arb, fmpq, fmpz

Degrees = int | Fraction
Key = tuple[int, int, Degrees, tuple["Atom", ...]]
Terms = dict[Key, fmpq]

UNIT: Final[Key] = (1, 0, 0, ())
ZERO: Final = fmpq(0)
ONE: Final = fmpq(1)
HALF: Final = fmpq(1, 2)

#: Sums with more terms than this are refused (`TooLarge`): no figure needs them.
MAX_TERMS: Final = 60
#: Larger integers are not factored: two large primes in one would take minutes, and no budget ends that.
MAX_FACTORED_BITS: Final = 128


def radical_primes(number: int) -> list[int]:
    """Positive integers whose square roots span that of ``number``: its primes, or a large one itself."""
    if number.bit_length() > MAX_FACTORED_BITS:
        return [number]
    return [int(prime) for prime, _ in fmpz(number).factor()]


class TooLarge(ArithmeticError):
    """A number outgrew the limits of this module."""


class Undecided(ArithmeticError):
    """The sign of a number could not be decided (a relation between arc cosines and pi, say)."""


class Atom:
    """A positive real that is adjoined to the field: ``kind`` says how.

    ``kind`` is ``root`` (``atom**power == square``, positive), ``acos`` (degrees in (0, 90), ``square``
    holds its cosine) or ``poly`` (a root of the irreducible polynomial ``coefficients``, lowest first, the
    ``index``-th real root in increasing order).  ``power`` is the exponent at which it reduces (0: never).
    """

    __slots__ = ("__weakref__", "coefficients", "index", "key", "kind", "power", "serial", "square")

    _interned: weakref.WeakValueDictionary[object, Atom] = weakref.WeakValueDictionary()
    _count = 0

    def __init__(self, kind: str, key: object) -> None:
        self.kind = kind
        self.key = key
        self.power = 0
        #: The `Exact` under the root or arc cosine (Any: `exact.py` builds on this module).
        self.square: Any = None
        self.coefficients: tuple[int, ...] = ()
        self.index = 0
        Atom._count += 1
        self.serial = Atom._count

    def __lt__(self, other: Atom) -> bool:
        return self.serial < other.serial

    @classmethod
    def root(cls, square: Any, power: int) -> Atom:
        """The positive ``power``-th root of ``square`` (a positive sum without denominator)."""
        key = ("root", power, square.structure())
        atom = cls._interned.get(key)
        if atom is None:
            atom = cls("root", key)
            atom.power, atom.square = power, square
            cls._interned[key] = atom
        return atom

    @classmethod
    def acos(cls, cosine: Any) -> Atom:
        """The angle in degrees, strictly between 0 and 90, with that cosine."""
        key = ("acos", cosine.structure())
        atom = cls._interned.get(key)
        if atom is None:
            atom = cls("acos", key)
            atom.square = cosine
            cls._interned[key] = atom
        return atom

    @classmethod
    def polynomial(cls, coefficients: tuple[int, ...], index: int) -> Atom:
        """The ``index``-th real root of an irreducible integer polynomial (it must be positive)."""
        key = ("poly", coefficients, index)
        atom = cls._interned.get(key)
        if atom is None:
            atom = cls("poly", key)
            atom.coefficients, atom.index = coefficients, index
            atom.power = len(coefficients) - 1
            lead = coefficients[-1]
            terms: Terms = {}
            for exponent, value in enumerate(coefficients[:-1]):
                if value:
                    terms[(1, 0, 0, (atom,) * exponent)] = fmpq(-value, lead)
            from fgps.algebra.exact import Exact

            atom.square = Exact(terms)
            cls._interned[key] = atom
        return atom

    def structure(self) -> object:
        """A plain value that identifies the atom across processes."""
        return self.key

    def ball(self) -> arb:
        """An enclosure at the working precision of the flint context."""
        if self.kind == "root":
            inner = self.square.raw_ball()
            return inner.sqrt() if self.power == 2 else inner.root(self.power)
        if self.kind == "acos":
            return self.square.raw_ball().acos() * 180 / arb.pi()
        from fgps.algebra.roots import real_root_ball

        return real_root_ball(self.coefficients, self.index)


def rational(value: fmpq | fmpz | Fraction | int) -> fmpq:
    """Any rational number as a flint ``fmpq``."""
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    return value if isinstance(value, fmpq) else fmpq(value)


def structure(terms: Terms) -> object:
    rows = [
        (key[0], key[1], str(key[2]), tuple(sorted(str(atom.structure()) for atom in key[3])), str(value))
        for key, value in terms.items()
    ]
    return tuple(sorted(rows))


def terms_ball(terms: Terms) -> arb:
    """An enclosure of a sum at the flint context's present precision."""
    total = arb(0)
    for (radicand, half_pi, degrees, atoms), value in terms.items():
        ball = arb(value)
        if radicand != 1:
            ball *= arb(radicand).sqrt()
        if half_pi:
            ball *= arb.pi() ** (half_pi // 2) if half_pi % 2 == 0 else arb.pi().sqrt() ** half_pi
        if degrees:
            ball *= arb.cos_pi_fmpq(fmpq(Fraction(degrees).numerator, Fraction(degrees).denominator * 180))
        for atom in atoms:
            ball *= atom.ball()
        total += ball
    return total


def add_terms(left: Terms, right: Terms) -> Terms:
    """The sum of two sums."""
    result = dict(left)
    for key, value in right.items():
        present = result.get(key)
        if present is None:
            result[key] = value
        else:
            total = present + value
            if total:
                result[key] = total
            else:
                del result[key]
    return result


def _accumulate(into: Terms, key: Key, value: fmpq) -> None:
    total = into.get(key, ZERO) + value
    if total:
        into[key] = total
    else:
        into.pop(key, None)


def mul_terms(left: Terms, right: Terms) -> Terms:
    """The product of two sums, in normal form."""
    if len(left) * len(right) > MAX_TERMS * 10:
        raise TooLarge("product of sums is too large")
    result: Terms = {}
    for (n1, h1, c1, a1), v1 in left.items():
        for (n2, h2, c2, a2), v2 in right.items():
            value = v1 * v2
            common = gcd(n1, n2)
            radicand = n1 * n2
            if common != 1:
                radicand //= common * common
                value *= common
            if not (a1 and a2) and not (c1 and c2):
                _accumulate(result, (radicand, h1 + h2, c1 or c2, a1 or a2), value)
            else:
                _general_product(result, value, radicand, h1 + h2, (c1, c2), a1, a2)
    if len(result) > MAX_TERMS:
        raise TooLarge("sum has too many terms")
    return result


def _general_product(
    into: Terms,
    value: fmpq,
    radicand: int,
    half_pi: int,
    cosines: tuple[Degrees, Degrees],
    left: tuple[Atom, ...],
    right: tuple[Atom, ...],
) -> None:
    atoms, extra = _merge_atoms(left, right)
    first, second = cosines
    if first and second:
        waves: Iterable[tuple[Key, fmpq]] = [
            *((key, HALF * part) for key, part in cosine_terms(first + second).items()),
            *((key, HALF * part) for key, part in cosine_terms(first - second).items()),
        ]
    else:
        waves = [((1, 0, first or second, ()), ONE)]
    for (n, _, degrees, _), part in waves:
        common = gcd(n, radicand)
        key = (n * radicand // (common * common), half_pi, degrees, atoms)
        amount = value * part * common
        if extra is None:
            _accumulate(into, key, amount)
        else:
            for other, more in mul_terms({key: amount}, extra).items():
                _accumulate(into, other, more)


def _merge_atoms(left: tuple[Atom, ...], right: tuple[Atom, ...]) -> tuple[tuple[Atom, ...], Terms | None]:
    """Sorted product; the second result is a factor that came out of reductions (then the first is empty)."""
    if not left or not right:
        return left or right, None
    merged = tuple(sorted(left + right))
    extra: Terms | None = None
    for atom in dict.fromkeys(merged):
        power = atom.power
        if power and merged.count(atom) >= power:
            place = merged.index(atom)
            merged = merged[:place] + merged[place + power :]
            extra = atom.square.num if extra is None else mul_terms(extra, atom.square.num)
    if extra is None:
        return merged, None
    return (), mul_terms({(1, 0, 0, merged): ONE}, extra)


_COSINES: Final[dict[int, tuple[tuple[int, int, int], ...]]] = {
    # degrees: (radicand, numerator, denominator) ...
    0: ((1, 1, 1),),
    15: ((6, 1, 4), (2, 1, 4)),
    30: ((3, 1, 2),),
    36: ((1, 1, 4), (5, 1, 4)),
    45: ((2, 1, 2),),
    60: ((1, 1, 2),),
    72: ((1, -1, 4), (5, 1, 4)),
    75: ((6, 1, 4), (2, -1, 4)),
    90: (),
}


def cosine_terms(degrees: Degrees) -> Terms:
    """``cos(degrees)`` as a sum in normal form, for any rational number of degrees."""
    degrees = abs(Fraction(degrees)) % 360
    if degrees > 180:
        degrees = 360 - degrees
    sign = 1
    if degrees > 90:
        degrees, sign = 180 - degrees, -1
    if isinstance(degrees, Fraction) and degrees.denominator == 1:
        degrees = int(degrees)
    table = _COSINES.get(degrees) if isinstance(degrees, int) else None  # type: ignore[arg-type]
    if table is None:
        return {(1, 0, degrees, ()): fmpq(sign)}
    return {(n, 0, 0, ()): fmpq(sign * top, bottom) for n, top, bottom in table}
