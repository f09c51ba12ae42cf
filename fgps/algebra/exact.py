"""Exact real numbers: rationals, surds, pi, cosines of rational degrees and what they generate.

An `Exact` is a quotient of two sums of terms.  A term is a rational times one *key*
``(n, h, c, atoms)``, which stands for ``sqrt(n) * pi**(h/2) * cos(c degrees) * product of atoms``:
``n`` a square-free positive int, ``h`` an int, ``c`` degrees strictly between 0 and 90 (0: no
cosine) as int or Fraction, ``atoms`` a sorted tuple of `Atom` (nested roots, arc cosines,
roots of irreducible polynomials).  Products of cosines are turned into sums at once, and cosines
of multiples of 15 and 36 degrees into surds, so a sum of surds and powers of pi is in normal form.

Every atom and every cosine here is a positive number.  Whether a sum is zero is decided by the normal
form, by a certified enclosure that excludes zero, or by a root bound (`zero.py`): never by a tolerance.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpz

Degrees = int | Fraction
Key = tuple[int, int, Degrees, tuple["Atom", ...]]
Terms = dict[Key, fmpq]

UNIT: Final[Key] = (1, 0, 0, ())
ZERO: Final = fmpq(0)
ONE: Final = fmpq(1)
HALF: Final = fmpq(1, 2)

#: Sums with more terms than this are refused (`TooLarge`): no figure needs them.
MAX_TERMS: Final = 60
#: Precision (bits) of the first enclosure.
PRECISION: Final = 96


class TooLarge(ArithmeticError):
    """A number outgrew the limits of this module."""


class Undecided(ArithmeticError):
    """The sign of a number could not be decided (a relation between arc cosines and pi, say)."""


class Atom:
    """A positive real that is adjoined to the field: ``kind`` says how.

    ``kind`` is ``root`` (``atom**power == square``, positive), ``acos`` (degrees in (0, 90), ``square`` holds its
    cosine) or ``poly`` (a root of the irreducible polynomial ``coefficients``, lowest first, the
    ``index``-th real root in increasing order).  ``power`` is the exponent at which it reduces (0: never).
    """

    __slots__ = ("__weakref__", "coefficients", "index", "key", "kind", "power", "serial", "square")

    _interned: weakref.WeakValueDictionary[object, Atom] = weakref.WeakValueDictionary()
    _count = 0

    def __init__(self, kind: str, key: object) -> None:
        self.kind = kind
        self.key = key
        self.power = 0
        self.square: Exact = NUMBER_ZERO
        self.coefficients: tuple[int, ...] = ()
        self.index = 0
        Atom._count += 1
        self.serial = Atom._count

    def __lt__(self, other: Atom) -> bool:
        return self.serial < other.serial

    @classmethod
    def root(cls, square: Exact, power: int) -> Atom:
        """The positive ``power``-th root of ``square`` (a positive sum without denominator)."""
        key = ("root", power, square.structure())
        atom = cls._interned.get(key)
        if atom is None:
            atom = cls("root", key)
            atom.power, atom.square = power, square
            cls._interned[key] = atom
        return atom

    @classmethod
    def acos(cls, cosine: Exact) -> Atom:
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


class Exact:
    """An exact real number; immutable.  ``den`` is None for 1."""

    __slots__ = ("_ball", "den", "num")

    def __init__(self, num: Terms, den: Terms | None = None) -> None:
        self.num = num
        self.den = den
        self._ball: arb | None = None

    # -- making ---------------------------------------------------------------------------------

    @staticmethod
    def of(value: Exact | fmpq | fmpz | Fraction | int) -> Exact:
        """``value`` as an `Exact`."""
        if isinstance(value, Exact):
            return value
        number = rational(value)
        return Exact({UNIT: number} if number else {})

    @staticmethod
    def pi(power: Fraction | int = 1) -> Exact:
        """``pi ** power``; the power must be a multiple of 1/2."""
        return Exact({(1, int(power * 2), 0, ()): ONE})

    # -- reading --------------------------------------------------------------------------------

    def as_rational(self) -> fmpq | None:
        """The value if the normal form is a rational number."""
        if self.den is not None:
            return None
        if not self.num:
            return ZERO
        if len(self.num) == 1:
            return self.num.get(UNIT)
        return None

    def as_fraction(self) -> Fraction | None:
        """The value as a `Fraction` if the normal form is rational."""
        value = self.as_rational()
        return None if value is None else Fraction(int(value.p), int(value.q))

    @property
    def is_rational(self) -> bool:
        """Is the normal form a rational number?"""
        return self.as_rational() is not None

    def structure(self) -> object:
        """A plain hashable value: equal for equal normal forms."""
        return (_structure(self.num), None if self.den is None else _structure(self.den))

    def raw_ball(self) -> arb:
        """An enclosure at the flint context's present precision."""
        ball = terms_ball(self.num)
        return ball if self.den is None else ball / terms_ball(self.den)

    def ball(self, precision: int = PRECISION) -> arb:
        """A certified enclosure, computed with ``precision`` bits."""
        if precision == PRECISION:
            if self._ball is None:
                self._ball = self._at(PRECISION)
            return self._ball
        return self._at(precision)

    def _at(self, precision: int) -> arb:
        before = ctx.prec
        ctx.prec = precision
        try:
            return self.raw_ball()
        finally:
            ctx.prec = before

    def __float__(self) -> float:
        value = self.as_rational()
        if value is not None:
            return int(value.p) / int(value.q)
        return float(self.ball().mid())

    # -- arithmetic -----------------------------------------------------------------------------

    def __neg__(self) -> Exact:
        return Exact({key: -value for key, value in self.num.items()}, self.den)

    def __add__(self, other: Any) -> Exact:
        other = _operand(other)
        if other is None:
            return NotImplemented
        if self.den is None and other.den is None:
            return Exact(add_terms(self.num, other.num))
        if self.den == other.den:
            return quotient(add_terms(self.num, other.num), self.den)
        left = self.num if other.den is None else mul_terms(self.num, other.den)
        right = other.num if self.den is None else mul_terms(other.num, self.den)
        if self.den is None or other.den is None:
            den = self.den or other.den
        else:
            den = mul_terms(self.den, other.den)
        return quotient(add_terms(left, right), den)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Exact:
        other = _operand(other)
        return NotImplemented if other is None else self + (-other)

    def __rsub__(self, other: Any) -> Exact:
        return (-self) + other

    def __mul__(self, other: Any) -> Exact:
        if isinstance(other, fmpq):
            if not other:
                return NUMBER_ZERO
            return Exact({key: value * other for key, value in self.num.items()}, self.den)
        other = _operand(other)
        if other is None:
            return NotImplemented
        num = mul_terms(self.num, other.num)
        if self.den is None and other.den is None:
            return Exact(num)
        if self.den is None or other.den is None:
            return quotient(num, self.den or other.den)
        return quotient(num, mul_terms(self.den, other.den))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Exact:
        other = _operand(other)
        return NotImplemented if other is None else self * other.inverse()

    def __rtruediv__(self, other: Any) -> Exact:
        return self.inverse() * other

    def inverse(self) -> Exact:
        """``1 / self``; `ZeroDivisionError` if it is zero."""
        if not self:
            raise ZeroDivisionError("division by an exact zero")
        return quotient(self.den or {UNIT: ONE}, self.num)

    def __pow__(self, exponent: int) -> Exact:
        if exponent < 0:
            return self.inverse() ** -exponent
        result, base = NUMBER_ONE, self
        while exponent:
            if exponent & 1:
                result = result * base
            exponent >>= 1
            if exponent:
                base = base * base
        return result

    # -- order ----------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        """Is it different from zero?  `Undecided` if that cannot be settled."""
        from fgps.algebra.zero import is_zero

        return not is_zero(self.num)

    def sign(self) -> int:
        """-1, 0 or 1, certified; `Undecided` if that cannot be settled."""
        value = self.as_rational()
        if value is not None:
            return (value > 0) - (value < 0)
        from fgps.algebra.zero import sign

        return sign(self)

    def __eq__(self, other: object) -> bool:
        """Provably equal?  (Undecided counts as not equal.)"""
        operand = _operand(other)
        if operand is None:
            return NotImplemented
        if self.num == operand.num and self.den == operand.den:
            return True
        try:
            return not self - operand
        except Undecided:
            return False

    def __hash__(self) -> int:
        """The hash of the floor: a function of the number, not of its form."""
        return hash(self.floor())

    def floor(self) -> int:
        """The greatest integer not above the number."""
        value = self.as_rational()
        if value is not None:
            return int(value.floor())
        guess = self.ball().floor().unique_fmpz()
        if guess is not None:
            return int(guess)
        near = round(float(self))
        return near if (self - near).sign() >= 0 else near - 1

    def __lt__(self, other: Any) -> bool:
        return (self - other).sign() < 0

    def __le__(self, other: Any) -> bool:
        return (self - other).sign() <= 0

    def __gt__(self, other: Any) -> bool:
        return (self - other).sign() > 0

    def __ge__(self, other: Any) -> bool:
        return (self - other).sign() >= 0

    def __abs__(self) -> Exact:
        return -self if self.sign() < 0 else self

    # -- showing --------------------------------------------------------------------------------

    def to_text(self) -> str:
        """As a person would write it: ``2*sqrt(3)``, ``25*pi/3``, ``10*sin(43°)``."""
        from fgps.algebra.show import to_text

        return to_text(self)

    def decimal(self, digits: int = 6) -> str:
        """A decimal with that many significant digits."""
        return f"{float(self):.{digits}g}"

    def __repr__(self) -> str:
        return f"Exact({self.to_text()})"


def rational(value: fmpq | fmpz | Fraction | int) -> fmpq:
    """Any rational number as a flint ``fmpq``."""
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    return value if isinstance(value, fmpq) else fmpq(value)


def _operand(value: object) -> Exact | None:
    if isinstance(value, Exact):
        return value
    if isinstance(value, int | Fraction | fmpq | fmpz):
        return Exact.of(value)
    return None


def _structure(terms: Terms) -> object:
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
    degrees = abs(degrees) % 360
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


def _conjugate_by(terms: Terms) -> Terms | None:
    """The sum with one root's sign changed, if it contains square roots."""
    nested = [atom for key in terms for atom in key[3] if atom.kind == "root" and atom.power == 2]
    if nested:
        # The youngest first: older roots may stand inside it, never the other way round.
        last = max(nested)
        return {k: (-v if k[3].count(last) % 2 else v) for k, v in terms.items()}
    radicand = max(key[0] for key in terms)
    if radicand == 1:
        return None
    prime = _a_prime_of(radicand)
    return {k: (-v if k[0] % prime == 0 else v) for k, v in terms.items()}


def _a_prime_of(number: int) -> int:
    factor = 2
    while factor * factor <= number:
        if number % factor == 0:
            return factor
        factor += 1
        if factor > 10_000:
            break
    return number


def _invert_term(key: Key, value: fmpq) -> Exact:
    """The inverse of one term: roots move up, cosines and arc cosines stay below."""
    radicand, half_pi, degrees, atoms = key
    result = Exact({(radicand, -half_pi, 0, ()): 1 / (value * radicand)})
    below: list[Atom] = []
    position = 0
    while position < len(atoms):
        atom = atoms[position]
        count = atoms.count(atom)
        position += count
        if atom.kind == "root":
            above = Exact({(1, 0, 0, (atom,) * (atom.power - count)): ONE})
            result = result * above * atom.square.inverse()
        else:
            below.extend([atom] * count)
    if degrees or below:
        den: Terms = {(1, 0, degrees, tuple(below)): ONE}
        result = Exact(result.num, den if result.den is None else mul_terms(result.den, den))
    return result


def quotient(num: Terms, den: Terms | None) -> Exact:
    """``num / den`` with the denominator made rational where square roots alone stand in it."""
    if den is None:
        return Exact(num)
    if not num:
        return NUMBER_ZERO
    scaled = _proportion(num, den)
    if scaled is not None:
        return Exact({UNIT: scaled})
    waves = len(den) > 1 and any(key[2] for key in den)
    if len(den) == 1 and len(num) == 2:
        simple = _cancel_cosine(num, den)
        if simple is not None:
            return simple
    for _ in range(0 if waves else 5):
        if len(den) == 1:
            ((key, value),) = den.items()
            inverse = _invert_term(key, value)
            return Exact(mul_terms(num, inverse.num), inverse.den)
        other = _conjugate_by(den)
        if other is None or other == den:
            break
        try:
            below = mul_terms(den, other)
            if not below or len(below) > 2 * len(den) + 2:
                break
            num, den = mul_terms(num, other), below
        except TooLarge:
            break
    lead = min(den.items(), key=lambda item: (item[0][0], item[0][1], float(item[0][2]), len(item[0][3])))[1]
    return Exact({k: v / lead for k, v in num.items()}, {k: v / lead for k, v in den.items()})


def _cancel_cosine(num: Terms, den: Terms) -> Exact | None:
    """``(cos x + cos y) / cos z`` where the sum is a product with the factor ``cos z``."""
    ((first, a), (second, b)), ((below, unit),) = num.items(), den.items()
    same = (first[0], first[1], first[3]) == (second[0], second[1], second[3])
    if not below[2] or below[3] or not same or abs(a) != abs(b):
        return None
    x, y = Fraction(first[2]), Fraction(second[2])
    half_sum, half_difference = (x + y) / 2, (x - y) / 2
    if a == b:
        factors, scale = (half_sum, half_difference), 2 * a
    else:
        factors, scale = (90 - half_sum, 90 - half_difference), -2 * a
    for cancelled, kept in (factors, factors[::-1]):
        for sign in (1, -1):
            if cosine_terms(cancelled) == {(1, 0, _plain(Fraction(below[2])), ()): fmpq(sign)}:
                rest = mul_terms({(first[0], first[1], 0, first[3]): sign * scale / unit}, cosine_terms(kept))
                return quotient(rest, {(below[0], below[1], 0, ()): ONE})
    return None


def _plain(degrees: Fraction) -> Degrees:
    return int(degrees) if degrees.denominator == 1 else degrees


def _proportion(num: Terms, den: Terms) -> fmpq | None:
    """The rational ``q`` with ``num == q * den`` term by term, if there is one."""
    if len(num) != len(den):
        return None
    ratio: fmpq | None = None
    for key, value in num.items():
        other = den.get(key)
        if other is None:
            return None
        if ratio is None:
            ratio = value / other
        elif value != ratio * other:
            return None
    return ratio


NUMBER_ZERO: Final = Exact({})
NUMBER_ONE: Final = Exact({UNIT: ONE})
