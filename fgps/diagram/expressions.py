"""Expressions of a figure's unknowns, built once and shared: input of `Tape`.

A `TapeBuilder` collects expressions of the unknowns (coordinates, radii, symbols); equal expressions share
one node.  Unknowns: point ``i`` has coordinates ``2 i`` and ``2 i + 1``; further unknowns follow.  Angles are
degrees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fgps.diagram.tape import Key, Node, Tape

_SCALAR: Final[Mapping[str, Callable[[float], float]]] = {
    "sin": lambda a: math.sin(math.radians(a)),
    "cos": lambda a: math.cos(math.radians(a)),
    "tan": lambda a: math.tan(math.radians(a)),
    "sqrt": math.sqrt,
    "abs": abs,
}


class TapeBuilder:
    """Builds expressions; every method returns the node of its value."""

    def __init__(self) -> None:
        self._nodes: dict[Key, Node] = {}
        self._keys: list[Key] = []

    def _node(self, *key: Any) -> Node:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = len(self._keys)
            self._keys.append(key)
        return node

    def unknown(self, index: int) -> Node:
        """The unknown with this index."""
        return self._node("unknown", index)

    def constant(self, value: float) -> Node:
        """A number."""
        return self._node("linear", (), float(value))

    def constant_value(self, node: Node) -> float | None:
        """The number that the node is, or None."""
        key = self._keys[node]
        return float(key[2]) if key[0] == "linear" and not key[1] else None

    def distance(self, p: int, q: int) -> Node:
        """The distance of two points."""
        return self._node("distance", min(p, q), max(p, q))

    def angle(self, p: int, q: int, r: int) -> Node:
        """The counter-clockwise turn from ray QR to ray QP, degrees in [0, 360)."""
        return self._node("angle", q, r, q, p)

    def cross(self, a: int, b: int, c: int, d: int) -> Node:
        """The cross product of the vectors AB and CD."""
        return self._node("cross", a, b, c, d)

    def dot(self, a: int, b: int, c: int, d: int) -> Node:
        """The dot product of the vectors AB and CD."""
        return self._node("dot", a, b, c, d)

    def normalised(self, node: Node) -> Node | None:
        """A cross or dot product (or its negative) over the two lengths; None if it is neither."""
        key, sign = self._keys[node], 1.0
        if key[0] == "linear" and len(key[1]) == 1 and key[2] == 0.0:
            sign, node = key[1][0]
            key = self._keys[node]
        if key[0] not in ("cross", "dot") or abs(sign) != 1.0:
            return None
        _, a, b, c, d = key
        lengths = self.mul(self.distance(a, b), self.distance(c, d))
        return self.linear([(sign, self.div(node, lengths))])

    def linear(self, terms: Sequence[tuple[float, Node]], constant: float = 0.0) -> Node:
        """A linear combination; nested ones are flattened."""
        total: dict[Node, float] = {}
        for factor, node in terms:
            key = self._keys[node]
            if key[0] == "linear":
                constant += factor * key[2]
                for inner, child in key[1]:
                    total[child] = total.get(child, 0.0) + factor * inner
            else:
                total[node] = total.get(node, 0.0) + factor
        kept = tuple((factor, node) for node, factor in total.items() if factor != 0.0)
        if len(kept) == 1 and kept[0][0] == 1.0 and constant == 0.0:
            return kept[0][1]
        return self._node("linear", kept, constant)

    def add(self, *nodes: Node) -> Node:
        """A sum."""
        return self.linear([(1.0, node) for node in nodes])

    def sub(self, a: Node, b: Node) -> Node:
        """A difference."""
        return self.linear([(1.0, a), (-1.0, b)])

    def mul(self, a: Node, b: Node) -> Node:
        """A product."""
        for factor, other in ((a, b), (b, a)):
            value = self.constant_value(factor)
            if value is not None:
                return self.linear([(value, other)])
        return self._node("mul", min(a, b), max(a, b))

    def div(self, a: Node, b: Node) -> Node:
        """A quotient."""
        value = self.constant_value(b)
        if value:
            return self.linear([(1.0 / value, a)])
        return self._node("div", a, b)

    def power(self, a: Node, exponent: float) -> Node:
        """A power with a constant exponent."""
        if exponent == 1.0:
            return a
        if exponent == 2.0:
            return self.mul(a, a)
        value = self.constant_value(a)
        if value is not None and (value > 0 or exponent == int(exponent)) and (value or exponent > 0):
            return self.constant(value**exponent)
        return self._node("power", a, float(exponent))

    def function(self, name: str, a: Node) -> Node:
        """``sin cos tan`` (degrees), ``sqrt`` or ``abs``."""
        value = self.constant_value(a)
        if value is not None and (name != "sqrt" or value >= 0):
            return self.constant(_SCALAR[name](value))
        return self._node(name, a)

    def minimum(self, a: Node, b: Node) -> Node:
        """The smaller value."""
        return self._node("min", a, b)

    def maximum(self, a: Node, b: Node) -> Node:
        """The larger value."""
        return self._node("max", a, b)

    def finish(self, unknowns: int) -> Tape:
        """The programme for everything built so far."""
        return Tape(self._keys, unknowns)
