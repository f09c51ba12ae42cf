"""The step before: which applicable theorem instance would give a fact that is missing."""

from __future__ import annotations

import time
from collections.abc import Iterator

from fgps.engine.near import quantities
from fgps.engine.numeric import NumericView
from fgps.engine.state import State
from fgps.engine.unify import BackwardMatcher
from fgps.lang.ast import Call, letters
from fgps.search.agenda import Candidate
from fgps.search.methods import usable_plans
from fgps.theory.instantiate import canonical, instance

Row = tuple[str, ...]


def statement_key(state: State, statement: Call) -> object:
    """The same for all spellings of a relation, and for all ways to write an equation."""
    predicate = state.theory.predicates.get(statement.head)
    if predicate is not None:
        return predicate.name, canonical(predicate, letters(statement))
    poly = state.equations.equation(statement)
    return statement if isinstance(poly, str) else min(str(poly.key()), str((-poly).key()))


def providers(
    state: State, view: NumericView | None, statement: Call, limit: int = 2, seconds: float = 0.5
) -> tuple[str, ...]:
    """Applications with established premises that conclude the statement; cheap proofs of premises only."""
    effort, state.effort = state.effort, 0
    deadline = time.perf_counter() + seconds
    wanted = statement_key(state, statement)
    found: dict[str, None] = {}
    try:
        for candidate, conclusions in _instances(state, view, statement):
            if len(found) == limit or time.perf_counter() > deadline:
                break
            if any(statement_key(state, conclusion) == wanted for conclusion in conclusions):
                names = dict(zip(candidate.plan.registers, candidate.row, strict=True))
                given = (instance(template, names) for template in candidate.plan.branch.given)
                if all(isinstance(state.establish(premise), int) for premise in given):
                    found[str(candidate.application())] = None
    finally:
        state.effort = effort
    return tuple(found)


def _instances(
    state: State, view: NumericView | None, statement: Call
) -> Iterator[tuple[Candidate, tuple[Call, ...]]]:
    """Instances whose conclusions mention the relation, or the first quantity of the equation."""
    head, spellings = _target(state, statement)
    if not head:
        return
    for plan in usable_plans(state):
        matcher = BackwardMatcher(state.theory, plan, state.store, view)
        for row in matcher.instances(head, spellings):
            names = dict(zip(plan.registers, row, strict=True))
            yield Candidate(plan, row), tuple(instance(template, names) for template in plan.branch.then)


def _target(state: State, statement: Call) -> tuple[str, list[Row]]:
    if statement.head in state.theory.predicates:
        return statement.head, state.store.spellings(statement.head, letters(statement))
    for term in quantities(statement):
        if isinstance(term, Call) and term.head in state.theory.attributes:
            return term.head, state.quantities.spellings(term.head, letters(term))
    return "", []
