"""From a method's name to a search: the one place that knows all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan, compile_theory
from fgps.engine.relevance import Relevance
from fgps.engine.state import State
from fgps.search.auto import AutoSearch
from fgps.search.outcome import SearchBudget, SearchResult
from fgps.theory.model import Theory

if TYPE_CHECKING:
    from fgps.search.predictor import Predictor

METHODS = ("auto", "forward", "backward")
STRATEGIES = ("bfs", "dfs", "random", "beam")
#: How many candidates of a round a beam keeps.
BEAM_WIDTH = 20

#: Plans by theory digest.
_plans: dict[str, tuple[tuple[BranchPlan, ...], Relevance]] = {}


def plans_of(theory: Theory) -> tuple[BranchPlan, ...]:
    """The join plans of a theory, compiled once per process."""
    return _compiled(theory)[0]


def _compiled(theory: Theory) -> tuple[tuple[BranchPlan, ...], Relevance]:
    known = _plans.get(theory.digest)
    if known is None:
        plans = compile_theory(theory)
        known = _plans[theory.digest] = plans, Relevance(theory, plans)
    return known


def usable_plans(state: State) -> tuple[BranchPlan, ...]:
    """The plans that may be applied: a guard that no diagram can decide keeps a branch out."""
    return _decided(state, plans_of(state.theory))


def relevant_plans(state: State) -> tuple[BranchPlan, ...]:
    """The usable plans that can matter to the problem."""
    return _decided(state, _compiled(state.theory)[1].plans(state.problem))


def _decided(state: State, plans: tuple[BranchPlan, ...]) -> tuple[BranchPlan, ...]:
    if state.diagram is not None:
        return plans
    return tuple(plan for plan in plans if not plan.branch.where)


def run_search(
    state: State,
    method: str,
    strategy: str,
    budget: SearchBudget,
    seed: int,
    predictor: Predictor | None = None,
    thorough: bool = False,
) -> SearchResult:
    """Run a method by name; unknown names are the caller's mistake (ValueError).

    A predictor replaces the strategy of a forward search (under ``beam`` it chooses what is kept); the other
    methods do not ask it.  ``thorough``: see `AutoSearch`.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}: one of {', '.join(METHODS)}")
    view = None if state.diagram is None else NumericView(state.diagram)
    plans = relevant_plans(state)
    if method == "auto":
        return AutoSearch(state, plans, view, budget, thorough=thorough).run()
    if method == "backward":
        from fgps.search.backward import BackwardSearch

        return BackwardSearch(state, plans, view, budget, strategy, seed).run()
    if predictor is not None:
        from fgps.search.predicted import PredictedSearch

        width = BEAM_WIDTH if strategy == "beam" else None
        return PredictedSearch(state, plans, view, budget, predictor, width).run()
    from fgps.search.forward import ForwardSearch, make_frontier

    frontier = make_frontier(strategy, seed, BEAM_WIDTH)
    return ForwardSearch(state, plans, view, budget, frontier).run()
