"""From a problem to numeric models of it: the whole chain of this package.

Everything is asked for first; what the figure cannot satisfy is then given up stage by stage
(``attempt.py``): convex corners, the side from which an angle is read, the orientation of given relations,
and at last order and orientation of the construction itself.  What was given up against the problem's words
becomes a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.attempt import EXACT, SOFT, STAGES, STRICT, Attempt, Rows, Stage, Workshop
from fgps.diagram.constraints import Residuals, Tier
from fgps.diagram.model import Clash, Diagram, Outcome
from fgps.diagram.solve import Clock
from fgps.lang.ast import Call
from fgps.lang.printer import print_term
from fgps.problem.model import Problem

Array = NDArray[np.float64]

#: Largest error of data that was merely rounded.
ROUNDED: Final = 0.05
#: Errors below this are no clash.
_CLASH: Final = 1e-8


def synthesize(problem: Problem, seed: int = 0, models: int = 3, budget: float = 2.0) -> Diagram:
    """Numeric models of a problem.

    Deterministic for a seed, unless the ``budget`` cuts it short: seconds of processor time, at most
    2.5 times as long by the clock.  Reads the construction and the givens; of the goal only which symbols
    occur in it, and never the annotated answer.
    """
    return _Synthesis(Workshop(problem, seed, Clock.after(budget)), max(models, 1)).run()


class _Synthesis:
    def __init__(self, workshop: Workshop, models: int) -> None:
        self.shop = workshop
        self.models = models
        self.best: Attempt | None = None
        self.disordered: Attempt | None = None

    def run(self) -> Diagram:
        """Stages of attempts until an exact model is found, else the nearest one."""
        for stage in STAGES:
            found = self.stage(stage)
            if found is not None:
                x, size = self.fill(found, found.good(EXACT), lambda attempt: attempt.good(EXACT))
                return self.diagram("exact", found, x, size)
            if self.shop.clock.over():
                break
        if self.disordered is not None:
            first = self.disordered.disordered()
            x, size = self.fill(self.disordered, first, Attempt.disordered)
            return self.diagram("exact", self.disordered, x, size)
        assert self.best is not None
        return self.nearest(self.best)

    def stage(self, stage: Stage) -> Attempt | None:
        """The attempt that found an exact model, or None; `best` and `disordered` are kept on the way."""
        level = np.inf
        for turn in range(stage.rounds):
            start = self.shop.starts(max(self.models, 3), shape_first=turn % 2 == 1)
            residuals = self.choose(stage, start[0])
            if residuals is None:
                return None
            attempt = self.shop.attempt(residuals, stage, start, wide=turn % 2 == 0)
            if len(attempt.good(EXACT)):
                return attempt
            if self.disordered is None and len(attempt.disordered()):
                self.disordered = attempt
            if self.best is None or attempt.rank() < self.best.rank():
                self.best = attempt
            # Two rounds that end at the same depth have found the bottom.
            reached = float(attempt.cost.min())
            same = turn > 1 and level > 1e-12 and abs(reached - level) < 1e-3 * level
            if self.shop.clock.over() or same:
                return None
            level = min(level, reached)
        return None

    def choose(self, stage: Stage, start: Array) -> Residuals | None:
        """The residuals of a stage; None if they would be those of an earlier one."""
        if stage.turned:
            return self.shop.turned(start)
        if stage.spare and self.best is not None:
            return self.shop.spared(self.best)
        return self.shop.residuals

    def fill(self, found: Attempt, first: Rows, choose: Callable[[Attempt], Rows]) -> tuple[Array, Array]:
        """Enough models, the most readable first; more by moving the free parameters of those found."""
        x, size = found.x[first][: self.models], found.size[first][: self.models]
        for _ in range(3):
            missing = self.models - len(x)
            if missing <= 0 or self.shop.clock.over():
                break
            origin = np.arange(missing) % len(x)
            moved = self.shop.moved(found.residuals, x[origin], size[origin])
            attempt = self.shop.attempt(found.residuals, found.stage, (moved, size[origin]))
            more = choose(attempt)
            x = np.concatenate((x, attempt.x[more]))
            size = np.concatenate((size, attempt.size[more]))
        while len(x) < self.models:
            x, size = np.concatenate((x, x[:1])), np.concatenate((size, size[:1]))
        order = np.argsort(-self.shop.spread(found.residuals, x, size), kind="stable")
        return x[order], size[order]

    def nearest(self, best: Attempt) -> Diagram:
        """No exact model: the nearest one, and what clashes in it."""
        pool = np.flatnonzero(best.valid) if best.valid.any() else np.arange(len(best.x))
        first = pool[np.argsort(best.loose[pool], kind="stable")[:1]]
        worst = float(best.loose[first][0])
        outcome: Outcome = "none" if self.shop.clock.over() else "inconsistent"
        if best.valid[first][0] and worst < ROUNDED:
            outcome = "rounded"
        x, size = best.x[first], best.size[first]
        if outcome == "rounded":
            x, size = self.fill(best, first, lambda attempt: attempt.good(1.2 * worst))
        return self.diagram(outcome, best, x, size, worst)

    # Results --------------------------------------------------------------------------------

    def diagram(
        self, outcome: Outcome, found: Attempt, x: Array, size: Array, tolerance: float = 0.0
    ) -> Diagram:
        """The models as a `Diagram`."""
        shop, tape = self.shop, self.shop.tape
        clashes = () if outcome == "exact" else self.clashes(found, x[:1], size[:1])
        x = self.resized(found.residuals, x, size)
        places = x[:, : 2 * tape.planar].reshape(len(x), tape.planar, 2)
        count = len(tape.points)
        errors = np.abs(found.residuals.errors(x, shop.sizes(x)))
        worst = float(errors.max()) if errors.size else 0.0
        return Diagram(
            outcome=outcome,
            points=tape.points,
            coordinates=places[:, :count],
            circles=tape.circles,
            centres=places[:, count:],
            radii=x[:, 2 * tape.planar : shop.planar],
            symbols={name: x[:, index] for name, index in tape.symbol_index.items()},
            residual=worst,
            tolerance=0.0 if outcome == "exact" else max(tolerance, worst),
            clashes=clashes,
            warnings=(*shop.system.warnings, *self.given_up(found, x)),
            reread=self.reread(found, x),
            theory=shop.problem.theory,
        )

    def clashes(self, found: Attempt, x: Array, size: Array) -> tuple[Clash, ...]:
        """The statements that a model does not satisfy, worst first."""
        errors = np.abs(found.residuals.errors(x, size))[0]
        worst: dict[int, float] = {}
        for row in np.argsort(-errors, kind="stable"):
            source = int(found.residuals.source[row])
            if errors[row] > _CLASH and source >= 0:
                worst.setdefault(source, float(errors[row]))
        return tuple(Clash(self.shop.system.sources[source], error) for source, error in worst.items())

    def given_up(self, found: Attempt, x: Array) -> list[str]:
        """Warnings for what the models do not satisfy as written (convexity was only a preference)."""
        plain, sources = self.shop.residuals, self.shop.system.sources
        scaled = plain.scaled(plain.tape.values(x[:1]), self.shop.sizes(x[:1]))[0]
        warnings: dict[str, None] = {}
        for row in np.flatnonzero(found.residuals.slots != plain.slots):
            statement = print_term(sources[int(plain.source[row])])
            warnings[f"{statement}: the angle was read from the other side"] = None
        hinges = ~plain.equation & ~np.isin(plain.tier, sorted(SOFT))
        for row in np.flatnonzero(hinges & (scaled <= STRICT)):
            source, tier = int(plain.source[row]), Tier(plain.tier[row])
            if source >= 0:
                warnings[f"{print_term(sources[source])}: its orientation does not fit the figure"] = None
            elif tier in _BROKEN:
                warnings[_BROKEN[tier]] = None
        return list(warnings)

    def reread(self, found: Attempt, x: Array) -> tuple[Call, ...]:
        """The givens that the models satisfy only in another reading: angle turned, or sense reversed."""
        plain = self.shop.residuals
        scaled = plain.scaled(plain.tape.values(x[:1]), self.shop.sizes(x[:1]))[0]
        other = (plain.tier == Tier.SENSE) & (scaled <= STRICT) | (found.residuals.slots != plain.slots)
        sources = sorted({int(source) for source in plain.source[other] if source >= 0})
        return tuple(self.shop.system.sources[source] for source in sources)

    def resized(self, residuals: Residuals, x: Array, size: Array) -> Array:
        """Where nothing fixes the size, every model gets its own, so that lengths are seen to be free."""
        trial = x.copy()
        trial[:, : self.shop.planar] *= 1.25
        before, after = residuals.errors(x, size), residuals.errors(trial, 1.25 * size)
        if before.size and np.abs(after - before).max() > _CLASH:
            return x
        result = x.copy()
        for k in range(len(x)):
            result[k, : self.shop.planar] *= 1.0 + 0.23 * k
        return result


_BROKEN: Final = {
    Tier.CELL: "a region of the construction is not counter-clockwise in the figure",
    Tier.REGION: "a region of the construction is not counter-clockwise in the figure",
    Tier.ORDER: "points on a line are not in the order of the construction",
    Tier.CIRCLE: "points on a circle are not in the order of the construction",
    Tier.APART: "points of the construction coincide",
}
