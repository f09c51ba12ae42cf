"""Which equations determine a quantity?  A sparse linear programme at a numeric model.

To first order a quantity is determined by equations whose gradients combine to its own.  The cheapest such
combination (least sum of absolute factors, each weighted by the cost of its equation) names a handful
of equations, mostly the shortest proof there is.  They are then solved exactly in a system of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fgps.algebra.budget import Budget
from fgps.algebra.exact import Exact
from fgps.algebra.nodes import Node
from fgps.algebra.poly import Coefficient, Poly

if TYPE_CHECKING:
    from fgps.algebra.derivation import Derivation
    from fgps.algebra.system import System

#: Factors below this (relative to the largest) do not count.
_SMALL = 1e-7
#: A slope below this counts as none.
_FLAT = 1e-6
#: How often another choice is tried when the exact solution fails.
ATTEMPTS = 3
#: What the definition of an auxiliary variable costs.
_DEFINITION = 0.02
#: Larger systems are not looked at.
MAX_EQUATIONS = 2000

Row = dict[int, float]


@dataclass(frozen=True, slots=True)
class Selection:
    """``equations``: indices into `System.equations`; ``determined``: did a combination exist at all?"""

    equations: tuple[int, ...]
    determined: bool


class Selector:
    """The gradients of one system at its first model."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._values: dict[int, float | None] = {}
        self._rows: list[tuple[int, Row]] = []
        for index, node in enumerate(system.equations[:MAX_EQUATIONS]):
            row = self.gradient(node.poly)
            if row:
                self._rows.append((index, row))
        for variable, formula in system.formulas.items():
            row = self._definition(variable, formula)
            if row:
                self._rows.append((-1, row))
        self._costs = [_DEFINITION if index < 0 else 1.0 for index, _ in self._rows]

    def _value(self, variable: int) -> float | None:
        if variable not in self._values:
            found = self._system.models.of(variable)
            value = None
            if found is not None:
                first = float(found[0]) if getattr(found, "shape", ()) else float(found)
                value = first if math.isfinite(first) else None
            self._values[variable] = value
        return self._values[variable]

    def gradient(self, poly: Poly) -> Row | None:
        """Scaled by the size of each quantity, the largest entry 1; None if a value is missing."""
        row: Row = {}
        for mono, factor in poly.terms.items():
            number = _float(factor)
            if len(mono) == 1:
                (index,) = mono
                value = self._value(index)
                if value is None:
                    return None
                row[index] = row.get(index, 0.0) + number * (abs(value) or 1.0)
                continue
            values = [self._value(index) for index in mono]
            if any(value is None for value in values):
                return None
            for place, index in enumerate(mono):
                rest = math.prod(value or 0.0 for i, value in enumerate(values) if i != place)
                row[index] = row.get(index, 0.0) + number * rest * self._scale(index)
        return _normal(row)

    def _scale(self, variable: int) -> float:
        return abs(self._value(variable) or 0.0) or 1.0

    def _definition(self, variable: int, formula: tuple[object, ...]) -> Row | None:
        name, *polys = formula
        own = Poly.variable(variable)
        assert all(isinstance(poly, Poly) for poly in polys)
        if name == "quotient":
            return self.gradient(own * polys[1] - polys[0])  # type: ignore[operator]
        if name == "root":
            return self.gradient(own * own - polys[0])  # type: ignore[operator]
        angle = polys[0]
        assert isinstance(angle, Poly)
        total = 0.0
        row: Row = {}
        for mono, factor in angle.terms.items():
            value = self._value(mono[0]) if mono else 1.0
            if value is None:
                return None
            total += _float(factor) * value
            if mono:
                row[mono[0]] = _float(factor) * self._scale(mono[0])
        radians = math.radians(total)
        slope = {"sin": math.cos(radians), "cos": -math.sin(radians)}.get(str(name))
        if slope is None:
            slope = 1.0 / max(math.cos(radians) ** 2, 1e-12)
        if abs(slope) < _FLAT:
            # The sine of a right angle is flat there, but it rests on the angle all the same.
            slope = 1.0
        row = {index: -value * slope * math.pi / 180 for index, value in row.items()}
        row[variable] = row.get(variable, 0.0) + self._scale(variable)
        return _normal(row)

    def select(self, expression: Poly) -> Selection | None:
        """The cheapest combination for the gradient of an expression; None if it has no value there."""
        goal = self.gradient(expression)
        if goal is None:
            return None
        if not goal:
            return Selection((), True)
        factors = _combination([row for _, row in self._rows], self._costs, goal)
        if factors is None:
            return Selection((), False)
        chosen = _chosen(factors)
        for j in chosen:
            self._costs[j] *= 3
        return Selection(tuple(self._rows[j][0] for j in chosen if self._rows[j][0] >= 0), True)

    def cheapest(self, expression: Poly, cost: Callable[[int], float], below: int) -> tuple[int, ...] | None:
        """The sources of a cheap combination for the gradient of an expression.

        Only equations whose source is less than ``below`` are used, each at the ``cost`` of its source;
        None if no combination of those exists.
        """
        goal = self.gradient(expression)
        if not goal:
            return None if goal is None else ()
        equations = self._system.equations
        usable = [(i, row) for i, row in self._rows if i < 0 or equations[i].data < below]
        costs = [_DEFINITION if i < 0 else cost(equations[i].data) for i, _ in usable]
        factors = _combination([row for _, row in usable], costs, goal)
        if factors is None:
            return None
        return tuple(equations[usable[j][0]].data for j in _chosen(factors) if usable[j][0] >= 0)


def _combination(rows: Sequence[Row], costs: Sequence[float], goal: Row) -> list[float] | None:
    """Factors for the rows that combine to the goal at the least sum of cost times size; None if none do."""
    import numpy
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    names = {index: i for i, index in enumerate(sorted({v for row in rows for v in row}))}
    if any(index not in names for index in goal):
        return None
    starts, places, data = [0], [], []
    for sign in (1.0, -1.0):
        for row in rows:
            places += [names[v] for v in row]
            data += [sign * x for x in row.values()]
            starts.append(len(places))
    matrix = csc_array((data, places, starts), shape=(len(names), 2 * len(rows)))
    wanted = numpy.zeros(len(names))
    for index, value in goal.items():
        wanted[names[index]] = value
    answer = linprog(numpy.array([*costs, *costs]), A_eq=matrix, b_eq=wanted, method="highs")
    if answer.status != 0:
        return None
    factors: list[float] = (answer.x[: len(rows)] - answer.x[len(rows) :]).tolist()
    return factors


def _chosen(factors: Sequence[float]) -> list[int]:
    """Which factors count."""
    largest = max(map(abs, factors), default=0.0)
    return [j for j, factor in enumerate(factors) if abs(factor) > _SMALL * largest]


def _float(factor: Coefficient) -> float:
    return float(factor) if isinstance(factor, Exact) else int(factor.p) / int(factor.q)


def _normal(row: Row) -> Row:
    largest = max((abs(value) for value in row.values()), default=0.0)
    if not largest > 0 or not math.isfinite(largest):
        return {}
    return {index: value / largest for index, value in row.items() if abs(value) > 1e-13 * largest}


def restricted(system: System, equations: Sequence[Node]) -> System:
    """A system with the same quantities and bounds, but only some of the equations."""
    from fgps.algebra.system import System

    result = System(system.models.numeric)
    result.adopt(system)
    for node in equations:
        result.add(node.poly, node.data)
    return result


def _take_over(system: System, small: System) -> None:
    """Let a system know the auxiliary variables that one restricted from it has made, by the same numbers."""
    count = len(system.kinds)
    for key, index in small.variables.items():
        if index >= count:
            system.variable(key, small.kinds[index])
            system.formulas[index] = small.formulas[index]


def by_selection(
    system: System, expression: Poly, budget: Budget
) -> tuple[bool, tuple[Exact, Derivation] | None]:
    """Solve exactly what the linear programme picks.

    The first result says whether the expression is determined at the model at all.
    """
    from fgps.algebra.solve import determine

    selector = Selector(system)
    tried: set[tuple[int, ...]] = set()
    union: set[int] = set()
    for _ in range(ATTEMPTS):
        selection = selector.select(expression)
        if selection is None:
            return True, None
        if not selection.determined:
            return False, None
        for chosen in (selection.equations, tuple(sorted(union | set(selection.equations)))):
            if chosen in tried or not chosen:
                continue
            tried.add(chosen)
            small = restricted(system, [system.equations[i] for i in sorted(chosen)])
            if not small.clashes:
                found = determine(small, expression, budget)
                if found is not None and not small.clashes:
                    # What rests on the answer speaks of the variables that were made on the way to it.
                    _take_over(system, small)
                    return True, found
        union |= set(selection.equations)
    return True, None
