"""Guards of a solution: what its steps took for granted, and which figure shows it.

A pass without a figure assumes guards (an angle below 180 degrees, say).  They are read off the figure of the
problem.  Where its data contradicts itself no figure satisfies all of it; then the figure of that part of the
givens which the proof rests on decides.  A proof with a guard that neither shows is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fgps.engine.records import GoalResult
from fgps.engine.trace import used_entries, used_givens
from fgps.lang.ast import Call
from fgps.problem.model import Given, Problem
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
    for number in used_entries(entries, *roots):
        guards.update(dict.fromkeys(entries[number].origin.guards))
    return tuple(guards)


def settle(problem: Problem, run: Run, goal: GoalResult, guards: tuple[Call, ...], figure: Figure) -> Settled:
    """Read guards off the figure, or off that of the part of the data that the proof rests on."""
    if not guards:
        return Settled()
    entries = run.state.store.entries
    proof = [] if goal.entry is None else used_entries(entries, goal.entry)
    needed = list(dict.fromkeys(guard for number in proof for guard in entries[number].origin.guards))
    # Beside the figure nothing rests on a given that it reads otherwise.
    usable = run.state.diagram is not None or not figure.reads_otherwise
    shown, part = figure.shows(guards) if usable else set(), None
    if goal.entry is not None and figure.contradicted and not shown.issuperset(needed):
        smaller = part_of(problem, used_givens(entries, goal.entry, problem.givens))
        found = Figure(smaller)
        if not found.contradicted:
            shown, part = found.shows(needed), smaller
    return Settled(
        tuple(guard for guard in guards if guard in shown),
        tuple(guard for guard in guards if guard not in shown),
        tuple(guard for guard in needed if guard not in shown),
        part if shown else None,
    )


def part_of(problem: Problem, givens: tuple[Given, ...]) -> Problem:
    """The problem with no other givens than these, in its declaration too."""
    declaration = replace(
        problem.declaration,
        given=tuple(given.term for given in givens if given.source == "text"),
        image=tuple(given.term for given in givens if given.source == "image"),
    )
    return replace(problem, givens=givens, declaration=declaration)
