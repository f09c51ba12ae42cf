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

#: Rounds of propagation over all linear equations.
ROUNDS = 3


@dataclass(slots=True)
class Range:
    """``low < x < high`` (None: unbounded), and the nodes that tell so."""

    low: Fraction | None = None
    high: Fraction | None = None
    because: tuple[Node, ...] = ()

    def excludes(self, value: Exact) -> bool:
        """Does the value lie outside?"""
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


class Ranges:
    """The intervals of all variables of a system, tightened on demand."""

    def __init__(self) -> None:
        self.of: list[Range] = []
        self._linear: list[Node] = []
        self._stale = False

    def equation(self, node: Node) -> None:
        """Note a linear equation for later propagation."""
        if all(len(mono) <= 1 for mono in node.terms):
            self._linear.append(node)
            self._stale = True

    def bound(self, variable: int, low: Fraction | None, high: Fraction | None, node: Node | None) -> bool:
        """Tighten one interval; returns whether it changed."""
        known = self.of[variable]
        changed = False
        if low is not None and (known.low is None or low > known.low):
            known.low, changed = low, True
        if high is not None and (known.high is None or high < known.high):
            known.high, changed = high, True
        if changed and node is not None and node not in known.because:
            known.because = (*known.because, node)
        if changed:
            self._stale = True
        return changed

    def tighten(self) -> None:
        """Propagate through the linear equations."""
        if not self._stale:
            return
        self._stale = False
        for _ in range(ROUNDS):
            if not any([self._propagate(node) for node in self._linear]):
                break
        self._stale = False

    def _propagate(self, node: Node) -> bool:
        changed = False
        terms = node.terms
        if len(terms) > 12 or any(value.__class__ is not fmpq for value in terms.values()):
            return False
        for mono, value in terms.items():
            if not mono:
                continue
            rest = {m: -v / value for m, v in terms.items() if m != mono}
            span = self.linear(rest)
            if span.low is not None or span.high is not None:
                known = self.of[mono[0]]
                before = known.because
                if self.bound(mono[0], span.low, span.high, None):
                    extra = [n for n in (node, *span.because) if n not in before]
                    known.because = (*before, *extra)
                    changed = True
        return changed

    def linear(self, terms: dict[Monomial, Coefficient]) -> Range:
        """The range of a linear form with rational coefficients (closed where it is constant)."""
        low: Fraction | None = Fraction(0)
        high: Fraction | None = Fraction(0)
        because: list[Node] = []
        for mono, value in terms.items():
            if value.__class__ is not fmpq or len(mono) > 1:
                return Range()
            factor = Fraction(int(value.p), int(value.q))
            if not mono:
                low = None if low is None else low + factor
                high = None if high is None else high + factor
                continue
            known = self.of[mono[0]]
            because.extend(node for node in known.because if node not in because)
            first, second = (known.low, known.high) if factor > 0 else (known.high, known.low)
            low = None if low is None or first is None else low + factor * first
            high = None if high is None or second is None else high + factor * second
        return Range(low, high, tuple(because))
