"""What is drawn of a construction: every line once, circles whole or as the arcs that bound regions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fgps.problem.construction import Construction
from fgps.render.figure.geometry import XY, direction, turn

Row = tuple[str, ...]


class Round(NamedTuple):
    """A circle in the figure: centre and radius."""

    x: float
    y: float
    radius: float

    @property
    def centre(self) -> XY:
        """The centre."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class Strokes:
    """``rows``: points along each line, in order; ``circles``: drawn whole; ``arcs``: drawn parts of the
    others as (circle, start, end), counter-clockwise."""

    rows: tuple[Row, ...]
    circles: tuple[str, ...]
    arcs: tuple[tuple[str, str, str], ...]

    def row_of(self, a: str, b: str) -> Row | None:
        """The line through two points, None if none is drawn."""
        for row in self.rows:
            if a in row and b in row:
                return row
        return None

    def between(self, a: str, b: str) -> Row:
        """The points strictly between two points of a line."""
        row = self.row_of(a, b) or (a, b)
        first, last = sorted((row.index(a), row.index(b)))
        return row[first + 1 : last]


def strokes(construction: Construction, places: Mapping[str, XY], circles: Mapping[str, Round]) -> Strokes:
    """The strokes of a construction whose points stand at ``places``."""
    whole, arcs = _arcs(construction, places, circles)
    return Strokes(_rows(construction, places), whole, arcs)


def _rows(construction: Construction, places: Mapping[str, XY]) -> tuple[Row, ...]:
    """Declared lines, joined where two share two points, and the segments on none of them."""
    rows: list[set[str]] = []
    for line in (*construction.collinear, *construction.lines):
        merged = set(line)
        if any(point not in places for point in merged):
            continue
        others = []
        for row in rows:
            if len(row & merged) >= 2:
                merged |= row
            else:
                others.append(row)
        rows = [*others, merged]
    ordered = [_in_order(sorted(row), places) for row in rows]
    return tuple(sorted(ordered))


def _in_order(points: Sequence[str], places: Mapping[str, XY]) -> Row:
    """Points of a line by their place on it, the lesser end first."""
    ends = max(
        ((a, b) for a in points for b in points if a < b),
        key=lambda pair: math.dist(places[pair[0]], places[pair[1]]),
    )
    (x, y), (u, v) = places[ends[0]], places[ends[1]]
    return tuple(sorted(points, key=lambda p: (places[p][0] - x) * (u - x) + (places[p][1] - y) * (v - y)))


def _arcs(
    construction: Construction, places: Mapping[str, XY], circles: Mapping[str, Round]
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """A circle is drawn whole unless parts of it bound regions and these parts hold all its points."""
    whole: list[str] = []
    parts: list[tuple[str, str, str]] = []
    for circle in construction.circles:
        if circle not in circles:
            continue
        sides = {side for cell in construction.cells for side in cell if len(side) == 3 and side[0] == circle}
        arcs = sorted((c, a, b) for c, a, b in sides if a in places and b in places)
        points = {p for name, row in construction.cocircular if name == circle for p in row if p in places}
        centre = circles[circle].centre
        spans = [_span(centre, places[a], places[b]) for _, a, b in arcs]
        lies_on = all(any(_within(span, direction(centre, places[p])) for span in spans) for p in points)
        if not arcs or not lies_on or _covered(spans) > 2.0 * math.pi - 1e-3:
            whole.append(circle)
        else:
            parts += arcs
    return tuple(whole), tuple(parts)


def _span(centre: XY, a: XY, b: XY) -> tuple[float, float]:
    start = direction(centre, a)
    return start, turn(start, direction(centre, b))


def _within(span: tuple[float, float], angle: float) -> bool:
    offset = (angle - span[0]) % (2.0 * math.pi)
    return offset <= span[1] + 1e-4 or offset > 2.0 * math.pi - 1e-4


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """How much of a full turn the spans cover together."""
    steps = 720
    hit = sum(any(_within(span, 2.0 * math.pi * (k + 0.5) / steps) for span in spans) for k in range(steps))
    return 2.0 * math.pi * hit / steps
