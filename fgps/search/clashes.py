"""Contradictory data: which statements of the problem clash, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.printer import print_term

#: More contradictions than these tell nothing new.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements of the problem that cannot all be true, and the theorem instances that show it."""

    givens: tuple[str, ...]
    by: tuple[str, ...] = ()

    def __str__(self) -> str:
        by = f" (by {', '.join(self.by)})" if self.by else ""
        return f"these statements contradict each other: {', '.join(self.givens)}{by}"


def contradictions(state: State, limit: int = 3) -> tuple[Contradiction, ...]:
    """What the equations of a state say against each other, the shortest first."""
    found: dict[tuple[str, ...], Contradiction] = {}
    for clash in state.system.clashes[:_MOST]:
        told = _told(state, clash.sources)
        known = found.get(told.givens)
        if told.givens and (known is None or len(told.by) < len(known.by)):
            found[told.givens] = told
    # A contradiction that holds a shorter one says no more than it.
    ranked = sorted(found.values(), key=lambda one: (len(one.givens), len(one.by)))
    kept: list[Contradiction] = []
    for one in ranked:
        if not any(set(other.givens) <= set(one.givens) for other in kept):
            kept.append(one)
    return tuple(kept[:limit])


def _told(state: State, sources: Sequence[int]) -> Contradiction:
    entries = state.store.entries
    used = used_entries(entries, *sources)
    givens = dict.fromkeys(
        print_term(entries[n].statement, "infix") for n in used if entries[n].origin.kind == "given"
    )
    by = dict.fromkeys(
        str(entries[n].origin.application) for n in used if entries[n].origin.application is not None
    )
    return Contradiction(tuple(givens), tuple(by))


def clash_words(state: State) -> str:
    """The shortest contradiction in words; empty if the equations agree."""
    found = contradictions(state, 1)
    return str(found[0]) if found else ""
