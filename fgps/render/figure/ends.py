"""Loose ends of lines, whose length nothing fixes; and whether a moved figure still says what is given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from fgps.diagram.model import Diagram
from fgps.problem.model import Problem
from fgps.render.figure.geometry import XY, along, direction, distance, hull_box
from fgps.render.figure.strokes import Round, Strokes

#: Lengths of a loose end over the size of the rest: beyond the last crossing, and of a lone ray.
_STUB = (0.13, 0.34)
_RAY = (0.3, 0.6)


def loose_ends(places: Mapping[str, XY], circles: Mapping[str, Round], strokes: Strokes) -> dict[str, XY]:
    """Better places for points that merely end one line: neither stubs nor rays that dwarf the rest."""
    rows = {name: [row for row in strokes.rows if name in row] for name in places}
    on_circle = {
        name
        for name, place in places.items()
        for circle in circles.values()
        if abs(distance(place, circle.centre) - circle.radius) < 1e-6 * circle.radius
        or distance(place, circle.centre) < 1e-6 * circle.radius
    }
    ends = [
        name
        for name in places
        if len(rows[name]) == 1 and name in (rows[name][0][0], rows[name][0][-1]) and name not in on_circle
    ]
    rest = [place for name, place in places.items() if name not in ends]
    for circle in circles.values():
        rest += [(circle.x - circle.radius, circle.y), (circle.x + circle.radius, circle.y)]
    left, bottom, right, top = hull_box(rest if len(rest) > 1 else list(places.values()) or [(0.0, 0.0)])
    size = math.hypot(right - left, top - bottom)
    if len(rest) < 3:
        size = 0.7 * size if len(rest) < 2 else 1.6 * size
    found: dict[str, XY] = {}
    for name in ends:
        row = rows[name][0]
        before = row[1] if name == row[0] else row[-2]
        if before in ends:
            continue
        low, high = _STUB if len(row) > 2 else _RAY
        length = distance(places[before], places[name])
        wanted = min(max(length, low * size), high * size)
        if abs(wanted - length) > 1e-9 * size:
            found[name] = along(places[before], direction(places[before], places[name]), wanted)
    return found


def still_true(
    problem: Problem, diagram: Diagram, model: int, places: Mapping[str, XY], circles: Mapping[str, Round]
) -> bool:
    """Whether a moved figure agrees with the model in all that is given, and in the goal's value."""
    only = slice(model, model + 1)
    before = _with(diagram, diagram.coordinates[only], diagram.centres[only], model)
    points = np.array([places[name] for name in diagram.points], dtype=float).reshape(1, -1, 2)
    centres = np.array([circles[name].centre for name in diagram.circles], dtype=float).reshape(1, -1, 2)
    after = _with(diagram, points, centres, model)
    if any(after.holds(given.term) != before.holds(given.term) for given in problem.givens):
        return False
    if problem.goal is None or problem.goal.kind != "value":
        return True
    old, new = before.value(problem.goal.term), after.value(problem.goal.term)
    if old is None or new is None:
        return old is new
    return bool(abs(old[0] - new[0]) <= 1e-6 * max(1.0, abs(old[0])))


def _with(diagram: Diagram, coordinates: np.ndarray, centres: np.ndarray, model: int) -> Diagram:
    """The diagram with one model, moved."""
    only = slice(model, model + 1)
    return replace(
        diagram,
        coordinates=coordinates,
        centres=centres,
        radii=diagram.radii[only],
        symbols={name: values[only] for name, values in diagram.symbols.items()},
        _formulas=None,
        _models=None,
        _quantities={},
    )
