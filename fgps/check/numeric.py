"""Coordinates of a certificate: statements evaluated with enclosures (value, error), errors carried along.

Every coordinate stands for an interval of a given width.  An equation is accepted if its enclosures meet, a
strict comparison only if they are apart: then it holds in every figure within these intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce

from fgps.check.polynomials import need
from fgps.lang.ast import Call, Number, Symbol, Term, letters, substitute
from fgps.theory.instantiate import instance
from fgps.theory.model import Theory

Value = tuple[float, float]
Place = tuple[Value, Value]
_EPS = 4e-16
_ORDER = {"Less": -1, "LessEqual": -1, "Greater": 1, "GreaterEqual": 1}


def add(a: Value, b: Value, sign: int = 1) -> Value:
    """``a + sign * b``."""
    total = a[0] + sign * b[0]
    return total, a[1] + b[1] + _EPS * (abs(a[0]) + abs(b[0]))


def mul(a: Value, b: Value) -> Value:
    """``a * b``."""
    total = a[0] * b[0]
    return total, abs(a[0]) * b[1] + abs(b[0]) * a[1] + a[1] * b[1] + _EPS * abs(total)


def div(a: Value, b: Value) -> Value:
    """``a / b``; refused where ``b`` may be zero."""
    need(abs(b[0]) > b[1], "a division by zero in the figure")
    total = a[0] / b[0]
    return total, (a[1] + abs(total) * b[1]) / (abs(b[0]) - b[1]) + _EPS * abs(total)


def root(a: Value) -> Value:
    """The square root; an enclosure that reaches below zero is cut there."""
    need(a[0] >= -a[1], "a square root of a negative number in the figure")
    low, high = math.sqrt(max(a[0] - a[1], 0.0)), math.sqrt(max(a[0] + a[1], 0.0))
    return (low + high) / 2, (high - low) / 2 + _EPS * high


class Model:
    """One figure: ``places`` of points and centres (``O``, ``(O)``); ``numbers``: radii and symbols."""

    def __init__(self, theory: Theory, places: dict[str, Place], numbers: Mapping[str, Value]) -> None:
        self.theory, self.places, self.numbers = theory, places, numbers
        self.mirrored = False  # read angles and crosses the other way round

    def place(self, term: Term | str) -> Place:
        """A point, or ``centre(O)``."""
        name = term if isinstance(term, str) else "".join(letters(term))
        name = f"({name})" if isinstance(term, Call) else name
        need(name in self.places, f"the figure has no point {name}")
        return self.places[name]

    def difference(self, a: Term | str, b: Term | str) -> Place:
        """The vector from ``a`` to ``b``."""
        (ax, ay), (bx, by) = self.place(a), self.place(b)
        return add(bx, ax, -1), add(by, ay, -1)

    def turn(self, a: Term | str, v: Term | str, b: Term | str) -> Value:
        """The counter-clockwise turn from ray ``vb`` to ray ``va`` in degrees."""
        (ax, ay), (bx, by) = self.difference(v, a), self.difference(v, b)
        error = 0.0
        for x, y in ((ax, ay), (bx, by)):
            length = math.hypot(x[0], y[0])
            need(length > 2 * (x[1] + y[1]), "points coincide in the figure")
            error += 2 * math.degrees((x[1] + y[1]) / length)
        angle = math.degrees(math.atan2(ay[0], ax[0]) - math.atan2(by[0], bx[0])) % 360
        return 360 - angle if self.mirrored else angle, error + 1e-12

    def term(self, term: Term) -> Value:
        """The value of a term."""
        if isinstance(term, Number):
            return float(term.value), _EPS * abs(float(term.value))
        if isinstance(term, Symbol):
            need(term.name == "pi" or term.name in self.numbers, f"the figure has no value for {term.name}")
            return (math.pi, _EPS) if term.name == "pi" else self.numbers[term.name]
        need(isinstance(term, Call), "no term")
        assert isinstance(term, Call)
        head, args, points = term.head, term.args, letters(term)
        attribute = self.theory.attributes.get(head)
        if attribute is not None:
            value = attribute.declaration.value
            need(value is not None and len(points) == len(attribute.letters), f"{head} has no value")
            return self.term(substitute(value, dict(zip(attribute.letters, points, strict=True))))  # type: ignore[arg-type]
        if head in ("x", "y"):
            return self.place(args[0])[head == "y"]
        if head == "distance":
            x, y = self.difference(args[0], args[1])
            length = math.hypot(x[0], y[0])
            return length, x[1] + y[1] + _EPS * length
        if head in ("angle", "arc"):
            a, v, b = args if head == "angle" else (args[2], Call("centre", args[:1]), args[1])
            return self.turn(a, v, b)
        if head == "radius":
            return self.numbers[f"({points[0]})"]
        if head in ("cross", "dot"):
            (ax, ay), (bx, by) = (self.difference(*letters(word)) for word in args)
            ax, ay = ((-ax[0], ax[1]), (-ay[0], ay[1])) if self.mirrored and head == "cross" else (ax, ay)
            return add(mul(ax, by), mul(ay, bx), -1) if head == "cross" else add(mul(ax, bx), mul(ay, by))
        return self.area(args) if head == "area" else self.arithmetic(head, [*map(self.term, args)])

    def area(self, corners: Sequence[Term | str]) -> Value:
        """The signed area of a polygon."""
        total: Value = (0.0, 0.0)
        for p, q in zip(corners[1:-1], corners[2:], strict=True):
            (ax, ay), (bx, by) = self.difference(corners[0], p), self.difference(corners[0], q)
            total = add(total, add(mul(ax, by), mul(ay, bx), -1))
        return total[0] / 2, total[1] / 2

    def arithmetic(self, head: str, parts: Sequence[Value]) -> Value:
        """Sums, products and functions; angles are degrees."""
        name, first = head.lower(), parts[0]
        if name in ("sin", "cos", "tan"):
            error = math.radians(first[1]) + 2e-15
            sine, cosine = (f(math.radians(first[0])) for f in (math.sin, math.cos))
            if name == "tan":
                return div((sine, error), (cosine, error))
            return (sine if name == "sin" else cosine), error
        if name == "acos":
            low, high = (
                math.degrees(math.acos(max(-1.0, min(1.0, first[0] + s * first[1])))) for s in (1, -1)
            )
            return (low + high) / 2, (high - low) / 2 + 1e-12
        if head == "Pow":
            exponent = parts[1][0]
            need(abs(exponent) in (0.5, 1, 2, 3, 4), "an exponent out of bounds")
            result = root(first) if abs(exponent) == 0.5 else first
            for _ in range(int(abs(exponent)) - 1):
                result = mul(result, first)
            return result if exponent > 0 else div((1.0, 0.0), result)
        if name == "sqrt":
            return root(first)
        if name == "abs" or head == "Neg":
            return abs(first[0]) if name == "abs" else -first[0], first[1]
        operation = {"Add": add, "Mul": mul, "Div": div, "Sub": lambda a, b: add(a, b, -1)}.get(head)
        need(operation is not None, f"{head} has no numeric meaning")
        return reduce(operation, parts)  # type: ignore[arg-type]

    def holds(self, fact: Call, depth: int = 0) -> bool:
        """Whether a comparison or relation holds (an equation: may hold) in the figure."""
        predicate = self.theory.predicates.get(fact.head)
        if predicate is not None:
            stated, points = predicate.declaration.holds or predicate.declaration.means, letters(fact)
            need(len(points) == len(predicate.letters) and depth < 20 and stated, "no numeric meaning")
            names = dict(zip(predicate.letters, points, strict=True))
            return all(self.holds(instance(part, names), depth + 1) for part in stated)
        left, right = map(self.term, fact.args)
        value, error = add(left, right, -1)
        if fact.head == "Equal":
            return abs(value) <= error
        return abs(value) > error and (fact.head == "NotEqual" or _ORDER[fact.head] * value > 0)
