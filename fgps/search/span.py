"""Would this determine the goal?  A question to the gradients at a model.

Around a numeric model every known equation allows only some directions in which the quantities can move.  The
goal is determined (locally) when its gradient is a combination of theirs; so whether one more equation, or
the value of one more quantity, would settle it is a question of linear algebra, and costs no solving.
The answer is a hint for people: it says nothing about exact derivations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.algebra.poly import Poly
from fgps.algebra.system import System
from fgps.engine.state import State
from fgps.lang.ast import Call, letters
from fgps.theory.instantiate import consequences

Array = NDArray[np.float64]

#: A unit gradient that misses the span by less counts as inside.
_INSIDE: Final = 1e-6
#: Directions with smaller singular values (relative) count as free.
_FREE: Final = 1e-8
_MAX_EQUATIONS: Final = 3000
#: How deep the meanings of meanings are followed.
_DEPTH: Final = 4


class Span:
    """The directions that the equations of a state fix at its first model."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._system: System = state.system
        self._values: list[float | None] = [self._value(v) for v in range(len(state.system.kinds))]
        self._basis: Array = np.zeros((0, len(self._values)))
        rows = [self.gradient(node.poly) for node in state.system.equations[:_MAX_EQUATIONS]]
        rows += [self._definition(variable, formula) for variable, formula in state.system.formulas.items()]
        self._basis = self._orthonormal([row for row in rows if row is not None])

    def gradient(self, poly: Poly) -> Array | None:
        """The scaled gradient at the model, of length 1; None if a quantity has no value there."""
        self._extend()
        result = np.zeros(len(self._values))
        for mono, factor in poly.terms.items():
            if any(self._values[index] is None for index in mono):
                return None
            for place, index in enumerate(mono):
                rest = math.prod(self._scaled(other) for i, other in enumerate(mono) if i != place)
                result[index] += float(factor) * rest * self._scale(index)
        return _unit(result)

    def statement(self, statement: Call) -> list[Array] | None:
        """The gradients of an equation, or of the equations that a relation means; None if unknown."""
        found: list[Array] = []
        return found if self._collect(statement, found, _DEPTH) else None

    def contains(self, goal: Array, more: Sequence[Array] = ()) -> bool:
        """Whether the goal's gradient is a combination of the known ones and ``more``."""
        self._extend()
        rest = self._beyond(goal)
        if np.linalg.norm(rest) < _INSIDE:
            return True
        fresh = [self._beyond(row) for row in more]
        extra = self._orthonormal([row for row in fresh if np.linalg.norm(row) > _INSIDE])
        return bool(len(extra)) and bool(np.linalg.norm(rest - extra.T @ (extra @ rest)) < _INSIDE)

    def closing(self, goal: Array) -> list[int]:
        """The variables each of which would determine the goal if its value were known."""
        rest = self._beyond(goal)
        size = float(np.linalg.norm(rest))
        if size < _INSIDE:
            return []
        found = []
        for variable, value in enumerate(self._values):
            if value is None:
                continue
            unit = np.zeros(len(self._values))
            unit[variable] = 1.0
            free = self._beyond(unit)
            length = float(np.linalg.norm(free))
            if length > _INSIDE and abs(abs(free @ rest) - length * size) < _INSIDE * length * size:
                found.append(variable)
        return found

    def _collect(self, statement: Call, found: list[Array], depth: int) -> bool:
        state = self._state
        predicate = state.theory.predicates.get(statement.head)
        if predicate is None:
            poly = state.equations.equation(statement)
            if isinstance(poly, str):
                return False
            row = self.gradient(poly)
            if row is None:
                return False
            found.append(row)
            return True
        if not depth:
            return True
        return all(
            self._collect(part, found, depth - 1)
            for part, _ in consequences(state.theory, predicate, letters(statement))
        )

    def _beyond(self, row: Array) -> Array:
        """What of a gradient the known equations do not fix (twice, against rounding)."""
        row = np.pad(row, (0, len(self._values) - len(row)))
        for _ in range(2):
            row = row - self._basis.T @ (self._basis @ row)
        return row

    def _extend(self) -> None:
        """Take up variables that statements have brought in since."""
        new = range(len(self._values), len(self._system.kinds))
        if new:
            self._values += [self._value(variable) for variable in new]
            self._basis = np.pad(self._basis, ((0, 0), (0, len(new))))

    def _orthonormal(self, rows: list[Array]) -> Array:
        if not rows:
            return np.zeros((0, len(self._values)))
        _, sizes, directions = np.linalg.svd(np.asarray(rows), full_matrices=False)
        basis: Array = directions[sizes > _FREE * max(1.0, float(sizes[0]))]
        return basis

    def _value(self, variable: int) -> float | None:
        values = self._system.models.of(variable)
        if values is None:
            return None
        first = float(np.atleast_1d(values)[0])
        return first if math.isfinite(first) else None

    def _scale(self, variable: int) -> float:
        """Quantities are measured by their own size, so that degrees and lengths can be compared."""
        return max(abs(self._values[variable] or 0.0), 1e-3)

    def _scaled(self, variable: int) -> float:
        return self._values[variable] or 0.0

    def _definition(self, variable: int, formula: tuple[object, ...]) -> Array | None:
        """The gradient of the equation that defines an auxiliary variable."""
        kind, *parts = formula
        polys = [part for part in parts if isinstance(part, Poly)]
        own = Poly.variable(variable)
        if kind == "quotient":
            return self.gradient(own * polys[1] - polys[0])
        if kind == "root":
            return self.gradient(own * own - polys[0])
        angle, value = polys[0], self._values[variable]
        inner = self._raw(angle)
        turn = self._system.models.poly(angle)
        if inner is None or value is None or turn is None:
            return None
        radians = math.radians(float(np.atleast_1d(turn)[0]))
        slope = {"sin": math.cos(radians), "cos": -math.sin(radians), "tan": 1.0 + math.tan(radians) ** 2}
        row = -slope[str(kind)] * math.pi / 180.0 * inner
        row[variable] += self._scale(variable)
        return _unit(row)

    def _raw(self, poly: Poly) -> Array | None:
        """As `gradient`, for linear polynomials, without the unit length."""
        result = np.zeros(len(self._values))
        for mono, factor in poly.terms.items():
            if len(mono) == 1 and self._values[mono[0]] is not None:
                result[mono[0]] += float(factor) * self._scale(mono[0])
            elif mono:
                return None
        return result


def _unit(row: Array) -> Array | None:
    length = float(np.linalg.norm(row))
    return row / length if math.isfinite(length) and length > 0 else None
