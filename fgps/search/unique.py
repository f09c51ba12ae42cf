"""Is an answer that leans on the figure the only one?

Where signs and ranges leave two roots, the algebra takes the one that the numeric models show.
That is sound only if the data admits no other figure.  So each root that was set aside is put
to the test: a model is sought in which it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from fgps.algebra.nodes import RootChoice, reachable
from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.engine.records import Entry, GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call, Number, Symbol, Term
from fgps.problem.model import Given, Problem
from fgps.search.outcome import SearchResult, Status
from fgps.theory.instantiate import spell

#: Seconds for each rival figure.
_SECONDS = 0.5
#: The diagnostic of a construction statement that was left out, and how often such a figure is drawn anew.
_UNREAD = "bad-arguments"
_DRAWN_ANEW = 2
#: Goal values that differ by more than this (relative) are different answers.
_APART = 1e-5
#: Relative error that rounded data may put into an answer.
_ROUNDING = 0.005
#: A figure that converges slowly (lines that touch, double roots) may be off by so much (relative).
_SLOW = 1e-3


def only_answer(state: State, result: SearchResult, seed: int) -> SearchResult:
    """The result itself, or ``saturated`` with the reason if the data allows another answer."""
    goal = result.goal
    if not goal.reached or goal.value is None or goal.entry is None or state.diagram is None:
        return result
    if not agrees(state.diagram, goal):
        nearer = _nearer_figure(state, goal, seed)
        if nearer is None:
            return _unsettled(result, "the value derived is not that of the figure")
        state.diagram = nearer
    entries = [state.store.entries[number] for number in used_entries(state.store.entries, goal.entry)]
    other = rival_value(state, entries, float(goal.value), seed)
    if other is None:
        other = _drawn_otherwise(state, goal, seed)
    if other is None:
        return result
    return _unsettled(
        result,
        f"the data does not settle the value: {goal.value.to_text()} in one figure, {other:.6g} in another",
    )


def agrees(diagram: Diagram, goal: GoalResult) -> bool:
    """Does the value agree with the figure, as far as rounding (of the data, if it was rounded) explains?"""
    seen = None if goal.term is None else diagram.value(goal.term)
    if seen is None or goal.value is None:
        return True
    value = float(goal.value)
    slack = _ROUNDING + 4 * diagram.tolerance if diagram.outcome == "rounded" else _APART
    return all(abs(float(model) - value) <= slack * max(abs(value), 1e-3) for model in seen)


def _drawn_otherwise(state: State, goal: GoalResult, seed: int) -> float | None:
    """Another value of the goal in figures drawn anew, where part of the construction could not be read.

    What such a part says of sides and turns is lost, so the same data may have figures of several kinds.
    """
    problem = state.problem
    if goal.term is None or goal.value is None or not any(d.code == _UNREAD for d in problem.diagnostics):
        return None
    value = float(goal.value)
    for other in range(seed + 1, seed + 1 + _DRAWN_ANEW):
        figure = synthesize(problem, seed=other, budget=_SECONDS)
        seen = figure.value(goal.term) if figure.outcome == "exact" else None
        for model in () if seen is None else seen:
            if abs(float(model) - value) > _APART * max(1.0, abs(value)):
                return float(model)
    return None


def _nearer_figure(state: State, goal: GoalResult, seed: int) -> Diagram | None:
    """The figure anew with the goal at the value derived, if that is nearly its value anyway; else None."""
    assert state.diagram is not None and goal.value is not None
    value, seen = float(goal.value), None if goal.term is None else state.diagram.value(goal.term)
    if seen is None or state.diagram.outcome != "exact":
        return None
    if any(abs(float(model) - value) > _SLOW * abs(value) for model in seen):
        return None
    assert goal.term is not None
    return _figure(state.problem, Call("Equal", (goal.term, _number(value)), "infix"), seed)


def _number(value: float) -> Term:
    number = Number(Fraction(abs(value)).limit_denominator(10**12))
    return number if value >= 0 else Call("Neg", (number,), "infix")


def _unsettled(result: SearchResult, message: str) -> SearchResult:
    return SearchResult(
        Status.SATURATED, GoalResult(False, term=result.goal.term), result.applied, result.tried, message
    )


def rival_value(state: State, entries: Sequence[Entry], value: float, seed: int) -> float | None:
    """Another value that the goal has in some figure of the same data, or None if none was found.

    ``entries`` are those that the proof uses; ``value`` is the answer found.
    """
    goal = state.problem.goal
    if goal is None or goal.kind != "value":
        return None
    for condition in rivals(state, entries):
        figure = _figure(state.problem, condition, seed)
        if figure is None:
            continue
        other = figure.value(goal.term)
        if other is not None and abs(float(other[0]) - value) > _APART * max(1.0, abs(value)):
            return float(other[0])
    return None


def rivals(state: State, entries: Sequence[Entry]) -> Iterator[Call]:
    """The roots that only the models excluded, each as an equation about the figure."""
    seen: set[tuple[int, float]] = set()
    for entry in entries:
        derivation = entry.origin.derivation
        if derivation is None:
            continue
        for node in reachable(derivation.node):
            choice = node.data
            if not isinstance(choice, RootChoice):
                continue
            term = _term(state, choice.variable)
            for excluded in choice.excluded:
                if excluded.why != "model" or excluded.value is None or term is None:
                    continue
                key = (choice.variable, float(excluded.value))
                if key not in seen:
                    seen.add(key)
                    yield Call("Equal", (term, _number(key[1])), "infix")


def _term(state: State, variable: int) -> Term | None:
    meaning = state.equations.variables.get(variable)
    if meaning is not None:
        if isinstance(meaning, str):
            return Symbol(meaning)
        return spell(state.theory.attributes[meaning.attribute], meaning.points)
    formula = state.system.formulas.get(variable)
    if formula is None or formula[0] not in ("sin", "cos", "tan"):
        return None
    inner = formula[1].variables()
    angle = _term(state, inner[0]) if len(inner) == 1 and formula[1] == state.system.poly(inner[0]) else None
    return None if angle is None else Call(formula[0].capitalize(), (angle,))


def _figure(problem: Problem, condition: Call, seed: int) -> Diagram | None:
    given = Given("equation", condition, None, "rival")
    rival = replace(problem, givens=(*problem.givens, given))
    figure = synthesize(rival, seed=seed, models=1, budget=_SECONDS)
    return figure if figure.outcome == "exact" else None
