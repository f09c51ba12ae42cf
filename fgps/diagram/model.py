"""`Diagram`: numeric models of one problem, and every question one may ask them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.evaluate import Models, cocircular, collinear, judge, polygon
from fgps.diagram.formulas import Formulas, Undefined
from fgps.lang.ast import Call, Points, Term, letters
from fgps.theory.model import Theory

Array = NDArray[np.float64]
Outcome = Literal["exact", "rounded", "inconsistent", "none"]

#: Exact models are polished far below this; a near miss of real data is far above.
EXACT_TOLERANCE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Clash:
    """A statement that the model cannot satisfy, with its scaled error (lengths by the figure, radians)."""

    statement: Call
    error: float


@dataclass
class Diagram:
    """Models of a problem.

    ``outcome``: ``exact`` (all constraints hold to rounding), ``rounded`` (the data was rounded: the best
    model violates it by at most ``tolerance``), ``inconsistent`` (it clashes badly) or ``none`` (no model
    within the budget).  ``coordinates`` (models, points, 2); ``centres`` (models, circles, 2); ``radii``
    (models, circles); ``symbols``: name to (models,).  ``residual`` is the largest scaled error of a
    constraint.  ``clashes`` are ordered, worst first.  ``warnings`` say what was read differently, and
    ``reread`` lists the givens concerned: as written they are false in the models.

    Lengths are those of the problem; angles are degrees.  Where the problem fixes no length, models differ in
    size.
    """

    outcome: Outcome
    points: tuple[str, ...]
    coordinates: Array
    circles: tuple[str, ...]
    centres: Array
    radii: Array
    symbols: dict[str, Array]
    residual: float
    tolerance: float
    clashes: tuple[Clash, ...] = ()
    warnings: tuple[str, ...] = ()
    reread: tuple[Call, ...] = ()
    theory: Theory | None = field(default=None, repr=False)
    _formulas: Formulas | None = field(default=None, repr=False, compare=False)
    _models: Models | None = field(default=None, repr=False, compare=False)
    _quantities: dict[tuple[str, tuple[str, ...]], Array | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def count(self) -> int:
        """How many models there are."""
        return len(self.coordinates)

    @property
    def margin(self) -> float:
        """The relative error up to which numbers count as equal."""
        return max(EXACT_TOLERANCE, 4.0 * self.tolerance)

    def value(self, term: Term) -> Array | None:
        """The value of a term in each model; None where it has no meaning."""
        try:
            return self._array(self._translator().term(term).value)
        except Undefined:
            return None

    def quantity(self, attribute: str, points: tuple[str, ...]) -> Array | None:
        """The value of an attribute in each model (remembered); None where it has no meaning."""
        key = (attribute, points)
        if key in self._quantities:
            return self._quantities[key]
        found: Array | None = None
        if self.theory is not None and attribute in self.theory.attributes:
            try:
                found = self._array(self._translator().attribute(attribute, points).value)
            except Undefined:
                found = None
        self._quantities[key] = found
        return found

    def holds(self, statement: Call) -> bool | None:
        """Whether a relation, equation or comparison is true in all models; None if it has no value."""
        if not self.count:
            return None
        try:
            with np.errstate(all="ignore"):
                return self._holds(statement, None)
        except Undefined:
            return None

    def determined(self, term: Term) -> float | None:
        """The value of a term if all models agree on it."""
        values = self.value(term)
        if values is None or not len(values):
            return None
        middle = median(values.tolist())
        if np.any(np.abs(values - middle) > max(1e-6, 4.0 * self.tolerance) * max(1.0, abs(middle))):
            return None
        # Models are polished to different depths; the median is at least as good as any of them.
        return middle

    def _array(self, value: Array | float) -> Array | None:
        result = np.broadcast_to(np.asarray(value, dtype=float), (self.count,))
        return result if np.all(np.isfinite(result)) else None

    def _translator(self) -> Formulas:
        if self._formulas is None:
            if self.theory is None:
                raise Undefined
            radii = {name: self.radii[:, k] for k, name in enumerate(self.circles)}
            everything = np.concatenate((self.coordinates, self.centres), axis=1)
            self._models = Models(everything, radii, self.symbols)
            points = {name: k for k, name in enumerate(self.points)}
            centres = {name: len(points) + k for k, name in enumerate(self.circles)}
            self._formulas = Formulas(self.theory, self._models, points, centres)
        return self._formulas

    def _holds(self, statement: Call, names: Mapping[str, str] | None) -> bool:
        formulas = self._translator()
        models = self._models
        assert models is not None
        predicate = formulas.theory.predicates.get(statement.head)
        if predicate is None:
            return all(judge(c, models.size, self.margin) for c in formulas.statement(statement, names))
        points = tuple(names.get(p, p) if names else p for p in letters(statement))
        if predicate.category in ("construction", "basic"):
            return self._constructive(formulas, models, statement.head, points)
        if len(points) != len(predicate.letters):
            raise Undefined
        inner = dict(zip(predicate.letters, points, strict=True))
        meaning = predicate.declaration.holds or predicate.declaration.means
        if not meaning:
            raise Undefined
        return all(self._holds(part, inner) for part in meaning)

    def _constructive(self, formulas: Formulas, models: Models, head: str, points: tuple[str, ...]) -> bool:
        """The predicates that the construction stage knows: order, incidence, existence."""
        if head in ("Cocircular", "Circle", "Arc"):
            centre = formulas.centre(points[0])
            row = [formulas.named(point) for point in points[1:]]
            return cocircular(models, points[0], centre, row, self.margin)
        row = [formulas.named(point) for point in points]
        if head == "Collinear":
            return collinear(models, row, self.margin)
        if head == "Polygon":
            return polygon(models, row)
        if head == "Shape":
            raise Undefined
        return all(np.all(models.distance(p, q) > 0) for p, q in zip(row, row[1:], strict=False))


def word(*names: str) -> Points:
    """A word of points."""
    return Points(names)
