"""Square roots and trigonometric functions of exact numbers (angles in degrees)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt

from flint import fmpq, fmpz

from fgps.algebra.exact import NUMBER_ONE, NUMBER_ZERO, Exact, quotient
from fgps.algebra.terms import (
    MAX_FACTORED_BITS,
    ONE,
    UNIT,
    Atom,
    Terms,
    Undecided,
    cosine_terms,
    radical_primes,
)


class UnsupportedAngle(ArithmeticError):
    """A trigonometric function of an angle that has no exact form here."""


class NoRealValue(ArithmeticError):
    """A square root of a negative number, or an arc cosine beyond 1."""


@lru_cache(maxsize=4096)
def square_split(number: int) -> tuple[int, int]:
    """``(s, n)`` with ``number == s*s*n`` and ``n`` square-free (as far as small primes and squares tell)."""
    root = isqrt(number)
    if root * root == number:
        return root, 1
    if number.bit_length() <= MAX_FACTORED_BITS:
        square, free = 1, 1
        for factor, exponent in fmpz(number).factor():
            square *= int(factor) ** (exponent // 2)
            free *= int(factor) ** (exponent % 2)
        return square, free
    square, rest = 1, number
    for prime in range(2, 2000):
        while rest % (prime * prime) == 0:
            rest //= prime * prime
            square *= prime
    root = isqrt(rest)
    return (square * root, 1) if root * root == rest else (square, rest)


def sqrt(number: Exact) -> Exact:
    """The square root; `NoRealValue` if the number is negative."""
    value = number.as_rational()
    if value is not None:
        return _sqrt_rational(value)
    sign = number.sign()
    if sign < 0:
        raise NoRealValue("square root of a negative number")
    if sign == 0:
        return NUMBER_ZERO
    if number.den is not None:
        return sqrt(Exact(number.num) * Exact(number.den)) / Exact(number.den).__abs__()
    outside, inside = _content(number)
    return outside * _sqrt_primitive(inside)


def _sqrt_rational(value: fmpq) -> Exact:
    if value < 0:
        raise NoRealValue("square root of a negative number")
    if not value:
        return NUMBER_ZERO
    square, free = square_split(int(value.p) * int(value.q))
    return Exact({(free, 0, 0, ()): fmpq(square, value.q)})


def _content(number: Exact) -> tuple[Exact, Exact]:
    """``(outside, inside)``: the square root is ``outside * sqrt(inside)``, ``inside`` a primitive sum."""
    top, bottom = 0, 1
    for value in number.num.values():
        top = gcd(top, int(value.p))
        bottom = bottom * int(value.q) // gcd(bottom, int(value.q))
    content = fmpq(top, bottom)
    half_pi = min(key[1] for key in number.num)
    half_pi -= half_pi % 2
    inside = Exact({(k[0], k[1] - half_pi, k[2], k[3]): v / content for k, v in number.num.items()})
    outside = _sqrt_rational(content) * Exact({(1, half_pi // 2, 0, ()): ONE})
    return outside, inside


def _sqrt_primitive(number: Exact) -> Exact:
    keys = list(number.num)
    if len(keys) == 1:
        key, value = next(iter(number.num.items()))
        if key == UNIT:
            return _sqrt_rational(value)
        if key == (1, 2, 0, ()):
            return _sqrt_rational(value) * Exact.pi(Fraction(1, 2))
    simple = _denest(number)
    if simple is not None:
        return simple
    half = _half_angle(number)
    if half is not None:
        return half
    return Exact({(1, 0, 0, (Atom.root(number, 2),)): ONE})


def _denest(number: Exact) -> Exact | None:
    """``sqrt(a + b*sqrt(n))`` as a sum of two roots where ``a*a - b*b*n`` is a square."""
    if any(key[1] or key[2] or key[3] for key in number.num):
        return None
    radicands = [key[0] for key in number.num if key[0] != 1]
    if not radicands or len(number.num) > 4:
        return None
    pivot = max(radicands)
    prime = next((p for p in radical_primes(pivot)), pivot)
    even = Exact({k: v for k, v in number.num.items() if k[0] % prime})
    odd = Exact({k: v for k, v in number.num.items() if k[0] % prime == 0})
    try:
        norm = even * even - odd * odd
        root = sqrt(norm) if norm.sign() > 0 else None
    except (NoRealValue, Undecided):
        return None
    # The root must lie in the smaller field, without ``prime``: this also bounds the recursion.
    allowed = {p for radicand in radicands for p in radical_primes(radicand)} - {prime}
    if root is None or any(key[3] or set(radical_primes(key[0])) - allowed for key in root.num):
        return None
    first, second = (even + root) * fmpq(1, 2), (even - root) * fmpq(1, 2)
    if first.sign() < 0 or second.sign() < 0:
        return None
    left, right = sqrt(first), sqrt(second)
    if any(key[3] for part in (left, right) for key in part.num):
        return None
    result = left + right if odd.sign() > 0 else abs(left - right)
    return result if result * result == number else None


def _half_angle(number: Exact) -> Exact | None:
    """``sqrt(1 + cos a)`` and ``sqrt(1 - cos a)``: half-angle forms."""
    if len(number.num) != 2 or UNIT not in number.num:
        return None
    base = number.num[UNIT]
    ((key, value),) = [item for item in number.num.items() if item[0] != UNIT]
    n, h, degrees, atoms = key
    if n != 1 or h or atoms or not degrees or abs(value) != base:
        return None
    half = Fraction(degrees, 2) if value > 0 else 90 - Fraction(degrees, 2)
    return _sqrt_rational(base * 2) * cos_degrees(Exact.of(half))


def nth_root(number: Exact, power: int) -> Exact:
    """The positive ``power``-th root of a positive number (powers of two become nested square roots)."""
    while power % 2 == 0:
        number, power = sqrt(number), power // 2
    if power == 1:
        return number
    value = number.as_rational()
    if value is not None:
        top, bottom = _integer_root(int(value.p), power), _integer_root(int(value.q), power)
        if top is not None and bottom is not None:
            return Exact.of(fmpq(top, bottom))
        scaled = int(value.p) * int(value.q) ** (power - 1)
        return Exact({(1, 0, 0, (Atom.root(Exact.of(scaled), power),)): fmpq(1, value.q)})
    if number.den is not None:
        raise UnsupportedAngle("root of a quotient")
    return Exact({(1, 0, 0, (Atom.root(number, power),)): ONE})


def _integer_root(number: int, power: int) -> int | None:
    guess = int(fmpz(number).root(power)) if number > 0 else 0
    return guess if guess**power == number else None


# -- trigonometry -------------------------------------------------------------------------------------


def _as_degrees(angle: Exact) -> Fraction | int | None:
    value = angle.as_rational()
    if value is None:
        return None
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def _split(angle: Exact) -> tuple[Fraction | int, list[tuple[fmpq, Atom]]]:
    """The angle as rational degrees plus rational multiples of arc cosines."""
    if angle.den is not None:
        raise UnsupportedAngle("an angle with a denominator")
    constant: Fraction | int = 0
    parts: list[tuple[fmpq, Atom]] = []
    for (n, h, c, atoms), value in angle.num.items():
        if n != 1 or h or c or len(atoms) > 1 or (atoms and atoms[0].kind != "acos"):
            raise UnsupportedAngle("an angle that is not a combination of arc cosines")
        if atoms:
            parts.append((value, atoms[0]))
        else:
            constant = Fraction(int(value.p), int(value.q))
    return constant, parts


def cos_sin_degrees(angle: Exact) -> tuple[Exact, Exact]:
    """Cosine and sine of an angle in degrees; `UnsupportedAngle` if there is no exact form."""
    degrees = _as_degrees(angle)
    if degrees is not None:
        return Exact(cosine_terms(degrees)), Exact(cosine_terms(90 - degrees))
    constant, parts = _split(angle)
    cosine, sine = Exact(cosine_terms(constant)), Exact(cosine_terms(90 - constant))
    for factor, atom in parts:
        base_cosine = atom.square
        base_sine = sqrt(1 - base_cosine * base_cosine)
        bottom = int(factor.q)
        if bottom & (bottom - 1) or bottom > 8 or abs(factor.p) > 24:
            raise UnsupportedAngle("this part of an arc cosine")
        while bottom > 1:
            base_cosine, base_sine = (
                sqrt((1 + base_cosine) * fmpq(1, 2)),
                sqrt((1 - base_cosine) * fmpq(1, 2)),
            )
            bottom //= 2
        if factor < 0:
            base_sine = -base_sine
        for _ in range(abs(int(factor.p))):
            cosine, sine = (
                cosine * base_cosine - sine * base_sine,
                sine * base_cosine + cosine * base_sine,
            )
    return cosine, sine


def cos_degrees(angle: Exact) -> Exact:
    """``cos(angle)``, the angle in degrees."""
    return cos_sin_degrees(angle)[0]


def sin_degrees(angle: Exact) -> Exact:
    """``sin(angle)``, the angle in degrees."""
    return cos_sin_degrees(angle)[1]


def tan_degrees(angle: Exact) -> Exact:
    """``tan(angle)``, the angle in degrees; `ZeroDivisionError` at odd multiples of 90."""
    cosine, sine = cos_sin_degrees(angle)
    return sine / cosine


def acos_degrees(cosine: Exact) -> Exact:
    """The angle in [0, 180] degrees with that cosine."""
    sign = cosine.sign()
    if sign == 0:
        return Exact.of(90)
    if sign < 0:
        return 180 - acos_degrees(-cosine)
    over = (cosine - 1).sign()
    if over > 0:
        raise NoRealValue("arc cosine of a number beyond 1")
    if over == 0:
        return NUMBER_ZERO
    known = _rational_angle(cosine)
    if known is not None:
        return known
    return Exact({(1, 0, 0, (Atom.acos(cosine),)): ONE})


def _rational_angle(cosine: Exact) -> Exact | None:
    """The angle if it is a rational number of degrees with a small denominator."""
    value = cosine.as_rational()
    if value is not None:
        # Niven: the only rational cosine strictly between 0 and 1 is that of 60 degrees.
        return Exact.of(60) if value == fmpq(1, 2) else None
    if len(cosine.num) == 1 and cosine.den is None:
        (((n, h, degrees, atoms), factor),) = cosine.num.items()
        if degrees and n == 1 and not h and not atoms and factor == 1:
            return Exact.of(degrees)
    if any(key[1] for key in cosine.num) and cosine.den is None:
        return None
    from math import acos
    from math import degrees as to_degrees

    guess = Fraction(to_degrees(acos(min(1.0, float(cosine))))).limit_denominator(64)
    candidate = Exact(cosine_terms(guess))
    if abs(float(candidate) - float(cosine)) < 1e-10 and candidate == cosine:
        return Exact.of(guess)
    return None


def asin_degrees(sine: Exact) -> Exact:
    """The angle in [-90, 90] degrees with that sine."""
    return 90 - acos_degrees(sine)


def atan_degrees(tangent: Exact) -> Exact:
    """The angle in (-90, 90) degrees with that tangent."""
    sign = tangent.sign()
    if sign == 0:
        return NUMBER_ZERO
    angle = acos_degrees(NUMBER_ONE / sqrt(1 + tangent * tangent))
    return angle if sign > 0 else -angle


def terms_quotient(num: Terms, den: Terms) -> Exact:
    """``num / den`` (re-exported for the compiler)."""
    return quotient(num, den)
