"""What a derived entry rests on: theorem steps, givens, facts of the construction, points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fgps.engine.records import Application, Entry
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call, letters
from fgps.problem.facts import Fact


@dataclass(frozen=True, slots=True)
class Support:
    """``level`` counts theorem applications; ``givens`` are statements of the problem, ``facts`` those of its
    construction, ``points`` all names that occur.
    """

    level: int
    givens: tuple[Call, ...]
    facts: tuple[Fact, ...]
    points: tuple[str, ...]


def support(entries: Sequence[Entry], number: int) -> Support:
    """What the trimmed proof of an entry consists of."""
    applications: dict[Application, None] = {}
    givens: list[Call] = []
    facts: list[Fact] = []
    points: dict[str, None] = {}
    for used in used_entries(entries, number):
        entry = entries[used]
        for statement in (entry.statement, *entry.origin.guards):
            points.update(dict.fromkeys(letters(statement)))
        if entry.origin.application is not None:
            applications[entry.origin.application] = None
        elif entry.origin.kind == "given":
            givens.append(entry.statement)
        elif entry.origin.kind == "construction" and entry.fact is not None:
            facts.append(entry.fact)
    return Support(len(applications), tuple(givens), tuple(facts), tuple(points))
