"""Exact real numbers: rationals, surds, pi, cosines of rational degrees and what they generate.

An `Exact` is a quotient of two sums (`terms.py`).  Whether a sum is zero is decided by the normal form, by a
certified enclosure that excludes zero, or by an exact argument (`zero.py`): never by a tolerance.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpz

from fgps.algebra.division import quotient as divide
from fgps.algebra.terms import (
    ONE,
    UNIT,
    ZERO,
    Terms,
    TooLarge,
    Undecided,
    add_terms,
    mul_terms,
    rational,
    structure,
    terms_ball,
)

__all__ = ["NUMBER_ONE", "NUMBER_ZERO", "PRECISION", "Exact", "TooLarge", "Undecided", "quotient"]

#: Precision (bits) of the first enclosure.
PRECISION: Final = 96


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
        return (structure(self.num), None if self.den is None else structure(self.den))

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
        """Provably equal?  (What is undecided, or too large to say, counts as not equal.)"""
        operand = _operand(other)
        if operand is None:
            return NotImplemented
        if self.num == operand.num and self.den == operand.den:
            return True
        try:
            return not self - operand
        except (Undecided, TooLarge):
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


def quotient(num: Terms, den: Terms | None) -> Exact:
    """``num / den``."""
    return Exact(num) if den is None else Exact(*divide(num, den))


def _operand(value: object) -> Exact | None:
    if isinstance(value, Exact):
        return value
    if isinstance(value, int | Fraction | fmpq | fmpz):
        return Exact.of(value)
    return None


NUMBER_ZERO: Final = Exact({})
NUMBER_ONE: Final = Exact({UNIT: ONE})
