"""Which givens a goal needs: those without which some figure shows another value."""

from __future__ import annotations

from dataclasses import dataclass

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.expand.saturate import FIGURE_SECONDS
from fgps.lang.ast import Call
from fgps.problem.model import Problem
from fgps.search.contradiction import without

#: Models that must agree; two that differ show that a given is needed.
_MODELS = 3


@dataclass(frozen=True, slots=True)
class Needs:
    """``idle``: givens without which all models still agree on the goal; ``unsure``: no figure without
    them.
    """

    idle: tuple[Call, ...]
    unsure: tuple[Call, ...]


def needs_of(problem: Problem, seed: int) -> Needs:
    """Test each given of a problem by figures of the others."""
    idle, unsure = [], []
    part = problem
    for given in problem.givens:
        rest = without(part, given.term)
        if rest is None:
            continue
        verdict = goal_is_settled(rest, seed)
        if verdict:
            idle.append(given.term)
            # Two givens may each be idle only while the other is there.
            part = rest
        elif verdict is None:
            unsure.append(given.term)
    return Needs(tuple(idle), tuple(unsure))


def goal_is_settled(problem: Problem, seed: int) -> bool | None:
    """Whether all models of the data agree on the goal; None if no figure was found."""
    figure = synthesize(problem, seed=seed, models=_MODELS, budget=FIGURE_SECONDS)
    return None if figure.outcome != "exact" else _agree(problem, figure)


def settled_figure(problem: Problem, seed: int) -> Diagram | None:
    """An exact figure whose models agree on the goal, if there is one."""
    figure = synthesize(problem, seed=seed, models=_MODELS, budget=FIGURE_SECONDS)
    return figure if figure.outcome == "exact" and not figure.reread and _agree(problem, figure) else None


def _agree(problem: Problem, figure: Diagram) -> bool:
    goal = problem.goal
    if goal is None:
        return False
    if goal.kind == "value":
        return figure.count > 1 and figure.determined(goal.term) is not None
    return isinstance(goal.term, Call) and figure.holds(goal.term) is True
