"""Forward search: saturation of the state, in an order that the strategy chooses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.search.agenda import Agenda, Blocked, Candidate, try_candidate
from fgps.search.outcome import OutOfBudget, SearchBudget, SearchResult, Status


class Frontier(Protocol):
    """The order in which candidates are tried."""

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Take up candidates found in one round."""

    def pop(self) -> Candidate | None:
        """The next candidate to try, or None if there is none."""


class BreadthFirst:
    """Oldest first."""

    def __init__(self) -> None:
        self._queue: list[Candidate] = []
        self._head = 0

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Append to the end of the queue."""
        self._queue.extend(candidates)

    def pop(self) -> Candidate | None:
        """Take from the front of the queue."""
        if self._head == len(self._queue):
            return None
        self._head += 1
        return self._queue[self._head - 1]


class DepthFirst:
    """Newest first."""

    def __init__(self) -> None:
        self._stack: list[Candidate] = []

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Put on top of the stack, first candidate uppermost."""
        self._stack.extend(reversed(candidates))

    def pop(self) -> Candidate | None:
        """Take from the top of the stack."""
        return self._stack.pop() if self._stack else None


class RandomOrder:
    """Any waiting candidate with equal chance; deterministic for a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._pool: list[Candidate] = []

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Add to the pool."""
        self._pool.extend(candidates)

    def pop(self) -> Candidate | None:
        """Draw one."""
        if not self._pool:
            return None
        i = self._random.randrange(len(self._pool))
        self._pool[i], self._pool[-1] = self._pool[-1], self._pool[i]
        return self._pool.pop()


class Beam:
    """Breadth first, but each round keeps a seeded sample of ``width`` candidates only."""

    def __init__(self, width: int, seed: int) -> None:
        self._width = width
        self._random = random.Random(seed)
        self._inner = BreadthFirst()

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Keep a sample of the round, in its order."""
        if len(candidates) > self._width:
            chosen = sorted(self._random.sample(range(len(candidates)), self._width))
            candidates = [candidates[i] for i in chosen]
        self._inner.push(candidates)

    def pop(self) -> Candidate | None:
        """Oldest first."""
        return self._inner.pop()


def make_frontier(strategy: str, seed: int, width: int = 20) -> Frontier:
    """A frontier by its name on the command line: bfs, dfs, random or beam."""
    if strategy == "dfs":
        return DepthFirst()
    if strategy == "random":
        return RandomOrder(seed)
    if strategy == "beam":
        return Beam(width, seed)
    return BreadthFirst()


class ForwardSearch:
    """Apply candidates until the goal is reached, nothing is new, or the budget is spent."""

    def __init__(
        self,
        state: State,
        plans: Sequence[BranchPlan],
        view: NumericView | None,
        budget: SearchBudget,
        frontier: Frontier,
    ) -> None:
        self.state = state
        self._budget = budget
        self._frontier = frontier
        self._agenda = Agenda(state, plans, view, budget)
        self._blocked = Blocked()
        self._applied = 0
        self._tried = 0

    def run(self) -> SearchResult:
        """Search; never raises."""
        try:
            return self._run()
        except OutOfBudget as spent:
            goal = self.state.goal(effort=0)
            return self._result(Status.SOLVED if goal.reached else spent.status, goal)

    def _run(self) -> SearchResult:
        goal = self.state.goal()
        while not goal.reached:
            changes = self.state.changes
            self._round()
            if self.state.system.clashes:
                return self._result(Status.INCONSISTENT, goal, "the equations contradict each other")
            goal = self.state.goal()
            if not goal.reached and self.state.changes == changes:
                return self._result(Status.SATURATED, goal)
        return self._result(Status.SOLVED, goal)

    def _round(self) -> None:
        """Try all candidates that are new, then those that had to wait."""
        self._frontier.push(list(self._agenda.new()))
        while (candidate := self._frontier.pop()) is not None:
            self._try(candidate)
        for candidate in self._blocked.release(self.state, self._budget):
            self._try(candidate)

    def _try(self, candidate: Candidate) -> None:
        self._budget.check()
        self._tried += 1
        outcome = try_candidate(self.state, candidate)
        if isinstance(outcome, Applied):
            self._applied += 1
            self._budget.used += 1
        elif outcome.kind == "premise-missing" and outcome.premise is not None:
            self._blocked.add(outcome.premise, candidate)

    def _result(self, status: Status, goal: GoalResult, message: str = "") -> SearchResult:
        return SearchResult(status, goal, self._applied, self._tried, message)
