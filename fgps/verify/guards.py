"""Guards of a solution: what its steps took for granted, and which figure shows it.

A pass without a figure assumes guards (an angle below 180 degrees, say).  They are read off the figure of the
problem.  Where its data contradicts itself no figure satisfies all of it; then the figure of that part of the
givens which the proof rests on decides.  A proof with a guard that neither shows is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fgps.engine.records import Entry, GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call
from fgps.problem.model import Problem
from fgps.verify.figures import Figure
from fgps.verify.run import Run


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the guards: ``shown`` in a figure or ``assumed``, ``open`` those of them in the proof.

    ``part``: the consistent part of the problem whose figure showed some, where the data contradicts itself.
    """

    shown: tuple[Call, ...] = ()
    assumed: tuple[Call, ...] = ()
    open: tuple[Call, ...] = ()
    part: Problem | None = None


def guards_of(run: Run, goal: GoalResult) -> tuple[Call, ...]:
    """The guards that the good steps and the goal rest on, taken for granted or read off the run's figure."""
    entries = run.state.store.entries
    roots = {goal.entry} if goal.entry is not None else set()
    for result in run.results:
        for applied in result.applied:
            roots |= {*applied.premises, *applied.new}
        roots |= set(result.asked)
    guards: dict[Call, None] = {}
    for result in run.results:
        for applied in result.applied:
            guards.update(dict.fromkeys(applied.assumed))
    for number in _closure(run.state, roots):
        guards.update(dict.fromkeys(_of_entry(entries[number])))
    return tuple(guards)


def settle(problem: Problem, run: Run, goal: GoalResult, guards: tuple[Call, ...], figure: Figure) -> Settled:
    """Read guards off the figure, or off that of the part of the data that the proof rests on."""
    if not guards:
        return Settled()
    needed = list(dict.fromkeys(guard for entry in _proof(run.state, goal) for guard in _of_entry(entry)))
    # Beside the figure nothing rests on a given that it reads otherwise.
    usable = run.state.diagram is not None or not figure.reads_otherwise
    shown, part = figure.shows(guards) if usable else set(), None
    if figure.contradicted and not shown.issuperset(needed):
        smaller = part_of(problem, run.state, goal)
        found = Figure(smaller)
        if not found.contradicted:
            shown, part = found.shows(needed), smaller
    return Settled(
        tuple(guard for guard in guards if guard in shown),
        tuple(guard for guard in guards if guard not in shown),
        tuple(guard for guard in needed if guard not in shown),
        part if shown else None,
    )


def part_of(problem: Problem, state: State, goal: GoalResult) -> Problem:
    """The problem with no other givens than those which the proof of the goal rests on."""
    used = {entry.statement for entry in _proof(state, goal) if entry.origin.kind == "given"}
    givens = tuple(given for given in problem.givens if given.term in used)
    declaration = replace(
        problem.declaration,
        given=tuple(given.term for given in givens if given.source == "text"),
        image=tuple(given.term for given in givens if given.source == "image"),
    )
    return replace(problem, givens=givens, declaration=declaration)


def _of_entry(entry: Entry) -> tuple[Call, ...]:
    return (*entry.origin.assumed, *entry.origin.checked)


def _proof(state: State, goal: GoalResult) -> list[Entry]:
    entries = state.store.entries
    return [] if goal.entry is None else [entries[number] for number in used_entries(entries, goal.entry)]


def _closure(state: State, roots: set[int]) -> list[int]:
    entries = state.store.entries
    needed = set(roots)
    for number in range(max(needed, default=-1), -1, -1):
        if number in needed:
            needed.update(entries[number].origin.premises)
    return sorted(needed)
