"""Starting figures: the cells embedded part by part, then points, circles, size and symbols to match."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import FigureTape, Residuals
from fgps.diagram.tutte import components, embed
from fgps.lang.ast import Call, ProblemDeclaration, letters
from fgps.problem.construction import Construction

Array = NDArray[np.float64]
#: The meta entry of a problem with coordinates of its points, and how long it may be.
COORDINATES: Final = "coordinates"
MAX_COORDINATES: Final = 20_000


def starting_points(
    tape: FigureTape,
    construction: Construction,
    statements: Sequence[Call],
    rng: np.random.Generator,
    circles_first: bool = False,
) -> Array:
    """Coordinates (points, 2) of all points and circle centres, in a figure of about unit size.

    ``circles_first`` puts the points of the largest circle on a true circle, in their order.
    """
    count = len(tape.points)
    faces, extra, dummies = _faces(tape, construction, count)
    faces += open_faces(
        tape, construction, statements, {(f[k - 1], f[k]) for f in faces for k in range(len(f))}
    )
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
    if circles_first:
        _onto_circle(tape, construction, place, rng)
    place[:count] += rng.normal(0.0, 0.01, (count, 2))
    centres = _centres(tape, construction, place, rng)
    return np.concatenate((place[:count], centres))


def drawn_points(
    tape: FigureTape, construction: Construction, declaration: ProblemDeclaration, rng: np.random.Generator
) -> Array | None:
    """As `starting_points`, but the places that the declaration's ``meta coordinates`` give: ``A 0 1; B 2.5
    0``.

    None if there are none, or not for all points; they are brought to about unit size.
    """
    entry = dict(declaration.meta).get(COORDINATES)
    if entry is None or len(entry) > MAX_COORDINATES:
        return None
    found: dict[str, tuple[float, float]] = {}
    for spot in entry.split(";"):
        parts = spot.split()
        try:
            found[parts[0]] = (float(parts[1]), float(parts[2]))
        except (IndexError, ValueError):
            return None
    if any(name not in found for name in tape.points):
        return None
    place = np.array([found[name] for name in tape.points])
    spread = float(np.abs(place - place.mean(axis=0)).max()) if len(place) else 0.0
    if not math.isfinite(spread) or spread <= 0.0:
        return None
    place = (place - place.mean(axis=0)) / spread + rng.normal(0.0, 0.01, place.shape)
    return np.concatenate((place, _centres(tape, construction, place, rng)))


def _onto_circle(
    tape: FigureTape, construction: Construction, place: Array, rng: np.random.Generator
) -> None:
    circle, row = max(construction.cocircular, key=lambda entry: len(entry[1]), default=("", ()))
    if len(row) < 2:
        return
    indices = [tape.point_index[name] for name in row]
    centre = place[tape.point_index[circle]] if circle in tape.point_index else place[indices].mean(axis=0)
    spokes = place[indices] - centre
    radius = max(float(np.hypot(spokes[:, 0], spokes[:, 1]).mean()), 0.2)
    steps = rng.uniform(0.5, 1.5, len(row))
    turns = 2.0 * math.pi * np.cumsum(steps) / steps.sum()
    # The rotation that moves the points least.
    inner = (spokes[:, 0] + 1j * spokes[:, 1]) * np.exp(-1j * turns)
    turns += float(np.angle(inner.sum()))
    place[indices] = centre + radius * np.stack((np.cos(turns), np.sin(turns)), axis=1)


def _faces(
    tape: FigureTape, construction: Construction, count: int
) -> tuple[list[list[int]], list[tuple[int, int]], int]:
    """The cells as walks of vertices; each arc has a vertex of its own in its middle."""
    middles: dict[tuple[str, ...], int] = {}
    faces: list[list[int]] = []
    extra: list[tuple[int, int]] = []
    taken: set[tuple[int, int]] = set()
    for cell in construction.regions:
        walk: list[int] = []
        for side in cell.sides:
            if side.start not in tape.point_index:
                break
            walk.append(tape.point_index[side.start])
            if not side.straight:
                walk.append(count + middles.setdefault(side.edge, len(middles)))
        else:
            sides = {(walk[k - 1], walk[k]) for k in range(len(walk))}
            # Cells that overlap others would spoil the embedding.
            if len(set(walk)) == len(walk) and len(walk) > 2 and not sides & taken:
                faces.append(walk)
                taken |= sides
    used = {vertex for face in faces for vertex in face}
    for edge, middle in middles.items():
        if count + middle not in used:
            extra += [(count + middle, tape.point_index[p]) for p in edge[1:] if p in tape.point_index]
    return faces, extra, len(middles)


def open_faces(
    tape: FigureTape, construction: Construction, statements: Sequence[Call], used: set[tuple[int, int]]
) -> list[list[int]]:
    """Two-line shapes chained to the open regions that they are corners of.

    ``Shape(AB,BC)`` says that C is the next point after B on the walk round the region left of AB.  Sides are
    shortened to the nearest point of a line; walks already ``used`` by cells are left alone.
    """
    following: dict[tuple[str, str], str] = {}
    for statement in statements:
        words = [letters(argument) for argument in statement.args]
        if statement.head != "Shape" or [len(w) for w in words] != [2, 2] or words[0][1] != words[1][0]:
            continue
        a, v, b = words[0][0], words[0][1], words[1][1]
        if construction.is_flat(a, v, b):
            continue
        following.setdefault((_nearest(construction, v, a), v), _nearest(construction, v, b))
    index = tape.point_index
    starts = [side for side in following if not any((v, b) == side for (_, v), b in following.items())]
    faces = []
    for side in [*starts, *following]:
        walk = list(side)
        while (walk[-2], walk[-1]) in following and len(walk) <= len(index):
            walk.append(following.pop((walk[-2], walk[-1])))
        if len(walk) > 2 and walk[0] == walk[-1]:
            walk.pop()
        face = [index[name] for name in walk if name in index]
        sides = {(face[k - 1], face[k]) for k in range(len(face))}
        if len(face) > 2 and len(set(face)) == len(face) and not sides & used:
            faces.append(face)
            used = used | sides
    return faces


def _nearest(construction: Construction, v: str, a: str) -> str:
    """The point next to ``v`` on the ray towards ``a``."""
    for line in construction.collinear:
        if v in line and a in line:
            at, to = line.index(v), line.index(a)
            return line[at + (1 if to > at else -1)]
    return a


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


def sizes_from_numbers(residuals: Residuals, x: Array) -> Array:
    """How large the figures (models, unknowns) are: the median of what the equations with lengths ask for.

    0 if none does.
    """
    rows = np.flatnonzero(residuals.equation & (residuals.power > 0) & (residuals.source >= 0))
    if not len(rows):
        return np.zeros(len(x))
    wholes = residuals.tape.values(x)[:, residuals.slots[rows]]
    constants = residuals.tape.values(np.zeros_like(x[:1]))[0, residuals.slots[rows]]
    power = residuals.power[rows]
    found = np.zeros(len(x))
    for model, whole in enumerate(wholes):
        part = np.abs(whole - constants)
        usable = (np.abs(constants) > 1e-9) & np.isfinite(constants) & (part > 1e-6)
        if usable.any():
            asked = (np.abs(constants[usable]) / part[usable]) ** (1.0 / power[usable])
            found[model] = median(asked.tolist())
    return found


def fit_size_and_symbols(
    residuals: Residuals, x: Array, planar: int, guess: Array, steps: int = 12
) -> tuple[Array, Array]:
    """Scale the figures and choose the symbols so that the equations come as near as they can.

    ``x`` (models, unknowns); ``planar`` counts the unknowns that are lengths of the figure; ``guess``
    (models,) is a first size, 0 if lengths are free.  Errors are relative to the scale that is tried, so that
    shrinking to nothing never pays.  The models and their scales.
    """
    rows = np.flatnonzero(residuals.equation & (residuals.source >= 0))
    shape, symbols = x[:, :planar], x[:, planar:]
    first = np.where(guess > 0, guess, 1.0)
    scale = first.copy()
    best_scale, best_symbols = scale.copy(), symbols.copy()
    alive = np.full(len(x), bool(len(rows))) & ((guess > 0) | bool(symbols.shape[1]))
    damping, previous = np.full(len(x), 1e-3), np.full(len(x), math.inf)
    system: tuple[Array, Array, Array] | None = None
    for _ in range(steps):
        if not alive.any():
            break
        trial = np.concatenate((shape * scale[:, None], symbols), axis=1)
        fresh, finite = _fit_step(residuals, rows, trial, planar, scale)
        alive &= finite
        cost = np.einsum("mr,mr->m", fresh[1], fresh[1])
        better = alive & (cost < previous)
        done = better & (previous - cost < 1e-4 * cost)
        best_scale = np.where(better, scale, best_scale)
        best_symbols = np.where(better[:, None], symbols, best_symbols)
        previous = np.where(better, cost, previous)
        if system is None:
            system = fresh
        else:
            system = (
                _pick(better, fresh[0], system[0]),
                _pick(better, fresh[1], system[1]),
                _pick(better, fresh[2], system[2]),
            )
        damping = np.where(better, np.maximum(damping * 0.1, 1e-9), damping * 20.0)
        alive &= ~done & (damping <= 1e4)
        matrix, errors, lengths = system
        if not guess.all():
            matrix = matrix.copy()
            matrix[guess == 0, :, 0] = 0.0
        turned = matrix.transpose(0, 2, 1)
        normal = turned @ matrix + damping[:, None, None] * np.eye(matrix.shape[2])
        step = np.linalg.solve(normal, turned @ errors[:, :, None])[:, :, 0] / lengths
        wider = best_scale * np.exp(-np.clip(step[:, 0], -1.0, 1.0))
        scale = np.where(alive, np.clip(wider, first / 8.0, first * 8.0), scale)
        symbols = np.where(alive[:, None], best_symbols - step[:, 1:], symbols)
    return np.concatenate((shape * best_scale[:, None], best_symbols), axis=1), best_scale


def _pick(better: NDArray[np.bool_], fresh: Array, old: Array) -> Array:
    return np.where(better.reshape(-1, *(1,) * (fresh.ndim - 1)), fresh, old)


def _fit_step(
    residuals: Residuals, rows: NDArray[np.intp], x: Array, planar: int, scale: Array
) -> tuple[tuple[Array, Array, Array], NDArray[np.bool_]]:
    """Gradients by (log scale, symbols) with unit columns, errors, and the lengths of the columns.

    The second result says for which models they are finite; the others get zeros.
    """
    values, gradients = residuals.tape.evaluate(x)
    weights = residuals.weights(scale)[:, rows]
    errors = values[:, residuals.slots[rows]] * weights
    jacobian = gradients[:, residuals.slots[rows]] * weights[:, :, None]
    toward = (jacobian[:, :, :planar] @ x[:, :planar, None])[:, :, 0] - residuals.power[rows] * errors
    matrix = np.concatenate((toward[:, :, None], jacobian[:, :, planar:]), axis=2)
    sound = np.isfinite(matrix).all(axis=(1, 2)) & np.isfinite(errors).all(axis=1)
    finite: NDArray[np.bool_] = np.asarray(sound, dtype=np.bool_)
    if not finite.all():
        matrix[~finite], errors[~finite] = 0.0, 0.0
    lengths = np.sqrt((matrix * matrix).sum(axis=1)) + 1e-9
    return (matrix / lengths[:, None, :], errors, lengths), finite
