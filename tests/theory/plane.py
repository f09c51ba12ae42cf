"""Random figures in which given facts are true, and the numbers of a figure: for tests of meanings.

A figure is built by least squares from the facts' own numeric meaning, with an evaluator that shares no
code with the diagram and checker packages.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import least_squares

from fgps.lang.ast import Call, Number, Points, Symbol, Term, calls, letters, substitute
from fgps.theory.model import Theory

MARGIN = 0.05


class Plane:
    """Points as complex numbers, circles as centre and radius."""

    def __init__(
        self, theory: Theory, points: Mapping[str, complex], circles: Mapping[str, tuple[complex, float]]
    ) -> None:
        self.theory = theory
        self.points = points
        self.circles = circles

    # Facts ----------------------------------------------------------------------------------

    def conditions(self, fact: Call) -> list[Call]:
        """A fact as comparisons."""
        if fact.head in ("Equal", "NotEqual", "Less", "Greater"):
            return [fact]
        names = letters(fact)
        if fact.head == "Collinear":
            return _chain(names)
        if fact.head == "Polygon":
            return _convex(names)
        if fact.head == "Cocircular":
            return _on_circle(names)
        if fact.head in ("Point", "Line", "Angle", "Arc", "Circle"):
            circle = names if fact.head == "Arc" else ()
            return _on_circle(circle) if circle else []
        predicate = self.theory.predicates[fact.head]
        naming = dict(zip(predicate.letters, names, strict=True))
        declaration = predicate.declaration
        parts = [*declaration.needs, *(declaration.holds or declaration.means)]
        renamed = [substitute(part, naming) for part in parts]
        return [c for part in renamed if isinstance(part, Call) for c in self.conditions(part)]

    def residual(self, condition: Call) -> float:
        """Zero where a comparison is true (inequalities: by a margin)."""
        left, right = (self.number(side) for side in condition.args)
        gap = left - right
        if condition.head == "Equal":
            angular = any(
                c.head in ("angle", "arc", "MeasureOfAngle", "MeasureOfArc") for c in calls(condition)
            )
            return math.radians((gap + 180) % 360 - 180) if angular else gap
        if condition.head == "NotEqual":
            return max(0.0, MARGIN - abs(gap))
        return max(0.0, MARGIN - (gap if condition.head == "Greater" else -gap))

    def holds(self, fact: Call, tolerance: float = 1e-6) -> bool:
        """Whether a fact is true here."""
        for condition in self.conditions(fact):
            left, right = (self.number(side) for side in condition.args)
            if condition.head == "Equal":
                if abs(left - right) > tolerance * max(1.0, abs(left), abs(right)):
                    return False
            elif condition.head == "Less" and not left < right:
                return False
            elif condition.head == "Greater" and not left > right:
                return False
            elif condition.head == "NotEqual" and abs(left - right) < tolerance:
                return False
        return True

    # Numbers --------------------------------------------------------------------------------

    def number(self, term: Term) -> float:
        """The value of a numeric term."""
        if isinstance(term, Number):
            return float(term.value)
        if isinstance(term, Symbol):
            return {"pi": math.pi}[term.name]
        assert isinstance(term, Call), term
        attribute = self.theory.attributes.get(term.head)
        if attribute is not None:
            assert attribute.declaration.value is not None
            naming = dict(zip(attribute.letters, letters(term), strict=True))
            return self.number(substitute(attribute.declaration.value, naming))
        if term.head in ("radius", "arc"):
            centre, radius = self.circles[letters(term)[0]]
            if term.head == "radius":
                return radius
            _, a, b = letters(term)
            return _turn(self.points[b] - centre, self.points[a] - centre)
        if term.head in ("x", "y", "distance", "angle", "area", "cross", "dot"):
            return _measure(term.head, [p for argument in term.args for p in self._places(argument)])
        return _arithmetic(term.head, [self.number(argument) for argument in term.args])

    def _places(self, term: Term) -> list[complex]:
        if isinstance(term, Points):
            return [self.points[name] for name in term.names]
        assert isinstance(term, Call) and term.head == "centre"
        return [self.circles[letters(term)[0]][0]]


def find_figure(theory: Theory, facts: Sequence[Call], seed: int, attempts: int = 60) -> Plane | None:
    """A random figure with the facts, exact to 1e-11, or None."""
    names = sorted({name for fact in facts for name in letters(fact)})
    circles = sorted(_circles(theory, facts))
    random = np.random.default_rng(seed)

    def plane(vector: np.ndarray) -> Plane:
        points = {name: complex(*vector[2 * i : 2 * i + 2]) for i, name in enumerate(names)}
        rest = vector[2 * len(names) :].reshape(-1, 3)
        rounds = {
            name: (complex(row[0], row[1]), abs(row[2])) for name, row in zip(circles, rest, strict=True)
        }
        return Plane(theory, points, rounds)

    parts = [c for fact in facts for c in plane(np.zeros(2 * len(names) + 3 * len(circles))).conditions(fact)]

    def residuals(vector: np.ndarray) -> np.ndarray:
        figure = plane(vector)
        # A constant entry keeps the vector from being empty.
        return np.array([0.0, *(figure.residual(part) for part in parts)])

    for _ in range(attempts):
        start = random.normal(0, 2, 2 * len(names) + 3 * len(circles))
        try:
            found = least_squares(residuals, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=200)
        except (ZeroDivisionError, ValueError):
            continue
        spread = np.ptp(found.x[: 2 * len(names)])
        if np.max(np.abs(found.fun)) < 1e-9 and 0.3 < spread < 30:
            return plane(found.x)
    return None


def _circles(theory: Theory, facts: Sequence[Call]) -> set[str]:
    found = set()
    for fact in facts:
        predicate = theory.predicates.get(fact.head)
        attribute = theory.attributes.get(fact.head)
        declared = predicate or attribute
        if fact.head in ("Arc", "Cocircular", "Circle"):
            found.add(letters(fact)[0])
        elif declared is not None:
            naming = dict(zip(declared.letters, letters(fact), strict=False))
            needs = [substitute(need, naming) for need in declared.declaration.needs]
            found |= _circles(theory, [need for need in needs if isinstance(need, Call)])
    return found


def _call(head: str, *words: str) -> Call:
    return Call(head, tuple(Points(tuple(word)) for word in words))


_ZERO = Number(Fraction(0))


def _chain(names: Sequence[str]) -> list[Call]:
    found = []
    for a, b, c in zip(names, names[1:], names[2:], strict=False):
        found.append(Call("Equal", (_call("cross", a + b, b + c), _ZERO)))
        found.append(Call("Greater", (_call("dot", a + b, b + c), _ZERO)))
    return found


def _convex(names: Sequence[str]) -> list[Call]:
    turned = list(zip(names, [*names[1:], names[0]], [*names[2:], *names[:2]], strict=True))
    return [Call("Greater", (_call("area", *corner), _ZERO)) for corner in turned]


def _on_circle(names: Sequence[str]) -> list[Call]:
    circle, *points = names
    centre = Call("centre", (Points((circle,)),))
    radius = _call("radius", circle)
    found = [Call("Equal", (Call("distance", (Points((p,)), centre)), radius)) for p in points]
    for second, third in zip(points[1:], points[2:], strict=False):
        turns = (_call("arc", circle, points[0], point) for point in (second, third))
        found.append(Call("Less", tuple(turns)))
    return found


def _turn(first: complex, second: complex) -> float:
    """The counter-clockwise turn from ``second`` to ``first`` in degrees."""
    return math.degrees(cmath.phase(first / second)) % 360


def _measure(head: str, places: Sequence[complex]) -> float:
    if head in ("x", "y"):
        return places[0].real if head == "x" else places[0].imag
    if head == "distance":
        return abs(places[1] - places[0])
    if head == "angle":
        return _turn(places[0] - places[1], places[2] - places[1])
    if head == "area":
        following = [*places[1:], places[0]]
        return sum((a.conjugate() * b).imag for a, b in zip(places, following, strict=True)) / 2
    product = (places[1] - places[0]).conjugate() * (places[3] - places[2])
    return product.imag if head == "cross" else product.real


def _arithmetic(head: str, values: Sequence[float]) -> float:
    if head in ("sin", "cos", "tan", "Sin", "Cos", "Tan"):
        function = {"sin": math.sin, "cos": math.cos, "tan": math.tan}[head.lower()]
        return function(math.radians(values[0]))
    simple = {
        "Add": sum,
        "Mul": math.prod,
        "Neg": lambda v: -v[0],
        "sqrt": lambda v: math.sqrt(v[0]),
        "Sub": lambda v: v[0] - v[1],
        "Div": lambda v: v[0] / v[1],
        "Pow": lambda v: v[0] ** v[1],
    }
    return float(simple[head](values))
