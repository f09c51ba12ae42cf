"""The bridge between statements and the algebra.

Attributes of the figure and free symbols become variables of one `System`; two spellings of
one quantity (a segment read backwards, an angle along extended rays) become the same
variable, because `Quantities` interns them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from fgps.algebra.compile import Problem as NoPolynomial
from fgps.algebra.compile import compile_equation, compile_term
from fgps.algebra.poly import Poly
from fgps.algebra.system import System
from fgps.lang.ast import Call, Term, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.problem.construction import Construction
from fgps.problem.facts import Fact
from fgps.problem.quantities import Quantities, Quantity


class Equations:
    """Compiles terms and equations of one problem into polynomials of its system.

    ``corner_source`` gives the entry of a Polygon fact: the corner of a triangle is below 180
    degrees, and a root that this excludes rests on that fact.
    """

    def __init__(
        self,
        quantities: Quantities,
        construction: Construction,
        system: System,
        corner_source: Callable[[Fact], int],
    ) -> None:
        self._quantities = quantities
        self._construction = construction
        self._corner_source = corner_source
        self._corners: dict[tuple[str, ...], Fact] | None = None
        self._compiled: dict[Call, Poly | str] = {}
        self._missing: Diagnostic | None = None
        self.system = system
        self.variables: dict[int, Quantity | str] = {}

    def attribute(self, call: Call) -> int | None:
        """The variable of an attribute of the figure; None if its entity does not exist."""
        quantity = self._quantities.quantity(call.head, letters(call))
        if isinstance(quantity, Diagnostic):
            self._missing = quantity
            return None
        variable = self.system.variable(quantity, quantity.kind)
        if variable not in self.variables:
            self.variables[variable] = quantity
            if quantity.kind == "angle" and len(quantity.points) == 3:
                self._bound(variable, quantity)
        return variable

    def symbol(self, name: str) -> int:
        """The variable of a free symbol."""
        variable = self.system.variable(("symbol", name), "free")
        self.variables.setdefault(variable, name)
        return variable

    def equation(self, statement: Call) -> Poly | str:
        """``left - right`` without denominators, or in words why it has no meaning here."""
        known = self._compiled.get(statement)
        if known is None:
            self._missing = None
            known = self._or_reason(compile_equation(statement, self.attribute, self.symbol, self.system))
            self._compiled[statement] = known
        return known

    def term(self, term: Term) -> Poly | str:
        """A polynomial whose value is the value of ``term``, or why it has none here."""
        self._missing = None
        return self._or_reason(compile_term(term, self.attribute, self.symbol, self.system))

    def _or_reason(self, compiled: Poly | NoPolynomial) -> Poly | str:
        if isinstance(compiled, Poly):
            return compiled
        return compiled.message if self._missing is None else self._missing.headline

    def _bound(self, variable: int, quantity: Quantity) -> None:
        if self._corners is None:
            self._corners = {}
            for polygon in self._construction.polygons:
                if len(polygon) == 3:
                    for i in range(3):
                        corner = (polygon[i - 1], polygon[i], polygon[(i + 1) % 3])
                        self._corners.setdefault(
                            self._construction.angle_class(*corner), ("Polygon", polygon)
                        )
        triangle = self._corners.get(quantity.points)
        if triangle is not None:
            self.system.bound(variable, Fraction(0), Fraction(180), self._corner_source(triangle))
