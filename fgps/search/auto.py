"""The default method: saturation in stages from cheap to expensive theorems.

Whatever is new, the goal is asked of the closures; when a stage has nothing new to give, the algebra
tries harder, and the next stage joins.  Everything that a stage offers is true in the diagram, and
enters only when its premises are proved.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from fgps.engine.cost import Stage
from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.search.agenda import Agenda, Blocked, Candidate, adds_nothing, try_candidate
from fgps.search.outcome import OutOfBudget, SearchBudget, SearchResult, Status
from fgps.search.pool import Pool

#: What joins when, and how hard the algebra tries to prove premises meanwhile (None: as hard as it can).
_STAGES: tuple[tuple[Stage, int | None], ...] = (
    (Stage.LINEAR, 0),
    (Stage.PRODUCT, 0),
    (Stage.POLYNOMIAL, 0),
    (Stage.POLYNOMIAL, None),
    (Stage.TRIGONOMETRIC, 0),
    (Stage.TRIGONOMETRIC, None),
)

#: So many candidates must wait before it pays to choose among them.
_WORTH_CHOOSING = 12


class AutoSearch:
    """Staged saturation of one state."""

    def __init__(
        self,
        state: State,
        plans: Sequence[BranchPlan],
        view: NumericView | None,
        budget: SearchBudget,
        last: Stage = Stage.TRIGONOMETRIC,
        thorough: bool = False,
    ) -> None:
        """``last`` is the stage after which the search gives up.

        A ``thorough`` search applies what comes in the order in which it comes, needed or not: that takes
        longer, and leaves more to make a short proof from.
        """
        self.state = state
        self._stages = [step for step in _STAGES if step[0] <= last]
        self._budget = budget
        self._agendas = [
            Agenda(
                state,
                [plan for plan in plans if plan.stage is stage and bool(plan.linear) is linear],
                view,
                budget,
            )
            for stage in Stage
            for linear in (True, False)
        ]
        self._pool = Pool(state)
        self._blocked = Blocked()
        #: With models at hand the data is known to be consistent (rounded data nearly so).  Without them it
        #: may contradict itself: then a goal counts only when a stage has nothing new to give and nothing
        #: clashes.
        self._consistent = state.diagram is not None
        self._chooses = self._consistent and not thorough
        self._applied = 0
        self._tried = 0

    def run(self) -> SearchResult:
        """Search; budgets end it with an outcome, not an exception."""
        try:
            return self._run()
        except OutOfBudget as spent:
            goal = self._glance()
            return self._result(Status.SOLVED if goal.reached else spent.status, goal)

    def _run(self) -> SearchResult:
        goal = self._glance()
        for stage, effort in self._stages:
            self.state.effort = effort
            while not goal.reached:
                changes = self.state.changes
                found = self._round(stage)
                if self.state.system.clashes and not self._consistent:
                    return self._result(Status.INCONSISTENT, goal, "the equations contradict each other")
                if found is not None:
                    goal = found
                if self.state.changes == changes:
                    break
            if not goal.reached:
                goal = self.state.goal()
            if goal.reached:
                return self._result(Status.SOLVED, goal)
        return self._result(Status.SATURATED, goal)

    def _round(self, stage: Stage) -> GoalResult | None:
        """Everything new of the stages so far, then what had to wait; the goal as soon as it is known."""
        while True:
            generation: list[Candidate] = []
            for agenda in self._agendas[: 2 * stage + 2]:
                before = len(self._pool)
                for candidate in agenda.new():
                    if candidate.plan.linear:
                        self._pool.add(candidate)
                    else:
                        generation.append(candidate)
                if len(self._pool) > before and (found := self._choose()) is not None:
                    return found
            for candidate in generation:
                if adds_nothing(self.state, candidate.plan, candidate.row):
                    continue
                if (found := self._try(candidate)) is not None:
                    return found
            if not generation:
                break
        for candidate in itertools.chain(self._pool.drain(), self._blocked.release(self.state, self._budget)):
            if (found := self._try(candidate)) is not None:
                return found
        return None

    def _choose(self) -> GoalResult | None:
        """Apply what the goal needs of the candidates that wait."""
        if not self._chooses or len(self._pool) < _WORTH_CHOOSING:
            return None
        wanted = self.state.goal_poly()
        for candidate in () if wanted is None else self._pool.take(wanted):
            if (found := self._try(candidate)) is not None:
                return found
        return None

    def _try(self, candidate: Candidate) -> GoalResult | None:
        """Apply a candidate; the goal if that is all it takes."""
        self._budget.check()
        self._tried += 1
        changes = self.state.changes
        outcome = try_candidate(self.state, candidate)
        if isinstance(outcome, Applied):
            self._applied += 1
            self._budget.used += 1
            if self.state.changes != changes:
                goal = self._glance()
                return goal if goal.reached else None
        elif outcome.kind == "premise-missing" and outcome.premise is not None:
            self._blocked.add(outcome.premise, candidate)
        return None

    def _glance(self) -> GoalResult:
        """The goal as the closures see it."""
        return self.state.goal(effort=0) if self._consistent else GoalResult(False)

    def _result(self, status: Status, goal: GoalResult, message: str = "") -> SearchResult:
        return SearchResult(status, goal, self._applied, self._tried, message)
