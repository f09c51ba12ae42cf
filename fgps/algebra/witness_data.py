"""The tables of a witness: exact numbers, polynomials and variables as the checker knows them.

The writer of a witness drives the checker's own rules (`Kernel`), so that every step is seen to be accepted
when it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import fmpq

from fgps.algebra import poly as algebra
from fgps.algebra.exact import Exact
from fgps.algebra.functions import acos_degrees, sqrt
from fgps.algebra.poly import Coefficient
from fgps.algebra.terms import Atom, Terms, cosine_terms, radical_primes, structure
from fgps.check.polynomials import ONE, Mono, Poly
from fgps.check.statements import Compiler
from fgps.check.witness import Algebra

Json = dict[str, Any]


class NoWitness(Exception):
    """The derivation uses something that the format has no step for (a root of a cubic, say)."""


def plain(value: fmpq) -> Fraction | int:
    """A rational of flint as a number of Python."""
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def data_of(poly: Poly) -> list[Any]:
    """A polynomial as plain data."""
    return [[str(value), list(mono)] for mono, value in poly.items()]


class Kernel(Algebra):
    """The checker's rules over tables that grow: a formula that is missing is added."""

    def __init__(self) -> None:
        super().__init__()
        #: The lines of the table of variables, and the numbers that the compiler finds.
        self.table: list[Any] = []
        self.numbers: list[Poly] = []
        #: Does any constant obey relations that the checker does not apply by itself?
        self.exotic = False
        self._exact: dict[int, Exact] = {}
        self._numbers: dict[object, Poly] = {}

    def add(self, line: str, kind: str) -> int:
        """A new variable for a quantity; ``line`` is what the table says of it."""
        self.table.append(line)
        return self.quantity(kind)

    def define(self, name: str, *polys: Poly) -> int:
        v = super().define(name, *polys)
        self.table.append([name, *map(data_of, polys)])
        if v in self.constants or name == "acos":
            self._exact[v] = self._value(name, [self.exact(poly) for poly in polys])
            self.exotic |= name == "cos" or (name == "quotient" and not any(v in pair for pair in self.pairs))
        return v

    @staticmethod
    def _value(name: str, parts: list[Exact]) -> Exact:
        if name == "pi":
            return Exact.pi()
        if name == "root":
            return sqrt(parts[0])
        if name == "quotient":
            return parts[0] / parts[1]
        if name == "acos":
            return acos_degrees(parts[0])
        degrees = parts[0].as_fraction()
        assert degrees is not None
        return Exact(cosine_terms(degrees))

    def formula(self, name: str, *polys: Poly) -> Poly:
        if (name, polys) not in self.formulas:
            self.define(name, *polys)
        return super().formula(name, *polys)

    def exact(self, number: Poly) -> Exact:
        """The value of a constant polynomial."""
        total = Exact.of(0)
        for mono, value in number.items():
            product = Exact.of(value)
            for v in mono:
                product = product * self._exact[v]
            total = total + product
        return total

    def number(self, value: Coefficient | Exact) -> Poly:
        """An exact number as a polynomial of constants."""
        if isinstance(value, fmpq):
            return {(): plain(value)} if value else {}
        key = value.structure()
        found = self._numbers.get(key)
        if found is None:
            found = self._terms(value.num)
            if value.den is not None:
                found = self.times(found, self.inverse(self._terms(value.den), value.den))
            self._numbers[key] = found
        return found

    def inverse(self, below: Poly, terms: Terms) -> Poly:
        """One divided by a number; roots of pi apart, it becomes a variable of its own."""
        if Exact(terms).sign() < 0:
            return self.minus({}, self.formula("quotient", ONE, self.minus({}, below)))
        return self.formula("quotient", ONE, below)

    def _terms(self, terms: Terms) -> Poly:
        # Equal numbers bring equal constants in the same order, however they were computed.
        rows = sorted(
            terms.items(),
            key=lambda item: (item[0][:2], float(item[0][2]), str(structure({item[0]: item[1]}))),
        )
        return self.combine((plain(value), self._key(*key), ONE) for key, value in rows)

    def _key(self, n: int, half_pi: int, degrees: Any, atoms: tuple[Atom, ...]) -> Mono:
        """The product of constants that a key of `terms` stands for."""
        mono: list[Mono] = []
        if n != 1:
            mono += [self._one("root", {(): p}) for p in radical_primes(n)]
        if half_pi:
            pi = self._one("pi")
            mono += [self._one("root", {pi: 1})] * (half_pi % 2)
            whole = half_pi // 2
            mono += [pi if whole > 0 else self._one("quotient", ONE, {pi: 1})] * abs(whole)
        if degrees:
            mono.append(
                self._one(
                    "cos", {(): plain(fmpq(Fraction(degrees).numerator, Fraction(degrees).denominator))}
                )
            )
        mono += [self.atom(atom) for atom in atoms]
        return tuple(sorted(v for part in mono for v in part))

    def _one(self, name: str, *polys: Poly) -> Mono:
        ((mono, _),) = self.formula(name, *polys).items()
        return mono

    def atom(self, atom: Atom) -> Mono:
        """The variable of an atom; `NoWitness` for roots that are not square roots."""
        if atom.kind == "poly" or (atom.kind == "root" and atom.power != 2):
            raise NoWitness("a root that is not a square root")
        return self._one(atom.kind, self.number(atom.square))


def convert(kernel: Kernel, variable: Callable[[int], Poly], poly: algebra.Poly) -> Poly:
    """A polynomial of the algebra; ``variable`` gives the checker's variable for one of its variables."""
    total: Poly = {}
    for mono, value in sorted(poly.terms.items(), key=lambda item: item[0]):
        term = kernel.times(kernel.number(value), *map(variable, mono))
        total = kernel.minus(total, term, -1) if total else term
    return total


class Growing(Compiler):
    """The checker's compiler; roots and inverses of numbers are noted for it."""

    algebra: Kernel

    def inverse(self, number: Poly) -> Poly:
        if number and set(number) != {()}:
            value = self.algebra.number(1 / self.algebra.exact(number))
            self._note(value, self.algebra.times(value, number) == ONE)
        return super().inverse(number)

    def root(self, inside: Poly) -> Poly:
        if inside and self.algebra.constant(inside):
            value = self.algebra.number(sqrt(self.algebra.exact(inside)))
            self._note(value, self.algebra.times(value, value) == inside)
        return super().root(inside)

    def _note(self, number: Poly, fits: bool) -> None:
        if fits and number not in self.numbers:
            self.numbers.append(number)
