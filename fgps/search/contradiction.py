"""Problems whose data contradicts itself: what still follows, whichever statement is at fault.

Annotated data has slips in statements that the question does not need.  One given after the other
(those that clash) is left out until a figure exists, and the goal is sought in each such figure.  An answer
counts only if all figures that give one agree on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call, letters
from fgps.problem.model import Problem

#: So many clashing statements are tried as the one at fault.
_SUSPECTS = 6
_SECONDS = 0.6


def consistent_parts(problem: Problem, diagram: Diagram, seed: int) -> Iterator[tuple[Problem, Diagram]]:
    """Versions of the problem without a clashing given, each with its exact figure."""
    # Where the statements meet in a flat figure only, none of them is off.
    flat = () if diagram.clashes else tuple(given.term for given in problem.givens)
    suspects = (*(clash.statement for clash in diagram.clashes), *flat)
    for statement in suspects[:_SUSPECTS]:
        part = without(problem, statement)
        if part is None:
            continue
        figure = synthesize(part, seed=seed, budget=_SECONDS)
        if figure.outcome == "exact":
            yield part, figure


def lines_meet_twice(problem: Problem) -> bool:
    """Whether two lines of the construction have two points in common: then it may itself be at fault.

    Unless they are one line, all points of both have to lie on one; a figure of such data is flat.
    """
    lines = [set(letters(told)) for told in problem.declaration.construct if told.head == "Collinear"]
    return any(len(one & two) > 1 for one, two in combinations(lines, 2))


def without(problem: Problem, statement: Call) -> Problem | None:
    """The problem without a given; None if it is no given."""
    givens = tuple(given for given in problem.givens if given.term != statement)
    return replace(problem, givens=givens) if len(givens) < len(problem.givens) else None
