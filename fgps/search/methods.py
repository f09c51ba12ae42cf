"""From a method's name to a search: the one place that knows all of them."""

from __future__ import annotations

from functools import lru_cache

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan, compile_theory
from fgps.engine.state import State
from fgps.search.auto import AutoSearch
from fgps.search.forward import ForwardSearch, make_frontier
from fgps.search.outcome import SearchBudget, SearchResult
from fgps.theory.model import Theory

METHODS = ("auto", "forward")
STRATEGIES = ("bfs", "dfs", "random", "beam")


def plans_of(theory: Theory) -> tuple[BranchPlan, ...]:
    """The join plans of a theory, compiled once per process."""
    return _plans(theory.digest, _Box(theory))


class _Box:
    """Lets a theory pass through ``lru_cache`` keyed by its digest alone."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Box)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _plans(digest: str, box: _Box) -> tuple[BranchPlan, ...]:
    return compile_theory(box.theory)


def run_search(state: State, method: str, strategy: str, budget: SearchBudget, seed: int) -> SearchResult:
    """Run a method by name; unknown names are the caller's mistake (ValueError)."""
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}: one of {', '.join(METHODS)}")
    view = None if state.diagram is None else NumericView(state.diagram)
    if method == "auto":
        return AutoSearch(state, plans_of(state.theory), view, budget).run()
    frontier = make_frontier(strategy, seed)
    return ForwardSearch(state, plans_of(state.theory), view, budget, frontier).run()
