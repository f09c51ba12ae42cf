"""Levenberg-Marquardt for several starts at once, and the polish to full precision."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.diagram.constraints import Residuals

Array = NDArray[np.float64]
_EXACT: Final = 1e-13


#: A step that gains less of the cost (a share) gets nowhere: where there is a figure, steps gain much more.
_SLOW: Final = 1e-2
#: How much longer than its budget of processor time a busy machine may take.
_PATIENCE: Final = 2.5


@dataclass
class Clock:
    """A budget of processor time that is polled, so that a busy machine finds the figures of an idle one.

    ``deadline`` in seconds of this thread's processor time; by the clock on the wall it is never reached
    before ``soonest``, and no longer waited for after ``latest``.
    """

    deadline: float
    soonest: float
    latest: float

    @classmethod
    def after(cls, seconds: float) -> Clock:
        """So many seconds from now."""
        now = time.perf_counter()
        return cls(time.thread_time() + seconds, now + seconds, now + _PATIENCE * seconds)

    def over(self) -> bool:
        """Whether the time is spent."""
        now = time.perf_counter()
        return now >= self.soonest and (now >= self.latest or time.thread_time() >= self.deadline)


class Solver:
    """Minimises the active rows of some residuals.

    ``active`` selects rows; ``weight`` (rows,) weighs them.  ``size`` (models,) is the scale of each model.
    ``inflate`` widens the margins of hinges: narrow ones let a wrong order squeeze through.
    """

    def __init__(
        self,
        residuals: Residuals,
        active: NDArray[np.bool_],
        size: Array,
        symbols: Array,
        inflate: float = 1.0,
    ) -> None:
        self.residuals = residuals
        self.rows = np.flatnonzero(active)
        self.size = size
        self.slots = residuals.slots[self.rows]
        self.hinge = ~residuals.equation[self.rows]
        self.margin = residuals.margin[self.rows] * inflate
        self.wrap = np.flatnonzero(residuals.wraps[self.rows])
        self.unit = residuals.unit[self.rows]
        self.factors = residuals.weights(size)[:, self.rows]
        # Unknowns are measured in units of the figure (or of the symbol), so that one damping fits all.
        self.column = np.ones((len(size), residuals.unknowns))
        count = residuals.unknowns - symbols.shape[1]
        self.column[:, :count] = size[:, None]
        self.column[:, count:] = symbols

    def errors(self, values: Array) -> Array:
        """The residuals (models, active rows)."""
        raw = values[:, self.slots]
        if len(self.wrap):
            angles = raw[:, self.wrap]
            raw[:, self.wrap] = angles - 360.0 * np.round(angles / 360.0)
        scaled = raw * self.factors
        return np.where(self.hinge, np.minimum(scaled - self.margin, 0.0), scaled)

    def jacobian(self, gradients: Array, errors: Array) -> tuple[Array, Array]:
        """Errors and gradients of those rows that are not satisfied hinges in every model."""
        live = ~self.hinge | (errors < 0).any(axis=0)
        kept = np.flatnonzero(live)
        matrix = gradients[:, self.slots[kept], :]
        factors = self.factors[:, kept]
        idle = self.hinge[kept] & (errors[:, kept] == 0)
        factors = np.where(idle, 0.0, factors)
        matrix *= factors[:, :, None]
        matrix *= self.column[:, None, :]
        return errors[:, kept], matrix

    def minimise(
        self, x: Array, clock: Clock, iterations: int = 60, good: float = 1e-9
    ) -> tuple[Array, Array]:
        """Run Levenberg-Marquardt on all models; returns the models and their sums of squares."""
        tape = self.residuals.tape
        x = x.copy()
        models, unknowns = x.shape
        damping = np.full(models, 1e-2)
        grow = np.full(models, 4.0)
        values, gradients = tape.evaluate(x)
        errors = self.errors(values)
        cost = _cost(errors)
        short, matrix = self.jacobian(gradients, errors)
        normal, slope = _normal(matrix, short)
        diagonal = np.arange(unknowns)
        stalled = np.zeros(models, dtype=int)
        for _ in range(iterations):
            if clock.over():
                break
            system = normal.copy()
            system[:, diagonal, diagonal] += (
                damping[:, None] * (1.0 + 0.1 * normal[:, diagonal, diagonal]) + 1e-12
            )
            step = _solve(system, slope)
            trial = x - step * self.column
            values, gradients = tape.evaluate(trial)
            errors = self.errors(values)
            new = _cost(errors)
            better = new < cost
            gain = cost - new
            stalled = np.where(gain < _SLOW * cost, stalled + 1, 0)
            if better.any():
                short, matrix = self.jacobian(gradients, errors)
                fresh, slant = _normal(matrix, short)
                pick = better[:, None, None]
                normal = np.where(pick, fresh, normal)
                slope = np.where(better[:, None], slant, slope)
                x = np.where(better[:, None], trial, x)
                cost = np.where(better, new, cost)
            grow = np.where(better, 4.0, grow * 1.5)
            damping = np.where(better, np.maximum(damping * 0.2, 1e-12), np.minimum(damping * grow, 1e8))
            if ((cost < good * good) | (stalled > 5)).all():
                break
        return x, cost

    def polish(self, x: Array, clock: Clock, iterations: int = 30) -> tuple[Array, Array]:
        """Newton steps of least norm on the active rows; models and largest errors."""
        tape = self.residuals.tape
        x = x.copy()
        values, gradients = tape.evaluate(x)
        errors = self.errors(values)
        worst = _worst(errors)
        for _ in range(iterations):
            todo = np.flatnonzero((worst > _EXACT) & (worst < 0.1))
            if not len(todo) or clock.over():
                break
            short, matrix = self.jacobian(gradients, errors)
            trial = x.copy()
            for k in todo:
                try:
                    step = np.linalg.lstsq(matrix[k], short[k], rcond=1e-9)[0]
                except np.linalg.LinAlgError:
                    continue
                trial[k] -= step * self.column[k]
            values, gradients = tape.evaluate(trial)
            fresh = self.errors(values)
            new = _worst(fresh)
            better = new < worst
            if not better.any():
                break
            # Models that were not touched count as moved: then values and gradients stand for all.
            better[np.setdiff1d(np.arange(len(x)), todo)] = True
            progress = (new[better] < 0.7 * worst[better]).any()
            x = np.where(better[:, None], trial, x)
            worst = np.where(better, new, worst)
            if not progress:
                break
            if not better.all():
                values, gradients = tape.evaluate(x)
                fresh = self.errors(values)
            errors = fresh
        return x, worst


def _cost(errors: Array) -> Array:
    total: Array = np.einsum("mr,mr->m", errors, errors)
    return np.where(np.isfinite(total), total, np.inf)


def _worst(errors: Array) -> Array:
    if errors.shape[1] == 0:
        return np.zeros(len(errors))
    worst: Array = np.abs(errors).max(axis=1)
    return np.where(np.isfinite(worst), worst, np.inf)


def _normal(matrix: Array, errors: Array) -> tuple[Array, Array]:
    """Normal matrices and slopes; what is not finite is cut off."""
    if not (np.isfinite(matrix).all() and np.isfinite(errors).all()):
        matrix = np.nan_to_num(matrix, posinf=1e12, neginf=-1e12)
        errors = np.nan_to_num(errors, posinf=1e12, neginf=-1e12)
    transposed = matrix.transpose(0, 2, 1)
    return transposed @ matrix, (transposed @ errors[:, :, None])[:, :, 0]


def _solve(system: Array, slope: Array) -> Array:
    try:
        step = np.linalg.solve(system, slope[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        damped = system + 1e-6 * np.eye(system.shape[1])
        try:
            step = np.linalg.solve(damped, slope[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            return slope
    return step.astype(np.float64, copy=False)
