"""Figures for a theorem branch: letters, conditions with what they presuppose, and random solutions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import AREA_MARGIN, MARGIN, FigureTape, System, Tier
from fgps.diagram.figure import add_circle, add_line, add_straight_cell
from fgps.diagram.formulas import Condition, Undefined
from fgps.diagram.model import Diagram
from fgps.diagram.solve import Clock, Solver
from fgps.lang.ast import Call, Points, calls, letters
from fgps.theory.instantiate import instance
from fgps.theory.model import Theory

Array = NDArray[np.float64]
#: How far a conclusion must miss to count as false (relative to the figure, or radians).
VIOLATION: Final = 0.02
_POLISHED: Final = 1e-11


def presupposed(theory: Theory, statement: Call) -> list[Call]:
    """What must exist for a statement to be spoken of: the `needs` of its predicate and attributes."""
    found: list[Call] = []
    for call in calls(statement):
        declared = theory.predicates.get(call.head) or theory.attributes.get(call.head)
        points = letters(call)
        if declared is None or len(points) != len(declared.letters):
            continue
        names = dict(zip(declared.letters, points, strict=True))
        found += [instance(need, names) for need in declared.declaration.needs]
    return found


def roles(theory: Theory, statements: Iterable[Call]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The points and the circles that statements speak of (a letter may be both)."""
    points: dict[str, None] = {}
    circles: dict[str, None] = {}
    for statement in statements:
        for part in (statement, *presupposed(theory, statement)):
            for call in calls(part):
                _roles_in(theory, call, points, circles)
    return tuple(points), tuple(circles)


def _roles_in(theory: Theory, call: Call, points: dict[str, None], circles: dict[str, None]) -> None:
    names = letters(call)
    if not names or not any(isinstance(argument, Points) for argument in call.args):
        return
    if call.head in ("Circle", "Arc", "Cocircular", "radius", "centre", "arc"):
        circles[names[0]] = None
        points.update(dict.fromkeys(names[1:]))
        return
    declared = theory.predicates.get(call.head) or theory.attributes.get(call.head)
    if declared is None or declared.letters == () or getattr(declared, "variadic", False):
        points.update(dict.fromkeys(names))
        return
    own = _circle_letters(declared.declaration.needs)
    for letter, name in zip(declared.letters, names, strict=False):
        (circles if letter in own else points)[name] = None
        if letter in own and letter in _point_letters(declared.declaration.needs):
            points[name] = None


def _circle_letters(needs: Sequence[Call]) -> set[str]:
    return {letters(n)[0] for n in needs if n.head in ("Circle", "Arc", "Cocircular")}


def _point_letters(needs: Sequence[Call]) -> set[str]:
    return {p for n in needs if n.head not in ("Circle", "Arc", "Cocircular") for p in letters(n)}


@dataclass
class Figures:
    """A system for a list of statements, and random solutions of it."""

    theory: Theory
    statements: tuple[Call, ...]
    points: tuple[str, ...]
    circles: tuple[str, ...]

    def solve(
        self, against: Call | None, rng: np.random.Generator, count: int, clock: Clock
    ) -> Diagram | None:
        """Models in which all statements hold; ``against`` is to be false in them if possible.

        Every model is checked by evaluation, so what is returned does not depend on the solver being right.
        """
        conditions: list[Condition | None] = [None]
        if against is not None:
            conditions = [*self._conditions(against)[:6]]
        kept: list[Array] = []
        for condition in conditions:
            x = self._attempt(condition, rng, count, clock)
            if x is not None:
                kept.append(x)
            if clock.over():
                break
        found = np.concatenate(kept) if kept else np.zeros((0, 0))
        return self._checked(found) if len(found) else None

    def _system(self) -> System:
        system = System(self.theory, FigureTape(self.points, self.circles, ()))
        for statement in self.statements:
            for part in (*presupposed(self.theory, statement), statement):
                add_premise(system, part)
        tape = system.tape
        for p, q in combinations(range(len(self.points)), 2):
            system.add(tape.distance(p, q), Tier.APART, 1.0, 10 * MARGIN)
        for circle in self.circles:
            system.add(tape.radius(circle), Tier.RANGE, 1.0, 10 * MARGIN)
        return system

    def _conditions(self, statement: Call) -> list[Condition]:
        """The statement's conditions, as seen by the tape of `_system` (nodes are shared by construction)."""
        self._target = self._system()
        try:
            return self._target.formulas.statement(statement)
        except Undefined:
            return []

    def _attempt(
        self, condition: Condition | None, rng: np.random.Generator, count: int, clock: Clock
    ) -> Array | None:
        system = self._system() if condition is None else self._target
        rows = list(system.rows)
        if condition is not None:
            add_violation(system, condition)
        residuals = system.finish()
        system.rows = rows
        x = self._starts(system.tape, rng, count)
        size = np.ones(count)
        every = np.ones(len(residuals.tier), dtype=bool)
        none = np.zeros((count, 0))
        x, _ = Solver(residuals, every, size, none).minimise(x, clock, 50)
        x, worst = Solver(residuals, residuals.equation, size, none).polish(x, clock)
        good = worst < _POLISHED
        return x[good] if good.any() else None

    def _starts(self, tape: FigureTape, rng: np.random.Generator, count: int) -> Array:
        x = rng.normal(0.0, 0.6, (count, tape.unknowns))
        x[:, 2 * tape.planar :] = rng.uniform(0.4, 1.2, (count, tape.unknowns - 2 * tape.planar))
        for statement in self.statements:
            if statement.head != "Cocircular":
                continue
            circle, *row = letters(statement)
            centre, radius = tape.centre_index[circle], tape.radius_index[circle]
            steps = rng.dirichlet(np.full(len(row), 1.5), count) if row else np.zeros((count, 0))
            turns = 2.0 * np.pi * np.cumsum(steps, axis=1) + rng.uniform(0.0, 6.3, (count, 1))
            for k, name in enumerate(row):
                p = tape.point_index[name]
                x[:, 2 * p] = x[:, 2 * centre] + x[:, radius] * np.cos(turns[:, k])
                x[:, 2 * p + 1] = x[:, 2 * centre + 1] + x[:, radius] * np.sin(turns[:, k])
        return x

    def _checked(self, x: Array) -> Diagram | None:
        """Those models in which every statement is evaluated to be true and that are not degenerate."""
        diagrams = [self._diagram(x[k : k + 1]) for k in range(len(x))]
        statements = [p for s in self.statements for p in (*presupposed(self.theory, s), s)]
        good = [
            k
            for k, diagram in enumerate(diagrams)
            if self._spread(x[k]) and all(diagram.holds(statement) is True for statement in statements)
        ]
        return self._diagram(x[good]) if good else None

    def _spread(self, x: Array) -> bool:
        places = x[: 2 * (len(self.points) + len(self.circles))].reshape(-1, 2)[: len(self.points)]
        size = float(np.hypot(*np.ptp(places, axis=0))) if len(places) > 1 else 1.0
        gaps = [float(np.hypot(*(a - b))) for a, b in combinations(places, 2)]
        return 0.05 < size < 100.0 and (not gaps or min(gaps) > 0.004 * size)

    def _diagram(self, x: Array) -> Diagram:
        planar = len(self.points) + len(self.circles)
        places = x[:, : 2 * planar].reshape(len(x), planar, 2)
        return Diagram(
            "exact",
            self.points,
            places[:, : len(self.points)],
            self.circles,
            places[:, len(self.points) :],
            x[:, 2 * planar :],
            {},
            0.0,
            0.0,
            theory=self.theory,
        )


def add_premise(system: System, statement: Call) -> None:
    """Rows for a statement of a theorem, constructive predicates included."""
    names = letters(statement)
    index = system.tape.point_index
    if statement.head == "Collinear":
        add_line(system, names)
    elif statement.head in ("Cocircular", "Arc"):
        add_circle(system, names[0], names[1:])
    elif statement.head == "Polygon":
        add_straight_cell(system, [index[name] for name in names])
    else:
        system.state(statement)


def add_violation(system: System, condition: Condition) -> None:
    """A row that asks the condition to be false by a good margin."""
    node = condition.value
    if condition.kind == "different":
        system.add(node, Tier.EQUATION, condition.power)
        return
    if condition.kind == "zero":
        node = system.tape.function("abs", node)
        margin = 5.0 * VIOLATION
    else:
        node = system.tape.linear([(-1.0, node)])
        margin = AREA_MARGIN if condition.power > 1 else VIOLATION
    system.violation(node, condition, margin)
