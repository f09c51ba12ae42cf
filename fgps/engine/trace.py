"""Which entries a conclusion rests on."""

from __future__ import annotations

from collections.abc import Sequence

from fgps.engine.records import Entry


def used_entries(entries: Sequence[Entry], goal: int) -> list[int]:
    """The entries that ``goal`` rests on, itself included, ascending."""
    used = {goal}
    for number in range(goal, -1, -1):
        if number in used:
            used.update(entries[number].origin.premises)
    return sorted(used)
