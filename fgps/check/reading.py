"""What a proof reads off its figure: guards, and which of several roots is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fgps.check.coordinates import read_model, verify_model
from fgps.check.numeric import Model, Value, add, mul
from fgps.check.polynomials import Poly, need
from fgps.check.table import Table
from fgps.lang.ast import Call
from fgps.lang.printer import print_term


class Reading:
    """The figure of a certificate, verified on first use.

    ``read`` are the facts read off it, ``holes`` those that nothing shows.  ``givens`` are the problem's;
    the first ones of ``otherwise`` are read the other way round, the second ones contradict the others.
    """

    def __init__(self, table: Table, data: Any, givens: Sequence[Call], *otherwise: Sequence[Call]) -> None:
        self.table, self.theory, self.figure, self.data = table, table.theory, table.figure, data
        self.givens, (self.aside, self.left_out) = givens, otherwise
        self.model: Model | None = None
        self.read: dict[str, None] = {}
        self.holes: dict[str, None] = {}

    def guard(self, guard: Call) -> None:
        """A strict inequality that is read off the coordinates."""
        text = print_term(guard, "infix")
        if self.data is None:
            self.holes[text] = None
        else:
            need(self.coordinates().holds(guard), f"not so in the figure: {text}")
            self.read[text] = None

    def settles(self, kind: str, poly: Poly) -> bool:
        """What an algebra step asks the figure: is the polynomial not zero, or not negative?"""
        need(self.data is not None, "there is no figure to read from")
        self.coordinates()
        value, error = self.measure(poly)
        return abs(value) > error if kind == "different" else value > -error

    def measure(self, poly: Poly) -> Value:
        """The value of a polynomial in the figure."""
        assert self.model is not None
        total: Value = (0.0, 0.0)
        for mono, factor in poly.items():
            product: Value = (float(factor), 1e-15 * abs(float(factor)))
            for variable in mono:
                product = mul(product, self.measured(variable))
            total = add(total, product)
        return total

    def measured(self, variable: int) -> Value:
        """The value of a variable in the figure."""
        assert self.model is not None
        algebra = self.table.algebra
        if variable in self.table.terms:
            return self.model.term(self.table.terms[variable])
        if variable in algebra.constants:
            low, high = map(float, algebra.enclosure(variable, 60))
            return (low + high) / 2, high - low + 1e-15 * high
        name, polys = algebra.formulas[variable]
        parts = [self.measure(poly) for poly in polys]
        return self.model.arithmetic({"quotient": "Div", "root": "sqrt"}.get(name, name), parts)

    def coordinates(self) -> Model:
        """The figure, once it is seen to satisfy construction and givens."""
        if self.model is None:
            self.model, rounded = read_model(self.theory, self.data)
            kept = [given for given in self.givens if given not in (*self.aside, *self.left_out)]
            notes = (f"read the other way round: {print_term(given, 'infix')}" for given in self.aside)
            gaps = (f"the figure leaves out {print_term(given, 'infix')}" for given in self.left_out)
            self.holes.update(dict.fromkeys(gaps))
            remarks = verify_model(self.model, self.figure, kept, self.aside)
            self.read.update(dict.fromkeys((*notes, *remarks, *([rounded] if rounded else []))))
        return self.model
