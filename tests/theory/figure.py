"""A figure given by coordinates, and whether FGL facts are true in it: an evaluator for tests.

It is deliberately independent of the diagram and checker packages: the tests of the theorem base
should not share their mistakes.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping

from fgps.lang.ast import Call, Number, Points, Symbol, Term, letters, substitute
from fgps.theory.model import Theory

TOLERANCE = 1e-9


class Figure:
    """Points with coordinates; ``holds(fact)`` says whether a fact of the theory is true here."""

    def __init__(self, theory: Theory, points: Mapping[str, tuple[float, float]]) -> None:
        self._theory = theory
        self._points = {name: complex(*place) for name, place in points.items()}

    def turn(self, a: str, b: str, c: str) -> float:
        """The counter-clockwise turn from ray ``bc`` to ray ``ba`` in degrees."""
        p = self._points
        return math.degrees(cmath.phase((p[a] - p[b]) / (p[c] - p[b]))) % 360

    def area(self, names: tuple[str, ...]) -> float:
        """The signed area of a polygon."""
        corners = [self._points[name] for name in names]
        following = corners[1:] + corners[:1]
        return sum((a.conjugate() * b).imag for a, b in zip(corners, following, strict=True)) / 2

    def holds(self, fact: Call) -> bool:
        """Whether a fact, equation or inequality is true in this figure."""
        if fact.head in ("Equal", "Less", "Greater"):
            left, right = (self.number(argument) for argument in fact.args)
            if fact.head == "Equal":
                return math.isclose(left, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
            return left < right if fact.head == "Less" else left > right
        names = letters(fact)
        if fact.head == "Collinear":
            steps = [self._points[b] - self._points[a] for a, b in zip(names, names[1:], strict=False)]
            return all(abs((steps[0].conjugate() * s).imag) < TOLERANCE for s in steps) and all(
                (steps[0].conjugate() * s).real > 0 for s in steps
            )
        if fact.head == "Polygon":
            return self.area(names) > 0
        if fact.head in ("Line", "Angle", "Point"):
            return len(set(names)) == len(names)
        predicate = self._theory.predicates[fact.head]
        naming = dict(zip(predicate.letters, names, strict=True))
        meaning = (*predicate.declaration.needs, *predicate.declaration.holds)
        if not predicate.declaration.holds:
            meaning += predicate.declaration.means
        return all(self.holds(_renamed(part, naming)) for part in meaning)

    def number(self, term: Term) -> float:
        """The value of a numeric term."""
        if isinstance(term, Number):
            return float(term.value)
        if isinstance(term, Symbol):
            return {"pi": math.pi}[term.name]
        assert isinstance(term, Call), term
        attribute = self._theory.attributes.get(term.head)
        if attribute is not None:
            assert attribute.declaration.value is not None
            naming = dict(zip(attribute.letters, letters(term), strict=True))
            return self.number(substitute(attribute.declaration.value, naming))
        if term.head in ("distance", "angle", "area", "cross", "dot", "x", "y"):
            return self._primitive(term.head, letters(term))
        values = [self.number(argument) for argument in term.args]
        functions = {"Sin": math.sin, "Cos": math.cos, "Tan": math.tan}
        if term.head in functions:
            return functions[term.head](math.radians(values[0]))
        return _arithmetic(term.head, values)

    def _primitive(self, head: str, names: tuple[str, ...]) -> float:
        places = [self._points[name] for name in names]
        if head in ("x", "y"):
            return places[0].real if head == "x" else places[0].imag
        if head == "distance":
            return abs(places[1] - places[0])
        if head == "angle":
            return self.turn(names[0], names[1], names[2])
        if head == "area":
            return self.area(names)
        product = (places[1] - places[0]).conjugate() * (places[3] - places[2])
        return product.imag if head == "cross" else product.real


def _renamed(fact: Call, naming: Mapping[str, str]) -> Call:
    renamed = substitute(fact, naming)
    assert isinstance(renamed, Call)
    return renamed


def _arithmetic(head: str, values: list[float]) -> float:
    if head == "Add":
        return sum(values)
    if head == "Mul":
        return math.prod(values)
    if head == "Sub":
        return values[0] - values[1]
    if head == "Div":
        return values[0] / values[1]
    if head == "Pow":
        return float(values[0] ** values[1])
    if head == "Sqrt" or head == "sqrt":
        return math.sqrt(values[0])
    assert head == "Neg", head
    return -values[0]


def word(term: Term) -> str:
    """The points of a term as one string."""
    return "".join(term.names) if isinstance(term, Points) else "".join(letters(term))
