"""Numbers and polynomials of a witness as plain data."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from fgps.algebra.exact import Exact
from fgps.algebra.poly import Coefficient, Poly
from fgps.algebra.terms import Atom, Terms


class NoWitness(Exception):
    """The derivation uses something that the format has no step for (a root of a cubic, say)."""


class Writer:
    """Numbers and polynomials as plain data; collects the atoms."""

    def __init__(self) -> None:
        self.atoms: list[Any] = []
        self.places: dict[Atom, int] = {}

    def number(self, value: Coefficient | Exact) -> Any:
        """A rational as text, any other number as its terms."""
        if isinstance(value, fmpq):
            return str(value)
        number = Exact.of(value)
        if number.den is not None:
            return {"num": self.terms(number.num), "den": self.terms(number.den)}
        rational = number.as_rational()
        return str(rational) if rational is not None else self.terms(number.num)

    def terms(self, terms: Terms) -> list[Any]:
        """The terms of a sum of atoms."""
        return [
            [str(value), n, h, str(c), sorted(self.atom(atom) for atom in atoms)]
            for (n, h, c, atoms), value in terms.items()
        ]

    def atom(self, atom: Atom) -> int:
        """The place of an atom in the list; raises `NoWitness` for roots that are not square roots."""
        place = self.places.get(atom)
        if place is None:
            if (
                atom.kind == "poly"
                or (atom.kind == "root" and atom.power != 2)
                or atom.square.den is not None
            ):
                raise NoWitness("a root that is not a square root")
            inner = self.terms(atom.square.num)
            place = len(self.atoms)
            self.places[atom] = place
            self.atoms.append([atom.kind, inner])
        return place

    def poly(self, poly: Poly) -> list[Any]:
        """A polynomial: coefficient and monomial of each term."""
        return [[self.number(value), list(mono)] for mono, value in poly.terms.items()]
