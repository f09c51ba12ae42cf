"""Definitions in a circle.

A numeric meaning that leads back to itself has no value, so a theory with one is refused.  Facts that follow
from each other by `means` are only doubtful: they may be meant as two names of one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fgps.lang.ast import Term, calls
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.theory.model import Theory

Uses = Mapping[str, tuple[str, ...]]


def numeric_cycles(theory: Theory) -> Iterator[Diagnostic]:
    """Errors: predicates and attributes whose value in a figure would need itself."""
    yield from _reports(theory, _uses(theory, numeric=True), Severity.ERROR)


def meaning_cycles(theory: Theory) -> Iterator[Diagnostic]:
    """Warnings: circles of consequences that are no numeric ones."""
    known = {name for circle in _circles(_uses(theory, numeric=True)) for name in circle}
    yield from _reports(theory, _uses(theory, numeric=False), Severity.WARNING, known)


def _uses(theory: Theory, numeric: bool) -> Uses:
    """Which entries each entry's meaning names; ``numeric``: only what evaluating it in a figure takes."""
    uses: dict[str, tuple[str, ...]] = {}
    for predicate in theory.predicates.values():
        declaration = predicate.declaration
        terms = declaration.holds or declaration.means
        uses[predicate.name] = _names(theory, terms if numeric else (*declaration.holds, *declaration.means))
    for attribute in theory.attributes.values():
        value = attribute.declaration.value
        uses[attribute.name] = _names(theory, () if value is None else (value,))
    return uses


def _names(theory: Theory, terms: Iterable[Term]) -> tuple[str, ...]:
    heads = (call.head for term in terms for call in calls(term))
    return tuple(dict.fromkeys(h for h in heads if h in theory.predicates or h in theory.attributes))


def _reports(
    theory: Theory, uses: Uses, severity: Severity, known: Iterable[str] = ()
) -> Iterator[Diagnostic]:
    for circle in _circles(uses):
        if not set(circle) & set(known):
            declared = theory.predicates.get(circle[0]) or theory.attributes[circle[0]]
            shown = " -> ".join((*circle, circle[0]))
            headline = f"the meaning of {circle[0]} leads back to it: {shown}"
            yield Diagnostic("cyclic", severity, headline, declared.declaration.span, declared.source)


def _circles(uses: Uses) -> Iterator[tuple[str, ...]]:
    """A shortest circle for each entry on one, reported once, at its least name."""
    for name in uses:
        circle = _way_back(name, uses)
        if circle and name == min(circle):
            yield circle


def _way_back(start: str, uses: Uses) -> tuple[str, ...]:
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        for name in uses[path[-1]]:
            if name == start:
                return path
            if name not in seen:
                seen.add(name)
                waiting.append((*path, name))
    return ()
