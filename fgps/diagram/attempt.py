"""One try at a figure: from starting points through least squares to polished models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import MARGIN, FigureTape, Residuals, System, Tier
from fgps.diagram.figure import add_construction
from fgps.diagram.solve import Clock, Solver
from fgps.diagram.start import (
    drawn_points,
    fit_size_and_symbols,
    sizes_from_numbers,
    starting_points,
    unknowns_of,
)
from fgps.lang.ast import Call, Number, calls, symbols
from fgps.lang.printer import print_term
from fgps.problem.build import free_symbols
from fgps.problem.model import Problem

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
Tiers = frozenset[Tier]

#: Largest scaled error of an exact model.
EXACT: Final = 1e-10
#: What is smaller counts as no order at all.
STRICT: Final = 1e-6
#: How much wider margins are in every other try: narrow ones let a wrong order squeeze through.
_WIDE: Final = 10.0
#: A figure that outgrows its scale by more than this is measured anew.
_DRIFT: Final = 2.5
_ALL: Final[Tiers] = frozenset(Tier)
#: Asked for wherever the figure allows.
SOFT: Final[Tiers] = frozenset({Tier.CONVEX, Tier.CORNER})
#: What even a figure that contradicts its construction must satisfy.
_LEAST: Final[Tiers] = frozenset({Tier.RANGE, Tier.APART, Tier.ORDER, Tier.CELL})


@dataclass(frozen=True)
class Stage:
    """Which tiers are asked for, and how often to try.

    ``spare``: convex corners that the best model so far could not keep are given up.  ``turned``: given
    angles may be read from the other side.
    """

    tiers: Tiers
    spare: bool = False
    turned: bool = False
    rounds: int = 2


#: From everything to what cannot be given up.
STAGES: Final = (
    Stage(_ALL, rounds=4),
    Stage(_ALL, spare=True, rounds=2),
    Stage(_ALL - {Tier.CONVEX}, rounds=4),
    Stage(_ALL - SOFT, rounds=3),
    Stage(_ALL, turned=True, rounds=3),
    Stage(_ALL - SOFT - {Tier.SENSE}, turned=True, rounds=2),
    Stage(_ALL - SOFT - {Tier.SENSE}, rounds=2),
    Stage(_ALL - {Tier.CONVEX, Tier.REGION, Tier.CIRCLE}, rounds=2),
)


@dataclass
class Attempt:
    """Models of one try, an entry of each array for each model.

    ``x``: unknowns, ``solved``: before the polish; ``size``: half the diagonal; ``cost``: sum of squares that
    was reached; ``worst``: largest scaled error; ``loose``: the same, errors of lengths relative to these
    lengths; ``valid``: order and orientation are as asked; ``sane``: at least lines and triangles are.
    """

    residuals: Residuals
    stage: Stage
    x: Array
    solved: Array
    size: Array
    cost: Array
    worst: Array
    loose: Array
    valid: NDArray[np.bool_]
    sane: NDArray[np.bool_]

    def good(self, bound: float) -> Rows:
        """The models in right order with errors below ``bound``."""
        errors = self.worst if bound <= EXACT else self.loose
        return np.flatnonzero(self.valid & (errors < bound))

    def disordered(self) -> Rows:
        """Exact models, not degenerate, that contradict the construction's order or orientation."""
        return np.flatnonzero(~self.valid & self.sane & (self.worst < EXACT))

    def rank(self) -> tuple[bool, float]:
        """Right order first, then the least error."""
        if self.valid.any():
            return False, float(self.loose[self.valid].min())
        return True, float(self.loose.min())


class Workshop:
    """A problem compiled to residuals, and the tools to solve them."""

    def __init__(self, problem: Problem, seed: int, clock: Clock) -> None:
        self.problem = problem
        self.rng = np.random.default_rng(seed)
        self.clock = clock
        construction = problem.construction
        self.tape = FigureTape(construction.points, construction.circles, free_symbols(problem))
        self.system = System(problem.theory, self.tape)
        for given in problem.givens:
            if not self.system.state(given.term):
                left_out = f"{print_term(given.term)} has no numeric meaning and was left out"
                self.system.warnings.append(left_out)
        add_construction(self.system, construction, problem.declaration.construct)
        self.residuals = self.system.finish()
        self.planar = 2 * self.tape.planar + len(self.tape.circles)
        sources = self.system.sources
        fixes_size = [bool(row.power) and has_number(sources, row.source) for row in self.system.rows]
        symbolic = [has_symbol(sources, row.source) for row in self.system.rows]
        #: The rows that fix the shape of the figure, not its size.
        self.shape = ~np.array(fixes_size, dtype=bool) & ~np.array(symbolic, dtype=bool)

    def starts(self, count: int, shape_first: bool = False) -> tuple[Array, Array]:
        """Starting vectors and the sizes of their figures.

        ``shape_first`` solves what fixes the shape alone before size and symbols are fitted to the numbers.
        """
        construction = self.problem.construction
        vectors = []
        declaration = self.problem.declaration
        for k in range(count):
            places = None
            if k == 0 and not shape_first:
                places = drawn_points(self.tape, construction, declaration, self.rng)
            if places is None:
                statements = declaration.construct
                places = starting_points(self.tape, construction, statements, self.rng, shape_first)
            vectors.append(unknowns_of(self.tape, places, construction))
        x = np.array(vectors)
        size = np.ones(count)
        if shape_first:
            x, _ = self.solver(self.residuals, self.shape, x, size, _WIDE).minimise(x, self.clock, 25, 1e-6)
        x[:, self.planar :] = self.rng.uniform(5.0, 30.0, (count, x.shape[1] - self.planar))
        guess = sizes_from_numbers(self.residuals, x)
        x, size = fit_size_and_symbols(self.residuals, x, self.planar, guess)
        return x, self.sizes(x) if shape_first else size

    def turned(self, x: Array) -> Residuals | None:
        """Residuals in which given angles are read from the side on which the figure shows less than 180.

        None if the starting figures (whose orientation is right) show no angle from the wrong side.
        """
        residuals = self.residuals
        values = residuals.tape.values(x)
        rows = np.flatnonzero(residuals.others >= 0)
        if not len(rows):
            return None
        here, there = values[:, residuals.slots[rows]], values[:, residuals.others[rows]]
        angle, wanted = 0.5 * (here - there) + 180.0, 180.0 - 0.5 * (here + there)
        paired = residuals.paired[rows]
        # A wanted value that was fitted to the starting figure (a symbol's) says nothing.
        fitted = (np.abs(here).max(axis=0) < 5.0) & ~paired
        wrong = (np.abs(there) < np.abs(here) - 20.0) & ((wanted < 180.0) | paired)
        better = np.median(np.where(fitted, angle > 190.0, wrong), axis=0) > 0.5
        return residuals.turned(rows[better]) if better.any() else None

    def spared(self, best: Attempt) -> Residuals | None:
        """Residuals without the convex corners that the best model breaks; None if it keeps them all."""
        plain = self.residuals
        k = int(np.argmin(best.cost))
        model, size = best.solved[k : k + 1], best.size[k : k + 1]
        scaled = plain.scaled(plain.tape.values(model), size)[0]
        rows = np.flatnonzero((plain.tier == Tier.CONVEX) & (scaled < 0.5 * plain.margin))
        return plain.without(rows) if len(rows) else None

    def solver(
        self,
        residuals: Residuals,
        tiers: Tiers | NDArray[np.bool_],
        x: Array,
        size: Array,
        inflate: float = 1.0,
    ) -> Solver:
        """A solver for these tiers (or rows)."""
        active = tiers if isinstance(tiers, np.ndarray) else np.isin(residuals.tier, sorted(tiers))
        scales = np.maximum(np.abs(x[:, self.planar :]), 1.0)
        return Solver(residuals, active, size, scales, inflate)

    def attempt(
        self, residuals: Residuals, stage: Stage, start: tuple[Array, Array], wide: bool = False
    ) -> Attempt:
        """Minimise, then polish the equations, then look whether the order survived."""
        x, size = start
        if wide:
            x, _ = self.solver(residuals, stage.tiers, x, size, _WIDE).minimise(x, self.clock, 25)
            size = self.sizes(x)
        for _ in range(3):
            x, cost = self.solver(residuals, stage.tiers, x, size).minimise(x, self.clock)
            grown = self.sizes(x) / size
            size = self.sizes(x)
            settled = (grown < _DRIFT) & (grown > 1.0 / _DRIFT) | (cost < 1e-16)
            if settled.all() or self.clock.over():
                break
        equations = self.solver(residuals, frozenset({Tier.EQUATION}), x, size)
        polished, worst = equations.polish(x, self.clock)
        misses = residuals.misses(polished)
        size = self.sizes(polished)
        valid = self.valid(residuals, polished, size, stage.tiers, STRICT)
        sane = self.valid(residuals, polished, size, _LEAST, 0.5 * MARGIN)
        exact, loose = np.maximum(worst, 1e-3 * misses), np.maximum(worst, misses)
        return Attempt(residuals, stage, polished, x, size, cost, exact, loose, valid, sane)

    def sizes(self, x: Array) -> Array:
        """Half the diagonal of each model's box, circles included."""
        count = self.tape.planar
        if not count:
            return np.ones(len(x))
        places = x[:, : 2 * count].reshape(len(x), -1, 2)
        low, high = places.min(axis=1), places.max(axis=1)
        half = 0.5 * np.hypot(high[:, 0] - low[:, 0], high[:, 1] - low[:, 1])
        if len(self.tape.circles):
            half = np.maximum(half, np.abs(x[:, 2 * count : self.planar]).max(axis=1))
        result: Array = np.maximum(half, 1e-9)
        return result

    def valid(
        self, residuals: Residuals, x: Array, size: Array, tiers: Tiers, strict: float
    ) -> NDArray[np.bool_]:
        """Whether all hinges of these tiers exceed ``strict``, and angles agree without wrapping."""
        scaled = residuals.scaled(residuals.tape.values(x), size)
        hinge = np.isin(residuals.tier, sorted(tiers - {Tier.EQUATION}))
        result: NDArray[np.bool_] = np.all(scaled[:, hinge] > strict, axis=1)
        result &= np.all(np.abs(scaled[:, residuals.wraps]) < 1.0, axis=1)
        return result

    def spread(self, residuals: Residuals, x: Array, size: Array) -> Array:
        """How readable models are, up to 1: points apart, corners and regions neither flat nor thin."""
        hinge = ~residuals.equation & (residuals.tier >= 0)
        if not hinge.any():
            return np.zeros(len(x))
        scaled = residuals.scaled(residuals.tape.values(x), size)[:, hinge]
        result: Array = np.clip(scaled / (_WIDE * residuals.margin[hinge]), 0.0, 1.0).mean(axis=1)
        return result

    def moved(self, residuals: Residuals, x: Array, size: Array) -> Array:
        """A random step along the null space of the equations' gradients."""
        solver = self.solver(residuals, frozenset({Tier.EQUATION}), x, size)
        values, gradients = residuals.tape.evaluate(x)
        _, matrix = solver.jacobian(gradients, solver.errors(values))
        moved = x.copy()
        for k in range(len(x)):
            step = self.rng.normal(0.0, 0.15, x.shape[1])
            if matrix.shape[1]:
                step -= np.linalg.lstsq(matrix[k], matrix[k] @ step, rcond=1e-9)[0]
            moved[k] += step * solver.column[k]
        return moved


def has_symbol(sources: Sequence[Call], source: int) -> bool:
    """Whether a row's statement contains a free symbol."""
    return source >= 0 and any(symbol.name != "pi" for symbol in symbols(sources[source]))


def has_number(sources: Sequence[Call], source: int) -> bool:
    """Whether a row's statement contains a number."""
    return source >= 0 and any(
        isinstance(argument, Number) for call in calls(sources[source]) for argument in call.args
    )
