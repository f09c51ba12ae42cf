"""Candidates for labels: of points, beside segments, inside angles, along arcs, in regions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fgps.render.figure.geometry import (
    XY,
    along,
    between,
    direction,
    distance,
    free_sectors,
    polygon_centre,
    turn,
)
from fgps.render.figure.marks import Data
from fgps.render.figure.notation import Runs, plain, point_name, width
from fgps.render.figure.place import Wish
from fgps.render.figure.scene import Scene

#: Height of a label's box over the size of its type: capitals and digits, or small letters that reach below.
_TALL = 0.74
_DEEP = 1.06
_DIRECTIONS = 16
Spots = Sequence[tuple[XY, float]]


def _wish(
    runs: Runs, size: float, spots: Spots, css: str, data: Data, anchor: XY = (0.0, 0.0), led: int = 1_000_000
) -> Wish:
    height = size * (_DEEP if any(letter in "gjpqy()√/" for letter in plain(runs)) else _TALL)
    centres = np.array([spot for spot, _ in spots], dtype=float)
    costs = np.array([cost for _, cost in spots], dtype=float)
    return Wish(runs, size, width(runs, size), height, centres, costs, css, data, anchor, led)


def _box(runs: Runs, size: float) -> tuple[float, float]:
    return width(runs, size), size * _TALL


def point_label(scene: Scene, name: str) -> Wish:
    """Sixteen directions at several distances: best in the middle of the widest free sector, outside."""
    sizes = scene.sizes
    runs = point_name(name)
    wide, tall = _box(runs, sizes.point)
    here = scene.places[name]
    sectors = free_sectors(scene.rays(name))
    widest = max(extent for _, extent in sectors)
    outward = direction(scene.middle, here)
    spots = []
    angles = [2.0 * math.pi * k / _DIRECTIONS for k in range(_DIRECTIONS)]
    angles += [start + extent / 2 for start, extent in sectors if extent > 0.3]
    for angle in angles:
        start, extent = next((s for s in sectors if turn(s[0], angle) % (2 * math.pi) <= s[1]), sectors[0])
        off = abs((angle - start) % (2 * math.pi) - extent / 2) / max(extent / 2, 1e-6)
        cost = 5.0 * off * min(1.0, extent / 3.0) + 7.0 * (1.0 - extent / widest)
        cost += 1.5 * (1.0 - math.cos(angle - outward))
        for ring, far in enumerate((0.0, 3.5, 8.0, 15.0, 24.0)):
            reach = sizes.dot + sizes.gap + far
            across = abs(math.cos(angle)) ** 0.7 * wide / 2, abs(math.sin(angle)) ** 0.7 * tall / 2
            spot = (
                here[0] + math.cos(angle) * reach + math.copysign(across[0], math.cos(angle)),
                here[1] + math.sin(angle) * reach + math.copysign(across[1], math.sin(angle)),
            )
            spots.append((spot, cost + (0.0, 2.5, 7.0, 16.0, 30.0)[ring]))
    return _wish(runs, sizes.point, spots, "point-name", (("point", name),))


def beside(
    scene: Scene, a: XY, b: XY, runs: Runs, css: str, data: Data, size: float, side: float = 0.0
) -> Wish:
    """Beside the segment from a to b, upright, near its middle; on ``side`` if set (1 left, -1 right)."""
    wide, tall = _box(runs, size)
    heading = direction(a, b)
    length = distance(a, b)
    spots = []
    for hand in (1.0, -1.0):
        normal = heading + hand * math.pi / 2
        # The box touches the line with a corner; so far its middle is off.
        clear = abs(math.cos(normal)) * wide / 2 + abs(math.sin(normal)) * tall / 2
        inward = math.cos(normal - direction(between(a, b, 0.5), scene.middle)) if length else 0.0
        for k, share in enumerate((0.5, 0.44, 0.56, 0.38, 0.62, 0.3, 0.7, 0.22, 0.78)):
            for far in (0.0, 3.0, 7.0, 13.0, 22.0):
                spot = along(between(a, b, share), normal, clear + scene.sizes.gap + scene.sizes.line + far)
                cost = 1.1 * k + 0.8 * far + 2.0 * inward + (30.0 if side and hand != side else 0.0)
                spots.append((spot, cost))
    return _wish(runs, size, spots, css, data)


def in_angle(
    scene: Scene, points: Sequence[str], radius: float, runs: Runs, css: str, data: Data, size: float
) -> Wish:
    """Inside the angle beyond its arc; where it is too thin, farther out, or beside it with a leader line."""
    wide, tall = _box(runs, size)
    vertex, start, sweep = scene.sector(points)
    middle = start + sweep / 2
    spots = []
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75):
        angle = start + share * sweep
        clear = abs(math.cos(angle)) * wide / 2 + abs(math.sin(angle)) * tall / 2
        for far in (0.0, 4.0, 9.0, 15.0, 23.0, 33.0, 45.0, 60.0, 80.0):
            spot = along(vertex, angle, radius + clear + 0.8 * scene.sizes.gap + far)
            spots.append((spot, 20.0 * abs(share - 0.5) * min(1.0, sweep) + 0.3 * far))
    anchor, led = along(vertex, middle, radius), len(spots)
    if sweep < 1.0:
        for k in range(_DIRECTIONS):
            angle = 2.0 * math.pi * k / _DIRECTIONS
            for far in (14.0, 22.0, 32.0, 44.0):
                spot = (
                    anchor[0] + math.cos(angle) * (far + wide / 2),
                    anchor[1] + math.sin(angle) * (far + tall / 2),
                )
                if turn(start, direction(vertex, spot)) > sweep:
                    spots.append((spot, 14.0 + 0.5 * far))
    return _wish(runs, size, spots, css, data, anchor, led)


def at_arc(
    span: tuple[XY, float, float, float], gap: float, runs: Runs, css: str, data: Data, size: float
) -> Wish:
    """Outside an arc near its middle, or inside it."""
    wide, tall = _box(runs, size)
    centre, radius, start, sweep = span
    spots = []
    for k, share in enumerate((0.5, 0.44, 0.56, 0.38, 0.62, 0.3, 0.7, 0.22, 0.78)):
        angle = start + share * sweep
        clear = abs(math.cos(angle)) * wide / 2 + abs(math.sin(angle)) * tall / 2 + gap + 1.5
        for far in (0.0, 4.0, 9.0, 16.0):
            spots.append((along(centre, angle, radius + clear + far), 1.2 * k + 0.6 * far))
            spots.append((along(centre, angle, radius - clear - far), 1.2 * k + 0.6 * far + 9.0))
    return _wish(runs, size, spots, css, data)


def in_region(corners: Sequence[XY], runs: Runs, css: str, data: Data, size: float) -> Wish:
    """In the middle of a region, or somewhere near it."""
    middle = polygon_centre(corners)
    spots = [(middle, 0.0)]
    for far in (6.0, 12.0, 20.0, 30.0, 42.0):
        spots += [(along(middle, 2 * math.pi * k / 16, far), 0.5 * far) for k in range(16)]
    return _wish(runs, size, spots, css, data)
