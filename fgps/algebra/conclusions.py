"""What single rows of the elimination tell: values, signs, products, roots, contradictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq

from fgps.algebra.budget import Budget
from fgps.algebra.derivation import Clash, Open
from fgps.algebra.exact import Exact
from fgps.algebra.functions import NoRealValue
from fgps.algebra.nodes import Excluded, Node, RootChoice, sources
from fgps.algebra.poly import Coefficient, Poly
from fgps.algebra.products import build_constant, log_row, row_terms
from fgps.algebra.ranges import Range
from fgps.algebra.rows import Row
from fgps.algebra.terms import TooLarge, Undecided
from fgps.algebra.univariate import solve_univariate

if TYPE_CHECKING:
    from fgps.algebra.system import System


class Conclusions:
    """Looks at rows that are new or changed and hands what follows back to the system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._fed: set[Node] = set()
        #: Variables in the order in which their values became known.
        self.known: list[int] = []

    def inspect(self, row: Row, budget: Budget) -> None:
        """What one new or changed row tells by itself."""
        try:
            if len(row.pivot) == 1:
                self._inspect_linear(row)
                return
            positive = self._system.is_positive
            if len(row.terms) <= 2 and all(positive(i) for mono in row.terms for i in mono):
                self._feed(row)
            if self._is_univariate(row.terms):
                self._solve_row(row, budget)
        except (Undecided, TooLarge, NoRealValue):
            return

    def _inspect_linear(self, row: Row) -> None:
        size = len(row.terms)
        if size <= 2:
            self._inspect_simple(row, size)
        elif size == 3 and () in row.terms:
            self._spread_sign(row)
        if 2 <= size <= 6 and self._system.sign_definite(Poly(row.terms)):
            # The pivot's coefficient is 1: a sum of positive terms that is zero.
            self._clash(Node("range", {}, data=None, parents=(row.node,)))

    def _inspect_simple(self, row: Row, size: int) -> None:
        variable = row.pivot[0]
        if size == 1 or () in row.terms:
            found = self._system.rows.value(variable)
            assert found is not None
            value = Exact.of(found)
            self.known.append(variable)
            span = self._system.ranges.of[variable]
            try:
                if span.excludes(value):
                    self._clash(Node("range", {}, data=(variable, value), parents=(row.node, *span.because)))
            except Undecided:
                pass
        elif size == 2:
            self._spread_sign(row)
        if variable in self._system.products.where or variable in self._system.products.rows:
            if size == 2 and all(self._system.is_positive(i) for mono in row.terms for i in mono):
                self._feed(row)

    def _spread_sign(self, row: Row) -> None:
        """``a*x + b*y + c = 0``: positivity of one variable may bring that of the other."""
        for mono in row.terms:
            if mono and not self._system.is_positive(mono[0]):
                factor = row.terms[mono]
                if factor.__class__ is fmpq:
                    rest = {m: -v / factor for m, v in row.terms.items() if m != mono}
                    span = self._system.ranges.linear(rest)
                    if span.low is not None and span.low >= 0:
                        self._system.make_positive(mono[0], (row.node, *span.because))

    def _clash(self, node: Node) -> None:
        self._system.clashes.append(Clash(sources(node), node))

    def _feed(self, row: Row) -> None:
        """Give a two-term row to the product closure, and its conclusions back."""
        if len(row.terms) < 2:
            self._clash(Node("range", {}, data=None, parents=(row.node,)))
            return
        if row.node in self._fed:
            return
        self._fed.add(row.node)
        for result in self._system.products.enter(row.terms, row.node):
            found = row_terms(result)
            if found is not None:
                terms, power = found
                parts = {key: (node, value * power) for key, (node, value) in result.parts.items()}
                self._system.push(Poly(terms), self.product_node(terms, parts))
        for clash in self._system.products.clashes:
            number = build_constant(clash.constant, fmpq(1))
            if number is not None and _differs(number, 1):
                parents = tuple(node for node, _ in clash.parts.values())
                self._clash(Node("range", {}, data=None, parents=parents))
        self._system.products.clashes.clear()

    def product_proof(self, poly: Poly) -> Node | None:
        """A proof of ``poly = 0`` for two terms of positive quantities by the products, or None."""
        terms = poly.terms
        positive = self._system.is_positive
        if len(terms) != 2 or not all(positive(i) for mono in terms for i in mono):
            return None
        row = log_row(terms, None)
        if row is None:
            return None
        left = self._system.products.reduce(row)
        if left.powers:
            return None
        if left.constant:
            number = build_constant(left.constant, fmpq(1))
            if number is None or number != 1:
                return None
        return self.product_node(terms, {key: (n, -v) for key, (n, v) in left.parts.items()})

    def product_node(self, terms: dict[Any, Coefficient], parts: dict[int, tuple[Node, fmpq]]) -> Node:
        data = tuple((value, node) for node, value in parts.values())
        used = {index for node, _ in parts.values() for mono in node.terms for index in mono}
        return Node(
            "product",
            terms,
            data=data,
            parents=(*(node for _, node in data), *self._system.why_positive(sorted(used))),
        )

    @staticmethod
    def _is_univariate(terms: dict[Any, Coefficient]) -> bool:
        seen = -1
        for mono in terms:
            if mono:
                if seen < 0:
                    seen = mono[0]
                if mono[0] != seen or mono[-1] != seen:
                    return False
        return True

    def _solve_row(self, row: Row, budget: Budget) -> None:
        variable = row.pivot[0]
        budget.spend(20 * len(row.pivot))
        roots = solve_univariate({len(mono): value for mono, value in row.terms.items()})
        if roots is not None:
            self._choose(variable, roots, row.node)

    def _choose(self, variable: int, roots: list[Exact], node: Node) -> None:
        """Take the one root that sign and range allow; several stay open, none is a clash."""
        span = self._system.ranges.of[variable]
        kept = [root for root in roots if not span.excludes(root)]
        if len(kept) > 1:
            self._system.ranges.tighten()
            kept = [root for root in kept if not span.excludes(root)]
        out = tuple(Excluded(root, "range") for root in roots if root not in kept)
        if not kept:
            self._clash(Node("range", {}, data=None, parents=(node, *span.because)))
        elif len(kept) == 1:
            self._take_root(variable, kept[0], node, out, span)
        else:
            self._system.open[variable] = Open(Poly.variable(variable), node, kept, out, span.because, "root")

    def _take_root(
        self, variable: int, root: Exact, node: Node, out: tuple[Excluded, ...], span: Range
    ) -> None:
        """Queue ``variable = root``."""
        poly = Poly.variable(variable) - Poly.constant(root)
        because = span.because if out else ()
        self._system.push(
            poly, Node("root", poly.terms, data=RootChoice(variable, root, out), parents=(node, *because))
        )


def _differs(number: Exact, value: int) -> bool:
    """Provably different?  (What cannot be decided is not a contradiction.)"""
    try:
        return bool(number - value)
    except (Undecided, TooLarge):
        return False
