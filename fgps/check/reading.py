"""What a proof reads off its figure: guards, and which of several roots is meant.

The coordinates of a certificate are verified against construction and givens before anything is read off.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from fgps.check.figure import Figure, Side, closed_walks
from fgps.check.numeric import Model, Value, add, mul
from fgps.check.polynomials import Poly, need
from fgps.check.table import Table
from fgps.lang.ast import Call
from fgps.lang.printer import print_term
from fgps.theory.model import Theory

#: Coordinates may be off by this part of the figure's size where data was rounded; by `EXACT` otherwise.
ROUNDED: Final = 0.025
EXACT: Final = 1e-6
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,80})?(e[-+]?[0-9]{1,2})?")
#: Arcs are replaced by chords of this many smallest radii: equal lengths keep arcs that touch apart.
_CHORD: Final = 0.4


def decimal(text: Any) -> float:
    """A coordinate."""
    need(isinstance(text, str) and _DECIMAL.fullmatch(text), "malformed coordinate")
    return float(text)


def read_model(theory: Theory, data: Any) -> tuple[Model, str]:
    """The figure, and a remark if it fits the data only roughly."""
    precision = decimal(data["precision"])
    need(set(data) == {"precision", "points", "circles", "symbols"}, "malformed figure")
    need(0 < precision <= ROUNDED, "a figure too rough")
    rows = {name: (decimal(x), decimal(y)) for name, (x, y) in data["points"].items()}
    circles = {name: (decimal(x), decimal(y), decimal(r)) for name, (x, y, r) in data["circles"].items()}
    rows.update({f"({name})": (x, y) for name, (x, y, _) in circles.items()})
    need(rows and all("(" not in name for name in (*data["points"], *circles, *data["symbols"])), "bad names")
    size = max(max(axis) - min(axis) for axis in zip(*rows.values(), strict=True))
    error = precision * size
    numbers: dict[str, Value] = {f"({name})": (r, error) for name, (_, _, r) in circles.items()}
    for name, text in data["symbols"].items():
        value = decimal(text)
        numbers[name] = (value, precision * max(abs(value), size, 1.0))
    places = {name: ((x, error), (y, error)) for name, (x, y) in rows.items()}
    rough = f"the data is rounded: the figure fits it up to {precision:.0e} of its size"
    return Model(theory, places, numbers), rough if precision > EXACT else ""


def verify_model(model: Model, figure: Figure, givens: Sequence[Call], aside: Sequence[Call]) -> list[str]:
    """Refuse unless the figure is as constructed and satisfies the givens, those ``aside`` in a mirror.

    Returns what had to be read otherwise: a region whose arc is the other one of the two between its ends.
    """
    remarks: list[str] = []
    for line in figure.lines:
        for a, b, c in zip(line, line[1:], line[2:], strict=False):
            turn, error = model.turn(a, b, c)
            need(abs(turn - 180) <= error, f"{a}, {b}, {c} are not on a line in the figure")
    for circle, rows in figure.circles.items():
        for row in rows:
            _on_circle(model, circle, row)
    for words in figure.shapes.values():
        walks = list(closed_walks(words)) if all(len(w) == 2 or figure.holds("Arc", w) for w in words) else []
        if walks and not any(_counter_clockwise(model, walk, 1) for walk in walks):
            other = any(_counter_clockwise(model, walk, -1) for walk in walks)
            need(other, "a region is not counter-clockwise")
            remarks.append(f"bounded by the other arc: {','.join(map(''.join, words))}")
    for given in (*givens, *aside):
        model.mirrored = False
        need(given not in aside or not model.holds(given), "a given is set aside without need")
        model.mirrored = given in aside
        need(model.holds(given), f"the figure does not satisfy {print_term(given, 'infix')}")
    model.mirrored = False
    return remarks


def _on_circle(model: Model, circle: str, row: Sequence[str]) -> None:
    centre = f"({circle})"
    radius, error = model.numbers[centre]
    for point in row:
        (x, dx), (y, dy) = model.difference(centre, point)
        off = abs(math.hypot(x, y) - radius) - dx - dy
        need(off <= error, f"{point} is not on circle {circle} in the figure")
    turns = [model.turn(q, centre, p)[0] for p, q in pairwise((*row, *row[:1]))] if len(row) > 2 else []
    need(not turns or abs(sum(turns) - 360) < 1, f"the points of circle {circle} stand in another order")


def _counter_clockwise(model: Model, walk: Sequence[Side], arcs: int) -> bool:
    """The interior angles of the region, its arcs (-1: the other ones) as chords, sum up as they must."""
    corners: list[str] = []
    for number, (edge, sign) in enumerate(walk):
        start, end = edge[-2:][::sign]
        corners.append(start)
        if len(edge) == 3:
            corners += _samples(model, f"({edge[0]})", start, end, sign * arcs, f"arc {number}.")
    last = len(corners)
    if len(set(corners)) < last:
        return True  # a walk along a slit is no simple region, and no polygon is made of it
    total: Value = (0.0, 0.0)
    for k, corner in enumerate(corners):
        total = add(total, model.turn(corners[k - 1], corner, corners[(k + 1) % last]))
    return last > 2 and abs(total[0] - 180 * (last - 2)) < 1


def _samples(model: Model, centre: str, start: str, end: str, sign: int, prefix: str) -> list[str]:
    """Points between the ends of an arc, entered into the figure under names of their own."""
    (cx, error), (cy, _) = model.place(centre)
    x, y = model.difference(centre, start)
    turn = math.radians(model.turn(end, centre, start)[0])
    turn = turn if sign > 0 else turn - 2 * math.pi
    radius, first, names = math.hypot(x[0], y[0]), math.atan2(y[0], x[0]), []
    chord = _CHORD * min(value for key, (value, _) in model.numbers.items() if key[0] == "(")
    count = min(2 + int(abs(turn) * radius / chord), 60)
    for k in range(1, count):
        at = first + turn * k / count
        names.append(f"{prefix}{k}")
        model.places[names[-1]] = ((cx + radius * math.cos(at), error), (cy + radius * math.sin(at), error))
    return names


class Reading:
    """The figure of a certificate, verified on first use.

    ``read`` are the facts read off it, ``holes`` those that nothing shows.  ``givens`` are the problem's;
    the first ones of ``otherwise`` are read the other way round, the second ones contradict the others.
    """

    def __init__(self, table: Table, data: Any, givens: Sequence[Call], *otherwise: Sequence[Call]) -> None:
        self.table, self.theory, self.figure, self.data = table, table.theory, table.figure, data
        self.givens, (self.aside, self.left_out) = givens, otherwise
        self.model: Model | None = None
        self.read: dict[str, None] = {}
        self.holes: dict[str, None] = {}

    def guard(self, guard: Call) -> None:
        """A strict inequality that is read off the coordinates."""
        text = print_term(guard, "infix")
        need(self.data is None or self.coordinates().holds(guard), f"not so in the figure: {text}")
        (self.holes if self.data is None else self.read)[text] = None

    def settles(self, kind: str, poly: Poly) -> bool:
        """What an algebra step asks the figure: is the polynomial not zero, or not negative?"""
        need(self.data is not None, "there is no figure to read from")
        self.coordinates()
        value, error = self.measure(poly)
        return abs(value) > error if kind == "different" else value > -error

    def measure(self, poly: Poly) -> Value:
        """The value of a polynomial in the figure."""
        assert self.model is not None
        total: Value = (0.0, 0.0)
        for mono, factor in poly.items():
            product: Value = (float(factor), 1e-15 * abs(float(factor)))
            for variable in mono:
                product = mul(product, self.measured(variable))
            total = add(total, product)
        return total

    def measured(self, variable: int) -> Value:
        """The value of a variable in the figure."""
        assert self.model is not None
        algebra = self.table.algebra
        if variable in self.table.terms:
            return self.model.term(self.table.terms[variable])
        if variable in algebra.constants:
            low, high = map(float, algebra.enclosure(variable, 60))
            return (low + high) / 2, high - low + 1e-15 * high
        name, polys = algebra.formulas[variable]
        parts = [self.measure(poly) for poly in polys]
        return self.model.arithmetic({"quotient": "Div", "root": "sqrt"}.get(name, name), parts)

    def coordinates(self) -> Model:
        """The figure, once it is seen to satisfy construction and givens."""
        if self.model is None:
            self.model, rounded = read_model(self.theory, self.data)
            kept = [given for given in self.givens if given not in (*self.aside, *self.left_out)]
            notes = (f"read the other way round: {print_term(given, 'infix')}" for given in self.aside)
            gaps = (f"the figure leaves out {print_term(given, 'infix')}" for given in self.left_out)
            self.holes.update(dict.fromkeys(gaps))
            remarks = verify_model(self.model, self.figure, kept, self.aside)
            self.read.update(dict.fromkeys((*notes, *remarks, *([rounded] if rounded else []))))
        return self.model
