"""A proof as an ordered list of steps: the trace trimmed backwards from the goal.

Entries that one theorem application made together become one step.  Numbers of premises are
always smaller than the number of the step that uses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fgps.engine.records import Application, Entry, Origin, OriginKind
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One step: ``conclusions`` follow from the steps ``premises`` by ``rule``.

    ``assumed`` are guards that nothing decided, ``checked`` guards that were read off the diagram.
    """

    number: int
    kind: OriginKind
    rule: str
    premises: tuple[int, ...]
    conclusions: tuple[Call, ...]
    note: str = ""
    application: Application | None = None
    assumed: tuple[Call, ...] = ()
    checked: tuple[Call, ...] = ()
    entries: tuple[int, ...] = ()


def proof_steps(entries: Sequence[Entry], goal: int) -> tuple[ProofStep, ...]:
    """The trimmed proof of an entry."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in used_entries(entries, goal):
        groups.setdefault(_group_key(entries[number]), []).append(number)
    step_of: dict[int, int] = {}
    steps: list[ProofStep] = []
    for position, members in enumerate(groups.values(), start=1):
        origin = entries[members[0]].origin
        for number in members:
            step_of[number] = position
        steps.append(
            ProofStep(
                number=position,
                kind=origin.kind,
                rule=rule_text(origin),
                premises=tuple(sorted({step_of[p] for p in origin.premises})),
                conclusions=tuple(entries[number].statement for number in members),
                note=origin.note,
                application=origin.application,
                assumed=origin.assumed,
                checked=origin.checked,
                entries=tuple(members),
            )
        )
    return tuple(steps)


def rule_text(origin: Origin) -> str:
    """The rule as a reader sees it."""
    return str(origin.application) if origin.application is not None else origin.kind


def _group_key(entry: Entry) -> tuple[object, ...]:
    if entry.origin.application is not None:
        return ("theorem", entry.origin.application)
    if entry.origin.kind == "meaning":
        return ("meaning", entry.origin.premises)
    return ("entry", entry.id)
