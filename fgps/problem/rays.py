"""Angles: which corners exist at each point, and which of them are the same angle.

At a point, every other point of a declared line through it that lies on the same side is on
the same ray.  Corners of cells, two-line shapes and flat angles are turns from ray to ray; every
chain of turns that follow one another is an angle, in both orientations, and so is the same angle
with other points on its rays.  Chains may pass the end of an arc, and do so both ways: annotators
often walk both regions along an arc in the same direction, and then one of the turns is subtracted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fgps.problem.facts import Derivation, Fact, make_fact
from fgps.problem.shapes import Side, Statements, Word

Corner = tuple[str, str, str]
#: A ray is its first point; the end of an arc is the arc's edge.
_Node = str | Word


class Turn(NamedTuple):
    """A turn about a point from one node to the next, as it was declared.

    ``corner`` is the angle it names, or None if an arc bounds it.
    """

    corner: Corner | None
    derivation: Derivation


class Rays:
    """The rays and turns about every point of a construction."""

    def __init__(self, statements: Statements) -> None:
        self._order: dict[str, int] = {}
        self._ray: dict[tuple[str, str], str] = {}
        self._members: dict[tuple[str, str], list[str]] = {}
        self._turns: dict[str, dict[_Node, dict[_Node, Turn]]] = {}
        self._flat: dict[Corner, int] = {}
        self._rank(statements)
        self._lines(statements.collinear)
        self._corners(statements)

    def ray(self, vertex: str, point: str) -> str:
        """The first point on the ray from ``vertex`` through ``point``."""
        return self._ray.get((vertex, point), point)

    def angle_class(self, a: str, v: str, b: str) -> Corner:
        """The representative of all angles with vertex ``v`` between the same two rays."""
        return (self._ray.get((v, a), a), v, self._ray.get((v, b), b))

    def is_flat(self, a: str, v: str, b: str) -> bool:
        """Whether a declared line holds the three points, ``v`` between the others."""
        return (a, v, b) in self._flat

    def angles(self) -> Iterator[tuple[Corner, Derivation]]:
        """Every angle once, vertex by vertex, with its derivation."""
        for vertex, turns in self._turns.items():
            yield from self._angles_at(vertex, turns)

    # Building -------------------------------------------------------------------------------

    def _rank(self, statements: Statements) -> None:
        order = self._order
        for line, _ in statements.collinear:
            for point in line:
                order.setdefault(point, len(order))
        for cell in statements.cells:
            for side in cell.sides:
                order.setdefault(side.start, len(order))

    def _lines(self, collinear: Sequence[tuple[Word, int]]) -> None:
        for line, position in collinear:
            for k, vertex in enumerate(line):
                for part in (line[:k], line[k + 1 :]):
                    self._unite(vertex, part)
                for a in line[:k]:
                    for b in line[k + 1 :]:
                        self._flat.setdefault((a, vertex, b), position)
                        self._flat.setdefault((b, vertex, a), position)
        for vertex, point in self._ray:
            self._members.setdefault((vertex, self._ray[vertex, point]), []).append(point)
        for (a, vertex, b), position in self._flat.items():
            derivation = Derivation("flat angle", (make_fact("Collinear", (a, vertex, b)),), (), (position,))
            self._turn(vertex, self.ray(vertex, a), self.ray(vertex, b), Turn((a, vertex, b), derivation))

    def _unite(self, vertex: str, points: Word) -> None:
        """Put points on one ray; a second line through two of them joins its points to it."""
        if not points:
            return
        old = {self._ray[vertex, point] for point in points if (vertex, point) in self._ray}
        first = min((*old, *points), key=self._order.__getitem__)
        if old - {first}:
            for (v, point), ray in self._ray.items():
                if v == vertex and ray in old:
                    self._ray[v, point] = first
        for point in points:
            self._ray[vertex, point] = first

    def _turn(self, vertex: str, start: _Node, end: _Node, turn: Turn) -> None:
        if start != end:
            turns = self._turns.setdefault(vertex, {})
            turns.setdefault(start, {}).setdefault(end, turn)
            if not isinstance(start, str) or not isinstance(end, str):
                turns.setdefault(end, {}).setdefault(start, turn)

    def _corners(self, statements: Statements) -> None:
        for a, v, b, position in statements.corners:
            derivation = Derivation("given", (), (), (position,))
            self._turn(v, self.ray(v, a), self.ray(v, b), Turn((a, v, b), derivation))
        for index, cell in enumerate(statements.cells):
            for side, following in zip(cell.sides, cell.sides[1:] + cell.sides[:1], strict=True):
                self._cell_corner(index, side, following)
        for shape in statements.open_shapes:
            derivation = Derivation("given", (), (), (shape.statement,))
            for one, two in zip(shape.words, shape.words[1:] + shape.words[:1], strict=True):
                if len(one) == 2 == len(two):
                    if one[1] == two[0] and one[0] != two[1]:
                        corner = (one[0], one[1], two[1])
                        start, end = self.ray(one[1], one[0]), self.ray(one[1], two[1])
                        self._turn(one[1], start, end, Turn(corner, derivation))
                elif len(one) == 2 and one[1] in two[1:]:
                    self._turn(one[1], self.ray(one[1], one[0]), two, Turn(None, derivation))
                elif len(two) == 2 and two[0] in one[1:]:
                    self._turn(two[0], one, self.ray(two[0], two[1]), Turn(None, derivation))

    def _cell_corner(self, index: int, side: Side, following: Side) -> None:
        vertex = side.end
        corner = None
        if side.straight and following.straight:
            if side.start == following.end:
                return
            corner = (side.start, vertex, following.end)
        start = self.ray(vertex, side.start) if side.straight else side.edge
        end = self.ray(vertex, following.end) if following.straight else following.edge
        self._turn(vertex, start, end, Turn(corner, Derivation("corner of cell", (), (index,))))

    # Closure --------------------------------------------------------------------------------

    def _angles_at(
        self, vertex: str, turns: dict[_Node, dict[_Node, Turn]]
    ) -> Iterator[tuple[Corner, Derivation]]:
        found: dict[tuple[str, str], list[Turn]] = {}
        for start in turns:
            if isinstance(start, str):
                for end, path in _paths(turns, start):
                    found[start, end] = path
        for (start, end), path in found.items():
            yield from self._aliases(vertex, start, end, path)
        for (start, end), path in found.items():
            if (end, start) not in found:
                for (a, v, b), _ in self._aliases(vertex, start, end, path):
                    yield (b, v, a), Derivation("reversed", (("Angle", (a, v, b)),))

    def _aliases(
        self, vertex: str, start: str, end: str, path: list[Turn]
    ) -> Iterator[tuple[Corner, Derivation]]:
        """One angle with all choices of points on its two rays.

        The first one is derived from the path of turns, the others from the first.
        """
        if len(path) == 1 and path[0].corner is not None:
            base, derivation = path[0].corner, path[0].derivation
        else:
            first, last = path[0].corner, path[-1].corner
            base = (first[0] if first else start, vertex, last[2] if last else end)
            sources = tuple([("Angle", turn.corner) for turn in path if turn.corner is not None])
            cells = tuple([cell for turn in path for cell in turn.derivation.cells])
            derivation = Derivation("adjacent", sources, cells)
        yield base, derivation
        extended = Derivation("extends line", (("Angle", base),))
        for a in self._members.get((vertex, start), (start,)):
            for b in self._members.get((vertex, end), (end,)):
                corner = (a, vertex, b)
                if corner != base:
                    declared = self._flat.get(corner)
                    if declared is None:
                        yield corner, extended
                    else:
                        source: Fact = ("Collinear", corner)
                        yield corner, Derivation("flat angle", (source,), (), (declared,))


def _paths(turns: dict[_Node, dict[_Node, Turn]], start: str) -> Iterator[tuple[str, list[Turn]]]:
    """All rays that chains of turns reach from ``start``, each with a shortest chain."""
    reached: dict[_Node, list[Turn]] = {start: []}
    queue: deque[_Node] = deque([start])
    while queue:
        node = queue.popleft()
        path = reached[node]
        for following, turn in turns.get(node, {}).items():
            if following not in reached:
                reached[following] = [*path, turn]
                queue.append(following)
                if isinstance(following, str):
                    yield following, reached[following]
