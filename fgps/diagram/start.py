"""Starting figures: the cells embedded part by part, then points, circles, size and symbols to match."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import FigureTape, Residuals
from fgps.diagram.tutte import components, embed
from fgps.problem.construction import Construction
from fgps.problem.shapes import Cell

Array = NDArray[np.float64]
_GOLDEN: Final = 0.618


def starting_points(tape: FigureTape, construction: Construction, rng: np.random.Generator) -> Array:
    """Coordinates (points, 2) of all points and circle centres, in a figure of about unit size."""
    count = len(tape.points)
    faces, extra, dummies = _faces(tape, construction, count)
    edges = _edges(tape, construction) + extra
    total = count + dummies
    links = edges + [(face[k - 1], face[k]) for face in faces for k in range(len(face))]
    place = np.zeros((total, 2))
    shift = 0.0
    parts = components(total, links)
    for part in parts:
        index = {vertex: k for k, vertex in enumerate(part)}
        own = [[index[v] for v in face] for face in faces if face[0] in index]
        joined = [(index[a], index[b]) for a, b in edges if a in index]
        if len(part) == 1:
            xy = rng.normal(0.0, 0.3, (1, 2))
        else:
            xy = embed(len(part), own, joined, rng)
            if not own:
                xy = _planar(part, construction, tape, xy)
        if len(parts) > 1 and len(part) > 1:
            xy = xy + np.array([shift, 0.0])
            shift += 2.2
        place[part] = xy
    place[:count] += rng.normal(0.0, 0.01, (count, 2))
    centres = _centres(tape, construction, place, rng)
    return np.concatenate((place[:count], centres))


def _faces(
    tape: FigureTape, construction: Construction, count: int
) -> tuple[list[list[int]], list[tuple[int, int]], int]:
    """The cells as walks of vertices; each arc has a vertex of its own in its middle."""
    middles: dict[tuple[str, ...], int] = {}
    faces: list[list[int]] = []
    extra: list[tuple[int, int]] = []
    for cell in construction.regions:
        walk: list[int] = []
        for side in cell.sides:
            if side.start not in tape.point_index:
                break
            walk.append(tape.point_index[side.start])
            if not side.straight:
                walk.append(count + middles.setdefault(side.edge, len(middles)))
        else:
            if len(set(walk)) == len(walk) and len(walk) > 2:
                faces.append(walk)
    used = {vertex for face in faces for vertex in face}
    for edge, middle in middles.items():
        if count + middle not in used:
            extra += [(count + middle, tape.point_index[p]) for p in edge[1:] if p in tape.point_index]
    return faces, extra, len(middles)


def _edges(tape: FigureTape, construction: Construction) -> list[tuple[int, int]]:
    """Segments between neighbours on lines, and all other lines."""
    index = tape.point_index
    found: dict[tuple[int, int], None] = {}
    skipped = set()
    for line in construction.collinear:
        for k, a in enumerate(line):
            for b in line[k + 1 :]:
                skipped.add(frozenset((a, b)))
        for a, b in zip(line, line[1:], strict=False):
            found[index[a], index[b]] = None
    for a, b in construction.lines:
        if frozenset((a, b)) not in skipped:
            found[index[a], index[b]] = None
    return list(found)


def _planar(part: list[int], construction: Construction, tape: FigureTape, xy: Array) -> Array:
    """A figure of lines and angles only: mirrored if more of its corners are then read as drawn."""
    index = {vertex: k for k, vertex in enumerate(part)}
    good = 0
    for a, v, b in construction.angles[:200]:
        derivation = construction.facts["Angle", (a, v, b)]
        if derivation.rule != "given":
            continue
        p, q, r = (index.get(tape.point_index[name], -1) for name in (a, v, b))
        if min(p, q, r) >= 0:
            one, two = xy[r] - xy[q], xy[p] - xy[q]
            good += 1 if one[0] * two[1] > one[1] * two[0] else -1
    return xy if good >= 0 else xy * np.array([-1.0, 1.0])


def _centres(tape: FigureTape, construction: Construction, place: Array, rng: np.random.Generator) -> Array:
    """A centre lies at the point of the same name if there is one, or amid the circle's points."""
    centres = np.zeros((len(tape.circles), 2))
    for k, circle in enumerate(tape.circles):
        names = [name for other, row in construction.cocircular if other == circle for name in row]
        if circle in tape.point_index:
            centres[k] = place[tape.point_index[circle]]
        elif names:
            centres[k] = place[[tape.point_index[name] for name in names]].mean(axis=0)
        centres[k] += rng.normal(0.0, 0.05, 2)
    return centres


def unknowns_of(tape: FigureTape, places: Array, construction: Construction) -> Array:
    """The vector of unknowns: coordinates, then radii that fit; symbols are left 0."""
    x = np.zeros(tape.unknowns)
    x[: 2 * tape.planar] = places.reshape(-1)
    for k, circle in enumerate(tape.circles):
        names = [name for other, row in construction.cocircular if other == circle for name in row]
        centre = places[len(tape.points) + k]
        gaps = [float(np.hypot(*(places[tape.point_index[name]] - centre))) for name in names]
        x[tape.radius_index[circle]] = float(np.mean(gaps)) if gaps else 0.5
    return x


def size_from_numbers(residuals: Residuals, x: Array) -> float:
    """How large the figure is: the median of what the equations with lengths ask for; 0 if none does."""
    rows = np.flatnonzero(residuals.equation & (residuals.power > 0) & (residuals.source >= 0))
    if not len(rows):
        return 0.0
    one = residuals.tape.values(x[None])[0, residuals.slots[rows]]
    none = residuals.tape.values(np.zeros_like(x)[None])[0, residuals.slots[rows]]
    power = residuals.power[rows]
    sizes = []
    for whole, constant, p in zip(one, none, power, strict=True):
        if abs(constant) > 1e-9 and math.isfinite(constant):
            part = abs(whole - constant)
            if part > 1e-6:
                sizes.append((abs(constant) / part) ** (1.0 / p))
    return float(np.median(sizes)) if sizes else 0.0


def fit_size_and_symbols(residuals: Residuals, x: Array, planar: int, size: float, steps: int = 12) -> tuple[Array, float]:
    """Scale the figure and choose the symbols so that the equations come as near as they can.

    ``planar`` counts the unknowns that are lengths of the figure.
    """
    rows = np.flatnonzero(residuals.equation & (residuals.source >= 0))
    shape, symbols = x[:planar].copy(), x[planar:].copy()
    free = len(symbols)
    if not len(rows) or (size == 0.0 and not free):
        factor = size or 1.0
        return np.concatenate((shape * factor, symbols)), factor
    scale = size or 1.0
    fixed = size == 0.0
    damping = 1e-3
    units = np.ones((1, 1))
    previous = math.inf
    best = (scale, symbols.copy())
    for _ in range(steps):
        y = np.concatenate((shape * scale, symbols))[None]
        values, gradients = residuals.tape.evaluate(y)
        weights = residuals.weights(units[0] * (size or 1.0))[0, rows]
        errors = values[0, residuals.slots[rows]] * weights
        cost = float(errors @ errors)
        if cost < previous:
            best, previous, damping = (scale, symbols.copy()), cost, max(damping * 0.1, 1e-9)
        else:
            scale, symbols = best[0], best[1].copy()
            damping *= 20.0
            if damping > 1e4:
                break
            continue
        jacobian = gradients[0, residuals.slots[rows]] * weights[:, None]
        toward = jacobian[:, :planar] @ shape * scale
        matrix = np.concatenate((toward[:, None] * (not fixed), jacobian[:, planar:]), axis=1)
        if not np.isfinite(matrix).all() or not np.isfinite(errors).all():
            break
        lengths = np.sqrt((matrix * matrix).sum(axis=0)) + 1e-9
        scaled = matrix / lengths
        normal = scaled.T @ scaled + damping * np.eye(free + 1)
        step = np.linalg.solve(normal, scaled.T @ errors) / lengths
        scale = best[0] * math.exp(-float(np.clip(step[0], -1.0, 1.0)))
        symbols = best[1] - step[1:]
    scale, symbols = best
    return np.concatenate((shape * scale, symbols)), scale
