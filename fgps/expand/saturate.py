"""Everything that follows from a problem by cheap means, and a figure of it.

Rounds and applications are counted, not seconds, so that the result does not depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.engine.cost import Stage
from fgps.engine.numeric import NumericView
from fgps.engine.records import Applied
from fgps.engine.state import State
from fgps.problem.model import Problem
from fgps.search.agenda import Agenda, Blocked, Candidate, try_candidate
from fgps.search.methods import usable_plans
from fgps.search.outcome import OutOfBudget, SearchBudget

#: Rounds of each stage; applications after which no stage of polynomials begins, and none of trigonometry.
_ROUNDS: Final = 8
_APPLICATIONS: Final = {Stage.POLYNOMIAL: 2000, Stage.TRIGONOMETRIC: 500}
#: Applications that make a figure rich.
RICH: Final = 1000
#: Seconds that nothing should ever need: a figure, a saturation.
FIGURE_SECONDS: Final = 20.0
_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Saturation:
    """A problem, an exact figure of it, and the state that holds what follows.

    ``applied`` counts theorem applications: how rich the figure is, and how dear each search in it.
    """

    problem: Problem
    diagram: Diagram
    state: State
    applied: int = 0

    @property
    def rich(self) -> bool:
        """Whether a search in this figure takes long, so that fewer should be made."""
        return self.applied > RICH


def saturate(problem: Problem, seed: int) -> Saturation | None:
    """Apply what applies, from linear theorems to trigonometric ones; None without an exact figure."""
    diagram = synthesize(problem, seed=seed, budget=FIGURE_SECONDS)
    if diagram.outcome != "exact" or diagram.reread:
        return None
    state = State(problem, diagram)
    state.effort = 0
    if state.set_aside:
        return None
    rounds = _Rounds(state)
    rounds.run()
    return None if state.system.clashes else Saturation(problem, diagram, state, rounds.applied)


def derive(problem: Problem, diagram: Diagram) -> tuple[State, int] | None:
    """A state that reaches the problem's goal by cheap means, and the goal's entry; None if none does."""
    state = State(problem, diagram)
    state.effort = 0
    if state.set_aside or not _Rounds(state).run(until_goal=True):
        return None
    entry = state.goal(effort=0).entry
    return None if entry is None else (state, entry)


class _Rounds:
    """Stage after stage, as the default method does, without asking for a goal."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.budget = SearchBudget(_SECONDS, steps=100_000)
        view = None if state.diagram is None else NumericView(state.diagram)
        plans = usable_plans(state)
        self.agendas = [
            Agenda(state, [plan for plan in plans if plan.stage is stage], view, self.budget)
            for stage in Stage
        ]
        self.blocked = Blocked()
        self.applied = 0

    def run(self, until_goal: bool = False) -> bool:
        """Go through the stages; whether the goal was reached, if that was asked for."""
        try:
            return self._run(until_goal)
        except OutOfBudget:
            return False

    def _run(self, until_goal: bool) -> bool:
        for stage in Stage:
            if self.applied > _APPLICATIONS.get(stage, self.applied):
                return False
            for _ in range(_ROUNDS):
                before = self.state.changes
                self.round(stage)
                if until_goal and self.state.goal(effort=0).reached:
                    return True
                if self.state.changes == before:
                    break
        return False

    def round(self, stage: Stage) -> None:
        for agenda in self.agendas[: stage + 1]:
            for candidate in agenda.new():
                self.attempt(candidate)
        for candidate in self.blocked.release(self.state, self.budget):
            self.attempt(candidate)

    def attempt(self, candidate: Candidate) -> None:
        outcome = try_candidate(self.state, candidate)
        if isinstance(outcome, Applied):
            self.applied += 1
            self.budget.used += 1
        elif outcome.kind == "premise-missing" and outcome.premise is not None:
            self.blocked.add(outcome.premise, candidate)
