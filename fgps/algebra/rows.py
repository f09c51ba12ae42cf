"""Incremental Gauss-Jordan elimination on polynomial equations, every monomial being a column.

Invariants between calls of `Rows.run`:

- each row has a pivot monomial with coefficient 1 that occurs in no other row;
- the pivot has the highest degree in its row, so linear rows stay apart from the others;
- a *simple* variable is the pivot of a linear row with at most one other variable; no monomial
  of degree two or more contains a simple variable (they are replaced in it at once).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from fgps.algebra.budget import Budget
from fgps.algebra.nodes import Node, Part
from fgps.algebra.poly import (
    MAX_TERMS,
    ONE,
    Coefficient,
    Monomial,
    add_to,
    common_monomial,
    divide_monomial,
    lower,
    merge,
    without,
)
from fgps.algebra.terms import TooLarge, Undecided

Terms = dict[Monomial, Coefficient]


class Row:
    """``sum(terms) == 0`` with its pivot and its origin."""

    __slots__ = ("node", "pivot", "terms")

    def __init__(self, terms: Terms, pivot: Monomial, node: Node) -> None:
        self.terms = terms
        self.pivot = pivot
        self.node = node


class Rows:
    """The elimination.  ``rank(variable)`` orders pivots; ``positive(variable)``: never zero or negative."""

    def __init__(
        self,
        rank: Callable[[int], tuple[int, int]],
        positive: Callable[[int], bool],
        why: Callable[[Iterable[int]], tuple[Node, ...]] = lambda variables: (),
    ) -> None:
        self._rank = rank
        self._positive = positive
        self._why = why
        self._count = 0
        #: Grows with every change of the table.
        self.version = 0
        self.rows: dict[int, Row] = {}
        self.pivots: dict[Monomial, int] = {}
        self.where: dict[Monomial, dict[int, None]] = {}
        self.products: dict[int, dict[Monomial, None]] = {}
        self.simple: dict[int, int] = {}
        self.queue: deque[tuple[Terms, Node]] = deque()
        #: Rows that are new or changed since the caller last emptied this (in order).
        self.touched: dict[int, None] = {}
        self.clashes: list[Node] = []
        self.oversized: list[Node] = []

    # -- reading --------------------------------------------------------------------------------

    def reduce(self, terms: Terms, budget: Budget) -> tuple[Terms, list[Part]]:
        """The normal form; ``terms - normal form == sum of the parts`` (with the signs of the parts)."""
        result: Terms = {}
        parts: list[Part] = []
        stack = list(terms.items())
        simple, pivots, rows = self.simple, self.pivots, self.rows
        while stack:
            mono, value = stack.pop()
            budget.spend()
            if len(mono) > 1:
                for index in mono:
                    if index in simple:
                        break
                else:
                    index = -1
                if index >= 0:
                    row = rows[simple[index]]
                    rest = without(mono, index)
                    for other, factor in row.terms.items():
                        if other != row.pivot:
                            stack.append((merge(rest, other), lower(-value * factor)))
                    parts.append((value, rest, row.node))
                    if len(stack) > MAX_TERMS:
                        raise TooLarge("reduction")
                    continue
            found = pivots.get(mono)
            if found is None:
                add_to(result, mono, value)
                continue
            row = rows[found]
            for other, factor in row.terms.items():
                if other != mono:
                    add_to(result, other, lower(-value * factor))
            parts.append((value, (), row.node))
        return result, parts

    def value(self, variable: int) -> Coefficient | None:
        """The exact value of a variable, if its row gives one."""
        found = self.simple.get(variable)
        if found is None:
            return None
        terms = self.rows[found].terms
        if len(terms) == 1:
            return 0 * ONE
        constant = terms.get(())
        return -constant if len(terms) == 2 and constant is not None else None

    # -- writing --------------------------------------------------------------------------------

    def push(self, terms: Terms, node: Node) -> None:
        """Queue an equation; `run` enters it."""
        self.queue.append((terms, node))

    def run(self, budget: Budget) -> None:
        """Enter all queued equations.  When the budget ends, the rest stays queued."""
        while self.queue:
            budget.spend()
            terms, node = self.queue[0]
            try:
                self._enter(terms, node, budget)
            except (TooLarge, Undecided):
                self.oversized.append(node)
            self.queue.popleft()

    def _enter(self, terms: Terms, node: Node, budget: Budget) -> None:
        reduced, parts = self.reduce(terms, budget)
        if not reduced:
            return
        if len(reduced) == 1 and () in reduced:
            signed = tuple((-c, m, n) for c, m, n in parts)
            self.clashes.append(Node("combine", reduced, ((ONE, (), node), *signed)))
            return
        # A one-term row of positive quantities says that a positive number is zero: a clash, kept as a row.
        divisor: Monomial = ()
        if len(reduced) > 1 and () not in reduced:
            divisor = tuple(i for i in common_monomial(reduced) if self._positive(i))
            if divisor:
                reduced = {divide_monomial(m, divisor): c for m, c in reduced.items()}
                again = Node(
                    "combine",
                    reduced,
                    ((ONE, (), node), *((-c, m, n) for c, m, n in parts)),
                    parents=self._why(divisor),
                    divisor=divisor,
                )
                self._enter(reduced, again, budget)
                return
        pivot = self._choose(reduced)
        lead = reduced[pivot]
        if lead == ONE:
            if parts:
                node = Node("combine", reduced, ((ONE, (), node), *((-c, m, n) for c, m, n in parts)))
        else:
            inverse = lower(1 / lead)
            reduced = {m: lower(c * inverse) for m, c in reduced.items()}
            scaled = tuple((lower(-c * inverse), m, n) for c, m, n in parts)
            node = Node("combine", reduced, ((inverse, (), node), *scaled))
        self._install(Row(reduced, pivot, node), budget)

    def _choose(self, terms: Terms) -> Monomial:
        """The pivot: highest degree; among variables those that are defined rather than free."""
        top = max(len(mono) for mono in terms)
        if top == 1:
            return max((mono for mono in terms if mono), key=lambda mono: self._rank(mono[0]))
        return max(mono for mono in terms if len(mono) == top)

    def _install(self, row: Row, budget: Budget) -> None:
        users = list(self.where.get(row.pivot, ()))
        # All spending comes before the first change: a spent budget leaves the table consistent.
        budget.spend(1 + len(users) * len(row.terms))
        number = self._count
        self._count += 1
        self.version += 1
        self.rows[number] = row
        self.pivots[row.pivot] = number
        for mono in row.terms:
            self._register(mono, number)
        self.touched[number] = None
        for user in users:
            self._eliminate(user, row)
        if len(row.pivot) == 1:
            self._check_simple(number)
            for user in users:
                if user in self.rows:
                    self._check_simple(user)

    def _register(self, mono: Monomial, number: int) -> None:
        present = self.where.get(mono)
        if present is None:
            self.where[mono] = {number: None}
            if len(mono) > 1:
                for index in mono:
                    self.products.setdefault(index, {})[mono] = None
        else:
            present[number] = None

    def _unregister(self, mono: Monomial, number: int) -> None:
        present = self.where[mono]
        del present[number]
        if not present:
            del self.where[mono]
            if len(mono) > 1:
                for index in dict.fromkeys(mono):
                    del self.products[index][mono]

    def _eliminate(self, number: int, source: Row) -> None:
        row = self.rows[number]
        factor = row.terms[source.pivot]
        terms = dict(row.terms)
        try:
            for mono, value in source.terms.items():
                add_to(terms, mono, lower(-factor * value))
        except (TooLarge, Undecided):
            self.oversized.append(row.node)
            self._drop(number)
            return
        for mono in source.terms:
            before, after = mono in row.terms, mono in terms
            if after and not before:
                self._register(mono, number)
            elif before and not after:
                self._unregister(mono, number)
        row.terms = terms
        row.node = Node("combine", terms, ((ONE, (), row.node), (lower(-factor), (), source.node)))
        self.touched[number] = None

    def _check_simple(self, number: int) -> None:
        """Keep `simple` right for a linear row and replace a newly simple variable in the products."""
        row = self.rows[number]
        if len(row.pivot) != 1:
            return
        variable = row.pivot[0]
        others = len(row.terms) - 1 - (() in row.terms)
        if others > 1:
            self.simple.pop(variable, None)
            return
        self.simple[variable] = number
        monos = self.products.get(variable)
        if monos:
            affected = sorted({user for mono in monos for user in self.where[mono]})
            for user in affected:
                self.remove(user)

    def remove(self, number: int) -> None:
        """Take a row out and queue its equation again."""
        row = self._drop(number)
        self.queue.append((row.terms, row.node))

    def _drop(self, number: int) -> Row:
        row = self.rows.pop(number)
        del self.pivots[row.pivot]
        for mono in row.terms:
            self._unregister(mono, number)
        self.touched.pop(number, None)
        if len(row.pivot) == 1:
            self.simple.pop(row.pivot[0], None)
        return row
