"""From a problem to numeric models of it: the whole chain of this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import FigureTape, Residuals, System, Tier
from fgps.diagram.figure import add_construction
from fgps.diagram.model import Clash, Diagram
from fgps.diagram.solve import Clock, Solver
from fgps.diagram.start import fit_size_and_symbols, size_from_numbers, starting_points, unknowns_of
from fgps.lang.ast import Call
from fgps.problem.build import free_symbols
from fgps.problem.model import Problem

Array = NDArray[np.float64]

#: Largest scaled error of an exact model, and of data that was merely rounded.
EXACT: Final = 1e-10
ROUNDED: Final = 0.03
#: What is asked for, from everything to only what cannot be given up.
_ALL: Final = frozenset(Tier)
_STAGES: Final = (
    _ALL,
    _ALL - {Tier.CONVEX},
    _ALL - {Tier.CONVEX, Tier.SENSE},
)


@dataclass
class _Attempt:
    """Models found by one stage: unknowns, sizes, largest errors, and whether the order is right."""

    x: Array
    size: Array
    worst: Array
    valid: NDArray[np.bool_]
    stage: int


def synthesize(problem: Problem, seed: int = 0, models: int = 3, budget: float = 2.0) -> Diagram:
    """Numeric models of a problem.

    Deterministic for a seed (unless the ``budget`` in seconds cuts it short).  Reads the construction and
    the givens; of the goal only which symbols occur in it, and never the annotated answer.
    """
    return _Synthesis(problem, seed, models, budget).run()


class _Synthesis:
    def __init__(self, problem: Problem, seed: int, models: int, budget: float) -> None:
        self.problem = problem
        self.models = models
        self.rng = np.random.default_rng(seed)
        self.clock = Clock.after(budget)
        construction = problem.construction
        self.tape = FigureTape(construction.points, construction.circles, free_symbols(problem))
        self.system = System(problem.theory, self.tape)
        for given in problem.givens:
            self.system.state(given.term)
        add_construction(self.system, construction, problem.declaration.construct)
        self.residuals: Residuals = self.system.finish()
        self.planar = 2 * self.tape.planar + len(self.tape.circles)
        self.best: _Attempt | None = None

    def run(self) -> Diagram:
        """The chain: starts, stages, models."""
        found = None
        for stage, tiers in enumerate(_STAGES):
            for _ in range(3):
                attempt = self.attempt(stage, tiers, self.starts(max(self.models, 3)))
                good = np.flatnonzero(attempt.valid & (attempt.worst < EXACT))
                if len(good):
                    found = attempt
                    break
                if self.clock.over():
                    break
            if found or self.clock.over():
                break
        if found is not None:
            good = np.flatnonzero(found.valid & (found.worst < EXACT))
            x, size = self.fill(found.x[good], found.size[good], _STAGES[found.stage], found.stage)
            return self.diagram("exact", x, size, found.stage)
        return self.failed()

    # Starts and solving ---------------------------------------------------------------------

    def starts(self, count: int) -> tuple[Array, Array]:
        """Starting vectors and the sizes of their figures."""
        vectors, sizes = [], []
        for _ in range(count):
            places = starting_points(self.tape, self.problem.construction, self.rng)
            x = unknowns_of(self.tape, places, self.problem.construction)
            x[self.planar :] = self.rng.uniform(5.0, 30.0, len(x) - self.planar)
            size = size_from_numbers(self.residuals, x)
            x, size = fit_size_and_symbols(self.residuals, x, self.planar, size)
            vectors.append(x)
            sizes.append(size)
        return np.array(vectors), np.array(sizes)

    def solver(self, tiers: frozenset[Tier], x: Array, size: Array) -> Solver:
        """A solver for these tiers."""
        active = np.isin(self.residuals.tier, sorted(tiers))
        symbols = np.maximum(np.abs(x[:, self.planar :]), 1.0)
        return Solver(self.residuals, self.planar, active, size, symbols)

    def attempt(self, stage: int, tiers: frozenset[Tier], start: tuple[Array, Array]) -> _Attempt:
        """Minimise, then polish the equations, then look whether the order survived."""
        x, size = start
        x, _ = self.solver(tiers, x, size).minimise(x, self.clock)
        size = self.sizes(x)
        x, worst = self.solver(frozenset({Tier.EQUATION}), x, size).polish(x, self.clock)
        result = _Attempt(x, size, worst, self.valid(x, size, tiers), stage)
        if self.best is None or self.rank(result) < self.rank(self.best):
            self.best = result
        return result

    def rank(self, attempt: _Attempt) -> float:
        """The least error of an attempt; wrong order counts."""
        return float(np.where(attempt.valid, attempt.worst, attempt.worst + 1.0).min())

    def sizes(self, x: Array) -> Array:
        """Half the diagonal of each model's box."""
        count = len(self.tape.points) or self.tape.planar
        if not count:
            return np.ones(len(x))
        places = x[:, : 2 * count].reshape(len(x), -1, 2)
        spread = np.ptp(places, axis=1)
        return np.maximum(0.5 * np.hypot(spread[:, 0], spread[:, 1]), 1e-9)

    def valid(self, x: Array, size: Array, tiers: frozenset[Tier]) -> NDArray[np.bool_]:
        """Whether all hinges of these tiers are on the right side, and angles agree without wrapping."""
        residuals = self.residuals
        scaled = residuals.scaled(residuals.tape.values(x), size)
        hinge = np.isin(residuals.tier, sorted(tiers - {Tier.EQUATION}))
        right = (scaled[:, hinge] > 1e-6).all(axis=1)
        wraps = residuals.wraps
        whole = (np.abs(scaled[:, wraps]) < 1.0).all(axis=1)
        result: NDArray[np.bool_] = right & whole
        return result

    # More models ----------------------------------------------------------------------------

    def fill(self, x: Array, size: Array, tiers: frozenset[Tier], stage: int) -> tuple[Array, Array]:
        """Enough models: further ones by moving the free parameters of those found."""
        x, size = x[: self.models], size[: self.models]
        for _ in range(4):
            missing = self.models - len(x)
            if missing <= 0:
                break
            origin = np.arange(missing) % len(x)
            moved = self.moved(x[origin], size[origin])
            attempt = self.attempt(stage, tiers, (moved, size[origin]))
            good = np.flatnonzero(attempt.valid & (attempt.worst < EXACT))
            x = np.concatenate((x, attempt.x[good]))
            size = np.concatenate((size, attempt.size[good]))
            if self.clock.over():
                break
        while len(x) < self.models:
            x, size = np.concatenate((x, x[:1])), np.concatenate((size, size[:1]))
        return x, size

    def moved(self, x: Array, size: Array) -> Array:
        """A random step along the null space of the equations' gradients."""
        solver = self.solver(frozenset({Tier.EQUATION}), x, size)
        values, gradients = self.residuals.tape.evaluate(x)
        errors = solver.errors(values)
        _, matrix = solver.jacobian(gradients, errors)
        moved = x.copy()
        for k in range(len(x)):
            step = self.rng.normal(0.0, 0.15, x.shape[1])
            if matrix.shape[1]:
                step -= np.linalg.lstsq(matrix[k], matrix[k] @ step, rcond=1e-9)[0]
            moved[k] += step * solver.column[k]
        return moved

    # Results --------------------------------------------------------------------------------

    def diagram(self, outcome: str, x: Array, size: Array, stage: int, clashes: tuple[Clash, ...] = ()) -> Diagram:
        """The models as a `Diagram`."""
        tape = self.tape
        x = self.resized(x, size)
        places = x[:, : 2 * tape.planar].reshape(len(x), tape.planar, 2)
        count = len(tape.points)
        symbols = {name: x[:, index] for name, index in tape.symbol_index.items()}
        first = 2 * tape.planar
        errors = np.abs(self.residuals.errors(x, self.sizes(x)))
        worst = float(errors.max()) if errors.size else 0.0
        return Diagram(
            outcome=outcome,  # type: ignore[arg-type]
            points=tape.points,
            coordinates=places[:, :count],
            circles=tape.circles,
            centres=places[:, count:],
            radii=x[:, first : first + len(tape.circles)],
            symbols=symbols,
            residual=worst,
            tolerance=worst if outcome in ("rounded", "inconsistent") else 0.0,
            clashes=clashes,
            warnings=tuple(self.system.warnings),
            theory=self.problem.theory,
        )

    def resized(self, x: Array, size: Array) -> Array:
        """Where nothing fixes the size, every model gets its own, so that lengths are seen to be free."""
        if len(x) < 2:
            return x
        trial = x.copy()
        trial[:, : self.planar] *= 1.25
        errors = self.residuals.errors(trial, 1.25 * size)
        if errors.size and np.abs(errors).max() > 1e-8:
            return x
        result = x.copy()
        for k in range(len(x)):
            result[k, : self.planar] *= 1.0 + 0.23 * k
        return result

    def failed(self) -> Diagram:
        """No exact model: the nearest one, and what clashes in it."""
        best = self.best
        assert best is not None
        order = np.argsort(np.where(best.valid, best.worst, best.worst + 1.0), kind="stable")[:1]
        x, size = best.x[order], best.size[order]
        errors = np.abs(self.residuals.errors(x, size))[0]
        clashes: dict[int, float] = {}
        for row in np.argsort(-errors, kind="stable"):
            source = int(self.residuals.source[row])
            if errors[row] > 1e-6 and source >= 0:
                clashes.setdefault(source, float(errors[row]))
        named = tuple(Clash(self.statement(source), error) for source, error in clashes.items())
        worst = float(best.worst[order][0])
        outcome = "none"
        if best.valid[order][0]:
            outcome = "rounded" if worst < ROUNDED else "inconsistent"
        return self.diagram(outcome, x, size, best.stage, named)

    def statement(self, source: int) -> Call:
        """The statement behind a row."""
        return self.system.sources[source]
