"""The unknowns of a problem and everything that its statements say about them, as rows of a tape.

A *row* is one residual: an equation (the value should be 0), or a hinge (the value should exceed a small
margin).  Every row belongs to a *tier*; tiers can be switched off when the figure cannot satisfy them all
(see ``synthesize.py``).  Rows of the construction are added by ``figure.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.expressions import TapeBuilder
from fgps.diagram.formulas import Condition, Formulas, Sized, Undefined
from fgps.diagram.tape import Node, Tape
from fgps.lang.ast import Call
from fgps.theory.model import Theory

#: Margins of hinges, in units of the figure's size (or of 1 for ratios and sines).
MARGIN: Final = 0.004
AREA_MARGIN: Final = 0.001
DEGREES_MARGIN: Final = 0.5


class Tier(IntEnum):
    """What a row is there for; equations are never switched off."""

    EQUATION = 0
    ORDER = 1  # order on lines
    CELL = 2  # triangles are counter-clockwise
    RANGE = 3  # angles within a turn, radii positive
    APART = 4  # different points differ
    SENSE = 5  # strict inequalities in the meaning of given relations
    CONVEX = 6  # corners of regions below 180 degrees: wherever the figure allows
    CIRCLE = 7  # order on circles
    REGION = 8  # larger and curved regions are counter-clockwise
    CORNER = 9  # two-line shapes below 180 degrees: wherever the figure allows


@dataclass(frozen=True, slots=True)
class Row:
    """One residual: ``source`` is the statement behind it (an index into `System.sources`), or -1."""

    node: Node
    tier: Tier
    power: float
    angle: bool
    margin: float
    source: int
    wraps: bool = False
    other: Node = -1  # the same angle equation with its angle read from the other side
    paired: bool = False  # an equation between two attributes
    left: Node = -1  # the left side of an equation: what its error is relative to


class FigureTape(TapeBuilder):
    """A tape whose unknowns are a figure's: points, circles (centre and radius), free symbols."""

    def __init__(self, points: Sequence[str], circles: Sequence[str], symbols: Sequence[str]) -> None:
        super().__init__()
        self.points = tuple(points)
        self.circles = tuple(circles)
        self.symbols = tuple(symbols)
        self.point_index = {name: k for k, name in enumerate(self.points)}
        self.centre_index = {name: len(self.points) + k for k, name in enumerate(self.circles)}
        self.planar = len(self.points) + len(self.circles)
        first = 2 * self.planar
        self.radius_index = {name: first + k for k, name in enumerate(self.circles)}
        first += len(self.circles)
        self.symbol_index = {name: first + k for k, name in enumerate(self.symbols)}
        self.unknowns = first + len(self.symbols)

    def coordinate(self, point: int, axis: int) -> Node:
        """x (axis 0) or y of a point."""
        return self.unknown(2 * point + axis)

    def radius(self, circle: str) -> Node:
        """A circle's radius."""
        return self.unknown(self.radius_index[circle])

    def symbol(self, name: str) -> Node:
        """A free symbol."""
        if name not in self.symbol_index:
            raise Undefined
        return self.unknown(self.symbol_index[name])


@dataclass
class System:
    """Rows under construction.  ``sources`` are the statements that rows refer to."""

    theory: Theory
    tape: FigureTape
    rows: list[Row] = field(default_factory=list)
    sources: list[Call] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.formulas = Formulas(self.theory, self.tape, self.tape.point_index, self.tape.centre_index)

    def add(
        self, node: Node, tier: Tier, power: float, margin: float = 0.0, source: int = -1, left: Node = -1
    ) -> None:
        """A row of the construction; ``left`` is the length to which its error is relative."""
        self.rows.append(Row(node, tier, power, False, margin, source, left=left))

    def state(self, statement: Call) -> bool:
        """Add a given or premise; False if it has no numeric meaning."""
        try:
            conditions = self.formulas.statement(statement)
        except Undefined:
            return False
        self.sources.append(statement)
        source = len(self.sources) - 1
        for condition in conditions:
            self.condition(condition, source)
        return True

    def violation(self, node: Node, condition: Condition, margin: float) -> None:
        """A hinge on an expression made from a condition."""
        self.rows.append(Row(node, Tier.SENSE, condition.power, condition.angle, margin, -1))

    def condition(self, condition: Condition, source: int) -> None:
        """Add one condition."""
        condition = self._turns(condition)
        node = condition.value
        if condition.kind == "zero":
            self._equation(condition, source)
            return
        if condition.kind == "different":
            node = self.tape.function("abs", node)
        sine = condition.power == 0 and not condition.angle
        margin = (
            2 * MARGIN
            if sine
            else DEGREES_MARGIN / 57.3
            if condition.angle
            else MARGIN
            if condition.power <= 1
            else AREA_MARGIN
        )
        self.rows.append(Row(node, Tier.SENSE, condition.power, condition.angle, margin, source))

    def _turns(self, condition: Condition) -> Condition:
        """A bare cross or dot product as a sine or cosine: it must not vanish with the lengths."""
        quotient = self.tape.normalised(condition.value)
        if quotient is None:
            return condition
        return Condition(condition.kind, quotient, 0.0, False, condition.left, condition.right)

    def _equation(self, condition: Condition, source: int) -> None:
        if self.tape.constant_value(condition.value) is not None:
            # Between constants: either nothing, or a contradiction that no figure can mend.
            value = self.tape.constant_value(condition.value)
            if value == 0.0:
                return
        left, right = condition.left, condition.right
        node, other = condition.value, -1
        paired = left is not None and right is not None and left.attribute and right.attribute
        if condition.angle and left is not None and right is not None and (left.attribute or right.attribute):
            if not left.attribute:
                left, right = right, left
            node = self.tape.sub(left.value, right.value)
            other = self.tape.linear([(-1.0, left.value), (-1.0, right.value)], 360.0)
        wraps = condition.angle
        data = self.sources[source].head == "Equal" and condition.power > 0
        side = condition.left.value if data and condition.left is not None else -1
        row = Row(node, Tier.EQUATION, condition.power, wraps, 0.0, source, wraps, other, paired, side)
        self.rows.append(row)
        if condition.angle and left is not None and right is not None:
            self._range(left, right, source)
            self._range(right, left, source)

    def _range(self, attribute: Sized, other: Sized, source: int) -> None:
        """An expression that equals an angle lies within a turn; comparing modulo 360 would lose that."""
        if not attribute.attribute or other.attribute or self.tape.constant_value(other.value) is not None:
            return
        margin = DEGREES_MARGIN / 57.3
        upper = self.tape.linear([(-1.0, other.value)], 360.0)
        self.rows.append(Row(other.value, Tier.RANGE, 0.0, True, margin, source))
        self.rows.append(Row(upper, Tier.RANGE, 0.0, True, margin, source))

    def finish(self) -> Residuals:
        """The residuals, ready for the solver."""
        return Residuals(self.tape.finish(self.tape.unknowns), self.rows)


class Residuals:
    """All rows as arrays.  Scaled errors are relative to the figure's ``size`` (models,), or in radians."""

    def __init__(self, tape: Tape, rows: Sequence[Row]) -> None:
        self.tape = tape
        self.unknowns = tape.unknowns
        self.slots: NDArray[np.intp] = tape.slots[[row.node for row in rows]]
        self.power = np.array([row.power for row in rows], dtype=float)
        angle = np.array([row.angle for row in rows], dtype=bool)
        self.unit = np.where(angle, 57.29577951308232, 1.0)
        self.margin = np.array([row.margin for row in rows], dtype=float)
        self.tier = np.array([row.tier for row in rows], dtype=int)
        self.source = np.array([row.source for row in rows], dtype=int)
        self.wraps = np.array([row.wraps for row in rows], dtype=bool)
        self.paired = np.array([row.paired for row in rows], dtype=bool)
        self.equation = self.tier == Tier.EQUATION
        relative = [k for k, row in enumerate(rows) if row.left >= 0]
        self._relative = self.slots[relative]
        self._left = tape.slots[[rows[k].left for k in relative]]
        self.others: NDArray[np.intp] = np.array(
            [tape.slots[row.other] if row.other >= 0 else -1 for row in rows], dtype=np.intp
        )

    def without(self, rows: NDArray[np.intp]) -> Residuals:
        """A copy in which these hinges ask for nothing."""
        copy = object.__new__(Residuals)
        copy.__dict__.update(self.__dict__)
        copy.tier = self.tier.copy()
        copy.tier[rows] = -1
        return copy

    def turned(self, rows: NDArray[np.intp]) -> Residuals:
        """A copy in which the angles of these rows are read from the other side."""
        copy = object.__new__(Residuals)
        copy.__dict__.update(self.__dict__)
        copy.slots = self.slots.copy()
        copy.slots[rows] = self.others[rows]
        return copy

    def scaled(self, values: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scaled values (models, rows) of the tape's ``values``, without hinges or wrapping."""
        return values[:, self.slots] * self.weights(size)

    def weights(self, size: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factors (models, rows) that scale the rows."""
        weights: NDArray[np.float64] = size[:, None] ** -self.power / self.unit
        return weights

    def misses(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The largest error of each model relative to the lengths that an equation is about.

        Scaled errors vanish in a figure that grows without bound, and where points nearly meet; these do not.
        """
        if not len(self._relative):
            return np.zeros(len(x))
        values = self.tape.values(x)
        bound = np.maximum(np.abs(values[:, self._left]), 1e-9)
        relative: NDArray[np.float64] = np.abs(values[:, self._relative]) / bound
        result: NDArray[np.float64] = relative.max(axis=1)
        return result

    def errors(self, x: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scaled errors of the equations, 0 elsewhere: (models, rows).  Angles are compared as they stand."""
        errors = self.scaled(self.tape.values(x), size)
        result: NDArray[np.float64] = np.where(self.equation, errors, 0.0)
        return result
