"""Plane geometry of the page: boxes, segments, sectors.  Arrays, y upwards, pixels.

A box is a row (left, bottom, right, top); a segment a row (x1, y1, x2, y2); angles are radians.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
XY = tuple[float, float]


def boxes(centres: Array, width: float, height: float) -> Array:
    """Boxes of one size about centres (n, 2)."""
    half = np.array([0.5 * width, 0.5 * height])
    return np.hstack((centres - half, centres + half))


def overlaps(one: Array, other: Array) -> Array:
    """Areas that boxes (n, 4) share with boxes (m, 4): (n, m)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    side = np.maximum(high - low, 0.0)
    return side[..., 0] * side[..., 1]


def inside_lengths(box: Array, segments: Array) -> Array:
    """How long each segment (m, 4) runs inside each box (n, 4): (n, m)."""
    start = segments[None, :, :2]
    step = segments[None, :, 2:] - start
    low, high = box[:, None, :2], box[:, None, 2:]
    still = np.abs(step) < 1e-12
    divisor = np.where(still, 1.0, step)
    one, two = (low - start) / divisor, (high - start) / divisor
    within = (start >= low) & (start <= high)
    enter = np.where(still, np.where(within, 0.0, np.inf), np.minimum(one, two))
    leave = np.where(still, np.where(within, 1.0, -np.inf), np.maximum(one, two))
    first = np.maximum(enter.max(axis=2), 0.0)
    last = np.minimum(leave.min(axis=2), 1.0)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.maximum(last - first, 0.0) * length[None, :]


def unit(angle: float) -> XY:
    """The direction of an angle."""
    return math.cos(angle), math.sin(angle)


def direction(origin: XY, target: XY) -> float:
    """The angle of the ray from origin to target."""
    return math.atan2(target[1] - origin[1], target[0] - origin[0])


def turn(start: float, end: float) -> float:
    """The counter-clockwise turn from one direction to another, in (0, 2 pi]."""
    amount = (end - start) % (2.0 * math.pi)
    return amount if amount > 1e-9 else 2.0 * math.pi


def along(origin: XY, angle: float, distance: float) -> XY:
    """The point at a distance in a direction."""
    return origin[0] + distance * math.cos(angle), origin[1] + distance * math.sin(angle)


def between(a: XY, b: XY, share: float) -> XY:
    """The point that divides AB."""
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def distance(a: XY, b: XY) -> float:
    """The distance of two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def distance_to_segment(point: XY, a: XY, b: XY) -> float:
    """The distance of a point from a segment."""
    x, y = b[0] - a[0], b[1] - a[1]
    square = x * x + y * y
    share = 0.0 if square == 0 else ((point[0] - a[0]) * x + (point[1] - a[1]) * y) / square
    return distance(point, between(a, b, min(1.0, max(0.0, share))))


def bow(centre: XY, radius: float, start: float, sweep: float) -> list[tuple[float, float, float, float]]:
    """An arc as short segments."""
    count = max(2, math.ceil(abs(sweep) / 0.22))
    points = [along(centre, start + sweep * k / count, radius) for k in range(count + 1)]
    return [(*points[k], *points[k + 1]) for k in range(count)]


def free_sectors(directions: Iterable[float]) -> list[tuple[float, float]]:
    """The sectors (start, width) between rays about a point, in order of their start."""
    rays = sorted({round(angle % (2.0 * math.pi), 6) for angle in directions})
    if not rays:
        return [(0.0, 2.0 * math.pi)]
    return [(ray, turn(ray, rays[(k + 1) % len(rays)])) for k, ray in enumerate(rays)]


def hull_box(points: Sequence[XY]) -> tuple[float, float, float, float]:
    """The box of some points."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def polygon_centre(corners: Sequence[XY]) -> XY:
    """The corner-free middle of a polygon: the sampled inner point farthest from its sides."""
    left, bottom, right, top = hull_box(corners)
    best, room = ((left + right) / 2, (bottom + top) / 2), -1.0
    sides = [(corners[k - 1], corners[k]) for k in range(len(corners))]
    for i in range(1, 24):
        for j in range(1, 24):
            spot = (left + (right - left) * i / 24, bottom + (top - bottom) * j / 24)
            if contains(corners, spot):
                near = min(distance_to_segment(spot, a, b) for a, b in sides)
                if near > room + 1e-9:
                    best, room = spot, near
    return best


def contains(corners: Sequence[XY], spot: XY) -> bool:
    """Whether a point is inside a polygon."""
    inside = False
    for k in range(len(corners)):
        (x1, y1), (x2, y2) = corners[k - 1], corners[k]
        if (y1 > spot[1]) != (y2 > spot[1]):
            cross = x1 + (spot[1] - y1) * (x2 - x1) / (y2 - y1)
            inside ^= spot[0] < cross
    return inside
