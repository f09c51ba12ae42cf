"""From a problem to a settled result: figure, search, and the doubts that remain."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.engine.cost import Stage
from fgps.engine.numeric import NumericView
from fgps.engine.records import GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries, used_givens
from fgps.lang.printer import print_term
from fgps.problem.model import Given, Problem
from fgps.search.auto import AutoSearch
from fgps.search.contradiction import consistent_parts, lines_meet_twice
from fgps.search.methods import relevant_plans, run_search
from fgps.search.outcome import SearchBudget, SearchResult, Status
from fgps.search.unique import only_answer

if TYPE_CHECKING:
    from fgps.search.predictor import Predictor

#: The figure may take this share of the time, and so many seconds at most.
_FIGURE_SHARE = 0.5
_FIGURE_SECONDS = 2.0
#: Data that is off by more than this (relative) is not just rounded: different proofs give different values.
_ROUNDED = 1e-3


@dataclass(frozen=True, slots=True)
class Found:
    """The state in which a search ended, its figure, and its result."""

    state: State
    diagram: Diagram
    result: SearchResult


@dataclass(frozen=True, slots=True)
class Plan:
    """How to search: see `fgps.search.methods`; ``timeout`` in seconds for everything together."""

    method: str = "auto"
    strategy: str = "bfs"
    timeout: float = 10.0
    seed: int = 0
    predictor: Predictor | None = None
    thorough: bool = False


def search_problem(problem: Problem, plan: Plan) -> Found:
    """Search a problem under a plan.

    Unknown methods are the caller's mistake (ValueError); everything else is an outcome.
    """
    deadline = time.perf_counter() + plan.timeout
    budget = SearchBudget(plan.timeout)
    diagram = synthesize(problem, seed=plan.seed, budget=min(_FIGURE_SECONDS, plan.timeout * _FIGURE_SHARE))
    far_off = diagram.outcome == "rounded" and diagram.tolerance > _ROUNDED
    if diagram.outcome == "inconsistent" or far_off:
        return _despite_contradiction(problem, diagram, plan, budget, deadline)
    figure = diagram if diagram.outcome in ("exact", "rounded") else None
    state = State(problem, figure, deadline)
    result = run_search(state, plan.method, plan.strategy, budget, plan.seed, plan.predictor, plan.thorough)
    found = Found(state, diagram, only_answer(state, result, plan.seed))
    if diagram.outcome == "rounded" and not found.result.goal.reached:
        # What passes for rounding may be a figure that is nearly flat where the data clashes.
        apart = _despite_contradiction(problem, diagram, plan, budget, deadline)
        return apart if apart.result.goal.reached else found
    return found


def _despite_contradiction(
    problem: Problem, diagram: Diagram, plan: Plan, budget: SearchBudget, deadline: float
) -> Found:
    """The answer that the consistent parts of the data agree on.

    Only what relations and sums give counts: such derivations use few statements, while products, squares and
    trigonometry tie all measures together, those that clash among them.  (An irrational value comes of
    squares.)
    """
    message = clash_message(diagram)
    found: list[Found] = []
    for part, figure in _figures(problem, diagram, plan):
        state = State(part, figure, deadline)
        result = AutoSearch(state, relevant_plans(state), NumericView(figure), budget, Stage.LINEAR).run()
        result = only_answer(state, result, plan.seed)
        one = Found(state, diagram, replace(result, message=message))
        if result.goal.reached and (part is not problem or _fits(problem, _used_givens(one), plan.seed)):
            found.append(one)
    values = [item.result.goal.value for item in found]
    # A part that there was no time for might say otherwise.
    agreed = budget.left() > 0 and all(value == values[0] for value in values)
    counted = [item for item in found if agreed and _counts(item, problem)]
    if counted:
        return min(counted, key=_leans_on_figure)
    state = State(problem, None, deadline)
    return Found(state, diagram, SearchResult(Status.INCONSISTENT, GoalResult(False), 0, 0, message))


def _figures(problem: Problem, diagram: Diagram, plan: Plan) -> Iterator[tuple[Problem, Diagram]]:
    """The figure that is off by some percent (order and shape still show), then exact ones of parts.

    None if the construction itself may be at fault: leaving out a given does not mend that.
    """
    if lines_meet_twice(problem):
        return
    if diagram.outcome == "rounded":
        yield problem, diagram
    yield from consistent_parts(problem, diagram, plan.seed)


def _used_givens(found: Found) -> tuple[Given, ...]:
    """The givens that the proof uses."""
    entries, goal = found.state.store.entries, found.result.goal
    assert goal.entry is not None
    return used_givens(entries, goal.entry, found.state.problem.givens)


def _fits(problem: Problem, givens: tuple[Given, ...], seed: int) -> bool:
    """Whether some figure satisfies these givens: they do not clash."""
    figure = synthesize(replace(problem, givens=givens), seed=seed, budget=_FIGURE_SECONDS)
    return figure.outcome == "exact"


def _counts(found: Found, whole: Problem) -> bool:
    """Whether an answer from clashing data, on which all parts agree, may count.

    Its proof uses at least two givens (what follows from the construction and one given may as well show that
    these are at fault), and reads nothing off a figure that leaves out a given: that shows a checker nothing.
    """
    value = found.result.goal.value
    if value is None or value.as_fraction() is None or len(_used_givens(found)) < 2:
        return False
    return found.state.problem is whole or not _leans_on_figure(found)


def _leans_on_figure(found: Found) -> bool:
    """Whether a proof reads guards off the figure (which does not satisfy all the data)."""
    entries, goal = found.state.store.entries, found.result.goal.entry
    return goal is not None and any(entries[n].origin.checked for n in used_entries(entries, goal))


def clash_message(diagram: Diagram) -> str:
    """Which statements of an inconsistent problem clash, worst first."""
    worst = [print_term(clash.statement, "infix") for clash in diagram.clashes[:4]]
    if not worst:
        return "no figure satisfies the data: where they hold, " + " and ".join(diagram.warnings[:2])
    return "no figure satisfies the data; these clash: " + ", ".join(worst)
