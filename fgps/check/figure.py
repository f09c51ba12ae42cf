"""Construction facts, derived anew from the construction statements of the problem.

Points, segments, arcs and circles exist where a statement draws them; the order on lines and circles is
declared; an angle is the turn between two different rays that are drawn at one point; a polygon is the
boundary of cells that the certificate names, with flat corners left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product, takewhile

from fgps.lang.ast import Call, Points, letters

Word = tuple[str, ...]
#: A side without direction, and 1 or -1 for the direction along it.
Side = tuple[Word, int]
MAX_POINTS = 60
MAX_SIDES = 64


class Figure:
    """What the construction statements of one problem draw."""

    def __init__(self, statements: Sequence[Call]) -> None:
        self.points: dict[str, None] = {}
        self.lines: list[Word] = []
        self.circles: dict[str, list[Word]] = {}
        self.shapes: dict[int, list[Word]] = {}
        self.segments: set[Word] = set()
        self.polygons: set[Word] = set()
        self._rays: dict[str, dict[str, str]] = {}
        for position, statement in enumerate(statements[:400]):
            words = [word.names for word in statement.args if isinstance(word, Points)]
            points = letters(statement)
            if len(words) != len(statement.args) or not points:
                continue
            if statement.head == "Shape" and len(words) <= MAX_SIDES:
                self._shape(position, words)
            elif len(set(points)) == len(points) <= MAX_POINTS:
                if statement.head == "Collinear" and len(points) > 1:
                    self.lines.append(points)
                    self.points.update(dict.fromkeys(points))
                    self.segments.update((*combinations(points, 2), *combinations(points[::-1], 2)))
                elif statement.head == "Cocircular" and len(words[0]) == 1:
                    self.circles.setdefault(points[0], []).append(points[1:])
                    self.points.update(dict.fromkeys(points))

    def _shape(self, position: int, words: list[Word]) -> None:
        if any(len(set(word)) != len(word) or len(word) > 3 for word in words):
            return
        if len(words) > 1:
            self.shapes[position] = words
        for word in words:
            ends = word[-2:]
            self.points.update(dict.fromkeys(ends))
            if len(word) == 2:
                self.segments.update((word, word[::-1]))

    def holds(self, head: str, points: Word) -> bool:
        """Whether the construction has this fact."""
        if head == "Collinear":
            return any(in_order(points, line) or in_order(points[::-1], line) for line in self.lines)
        if head == "Cocircular":
            return any(in_circle(points[1:], row) for row in self.circles.get(points[0], ()))
        if head == "Arc":
            return len(points) == 3 and self.holds("Cocircular", points) and points[1] != points[2]
        if head == "Circle":
            return len(points) == 1 and points[0] in self.circles
        if head == "Point":
            return len(points) == 1 and points[0] in self.points
        if head == "Line":
            return points in self.segments
        if head == "Angle":
            return len(points) == 3 and self._angle(*points)
        return head == "Polygon" and points in self.polygons

    def _angle(self, a: str, v: str, b: str) -> bool:
        return (v, a) in self.segments and (v, b) in self.segments and self.ray(v, a) != self.ray(v, b)

    def ray(self, vertex: str, point: str) -> str:
        """A name for the ray from ``vertex`` through ``point``: the same for all its declared points."""
        names = self._rays.get(vertex)
        if names is None:
            names = self._rays[vertex] = {}
            parts = [part for line in self.lines if vertex in line for part in sides_of(line, vertex)]
            for _ in parts:  # two lines through one point of a ray are one
                for part in parts:
                    least = min((names.get(p, p) for p in part), default="")
                    names.update(dict.fromkeys(part, least))
        return names.get(point, point)

    def flat(self, a: str, v: str, b: str) -> bool:
        """Whether a declared line runs through the corner."""
        return any(in_order((a, v, b), line) or in_order((b, v, a), line) for line in self.lines)

    def add_polygon(self, corners: Word, cells: Sequence[int]) -> bool:
        """Whether the cells (positions of Shape statements) make up this polygon; then it is known."""
        if len(set(corners)) != len(corners) or len(set(cells)) != len(cells):
            return False
        walks = [list(closed_walks(self.shapes.get(position, []))) for position in cells]
        choices = 1
        for found in walks:
            choices *= len(found)
        if not 0 < choices <= 64:
            return False
        for choice in product(*walks):
            walk = boundary([side for cell in choice for side in cell])
            chain = [
                p for i, p in enumerate(walk) if not self.flat(walk[i - 1], p, walk[(i + 1) % len(walk)])
            ]
            if len(chain) == len(corners) > 2 and tuple(chain) in rotations(corners):
                self.polygons.update(rotations(corners))
                return True
        return False


def rotations(row: Word) -> list[Word]:
    """All rotations of a row."""
    return [row[i:] + row[:i] for i in range(len(row))]


def sides_of(line: Word, vertex: str) -> tuple[Word, Word]:
    """The points of a line before and behind one of them."""
    before = tuple(takewhile(lambda p: p != vertex, line))
    return before, line[len(before) + 1 :]


def in_order(points: Word, line: Word) -> bool:
    """Whether the points, at least two, stand in the line in this order."""
    rest = iter(line)
    return len(points) >= 2 and all(point in rest for point in points)


def in_circle(points: Word, row: Word) -> bool:
    """Whether the points run along the closed row at most once round."""
    if not points or points[0] not in row:
        return not points
    start = row.index(points[0])
    rest = iter(row[start:] + row[:start])
    return all(point in rest for point in points)


def closed_walks(words: Sequence[Word]) -> Iterator[list[Side]]:
    """The ways to run head to tail round a shape; an arc may be run along backwards."""
    for forward in (True, False) if words and len(words[0]) == 3 else (True,):
        here = first = words[0][-2 if forward else -1] if words else ""
        sides: list[Side] = []
        for word in words:
            if len(word) == 2 and word[0] == here:
                sides.append((word, 1) if word[0] < word[1] else (word[::-1], -1))
                here = word[1]
            elif len(word) == 3 and here in word[1:]:
                sides.append((word, 1 if here == word[1] else -1))
                here = word[2] if here == word[1] else word[1]
            else:
                break
        if len(sides) == len(words) > 1 and here == first:
            yield sides


def boundary(sides: Sequence[Side]) -> list[str]:
    """The points along the sides that do not cancel, if they form one simple closed chain of segments."""
    count: dict[Word, int] = {}
    seen: set[Side] = set()
    for edge, sign in sides:
        if (edge, sign) in seen:
            return []  # two cells on one side of an edge: they overlap
        seen.add((edge, sign))
        count[edge] = count.get(edge, 0) + sign
    left = [edge if sign > 0 else edge[::-1] for edge, sign in count.items() if sign]
    following = {edge[0]: edge[1] for edge in left}
    if any(len(edge) != 2 for edge in left) or len(following) != len(left) or not left:
        return []
    walk = [left[0][0]]
    while following.get(walk[-1]) not in (None, walk[0]) and len(walk) <= len(left):
        walk.append(following[walk[-1]])
    return walk if len(walk) == len(left) and following.get(walk[-1]) == walk[0] else []
