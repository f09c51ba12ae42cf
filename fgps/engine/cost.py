"""How expensive a theorem branch is to have around, read off the shape of its statements.

Relations and linear equations are cheap for the algebra, products cost more, sums of products and
trigonometric equations most.  `auto` goes through the stages in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from fgps.lang.ast import Branch, Call, Points, Term, calls
from fgps.theory.model import Theory


class Stage(IntEnum):
    """Stages of `auto`, cheapest first."""

    LINEAR = 0
    PRODUCT = 1
    POLYNOMIAL = 2
    TRIGONOMETRIC = 3


NOTHING: Final[Mapping[str, Stage]] = MappingProxyType({})
_TRIGONOMETRIC = ("Sin", "Cos", "Tan")


def stage_of(branch: Branch, opened: Mapping[str, Stage] = NOTHING) -> Stage:
    """The stage at which a branch joins the search: that of its most expensive conclusion.

    ``opened``: the stages of relations, see `opened_stages`.
    """
    return max((_statement(statement, opened) for statement in branch.then), default=Stage.LINEAR)


def opened_stages(theory: Theory) -> dict[str, Stage]:
    """The stage of each relation: the median of the theorems that it is a premise of.

    Similar triangles bring products of ratios for the most part, congruent ones equal sides and angles:
    the former can wait.  A relation that is defined by equations of its own is cheap.
    """
    uses: dict[str, list[Stage]] = {}
    for theorem in theory.theorems.values():
        for branch in theorem.branches.values():
            for head in {premise.head for premise in branch.given}:
                uses.setdefault(head, []).append(stage_of(branch))
    return {
        name: sorted(uses[name])[len(uses[name]) // 2]
        for name, predicate in theory.predicates.items()
        if name in uses and not predicate.declaration.means
    }


def _statement(statement: Call, opened: Mapping[str, Stage]) -> Stage:
    if statement.head != "Equal":
        return opened.get(statement.head, Stage.LINEAR)
    if any(call.head in _TRIGONOMETRIC for call in calls(statement)):
        return Stage.TRIGONOMETRIC
    degree = max(_degree(side) for side in statement.args)
    if degree <= 1:
        return Stage.LINEAR
    return Stage.PRODUCT if all(_is_monomial(side) for side in statement.args) else Stage.POLYNOMIAL


def _is_attribute(term: Term) -> bool:
    return isinstance(term, Call) and bool(term.args) and all(isinstance(a, Points) for a in term.args)


def _degree(term: Term) -> int:
    if _is_attribute(term):
        return 1
    if not isinstance(term, Call):
        return 0
    degrees = [_degree(argument) for argument in term.args]
    if term.head == "Mul":
        return sum(degrees)
    if term.head == "Pow":
        return 2 * degrees[0]
    if term.head == "Div":
        return degrees[0] + degrees[1]
    return max(degrees, default=0)


def _is_monomial(term: Term) -> bool:
    if _is_attribute(term) or not isinstance(term, Call):
        return True
    return term.head in ("Mul", "Div", "Pow") and all(_is_monomial(argument) for argument in term.args)
