"""Where every derived equation comes from: an immutable DAG of nodes.

Each node stands for one polynomial that is zero in the figure.  Kinds (``data`` in brackets):

- ``equation`` [source id]: handed in by the caller;
- ``definition`` [name]: defines an auxiliary variable (a quotient, a square root, a sine);
- ``combine``: ``divisor * poly = sum of coefficient * monomial * parent`` over ``parts``;
- ``product`` [(exponent, parent) ...]: a product of two-term equations between positive numbers;
- ``factor`` [cofactor polynomial]: ``cofactor * poly == parent`` with a cofactor that is never zero;
- ``root`` [`RootChoice`]: one root of a parent in one variable;
- ``bound`` [source id]: an inequality that was handed in;
- ``positive`` [variable]: the variable is positive, by a linear parent or by its range;
- ``range``: nothing lies in the range that is left (a contradiction between the parents);
- ``identity`` [name, arguments]: an identity of trigonometry or of the exact numbers, resting on ``parents``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fgps.algebra.exact import Exact
from fgps.algebra.poly import Coefficient, Monomial, Poly, lower, merge
from fgps.algebra.terms import TooLarge

Part = tuple[Coefficient, Monomial, "Node"]

#: Flattened combinations longer than this are not tracked term by term.
_MAX_FLAT = 600


class Node:
    """One derived equation: see the module."""

    __slots__ = ("data", "divisor", "flat", "found", "kind", "parents", "parts", "terms")

    def __init__(
        self,
        kind: str,
        terms: dict[Monomial, Coefficient],
        parts: tuple[Part, ...] = (),
        data: Any = None,
        parents: tuple[Node, ...] = (),
        divisor: Monomial = (),
    ) -> None:
        self.kind = kind
        self.terms = terms
        self.parts = parts
        self.data = data
        self.parents = parents
        self.divisor = divisor
        self.flat: dict[tuple[int, Monomial], tuple[Node, Coefficient]] | None = None
        self.found: tuple[int, ...] | None = None

    @property
    def poly(self) -> Poly:
        """The polynomial that is zero."""
        return Poly(self.terms)


@dataclass(frozen=True, slots=True)
class Excluded:
    """Why a root (or all roots of a factor) cannot be the value.

    ``why`` is ``sign``, ``range``, ``complex`` or ``model`` (the last resort: read off the diagram).
    """

    value: Exact | None
    why: str


@dataclass(frozen=True, slots=True)
class RootChoice:
    """``variable == value`` chosen among the roots of the parent."""

    variable: int
    value: Exact
    excluded: tuple[Excluded, ...]

    @property
    def by_model(self) -> bool:
        """Was a root excluded only by the numeric models?"""
        return any(item.why == "model" for item in self.excluded)


def flatten(node: Node) -> dict[tuple[int, Monomial], tuple[Node, Coefficient]]:
    """The node as a combination of nodes that are not plain combinations, with cancellation.

    Keys are ``(id of the base node, cofactor monomial)``.
    """
    if node.flat is not None:
        return node.flat
    stack = [node]
    while stack:
        top = stack[-1]
        if top.flat is not None:
            stack.pop()
            continue
        if top.kind != "combine" or top.divisor:
            top.flat = {(id(top), ()): (top, 1)}
            stack.pop()
            continue
        waiting = [part[2] for part in top.parts if part[2].flat is None]
        if waiting:
            stack.extend(waiting)
            continue
        top.flat = _combine(top)
        stack.pop()
    assert node.flat is not None
    return node.flat


def _combine(node: Node) -> dict[tuple[int, Monomial], tuple[Node, Coefficient]]:
    result: dict[tuple[int, Monomial], tuple[Node, Coefficient]] = {}
    for factor, mono, parent in node.parts:
        assert parent.flat is not None
        for (base, cofactor), (origin, value) in parent.flat.items():
            key = (base, merge(mono, cofactor))
            amount = factor * value
            present = result.get(key)
            if present is not None:
                amount = amount + present[1]
            if isinstance(amount, Exact):
                amount = lower(amount)
            if amount:
                result[key] = (origin, amount)
            else:
                del result[key]
        if len(result) > _MAX_FLAT:
            return {(id(node), ()): (node, 1)}
    return result


def sources(node: Node) -> tuple[int, ...]:
    """The ids of the callers' equations on which a node rests, increasing."""
    if node.found is None:
        found: set[int] = set()
        seen: set[int] = set()
        stack = [node]
        while stack:
            top = stack.pop()
            if id(top) in seen:
                continue
            seen.add(id(top))
            if top.kind in ("equation", "bound"):
                found.add(top.data)
                continue
            if top.kind == "combine" and not top.divisor:
                try:
                    bases = [origin for origin, _ in flatten(top).values()]
                except TooLarge:
                    bases = [top]
                if bases == [top]:
                    stack.extend(part[2] for part in top.parts)
                else:
                    stack.extend(bases)
            else:
                stack.extend(part[2] for part in top.parts)
            stack.extend(top.parents)
        node.found = tuple(sorted(found))
    return node.found


def reachable(node: Node) -> list[Node]:
    """All nodes that a node rests on, itself included."""
    seen: dict[int, Node] = {}
    stack = [node]
    while stack:
        top = stack.pop()
        if id(top) not in seen:
            seen[id(top)] = top
            stack.extend(part[2] for part in top.parts)
            stack.extend(top.parents)
    return list(seen.values())
