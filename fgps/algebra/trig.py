"""Sine, cosine and tangent of the angles of a figure, as variables that are tied to the angle.

Each linear form of angles that occurs inside a trigonometric function is an `Entry`.  Whenever the
elimination has changed, the entries are reduced anew: a constant angle gives exact values, two forms that
are equal, opposite or shifted by a constant are tied by the addition formulas, a known sine, cosine or
tangent gives the angle where range leaves one possibility.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq

from fgps.algebra.budget import Budget
from fgps.algebra.exact import Exact
from fgps.algebra.functions import (
    NoRealValue,
    UnsupportedAngle,
    acos_degrees,
    asin_degrees,
    atan_degrees,
    cos_sin_degrees,
)
from fgps.algebra.nodes import Excluded, Node
from fgps.algebra.poly import Poly, coefficient
from fgps.algebra.terms import TooLarge, Undecided, cosine_terms

if TYPE_CHECKING:
    from fgps.algebra.system import System

_ONE = fmpq(1)


@dataclass(slots=True)
class Entry:
    """One angle form and the variables of its functions."""

    angle: Poly
    functions: dict[str, int] = field(default_factory=dict)
    form: Poly | None = None
    node: Node | None = None
    settled: bool = False
    solved: bool = False
    circle: bool = False


class Trigonometry:
    """All entries of one system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.entries: list[Entry] = []
        self._by_key: dict[object, Entry] = {}
        self._tied: set[object] = set()
        self._version: object = None
        #: Also tie forms that differ by any constant, at the price of new variables.
        self.deep = False

    def function(self, name: str, angle: Poly) -> Poly:
        """The variable of ``sin``, ``cos`` or ``tan`` of a form of angles."""
        key = angle.key()
        entry = self._by_key.get(key)
        if entry is None:
            entry = Entry(angle)
            self.entries.append(entry)
            self._by_key[key] = entry
        self._version = None
        return Poly.variable(self._variable(entry, name))

    def adopt(self, variable: int, formula: tuple[Any, ...]) -> None:
        """Take over a function that another system has defined under the same number."""
        name, angle = formula
        entry = self._by_key.get(angle.key())
        if entry is None:
            entry = Entry(angle)
            self.entries.append(entry)
            self._by_key[angle.key()] = entry
        entry.functions[name] = variable
        self._signs(entry)
        self._version = None

    def _variable(self, entry: Entry, name: str) -> int:
        found = entry.functions.get(name)
        if found is None:
            system = self._system
            found = system.variable(("trig", name, entry.angle.key()), "free")
            system.formulas[found] = (name, entry.angle)
            entry.functions[name] = found
            entry.settled = False
            self._signs(entry)
        return found

    def _signs(self, entry: Entry) -> None:
        """Functions that are positive on the whole range of the angle."""
        span = self._system.ranges.linear(entry.angle.terms)
        if span.low is None or span.high is None or span.low < 0 or span.point:
            return
        for name, limit in (("sin", 180), ("cos", 90), ("tan", 90)):
            if name in entry.functions and span.high <= limit:
                self._system.make_positive(entry.functions[name], span.because)

    def deepen(self) -> None:
        """From now on tie forms that differ by any constant."""
        if not self.deep and len(self.entries) > 1:
            self.deep = True
            self._version = None

    def update(self, budget: Budget) -> None:
        """Draw all conclusions from the present state of the elimination (queues new equations).

        Raises `OutOfBudget`; what is left undone then is done by the next call.
        """
        system = self._system
        version = (system.rows.version, len(system.variables), sum(len(e.functions) for e in self.entries))
        if version == self._version or not self.entries:
            return
        self._version = None
        system.ranges.tighten()
        for entry in list(self.entries):
            budget.poll()
            if entry.settled:
                continue
            entry.form, entry.node = system.normal_form(entry.angle)
            self._signs(entry)
            constant = entry.form.as_constant()
            if constant is not None:
                self._evaluate(entry, Exact.of(constant))
            else:
                self._circle(entry)
                self._invert(entry)
        open_entries = [entry for entry in self.entries if not entry.settled and entry.form is not None]
        for i, first in enumerate(open_entries):
            for second in open_entries[:i]:
                budget.poll()
                try:
                    self._tie(first, second)
                    self._equal_functions(first, second)
                except (Undecided, TooLarge):
                    continue
        self._version = version

    def _push(self, poly: Poly, name: str, parents: tuple[Node, ...], data: object = None) -> None:
        self._system.push(poly, Node("identity", poly.terms, data=(name, data), parents=parents))

    def _evaluate(self, entry: Entry, angle: Exact) -> None:
        """The angle is known: so are its functions."""
        entry.settled = True
        try:
            cosine, sine = cos_sin_degrees(angle)
            values: dict[str, Callable[[], Exact]] = {
                "sin": lambda: sine,
                "cos": lambda: cosine,
                "tan": lambda: sine / cosine,
            }
            for name, variable in entry.functions.items():
                poly = Poly.variable(variable) - Poly.constant(values[name]())
                self._push(poly, "value", _present(entry.node), (name, entry.angle, angle))
        except (UnsupportedAngle, TooLarge, ZeroDivisionError, Undecided):
            return

    def _circle(self, entry: Entry) -> None:
        """``sin**2 + cos**2 == 1`` and ``tan * cos == sin`` where two of the functions occur."""
        if entry.circle or len(entry.functions) < 2:
            return
        entry.circle = True
        sine = Poly.variable(self._variable(entry, "sin"))
        cosine = Poly.variable(self._variable(entry, "cos"))
        self._push(sine * sine + cosine * cosine - 1, "circle", (), entry.angle)
        if "tan" in entry.functions:
            self._push(Poly.variable(entry.functions["tan"]) * cosine - sine, "tangent", (), entry.angle)

    def _invert(self, entry: Entry) -> None:
        """A known function gives the angle, if the range leaves one possibility."""
        if entry.solved:
            return
        system = self._system
        for name in ("cos", "tan", "sin"):
            variable = entry.functions.get(name)
            value = None if variable is None else system.rows.value(variable)
            if value is None or variable is None:
                continue
            try:
                candidates = _inverse(name, Exact.of(value))
                system.ranges.tighten()
                span = system.ranges.linear(entry.angle.terms)
                reached = [angle for angle in candidates if not span.excludes(angle)]
            except (NoRealValue, UnsupportedAngle, Undecided, TooLarge):
                continue
            node = system.value_node(variable)
            out = tuple(Excluded(angle, "range") for angle in candidates if angle not in reached)
            if len(reached) == 1:
                entry.solved = True
                data = (name, entry.angle, reached[0], out)
                self._push(entry.angle - Poly.constant(reached[0]), "inverse", (node, *span.because), data)
                return
            if len(reached) > 1:
                system.postpone(entry.angle, node, reached, out, span.because, name)

    def _tie(self, first: Entry, second: Entry) -> None:
        """Relate the functions of two forms that differ by a constant, or sum to one, or double."""
        a, b = first.form, second.form
        assert a is not None and b is not None
        if not (a.variables() == b.variables()):
            return
        for one, other, factor in (
            (first, second, 1),
            (first, second, -1),
            (first, second, 2),
            (second, first, 2),
        ):
            assert one.form is not None and other.form is not None
            shift = (one.form - other.form * factor).as_constant()
            if shift is None:
                continue
            degrees = Exact.of(shift).as_fraction()
            if degrees is None:
                continue
            mark = (
                self.entries.index(one),
                self.entries.index(other),
                factor,
                tuple(sorted(one.functions)),
                tuple(sorted(other.functions)),
                self.deep,
            )
            if mark in self._tied:
                continue
            self._tied.add(mark)
            relation = _relation(one, other, factor, degrees)
            if factor == 2:
                self._double(one, other, degrees, relation)
            else:
                self._shifted(one, other, factor, degrees, relation)

    def _shifted(
        self, one: Entry, other: Entry, factor: int, degrees: Fraction, nodes: tuple[Node, ...]
    ) -> None:
        """``one == factor * other + degrees``."""
        cosine, sine = Exact(cosine_terms(degrees)), Exact(cosine_terms(90 - degrees))
        have = other.functions
        data = (one.angle, other.angle, factor, degrees)
        for name in ("sin", "cos"):
            if name not in one.functions:
                continue
            with_sine, with_cosine = (cosine * factor, sine) if name == "sin" else (-sine * factor, cosine)
            if degrees % 90 == 0 or self.deep:
                # A co-function may be new: the other form has then one more variable.
                for wanted, factor_of in (("sin", with_sine), ("cos", with_cosine)):
                    if factor_of:
                        self._variable(other, wanted)
            if (with_sine and "sin" not in have) or (with_cosine and "cos" not in have):
                continue
            poly = Poly.variable(one.functions[name])
            if with_sine:
                poly = poly - Poly.variable(have["sin"]).scale(coefficient(with_sine))
            if with_cosine:
                poly = poly - Poly.variable(have["cos"]).scale(coefficient(with_cosine))
            self._push(poly, "shift", nodes, (name, *data))
        if "tan" in one.functions and "tan" in have and degrees % 90 == 0:
            left, right = Poly.variable(one.functions["tan"]), Poly.variable(have["tan"])
            poly = left - right * factor if degrees % 180 == 0 else left * right + factor
            self._push(poly, "shift", nodes, ("tan", *data))

    def _equal_functions(self, first: Entry, second: Entry) -> None:
        """``sin A == sin B`` with ``A + B`` not 180 gives ``A == B``; cosines and tangents likewise."""
        system = self._system
        difference = first.angle - second.angle
        for name in ("sin", "cos", "tan"):
            one, other = first.functions.get(name), second.functions.get(name)
            if one is None or other is None or ("equal", name, one, other) in self._tied:
                continue
            gap, node = system.normal_form(Poly.variable(one) - Poly.variable(other))
            if gap:
                continue
            assert first.form is not None and second.form is not None
            spans = [system.ranges.linear(entry.angle.terms) for entry in (first, second)]
            total, why = system.normal_form(first.angle + second.angle)
            whole = system.ranges.linear(total.terms)
            below = all(
                s.low is not None and s.low >= 0 and s.high is not None and s.high <= 180 for s in spans
            )
            apart = name != "sin" or (
                whole.high is not None and whole.high <= 180 and not _is_constant(total, 180)
            )
            if name == "sin" and whole.low is not None and whole.low >= 180 and not _is_constant(total, 180):
                apart = True
            if below and apart:
                self._tied.add(("equal", name, one, other))
                because = (*spans[0].because, *spans[1].because, *whole.because)
                parents = (*_present(node), *_present(why), *because)
                self._push(difference, "equal", parents, (name, one, other, node, total, why))

    def _double(self, one: Entry, other: Entry, degrees: Fraction, nodes: tuple[Node, ...]) -> None:
        """``one == 2 * other + degrees`` with ``degrees`` a multiple of 90."""
        if degrees % 90 or "tan" in one.functions and len(one.functions) == 1:
            return
        sine = Poly.variable(self._variable(other, "sin"))
        cosine = Poly.variable(self._variable(other, "cos"))
        twice_sine, twice_cosine = sine * cosine * 2, cosine * cosine * 2 - 1
        turn = int(degrees // 90) % 4
        sines = [twice_sine, twice_cosine, -twice_sine, -twice_cosine]
        cosines = [twice_cosine, -twice_sine, -twice_cosine, twice_sine]
        data = (one.angle, other.angle, 2, degrees)
        if "sin" in one.functions:
            self._push(Poly.variable(one.functions["sin"]) - sines[turn], "double", nodes, ("sin", *data))
        if "cos" in one.functions:
            self._push(Poly.variable(one.functions["cos"]) - cosines[turn], "double", nodes, ("cos", *data))


def _relation(one: Entry, other: Entry, factor: int, degrees: Fraction) -> tuple[Node, ...]:
    """The node of ``one - factor * other - degrees == 0`` (none where that is an identity)."""
    parts = []
    if one.node is not None:
        parts.append((_ONE, (), one.node))
    if other.node is not None:
        parts.append((_ONE * -factor, (), other.node))
    terms = (one.angle - other.angle * factor - Poly.constant(degrees)).terms
    return (Node("combine", terms, tuple(parts)),) if terms else ()


def _is_constant(poly: Poly, value: int) -> bool:
    constant = poly.as_constant()
    return constant is not None and constant == value


def _present(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else (node,)


def _inverse(name: str, value: Exact) -> list[Exact]:
    """All angles in [0, 360) degrees with that sine, cosine or tangent."""
    if name == "cos":
        angle = acos_degrees(value)
        return _distinct([angle, 360 - angle])
    if name == "sin":
        angle = asin_degrees(value)
        return _distinct([angle if value.sign() >= 0 else angle + 360, 180 - angle])
    angle = atan_degrees(value)
    return [angle, angle + 180] if value.sign() >= 0 else [angle + 180, angle + 360]


def _distinct(angles: list[Exact]) -> list[Exact]:
    return angles[:1] if angles[0] == angles[1] else angles
