"""Figures with circles: `tests.theory.figure` plus circles given by centre and radius."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping

from fgps.lang.ast import Call, Term, letters
from fgps.theory.model import Theory
from tests.theory.figure import TOLERANCE, Figure

#: Circle -> x and y of its centre, radius.
Circles = Mapping[str, tuple[float, float, float]]


class RoundFigure(Figure):
    """Points and circles by numbers; a circle's centre counts as a point only if it is listed as one."""

    def __init__(self, theory: Theory, points: Mapping[str, tuple[float, float]], circles: Circles) -> None:
        super().__init__(theory, points)
        self._circles = {name: (complex(x, y), radius) for name, (x, y, radius) in circles.items()}

    def sweep(self, circle: str, a: str, b: str) -> float:
        """The counter-clockwise turn from a to b about the circle's centre, in degrees."""
        centre = self._circles[circle][0]
        return math.degrees(cmath.phase((self._points[b] - centre) / (self._points[a] - centre))) % 360

    def holds(self, fact: Call) -> bool:
        """As in `Figure`; knows arcs and circles, and inequations."""
        if fact.head == "NotEqual":
            return abs(self.number(fact.args[0]) - self.number(fact.args[1])) > TOLERANCE
        names = letters(fact)
        if fact.head == "Circle":
            return names[0] in self._circles
        if fact.head in ("Arc", "Cocircular"):
            centre, radius = self._circles[names[0]]
            on = all(abs(abs(self._points[name] - centre) - radius) < TOLERANCE for name in names[1:])
            if len(names) == 2:
                return on
            following = (*names[2:], names[1])
            sweeps = [self.sweep(names[0], a, b) for a, b in zip(names[1:], following, strict=True)]
            return on and math.isclose(sum(sweeps), 360)
        return super().holds(fact)

    def number(self, term: Term) -> float:
        """As in `Figure`; knows ``arc``, ``radius``, ``centre`` and ``abs``."""
        if not isinstance(term, Call):
            return super().number(term)
        if term.head == "arc":
            return self.sweep(*letters(term))
        if term.head == "radius":
            return self._circles[letters(term)[0]][1]
        if term.head in ("x", "y") and isinstance(term.args[0], Call):
            centre = self._circles[letters(term)[0]][0]
            return centre.real if term.head == "x" else centre.imag
        if term.head == "abs":
            return abs(self.number(term.args[0]))
        return super().number(term)
