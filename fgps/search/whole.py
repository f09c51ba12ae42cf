"""From a problem to a settled result: figure, search, and the doubts that remain."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.engine.records import GoalResult
from fgps.engine.state import State
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.search.contradiction import consistent_parts
from fgps.search.methods import run_search
from fgps.search.outcome import SearchBudget, SearchResult, Status
from fgps.search.predictor import Predictor
from fgps.search.unique import only_answer

#: The figure may take this share of the time, and so many seconds at most.
_FIGURE_SHARE = 0.5
_FIGURE_SECONDS = 2.0
#: Data that is off by more than this (relative) is not just rounded: different proofs give different values.
_ROUNDED = 5e-3


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
    state = State(problem, diagram if diagram.outcome in ("exact", "rounded") else None, deadline)
    result = run_search(state, plan.method, plan.strategy, budget, plan.seed, plan.predictor)
    return Found(state, diagram, only_answer(state, result, plan.seed))


def _despite_contradiction(
    problem: Problem, diagram: Diagram, plan: Plan, budget: SearchBudget, deadline: float
) -> Found:
    """The answer that the consistent parts of the data agree on.

    One part is enough if elementary steps lead there: they use few statements, while trigonometry
    ties all measures together, those that clash among them.
    """
    found: list[Found] = []
    tried = 0
    for part, figure in consistent_parts(problem, diagram, plan.seed):
        if budget.left() <= 0:
            break
        tried += 1
        state = State(part, figure, deadline)
        result = run_search(state, plan.method, plan.strategy, budget, plan.seed)
        result = only_answer(state, result, plan.seed)
        if result.goal.reached:
            found.append(Found(state, diagram, result))
    message = clash_message(diagram)
    values = [item.result.goal.value for item in found]
    if any(_is_trigonometric(item.result) for item in found):
        found.clear()
    elementary = bool(found) and all(item.result.elementary for item in found)
    if (elementary or len(found) == tried > 1) and all(value == values[0] for value in values):
        first = found[0]
        return Found(first.state, diagram, replace(first.result, message=message))
    state = State(problem, None, deadline)
    return Found(state, diagram, SearchResult(Status.INCONSISTENT, GoalResult(False), 0, 0, message))


def _is_trigonometric(result: SearchResult) -> bool:
    value = result.goal.value
    return value is not None and any(name in value.to_text() for name in ("sin", "cos", "tan"))


def clash_message(diagram: Diagram) -> str:
    """Which statements of an inconsistent problem clash, worst first."""
    worst = [print_term(clash.statement, "infix") for clash in diagram.clashes[:4]]
    return "no figure satisfies the data; these clash: " + ", ".join(worst)
