"""Small nonlinear systems: what the closures leave open.

Around the quantity that is asked for, the rows of the elimination are completed as in Buchberger's algorithm
(graded reverse lexicographic order), with two liberties that positivity gives: common factors that
are positive are divided away at once, and so are factors whose terms are all positive.  As soon as a
combination is linear, has one unknown, or relates two products, it goes back to the closures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgps.algebra.budget import Budget
from fgps.algebra.exact import Exact
from fgps.algebra.factor import drop_positive_factors
from fgps.algebra.nodes import Node, Part
from fgps.algebra.poly import (
    ONE,
    Coefficient,
    Monomial,
    Poly,
    add_to,
    common_monomial,
    divide_monomial,
    lower,
    merge,
)
from fgps.algebra.terms import TooLarge, Undecided

if TYPE_CHECKING:
    from fgps.algebra.derivation import Derivation
    from fgps.algebra.system import System

Terms = dict[Monomial, Coefficient]

#: Limits of one completion: rows taken, pairs tried, degree and terms of what is kept.
MAX_ROWS = 40
MAX_PAIRS = 160
MAX_DEGREE = 8
MAX_TERMS = 60
#: How often a result may go back to the closures before the search ends.
ROUNDS = 14


def determine(system: System, expression: Poly, budget: Budget) -> tuple[Exact, Derivation] | None:
    """The value of an expression from a small system around it; None if none is found in the budget."""
    system.trigonometry.deepen()
    done: set[object] = set()
    for _ in range(ROUNDS):
        system.close(budget)
        found = system.value_now(expression, budget)
        if found is None and system.models.settle_open():
            system.close(budget)
            found = system.value_now(expression, budget)
        if found is not None:
            return found
        _spread_positivity(system)
        fresh = _complete(system, expression, budget, done)
        if not fresh:
            return None
        for terms, node in fresh:
            system.push(Poly(terms), node)
    return None


def _spread_positivity(system: System) -> None:
    """Free symbols whose range has become positive."""
    system.ranges.tighten()
    for variable, span in enumerate(system.ranges.of):
        if span.low is not None and span.low >= 0 and not span.point and not system.is_positive(variable):
            system.make_positive(variable, span.because)


class _Element:
    """A member of the growing basis."""

    __slots__ = ("lead", "node", "terms")

    def __init__(self, terms: Terms, node: Node) -> None:
        self.terms = terms
        self.node = node
        self.lead = max(terms, key=_order)


def _order(mono: Monomial) -> tuple[int, Monomial]:
    return (len(mono), mono)


def _complete(
    system: System, expression: Poly, budget: Budget, done: set[object]
) -> list[tuple[Terms, Node]]:
    """Run the completion until it finds something for the closures."""
    basis = _neighbourhood(system, expression)
    completion = _Completion(system, basis, system.normal_form(expression)[0], budget, done)
    return completion.run() or completion.minimal_polynomials(expression)


def _neighbourhood(system: System, expression: Poly) -> list[_Element]:
    """Rows connected with the expression, nearest first."""
    rows = system.rows
    seen_variables: dict[int, None] = dict.fromkeys(system.normal_form(expression)[0].variables())
    found: dict[int, None] = {}
    frontier = list(seen_variables)
    users: dict[int, list[int]] = {}
    for number, row in rows.rows.items():
        for index in {index for mono in row.terms for index in mono}:
            users.setdefault(index, []).append(number)
    while frontier and len(found) < MAX_ROWS:
        following: list[int] = []
        for variable in frontier:
            for number in users.get(variable, ()):
                if number not in found:
                    found[number] = None
                    for index in sorted({index for mono in rows.rows[number].terms for index in mono}):
                        if index not in seen_variables:
                            seen_variables[index] = None
                            following.append(index)
        frontier = following
    return [_Element(rows.rows[number].terms, rows.rows[number].node) for number in list(found)[:MAX_ROWS]]


class _Completion:
    """One run of the completion."""

    def __init__(
        self, system: System, basis: list[_Element], goal: Poly, budget: Budget, done: set[object]
    ) -> None:
        self._system = system
        self._goal = goal
        self._budget = budget
        self._done = done
        self._basis = basis
        self._pairs: list[tuple[tuple[int, int, int, int], int, int]] = []
        self._results: list[tuple[Terms, Node]] = []

    def run(self) -> list[tuple[Terms, Node]]:
        """What goes back to the closures (empty: nothing more is to be found)."""
        # A linear row whose variable occurs in products: substitute it there first.
        for element in list(self._basis):
            if len(element.lead) > 1:
                self._consider(element.terms, element.node, without=element)
        if self._results:
            return self._results
        self._cancel_constants()
        if self._results:
            return self._results
        for i in range(len(self._basis)):
            self._add_pairs(i)
        tried = 0
        while self._pairs and tried < MAX_PAIRS:
            self._pairs.sort(reverse=True)
            _, i, j = self._pairs.pop()
            tried += 1
            self._pair(self._basis[i], self._basis[j])
            if self._results:
                return self._results
        return self.goal()

    def goal(self) -> list[tuple[Terms, Node]]:
        """The expression itself, if the basis reduces it to a number."""
        start = self._goal.terms
        zero = Node("combine", {})
        try:
            terms, node = self._reduce(start, zero, None)
        except TooLarge:
            return []
        if any(terms) or not node.parts:
            return []
        equation = (self._goal - Poly(terms)).terms
        parts = tuple((lower(-c), m, n) for c, m, n in node.parts if n is not zero)
        return [(equation, Node("combine", equation, parts))] if equation else []

    def _cancel_constants(self) -> None:
        """Differences without a constant term often have a positive factor (homogeneous equations do)."""
        having = [e for e in self._basis if len(e.lead) > 1 and () in e.terms][:12]
        for j, second in enumerate(having):
            for first in having[:j]:
                if ("constants", first.node, second.node) in self._done:
                    continue
                self._done.add(("constants", first.node, second.node))
                a, b = lower(1 / first.terms[()]), lower(-1 / second.terms[()])
                terms: Terms = {}
                for source, factor in ((first, a), (second, b)):
                    for mono, value in source.terms.items():
                        add_to(terms, mono, lower(value * factor))
                self._budget.spend(len(terms))
                if not terms:
                    continue
                node = Node("combine", terms, ((a, (), first.node), (b, (), second.node)))
                smaller, node = drop_positive_factors(self._system, terms, node)
                if len(smaller) < len(terms) or max(map(len, smaller)) < max(map(len, terms)):
                    self._consider(smaller, node)

    def _add_pairs(self, j: int) -> None:
        second = self._basis[j]
        for i in range(j):
            first = self._basis[i]
            if len(first.lead) == 1 and len(second.lead) == 1:
                continue
            common = common_monomial((first.lead, second.lead))
            if not common:
                continue
            degree = len(first.lead) + len(second.lead) - len(common)
            if degree <= MAX_DEGREE:
                key = (degree, len(first.terms) + len(second.terms), j, i)
                self._pairs.append((key, i, j))

    def _pair(self, first: _Element, second: _Element) -> None:
        mark = (first.node, second.node)
        if mark in self._done:
            return
        self._done.add(mark)
        common = common_monomial((first.lead, second.lead))
        left, right = divide_monomial(second.lead, common), divide_monomial(first.lead, common)
        a, b = lower(1 / first.terms[first.lead]), lower(-1 / second.terms[second.lead])
        terms: Terms = {}
        try:
            for source, factor, mono in ((first, a, left), (second, b, right)):
                for other, value in source.terms.items():
                    add_to(terms, merge(mono, other), lower(value * factor))
            self._budget.spend(len(terms))
            self._consider(terms, Node("combine", terms, ((a, left, first.node), (b, right, second.node))))
        except (TooLarge, Undecided):
            return

    def _consider(self, terms: Terms, node: Node, without: _Element | None = None) -> None:
        """Reduce a combination; keep it, or return it to the closures."""
        system = self._system
        before = terms
        terms, node = self._reduce(terms, node, without)
        if not terms:
            return
        terms, node = drop_positive_factors(system, terms, node)
        if terms == before and without is not None:
            return
        if self._is_simple(terms):
            if not self._known(terms):
                self._results.append((terms, node))
            return
        if without is not None:
            without.terms, without.node = terms, node
            without.lead = max(terms, key=_order)
            return
        if len(terms) <= MAX_TERMS:
            self._basis.append(_Element(terms, node))
            self._add_pairs(len(self._basis) - 1)

    def _known(self, terms: Terms) -> bool:
        """Do the closures have it already?"""
        return not self._system.normal_form(Poly(terms))[0]

    def _is_simple(self, terms: Terms) -> bool:
        """Linear, in one unknown, or two products of positive quantities."""
        if all(len(mono) <= 1 for mono in terms):
            return True
        if len({index for mono in terms for index in mono}) == 1:
            return True
        system = self._system
        return len(terms) == 2 and all(system.is_positive(i) for mono in terms for i in mono)

    def _reduce(self, terms: Terms, node: Node, without: _Element | None) -> tuple[Terms, Node]:
        """Normal form by the basis (every monomial, not only the leading one)."""
        result: Terms = {}
        parts: list[Part] = []
        work = dict(terms)
        while work:
            mono = max(work, key=_order)
            value = work.pop(mono)
            self._budget.spend()
            element = self._divisor(mono, without)
            if element is None:
                result[mono] = value
                continue
            rest = divide_monomial(mono, element.lead)
            factor = lower(-value / element.terms[element.lead])
            for other, amount in element.terms.items():
                if other != element.lead:
                    add_to(work, merge(rest, other), lower(factor * amount))
            parts.append((factor, rest, element.node))
            if len(work) > 4 * MAX_TERMS:
                raise TooLarge("reduction")
        if not parts:
            return result, node
        return result, Node("combine", result, ((ONE, (), node), *parts))

    def minimal_polynomials(self, expression: Poly) -> list[tuple[Terms, Node]]:
        """An equation in one unknown for a variable of the expression, if its powers become dependent."""
        for variable in self._system.normal_form(expression)[0].variables():
            if ("powers", variable) in self._done:
                continue
            self._done.add(("powers", variable))
            try:
                found = self._dependency(variable)
            except (TooLarge, Undecided):
                continue
            if found is not None:
                return [found]
        return []

    def _dependency(self, variable: int) -> tuple[Terms, Node] | None:
        rows: list[tuple[Monomial, Terms, dict[int, Coefficient]]] = []
        nodes: list[Node] = []
        for power in range(MAX_DEGREE + 1):
            mono = (variable,) * power
            start: Terms = {mono: ONE}
            zero = Node("combine", {})
            vector, node = self._reduce(start, zero, None)
            difference = Poly(start) - Poly(vector)
            parts = tuple((lower(-c), m, n) for c, m, n in node.parts if n is not zero)
            nodes.append(Node("combine", difference.terms, parts))
            if len(vector) > MAX_TERMS:
                return None
            combination: dict[int, Coefficient] = {power: ONE}
            for pivot, row, mixed in rows:
                factor = vector.get(pivot)
                if factor is None:
                    continue
                vector = dict(vector)
                for other, value in row.items():
                    add_to(vector, other, lower(-factor * value))
                for index, value in mixed.items():
                    total = lower(combination.get(index, 0 * ONE) - factor * value)
                    if total:
                        combination[index] = total
                    else:
                        combination.pop(index, None)
            if not vector:
                terms = {(variable,) * index: value for index, value in combination.items()}
                if len(terms) < 2:
                    return None
                return terms, Node("combine", terms, tuple((v, (), nodes[i]) for i, v in combination.items()))
            pivot = max(vector, key=_order)
            inverse = lower(1 / vector[pivot])
            rows.append(
                (
                    pivot,
                    {m: lower(v * inverse) for m, v in vector.items()},
                    {i: lower(v * inverse) for i, v in combination.items()},
                )
            )
        return None

    def _divisor(self, mono: Monomial, without: _Element | None) -> _Element | None:
        for element in self._basis:
            if element is not without and _divides(element.lead, mono):
                return element
        return None


def _divides(divisor: Monomial, mono: Monomial) -> bool:
    if len(divisor) > len(mono):
        return False
    if len(divisor) == 1:
        return divisor[0] in mono
    position = 0
    for index in divisor:
        while position < len(mono) and mono[position] < index:
            position += 1
        if position == len(mono) or mono[position] != index:
            return False
        position += 1
    return True
