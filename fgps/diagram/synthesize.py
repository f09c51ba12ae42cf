"""From a problem to numeric models of it: the whole chain of this package.

Everything is asked for first; what the figure cannot satisfy is then given up step by step (`_STAGES`): convex
corners, the orientation of given relations, the side from which an angle is read, and at last order and
orientation of the construction itself.  What was given up against the problem's words becomes a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import MARGIN, FigureTape, Residuals, System, Tier
from fgps.diagram.figure import add_construction
from fgps.diagram.model import Clash, Diagram, Outcome
from fgps.diagram.solve import Clock, Solver
from fgps.diagram.start import fit_size_and_symbols, size_from_numbers, starting_points, unknowns_of
from fgps.lang.ast import Call, Number, calls, symbols
from fgps.lang.printer import print_term
from fgps.problem.build import free_symbols
from fgps.problem.model import Problem

Array = NDArray[np.float64]
Tiers = frozenset[Tier]

#: Largest scaled error of an exact model, and of data that was merely rounded.
EXACT: Final = 1e-10
ROUNDED: Final = 0.03
#: What is smaller counts as no order at all.
_STRICT: Final = 1e-6
#: How much wider margins are while only the shape is looked for.
_INFLATE: Final = 12.0
_WIDE: Final = 10.0
#: A figure that outgrows its scale by more than this is measured anew.
_DRIFT: Final = 2.5
_ALL: Final[Tiers] = frozenset(Tier)
_SOFT: Final[Tiers] = frozenset({Tier.CONVEX, Tier.CORNER})
#: What even a figure that contradicts its construction must satisfy.
_LEAST: Final[Tiers] = frozenset({Tier.RANGE, Tier.APART, Tier.ORDER, Tier.CELL})


@dataclass(frozen=True)
class _Stage:
    """Which tiers are asked for, and how often to try.

    ``spare``: convex corners that the best model so far could not keep are given up.  ``turned``: given angles
    may be read from the other side.
    """

    tiers: Tiers
    spare: bool = False
    turned: bool = False
    rounds: int = 2


_STAGES: Final = (
    _Stage(_ALL, rounds=4),
    _Stage(_ALL, spare=True, rounds=2),
    _Stage(_ALL - {Tier.CONVEX}, rounds=4),
    _Stage(_ALL - _SOFT, rounds=3),
    _Stage(_ALL, turned=True, rounds=3),
    _Stage(_ALL - _SOFT - {Tier.SENSE}, turned=True, rounds=2),
    _Stage(_ALL - _SOFT - {Tier.SENSE}, rounds=2),
    _Stage(_ALL - {Tier.CONVEX, Tier.REGION, Tier.CIRCLE}, rounds=2),
)


@dataclass
class _Attempt:
    """Models of one try: unknowns, sizes, largest errors, whether the order is right."""

    residuals: Residuals
    stage: _Stage
    x: Array
    size: Array
    solved: Array
    cost: Array
    worst: Array
    loose: Array  # the same, but errors of lengths relative to these lengths
    valid: NDArray[np.bool_]
    sane: NDArray[np.bool_]

    def good(self, bound: float) -> NDArray[np.intp]:
        """The models in right order with errors below ``bound``."""
        errors = self.worst if bound <= EXACT else self.loose
        return np.flatnonzero(self.valid & (errors < bound))

    def disordered(self) -> NDArray[np.intp]:
        """Exact models that contradict the order or orientation of the construction, but not degenerate ones."""
        return np.flatnonzero(~self.valid & self.sane & (self.worst < EXACT))

    def rank(self) -> tuple[bool, float]:
        """Right order first, then the least error."""
        if self.valid.any():
            return False, float(self.loose[self.valid].min())
        return True, float(self.loose.min())


def synthesize(problem: Problem, seed: int = 0, models: int = 3, budget: float = 2.0) -> Diagram:
    """Numeric models of a problem.

    Deterministic for a seed (unless the ``budget`` in seconds cuts it short).  Reads the construction and
    the givens; of the goal only which symbols occur in it, and never the annotated answer.
    """
    return _Synthesis(problem, seed, models, budget).run()


def has_symbol(sources: Sequence[Call], source: int) -> bool:
    """Whether a row's statement contains a free symbol."""
    return source >= 0 and any(symbol.name != "pi" for symbol in symbols(sources[source]))


def has_number(sources: Sequence[Call], source: int) -> bool:
    """Whether a row's statement contains a number."""
    return source >= 0 and any(
        isinstance(argument, Number) for call in calls(sources[source]) for argument in call.args
    )


class _Synthesis:
    def __init__(self, problem: Problem, seed: int, models: int, budget: float) -> None:
        self.problem = problem
        self.models = max(models, 1)
        self.rng = np.random.default_rng(seed)
        self.clock = Clock.after(budget)
        construction = problem.construction
        self.tape = FigureTape(construction.points, construction.circles, free_symbols(problem))
        self.system = System(problem.theory, self.tape)
        for given in problem.givens:
            if not self.system.state(given.term):
                self.system.warnings.append(f"{print_term(given.term)} has no numeric meaning and was left out")
        add_construction(self.system, construction, problem.declaration.construct)
        self.residuals = self.system.finish()
        scaling = [bool(s.power) and has_number(self.system.sources, s.source) for s in self.system.rows]
        symbolic = [has_symbol(self.system.sources, row.source) for row in self.system.rows]
        #: The rows that fix the shape of the figure, not its size.
        self.shape = ~np.array(scaling, dtype=bool) & ~np.array(symbolic, dtype=bool)
        self.planar = 2 * self.tape.planar + len(self.tape.circles)

    def run(self) -> Diagram:
        """The chain: stages of attempts until an exact model is found, else the nearest one."""
        best: _Attempt | None = None
        disordered: _Attempt | None = None
        for stage in _STAGES:
            level = np.inf
            for turn in range(stage.rounds):
                start = self.starts(max(self.models, 3), shape_first=turn % 2 == 1)
                residuals: Residuals | None = self.residuals
                if stage.turned:
                    residuals = self.turned(start[0])
                elif stage.spare and best is not None:
                    residuals = self.spared(best)
                if residuals is None:
                    break
                attempt = self.attempt(residuals, stage, start, turn % 2 == 0)
                good = attempt.good(EXACT)
                if len(good):
                    return self.diagram("exact", attempt, *self.fill(attempt, good, EXACT))
                if disordered is None and len(attempt.disordered()):
                    disordered = attempt
                if best is None or attempt.rank() < best.rank():
                    best = attempt
                # Two rounds that end at the same depth have found the bottom.
                reached = float(attempt.cost.min())
                if self.clock.over() or (turn > 1 and abs(reached - level) < 1e-3 * level and level > 1e-12):
                    break
                level = min(level, reached)
            if self.clock.over():
                break
        assert best is not None
        if disordered is not None:
            wrong = disordered.disordered()[:1]
            x, size = disordered.x[wrong], disordered.size[wrong]
            return self.diagram("exact", disordered, x, size)
        return self.nearest(best)

    # Starts and solving ---------------------------------------------------------------------

    def starts(self, count: int, shape_first: bool = False) -> tuple[Array, Array]:
        """Starting vectors and the sizes of their figures.

        ``shape_first`` solves what fixes the shape alone before size and symbols are fitted to the numbers.
        """
        construction = self.problem.construction
        vectors = []
        for _ in range(count):
            statements = self.problem.declaration.construct
            places = starting_points(self.tape, construction, statements, self.rng, shape_first)
            vectors.append(unknowns_of(self.tape, places, construction))
        x = np.array(vectors)
        if shape_first:
            unit = np.ones(count)
            wide = self.solver(self.residuals, self.shape, x, unit, _INFLATE)
            x, _ = wide.minimise(x, self.clock, 25, 1e-6)
        x[:, self.planar :] = self.rng.uniform(5.0, 30.0, (count, x.shape[1] - self.planar))
        size = np.ones(count)
        for k in range(count):
            guess = size_from_numbers(self.residuals, x[k])
            x[k], size[k] = fit_size_and_symbols(self.residuals, x[k], self.planar, guess)
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
        # A wanted value that was fitted to the starting figure (a symbol's) says nothing.
        fitted = np.abs(here).max(axis=0) < 5.0
        wrong = (np.abs(there) < np.abs(here) - 20.0) & ((wanted < 180.0) | residuals.paired[rows])
        lone = fitted & ~residuals.paired[rows]
        better = np.median(np.where(lone, angle > 190.0, wrong), axis=0) > 0.5
        return residuals.turned(rows[better]) if better.any() else None

    def spared(self, best: _Attempt) -> Residuals | None:
        """Residuals without the convex corners that the best model does not keep; None if it keeps them all."""
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

    def attempt(self, residuals: Residuals, stage: _Stage, start: tuple[Array, Array], wide: bool = False) -> _Attempt:
        """Minimise, then polish the equations, then look whether the order survived."""
        x, size = start
        if wide:
            x, _ = self.solver(residuals, stage.tiers, x, size, _WIDE).minimise(x, self.clock, 25)
            size = self.sizes(x)
        for _ in range(3):
            x, cost = self.solver(residuals, stage.tiers, x, size).minimise(x, self.clock)
            grown = self.sizes(x) / size
            size = self.sizes(x)
            if ((grown < _DRIFT) & (grown > 1.0 / _DRIFT) | (cost < 1e-16)).all() or self.clock.over():
                break
        polished, worst = self.solver(residuals, frozenset({Tier.EQUATION}), x, size).polish(x, self.clock)
        misses = residuals.misses(polished)
        loose = np.maximum(worst, misses)
        worst = np.maximum(worst, 1e-3 * misses)
        size = self.sizes(polished)
        valid = self.valid(residuals, polished, size, stage.tiers, _STRICT)
        sane = self.valid(residuals, polished, size, _LEAST, 0.5 * MARGIN)
        return _Attempt(residuals, stage, polished, size, x, cost, worst, loose, valid, sane)

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
        return np.maximum(half, 1e-9)

    def valid(
        self, residuals: Residuals, x: Array, size: Array, tiers: Tiers, strict: float
    ) -> NDArray[np.bool_]:
        """Whether all hinges of these tiers exceed ``strict``, and angles agree without wrapping."""
        scaled = residuals.scaled(residuals.tape.values(x), size)
        hinge = np.isin(residuals.tier, sorted(tiers - {Tier.EQUATION}))
        right = (scaled[:, hinge] > strict).all(axis=1)
        whole = (np.abs(scaled[:, residuals.wraps]) < 1.0).all(axis=1)
        result: NDArray[np.bool_] = right & whole
        return result

    # More models ----------------------------------------------------------------------------

    def fill(self, found: _Attempt, good: NDArray[np.intp], bound: float) -> tuple[Array, Array]:
        """Enough models: further ones by moving the free parameters of those found."""
        x, size = found.x[good][: self.models], found.size[good][: self.models]
        for _ in range(3):
            missing = self.models - len(x)
            if missing <= 0 or self.clock.over():
                break
            origin = np.arange(missing) % len(x)
            moved = self.moved(found.residuals, x[origin], size[origin])
            attempt = self.attempt(found.residuals, found.stage, (moved, size[origin]))
            more = attempt.good(bound)
            x = np.concatenate((x, attempt.x[more]))
            size = np.concatenate((size, attempt.size[more]))
        while len(x) < self.models:
            x, size = np.concatenate((x, x[:1])), np.concatenate((size, size[:1]))
        return x, size

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

    # Results --------------------------------------------------------------------------------

    def diagram(
        self,
        outcome: Outcome,
        found: _Attempt,
        x: Array,
        size: Array,
        clashes: tuple[Clash, ...] = (),
        tolerance: float = 0.0,
    ) -> Diagram:
        """The models as a `Diagram`."""
        tape = self.tape
        x = self.resized(found.residuals, x, size)
        places = x[:, : 2 * tape.planar].reshape(len(x), tape.planar, 2)
        count = len(tape.points)
        errors = np.abs(found.residuals.errors(x, self.sizes(x)))
        worst = float(errors.max()) if errors.size else 0.0
        return Diagram(
            outcome=outcome,
            points=tape.points,
            coordinates=places[:, :count],
            circles=tape.circles,
            centres=places[:, count:],
            radii=x[:, 2 * tape.planar : self.planar],
            symbols={name: x[:, index] for name, index in tape.symbol_index.items()},
            residual=worst,
            tolerance=max(tolerance, worst) if outcome != "exact" else 0.0,
            clashes=clashes,
            warnings=(*self.system.warnings, *self.given_up(found, x)),
            theory=self.problem.theory,
        )

    def given_up(self, found: _Attempt, x: Array) -> list[str]:
        """Warnings for what the models do not satisfy as written (convexity was only a preference)."""
        plain = self.residuals
        scaled = plain.scaled(plain.tape.values(x[:1]), self.sizes(x[:1]))[0]
        warnings: dict[str, None] = {}
        for row in np.flatnonzero(found.residuals.slots != plain.slots):
            statement = print_term(self.system.sources[int(plain.source[row])])
            warnings[f"{statement}: the angle was read from the other side"] = None
        hinges = ~plain.equation & ~np.isin(plain.tier, sorted(_SOFT))
        for row in np.flatnonzero(hinges & (scaled <= _STRICT)):
            source, tier = int(plain.source[row]), Tier(plain.tier[row])
            if source >= 0:
                statement = print_term(self.system.sources[source])
                warnings[f"{statement}: its orientation does not fit the figure"] = None
            elif tier in (Tier.CELL, Tier.REGION):
                warnings["a region of the construction is not counter-clockwise in the figure"] = None
            elif tier in (Tier.ORDER, Tier.CIRCLE):
                warnings["points on a line or circle are not in the order of the construction"] = None
            elif tier == Tier.APART:
                warnings["points of the construction coincide"] = None
        return list(warnings)

    def resized(self, residuals: Residuals, x: Array, size: Array) -> Array:
        """Where nothing fixes the size, every model gets its own, so that lengths are seen to be free."""
        trial = x.copy()
        trial[:, : self.planar] *= 1.25
        before, after = residuals.errors(x, size), residuals.errors(trial, 1.25 * size)
        if before.size and np.abs(after - before).max() > 1e-8:
            return x
        result = x.copy()
        for k in range(len(x)):
            result[k, : self.planar] *= 1.0 + 0.23 * k
        return result

    def nearest(self, best: _Attempt) -> Diagram:
        """No exact model: the nearest one, and what clashes in it."""
        pool = np.flatnonzero(best.valid) if best.valid.any() else np.arange(len(best.x))
        first = pool[np.argsort(best.loose[pool], kind="stable")[:1]]
        worst = float(best.loose[first][0])
        outcome: Outcome = "none" if self.clock.over() else "inconsistent"
        if best.valid[first][0] and worst < ROUNDED:
            outcome = "rounded"
        x, size = best.x[first], best.size[first]
        if outcome == "rounded":
            x, size = self.fill(best, first, 1.2 * worst)
        errors = np.abs(best.residuals.errors(x[:1], size[:1]))[0]
        clashes: dict[int, float] = {}
        for row in np.argsort(-errors, kind="stable"):
            source = int(best.residuals.source[row])
            if errors[row] > 1e-8 and source >= 0:
                clashes.setdefault(source, float(errors[row]))
        named = tuple(Clash(self.system.sources[source], error) for source, error in clashes.items())
        return self.diagram(outcome, best, x, size, named, worst)
