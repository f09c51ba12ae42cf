"""One problem's diagram as a record for benchmarks and reports."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Final

import numpy as np

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call, Number, Symbol, Term
from fgps.lang.printer import print_term
from fgps.problem.model import Problem

#: Relative error up to which a value counts as the annotated one.
AGREES: Final = 1e-6


def diagram_record(
    problem: Problem, expected: Term | None = None, seed: int = 0, budget: float = 2.0
) -> dict[str, object]:
    """Synthesize a diagram and compare the goal's value in it with ``expected``.

    Fields: ``status`` (outcome), ``value`` (the goal's value, None if models disagree or it has none),
    ``expected``, ``correct`` (None where nothing is known), ``residual``, ``tolerance``, ``seconds``,
    ``determined``, ``clashes``, ``warnings``, ``message``.
    """
    started = time.perf_counter()
    diagram = synthesize(problem, seed=seed, budget=budget)
    seconds = time.perf_counter() - started
    value = goal_value(problem, diagram)
    annotated = None if expected is None else closed_form(expected)
    correct: bool | None = None
    if value is not None and annotated is not None and diagram.outcome in ("exact", "rounded"):
        bound = max(AGREES, 10.0 * diagram.tolerance)
        correct = abs(value - annotated) <= bound * max(1.0, abs(annotated))
    return {
        "status": diagram.outcome,
        "value": value,
        "expected": annotated,
        "correct": correct,
        "residual": diagram.residual,
        "tolerance": diagram.tolerance,
        "seconds": seconds,
        "determined": value is not None,
        "clashes": [print_term(clash.statement) for clash in diagram.clashes],
        "warnings": list(diagram.warnings),
        "message": "; ".join(diagram.warnings),
    }


def goal_value(problem: Problem, diagram: Diagram) -> float | None:
    """The goal's value if it is asked for and all models agree on it (for an equation: its left side)."""
    goal = problem.goal
    if goal is None or not diagram.count:
        return None
    if goal.kind == "value":
        return diagram.determined(goal.term)
    return None


def closed_form(term: Term) -> float | None:
    """The value of an annotated answer (lower-case functions take radians); None if it has no real value."""
    try:
        value = _closed(term)
    except (ArithmeticError, ValueError, TypeError, KeyError, OverflowError):
        return None
    if isinstance(value, complex):
        if abs(value.imag) > 1e-9 * max(1.0, abs(value.real)):
            return None
        value = value.real
    return float(value) if math.isfinite(value) else None


def _closed(term: Term) -> float | complex:
    if isinstance(term, Number):
        return float(term.value)
    if isinstance(term, Symbol):
        return _CONSTANTS[term.name]
    if not isinstance(term, Call):
        raise TypeError
    parts = [_closed(argument) for argument in term.args]
    if term.head == "Add":
        return sum(parts)
    if term.head == "Mul":
        return math.prod(parts)
    if term.head == "Neg":
        return -parts[0]
    if term.head == "Sub":
        return parts[0] - parts[1]
    if term.head == "Div":
        return parts[0] / parts[1]
    if term.head == "Pow":
        return parts[0] ** parts[1]
    result = _FUNCTIONS[term.head](complex(parts[0]))
    return complex(result)


_CONSTANTS: Final[Mapping[str, complex | float]] = {"pi": math.pi, "I": 1j, "i": 1j, "e": math.e, "E": math.e}
_FUNCTIONS: Final = {
    "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "log": np.log,
}  # fmt: skip
