"""Open intervals for variables: what excludes a root before the diagram has to.

Interval arithmetic on the linear equations of the callers: ``A + B + C = 180`` with positive angles bounds
each of them by 180.  Bounds are rational; each remembers the nodes it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from fgps.algebra.exact import Exact
from fgps.algebra.nodes import Node
from fgps.algebra.poly import Coefficient, Monomial

#: Each equation is propagated at most so often, and longer ones not at all.
MAX_VISITS = 6
MAX_TERMS = 12


@dataclass(slots=True)
class Range:
    """``low < x < high`` (None: unbounded), and the nodes that tell so; a ``point``: ``x == low == high``."""

    low: Fraction | None = None
    high: Fraction | None = None
    because: tuple[Node, ...] = ()
    point: bool = False

    def excludes(self, value: Exact) -> bool:
        """Does the value lie outside?"""
        if self.point:
            # Not `!=`: what cannot be decided must not count as excluded.
            return bool(value - (self.low or 0))
        if self.low is not None and (value - self.low).sign() <= 0:
            return True
        return self.high is not None and (value - self.high).sign() >= 0


_KINDS = {
    "angle": (Fraction(0), Fraction(360)),
    "length": (Fraction(0), None),
    "area": (Fraction(0), None),
    "ratio": (Fraction(0), None),
    "free": (None, None),
}


def natural_range(kind: str) -> Range:
    """The range that comes with a kind of quantity."""
    low, high = _KINDS[kind]
    return Range(low, high)


@dataclass(slots=True)
class _Line:
    """A linear equation ``sum factor * x + constant == 0`` prepared for propagation."""

    node: Node
    factors: list[tuple[int, Fraction]]
    constant: Fraction
    visits: int = 0


class Ranges:
    """The intervals of all variables of a system, tightened on demand."""

    def __init__(self) -> None:
        self.of: list[Range] = []
        self._users: dict[int, list[_Line]] = {}
        self._waiting: dict[int, _Line] = {}
        self._new: list[Node] = []

    def equation(self, node: Node) -> None:
        """Note a linear equation for later propagation."""
        self._new.append(node)

    def _prepare(self, node: Node) -> None:
        if len(node.terms) > MAX_TERMS:
            return
        factors: list[tuple[int, Fraction]] = []
        constant = Fraction(0)
        for mono, value in node.terms.items():
            if len(mono) > 1 or value.__class__ is not fmpq:
                return
            number = Fraction(int(value.p), int(value.q))
            if mono:
                factors.append((mono[0], number))
            else:
                constant = number
        line = _Line(node, factors, constant)
        for variable, _ in factors:
            self._users.setdefault(variable, []).append(line)
        self._waiting[id(line)] = line

    def bound(self, variable: int, low: Fraction | None, high: Fraction | None, node: Node | None) -> bool:
        """Tighten one interval; returns whether it changed."""
        known = self.of[variable]
        changed = False
        if low is not None and (known.low is None or low > known.low):
            known.low, changed = low, True
        if high is not None and (known.high is None or high < known.high):
            known.high, changed = high, True
        if changed:
            if node is not None and node not in known.because:
                known.because = (*known.because, node)
            for line in self._users.get(variable, ()):
                if line.visits < MAX_VISITS:
                    self._waiting[id(line)] = line
        return changed

    def tighten(self) -> None:
        """Propagate through the linear equations until nothing changes (or each was visited often)."""
        for node in self._new:
            self._prepare(node)
        self._new.clear()
        while self._waiting:
            line = self._waiting.pop(next(iter(self._waiting)))
            if line.visits < MAX_VISITS:
                line.visits += 1
                self._propagate(line)

    def _propagate(self, line: _Line) -> None:
        of = self.of
        spans: list[tuple[Fraction | None, Fraction | None]] = []
        low_open = high_open = 0
        low_sum = high_sum = line.constant
        loose = 0
        for variable, factor in line.factors:
            known = of[variable]
            loose += not known.point
            first, second = (known.low, known.high) if factor > 0 else (known.high, known.low)
            low = None if first is None else factor * first
            high = None if second is None else factor * second
            spans.append((low, high))
            if low is None:
                low_open += 1
            else:
                low_sum += low
            if high is None:
                high_open += 1
            else:
                high_sum += high
        if not loose:
            return
        for (variable, factor), (low, high) in zip(line.factors, spans, strict=True):
            known = of[variable]
            if known.point:
                continue
            # factor * x == -(rest), and the rest runs between the sums without this term.
            rest_low = None if low_open - (low is None) else low_sum - (low or 0)
            rest_high = None if high_open - (high is None) else high_sum - (high or 0)
            top = None if rest_low is None else -rest_low / factor
            bottom = None if rest_high is None else -rest_high / factor
            if factor < 0:
                top, bottom = bottom, top
            if self.bound(variable, bottom, top, None):
                known.point = loose == 1
                extra = [line.node]
                for other, _ in line.factors:
                    if other != variable:
                        extra.extend(of[other].because)
                known.because = tuple(dict.fromkeys((*known.because, *extra)))

    def linear(self, terms: dict[Monomial, Coefficient]) -> Range:
        """The range of a linear form with rational coefficients (closed where it is constant)."""
        low: Fraction | None = Fraction(0)
        high: Fraction | None = Fraction(0)
        because: list[Node] = []
        point = True
        for mono, value in terms.items():
            if value.__class__ is not fmpq or len(mono) > 1:
                return Range()
            factor = Fraction(int(value.p), int(value.q))
            if not mono:
                low = None if low is None else low + factor
                high = None if high is None else high + factor
                continue
            known = self.of[mono[0]]
            point = point and known.point
            because.extend(node for node in known.because if node not in because)
            first, second = (known.low, known.high) if factor > 0 else (known.high, known.low)
            low = None if low is None or first is None else low + factor * first
            high = None if high is None or second is None else high + factor * second
        return Range(low, high, tuple(because), point)
