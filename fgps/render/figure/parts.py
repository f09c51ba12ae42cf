"""What a quantity or fact is *in the figure*: a segment, an angle, an arc, a region.

Attributes are told apart by their structure (what they need, their kind) and by their value in the
model, never by their names: whatever a user adds is drawn like what the packs define.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from fgps.diagram.model import Diagram
from fgps.lang.ast import Call, Points, Term, calls, letters
from fgps.problem.model import Problem
from fgps.theory.instantiate import consequences, meaning, spell
from fgps.theory.model import Attribute

_MAX_FACTS = 200


class Part(NamedTuple):
    """A piece of the figure.

    ``kind``: ``segment`` (two points), ``angle`` (a, vertex, b), ``arc`` (circle, start, end), ``sector``
    (as arc), ``polygon``, ``outline`` (of a polygon), ``radius``, ``circle`` or ``disc`` (circle).  ``size``
    says whether an arc's measure (``angle``) or ``length`` is meant, a sector's area (empty) or its rim
    (``length``).
    """

    kind: str
    points: tuple[str, ...]
    size: str = ""


class Parts:
    """Parts of one problem's figure."""

    def __init__(self, problem: Problem, diagram: Diagram) -> None:
        self.problem = problem
        self.diagram = diagram
        self.theory = problem.theory

    def segment(self, a: str, b: str) -> Part | None:
        """The segment if it is drawn."""
        if a == b or not self.problem.construction.has(("Line", (a, b))):
            return None
        return Part("segment", (a, b) if a < b else (b, a))

    def angle(self, a: str, v: str, b: str) -> Part | None:
        """The angle, one part for all points on its rays."""
        construction = self.problem.construction
        if not construction.has(("Angle", (a, v, b))):
            return None
        return Part("angle", construction.angle_class(a, v, b))

    def as_drawn(self, angle: Part, value: Term) -> Part:
        """The angle from the side on which the figure shows this value: some data name the other one."""
        shown = self._number(Call("angle", tuple(Points((name,)) for name in angle.points)))
        wanted = self._number(value)
        if shown is None or wanted is None or abs(shown - wanted) <= abs(360.0 - shown - wanted):
            return angle
        return self.angle(*angle.points[::-1]) or angle

    def quantity(self, term: Term) -> Part | None:
        """What an attribute of some points measures; None for other terms and what cannot be shown."""
        if not isinstance(term, Call) or term.head not in self.theory.attributes:
            return None
        attribute = self.theory.attributes[term.head]
        points = letters(term)
        needs = [need.head for need in attribute.declaration.needs]
        if len(points) != len(attribute.letters) or len(needs) != 1:
            return None
        if needs == ["Line"] and attribute.kind == "length":
            return self.segment(*points)
        if needs == ["Angle"] and attribute.kind == "angle":
            return self.angle(*points)
        if needs == ["Arc"] and points[0] in self.problem.construction.circles:
            return Part(*self._of_arc(attribute, points))
        if needs == ["Polygon"] and attribute.kind in ("area", "length"):
            return self._of_polygon(attribute, points)
        if needs == ["Circle"] and points[0] in self.problem.construction.circles:
            return Part(self._of_circle(attribute, points[0]), points)
        return None

    def _of_arc(self, attribute: Attribute, points: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
        if attribute.kind == "area":
            return "sector", points, ""
        if attribute.kind == "angle":
            return "arc", points, "angle"
        radius = self._number(Call("radius", (Points(points[:1]),)))
        turn = self._number(Call("arc", tuple(Points((p,)) for p in points)))
        value = self._number(spell(attribute, points))
        if radius is None or turn is None or value is None:
            return "sector", points, "length"
        curved = abs(value - radius * math.radians(turn)) < 1e-6 * value
        return "arc" if curved else "sector", points, "length"

    def _of_polygon(self, attribute: Attribute, points: tuple[str, ...]) -> Part | None:
        if attribute.kind == "area":
            return Part("polygon", points)
        sides = zip(points, (*points[1:], points[0]), strict=True)
        lengths = [self._number(Call("distance", (Points((a,)), Points((b,))))) for a, b in sides]
        known = [length for length in lengths if length is not None]
        value = self._number(spell(attribute, points))
        if value is None or len(known) < len(lengths):
            return None
        return Part("outline", points) if abs(value - sum(known)) < 1e-6 * value else None

    def _of_circle(self, attribute: Attribute, circle: str) -> str:
        if attribute.kind == "area":
            return "disc"
        radius = self._number(Call("radius", (Points((circle,)),)))
        value = self._number(spell(attribute, (circle,)))
        if radius is None or value is None:
            return "circle"
        return "radius" if abs(value - radius) < 1e-6 * radius else "circle"

    def _number(self, term: Term) -> float | None:
        values = self.diagram.value(term)
        return None if values is None or not len(values) else float(values[0])

    # Facts ----------------------------------------------------------------------------------

    def expand(self, statement: Call) -> list[Call]:
        """A statement and all that follows from it by definition, where the figure agrees."""
        found: dict[Call, None] = {}
        queue = [statement]
        while queue and len(found) < _MAX_FACTS:
            fact = queue.pop(0)
            if fact in found:
                continue
            found[fact] = None
            declared = self.theory.predicates.get(fact.head)
            if declared is None or len(letters(fact)) != len(declared.letters):
                continue
            for following, guards in consequences(self.theory, declared, letters(fact)):
                if all(self.diagram.holds(guard) is not False for guard in guards):
                    queue.append(following)
        return list(found)

    def conditions(self, fact: Call) -> tuple[Call, ...]:
        """The numeric conditions of a relation."""
        declared = self.theory.predicates.get(fact.head)
        if declared is None or len(letters(fact)) != len(declared.letters):
            return ()
        return meaning(declared, letters(fact))

    def of_statement(self, statement: Call) -> list[Part]:
        """What a statement speaks of in the figure, in a fixed order; if that is nothing, what it means."""
        own = list(dict.fromkeys(self._of_fact(statement)))
        return own or list(dict.fromkeys(p for fact in self.expand(statement) for p in self._of_fact(fact)))

    def _of_fact(self, fact: Call) -> Iterable[Part]:
        for call in calls(fact):
            part = self.quantity(call)
            if part is not None:
                yield part
        declared = self.theory.predicates.get(fact.head)
        points = letters(fact)
        if declared is None:
            return
        if declared.category in ("construction", "basic"):
            yield from self._constructed(fact.head, points)
        elif len(points) == len(declared.letters):
            names = dict(zip(declared.letters, points, strict=True))
            for need in declared.declaration.needs:
                yield from self._constructed(need.head, tuple(names[letter] for letter in letters(need)))

    def _constructed(self, head: str, points: tuple[str, ...]) -> Iterable[Part]:
        part: Part | None = None
        if head in ("Line", "Collinear") and len(points) >= 2:
            part = self.segment(points[0], points[-1])
        elif head == "Angle" and len(points) == 3:
            part = self.angle(*points)
        elif head == "Arc" and len(points) == 3:
            part = Part("arc", points, "angle")
        elif head == "Polygon" and len(points) >= 3:
            part = Part("polygon", points)
        elif head in ("Circle", "Cocircular") and points and points[0] in self.problem.construction.circles:
            part = Part("circle", points[:1])
        if part is not None:
            yield part
