"""Terms of theorem branches as functions of a row of points, read off the diagram's models.

This is the filter that keeps saturation sound and small: an instance whose premise, guard
or conclusion is false in a model is never tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fgps.lang.ast import Call, Number, Points, Symbol, Term, substitute
from fgps.theory.instantiate import spell

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

Row = list[str] | tuple[str, ...]
#: value of a term for a row of registers in model k; None where it has no meaning
Evaluator = Callable[["NumericView", Row, int], float | None]

_FUNCTIONS: dict[str, Callable[..., float]] = {
    "Add": lambda *values: math.fsum(values),
    "Mul": lambda *values: math.prod(values),
    "Sub": lambda a, b: a - b,
    "Div": lambda a, b: a / b,
    "Pow": lambda a, b: a**b,
    "Neg": lambda a: -a,
    "Sqrt": math.sqrt,
    "Sin": lambda a: math.sin(math.radians(a)),
    "Cos": lambda a: math.cos(math.radians(a)),
    "Tan": lambda a: math.tan(math.radians(a)),
}


class NumericView:
    """Quantities of one diagram, memoised as plain floats per model."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.models = len(diagram.coordinates)
        self.tolerance = max(1e-6, 4 * diagram.tolerance)
        self._values: dict[tuple[str, tuple[str, ...]], tuple[float, ...] | None] = {}
        self._statements: dict[Term, bool] = {}
        self._relations: dict[tuple[str, tuple[str, ...]], bool] = {}

    def quantity(self, attribute: str, points: tuple[str, ...]) -> tuple[float, ...] | None:
        """Value in each model, or None where the attribute has no meaning."""
        key = (attribute, points)
        try:
            return self._values[key]
        except KeyError:
            array = self.diagram.quantity(attribute, points)
            values = None if array is None else tuple(float(v) for v in array)
            if values is not None and not all(math.isfinite(v) for v in values):
                values = None
            self._values[key] = values
            return values

    def symbol(self, name: str, k: int) -> float | None:
        """A free symbol (or pi) in model ``k``."""
        if name == "pi":
            return math.pi
        values = self.diagram.symbols.get(name)
        return None if values is None else float(values[k])

    def holds(self, statement: Call, points: Mapping[str, str]) -> bool:
        """A relation or comparison under a renaming of its letters, true in every model.

        What the diagram cannot evaluate counts as false: the filter has no holes.
        """
        instance = substitute(statement, points)
        known = self._statements.get(instance)
        if known is None:
            assert isinstance(instance, Call)
            known = bool(self.diagram.holds(instance))
            self._statements[instance] = known
        return known

    def relation(self, predicate: str, points: tuple[str, ...]) -> bool:
        """A relation between points, true in every model."""
        key = (predicate, points)
        known = self._relations.get(key)
        if known is None:
            theory = self.diagram.theory
            assert theory is not None
            known = bool(self.diagram.holds(spell(theory.predicates[predicate], points)))
            self._relations[key] = known
        return known


def compile_numeric(term: Term, registers: tuple[str, ...]) -> Evaluator:
    """An evaluator for a term whose letters are ``registers``."""
    if isinstance(term, Number):
        constant = float(term.value)
        return lambda view, row, k: constant
    if isinstance(term, Symbol):
        name = term.name
        return lambda view, row, k: view.symbol(name, k)
    if not isinstance(term, Call):
        return lambda view, row, k: None
    if all(isinstance(argument, Points) for argument in term.args):
        return _attribute(term, registers)
    parts = tuple(compile_numeric(argument, registers) for argument in term.args)
    return _combine(term.head, parts)


def _attribute(term: Call, registers: tuple[str, ...]) -> Evaluator:
    index = {letter: i for i, letter in enumerate(registers)}
    slots = [index[name] for word in term.args if isinstance(word, Points) for name in word.names]
    head = term.head

    def evaluate(view: NumericView, row: Row, k: int) -> float | None:
        values = view.quantity(head, tuple([row[i] for i in slots]))
        return None if values is None else values[k]

    return evaluate


def _combine(head: str, parts: tuple[Evaluator, ...]) -> Evaluator:
    function = _FUNCTIONS.get(head)

    def evaluate(view: NumericView, row: Row, k: int) -> float | None:
        values: list[float] = []
        for part in parts:
            value = part(view, row, k)
            if value is None:
                return None
            values.append(value)
        if function is None:
            return None
        try:
            return function(*values)
        except (ArithmeticError, ValueError, TypeError):
            return None

    return evaluate


class Equality:
    """An equation premise or conclusion as a numeric test in so many ``models`` (None: in all)."""

    def __init__(self, statement: Call, registers: tuple[str, ...], models: int | None = None) -> None:
        self._models = models
        self._left = compile_numeric(statement.args[0], registers)
        self._right = compile_numeric(statement.args[1], registers)

    def holds(self, view: NumericView, row: Row) -> bool:
        """True in every model that counts."""
        for k in range(self._models or view.models):
            left, right = self._left(view, row, k), self._right(view, row, k)
            if left is None or right is None:
                return False
            if abs(left - right) > view.tolerance * max(1.0, abs(left), abs(right)):
                return False
        return True


#: Comparison -> what ``left - right`` must be, in units of the tolerance.
COMPARISONS: dict[str, Callable[[float], bool]] = {
    "Less": lambda excess: excess < -1,
    "Greater": lambda excess: excess > 1,
    "LessEqual": lambda excess: excess <= 1,
    "GreaterEqual": lambda excess: excess >= -1,
    "NotEqual": lambda excess: abs(excess) > 1,
}


class Comparison:
    """A guard between attributes as a numeric test; strict ones need a clear margin."""

    def __init__(self, statement: Call, registers: tuple[str, ...]) -> None:
        self._left = compile_numeric(statement.args[0], registers)
        self._right = compile_numeric(statement.args[1], registers)
        self._accepts = COMPARISONS[statement.head]

    def holds(self, view: NumericView, row: Row) -> bool:
        """True in every model."""
        for k in range(view.models):
            left, right = self._left(view, row, k), self._right(view, row, k)
            if left is None or right is None:
                return False
            unit = view.tolerance * max(1.0, abs(left), abs(right))
            if not self._accepts((left - right) / unit):
                return False
        return True
