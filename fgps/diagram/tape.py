"""Arithmetic over figures as a straight-line programme in numpy: values and gradients of many models at once.

A `Tape` is made from the expressions of a `TapeBuilder` (``expressions.py``).  It sorts them by depth and
operation, so that all distances of a problem are one numpy call, all angles another, and so on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Node = int
#: The operation and its operands: nodes, points or numbers.
Key = tuple[Any, ...]
_DEGREES: Final = 180.0 / math.pi
#: Keeps divisions and roots finite where a figure degenerates.
_TINY: Final = 1e-30

_PRIMITIVE: Final = ("distance", "angle", "cross", "dot")


@dataclass(frozen=True)
class _Group:
    """All nodes of one operation and depth: slots ``start`` to ``stop``; the operands' slots or vectors.

    Primitives have ``places``, where the derivatives by the coordinates of their points stand in the flat
    gradients of one model, and ``shares`` (components of the vectors, coordinates of the points): 1 where the
    vector ends at the point, -1 where it starts there.
    """

    operation: str
    start: int
    stop: int
    operands: tuple[NDArray[np.intp], ...]
    numbers: tuple[Array, ...] = ()
    places: NDArray[np.intp] | None = None
    shares: Array | None = None


class Tape:
    """A programme; ``slots[node]`` is where the node's value stands in the arrays of `evaluate`."""

    def __init__(self, keys: Sequence[Key], unknowns: int) -> None:
        self.unknowns = unknowns
        self.slots = np.zeros(len(keys), dtype=np.intp)
        self._vectors: dict[tuple[int, int], int] = {}
        self._groups: list[_Group] = []
        self._size = unknowns
        self._lay_out(keys)
        count = len(self._vectors)
        self._from = np.fromiter((2 * p for p, _ in self._vectors), dtype=np.intp, count=count)
        self._to = np.fromiter((2 * q for _, q in self._vectors), dtype=np.intp, count=count)
        self._buffer = np.zeros((0, self._size, unknowns))
        self._latest: tuple[tuple[tuple[int, ...], bytes], Array] | None = None

    def _lay_out(self, keys: Sequence[Key]) -> None:
        depths: list[int] = []
        members: dict[tuple[int, str, tuple[int, ...]], list[int]] = {}
        for node, key in enumerate(keys):
            operation = str(key[0])
            if operation == "unknown":
                self.slots[node] = key[1]
                depths.append(0)
                continue
            pattern: tuple[int, ...] = ()
            if operation in _PRIMITIVE:
                depth = 0
                pattern = tuple(key[1:].index(point) for point in key[1:])
            elif operation == "linear":
                depth = 1 + max((depths[child] for _, child in key[1]), default=0)
            elif operation == "power":
                depth = 1 + depths[key[1]]
            else:
                depth = 1 + max(depths[child] for child in key[1:])
            depths.append(depth)
            members.setdefault((depth, operation, pattern), []).append(node)
        for (_, operation, _), nodes in sorted(members.items()):
            if operation == "linear":
                nodes.sort(key=lambda node: -len(keys[node][1]))
            start = self._size
            self._size += len(nodes)
            self.slots[nodes] = np.arange(start, self._size)
            self._groups.append(self._group(operation, start, [keys[node] for node in nodes]))

    def _vector(self, p: int, q: int) -> int:
        return self._vectors.setdefault((p, q), len(self._vectors))

    def _group(self, operation: str, start: int, keys: list[Key]) -> _Group:
        stop = start + len(keys)
        if operation in _PRIMITIVE:
            return self._primitive_group(operation, start, keys)
        if operation == "linear":
            return self._linear_group(start, keys)
        if operation == "power":
            nodes = [key[1] for key in keys]
            exponents = np.array([key[2] for key in keys], dtype=float)
            return _Group(operation, start, stop, (self.slots[nodes],), (exponents,))
        columns = [[key[k] for key in keys] for k in range(1, len(keys[0]))]
        return _Group(operation, start, stop, tuple(self.slots[column] for column in columns))

    def _primitive_group(self, operation: str, start: int, keys: list[Key]) -> _Group:
        """Nodes whose points coincide in the same way (the pattern of the first stands for all)."""
        ends = [key[1:] for key in keys]
        vectors = [
            np.array([self._vector(row[k], row[k + 1]) for row in ends], dtype=np.intp)
            for k in range(0, len(ends[0]), 2)
        ]
        first = ends[0]
        kept = [k for k, point in enumerate(first) if first.index(point) == k]
        shares = np.zeros((len(first), 2 * len(kept)))
        for end, other in enumerate(first):
            place = kept.index(first.index(other))
            for axis in (0, 1):
                shares[2 * (end // 2) + axis, 2 * place + axis] += 1.0 if end % 2 else -1.0
        rows = np.arange(start, start + len(keys))[:, None] * self.unknowns
        columns = np.array([[2 * row[k] + axis for k in kept for axis in (0, 1)] for row in ends])
        return _Group(
            operation,
            start,
            start + len(keys),
            tuple(vectors),
            places=(rows + columns).ravel(),
            shares=shares,
        )

    def _linear_group(self, start: int, keys: list[Key]) -> _Group:
        """Operand ``t`` holds the ``t``-th terms of those nodes that have so many (nodes: longest first)."""
        operands, numbers = [], [np.array([key[2] for key in keys], dtype=float)]
        rows: list[tuple[tuple[float, int], ...]] = [key[1] for key in keys]
        for t in range(len(rows[0])):
            terms = [row[t] for row in rows if len(row) > t]
            operands.append(self.slots[[node for _, node in terms]])
            numbers.append(np.array([factor for factor, _ in terms]))
        return _Group("linear", start, start + len(keys), tuple(operands), tuple(numbers))

    def values(self, x: Array) -> Array:
        """All values for the models ``x`` (models, unknowns): an array (models, slots), not to be changed.

        Those of the last models are remembered: many questions are asked about the same.
        """
        key = x.shape, x.tobytes()
        if self._latest is None or self._latest[0] != key:
            values = self._run(x, None)
            values.flags.writeable = False
            self._latest = key, values
        return self._latest[1]

    def evaluate(self, x: Array) -> tuple[Array, Array]:
        """Values (models, slots) and gradients (models, slots, unknowns).

        The gradients are a buffer that the next call overwrites.
        """
        if self._buffer.shape[0] < len(x):
            self._buffer = np.zeros((len(x), self._size, self.unknowns))
            diagonal = np.arange(self.unknowns)
            self._buffer[:, diagonal, diagonal] = 1.0
        gradients = self._buffer[: len(x)]
        return self._run(x, gradients), gradients

    def _run(self, x: Array, gradients: Array | None) -> Array:
        values = np.empty((len(x), self._size))
        values[:, : self.unknowns] = x
        vx = x[:, self._to] - x[:, self._from]
        vy = x[:, self._to + 1] - x[:, self._from + 1]
        with np.errstate(all="ignore"):
            for group in self._groups:
                if group.operation in _PRIMITIVE:
                    _primitive(group, vx, vy, values, gradients)
                elif group.operation == "linear":
                    _linear(group, values, gradients)
                else:
                    _operation(group, values, gradients)
        return values


def _primitive(group: _Group, vx: Array, vy: Array, values: Array, gradients: Array | None) -> None:
    span = slice(group.start, group.stop)
    first, second = group.operands[0], group.operands[-1]
    ax, ay = vx[:, first], vy[:, first]
    weights: tuple[tuple[Array, Array], ...]
    if group.operation == "distance":
        values[:, span] = length = np.sqrt(ax * ax + ay * ay + _TINY)
        if gradients is not None:
            _chain(group, gradients, ((ax / length, ay / length),))
        return
    bx, by = vx[:, second], vy[:, second]
    if group.operation == "dot":
        values[:, span] = ax * bx + ay * by
        weights = ((bx, by), (ax, ay))
    else:
        cross = ax * by - ay * bx
        if group.operation == "cross":
            values[:, span] = cross
            weights = ((by, -bx), (-ay, ax))
        else:
            values[:, span] = np.mod(np.arctan2(cross, ax * bx + ay * by) * _DEGREES, 360.0)
            if gradients is None:
                return
            a2, b2 = (ax * ax + ay * ay + _TINY) / _DEGREES, (bx * bx + by * by + _TINY) / _DEGREES
            weights = ((ay / a2, -ax / a2), (-by / b2, bx / b2))
    if gradients is not None:
        _chain(group, gradients, weights)


def _chain(group: _Group, gradients: Array, weights: tuple[tuple[Array, Array], ...]) -> None:
    """Enter the derivatives by the points; all others of these nodes are 0 and stay so.

    ``weights``: the derivatives by the two components of each vector.
    """
    models, count = weights[0][0].shape
    parts = np.empty((models, count, 2 * len(weights)))
    for k, (x, y) in enumerate(weights):
        parts[:, :, 2 * k] = x
        parts[:, :, 2 * k + 1] = y
    assert group.shares is not None
    entries = parts @ group.shares
    gradients.reshape(len(gradients), -1)[:, group.places] = entries.reshape(models, -1)


def _linear(group: _Group, values: Array, gradients: Array | None) -> None:
    span = slice(group.start, group.stop)
    values[:, span] = group.numbers[0]
    if gradients is not None:
        gradients[:, span] = 0.0
    for slots, factors in zip(group.operands, group.numbers[1:], strict=True):
        part = slice(group.start, group.start + len(slots))
        values[:, part] += factors * values[:, slots]
        if gradients is not None:
            gradients[:, part] += factors[:, None] * gradients[:, slots]


def _operation(group: _Group, values: Array, gradients: Array | None) -> None:
    span = slice(group.start, group.stop)
    name = group.operation
    a = values[:, group.operands[0]]
    if len(group.operands) == 2:
        b = values[:, group.operands[1]]
        result, da, db = _binary(name, a, b)
    else:
        result, da = _unary(name, a, group.numbers)
    values[:, span] = result
    if gradients is not None:
        gradients[:, span] = da[:, :, None] * gradients[:, group.operands[0]]
        if len(group.operands) == 2:
            gradients[:, span] += db[:, :, None] * gradients[:, group.operands[1]]


def _binary(name: str, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """Value and partial derivatives."""
    if name == "mul":
        return a * b, b, a
    if name == "div":
        safe = np.where(np.abs(b) < 1e-12, np.where(b < 0, -1e-12, 1e-12), b)
        quotient = a / safe
        return quotient, 1.0 / safe, -quotient / safe
    first = a <= b if name == "min" else a >= b
    return np.where(first, a, b), np.where(first, 1.0, 0.0), np.where(first, 0.0, 1.0)


def _unary(name: str, a: Array, numbers: tuple[Array, ...]) -> tuple[Array, Array]:
    """Value and derivative; roots of negative numbers count as 0."""
    if name == "power":
        exponent = numbers[0]
        whole = exponent == np.round(exponent)
        base = np.where(whole & (np.abs(a) > 1e-12), a, np.maximum(a, 1e-12))
        return base**exponent, exponent * base ** (exponent - 1.0)
    if name == "sqrt":
        root = np.sqrt(np.maximum(a, 0.0))
        return root, 0.5 / np.maximum(root, 1e-6)
    if name == "abs":
        return np.abs(a), np.where(a < 0, -1.0, 1.0)
    radians = a / _DEGREES
    if name == "sin":
        return np.sin(radians), np.cos(radians) / _DEGREES
    if name == "cos":
        return np.cos(radians), -np.sin(radians) / _DEGREES
    tangent = np.tan(radians)
    return tangent, (1.0 + tangent * tangent) / _DEGREES
