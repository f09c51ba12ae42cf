"""What a person can read: figures with points apart, answers in a short closed form."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.algebra.exact import Exact
from fgps.diagram.model import Diagram
from fgps.problem.construction import Construction

Array = NDArray[np.float64]

#: Distances as parts of the figure's width: between points, and from a point to a segment that it is not on.
_APART: Final = 0.05
_CLEAR: Final = 0.025
#: Smallest corner between two drawn segments, degrees.
_CORNER: Final = 8.0
#: Longest side of the figure's box over the shortest.
_ASPECT: Final = 7.0
#: Longest answer (characters), largest number in it, largest divisor.
_LENGTH: Final = 16
_LARGEST: Final = 9999
_DIVISOR: Final = 60
_ANGLE_DIVISOR: Final = 4

_PLAIN: Final = re.compile(r"(?:[0-9]+|sqrt|pi|[-+*/()])+")


def readable_value(value: Exact, kind: str = "") -> bool:
    """Whether an answer is a short closed form: rational, with surds of rationals, with pi.

    ``kind`` is that of the quantity: angles are numbers of degrees with small denominators.
    """
    text = value.to_text()
    if len(text) > _LENGTH or not _PLAIN.fullmatch(text) or text.count("sqrt") > 2 or "sqrt(sqrt" in text:
        return False
    if any(int(number) > _LARGEST for number in re.findall(r"[0-9]+", text)):
        return False
    if any(int(number) > _DIVISOR for number in re.findall(r"/\(?([0-9]+)", text)):
        return False
    # A root of a sum (or of a product with a root) does not read well.
    if any(re.search(r"[-+*/a-z]", inner) for inner in re.findall(r"sqrt\(([^()]*)", text)):
        return False
    if kind != "angle":
        return True
    fraction = value.as_fraction()
    return fraction is not None and fraction.denominator <= _ANGLE_DIVISOR


def simplicity(value: Exact) -> int:
    """How much there is to read in an answer: 0 for a whole number, more for longer ones."""
    fraction = value.as_fraction()
    if fraction is not None and fraction.denominator == 1:
        return 0
    return 1 + len(value.to_text()) // 3


def readable_figure(diagram: Diagram, construction: Construction) -> bool:
    """Whether the first model of a figure shows all that it consists of."""
    if diagram.outcome != "exact" or not diagram.count:
        return False
    places = diagram.coordinates[0]
    if not len(places):
        return True
    drawn = [places]
    for centre, radius in zip(diagram.centres[0], diagram.radii[0], strict=True):
        drawn += [centre[None, :] - radius, centre[None, :] + radius]
    box = np.concatenate(drawn)
    sides = box.max(axis=0) - box.min(axis=0)
    width = float(sides.max())
    if width <= 0 or float(sides.min()) * _ASPECT < width:
        return False
    place = dict(zip(diagram.points, places, strict=True))
    return (
        _points_apart(places, width)
        and _segments_clear(construction, place, width)
        and _corners_open(construction, place)
        and bool(np.all(diagram.radii[0] > 2 * _APART * width))
    )


def _points_apart(places: Array, width: float) -> bool:
    gaps = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    np.fill_diagonal(gaps, np.inf)
    return bool(gaps.min() > _APART * width)


def _segments_clear(construction: Construction, place: dict[str, Array], width: float) -> bool:
    """No point lies near a segment that it is not on."""
    lines = [set(line) for line in construction.collinear]
    for a, b in construction.lines:
        along = place[b] - place[a]
        for name, where in place.items():
            if name in (a, b) or any({a, b, name} <= line for line in lines):
                continue
            part = float(np.clip((where - place[a]) @ along / (along @ along), 0.0, 1.0))
            if np.linalg.norm(place[a] + part * along - where) < _CLEAR * width:
                return False
    return True


def _corners_open(construction: Construction, place: dict[str, Array]) -> bool:
    """No two segments at one point nearly coincide."""
    for a, v, b in construction.angles:
        if construction.is_flat(a, v, b) or any({a, v, b} <= set(line) for line in construction.collinear):
            continue
        one, two = place[a] - place[v], place[b] - place[v]
        cosine = float(one @ two / (np.linalg.norm(one) * np.linalg.norm(two)))
        turn = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
        if turn < _CORNER or turn > 180.0 - 0.5 * _CORNER:
            return False
    return True
