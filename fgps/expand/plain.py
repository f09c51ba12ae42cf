"""The bare statement of a problem, as transformations take and make it."""

from __future__ import annotations

from dataclasses import replace

from fgps.lang.ast import Call, ProblemDeclaration, Term
from fgps.problem.model import Problem


def plain_declaration(problem: Problem) -> ProblemDeclaration:
    """The declaration with slips mended, no texts, no answer, and all givens in one list."""
    declaration = problem.declaration
    return replace(
        declaration,
        texts=(),
        meta=(),
        given=tuple(dict.fromkeys(given.term for given in problem.givens)),
        image=(),
        find=None if problem.goal is None else problem.goal.term,
        answer=None,
    )


def asking(declaration: ProblemDeclaration, find: Term) -> ProblemDeclaration:
    """The declaration with another goal."""
    return replace(declaration, find=find)


def exchanged(declaration: ProblemDeclaration, old: Call, new: Call) -> ProblemDeclaration:
    """The declaration with one given in place of another."""
    return replace(declaration, given=tuple(new if given == old else given for given in declaration.given))
