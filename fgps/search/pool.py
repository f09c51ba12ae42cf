"""Candidates that wait until it is clear which of them the goal needs.

Theorems that conclude nothing but linear equations make up most of what a figure offers (every angle sum of
every triangle), and nothing new becomes applicable by them.  So they are put off; then elimination over
all their conclusions, which are true in the figure, names the few that determine a wanted quantity.
"""

from __future__ import annotations

from collections.abc import Hashable

from fgps.algebra.poly import Poly
from fgps.algebra.sparse import combination
from fgps.engine.state import State
from fgps.lang.diagnostics import Diagnostic
from fgps.search.agenda import Candidate

#: A monomial of the system, or a quantity that the system has not met.
Column = Hashable
Row = dict[Column, float]

_ZERO = 1e-9


class Pool:
    """Linear candidates of one state, in the order in which they came."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: list[Candidate] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, candidate: Candidate) -> None:
        """Put a candidate off; its plan has linear conclusions."""
        self._waiting.append(candidate)

    def take(self, target: Poly) -> list[Candidate]:
        """Those whose conclusions, with what is known, determine the target; none if they do not.

        They leave the pool.
        """
        wanted = self._reduced([(float(value), mono) for mono, value in target.terms.items()])
        rows: list[Row] = []
        owners: list[int] = []
        for number, candidate in enumerate(self._waiting):
            for row in self._conclusions(candidate):
                rows.append(row)
                owners.append(number)
        chosen = combination(rows, wanted)
        if chosen is None:
            return []
        numbers = sorted({owners[index] for index in chosen})
        taken = [self._waiting[number] for number in numbers]
        for number in reversed(numbers):
            del self._waiting[number]
        return taken

    def drain(self) -> list[Candidate]:
        """All that still wait; the pool is empty then."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def _conclusions(self, candidate: Candidate) -> list[Row]:
        """What the candidate would add to the linear equations that are known, constants aside."""
        row, state = candidate.row, self._state
        variables = state.system.variables
        result = []
        for form in candidate.plan.linear or ():
            parts: list[tuple[float, Column]] = []
            for factor, attribute, slots in form.parts:
                quantity = state.quantities.quantity(attribute, tuple([row[slot] for slot in slots]))
                if isinstance(quantity, Diagnostic):
                    break
                variable = variables.get(quantity)
                parts.append((factor, quantity if variable is None else (variable,)))
            else:
                reduced = self._reduced(parts)
                if reduced:
                    result.append(reduced)
        return result

    def _reduced(self, parts: list[tuple[float, Column]]) -> Row:
        """A sum without the columns that known equations express by others."""
        table = self._state.system.rows
        result: Row = {}
        for factor, column in parts:
            number = table.pivots.get(column)  # type: ignore[call-overload]
            if number is None:
                result[column] = result.get(column, 0.0) + factor
                continue
            for mono, value in table.rows[number].terms.items():
                if mono != column:
                    result[mono] = result.get(mono, 0.0) - factor * float(value)
        result.pop((), None)
        return {column: value for column, value in result.items() if abs(value) > _ZERO}
