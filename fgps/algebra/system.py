"""A growing set of exact equations between the quantities of a figure, closed incrementally.

`System.add` enters an equation and draws the cheap conclusions at once: elimination with every monomial as
a column (`rows.py`), products on exponents (`products.py`), equations in one unknown (`univariate.py`),
trigonometry (`trig.py`).  `entails` and `value` ask; what they cannot answer from the closures they
look for among the roots left open, then in small nonlinear systems (`solve.py`).  Every
answer carries a `Derivation`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fgps.algebra.budget import Budget, OutOfBudget
from fgps.algebra.conclusions import Conclusions
from fgps.algebra.derivation import Added, Clash, Derivation, Open
from fgps.algebra.exact import Exact
from fgps.algebra.models import Models, Numeric
from fgps.algebra.nodes import Excluded, Node, sources
from fgps.algebra.poly import ONE, Poly, coefficient, sign_of
from fgps.algebra.products import Products
from fgps.algebra.ranges import Ranges, natural_range
from fgps.algebra.rows import Rows
from fgps.algebra.terms import TooLarge, Undecided
from fgps.algebra.trig import Trigonometry

if TYPE_CHECKING:
    pass

__all__ = ["Added", "Clash", "Derivation", "System"]

#: Steps that one `add` may take, and one query.
ADD_STEPS = 200_000
QUERY_STEPS = 400_000
UNDETERMINED_STEPS = 4_000

_RANKS = {"length": 2, "angle": 2, "area": 2, "ratio": 3, "free": 1}


class System:
    """See the module.  ``numeric(variable)`` gives its values in the numeric models, if there are any."""

    def __init__(self, numeric: Numeric | None = None) -> None:
        self.variables: dict[Hashable, int] = {}
        self.kinds: list[str] = []
        self._positive: list[bool] = []
        self.ranges = Ranges()
        self.rows = Rows(self._rank, self.is_positive, self.why_positive)
        self.products = Products()
        self.conclusions = Conclusions(self)
        self.trigonometry = Trigonometry(self)
        #: How auxiliary variables are computed: ("sin", angle), ("quotient", num, den), ("root", inside).
        self.formulas: dict[int, tuple[Any, ...]] = {}
        self.models = Models(self, numeric)
        self.equations: list[Node] = []
        self.bounds: dict[int, list[tuple[int, Fraction | None, Fraction | None]]] = {}
        self.open: dict[int | str, Open] = {}
        self.clashes: list[Clash] = []
        #: Why a variable that is not positive by its kind is positive.
        self.positive_because: dict[int, Node] = {}

    # -- variables ------------------------------------------------------------------------------

    def variable(self, key: Hashable, kind: str) -> int:
        """The id of the quantity ``key``; ``kind``: length angle area ratio (positive) or free."""
        found = self.variables.get(key)
        if found is None:
            found = len(self.kinds)
            self.variables[key] = found
            self.kinds.append(kind)
            self._positive.append(kind != "free")
            self.ranges.of.append(natural_range(kind))
        return found

    def poly(self, variable: int) -> Poly:
        """The polynomial that is this variable."""
        return Poly.variable(variable)

    def is_positive(self, variable: int) -> bool:
        """Is the quantity known to be positive?"""
        return self._positive[variable]

    def why_positive(self, variables: Iterable[int]) -> tuple[Node, ...]:
        """The nodes on which the positivity of variables rests (none for quantities of the figure)."""
        known = self.positive_because
        return tuple(known[variable] for variable in dict.fromkeys(variables) if variable in known)

    def make_positive(self, variable: int, because: tuple[Node, ...]) -> None:
        """Note that a variable is positive."""
        if self._positive[variable]:
            return
        self._positive[variable] = True
        node = Node("positive", {}, data=variable, parents=because)
        self.positive_because[variable] = node
        self.ranges.bound(variable, Fraction(0), None, None)
        self.ranges.of[variable].because = (*self.ranges.of[variable].because, node)
        # Rows that can now be divided by the variable, or enter the product closure, are looked at again.
        monos = self.rows.products.get(variable, {})
        for user in sorted({user for mono in monos for user in self.rows.where[mono]}):
            self.rows.remove(user)

    def bound(self, variable: int, low: Fraction | None, high: Fraction | None, source: int | None) -> None:
        """State ``low < variable < high``, resting on the caller's ``source``."""
        node = None if source is None else Node("bound", {}, data=source)
        if source is not None:
            self.bounds.setdefault(source, []).append((variable, low, high))
        self.ranges.bound(variable, low, high, node)

    def _rank(self, variable: int) -> tuple[int, int]:
        return (3 if variable in self.formulas else _RANKS[self.kinds[variable]], variable)

    # -- auxiliary variables (what the compiler asks for) ---------------------------------------

    def trig(self, name: str, angle: Poly) -> Poly:
        """``sin``, ``cos`` or ``tan`` of an angle in degrees."""
        return self.trigonometry.function(name, angle)

    def quotient(self, num: Poly, den: Poly) -> Poly:
        """The variable ``num / den``."""
        kind = "ratio" if self.sign_definite(num) and self.sign_definite(den) else "free"
        return self._auxiliary(("quotient", num, den), kind)

    def square_root(self, inside: Poly) -> Poly:
        """The variable ``sqrt(inside)``."""
        kind = "ratio" if self.sign_definite(inside) else "free"
        return self._auxiliary(("root", inside), kind)

    def _auxiliary(self, formula: tuple[Any, ...], kind: str) -> Poly:
        key = (formula[0], *(part.key() for part in formula[1:]))
        new = key not in self.variables
        index = self.variable(key, kind)
        if new:
            self.formulas[index] = formula
            self._define(index, formula)
        return Poly.variable(index)

    def _define(self, index: int, formula: tuple[Any, ...]) -> None:
        """Queue the equation that defines a quotient or a square root."""
        own = Poly.variable(index)
        if formula[0] == "root":
            definition = own * own - formula[1]
            if not self._positive[index]:
                self.ranges.of[index].low = Fraction(-1, 10**9)
        else:
            definition = own * formula[2] - formula[1]
        self.push(definition, Node("definition", definition.terms, data=(index, *formula)))

    def sign_definite(self, poly: Poly) -> bool:
        """Is the polynomial positive because all its terms are?"""
        try:
            return bool(poly.terms) and all(
                sign_of(value) > 0 and all(self._positive[i] for i in mono)
                for mono, value in poly.terms.items()
            )
        except Undecided:
            return False

    # -- entering -------------------------------------------------------------------------------

    def add(self, equation: Poly, source: int, budget: Budget | None = None) -> Added:
        """Enter ``equation = 0``; ``source`` is the caller's id for it."""
        node = Node("equation", equation.terms, data=source)
        self.equations.append(node)
        self.ranges.equation(node)
        before, clashes, count = len(self.conclusions.known), len(self.clashes), self.rows.version
        self.push(equation, node)
        self.close(budget or Budget(steps=ADD_STEPS))
        return Added(
            tuple(self.conclusions.known[before:]), tuple(self.clashes[clashes:]), self.rows.version == count
        )

    def push(self, poly: Poly, node: Node) -> None:
        """Queue a derived equation; `close` enters it."""
        self.rows.push(poly.terms, node)

    def close(self, budget: Budget) -> bool:
        """Draw conclusions until nothing changes; False if the budget ended first."""
        try:
            while True:
                self.rows.run(budget)
                touched = self.rows.touched
                if touched:
                    number = next(iter(touched))
                    row = self.rows.rows.get(number)
                    if row is not None:
                        self.conclusions.inspect(row, budget)
                    touched.pop(number, None)
                    continue
                self.trigonometry.update(budget)
                if not self.rows.queue:
                    break
        except OutOfBudget:
            return False
        finally:
            for node in self.rows.clashes:
                self.clashes.append(Clash(sources(node), node))
            self.rows.clashes.clear()
        return True

    def postpone(
        self,
        form: Poly,
        node: Node,
        roots: list[Exact],
        excluded: tuple[Excluded, ...],
        because: tuple[Node, ...],
        name: str,
    ) -> None:
        """Remember a choice between several angles."""
        self.open[str(form.key())] = Open(form, node, roots, excluded, because, name)

    # -- asking ---------------------------------------------------------------------------------

    def known(self, variable: int) -> Exact | None:
        """The exact value of a variable, if the closures have found it."""
        value = self.rows.value(variable)
        return None if value is None else Exact.of(value)

    def value_node(self, variable: int) -> Node:
        """The node of ``variable - value = 0``."""
        return self.rows.rows[self.rows.simple[variable]].node

    def normal_form(self, poly: Poly, budget: Budget | None = None) -> tuple[Poly, Node | None]:
        """The reduced polynomial and the node of ``poly - reduced = 0`` (None: nothing was used)."""
        reduced, parts = self.rows.reduce(poly.terms, budget or Budget(steps=QUERY_STEPS))
        if not parts:
            return Poly(reduced), None
        return Poly(reduced), Node("combine", (poly - Poly(reduced)).terms, tuple(parts))

    def value(
        self, expression: Poly, effort: int = 2, budget: Budget | None = None
    ) -> tuple[Exact, Derivation] | None:
        """The exact value of the expression.

        Effort 0: closures; 1: open roots by the models; 2: small systems; 3: also look for fewer premises.
        """
        budget = budget or Budget(steps=QUERY_STEPS)
        try:
            self.close(budget)
            found = self.value_now(expression, budget)
            if found is None and effort >= 1 and self.models.settle_open():
                self.close(budget)
                found = self.value_now(expression, budget)
            if found is None and effort >= 2:
                found = self._solve(expression, budget)
            elif found is not None and effort >= 3:
                found = _shorter(self, expression, found, budget)
            return found
        except (OutOfBudget, TooLarge, Undecided):
            return None

    def _solve(self, expression: Poly, budget: Budget) -> tuple[Exact, Derivation] | None:
        """Small systems: what the models select, then the neighbourhood of the expression."""
        from fgps.algebra.solve import determine

        if self.models.numeric is not None:
            from fgps.algebra.select import by_selection

            determined, found = by_selection(self, expression, budget)
            if found is not None:
                return found
            if not determined:
                # To first order it is not fixed; a short look remains for what only signs and ranges fix.
                budget = Budget(steps=UNDETERMINED_STEPS)
        return determine(self, expression, budget)

    def adopt(self, other: System) -> None:
        """Take over the quantities, definitions and bounds of another system, not its equations."""
        for key, index in other.variables.items():
            self.variable(key, other.kinds[index])
        for source, stated in other.bounds.items():
            for variable, low, high in stated:
                self.bound(variable, low, high, source)
        for index, formula in other.formulas.items():
            self.formulas[index] = formula
            if formula[0] in ("sin", "cos", "tan"):
                self.trigonometry.adopt(index, formula)
            else:
                self._define(index, formula)

    def value_now(self, expression: Poly, budget: Budget) -> tuple[Exact, Derivation] | None:
        """The value by the normal form alone."""
        reduced, node = self.normal_form(expression, budget)
        value = reduced.as_constant()
        if value is None:
            return None
        if node is None:
            node = Node("combine", {})
        return Exact.of(value), Derivation(node, self)

    def entails(
        self, expression: Poly, effort: int | None = None, budget: Budget | None = None
    ) -> Derivation | None:
        """Does ``expression = 0`` follow?  Efforts as for `value`.

        By default the models decide: what is false in them is not tried, what is true is tried hard (2);
        without models the closures answer (1).
        """
        budget = budget or Budget(steps=QUERY_STEPS)
        if effort is None:
            seen = self.models.vanishes(expression)
            if seen is False:
                return None
            effort = 2 if seen else 1
        try:
            self.close(budget)
            found = self._entails_now(expression, budget)
            if found is None and effort >= 1 and self.models.settle_open():
                self.close(budget)
                found = self._entails_now(expression, budget)
            if found is None and effort >= 2:
                answer = self._solve(expression, budget)
                found = None if answer is None or answer[0] else answer[1]
            return found
        except (OutOfBudget, TooLarge, Undecided):
            return None

    def _entails_now(self, expression: Poly, budget: Budget) -> Derivation | None:
        reduced, node = self.normal_form(expression, budget)
        if not reduced.terms:
            return Derivation(node or Node("combine", {}), self)
        product = self.conclusions.product_proof(reduced)
        if product is None:
            return None
        if node is None:
            return Derivation(product, self)
        both = Node("combine", expression.terms, ((ONE, (), node), (ONE, (), product)))
        return Derivation(both, self)

    def constant(self, value: Exact | Fraction | int) -> Poly:
        """A constant polynomial."""
        number = coefficient(value)
        return Poly({(): number} if number else {})


def _shorter(
    system: System, expression: Poly, found: tuple[Exact, Derivation], budget: Budget
) -> tuple[Exact, Derivation]:
    """A derivation from fewer equations, if the models point to one."""
    if system.models.numeric is None or len(found[1].sources) < 3:
        return found
    from fgps.algebra.select import by_selection

    other = by_selection(system, expression, budget)[1]
    better = other is not None and len(other[1].sources) < len(found[1].sources)
    return other if better and other is not None and other[0] == found[0] else found
