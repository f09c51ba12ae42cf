"""Why a true statement holds: a bounded backward search for the one to three steps that are missing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fgps.engine.cost import Stage, stage_of
from fgps.engine.numeric import NumericView
from fgps.engine.records import Application
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.lang.parse import parse_application
from fgps.problem.model import Goal, Problem
from fgps.proof.steps import proof_steps
from fgps.search.backward import BackwardSearch
from fgps.search.methods import relevant_plans
from fgps.search.outcome import SearchBudget

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Longest explanation that is offered, and the longest that is worth trying to shorten.
LONGEST: Final = 3
_SHORTENED: Final = 8
#: Goals that one search may expand; what makes it repeatable.  The seconds are a guard only.
_EXPANSIONS: Final = 20
_SECONDS: Final = 1.0
#: Theorems with plain conclusions make plain reasons, and leave the search room; all are tried at last.
_STAGES: Final = (Stage.LINEAR, Stage.PRODUCT, Stage.TRIGONOMETRIC)


@dataclass
class Allowance:
    """How many reasons one solution may ask for, and the seconds that they may take together."""

    searches: int = 12
    seconds: float = 4.0


def find_reason(
    problem: Problem,
    diagram: Diagram | None,
    applied: Sequence[Application],
    statement: Call | None,
    allowance: Allowance,
) -> tuple[Application, ...] | None:
    """At most `LONGEST` applications, in order, after which ``statement`` (None: the goal) is established.

    ``applied`` are the applications made so far.  Simple theorems are tried first.  None if nothing is found
    within the bounds.
    """
    if diagram is None or allowance.searches <= 0 or allowance.seconds <= 0:
        return None
    allowance.searches -= 1
    goal = problem.goal
    if statement is not None:
        is_relation = statement.head in problem.theory.predicates
        goal = Goal("relation" if is_relation else "equation", statement)
    asked = _Asked(replace(problem, goal=goal), diagram, tuple(applied), NumericView(diagram))
    started = time.perf_counter()
    try:
        for stage in _STAGES:
            left = allowance.seconds - (time.perf_counter() - started)
            found = asked.search(stage, min(_SECONDS, left)) if left > 0 else None
            if found:
                return found
    except ArithmeticError:
        pass  # contradictory data; a suggestion is not worth a failure
    finally:
        allowance.seconds -= time.perf_counter() - started
    return None


@dataclass
class _Asked:
    """One question: the problem with the statement as its goal, and what was applied before."""

    problem: Problem
    diagram: Diagram
    applied: tuple[Application, ...]
    view: NumericView

    def search(self, stage: Stage, seconds: float) -> tuple[Application, ...] | None:
        """A reason by theorems up to a stage."""
        state = self.state(())
        state.effort = 0
        plans = [plan for plan in relevant_plans(state) if stage_of(plan.branch) <= stage]
        budget = SearchBudget(seconds, _EXPANSIONS)
        result = BackwardSearch(state, plans, self.view, budget, "bfs", seed=0).run()
        if not result.goal.reached or result.goal.entry is None:
            return None
        steps = proof_steps(state.store.entries, result.goal.entry)
        done = set(self.applied)
        found = [step.application for step in steps if step.application and step.application not in done]
        if len(found) > _SHORTENED:
            return None
        short = self.shortened(found)
        return tuple(short) if 0 < len(short) <= LONGEST else None

    def shortened(self, found: list[Application]) -> list[Application]:
        """Without the applications that the goal does not need: the algebra takes more than it must."""
        for application in list(reversed(found)):
            fewer = [other for other in found if other is not application]
            if self.state(fewer).goal().reached:
                found = fewer
        return found

    def state(self, more: Sequence[Application]) -> State:
        """The state after everything that was applied, and ``more``."""
        state = State(self.problem, self.diagram)
        for application in (*self.applied, *more):
            call = parse_application(str(application))
            if isinstance(call, Call):
                state.apply(call)
        return state
