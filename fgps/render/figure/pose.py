"""From a diagram to one figure that stands naturally: which model, which way up, parts side by side.

Figures are oriented, so they are turned and moved but never reflected.  Parts that nothing joins are
turned and moved one by one if all that is given stays true.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.model import Diagram
from fgps.problem.model import Problem
from fgps.render.figure.ends import loose_ends, still_true
from fgps.render.figure.geometry import XY, distance_to_segment
from fgps.render.figure.strokes import Round, Strokes, strokes

Array = NDArray[np.float64]
#: A line this close to horizontal counts as such (radians).
_LEVEL: Final = 0.01


@dataclass(frozen=True, slots=True)
class Pose:
    """A figure in units of its own, y upwards: places of points, circles, and what is drawn."""

    places: Mapping[str, XY]
    circles: Mapping[str, Round]
    strokes: Strokes

    def outline(self) -> Array:
        """Points whose box is that of the drawn figure."""
        rows = [*self.places.values()]
        for name in self.strokes.circles:
            x, y, r = self.circles[name]
            rows += [(x - r, y), (x + r, y), (x, y - r), (x, y + r)]
        for name, a, b in self.strokes.arcs:
            rows += _bulge(self.circles[name], self.places[a], self.places[b])
        return np.array(rows or [(0.0, 0.0)])


def choose_pose(problem: Problem, diagram: Diagram, parallels: Sequence[tuple[str, str]] = ()) -> Pose:
    """The best spread model of a diagram, naturally turned.  ``parallels``: segments that would lie level."""
    finite = [k for k in range(diagram.count) if _is_finite(diagram, k)]
    poses = [tidied(problem, diagram, k, pose_of(problem, diagram, k)) for k in finite]
    if not poses:
        return Pose({}, {}, Strokes((), (), ()))
    scores = [spread(pose) for pose in poses]
    # Equal scores up to rounding: the first model, so that the choice does not hang on the last digit.
    first = next(k for k, score in enumerate(scores) if score > max(scores) - 1e-6)
    best, pose = finite[first], poses[first]
    parts = _parts(problem, pose)
    if len(parts) > 1:
        arranged = _side_by_side(pose, [_upright(_only(pose, part), parallels) for part in parts])
        if still_true(problem, diagram, best, arranged.places, arranged.circles):
            return arranged
    return _upright(pose, parallels)


def spread(pose: Pose) -> float:
    """How readable a figure is: points apart from each other and from strange lines, angles not too thin."""
    names = list(pose.places)
    if len(names) < 2:
        return 0.0
    box = np.ptp(pose.outline(), axis=0)
    size = max(float(np.hypot(*box)), 1e-12)
    apart, off, thin = 1.0, 1.0, 1.0
    for k, p in enumerate(names):
        for q in names[:k]:
            apart = min(apart, math.dist(pose.places[p], pose.places[q]) / size)
    ends: dict[str, list[float]] = {}
    for row in pose.strokes.rows:
        a, b = pose.places[row[0]], pose.places[row[-1]]
        angle = math.atan2(b[1] - a[1], b[0] - a[0]) % math.pi
        for name in names:
            if name not in row:
                off = min(off, distance_to_segment(pose.places[name], a, b) / size)
            else:
                ends.setdefault(name, []).append(angle)
    for angles in ends.values():
        for k, one in enumerate(angles):
            for two in angles[:k]:
                thin = min(thin, abs(math.sin(one - two)))
    slim = min(box) / max(max(box), 1e-12)
    return float(
        math.log(max(apart, 1e-9))
        + 0.7 * math.log(max(off, 1e-9))
        + 0.6 * math.log(max(thin, 1e-9))
        + 0.4 * math.log(max(slim, 1e-2))
        - 0.5 * min(_accidents(pose), 3)
    )


def _accidents(pose: Pose) -> int:
    """How many lines are nearly, but not, at right angles, and how many pairs of sides nearly equal: a reader
    would take them for facts."""
    count = 0
    for name, here in pose.places.items():
        rows = [row for row in pose.strokes.rows if name in row]
        arms = [(end, math.dist(here, pose.places[end])) for row in rows for end in _neighbours(row, name)]
        for k, (one, near) in enumerate(arms):
            for two, far in arms[:k]:
                (x, y), (u, v) = pose.places[one], pose.places[two]
                cos = ((x - here[0]) * (u - here[0]) + (y - here[1]) * (v - here[1])) / max(near * far, 1e-12)
                count += 1e-6 < abs(cos) < 0.06
                count += 1e-6 < abs(near / max(far, 1e-12) - 1.0) < 0.05 and abs(cos) < 0.999
    return count


def _neighbours(row: tuple[str, ...], name: str) -> list[str]:
    """The next points of a line on either side."""
    k = row.index(name)
    return [*row[max(k - 1, 0) : k], *row[k + 1 : k + 2]]


def _is_finite(diagram: Diagram, model: int) -> bool:
    parts = (diagram.coordinates[model], diagram.centres[model], diagram.radii[model])
    return all(bool(np.isfinite(part).all()) for part in parts)


def tidied(problem: Problem, diagram: Diagram, model: int, pose: Pose) -> Pose:
    """The figure with its loose ends drawn to a fitting length, where all stays true."""
    places = dict(pose.places)
    for name, place in loose_ends(pose.places, pose.circles, pose.strokes).items():
        moved = {**places, name: place}
        if still_true(problem, diagram, model, moved, pose.circles):
            places = moved
    return replace(pose, places=places)


def pose_of(problem: Problem, diagram: Diagram, model: int) -> Pose:
    coordinates = diagram.coordinates[model]
    places = {name: (float(x), float(y)) for name, (x, y) in zip(diagram.points, coordinates, strict=True)}
    circles = {
        name: Round(float(x), float(y), float(radius))
        for name, (x, y), radius in zip(
            diagram.circles, diagram.centres[model], diagram.radii[model], strict=True
        )
    }
    return Pose(places, circles, strokes(problem.construction, places, circles))


def _parts(problem: Problem, pose: Pose) -> list[set[str]]:
    """Points (and circles, as ``(O)``) joined by lines and circles; one part if some part is a mere line."""
    groups = [set(row) for row in pose.strokes.rows]
    groups += [{f"({circle})", *row} for circle, row in problem.construction.cocircular]
    for circle, circle_place in pose.circles.items():
        groups += [{f"({circle})", p} for p, place in pose.places.items() if _is_centre(circle_place, place)]
    groups += [{name} for name in pose.places] + [{f"({name})"} for name in pose.circles]
    parts: list[set[str]] = []
    for group in groups:
        joined = [part for part in parts if part & group]
        parts = [part for part in parts if not part & group] + [group.union(*joined)]
    if any(len([p for p in part if p in pose.places]) < 3 for part in parts):
        return parts[:1]
    return sorted(parts, key=lambda part: sorted(part))


def _is_centre(circle: Round, place: XY) -> bool:
    return math.dist(circle.centre, place) < 1e-6 * circle.radius


def _only(pose: Pose, part: set[str]) -> Pose:
    """The figure of one part."""
    drawn = pose.strokes
    return Pose(
        {name: place for name, place in pose.places.items() if name in part},
        {name: circle for name, circle in pose.circles.items() if f"({name})" in part},
        Strokes(
            tuple(row for row in drawn.rows if row[0] in part),
            tuple(name for name in drawn.circles if f"({name})" in part),
            tuple(arc for arc in drawn.arcs if f"({arc[0]})" in part),
        ),
    )


def _upright(pose: Pose, parallels: Sequence[tuple[str, str]]) -> Pose:
    """The figure turned so that what one expects lies level and at the bottom."""
    angles = [0.0]
    for row in pose.strokes.rows:
        (x, y), (u, v) = pose.places[row[0]], pose.places[row[-1]]
        angle = math.atan2(v - y, u - x)
        angles += [-angle, math.pi - angle, math.pi / 2 - angle, -math.pi / 2 - angle]
    rows = [pose.strokes.row_of(a, b) for a, b in parallels]
    wanted = {row for row in rows if row is not None}
    scored = [(_stance(_turned(pose, angle), wanted), angle) for angle in angles]
    top = max(score for score, _ in scored)
    return _turned(pose, next(angle for score, angle in scored if score > top - 1e-6))


def _stance(pose: Pose, wanted: set[tuple[str, ...]]) -> float:
    """How naturally a figure stands.

    Level lines count in full, upright ones for less; the longest level line at the bottom, and a figure that
    is not taller than wide, look right; a first letter at the top is what textbooks write.
    """
    outline = pose.outline()
    left, bottom = outline.min(axis=0)
    width, height = np.maximum(np.ptp(outline, axis=0), 1e-12)
    total = level = 0.0
    base, longest = 0.5, 0.0
    for row in pose.strokes.rows:
        (x, y), (u, v) = pose.places[row[0]], pose.places[row[-1]]
        length = math.hypot(u - x, v - y) * (1.6 if row in wanted else 1.0)
        slope = abs(math.atan2(v - y, u - x)) % math.pi
        total += length
        if min(slope, math.pi - slope) < _LEVEL:
            level += length
            if length > longest * 1.001:
                base, longest = ((y + v) / 2 - bottom) / height, length
            elif length > longest * 0.999:
                base = min(base, ((y + v) / 2 - bottom) / height)
        elif abs(slope - math.pi / 2) < _LEVEL:
            level += 0.45 * length
    score = level / max(total, 1e-12) + 0.35 * (1.0 - base if longest else 0.5)
    score += 0.25 * min(1.0, width / height) - 0.06 * max(0.0, width / height - 2.5)
    if pose.places:
        first, *_, last = sorted(pose.places)
        x, y = pose.places[first]
        score += 0.08 * (y - bottom) / height - 0.04 * (x - left) / width
        score -= 0.02 * (pose.places[last][1] - bottom) / height
    return float(score)


def _turned(pose: Pose, angle: float) -> Pose:
    cos, sin = math.cos(angle), math.sin(angle)

    def place(x: float, y: float) -> XY:
        return cos * x - sin * y, sin * x + cos * y

    places = {name: place(*xy) for name, xy in pose.places.items()}
    circles = {name: Round(*place(c.x, c.y), c.radius) for name, c in pose.circles.items()}
    return Pose(places, circles, pose.strokes)


def _side_by_side(whole: Pose, parts: Sequence[Pose]) -> Pose:
    """The parts in rows, standing on common ground."""
    boxes = [(part.outline().min(axis=0), part.outline().max(axis=0)) for part in parts]
    gap = 0.22 * max(float(max(high - low)) for low, high in boxes)
    count = len(parts) if len(parts) <= 3 else math.ceil(math.sqrt(len(parts)))
    places: dict[str, XY] = {}
    circles: dict[str, Round] = {}
    ground = 0.0
    for first in range(0, len(parts), count):
        row = list(zip(parts, boxes, strict=True))[first : first + count]
        ground -= max(float(high[1] - low[1]) for _, (low, high) in row) + (gap if first else 0.0)
        x = 0.0
        for part, (low, high) in row:
            dx, dy = x - float(low[0]), ground - float(low[1])
            places |= {name: (px + dx, py + dy) for name, (px, py) in part.places.items()}
            circles |= {n: Round(c.x + dx, c.y + dy, c.radius) for n, c in part.circles.items()}
            x += float(high[0] - low[0]) + gap
    return Pose({name: places[name] for name in whole.places}, circles, whole.strokes)


def _bulge(circle: Round, a: XY, b: XY) -> list[XY]:
    """Points along a drawn arc."""
    start = math.atan2(a[1] - circle.y, a[0] - circle.x)
    sweep = (math.atan2(b[1] - circle.y, b[0] - circle.x) - start) % (2.0 * math.pi)
    angles = [start + sweep * k / 12 for k in range(13)]
    return [(circle.x + circle.radius * math.cos(t), circle.y + circle.radius * math.sin(t)) for t in angles]
