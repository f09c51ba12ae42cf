"""Terms of theorem branches as functions of a row of points, read off the diagram's models.

This is the filter that keeps saturation sound and small: an instance whose premise, guard
or conclusion is false in a model is never tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING

from fgps.lang.ast import Call, Number, Points, Symbol, Term, substitute
from fgps.theory.instantiate import canonical, spell

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


def taker(slots: tuple[int, ...]) -> Callable[[Row], tuple[str, ...]]:
    """The points at some places of a row, as a tuple."""
    if len(slots) == 1:
        (slot,) = slots
        return lambda row: (row[slot],)
    if not slots:
        return lambda row: ()
    return itemgetter(*slots)


class NumericView:
    """Quantities of one diagram, memoised as plain floats per model."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.models = len(diagram.coordinates)
        self.tolerance = max(1e-6, 4 * diagram.tolerance)
        self._tables: dict[str, dict[tuple[str, ...], tuple[float, ...] | None]] = {}
        self._statements: dict[Term, bool] = {}
        self._relations: dict[tuple[str, tuple[str, ...]], bool] = {}

    def quantity(self, attribute: str, points: tuple[str, ...]) -> tuple[float, ...] | None:
        """Value in each model, or None where the attribute has no meaning."""
        table = self._tables.get(attribute)
        if table is None:
            table = self._tables[attribute] = {}
        try:
            return table[points]
        except KeyError:
            array = self.diagram.quantity(attribute, points)
            values = None if array is None else tuple(float(v) for v in array)
            if values is not None and not all(math.isfinite(v) for v in values):
                values = None
            table[points] = values
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
            least = (predicate, canonical(theory.predicates[predicate], points))
            known = self._relations.get(least)
            if known is None:
                known = bool(self.diagram.holds(spell(theory.predicates[predicate], least[1])))
                self._relations[least] = known
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


def slots_of(term: Call, registers: tuple[str, ...]) -> tuple[int, ...]:
    """The registers of the points of an attribute or relation."""
    index = {letter: i for i, letter in enumerate(registers)}
    return tuple(index[name] for word in term.args if isinstance(word, Points) for name in word.names)


def _attribute(term: Call, registers: tuple[str, ...]) -> Evaluator:
    take = taker(slots_of(term, registers))
    head = term.head

    def evaluate(view: NumericView, row: Row, k: int) -> float | None:
        values = view.quantity(head, take(row))
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


Values = list[tuple[float, ...]]


class _Sides:
    """Two terms of one statement, evaluated together: each quantity is looked up once for all models."""

    def __init__(self, statement: Call, registers: tuple[str, ...]) -> None:
        self._quantities: list[tuple[str, Callable[[Row], tuple[str, ...]]]] = []
        self._places: dict[tuple[str, tuple[int, ...]], int] = {}
        forms = [self._sum(term, registers) for term in statement.args[:2]]
        self._forms = None if any(form is None for form in forms) else [form or () for form in forms]
        if self._forms is None:
            self._left = compile_numeric(statement.args[0], registers)
            self._right = compile_numeric(statement.args[1], registers)

    def pairs(self, view: NumericView, row: Row, models: int) -> Iterator[tuple[float, float] | None]:
        """Left and right in each model; None where one of them has no value."""
        if self._forms is None:
            for k in range(models):
                a, b = self._left(view, row, k), self._right(view, row, k)
                yield None if a is None or b is None else (a, b)
            return
        values: Values = []
        for head, take in self._quantities:
            found = view.quantity(head, take(row))
            if found is None:
                yield None
                return
            values.append(found)
        left, right = self._forms
        for k in range(models):
            yield _total(left, values, k), _total(right, values, k)

    def _sum(self, term: Term, registers: tuple[str, ...]) -> tuple[Product, ...] | None:
        """A term as a sum of products of quantities; None if it is anything else."""
        if isinstance(term, Number):
            return ((float(term.value), ()),)
        if not isinstance(term, Call):
            return None
        if term.args and all(isinstance(argument, Points) for argument in term.args):
            key = (term.head, slots_of(term, registers))
            place = self._places.setdefault(key, len(self._places))
            if place == len(self._quantities):
                self._quantities.append((term.head, taker(key[1])))
            return ((1.0, (place,)),)
        if term.head not in ("Add", "Sub", "Mul"):
            return None
        parts = [self._sum(argument, registers) for argument in term.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        if term.head == "Mul":
            product: tuple[Product, ...] = ((1.0, ()),)
            for part in known:
                product = tuple((a * b, i + j) for a, i in product for b, j in part)
            return product
        if term.head == "Sub":
            known[1] = tuple((-factor, places) for factor, places in known[1])
        return tuple(product for part in known for product in part)


#: A factor and the places of the quantities that it is multiplied by.
Product = tuple[float, tuple[int, ...]]


def _total(products: tuple[Product, ...], values: Values, k: int) -> float:
    total = 0.0
    for factor, places in products:
        for place in places:
            factor *= values[place][k]
        total += factor
    return total


class Equality:
    """An equation premise or conclusion as a numeric test in so many ``models`` (None: in all)."""

    def __init__(self, statement: Call, registers: tuple[str, ...], models: int | None = None) -> None:
        self._models = models
        self._sides = _Sides(statement, registers)

    def holds(self, view: NumericView, row: Row) -> bool:
        """True in every model that counts."""
        tolerance = view.tolerance
        for pair in self._sides.pairs(view, row, self._models or view.models):
            if pair is None:
                return False
            left, right = pair
            if abs(left - right) > tolerance * max(1.0, abs(left), abs(right)):
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
        self._sides = _Sides(statement, registers)
        self._accepts = COMPARISONS[statement.head]

    def holds(self, view: NumericView, row: Row) -> bool:
        """True in every model."""
        for pair in self._sides.pairs(view, row, view.models):
            if pair is None:
                return False
            left, right = pair
            unit = view.tolerance * max(1.0, abs(left), abs(right))
            if not self._accepts((left - right) / unit):
                return False
        return True
