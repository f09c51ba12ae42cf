"""A figure in pixels: where things are, which rays leave a point, where there is room for a mark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from fgps.render.figure.geometry import XY, along, between, direction, distance, distance_to_segment, turn
from fgps.render.figure.pose import Pose
from fgps.render.figure.strokes import Round, Strokes
from fgps.render.figure.theme import Sizes

#: Where along a segment a mark may stand, best first.
_SHARES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75)


@dataclass(frozen=True)
class Scene:
    """Places in pixels (y upwards), circles, strokes and the sizes of marks."""

    places: dict[str, XY]
    circles: dict[str, Round]
    strokes: Strokes
    sizes: Sizes

    @cached_property
    def lines(self) -> list[tuple[XY, XY]]:
        """The drawn lines from end to end."""
        return [(self.places[row[0]], self.places[row[-1]]) for row in self.strokes.rows]

    @cached_property
    def middle(self) -> XY:
        """The mean of the points."""
        count = max(len(self.places), 1)
        xs, ys = [p[0] for p in self.places.values()], [p[1] for p in self.places.values()]
        return sum(xs) / count, sum(ys) / count

    def sector(self, points: Sequence[str]) -> tuple[XY, float, float]:
        """Vertex, start and counter-clockwise sweep of the angle (a, vertex, b)."""
        a, v, b = (self.places[name] for name in points)
        start = direction(v, b)
        return v, start, turn(start, direction(v, a))

    def span(self, points: Sequence[str]) -> tuple[XY, float, float, float]:
        """Centre, radius, start and sweep of the arc (circle, from, to)."""
        circle = self.circles[points[0]]
        start, end = (direction(circle.centre, self.places[name]) for name in points[1:])
        return circle.centre, circle.radius, start, turn(start, end)

    def reach(self, vertex: str, point: str) -> float:
        """How far the ray from a vertex runs to the next point on it."""
        origin = self.places[vertex]
        row = self.strokes.row_of(vertex, point)
        ahead = [
            distance(origin, self.places[name])
            for name in row or (vertex, point)
            if name != vertex and _same_side(origin, self.places[point], self.places[name])
        ]
        return min(ahead, default=distance(origin, self.places[point]))

    def rays(self, name: str) -> list[float]:
        """The directions in which lines and circles leave a point."""
        here = self.places[name]
        found = []
        for row in self.strokes.rows:
            if name in row:
                ends = [self.places[end] for end in (row[0], row[-1]) if end != name]
                found += [direction(here, end) for end in ends]
        for circle in self.on_circles(name):
            outward = direction(self.circles[circle].centre, here)
            found += [outward + math.pi / 2, outward - math.pi / 2]
        return found

    def on_circles(self, name: str) -> list[str]:
        """The drawn circles on which a point lies."""
        drawn = [*self.strokes.circles, *(arc[0] for arc in self.strokes.arcs)]
        here = self.places[name]
        return [name for name in dict.fromkeys(drawn) if _passes(self.circles[name], here)]

    def spot(self, a: str, b: str, room: float, taken: Iterable[XY] = ()) -> tuple[XY, float]:
        """Where on AB a mark stands free of points, other lines and what is ``taken``; and its share."""
        p, q = self.places[a], self.places[b]
        others = [line for line in self.lines if not _lies_on(p, q, line)]
        ends = [*self.places.values(), *taken]
        best, clearance = 0.5, -1.0
        for share in _SHARES:
            here = between(p, q, share)
            near = min(distance(here, end) for end in ends)
            near = min([near] + [distance_to_segment(here, *other) for other in others])
            if near > clearance + 1e-6:
                best, clearance = share, near
            if clearance >= room:
                break
        return between(p, q, best), best

    def spot_on_arc(self, points: Sequence[str], room: float) -> tuple[XY, float]:
        """Where on an arc a mark stands free of points; and in which direction from the centre."""
        centre, radius, start, sweep = self.span(points)
        best, clearance = start + 0.5 * sweep, -1.0
        for share in _SHARES:
            here = along(centre, start + share * sweep, radius)
            near = min((distance(here, place) for place in self.places.values()), default=room)
            if near > clearance + 1e-6:
                best, clearance = start + share * sweep, near
            if clearance >= room:
                break
        return along(centre, best, radius), best


def _passes(circle: Round, place: XY) -> bool:
    return abs(distance(circle.centre, place) - circle.radius) < 1e-3 * circle.radius


def _same_side(origin: XY, one: XY, two: XY) -> bool:
    return (one[0] - origin[0]) * (two[0] - origin[0]) + (one[1] - origin[1]) * (two[1] - origin[1]) > 0


def _lies_on(p: XY, q: XY, line: tuple[XY, XY]) -> bool:
    return all(distance_to_segment(end, *line) < 1e-3 for end in (p, q))


def scaled(pose: Pose, scale: float, sizes: Sizes) -> Scene:
    """The scene of a pose at so many pixels per unit."""
    places = {name: (x * scale, y * scale) for name, (x, y) in pose.places.items()}
    circles = {n: Round(c.x * scale, c.y * scale, c.radius * scale) for n, c in pose.circles.items()}
    return Scene(places, circles, pose.strokes, sizes)
