"""A figure that logic forms speak of: which points a form means, spelled with the right orientation.

Forms name things loosely (an angle by its vertex, an arc without a direction, a quadrilateral's corners in
any order); the drawing's coordinates settle what is meant.  `Unread` says why something has no reading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from fgps.data.forms import Form
from fgps.data.planar import Circle, Figure

#: Words round a thing that say nothing about it here.
_WRAPPERS: Final = ("Shaded", "Blue", "Green", "Red", "Yellow", "Purple")
_NUMBERED: Final = re.compile(r"(?:angle\s*)?([0-9]+)")
_POLYGONS: Final = {3: "Triangle", 4: "Quadrilateral"}

Word = tuple[str, ...]


class Unread(Exception):
    """A form without a reading; the text says why."""


class Thing(NamedTuple):
    """What a form names: its kind and its points as FGL spells them (``matched``: as the form does)."""

    kind: str
    word: Word
    matched: Word = ()


class Scene:
    """The figure with the names that forms use: ``names`` maps theirs to those of the figure."""

    def __init__(self, figure: Figure, names: Mapping[str, str], centres: Mapping[str, str]) -> None:
        self.figure = figure
        self.names = names
        #: Circle of the figure -> the point that is its centre.
        self.centres = centres
        #: Angles by number; polygons that the text speaks of, counter-clockwise.
        self.numbered: dict[str, Word] = {}
        self.rings: list[Word] = []

    def thing(self, form: Form, polygons: Sequence[str]) -> Thing:
        """The thing that a form names; ``polygons`` are the heads that name polygons.  Raises `Unread`."""
        while form.head in _WRAPPERS and len(form.args) == 1:
            form = form.args[0]
        if form.leaf:
            form = Form("Angle", (form,)) if _NUMBERED.fullmatch(form.head) else form
        if form.head == "Angle":
            return Thing("Angle", self._angle(form))
        if form.head == "HypotenuseOf" and len(form.args) == 1:
            return Thing("Line", self._hypotenuse(form.args[0], polygons))
        if form.head in ("Right", "Isosceles", "Equilateral", "Regular") and len(form.args) == 1:
            return self.thing(form.args[0], polygons)
        if form.head == "Circle":
            return Thing("Circle", (self._circle(form).name,))
        points = self._points(form)
        if form.head == "Line" and len(points) == 2:
            return Thing("Line", points)
        if form.head == "Point" and len(points) == 1:
            return Thing("Point", points)
        if form.head == "Arc":
            return Thing("Arc", self._arc(points))
        if form.head == "Sector":
            return Thing("Sector", self._sector(points))
        if (form.head in polygons or form.head in ("Shape", "Polygon")) and len(points) > 2:
            row = self._ring(points)
            return Thing(_POLYGONS.get(len(points), f"polygon of {len(points)} corners"), row, points)
        raise Unread(f"{form} names nothing in the figure")

    def _points(self, form: Form) -> Word:
        found = []
        for arg in form.args:
            name = self.names.get(arg.head) if arg.leaf else None
            if name is None:
                raise Unread(f"{form}: there is no point {arg}")
            found.append(name)
        if len(set(found)) != len(found):
            raise Unread(f"{form} names a point twice")
        return tuple(found)

    def _angle(self, form: Form) -> Word:
        while len(form.args) == 1 and form.args[0].head == "Angle":
            form = form.args[0]
        first = form.args[0] if len(form.args) == 1 else None
        if first is not None and first.leaf:
            number = _NUMBERED.fullmatch(first.head)
            if number is not None:
                if number[1] in self.numbered:
                    return self.numbered[number[1]]
                raise Unread(f"the drawing does not say which angle {number[1]} is")
            return self._corner(self._points(form)[0])
        points = self._points(form)
        if len(points) != 3:
            raise Unread(f"{form} is no angle")
        return self.corner(*points)

    def corner(self, a: str, v: str, b: str) -> Word:
        """The angle of less than 180 degrees, counter-clockwise."""
        return (a, v, b) if self.figure.turn(a, v, b) <= 180.0 else (b, v, a)

    def _hypotenuse(self, form: Form, polygons: Sequence[str]) -> Word:
        ring = self.thing(form, polygons).word
        if len(ring) != 3:
            raise Unread(f"{form} is no triangle")
        a, _, b = min((_rotated(ring, k) for k in range(3)), key=lambda word: _skew(self, word))
        return a, b

    def _corner(self, vertex: str) -> Word:
        """The angle that one letter names.

        That of the only polygon spoken of that has the corner; else between the outermost lines at the point.
        """
        named = self._named_corners(vertex)
        if len(named) == 1:
            return named[0]
        rays: list[str] = []
        for line in self.figure.lines:
            if vertex in line:
                at = line.index(vertex)
                rays += [line[0]] * (at > 0) + [line[-1]] * (at < len(line) - 1)
        place = self.figure.places
        angle = {p: math.atan2(place[p][1] - place[vertex][1], place[p][0] - place[vertex][0]) for p in rays}
        row = sorted(rays, key=lambda p: (angle[p], p))
        for k, last in enumerate(row):
            # The gap after `last` is all that lies outside the corner.
            gap = (angle[row[(k + 1) % len(row)]] - angle[last]) % math.tau
            if len(row) > 1 and gap > math.pi + 0.02:
                return last, vertex, row[(k + 1) % len(row)]
        raise Unread(f"it is not clear which angle at {vertex} is meant")

    def _named_corners(self, vertex: str) -> list[Word]:
        found: dict[Word, None] = {}
        for ring in self.rings:
            if vertex in ring:
                k = ring.index(vertex)
                found[ring[k - 1], vertex, ring[(k + 1) % len(ring)]] = None
        return list(found)

    def _circle(self, form: Form) -> Circle:
        name = self.names.get(form.args[0].head, "") if form.args else ""
        for circle in self.figure.circles:
            if self.centres.get(circle.name) == name != "":
                return circle
        if form.args and form.args[0].leaf and form.args[0].head == "$" and len(self.figure.circles) == 1:
            return self.figure.circles[0]
        raise Unread(f"there is no circle {form}")

    def _on_one_circle(self, points: Sequence[str]) -> Circle:
        for circle in self.figure.circles:
            if set(points) <= set(circle.points):
                return circle
        raise Unread(f"no circle passes through {', '.join(points)}")

    def _arc(self, points: Word) -> Word:
        """Two points: the minor arc; three: from the first by the second to the third."""
        if len(points) not in (2, 3):
            raise Unread("an arc has two or three points")
        circle = self._on_one_circle(points)
        row = circle.points
        start, end = points[0], points[-1]
        if len(points) == 3:
            way = [row[(row.index(start) + k) % len(row)] for k in range(len(row))]
            forward = way.index(points[1]) < way.index(end)
        else:
            forward = self._turn(circle, start, end) <= math.pi
        return (circle.name, start, end) if forward else (circle.name, end, start)

    def _turn(self, circle: Circle, start: str, end: str) -> float:
        (cx, cy), place = circle.centre, self.figure.places
        angles = [math.atan2(place[p][1] - cy, place[p][0] - cx) for p in (start, end)]
        return (angles[1] - angles[0]) % math.tau

    def _sector(self, points: Word) -> Word:
        for circle in self.figure.circles:
            rest = [name for name in points if name != self.centres.get(circle.name)]
            if len(rest) == 2 and len(points) == 3 and set(rest) <= set(circle.points):
                return self._arc(tuple(rest))
        raise Unread(f"{', '.join(points)} is no sector of a circle")

    def _ring(self, points: Word) -> Word:
        """The corners counter-clockwise; put in order if the sides as written cross."""
        place = self.figure.places
        if len(points) == 4 and not self._simple(points):
            cx = sum(place[p][0] for p in points) / 4.0
            cy = sum(place[p][1] for p in points) / 4.0
            return tuple(sorted(points, key=lambda p: math.atan2(place[p][1] - cy, place[p][0] - cx)))
        pairs = zip(points, (*points[1:], points[0]), strict=True)
        area = sum(place[a][0] * place[b][1] - place[a][1] * place[b][0] for a, b in pairs)
        return points if area > 0.0 else points[:1] + points[:0:-1]

    def _simple(self, points: Word) -> bool:
        a, b, c, d = (self.figure.places[p] for p in points)
        return not (_cross(a, b, c, d) or _cross(b, c, d, a))

    def length(self, a: str, b: str) -> float:
        return math.dist(self.figure.places[a], self.figure.places[b])

    def slant(self, one: Word, two: Word) -> float:
        """The angle from one directed line to another, degrees in [0, 180]."""
        (ax, ay), (bx, by) = (self._vector(word) for word in (one, two))
        return abs(math.degrees(math.atan2(ax * by - ay * bx, ax * bx + ay * by)))

    def _vector(self, word: Word) -> tuple[float, float]:
        (ax, ay), (bx, by) = (self.figure.places[name] for name in word[:2])
        return bx - ax, by - ay


def _side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


# Frames: the arguments of a fact in the order and orientation that it wants ----------------------


def _corner_frame(scene: Scene, things: Sequence[Thing]) -> list[Word]:
    """Two lines that meet at O: AO and BO, a turn of less than 180 degrees from OB to OA."""
    lines = [scene.figure.line_of(*thing.word) for thing in things]
    common = [name for name in lines[0] if name in lines[1]]
    if not common:
        raise Unread("the two lines have no point in common")
    o = common[0]
    ends = []
    for thing, line in zip(things, lines, strict=True):
        own = [name for name in thing.word if name != o]
        ends.append(own or [name for name in (line[0], line[-1]) if name != o])
    a, _, b = scene.corner(ends[0][0], o, ends[1][0])
    return [(a, o), (b, o)]


def _same_way(scene: Scene, things: Sequence[Thing]) -> list[Word]:
    one, two = things[0].word, things[1].word
    return [one, two if scene.slant(one, two) <= 90.0 else two[::-1]]


def _tangent(scene: Scene, things: Sequence[Thing]) -> list[Word]:
    circle = next(c for c in scene.figure.circles if c.name == things[1].word[0])
    row = scene.figure.line_of(*things[0].word)
    touching = [name for name in row if name in circle.points]
    others = [name for name in (*things[0].word, row[0], row[-1]) if name not in touching]
    if len(touching) != 1 or not others:
        raise Unread("it is not clear where the tangent touches the circle")
    return [(others[0], touching[0]), things[1].word]


def _bisector(_scene: Scene, things: Sequence[Thing]) -> list[Word]:
    vertex = things[1].word[1]
    line = things[0].word if things[0].word[0] == vertex else things[0].word[::-1]
    if line[0] != vertex:
        raise Unread("the bisector does not begin at the vertex")
    return [line, things[1].word]


def _from_corner(_scene: Scene, things: Sequence[Thing]) -> list[Word]:
    line, ring = things[0].word, things[1].word
    line = line if line[0] in ring else line[::-1]
    if line[0] not in ring:
        raise Unread("the line does not begin at a corner")
    return [line, _rotated(ring, ring.index(line[0]))]


def _on_sides(pairs: Callable[[Word], Sequence[Word]]) -> Frame:
    """A segment whose ends lie on two sides of a polygon: the rotation for which they do."""

    def frame(scene: Scene, things: Sequence[Thing]) -> list[Word]:
        ring = things[1].word
        for line in (things[0].word, things[0].word[::-1]):
            for k in range(len(ring)):
                turned = _rotated(ring, k)
                sides = pairs(turned)
                rows = [scene.figure.line_of(*side) for side in sides]
                if all(end in row and end not in turned for end, row in zip(line, rows, strict=True)):
                    return [line, turned]
        raise Unread("the segment does not end on two such sides")

    return frame


def _matched(_scene: Scene, things: Sequence[Thing]) -> list[Word]:
    """Corners in the order in which they match; a third word if one figure is the mirror image."""
    one, two = things[0].matched, things[1].matched
    straight = [thing.word == _rotated(thing.matched, 0) for thing in things]
    if straight[0] == straight[1]:
        pair = [one, two] if straight[0] else [_backwards(one), _backwards(two)]
        return list(pair)
    return [*([one, _backwards(two)] if straight[0] else [_backwards(one), two]), ("mirrored",)]


def _best(score: Callable[[Scene, Word], float]) -> Frame:
    """The rotation of a polygon that the drawing fits best."""

    def frame(scene: Scene, things: Sequence[Thing]) -> list[Word]:
        ring = things[0].word
        return [min((_rotated(ring, k) for k in range(len(ring))), key=lambda word: score(scene, word))]

    return frame


def _equal_sides(scene: Scene, word: Word) -> float:
    apart = abs(scene.length(word[0], word[1]) - scene.length(word[0], word[-1]))
    if len(word) == 4:
        apart += abs(scene.length(word[2], word[1]) - scene.length(word[2], word[3]))
    return apart


def _skew(scene: Scene, word: Word) -> float:
    """By how much the middle corner is no right angle."""
    return abs(scene.slant((word[1], word[0]), (word[1], word[2])) - 90.0)


def _rotated(word: Word, k: int) -> Word:
    return word[k:] + word[:k]


def _backwards(word: Word) -> Word:
    return word[:1] + word[:0:-1]


Frame = Callable[[Scene, Sequence[Thing]], list[Word]]
FRAMES: Final[Mapping[str, Frame]] = {
    "": lambda _scene, things: [thing.word for thing in things],
    "corner": _corner_frame,
    "same way": _same_way,
    "tangent": _tangent,
    "bisector": _bisector,
    "from corner": _from_corner,
    "between sides": _on_sides(lambda word: (word[:2], word[2:4])),
    "cut off": _on_sides(lambda word: (word[:2], (word[0], word[2]))),
    "matched": _matched,
    "parallel sides": _best(lambda scene, word: scene.slant((word[0], word[3]), (word[1], word[2]))),
    "equal sides at the first corner": _best(_equal_sides),
    "right angle in the middle": _best(_skew),
}
