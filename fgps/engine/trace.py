"""Which entries a conclusion rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fgps.engine.records import Entry
from fgps.problem.model import Given


def used_entries(entries: Sequence[Entry], *goals: int) -> list[int]:
    """The entries that the ``goals`` rest on, themselves included, ascending."""
    used = set(goals)
    for number in range(max(goals, default=-1), -1, -1):
        if number in used:
            used.update(entries[number].origin.premises)
    return sorted(used)


def used_givens(entries: Sequence[Entry], goal: int, givens: Iterable[Given]) -> tuple[Given, ...]:
    """Those of the givens that ``goal`` rests on."""
    used = {entries[number].statement for number in used_entries(entries, goal)}
    return tuple(given for given in givens if given.term in used)
