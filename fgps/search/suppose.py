"""What if the problem said this too?  Figures of the data with one more statement."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from fgps.diagram.synthesize import synthesize
from fgps.engine.state import State
from fgps.lang.ast import Call, letters
from fgps.lang.printer import print_term
from fgps.problem.model import Given, Problem
from fgps.search.contradiction import without
from fgps.theory.instantiate import consequences

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Models of a supposed figure; two that differ show that the goal is still open.
_MODELS = 3
#: How long one figure is looked for without a statement.
_FIGURE_SECONDS = 0.3
#: How deep the meanings of meanings are followed.
_DEPTH = 4


def contradicts(state: State, statement: Call, depth: int = _DEPTH) -> bool:
    """Whether the known equations refute a statement at sight."""
    predicate = state.theory.predicates.get(statement.head)
    if predicate is not None:
        parts = consequences(state.theory, predicate, letters(statement)) if depth else ()
        return any(contradicts(state, part, depth - 1) for part, _ in parts)
    poly = state.equations.equation(statement)
    if isinstance(poly, str):
        return False
    value = state.system.normal_form(poly)[0].as_constant()
    return value is not None and abs(float(value)) > 1e-9


def supposed_figure(state: State, statement: Call, seconds: float) -> Diagram | None:
    """A figure of the data in which the statement is true as well; None if none was found."""
    fact = None
    if statement.head in state.theory.predicates:
        fact = (statement.head, letters(statement))
    given = Given("equation" if fact is None else "relation", statement, fact, "supposed")
    problem = replace(state.problem, givens=(*state.problem.givens, given))
    figure = synthesize(problem, models=_MODELS, budget=seconds)
    return figure if figure.outcome == "exact" else None


def at_fault(problem: Problem, diagram: Diagram, seconds: float) -> tuple[str, ...]:
    """Givens of contradictory data each of which could be left out to get a figure; worst first."""
    deadline = time.perf_counter() + seconds
    found: dict[str, None] = {}
    for clash in diagram.clashes:
        left = deadline - time.perf_counter()
        part = without(problem, clash.statement)
        if part is None or left <= 0:
            continue
        if synthesize(part, models=1, budget=min(left, _FIGURE_SECONDS)).outcome == "exact":
            found[print_term(clash.statement, "infix")] = None
    return tuple(found)


def settles(state: State, figure: Diagram) -> bool:
    """Whether all models of a figure agree on the goal."""
    goal = state.problem.goal
    if goal is None:
        return False
    if goal.kind == "value":
        return figure.count > 1 and figure.determined(goal.term) is not None
    return isinstance(goal.term, Call) and figure.holds(goal.term) is True
