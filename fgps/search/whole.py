"""From a problem to a settled result: figure, search, and the doubts that remain."""

from __future__ import annotations

import time
from collections.abc import Iterator
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
from fgps.search.unique import agrees, only_answer

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

    Elementary steps must lead there in one of them: they use few statements, while products and trigonometry
    tie all measures together, those that clash among them.
    """
    message = clash_message(diagram)
    found: list[Found] = []
    for part, figure in _figures(problem, diagram, plan):
        if budget.left() <= 0:
            break
        state = State(part, figure, deadline)
        result = run_search(state, plan.method, plan.strategy, budget, plan.seed)
        result = only_answer(state, result, plan.seed)
        if result.goal.reached and (diagram.outcome != "rounded" or agrees(diagram, result.goal)):
            found.append(Found(state, diagram, replace(result, message=message)))
    values = [item.result.goal.value for item in found]
    elementary = [item for item in found if item.result.elementary and not _is_trigonometric(item.result)]
    if elementary and all(value == values[0] for value in values):
        return elementary[0]
    state = State(problem, None, deadline)
    return Found(state, diagram, SearchResult(Status.INCONSISTENT, GoalResult(False), 0, 0, message))


def _figures(problem: Problem, diagram: Diagram, plan: Plan) -> Iterator[tuple[Problem, Diagram]]:
    """The figure that is off by some percent (order and shape still show), then exact ones of parts."""
    if diagram.outcome == "rounded":
        yield problem, diagram
    yield from consistent_parts(problem, diagram, plan.seed)


def _is_trigonometric(result: SearchResult) -> bool:
    value = result.goal.value
    return value is not None and any(name in value.to_text() for name in ("sin", "cos", "tan"))


def clash_message(diagram: Diagram) -> str:
    """Which statements of an inconsistent problem clash, worst first."""
    worst = [print_term(clash.statement, "infix") for clash in diagram.clashes[:4]]
    return "no figure satisfies the data; these clash: " + ", ".join(worst)
