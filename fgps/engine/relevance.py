"""Theorems whose conclusions cannot matter to a problem.

The perimeter of a triangle is the sum of its sides, and no theorem asks for it: unless the problem speaks of
perimeters, that equation only names one more unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from fgps.engine.plan import BranchPlan
from fgps.lang.ast import Branch, Call, Points, Term, calls
from fgps.problem.model import Problem
from fgps.theory.model import Theory


def summaries(theory: Theory) -> frozenset[str]:
    """Attributes with one formula, which no premise mentions.

    What else is said about them (of congruent triangles, say) ties two of the kind, and follows from that
    formula.
    """
    formulas: dict[str, set[str]] = {}
    asked: set[str] = set()
    for theorem in theory.theorems.values():
        for branch in theorem.branches.values():
            asked.update(head for premise in (*branch.given, *branch.where) for head in _heads(premise))
            for statement in branch.then:
                for head in _single(statement):
                    formulas.setdefault(head, set()).add(theorem.name)
    for predicate in theory.predicates.values():
        for statement in predicate.declaration.means:
            for head in _single(statement):
                formulas.setdefault(head, set()).add(predicate.name)
    return frozenset(
        name for name in theory.attributes if name not in asked and len(formulas.get(name, ())) == 1
    )


class Relevance:
    """The plans of one theory, and the summaries that the conclusions of each are about."""

    def __init__(self, theory: Theory, plans: Sequence[BranchPlan]) -> None:
        found = summaries(theory)
        self._plans = [(plan, _about(plan.branch, found)) for plan in plans]

    def plans(self, problem: Problem) -> tuple[BranchPlan, ...]:
        """The plans without those that conclude nothing but summaries on which the problem is silent."""
        goal = problem.goal
        spoken = {head for given in problem.givens for head in _heads(given.term)}
        spoken.update(() if goal is None else _heads(goal.term))
        return tuple(plan for plan, about in self._plans if not about or about & spoken)


def _about(branch: Branch, found: frozenset[str]) -> frozenset[str]:
    """The summaries that the conclusions mention; empty if one of these mentions none."""
    mentioned = [found.intersection(_heads(statement)) for statement in branch.then]
    return frozenset().union(*mentioned) if all(mentioned) else frozenset()


def _heads(term: Term) -> list[str]:
    """The attributes (and relations) that a term mentions, as often as it does."""
    return [call.head for call in calls(term) if any(isinstance(a, Points) for a in call.args)]


def _single(statement: Call) -> set[str]:
    """Attributes that an equation mentions once."""
    heads = _heads(statement) if statement.head == "Equal" else []
    return {head for head in heads if heads.count(head) == 1}
