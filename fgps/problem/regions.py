"""Polygons: which closed chains of straight sides bound a union of declared cells.

Cells are never joined one by one (there are exponentially many unions).  Instead each directed
edge gets a weight, a vector of numbers of cells, such that along any closed chain the weights sum up
to the cells that the chain winds round: a chain of three or four sides is then tested by one
addition and a comparison.  The weights come from a spanning tree of the cells across their
common edges: the tree edge above a cell carries all cells below it.

Vectors are packed into integers, ``DIGIT`` bits a component, which may be negative: as long as
all components stay below ``2 ** (DIGIT - 1)`` in size, the packed number is zero or a sum of
distinct units only if the vector is.

Cells that overlap (two cells on the same side of an edge) cannot belong to one region: the cells
are first split into layers without overlap.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from fgps.problem.shapes import Cell, Edge, straight_side

DIGIT: Final = 10
#: Most layers of overlapping cells that are looked at, and most chains tried in a layer.
MAX_LAYERS: Final = 256
MAX_CHAINS: Final = 100_000

Flat = Callable[[str, str, str], bool]


class Region(NamedTuple):
    """A polygon (corners counter-clockwise) and the cells that it consists of."""

    corners: tuple[str, ...]
    cells: tuple[int, ...]


class _Segment(NamedTuple):
    """A straight chain of edges: weight, boundary, and the points on it except its end."""

    start: str
    end: str
    weight: int
    boundary: int
    points: int


class Layer:
    """Cells without overlap, ready for asking which region a closed chain bounds."""

    def __init__(self, cells: Sequence[Cell], members: Sequence[int]) -> None:
        self._members = tuple(members)
        self._edge_unit: dict[Edge, int] = {}
        self._inside: dict[tuple[Edge, int], int] = {}
        self._boundaries: list[int] = []
        self._units = 0
        for slot, index in enumerate(self._members):
            self._units |= 1 << (slot * DIGIT)
            total = 0
            for side in cells[index].sides:
                unit = self._edge_unit.setdefault(side.edge, 1 << (len(self._edge_unit) * DIGIT))
                total += side.sign * unit
                self._inside[side.edge, side.sign] = slot
            self._boundaries.append(total)
        self._weights = self._spanning_tree()

    def directed_edges(self) -> Iterator[tuple[str, str]]:
        """Straight edges that have a cell of this layer on their left."""
        for edge, sign in self._inside:
            if len(edge) == 2:
                yield (edge[0], edge[1]) if sign > 0 else (edge[1], edge[0])

    def weight(self, start: str, end: str) -> int:
        """The packed weight of a directed straight edge."""
        side = straight_side(start, end)
        return side.sign * self._weights.get(side.edge, 0)

    def boundary(self, start: str, end: str) -> int:
        """The directed straight edge as a packed vector of edges."""
        side = straight_side(start, end)
        return side.sign * self._edge_unit[side.edge]

    def region(self, weight: int, boundary: int) -> tuple[int, ...] | None:
        """The cells that a closed chain bounds, if it is their whole boundary, else None."""
        if weight <= 0 or weight & ~self._units:
            return None
        slots = [slot for slot in range(len(self._members)) if weight >> (slot * DIGIT) & 1]
        if sum([self._boundaries[slot] for slot in slots]) != boundary:
            return None
        return tuple([self._members[slot] for slot in slots])

    def _spanning_tree(self) -> dict[Edge, int]:
        neighbours: dict[int, list[tuple[int, Edge, int]]] = {}
        outside = -1
        for edge in self._edge_unit:
            left, right = self._inside.get((edge, 1), outside), self._inside.get((edge, -1), outside)
            if left != right:
                neighbours.setdefault(left, []).append((right, edge, -1))
                neighbours.setdefault(right, []).append((left, edge, 1))
        parent: dict[int, tuple[int, Edge, int]] = {}
        order: list[int] = []
        seen = {outside}
        queue = deque([outside])
        while queue:
            here = queue.popleft()
            for there, edge, sign in neighbours.get(here, ()):
                if there not in seen:
                    seen.add(there)
                    parent[there] = (here, edge, sign)
                    order.append(there)
                    queue.append(there)
        below = {slot: 1 << (slot * DIGIT) for slot in order}
        weights: dict[Edge, int] = {}
        for slot in reversed(order):
            above, edge, sign = parent[slot]
            weights[edge] = sign * below[slot]
            if above != outside:
                below[above] += below[slot]
        return weights


def layers(cells: Sequence[Cell]) -> list[Layer]:
    """The maximal sets of cells without overlap, at most `MAX_LAYERS` of them."""
    inside: dict[tuple[Edge, int], list[int]] = {}
    for index, cell in enumerate(cells):
        for side in cell.sides:
            inside.setdefault((side.edge, side.sign), []).append(index)
    clashes: dict[int, set[int]] = {}
    for group in inside.values():
        for index in group:
            clashes.setdefault(index, set()).update(other for other in group if other != index)
    free = [index for index in range(len(cells)) if not clashes.get(index)]
    clashing = [index for index in range(len(cells)) if clashes.get(index)]
    return [Layer(cells, sorted(free + chosen)) for chosen in _independent(clashing, clashes)]


def _independent(nodes: Sequence[int], clashes: dict[int, set[int]]) -> list[list[int]]:
    """Maximal sets of nodes without a clash."""
    found: list[list[int]] = []

    def extend(chosen: list[int], possible: list[int], excluded: list[int]) -> None:
        if len(found) >= MAX_LAYERS:
            return
        if not possible:
            if not excluded:
                found.append(chosen)
            return
        # Every maximal set holds the first node or one that clashes with it.
        first = possible[0]
        for node in [n for n in possible if n == first or n in clashes[first]]:
            rest = [n for n in possible if n != node and n not in clashes[node]]
            extend([*chosen, node], rest, [n for n in excluded if n not in clashes[node]])
            possible = [n for n in possible if n != node]
            excluded = [*excluded, node]

    extend([], list(nodes), [])
    return found


def polygons(cells: Sequence[Cell], flat: Flat) -> tuple[list[Region], bool]:
    """All triangles and quadrilaterals that unions of cells form, each in one rotation.

    ``flat(a, v, b)``: the three points are on a declared line in this order; corners that are flat do
    not count.  The second value is False if the search was cut short.
    """
    found: dict[tuple[str, ...], Region] = {}
    complete = True
    for layer in layers(cells):
        complete &= _search(layer, flat, found)
    return list(found.values()), complete


def _segments(layer: Layer, flat: Flat, rank: dict[str, int]) -> dict[str, list[_Segment]]:
    edges: dict[str, list[str]] = {}
    for start, end in layer.directed_edges():
        rank.setdefault(start, len(rank))
        rank.setdefault(end, len(rank))
        edges.setdefault(start, []).append(end)
    result: dict[str, list[_Segment]] = {}
    for start, ends in edges.items():
        reached = result.setdefault(start, [])
        for end in ends:
            weight, boundary = layer.weight(start, end), layer.boundary(start, end)
            reached.append(_Segment(start, end, weight, boundary, 1 << rank[start]))
        for segment in reached:  # grows while it is walked
            here = segment.end
            mask = segment.points | 1 << rank[here]
            for end in edges.get(here, ()):
                if flat(start, here, end) and not mask >> rank[end] & 1:
                    weight = segment.weight + layer.weight(here, end)
                    boundary = segment.boundary + layer.boundary(here, end)
                    reached.append(_Segment(start, end, weight, boundary, mask))
            if len(reached) > 1000:
                break
    return result


def _search(layer: Layer, flat: Flat, found: dict[tuple[str, ...], Region]) -> bool:
    rank: dict[str, int] = {}
    segments = _segments(layer, flat, rank)
    budget = MAX_CHAINS
    for first, starting in segments.items():
        lowest = rank[first]
        closing: dict[str, list[_Segment]] = {}
        for group in segments.values():
            for segment in group:
                if segment.end == first and rank[segment.start] > lowest:
                    closing.setdefault(segment.start, []).append(segment)
        for one in starting:
            if rank[one.end] < lowest:
                continue
            for two in segments.get(one.end, ()):
                if rank[two.end] <= lowest or one.points & two.points or one.points >> rank[two.end] & 1:
                    continue
                if flat(first, one.end, two.end):
                    continue
                weight, boundary, points = one.weight + two.weight, one.boundary + two.boundary, 0
                points = one.points | two.points
                for last in closing.get(two.end, ()):
                    if not points & last.points and not flat(one.end, two.end, first):
                        if not flat(two.end, first, one.end):
                            corners = (first, one.end, two.end)
                            _accept(layer, found, corners, weight + last.weight, boundary + last.boundary)
                for three in segments.get(two.end, ()):
                    last_options = closing.get(three.end)
                    if last_options is None or points & three.points or points >> rank[three.end] & 1:
                        continue
                    budget -= 1
                    if flat(one.end, two.end, three.end) or flat(two.end, three.end, first):
                        continue
                    if flat(three.end, first, one.end):
                        continue
                    corners4 = (first, one.end, two.end, three.end)
                    weight3, boundary3 = weight + three.weight, boundary + three.boundary
                    for last in last_options:
                        if not (points | three.points) & last.points:
                            _accept(layer, found, corners4, weight3 + last.weight, boundary3 + last.boundary)
                if budget < 0:
                    return False
    return True


def _accept(
    layer: Layer, found: dict[tuple[str, ...], Region], corners: tuple[str, ...], weight: int, boundary: int
) -> None:
    cells = layer.region(weight, boundary)
    if cells is not None:
        # Layers count their points differently, so the rotation must not depend on the layer.
        first = corners.index(min(corners))
        corners = corners[first:] + corners[:first]
        found.setdefault(corners, Region(corners, cells))
