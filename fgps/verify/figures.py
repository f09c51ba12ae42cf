"""Figures of problems, found when they are first asked for, kept by the digest of the problem."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.verify.figure_store import default_store, figure_key

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Figures that one process keeps, and seconds that finding one may take.
KEPT: Final = 8192
SECONDS: Final = 5.0

_figures: OrderedDict[tuple[str, str], Diagram | None] = OrderedDict()
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
        self.asked = False

    def get(self) -> Diagram | None:
        """A diagram whose models may serve as a filter; None if there is none."""
        self.asked = True
        key = (problem_digest(self._problem), self._problem.theory.digest)
        if key in _figures:
            _figures.move_to_end(key)
            return _figures[key]
        found = _figures[key] = self._stored_or_made()
        if len(_figures) > KEPT:
            _figures.popitem(last=False)
        return found

    def _stored_or_made(self) -> Diagram | None:
        store, theory = default_store(), self._problem.theory
        place = figure_key(problem_digest(self._problem), theory)
        if store is not None:
            known, kept = store.get(place, theory)
            if known:
                return kept
        # Numerics are imported only where a figure is needed: most right solutions need none.
        from fgps.diagram.synthesize import synthesize

        started = time.perf_counter()
        found = synthesize(self._problem, seed=0, budget=self._seconds)
        usable = found if found.outcome in ("exact", "rounded") else None
        # What the limit of time cut short may be another figure the next time.
        if store is not None and time.perf_counter() - started < self._seconds:
            store.put(place, usable)
        return usable
