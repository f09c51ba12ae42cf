"""Terms and facts on finished models: arrays of one number per model.

`Models` is the target of `Formulas` that computes at once; `judge` decides conditions with a
margin that tells a true equality from a near miss; `constructive` does the predicates whose meaning is order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.formulas import Condition, Undefined

Array = NDArray[np.float64]
_DEGREES: Final = 180.0 / math.pi
#: So many models are computed with plain numbers.
_FEW: Final = 8


class Models:
    """Arithmetic on models.  ``coordinates`` (models, points, 2) holds points, then the circles' centres."""

    def __init__(self, coordinates: Array, radii: Mapping[str, Array], symbols: Mapping[str, Array]) -> None:
        self.xs = np.ascontiguousarray(coordinates[:, :, 0].T)
        self.ys = np.ascontiguousarray(coordinates[:, :, 1].T)
        self._radii = radii
        self._symbols = symbols
        # For a few models plain numbers are much faster than arrays.
        self._rows = (self.xs.tolist(), self.ys.tolist()) if len(coordinates) <= _FEW else None
        self._distances: dict[tuple[int, int], Array] = {}
        self._angles: dict[tuple[int, int, int], Array] = {}
        spread = np.ptp(coordinates, axis=1) if coordinates.shape[1] else np.ones((len(coordinates), 2))
        size = 0.5 * np.hypot(spread[:, 0], spread[:, 1])
        #: Half the diagonal of each model's box.
        self.size: Array = np.maximum(size, 1e-9)

    def constant(self, value: float) -> float:
        """A number."""
        return value

    def coordinate(self, point: int, axis: int) -> Array:
        """x (axis 0) or y of a point."""
        return self.ys[point] if axis else self.xs[point]

    def radius(self, circle: str) -> Array:
        """A circle's radius."""
        if circle not in self._radii:
            raise Undefined
        return self._radii[circle]

    def symbol(self, name: str) -> Array:
        """A free symbol."""
        if name not in self._symbols:
            raise Undefined
        return self._symbols[name]

    def distance(self, p: int, q: int) -> Array:
        """The distance of two points."""
        key = (p, q) if p < q else (q, p)
        found = self._distances.get(key)
        if found is None:
            if self._rows is not None:
                found = np.array([math.hypot(x, y) for x, y in self._steps(p, q)])
            else:
                found = np.hypot(self.xs[p] - self.xs[q], self.ys[p] - self.ys[q])
            self._distances[key] = found
        return found

    def angle(self, p: int, q: int, r: int) -> Array:
        """The counter-clockwise turn from ray QR to ray QP, degrees in (0, 360]."""
        key = (p, q, r)
        found = self._angles.get(key)
        if found is None:
            found = self._angles[key] = self._turn(p, q, r)
        return found

    def _turn(self, p: int, q: int, r: int) -> Array:
        # A turn of exactly nothing is a full one: rounding must not decide which.
        if self._rows is not None:
            turns = []
            for (ax, ay), (bx, by) in zip(self._steps(q, r), self._steps(q, p), strict=True):
                turn = math.atan2(ax * by - ay * bx, ax * bx + ay * by) * _DEGREES
                turns.append(turn + 360.0 if turn < 1e-9 else turn)
            return np.array(turns)
        xs, ys = self.xs, self.ys
        fx, fy = xs[r] - xs[q], ys[r] - ys[q]
        gx, gy = xs[p] - xs[q], ys[p] - ys[q]
        turned = np.arctan2(fx * gy - fy * gx, fx * gx + fy * gy) * _DEGREES
        return np.where(turned < 1e-9, turned + 360.0, turned)

    def _steps(self, p: int, q: int) -> Iterator[tuple[float, float]]:
        """The vector from P to Q in each of a few models."""
        assert self._rows is not None
        xs, ys = self._rows
        for px, py, qx, qy in zip(xs[p], ys[p], xs[q], ys[q], strict=True):
            yield qx - px, qy - py

    def cross(self, a: int, b: int, c: int, d: int) -> Array:
        """Cross product of AB and CD."""
        if self._rows is not None:
            pairs = zip(self._steps(a, b), self._steps(c, d), strict=True)
            return np.array([px * qy - py * qx for (px, py), (qx, qy) in pairs])
        xs, ys = self.xs, self.ys
        product: Array = (xs[b] - xs[a]) * (ys[d] - ys[c]) - (ys[b] - ys[a]) * (xs[d] - xs[c])
        return product

    def dot(self, a: int, b: int, c: int, d: int) -> Array:
        """Dot product of AB and CD."""
        if self._rows is not None:
            pairs = zip(self._steps(a, b), self._steps(c, d), strict=True)
            return np.array([px * qx + py * qy for (px, py), (qx, qy) in pairs])
        xs, ys = self.xs, self.ys
        product: Array = (xs[b] - xs[a]) * (xs[d] - xs[c]) + (ys[b] - ys[a]) * (ys[d] - ys[c])
        return product

    def linear(self, terms: Sequence[tuple[float, Array | float]], constant: float = 0.0) -> Array | float:
        """A linear combination."""
        total: Array | float = constant
        for factor, value in terms:
            total = total + factor * value
        return total

    def mul(self, a: Array, b: Array) -> Array:
        """A product."""
        return a * b

    def div(self, a: Array, b: Array) -> Array:
        """A quotient; undefined where the denominator vanishes."""
        if np.any(np.abs(b) < 1e-300):
            raise Undefined
        return a / b

    def power(self, a: Array, exponent: float) -> Array:
        """A power; undefined for roots and inverses without a value."""
        base = np.asarray(a, dtype=float)
        if (exponent != round(exponent) and np.any(base < 0)) or (exponent < 0 and np.any(base == 0)):
            raise Undefined
        return base**exponent

    def function(self, name: str, a: Array) -> Array:
        """``sin cos tan`` (degrees), ``sqrt``, ``abs``."""
        value = np.asarray(a, dtype=float)
        if name == "sqrt":
            if np.any(value < -1e-12):
                raise Undefined
            return np.sqrt(np.maximum(value, 0.0))
        if name == "abs":
            return np.abs(value)
        radians = value / _DEGREES
        if name == "tan" and np.any(np.abs(np.cos(radians)) < 1e-12):
            raise Undefined
        result: Array = {"sin": np.sin, "cos": np.cos, "tan": np.tan}[name](radians)
        return result

    def constant_value(self, value: Array | float) -> float | None:
        """The number if it does not vary."""
        return float(value) if isinstance(value, (int, float)) else None


def scale_of(condition: Condition, size: Array) -> Array:
    """What an error in the condition is measured by: the figure, a radian, or the sides themselves."""
    if condition.angle:
        return np.full_like(size, _DEGREES)
    scale: Array = size**condition.power
    for side in (condition.left, condition.right):
        if side is not None:
            scale = np.maximum(scale, np.abs(side.value))
    return scale


def judge(condition: Condition, size: Array, tolerance: float) -> bool:
    """Whether a condition is true in all models."""
    scales: list[float] = scale_of(condition, size).tolist()
    values: list[float] = np.broadcast_to(np.asarray(condition.value, dtype=float), size.shape).tolist()
    for value, scale in zip(values, scales, strict=True):
        bound = tolerance * scale
        if not math.isfinite(value):
            return False
        measured = value if condition.kind == "positive" else abs(value)
        if (measured <= bound) is not (condition.kind == "zero"):
            return False
    return True


def collinear(models: Models, row: Sequence[int], tolerance: float) -> bool:
    """Points on a line in this order."""
    if len(row) < 3:
        return len(set(row)) == len(row)
    first, last = row[0], row[-1]
    length = models.distance(first, last)
    if np.any(length <= tolerance * models.size):
        return False
    for point in row[1:-1]:
        if np.any(np.abs(models.cross(first, point, first, last)) > tolerance * length * models.size):
            return False
    return all(np.all(models.dot(p, q, first, last) > 0) for p, q in pairwise(row))


def cocircular(models: Models, circle: str, centre: int, row: Sequence[int], tolerance: float) -> bool:
    """Points on a circle, counter-clockwise in this order."""
    radius = models.radius(circle)
    for point in row:
        if np.any(np.abs(models.distance(centre, point) - radius) > tolerance * models.size):
            return False
    return all(np.all(models.cross(row[0], p, row[0], q) > 0) for p, q in pairwise(row[1:]))


def polygon(models: Models, row: Sequence[int]) -> bool:
    """Corners of a simple polygon, counter-clockwise: its angles sum to (n - 2) half turns."""
    if len(row) < 3:
        return False
    total = sum(
        models.angle(row[k - 1], row[k], row[(k + 1) % len(row)]) for k in range(len(row))
    )  # fmt: skip
    return bool(np.all(np.abs(total - 180.0 * (len(row) - 2)) < 1e-3))
