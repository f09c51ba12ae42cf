"""Which theorem instances could be applied now.

Branches without derivable premises are matched once; the others when a new fact satisfies one
of their premises.  An instance is true in the diagram when it comes out of here; whether its
equation premises can be proved yet is for the state to say, and those that cannot wait.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fgps.engine.match import BranchMatcher
from fgps.engine.numeric import NumericView, Row
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Application, Applied, Refusal
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.search.outcome import SearchBudget


@dataclass(frozen=True, slots=True)
class Candidate:
    """A theorem instance: a plan and the points of its registers."""

    plan: BranchPlan
    row: tuple[str, ...]

    def application(self) -> Application:
        """The instance as an application by name, branch and points."""
        points = tuple(self.row[slot] for slot in self.plan.parameters)
        return Application(self.plan.theorem, self.plan.number, points, self.plan.groups)


class Agenda:
    """Candidates of one state for a fixed set of plans."""

    def __init__(
        self, state: State, plans: Sequence[BranchPlan], view: NumericView | None, budget: SearchBudget
    ) -> None:
        self.state = state
        self._budget = budget
        self._matchers = [
            BranchMatcher(state.theory, plan, state.store, view, _skipping(state, plan)) for plan in plans
        ]
        self._triggers: dict[str, list[tuple[BranchMatcher, int]]] = {}
        for matcher in self._matchers:
            for position, atom in enumerate(matcher.plan.atoms):
                if atom.derived:
                    self._triggers.setdefault(atom.predicate, []).append((matcher, position))
        self._seen: set[tuple[str, int, tuple[str, ...]]] = set()
        self._next_entry = 0
        self._started = False

    def new(self) -> Iterator[Candidate]:
        """Candidates that the facts learned since the last call make possible."""
        if not self._started:
            self._started = True
            for matcher in self._matchers:
                if not matcher.plan.derived:
                    yield from self._fresh(matcher, matcher.all())
        entries = self.state.store.entries
        while self._next_entry < len(entries):
            entry = entries[self._next_entry]
            self._next_entry += 1
            if entry.fact is None or entry.origin.kind == "construction":
                continue
            predicate, points = entry.fact
            for row in self.state.store.spellings(predicate, points):
                for matcher, position in self._triggers.get(predicate, ()):
                    yield from self._fresh(matcher, matcher.triggered(position, row))

    def _fresh(self, matcher: BranchMatcher, rows: Iterator[tuple[str, ...]]) -> Iterator[Candidate]:
        plan = matcher.plan
        for row in rows:
            self._budget.check()
            key = (plan.theorem, plan.number, row)
            if key not in self._seen:
                self._seen.add(key)
                yield Candidate(plan, row)


def adds_nothing(state: State, plan: BranchPlan, row: Row) -> bool:
    """Whether all conclusions are relations that are known, or relate a figure to itself."""
    for predicate, slots in plan.relations:
        points = tuple([row[slot] for slot in slots])
        if (
            state.store.find(predicate, points) is None
            and state.quantities.check_fact(predicate, points) is None
        ):
            return False
    return bool(plan.relations)


def _skipping(state: State, plan: BranchPlan) -> Callable[[Row], bool] | None:
    return functools.partial(adds_nothing, state, plan) if plan.relations else None


def try_candidate(state: State, candidate: Candidate) -> Applied | Refusal:
    """Apply a candidate to the state."""
    plan = candidate.plan
    if state.diagram is not None:
        return state.apply_true(plan, candidate.row)
    binding = dict(zip(plan.registers, candidate.row, strict=True))
    return state.apply_branch(candidate.application(), plan.branch, binding)


class Blocked:
    """Candidates that wait for a premise, each under the first premise that is missing."""

    def __init__(self) -> None:
        self._waiting: dict[Call, list[Candidate]] = {}

    def add(self, premise: Call, candidate: Candidate) -> None:
        """Let a candidate wait for ``premise``."""
        self._waiting.setdefault(premise, []).append(candidate)

    def release(self, state: State, budget: SearchBudget) -> Iterator[Candidate]:
        """The candidates whose premise can be proved by now."""
        for premise in list(self._waiting):
            budget.check()
            if isinstance(state.establish(premise), int):
                yield from self._waiting.pop(premise)
