"""Figures of problems, found when they are first asked for, kept by the digest of the problem."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from fgps.lang.ast import Call
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.verify.figure_store import Made, default_store, figure_key

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Figures that one process keeps, and seconds that finding one may take.
KEPT: Final = 8192
SECONDS: Final = 5.0

_figures: OrderedDict[tuple[str, str], Made] = OrderedDict()
#: Problem objects whose digest is known: the object is held, so its id cannot be used again.
_digests: OrderedDict[int, tuple[Problem, str]] = OrderedDict()


def problem_digest(problem: Problem) -> str:
    """Hex SHA-256 of what the problem states: construction, givens, goal (no wording, no answer)."""
    known = _digests.get(id(problem))
    if known is not None:
        return known[1]
    told = problem.declaration
    lines = [f"construct {print_term(statement)}" for statement in told.construct]
    lines += [f"given {print_term(statement)}" for statement in (*told.given, *told.image)]
    lines.append(f"find {'' if told.find is None else print_term(told.find)}")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    _digests[id(problem)] = (problem, digest)
    if len(_digests) > KEPT:
        _digests.popitem(last=False)
    return digest


class Figure:
    """The figure of one problem, made on first use."""

    def __init__(self, problem: Problem, seconds: float = SECONDS) -> None:
        self._problem = problem
        self._seconds = seconds

    def get(self) -> Diagram | None:
        """A diagram whose models may serve as a filter; None if there is none."""
        return self._made().diagram

    def shows(self, guards: Iterable[Call]) -> set[Call]:
        """Those of the guards that the independent checker would read off the figure."""
        from fgps.proof.figure import shown

        made = self._made()
        if made.diagram is None:
            return set()
        return shown(self._problem.theory, made.diagram, made.accepted, guards)

    @property
    def reads_otherwise(self) -> bool:
        """Whether the figure satisfies a given in another reading only."""
        diagram = self._made().diagram
        return diagram is not None and bool(diagram.reread)

    @property
    def contradicted(self) -> bool:
        """Whether no figure satisfies the data as it is written (not: that none was found in time)."""
        made = self._made()
        return made.final and (made.diagram is None or not made.accepted or bool(made.diagram.reread))

    def _made(self) -> Made:
        key = (problem_digest(self._problem), self._problem.theory.digest)
        if key in _figures:
            _figures.move_to_end(key)
            return _figures[key]
        found = _figures[key] = self._stored_or_made()
        if len(_figures) > KEPT:
            _figures.popitem(last=False)
        return found

    def _stored_or_made(self) -> Made:
        store, theory = default_store(), self._problem.theory
        place = figure_key(problem_digest(self._problem), theory)
        known = None if store is None else store.get(place, theory)
        if known is not None:
            return known
        made = self._make()
        if store is not None and made.final:
            store.put(place, made)
        return made

    def _make(self) -> Made:
        # Numerics are imported only where a figure is needed: most right solutions need none.
        from fgps.diagram.synthesize import synthesize
        from fgps.proof.figure import accepted_models

        started = time.perf_counter()
        found = synthesize(self._problem, seed=0, budget=self._seconds)
        final = time.perf_counter() - started < self._seconds
        if found.outcome not in ("exact", "rounded"):
            return Made(None, (), final)
        return Made(found, accepted_models(self._problem, found), final)
