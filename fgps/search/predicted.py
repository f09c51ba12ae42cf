"""Forward search led by a predictor: the candidate with the best score first, whenever it was found.

Unlike the classic strategies it does not work in rounds: what an application makes possible is ranked at once
with all that waits, and the goal is asked of the cheap closures every few applications.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.search.agenda import Agenda, Blocked, Candidate, try_candidate
from fgps.search.outcome import OutOfBudget, SearchBudget, SearchResult, Status
from fgps.search.predictor import Predictor

#: The closures are asked for the goal after so many applications.
_ASK_EVERY = 12


class PredictedSearch:
    """Best-first saturation of one state.  ``width`` keeps only the best of each expansion (a beam)."""

    def __init__(
        self,
        state: State,
        plans: Sequence[BranchPlan],
        view: NumericView | None,
        budget: SearchBudget,
        predictor: Predictor,
        width: int | None = None,
    ) -> None:
        self.state = state
        self._budget = budget
        self._predictor = predictor
        self._width = width
        self._agenda = Agenda(state, plans, view, budget)
        self._blocked = Blocked()
        self._heap: list[tuple[float, int, Candidate]] = []
        self._pushed = 0
        self._applied = 0
        self._tried = 0
        self._rounded = state.diagram is not None and state.diagram.outcome == "rounded"

    def run(self) -> SearchResult:
        """Search; budgets end it with an outcome, not an exception."""
        try:
            return self._run()
        except OutOfBudget as spent:
            return self._result(spent.status, self.state.goal())

    def _run(self) -> SearchResult:
        goal = self.state.goal()
        self._push(self._agenda.new())
        while not goal.reached:
            changes, applied = self.state.changes, self._applied
            self.state.effort = 0
            while self._heap and not goal.reached:
                if self._step():
                    self._push(self._agenda.new())
                    if (self._applied - applied) % _ASK_EVERY == 0:
                        goal = self.state.goal(effort=0)
            if self.state.system.clashes and not self._rounded:
                return self._result(Status.INCONSISTENT, goal, "the equations contradict each other")
            if not goal.reached:
                goal = self.state.goal()
            if goal.reached:
                break
            # Premises that the closures could not prove: cheaply first, then as hard as the algebra can.
            self._push(self._blocked.release(self.state, self._budget))
            if not self._heap:
                self.state.effort = None
                self._push(self._blocked.release(self.state, self._budget))
            if not self._heap and self.state.changes == changes:
                return self._result(Status.SATURATED, goal)
        return self._result(Status.SOLVED, goal)

    def _step(self) -> bool:
        """Try the best candidate; whether it was applied."""
        self._budget.check()
        candidate = heapq.heappop(self._heap)[2]
        self._tried += 1
        outcome = try_candidate(self.state, candidate)
        if isinstance(outcome, Applied):
            self._applied += 1
            self._budget.used += 1
            return True
        if outcome.kind == "premise-missing" and outcome.premise is not None:
            self._blocked.add(outcome.premise, candidate)
        return False

    def _push(self, found: Iterable[Candidate]) -> None:
        """Score candidates and let them wait; equal scores keep their order."""
        candidates = list(found)
        scores = self._predictor.rank(self.state, candidates)
        ranked = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
        for i in ranked[: self._width]:
            heapq.heappush(self._heap, (-float(scores[i]), self._pushed, candidates[i]))
            self._pushed += 1

    def _result(self, status: Status, goal: GoalResult, message: str = "") -> SearchResult:
        return SearchResult(status, goal, self._applied, self._tried, message)
