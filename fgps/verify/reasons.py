"""Why a true statement holds: a bounded backward search for the one to three steps that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fgps.engine.numeric import NumericView
from fgps.engine.records import Application
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.lang.parse import parse_application
from fgps.problem.model import Goal, Problem
from fgps.proof.steps import proof_steps
from fgps.search.backward import BackwardSearch
from fgps.search.methods import plans_of
from fgps.search.outcome import SearchBudget

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Longest explanation that is offered.
LONGEST: Final = 3
#: Goals that one search may expand; what makes it repeatable.  The seconds are a guard only.
_EXPANSIONS: Final = 30
_SECONDS: Final = 1.5


@dataclass
class Allowance:
    """How many searches one solution may cost."""

    searches: int = 12
    seconds: float = _SECONDS


def find_reason(
    problem: Problem,
    diagram: Diagram | None,
    applied: Sequence[Application],
    statement: Call,
    allowance: Allowance,
) -> tuple[Application, ...] | None:
    """At most `LONGEST` applications, in order, after which ``statement`` is established.

    ``applied`` are the applications made so far.  None if the search finds none within its bounds.
    """
    if diagram is None or allowance.searches <= 0:
        return None
    allowance.searches -= 1
    is_relation = statement.head in problem.theory.predicates
    goal = Goal("relation" if is_relation else "equation", statement)
    state = State(replace(problem, goal=goal), diagram)
    done = set(applied)
    for application in applied:
        call = parse_application(str(application))
        if isinstance(call, Call):
            state.apply(call)
    state.effort = 0
    budget = SearchBudget(allowance.seconds, _EXPANSIONS)
    plans = plans_of(problem.theory)
    result = BackwardSearch(state, plans, NumericView(diagram), budget, "bfs", seed=0).run()
    if not result.goal.reached or result.goal.entry is None:
        return None
    steps = proof_steps(state.store.entries, result.goal.entry)
    found = tuple(
        step.application for step in steps if step.application is not None and step.application not in done
    )
    return found if 0 < len(found) <= LONGEST else None
