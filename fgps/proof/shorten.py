"""Shorter proofs: from all that a search came to know, the few theorem applications that are enough.

A search stops at the first proof that it meets, and its algebra uses whatever equations were at hand.
Afterwards `shorten` goes back from the goal once more: at each algebra step a linear programme at the figure
(`fgps.algebra.select`) names the equations that need the fewest applications not needed anyway.  The
applications that remain are made anew in a state of their own, which decides whether they are enough: no
proof comes out that was not derived.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Sequence
from typing import Final

from fgps.algebra.exact import Exact
from fgps.algebra.select import Selector
from fgps.algebra.terms import TooLarge, Undecided
from fgps.engine.records import Application, Entry, GoalResult, Refusal
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call

#: Proofs of up to so many applications are left as they are.
SHORT: Final = 3
#: Seconds that the shortening of one proof may take: far more than needed, so that no result hangs on them.
SECONDS: Final = 3.0
#: How often a choice is corrected when what it left is not enough.
_ATTEMPTS: Final = 4
#: At most so many algebra steps of a proof are looked at anew.
_PROGRAMMES: Final = 60
#: Two values that differ by less (relative) are one, found by different ways.
_DIGITS: Final = 1e-12
#: What an equation costs beside the applications that it needs.
_BESIDE: Final = 0.05


def applications_of(state: State, goal: GoalResult) -> list[Application]:
    """The applications that a goal rests on, in the order in which they were made."""
    entries = state.store.entries
    assert goal.entry is not None
    used = (entries[number].origin.application for number in used_entries(entries, goal.entry))
    return list(dict.fromkeys(applied for applied in used if applied is not None))


def shorten(
    state: State, goal: GoalResult, longer_than: int = SHORT, seconds: float = SECONDS
) -> tuple[State, GoalResult]:
    """A proof of a goal that was reached, with fewer applications if one is found, else the same.

    The new proof has a state of its own.  It reads nothing more off the figure than the old one: if that
    needed no figure, neither does it.  ``seconds`` are polled.
    """
    before = applications_of(state, goal)
    if state.diagram is None or len(before) <= longer_than:
        return state, goal
    import scipy.optimize  # noqa: F401  (not on the clock)

    deadline = time.perf_counter() + seconds
    try:
        found = _shorter(state, goal, len(before), deadline)
    except (TooLarge, Undecided, ArithmeticError):
        return state, goal
    if found is None or (_reads_figure(*found) and not _reads_figure(state, goal)):
        return state, goal
    return found


def _shorter(state: State, goal: GoalResult, before: int, deadline: float) -> tuple[State, GoalResult] | None:
    """Choose, derive anew; what did not follow keeps its first derivation in the next attempt."""
    choice = _Choice(state, goal)
    kept: set[Call] = set()
    for _ in range(_ATTEMPTS):
        chosen = choice.applications(kept, deadline)
        if len(chosen) >= before or time.perf_counter() > deadline:
            return None
        found = derive(state, chosen, deadline)
        if isinstance(found, State):
            again = found.goal()
            if again.reached and _agree(again.value, goal.value):
                return found, again
            assert goal.entry is not None
            failed = state.store.entries[goal.entry].statement
        elif found.premise is None:
            return None
        else:
            failed = found.premise
        if failed in kept:
            return None
        kept.add(failed)
    return None


def _agree(one: Exact | None, two: Exact | None) -> bool:
    """Whether two derived values are the same number, or too large to compare but by their digits."""
    if one is None or two is None:
        return one is two
    return one == two or math.isclose(float(one), float(two), rel_tol=_DIGITS)


def derive(state: State, applications: Sequence[Application], deadline: float | None) -> State | Refusal:
    """A new state of the same problem and figure in which the applications are made, in this order.

    The first that is refused ends it.  ``deadline`` on the clock of `time.perf_counter`.
    """
    fresh = State(state.problem, state.diagram, deadline)
    for application in applications:
        theorem = state.theory.theorems[application.theorem]
        binding = dict(zip(theorem.letters, application.points, strict=True))
        outcome = fresh.apply_branch(application, theorem.branches[application.branch], binding)
        if isinstance(outcome, Refusal):
            return outcome
    return fresh


class _Choice:
    """Which applications to keep: from the goal downwards, each entry with its cheapest premises."""

    def __init__(self, state: State, goal: GoalResult) -> None:
        assert goal.entry is not None
        self._state = state
        self._goal = goal.entry
        self._entries = state.store.entries
        self._place: dict[Application, int] = {}
        for applied in state.applications:
            self._place.setdefault(applied.application, len(self._place))
        self._selector = Selector(state.system)
        #: For each entry the applications beneath it, one bit each.
        self._beneath: list[int] = []
        for entry in self._entries:
            bits = 0 if entry.origin.application is None else 1 << self._place[entry.origin.application]
            for premise in entry.origin.premises:
                bits |= self._beneath[premise]
            self._beneath.append(bits)

    def applications(self, kept: set[Call], deadline: float) -> list[Application]:
        """Enough applications, as far as the first order tells.

        Statements in ``kept`` keep the premises that they have.
        """
        needed, heap = {self._goal}, [-self._goal]
        chosen: dict[Application, None] = {}
        left = _PROGRAMMES
        while heap:
            entry = self._entries[-heapq.heappop(heap)]
            applied = entry.origin.application
            if applied is not None:
                chosen[applied] = None
            premises = entry.origin.premises
            if entry.origin.kind == "algebra" and entry.statement not in kept:
                paid = self._bits(chosen)
                old = self._new(premises, paid)
                if old and left and time.perf_counter() <= deadline:
                    left -= 1
                    cheaper = self._cheapest(entry, paid)
                    premises = cheaper if self._new(cheaper, paid) < old else premises
            for premise in premises:
                if premise not in needed:
                    needed.add(premise)
                    heapq.heappush(heap, -premise)
        return sorted(chosen, key=self._place.__getitem__)

    def _bits(self, chosen: dict[Application, None]) -> int:
        return sum(1 << self._place[applied] for applied in chosen)

    def _cheapest(self, entry: Entry, paid: int) -> tuple[int, ...]:
        """Premises for an equation, as the first order tells, where some applications are needed anyway."""
        equations = self._state.equations
        if entry.statement.head == "Value":
            poly = equations.term(entry.statement.args[0])
        else:
            poly = equations.equation(entry.statement)
        if isinstance(poly, str):
            return entry.origin.premises

        def cost(source: int) -> float:
            return _BESIDE + (self._beneath[source] & ~paid).bit_count()

        found = self._selector.cheapest(poly, cost, entry.id)
        return entry.origin.premises if found is None else found

    def _new(self, premises: Sequence[int], paid: int) -> int:
        """How many applications premises need that are not paid."""
        bits = 0
        for premise in premises:
            bits |= self._beneath[premise]
        return (bits & ~paid).bit_count()


def _reads_figure(state: State, goal: GoalResult) -> bool:
    """Whether a proof rests on what the figure shows: a guard, or the choice of a root."""
    entries = state.store.entries
    assert goal.entry is not None
    for number in used_entries(entries, goal.entry):
        origin = entries[number].origin
        if origin.checked or (origin.derivation is not None and origin.derivation.by_model):
            return True
    return False
