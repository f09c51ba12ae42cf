"""From a drawing (points with coordinates, segments, circles) to the construction statements of its figure.

The drawing is a planar graph: points are vertices, drawn pieces of lines and arcs are edges.  Its bounded
faces become ``Shape`` statements with their sides counter-clockwise, lines with more than two points
``Collinear`` in order, circles ``Cocircular`` counter-clockwise.  Angles that no face has as a corner (in
the open, or beside a loose end) become two-line shapes.  Coordinates may be off by some percent: they only
settle the order of things.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple

from fgps.lang.ast import Call, Points

Place = tuple[float, float]

#: Most points, segments and circles of a drawing.
MAX_PARTS: Final = 400
#: Directions of a line and an arc at a point are told apart as if the arc had turned by this much (degrees).
_BEND: Final = 7.0
#: Angles nearer to 0 or 180 degrees than this are no corners.
_FLAT: Final = 2.0
#: A point counts as on a line if it is no farther from it than this share of the line's length.
_OFF_LINE: Final = 0.12
#: A triangle whose longest side is shorter than the others together by no more than this share is a line.
_FLAT_TRIANGLE: Final = 0.002


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle: its name in the construction, where its centre is, the points on it."""

    name: str
    centre: Place
    points: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """What is drawn, y upwards.  ``rows`` are sets of points said to lie on one line.

    ``spoken`` are segments that are not drawn but spoken of (the legs of an angle): they bound faces only if
    they cross nothing.
    """

    places: Mapping[str, Place]
    segments: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]] = ()
    circles: Sequence[Circle] = ()
    spoken: Sequence[tuple[str, str]] = ()


class Edge(NamedTuple):
    """A drawn piece between two neighbouring points; of a circle if it names one (counter-clockwise)."""

    start: str
    end: str
    circle: str = ""


class Step(NamedTuple):
    """An edge as it is walked: ``forward`` from its start to its end."""

    edge: Edge
    forward: bool

    @property
    def tail(self) -> str:
        return self.edge.start if self.forward else self.edge.end

    @property
    def head(self) -> str:
        return self.edge.end if self.forward else self.edge.start

    def back(self) -> Step:
        return Step(self.edge, not self.forward)

    @property
    def word(self) -> tuple[str, ...]:
        """The side as a shape spells it; arcs are always spelled counter-clockwise."""
        return self.edge[2:] + self.edge[:2] if self.edge.circle else (self.tail, self.head)


@dataclass(frozen=True)
class Figure:
    """The construction of a drawing, and what of it was needed to say relations."""

    statements: tuple[Call, ...]
    lines: tuple[tuple[str, ...], ...]
    circles: tuple[Circle, ...]
    places: Mapping[str, Place] = field(repr=False)

    def turn(self, a: str, v: str, b: str) -> float:
        """The counter-clockwise turn from ray vb to ray va, degrees in [0, 360)."""
        return (
            _direction(self.places[v], self.places[a]) - _direction(self.places[v], self.places[b])
        ) % 360.0

    def line_of(self, a: str, b: str) -> tuple[str, ...]:
        """The whole row of points on the line through two points."""
        return next((line for line in self.lines if a in line and b in line), (a, b))


def figure_of(drawing: Drawing) -> Figure:
    """The figure of a drawing.  Never raises for finite coordinates; what exceeds `MAX_PARTS` is left out."""
    places = dict(list(drawing.places.items())[:MAX_PARTS])
    segments = _usable(drawing.segments, places)
    spoken = _usable(drawing.spoken, places)
    lines = _lines(places, [*segments, *spoken], drawing.rows)
    circles = tuple(_ordered(circle, places) for circle in drawing.circles[:MAX_PARTS])
    drawn = set(_pieces(lines, segments))
    both = list(_pieces(lines, [*segments, *spoken]))
    crossed = _crossed(both, places)
    edges = [*both, *(edge for circle in circles for edge in _arcs(circle))]
    rotation = _Rotation(edges, places, {circle.name: circle for circle in circles})
    bounding = [edge for edge in edges if edge in drawn or edge not in crossed]
    crossed = _crossed(bounding, places)
    cells = [walk for walk in _faces(bounding, rotation) if not any(step.edge in crossed for step in walk)]
    shapes = _shapes(cells, edges, rotation)
    used = {name for edge in edges for name in edge[:2]} | {name for line in lines for name in line}
    used |= {name for circle in circles for name in (circle.name, *circle.points)}
    shapes += [((name,),) for name in places if name not in used]
    statements = [_call("Shape", *shape) for shape in shapes]
    statements += [_call("Collinear", line) for line in lines if len(line) > 2]
    statements += [_call("Cocircular", (circle.name,), circle.points) for circle in circles]
    return Figure(tuple(statements), tuple(lines), circles, places)


def _shapes(
    cells: Sequence[Sequence[Step]], edges: Sequence[Edge], rotation: _Rotation
) -> list[tuple[tuple[str, ...], ...]]:
    """The cells, then the corners that no cell has, then the lines that neither has."""
    shapes: list[tuple[tuple[str, ...], ...]] = [tuple(step.word for step in walk) for walk in cells]
    corners = {
        (one.tail, one.head, two.head)
        for walk in cells
        for one, two in zip(walk, (*walk[1:], walk[0]), strict=True)
        if not one.edge.circle and not two.edge.circle
    }
    shapes += [((a, v), (v, b)) for a, v, b in rotation.wedges() if (a, v, b) not in corners]
    pairs = {frozenset(word) for shape in shapes for word in shape if len(word) == 2}
    shapes += [((a, b),) for a, b, circle in edges if not circle and frozenset((a, b)) not in pairs]
    return shapes


def _usable(segments: Sequence[tuple[str, str]], places: Mapping[str, Place]) -> list[tuple[str, str]]:
    return [s for s in dict.fromkeys(segments) if s[0] != s[1] and all(p in places for p in s)][:MAX_PARTS]


def _call(head: str, *words: Sequence[str]) -> Call:
    return Call(head, tuple(Points(tuple(word)) for word in words if word))


# Lines -----------------------------------------------------------------------------------------


def _lines(
    places: Mapping[str, Place], segments: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """All lines with their points in order: what is said, joined where two lines share two points."""
    groups: list[set[str]] = []
    for row in (*rows, *_between(places, segments), *segments):
        group = {name for name in row if name in places}
        if len(group) < 2 or not _straight(group, places):
            continue
        changed = True
        while changed:
            changed = False
            for other in groups:
                if len(other & group) >= 2 and _straight(other | group, places):
                    group |= other
                    groups.remove(other)
                    changed = True
                    break
        groups.append(group)
    return [_in_order(group, places) for group in groups]


def _between(
    places: Mapping[str, Place], segments: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Triples with all three segments drawn and one point on the segment of the others: no flat triangles."""
    joined: dict[str, set[str]] = {}
    for a, b in segments:
        joined.setdefault(a, set()).add(b)
        joined.setdefault(b, set()).add(a)
    for a, b in segments:
        length = math.dist(places[a], places[b])
        for p in sorted(joined[a] & joined[b]):
            apart = math.dist(places[a], places[p]) + math.dist(places[p], places[b])
            if apart < length * (1.0 + _FLAT_TRIANGLE):
                yield a, p, b


def _straight(group: set[str], places: Mapping[str, Place]) -> bool:
    a, b = _ends(group, places)
    (ax, ay), (bx, by) = places[a], places[b]
    length = math.hypot(bx - ax, by - ay)
    if length == 0.0:
        return False
    off = [abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length for x, y in (places[n] for n in group)]
    return max(off) <= _OFF_LINE * length


def _ends(group: set[str], places: Mapping[str, Place]) -> tuple[str, str]:
    return max(combinations(sorted(group), 2), key=lambda pair: math.dist(places[pair[0]], places[pair[1]]))


def _in_order(group: set[str], places: Mapping[str, Place]) -> tuple[str, ...]:
    a, b = _ends(group, places)
    (ax, ay), (bx, by) = places[a], places[b]
    return tuple(
        sorted(group, key=lambda n: ((places[n][0] - ax) * (bx - ax) + (places[n][1] - ay) * (by - ay), n))
    )


def _pieces(lines: Sequence[tuple[str, ...]], segments: Sequence[tuple[str, str]]) -> Iterator[Edge]:
    """The pieces between neighbours on a line that some drawn segment covers."""
    for line in lines:
        index = {name: k for k, name in enumerate(line)}
        drawn: set[int] = set()
        for a, b in segments:
            if a in index and b in index:
                low, high = sorted((index[a], index[b]))
                drawn |= set(range(low, high))
        yield from (Edge(line[k], line[k + 1]) for k in sorted(drawn))


def _ordered(circle: Circle, places: Mapping[str, Place]) -> Circle:
    names = dict.fromkeys(name for name in circle.points if name in places)
    row = sorted(names, key=lambda name: (_direction(circle.centre, places[name]), name))
    return Circle(circle.name, circle.centre, tuple(row))


def _arcs(circle: Circle) -> Iterator[Edge]:
    if len(circle.points) > 1:
        for a, b in zip(circle.points, (*circle.points[1:], circle.points[0]), strict=True):
            yield Edge(a, b, circle.name)


# Faces -----------------------------------------------------------------------------------------


def _direction(start: Place, end: Place) -> float:
    """Degrees in [0, 360)."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) % 360.0


class _Rotation:
    """The edges round each point, counter-clockwise."""

    def __init__(
        self, edges: Sequence[Edge], places: Mapping[str, Place], circles: Mapping[str, Circle]
    ) -> None:
        self.places = places
        self.circles = circles
        around: dict[str, list[Step]] = {}
        for edge in edges:
            around.setdefault(edge.start, []).append(Step(edge, True))
            around.setdefault(edge.end, []).append(Step(edge, False))
        self.around = {v: sorted(steps, key=lambda s: (self._angle(s), s)) for v, steps in around.items()}

    def _angle(self, step: Step) -> float:
        """The direction in which an edge leaves its point; arcs as if already turned a little."""
        here, there = self.places[step.tail], self.places[step.head]
        if not step.edge.circle:
            return _direction(here, there)
        centre = self.circles[step.edge.circle].centre
        spoke = _direction(centre, here)
        length = self.arc(step.edge)
        bend = min(length / 4.0, _BEND)
        return (spoke + 90.0 + bend if step.forward else spoke - 90.0 - bend) % 360.0

    def arc(self, edge: Edge) -> float:
        """The turn of an arc in degrees, in (0, 360]."""
        centre = self.circles[edge.circle].centre
        turn = _direction(centre, self.places[edge.end]) - _direction(centre, self.places[edge.start])
        return turn % 360.0 or 360.0

    def wedges(self) -> Iterator[tuple[str, str, str]]:
        """Corners (a, v, b) between neighbouring straight edges, less than straight."""
        for v, steps in self.around.items():
            straight = [step for step in steps if not step.edge.circle]
            if len(straight) < 2:
                continue
            for one, two in zip(straight, (*straight[1:], straight[0]), strict=True):
                turn = (self._angle(two) - self._angle(one)) % 360.0
                if _FLAT < turn < 180.0 - _FLAT:
                    yield two.head, v, one.head

    def outline(self, walk: Sequence[Step]) -> list[Place]:
        """Points along a walk, arcs as chains of short chords."""
        found: list[Place] = []
        for step in walk:
            found.append(self.places[step.tail])
            if step.edge.circle:
                found += self._along(step)
        return found

    def _along(self, step: Step) -> Iterator[Place]:
        cx, cy = self.circles[step.edge.circle].centre
        first = _direction((cx, cy), self.places[step.tail])
        radii = [math.dist((cx, cy), self.places[name]) for name in (step.tail, step.head)]
        turn = self.arc(step.edge) * (1.0 if step.forward else -1.0)
        for k in range(1, 12):
            angle = math.radians(first + turn * k / 12.0)
            radius = radii[0] + (radii[1] - radii[0]) * k / 12.0
            yield cx + radius * math.cos(angle), cy + radius * math.sin(angle)


def _faces(edges: Sequence[Edge], rotation: _Rotation) -> Iterator[list[Step]]:
    """The walks round the bounded faces, counter-clockwise; loose ends are taken away first.

    Faces that a walk passes twice at one point (with holes or islands) are no shapes and are left out.
    """
    kept = _without_loose_ends(edges)
    following: dict[Step, Step] = {}
    for steps in rotation.around.values():
        here = [step for step in steps if step.edge in kept]
        for one, two in zip(here, (*here[1:], here[0]), strict=True) if here else ():
            following[two.back()] = (
                one  # arriving along `two`, the next edge clockwise keeps the face on the left
            )
    left = dict.fromkeys(following)
    while left:
        first = next(iter(left))
        walk = [first]
        del left[first]
        while (step := following[walk[-1]]) in left:
            del left[step]
            walk.append(step)
        tails = [step.tail for step in walk]
        if len(set(tails)) == len(tails) > 1 and _area(rotation.outline(walk)) > 0.0:
            yield walk


def _without_loose_ends(edges: Sequence[Edge]) -> set[Edge]:
    kept = dict.fromkeys(edges)
    while True:
        degree: dict[str, int] = {}
        for edge in kept:
            for name in edge[:2]:
                degree[name] = degree.get(name, 0) + 1
        loose = [edge for edge in kept if min(degree[name] for name in edge[:2]) < 2]
        if not loose:
            return set(kept)
        for edge in loose:
            del kept[edge]


def _area(outline: Sequence[Place]) -> float:
    pairs = zip(outline, (*outline[1:], outline[0]), strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2.0


def _crossed(edges: Sequence[Edge], places: Mapping[str, Place]) -> set[Edge]:
    """Straight edges that cross another one where no point is marked: their faces are not what they seem."""
    straight = [edge for edge in edges if not edge.circle]
    found: set[Edge] = set()
    for one, two in combinations(straight, 2):
        if not set(one[:2]) & set(two[:2]):
            a, b, c, d = (places[name] for name in (*one[:2], *two[:2]))
            if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
                found |= {one, two}
    return found


def _side(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
