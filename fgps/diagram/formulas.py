"""From terms and statements of the language to numbers: one translation, two targets.

The same `Formulas` writes the residuals that the solver minimises (target: `TapeBuilder`) and evaluates facts
on finished models (target: `Models` in ``evaluate.py``).  Both targets offer the arithmetic of the `Target`
protocol; a value is whatever the target says it is.

Every translated term carries its dimension, so that an error in a length can be weighed against one in an
angle: ``power`` counts lengths (2: an area), ``angle`` says that the number is degrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from fgps.lang.ast import Call, Number, Points, Symbol, Term, letters
from fgps.theory.model import CONSTRUCTIVE, Theory

Value = Any
_MAX_DEPTH: Final = 60
_FUNCTIONS: Final = {
    "sin": "sin", "cos": "cos", "tan": "tan", "sqrt": "sqrt", "abs": "abs",
    "Sin": "sin", "Cos": "cos", "Tan": "tan", "Sqrt": "sqrt",
}  # fmt: skip


class Undefined(Exception):
    """The term has no numeric meaning here (an unknown point, attribute or form)."""


class Target(Protocol):
    """Where the numbers go."""

    def constant(self, value: float) -> Value: ...
    def coordinate(self, point: int, axis: int) -> Value: ...
    def radius(self, circle: str) -> Value: ...
    def symbol(self, name: str) -> Value: ...
    def distance(self, p: int, q: int) -> Value: ...
    def angle(self, p: int, q: int, r: int) -> Value: ...
    def cross(self, a: int, b: int, c: int, d: int) -> Value: ...
    def dot(self, a: int, b: int, c: int, d: int) -> Value: ...
    def linear(self, terms: Sequence[tuple[float, Value]], constant: float = 0.0) -> Value: ...
    def mul(self, a: Value, b: Value) -> Value: ...
    def div(self, a: Value, b: Value) -> Value: ...
    def power(self, a: Value, exponent: float) -> Value: ...
    def function(self, name: str, a: Value) -> Value: ...
    def constant_value(self, value: Value) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Sized:
    """A translated term.  ``plain``: mere numbers and symbols, which take their dimension from elsewhere."""

    value: Value
    power: float = 0.0
    angle: bool = False
    plain: bool = False
    attribute: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """``value`` is zero (kind ``zero``), positive (``positive``) or not zero (``different``).

    For ``zero`` the parts ``left`` and ``right`` have the difference ``value``.
    """

    kind: str
    value: Value
    power: float
    angle: bool
    left: Sized | None = None
    right: Sized | None = None


class Formulas:
    """Translates under a theory; ``points`` and ``centres`` give the indices of points and circle centres."""

    def __init__(
        self, theory: Theory, target: Target, points: Mapping[str, int], centres: Mapping[str, int]
    ) -> None:
        self.theory = theory
        self.target = target
        self.points = points
        self.centres = centres

    # Terms ----------------------------------------------------------------------------------

    def term(self, term: Term, names: Mapping[str, str] | None = None, depth: int = 0) -> Sized:
        """Translate a term; ``names`` renames its points.  Raises `Undefined`."""
        if isinstance(term, Number):
            return Sized(self.target.constant(float(term.value)), plain=True)
        if isinstance(term, Symbol):
            if term.name == "pi":
                return Sized(self.target.constant(3.141592653589793), plain=True)
            return Sized(self.target.symbol(term.name), plain=True)
        if not isinstance(term, Call) or depth > _MAX_DEPTH:
            raise Undefined
        head = term.head
        attribute = self.theory.attributes.get(head)
        if attribute is not None:
            return self.attribute(head, self._rename(letters(term), names), depth)
        primitive = _PRIMITIVES.get(head)
        if primitive is not None:
            return primitive(self, term, names)
        parts = [self.term(argument, names, depth + 1) for argument in term.args]
        if head in _FUNCTIONS:
            return self._function(_FUNCTIONS[head], parts)
        arithmetic = _ARITHMETIC.get(head)
        if arithmetic is None or not parts:
            raise Undefined
        return arithmetic(self, parts)

    def attribute(self, name: str, points: Sequence[str], depth: int = 0) -> Sized:
        """The numeric value of an attribute of these points.  Raises `Undefined`."""
        attribute = self.theory.attributes[name]
        if attribute.declaration.value is None or len(points) != len(attribute.letters):
            raise Undefined
        names = dict(zip(attribute.letters, points, strict=True))
        value = self.term(attribute.declaration.value, names, depth + 1)
        power = {"length": 1.0, "area": 2.0}.get(attribute.kind, 0.0)
        return Sized(value.value, power, attribute.kind == "angle", attribute=True)

    @staticmethod
    def _rename(points: Sequence[str], names: Mapping[str, str] | None) -> tuple[str, ...]:
        return tuple(points) if names is None else tuple(names.get(point, point) for point in points)

    def point(self, term: Term, names: Mapping[str, str] | None) -> int:
        """The index of a point, or of ``centre(O)``."""
        if isinstance(term, Call) and term.head == "centre":
            return self.centre(self._name(term.args[0], names))
        return self.named(self._name(term, names))

    def named(self, name: str) -> int:
        """The index of a point by name."""
        index = self.points.get(name)
        if index is None:
            raise Undefined
        return index

    def centre(self, circle: str) -> int:
        """The index of a circle's centre."""
        index = self.centres.get(circle)
        if index is None:
            raise Undefined
        return index

    def _name(self, term: Term, names: Mapping[str, str] | None) -> str:
        if not isinstance(term, Points) or len(term) != 1:
            raise Undefined
        return self._rename(term.names, names)[0]

    def _vector(self, term: Term, names: Mapping[str, str] | None) -> tuple[int, int]:
        if not isinstance(term, Points) or len(term) != 2:
            raise Undefined
        a, b = self._rename(term.names, names)
        return self.named(a), self.named(b)

    def _coordinate(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        point = self.point(term.args[0], names)
        return Sized(self.target.coordinate(point, int(term.head == "y")), 1.0)

    def _distance(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        p, q = (self.point(argument, names) for argument in term.args)
        return Sized(self.target.distance(p, q), 1.0)

    def _angle(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        p, q, r = (self.point(argument, names) for argument in term.args)
        return Sized(self.target.angle(p, q, r), 0.0, True)

    def _arc(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        centre = self.centre(self._name(term.args[0], names))
        a, b = (self.point(argument, names) for argument in term.args[1:])
        return Sized(self.target.angle(b, centre, a), 0.0, True)

    def _area(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        corners = [self.point(argument, names) for argument in term.args]
        return Sized(self.area(corners), 2.0)

    def area(self, corners: Sequence[int]) -> Value:
        """The signed area of a polygon."""
        first = corners[0]
        crosses = [
            (0.5, self.target.cross(first, b, first, c))
            for b, c in zip(corners[1:-1], corners[2:], strict=True)
        ]
        return self.target.linear(crosses)

    def _product(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        (a, b), (c, d) = (self._vector(argument, names) for argument in term.args)
        make = self.target.cross if term.head == "cross" else self.target.dot
        return Sized(make(a, b, c, d), 2.0)

    def _radius(self, term: Call, names: Mapping[str, str] | None) -> Sized:
        circle = self._name(term.args[0], names)
        self.centre(circle)
        return Sized(self.target.radius(circle), 1.0)

    # Arithmetic -----------------------------------------------------------------------------

    def _function(self, name: str, parts: list[Sized]) -> Sized:
        (a,) = parts
        value = self.target.function(name, a.value)
        if name == "sqrt":
            return Sized(value, a.power / 2, plain=a.plain)
        if name == "abs":
            return Sized(value, a.power, a.angle, a.plain)
        return Sized(value)

    def _sum(self, parts: list[Sized], signs: Sequence[float]) -> Sized:
        value = self.target.linear([(sign, part.value) for sign, part in zip(signs, parts, strict=True)])
        sized = [part for part in parts if not part.plain]
        if not sized:
            return Sized(value, plain=True)
        return Sized(value, max(part.power for part in sized), any(part.angle for part in sized))

    def _add(self, parts: list[Sized]) -> Sized:
        return self._sum(parts, [1.0] * len(parts))

    def _sub(self, parts: list[Sized]) -> Sized:
        return self._sum(parts, [1.0] + [-1.0] * (len(parts) - 1))

    def _neg(self, parts: list[Sized]) -> Sized:
        return self._sum(parts, [-1.0])

    def _mul(self, parts: list[Sized]) -> Sized:
        value = parts[0].value
        for part in parts[1:]:
            value = self.target.mul(value, part.value)
        angles = [part for part in parts if part.angle]
        others = all(part.plain for part in parts if not part.angle)
        return Sized(
            value,
            sum(part.power for part in parts),
            len(angles) == 1 and others,
            all(part.plain for part in parts),
        )

    def _div(self, parts: list[Sized]) -> Sized:
        if len(parts) != 2:
            raise Undefined
        a, b = parts
        value = self.target.div(a.value, b.value)
        return Sized(value, a.power - b.power, a.angle and b.plain, a.plain and b.plain)

    def _pow(self, parts: list[Sized]) -> Sized:
        if len(parts) != 2:
            raise Undefined
        a, b = parts
        exponent = self.target.constant_value(b.value)
        if exponent is None:
            raise Undefined
        try:
            return Sized(self.target.power(a.value, exponent), a.power * exponent, plain=a.plain)
        except OverflowError:
            raise Undefined from None

    # Statements -----------------------------------------------------------------------------

    def statement(
        self, statement: Call, names: Mapping[str, str] | None = None, depth: int = 0
    ) -> list[Condition]:
        """The conditions that an equation, a comparison or a relation amounts to.  Raises `Undefined`.

        Constructive predicates are not translated here (see ``figure.py``).
        """
        head = statement.head
        if head in _COMPARISONS:
            return [self._comparison(statement, names)]
        if depth > _MAX_DEPTH or head in CONSTRUCTIVE:
            raise Undefined
        predicate = self.theory.predicates.get(head)
        if predicate is None:
            raise Undefined
        points = self._rename(letters(statement), names)
        if len(points) != len(predicate.letters):
            raise Undefined
        inner = dict(zip(predicate.letters, points, strict=True))
        meaning = predicate.declaration.holds or predicate.declaration.means
        if not meaning:
            raise Undefined
        return [c for part in meaning for c in self.statement(part, inner, depth + 1)]

    def _comparison(self, statement: Call, names: Mapping[str, str] | None) -> Condition:
        if len(statement.args) != 2:
            raise Undefined
        kind, sign = _COMPARISONS[statement.head]
        first, second = statement.args
        if kind == "zero":
            first, second = _cleared(first, second)
        left, right = self.term(first, names), self.term(second, names)
        sized = self._sum([left, right], (sign, -sign))
        if left.plain != right.plain:
            known = right if left.plain else left
            sized = Sized(sized.value, known.power, known.angle)
        return Condition(kind, sized.value, sized.power, sized.angle, left, right)


def _cleared(left: Term, right: Term) -> tuple[Term, Term]:
    """``a / b = c`` as ``a = c b``: no pole where b vanishes.  Quotients by numbers stay."""
    for _ in range(4):
        if isinstance(left, Call) and _is_quotient(left):
            above, below = left.args
            left, right = above, Call("Mul", (right, below))
        elif isinstance(right, Call) and _is_quotient(right):
            above, below = right.args
            left, right = Call("Mul", (left, below)), above
        else:
            break
    return left, right


def _is_quotient(term: Call) -> bool:
    return term.head == "Div" and len(term.args) == 2 and not isinstance(term.args[1], Number)


_COMPARISONS: Final = {
    "Equal": ("zero", 1.0),
    "NotEqual": ("different", 1.0),
    "Less": ("positive", -1.0),
    "LessEqual": ("positive", -1.0),
    "Greater": ("positive", 1.0),
    "GreaterEqual": ("positive", 1.0),
}
_ARITHMETIC: Final = {
    "Add": Formulas._add,
    "Sub": Formulas._sub,
    "Neg": Formulas._neg,
    "Mul": Formulas._mul,
    "Div": Formulas._div,
    "Pow": Formulas._pow,
}
_PRIMITIVES: Final = {
    "x": Formulas._coordinate,
    "y": Formulas._coordinate,
    "distance": Formulas._distance,
    "angle": Formulas._angle,
    "arc": Formulas._arc,
    "area": Formulas._area,
    "cross": Formulas._product,
    "dot": Formulas._product,
    "radius": Formulas._radius,
}
