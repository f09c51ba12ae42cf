"""From a problem to its annotation: solve, leave out what is not needed, order, replay as data is replayed.

A solution of the data sets is a sequence of theorem applications that leads to the goal when it is replayed.
The annotated answer and the annotated solution of the problem play no part here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fgps import api
from fgps.lang.ast import Call
from fgps.lang.parse import parse_application
from fgps.lang.printer import print_term
from fgps.problem.model import Problem

#: The key of the graph under which the steps stand that rest on no other step.
START: Final = "START"
#: Seconds for leaving out steps, and the most replays for it.
_SECONDS: Final = 3.0
_REPLAYS: Final = 80
#: More applications than any proof has.
_NEVER: Final = 10**9

Graph = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A solution that replays, or why there is none.

    ``status``: annotated; else that of the solve (saturated, timeout, ...), or ``not-replayed`` where an
    answer was found but no sequence of theorems alone leads to it.  ``graph`` maps `START` and each step that
    others rest on to those others, as the data sets do; ``seconds`` is the time for all of it.
    """

    status: str
    steps: tuple[Call, ...] = ()
    graph: Graph = ()
    answer: str | None = None
    value: float | None = None
    seconds: float = 0.0
    message: str = ""

    @property
    def sequence(self) -> tuple[str, ...]:
        """The steps as text."""
        return tuple(map(print_term, self.steps))


def annotate(problem: Problem, timeout: float = 10.0, seed: int = 0) -> Annotation:
    """Find a solution of a problem that `fgps.api.replay` accepts.

    Steps that can be left out are left out, and each step stands near the one that needs it.
    ``timeout`` in seconds is that of the search; what follows takes some seconds at most.
    """
    started = time.perf_counter()
    solved = api.solve(problem, timeout=timeout, seed=seed, longer_than=1, thorough=True)
    if solved.status != "solved":
        return Annotation(solved.status, message=solved.message, seconds=time.perf_counter() - started)
    # A search that picks what the goal needs comes to other proofs, often to shorter ones.
    picked = api.solve(problem, timeout=timeout, seed=seed, longer_than=1)
    found = _shortest(problem, (solved, picked), timeout)
    if found is None:
        # The figure may have helped the algebra of a short proof; the first proof of the search is another.
        longer = api.solve(problem, timeout=timeout, seed=seed, longer_than=_NEVER, thorough=True)
        found = _shortest(problem, (longer,), timeout)
    if found is None:
        return Annotation(
            "not-replayed",
            answer=solved.answer,
            value=solved.value,
            seconds=time.perf_counter() - started,
            message="no sequence of theorems alone leads to the answer that was found",
        )
    found = found.in_order_of_use()
    return Annotation(
        "annotated",
        found.steps,
        dependencies(found.outcome.steps, found.steps),
        solved.answer,
        solved.value,
        time.perf_counter() - started,
    )


def _shortest(problem: Problem, proofs: Sequence[api.Outcome], timeout: float) -> _Replayed | None:
    """The shortest of the sequences that replay to the value of the first proof, without needless steps."""
    solved = [proof for proof in proofs if proof.status == "solved"]
    replays = (_Replayed.of(problem, theorem_steps(proof.steps), proofs[0], timeout) for proof in solved)
    shortest = (found.without_needless() for found in replays if found is not None)
    return min(shortest, key=lambda found: len(found.steps), default=None)


def theorem_steps(steps: Sequence[api.StepRecord]) -> tuple[Call, ...]:
    """The theorem applications among the steps of an outcome, each once, in their order."""
    found: dict[str, Call] = {}
    for step in steps:
        call = _application(step)
        if call is not None:
            found.setdefault(step.rule, call)
    return tuple(found.values())


def dependencies(steps: Sequence[api.StepRecord], order: Sequence[Call]) -> Graph:
    """Which application rests on which: see `Annotation`; both levels in the order given."""
    users: dict[str, set[str]] = {START: set()}
    for name, needed in _needed(steps).items():
        for other in needed or {START}:
            users.setdefault(other, set()).add(name)
    names = [print_term(call) for call in order]
    return tuple(
        (key, tuple(name for name in names if name in users[key])) for key in (START, *names) if key in users
    )


def _application(step: api.StepRecord) -> Call | None:
    call = parse_application(step.rule) if "(" in step.rule else None
    return call if isinstance(call, Call) else None


def _needed(steps: Sequence[api.StepRecord]) -> dict[str, set[str]]:
    """For each application of a proof those that it rests on with no other application between."""
    below: dict[int, set[str]] = {}
    needed: dict[str, set[str]] = {}
    for step in steps:
        found = set().union(*(below[premise] for premise in step.premises))
        if _application(step) is None:
            below[step.number] = found
        else:
            below[step.number] = {step.rule}
            needed[step.rule] = found
    return needed


@dataclass(frozen=True, slots=True)
class _Replayed:
    """Steps that lead to the answer of ``solved``, and the outcome of their replay."""

    problem: Problem
    steps: tuple[Call, ...]
    outcome: api.Outcome
    solved: api.Outcome
    timeout: float

    @staticmethod
    def of(problem: Problem, steps: Sequence[Call], solved: api.Outcome, timeout: float) -> _Replayed | None:
        """Replay the steps; None if they do not lead there."""
        outcome = api.replay(problem, steps, timeout)
        if outcome.status != "valid" or not _same(outcome, solved):
            return None
        used = theorem_steps(outcome.steps)
        if len(used) < len(steps):
            trimmed = _Replayed.of(problem, used, solved, timeout)
            if trimmed is not None:
                return trimmed
        return _Replayed(problem, tuple(steps), outcome, solved, timeout)

    def again(self, steps: Sequence[Call]) -> _Replayed | None:
        """The same with other steps."""
        return _Replayed.of(self.problem, steps, self.solved, self.timeout)

    def without_needless(self) -> _Replayed:
        """Leave out what can be left out, the last steps first."""
        best, left = self, _REPLAYS
        deadline = time.perf_counter() + _SECONDS
        position = len(best.steps) - 1
        while position >= 0 and left and time.perf_counter() < deadline:
            left -= 1
            fewer = best.again(best.steps[:position] + best.steps[position + 1 :])
            if fewer is not None:
                best = fewer
            position = min(position, len(best.steps)) - 1
        return best

    def in_order_of_use(self) -> _Replayed:
        """Each step after those that it rests on and near the one that needs it, if it replays that way."""
        needed = _needed(self.outcome.steps)
        calls = {print_term(call): call for call in self.steps}
        if set(calls) != set(needed):
            return self
        order: dict[str, None] = {}

        def place(name: str) -> None:
            if name not in order:
                for other in calls:
                    if other in needed[name]:
                        place(other)
                order[name] = None

        used = set().union(*needed.values())
        for name in calls:
            if name not in used:
                place(name)
        ordered = tuple(calls[name] for name in order)
        moved = None if ordered == self.steps else self.again(ordered)
        return self if moved is None or len(moved.steps) > len(self.steps) else moved


def _same(outcome: api.Outcome, solved: api.Outcome) -> bool:
    """Whether both outcomes have the same answer (or none: the goal was to be proved)."""
    if outcome.value is None or solved.value is None:
        return outcome.value is solved.value
    return outcome.exact == solved.exact or math.isclose(outcome.value, solved.value, rel_tol=1e-9)
