"""Givens replaced by derived facts, among them the inverse question: answer and given change places.

Whether the new givens still imply the goal is for the figure and then for the solver to say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from fgps.algebra.exact import Exact
from fgps.expand.goals import Conclusion
from fgps.expand.plain import asking, exchanged
from fgps.lang.ast import Call, ProblemDeclaration, Symbol, Term
from fgps.render.formulas import parse_exact
from fgps.theory.model import Theory

#: What may stand in for a given, with the longest proof.
_LONGEST: Final = 12


def swaps(
    declaration: ProblemDeclaration,
    theory: Theory,
    goal: Conclusion | None,
    known: list[Conclusion],
    seed: str,
) -> Iterator[ProblemDeclaration]:
    """Declarations with one given replaced, in a seeded order without end of sense: take as many as wanted.

    ``goal`` is the conclusion that the declaration asks for (None: it is not among those that are known).
    """
    rng = random.Random(seed)
    pairs = [
        (given, fact)
        for fact in known
        if 0 < fact.support.level <= _LONGEST and (goal is None or fact.find != goal.find)
        for given in fact.support.givens
        if given in declaration.given
    ]
    rng.shuffle(pairs)
    if goal is not None:
        yield from _inverse(declaration, theory, goal)
    for given, fact in pairs:
        statement = as_given(fact)
        if statement is not None and statement not in declaration.given:
            yield exchanged(declaration, given, statement)


def _inverse(
    declaration: ProblemDeclaration, theory: Theory, goal: Conclusion
) -> Iterator[ProblemDeclaration]:
    """The goal's value is given, and what was given is asked for."""
    statement = as_given(goal)
    if statement is None:
        return
    for given in goal.support.givens:
        asked = _quantity_of(given, theory)
        if asked is not None and given in declaration.given:
            yield asking(exchanged(declaration, given, statement), asked)


def as_given(fact: Conclusion) -> Call | None:
    """The conclusion as a statement of a problem."""
    if fact.value is None:
        return fact.find if isinstance(fact.find, Call) else None
    number = number_term(fact.value)
    if number is None or isinstance(fact.find, Symbol):
        return None
    return Call("Equal", (fact.find, number), "infix")


def number_term(value: Exact) -> Term | None:
    """An exact number as a term."""
    return parse_exact(value.to_text())


def _quantity_of(given: Call, theory: Theory) -> Term | None:
    """The quantity of which a given tells the value; None for other statements."""
    if given.head != "Equal" or len(given.args) != 2:
        return None
    left, right = given.args
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Call) and side.head in theory.attributes and not _speaks(other, theory):
            return side
    return None


def _speaks(term: Term, theory: Theory) -> bool:
    """Whether a term contains a quantity or a symbol."""
    if isinstance(term, Symbol):
        return term.name != "pi"
    if not isinstance(term, Call):
        return False
    return term.head in theory.attributes or any(_speaks(argument, theory) for argument in term.args)
