"""Sparse polynomials over numbered variables with exact coefficients.

A monomial is the sorted tuple of its variables with repetition (``x*x*y`` is ``(x, x, y)``, 1 is ``()``).
A coefficient is a flint ``fmpq`` or, where it is irrational, an `Exact`; zero is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from flint import fmpq

from fgps.algebra.exact import Exact
from fgps.algebra.terms import TooLarge, rational

Monomial = tuple[int, ...]
Coefficient = Any  # fmpq | Exact; flint has no type stubs

#: Polynomials of a higher degree, or with more terms, are refused (`TooLarge`).
MAX_DEGREE: Final = 64
MAX_TERMS: Final = 4000

ONE: Final = fmpq(1)
ZERO: Final = fmpq(0)


def lower(value: Coefficient) -> Coefficient:
    """The coefficient as ``fmpq`` if its normal form is rational."""
    if value.__class__ is fmpq:
        return value
    number = value.as_rational()
    return value if number is None else number


def coefficient(value: Exact | Fraction | int | fmpq) -> Coefficient:
    """Any exact number as a coefficient."""
    return lower(value) if isinstance(value, Exact) else rational(value)


def sign_of(value: Coefficient) -> int:
    """The sign of a coefficient (may raise `Undecided`)."""
    if value.__class__ is fmpq:
        return int(value > 0) - int(value < 0)
    return int(value.sign())


class Poly:
    """A polynomial; immutable by convention (``terms`` is read, never changed)."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Monomial, Coefficient]) -> None:
        self.terms = terms

    @staticmethod
    def constant(value: Exact | Fraction | int | fmpq) -> Poly:
        """The constant polynomial."""
        number = coefficient(value)
        return Poly({(): number} if number else {})

    @staticmethod
    def variable(index: int) -> Poly:
        """The polynomial ``x_index``."""
        return Poly({(index,): ONE})

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.terms == other.terms

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Poly | int) -> Poly:
        if isinstance(other, int):
            other = Poly.constant(other)
        result = dict(self.terms)
        for mono, value in other.terms.items():
            add_to(result, mono, value)
        return Poly(result)

    __radd__ = __add__

    def __neg__(self) -> Poly:
        return Poly({mono: -value for mono, value in self.terms.items()})

    def __sub__(self, other: Poly | int) -> Poly:
        return self + (-other)

    def __mul__(self, other: Poly | int) -> Poly:
        if isinstance(other, int):
            other = Poly.constant(other)
        left, right = self.terms, other.terms
        if len(left) * len(right) > 4 * MAX_TERMS:
            raise TooLarge("product of polynomials is too large")
        result: dict[Monomial, Coefficient] = {}
        for m1, c1 in left.items():
            for m2, c2 in right.items():
                mono = merge(m1, m2)
                add_to(result, mono, lower(c1 * c2))
        if len(result) > MAX_TERMS:
            raise TooLarge("polynomial has too many terms")
        return Poly(result)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Poly:
        if exponent < 0 or exponent > MAX_DEGREE:
            raise TooLarge("power of a polynomial")
        result = Poly({(): ONE})
        for _ in range(exponent):
            result = result * self
        return result

    def scale(self, factor: Coefficient) -> Poly:
        """The polynomial times a non-zero coefficient."""
        return Poly({mono: lower(value * factor) for mono, value in self.terms.items()})

    def as_constant(self) -> Coefficient | None:
        """The value if the polynomial is constant."""
        if not self.terms:
            return ZERO
        return self.terms.get(()) if len(self.terms) == 1 else None

    def variables(self) -> list[int]:
        """The variables, in increasing order."""
        return sorted({index for mono in self.terms for index in mono})

    def degree(self) -> int:
        """The total degree (0 for constants)."""
        return max((len(mono) for mono in self.terms), default=0)

    def is_linear(self) -> bool:
        """Is no monomial a product of variables?"""
        return all(len(mono) <= 1 for mono in self.terms)

    def key(self) -> object:
        """A hashable value, equal for equal polynomials in normal form."""
        rows = [
            (mono, str(value) if value.__class__ is fmpq else value.structure())
            for mono, value in self.terms.items()
        ]
        return tuple(sorted(rows, key=lambda row: row[0]))

    def to_text(self, name: Any = None) -> str:
        """For people: ``x1*x2 - 3``."""
        spell = name or (lambda index: f"x{index}")
        parts = []
        for mono, value in sorted(self.terms.items(), key=lambda item: (-len(item[0]), item[0])):
            text = str(value) if value.__class__ is fmpq else f"({value.to_text()})"
            word = "*".join(spell(index) for index in mono)
            parts.append(text if not word else word if text == "1" else f"{text}*{word}")
        return " + ".join(parts) or "0"

    def __repr__(self) -> str:
        return f"Poly({self.to_text()})"


def merge(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left:
        return right
    if not right:
        return left
    if len(left) + len(right) > MAX_DEGREE:
        raise TooLarge("degree limit")
    return tuple(sorted(left + right))


def add_to(into: dict[Monomial, Coefficient], mono: Monomial, value: Coefficient) -> None:
    """Add a term in place."""
    present = into.get(mono)
    if present is None:
        if value:
            into[mono] = value
        return
    total = present + value
    if total.__class__ is not fmpq:
        total = lower(total)
    if total:
        into[mono] = total
    else:
        del into[mono]


def without(mono: Monomial, index: int) -> Monomial:
    """The monomial divided by one variable that occurs in it."""
    position = mono.index(index)
    return mono[:position] + mono[position + 1 :]


def common_monomial(monos: Iterable[Monomial]) -> Monomial:
    """The greatest common divisor of monomials."""
    result: Monomial | None = None
    for mono in monos:
        if result is None:
            result = mono
        else:
            kept: list[int] = []
            for index in dict.fromkeys(result):
                kept.extend([index] * min(result.count(index), mono.count(index)))
            result = tuple(kept)
        if not result:
            return ()
    return result or ()


def divide_monomial(mono: Monomial, divisor: Monomial) -> Monomial:
    """The monomial divided by one that divides it."""
    for index in divisor:
        mono = without(mono, index)
    return mono


def evaluate(terms: Mapping[Monomial, Coefficient], values: Mapping[int, Any]) -> Any:
    """The value at numbers (floats or numpy arrays) for the variables."""
    total: Any = 0.0
    for mono, value in terms.items():
        product: Any = float(int(value.p)) / float(int(value.q)) if value.__class__ is fmpq else float(value)
        for index in mono:
            product = product * values[index]
        total = total + product
    return total
