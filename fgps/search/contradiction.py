"""Problems whose data contradicts itself: what still follows, whichever statement is at fault.

Annotated data has slips in statements that the question does not need.  One given after the other
(those that clash) is left out until a figure exists, and the goal is sought in each such figure.  An answer
counts only if all figures that give one agree on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call
from fgps.problem.model import Problem

#: So many clashing statements are tried as the one at fault, and so many are left out together at most.
_SUSPECTS = 6
_TOGETHER = 3
_SECONDS = 0.6


def consistent_parts(problem: Problem, diagram: Diagram, seed: int) -> Iterator[tuple[Problem, Diagram]]:
    """Versions of the problem without a clashing given, each with its exact figure."""
    found = False
    for clash in diagram.clashes[:_SUSPECTS]:
        part = without(problem, clash.statement)
        if part is None:
            continue
        figure = synthesize(part, seed=seed, budget=_SECONDS)
        if figure.outcome == "exact":
            found = True
            yield part, figure
    if not found:
        yield from _greedily(problem, diagram, seed)


def _greedily(problem: Problem, diagram: Diagram, seed: int) -> Iterator[tuple[Problem, Diagram]]:
    """Leave out the worst given again and again."""
    part: Problem | None = problem
    figure = diagram
    for _ in range(_TOGETHER):
        clash = next((c for c in figure.clashes if part and without(part, c.statement)), None)
        if clash is None or part is None:
            return
        part = without(part, clash.statement)
        assert part is not None
        figure = synthesize(part, seed=seed, budget=_SECONDS)
        if figure.outcome == "exact":
            yield part, figure
            return


def without(problem: Problem, statement: Call) -> Problem | None:
    """The problem without a given; None if it is no given."""
    givens = tuple(given for given in problem.givens if given.term != statement)
    return replace(problem, givens=givens) if len(givens) < len(problem.givens) else None
