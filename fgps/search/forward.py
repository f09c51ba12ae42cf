"""Forward search: saturation of the state, in an order that the strategy chooses."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Protocol

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.search.agenda import Agenda, Blocked, Candidate, try_candidate
from fgps.search.outcome import OutOfBudget, SearchBudget, SearchResult, Status


class Frontier(Protocol):
    """The order in which candidates are tried, in rounds: at the end of each the goal is asked in earnest."""

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Take up what an application has made possible."""

    def begin(self) -> None:
        """Begin a round."""

    def pop(self) -> Candidate | None:
        """The next candidate to try, or None at the end of the round."""


class BreadthFirst:
    """Oldest first; a round is a generation: what it makes possible belongs to the next one."""

    def __init__(self) -> None:
        self._now: Iterator[Candidate] = iter(())
        self._next: list[Candidate] = []

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Put into the next generation."""
        self._next.extend(candidates)

    def begin(self) -> None:
        """Go on to the next generation."""
        self._now, self._next = iter(self._selected(self._next)), []

    def pop(self) -> Candidate | None:
        """The next one of the generation."""
        return next(self._now, None)

    def _selected(self, generation: list[Candidate]) -> list[Candidate]:
        return generation


class Beam(BreadthFirst):
    """Breadth first, but each generation keeps a seeded sample of ``width`` candidates only, in its order."""

    def __init__(self, width: int, seed: int) -> None:
        super().__init__()
        self._width = width
        self._random = random.Random(seed)

    def _selected(self, generation: list[Candidate]) -> list[Candidate]:
        if len(generation) <= self._width:
            return generation
        chosen = sorted(self._random.sample(range(len(generation)), self._width))
        return [generation[i] for i in chosen]


class DepthFirst:
    """Newest first: what an application makes possible is tried before all that was there before."""

    def __init__(self) -> None:
        self._stack: list[Candidate] = []

    def push(self, candidates: Sequence[Candidate]) -> None:
        """Put on top of the stack, first candidate uppermost."""
        self._stack.extend(reversed(candidates))

    def begin(self) -> None:
        """A round goes on until the stack is empty."""

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

    def begin(self) -> None:
        """A round goes on until the pool is empty."""

    def pop(self) -> Candidate | None:
        """Draw one."""
        if not self._pool:
            return None
        i = self._random.randrange(len(self._pool))
        self._pool[i], self._pool[-1] = self._pool[-1], self._pool[i]
        return self._pool.pop()


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
            goal = self._round()
            if self.state.system.clashes:
                return self._result(Status.INCONSISTENT, goal, "the equations contradict each other")
            if not goal.reached:
                goal = self.state.goal()
            if not goal.reached and self.state.changes == changes:
                return self._result(Status.SATURATED, goal)
        return self._result(Status.SOLVED, goal)

    def _round(self) -> GoalResult:
        """Try what the frontier gives, then what had to wait; the goal as soon as the closures know it."""
        self._frontier.push(list(self._agenda.new()))
        self._frontier.begin()
        tried = iter(self._frontier.pop, None)
        for candidate in itertools.chain(tried, self._blocked.release(self.state, self._budget)):
            changes = self.state.changes
            self._try(candidate)
            if self.state.changes != changes:
                self._frontier.push(list(self._agenda.new()))
                goal = self._glance()
                if goal.reached:
                    return goal
        return GoalResult(False)

    def _glance(self) -> GoalResult:
        """The goal as the closures see it; without models the data may clash: only a round's end counts."""
        return GoalResult(False) if self.state.diagram is None else self.state.goal(effort=0)

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
