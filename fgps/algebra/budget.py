"""A budget of time and steps that long computations poll."""

from __future__ import annotations

import time


class OutOfBudget(Exception):
    """Internal signal: the budget is spent.  Never leaves `fgps.algebra`."""


class Budget:
    """``seconds`` of wall-clock time and ``steps`` of work, whichever ends first (None: unlimited).

    A step is about the reduction of one term.  The clock is read every 256 steps.
    """

    __slots__ = ("_check", "deadline", "steps")

    def __init__(self, seconds: float | None = None, steps: int | None = None) -> None:
        self.deadline = None if seconds is None else time.perf_counter() + seconds
        self.steps = -1 if steps is None else steps
        self._check = 0

    def spend(self, amount: int = 1) -> None:
        """Take ``amount`` steps; raises `OutOfBudget` when nothing is left."""
        if self.steps >= 0:
            self.steps -= amount
            if self.steps < 0:
                self.steps = 0
                raise OutOfBudget
        self._check += amount
        if self._check >= 256:
            self._check = 0
            if self.deadline is not None and time.perf_counter() > self.deadline:
                raise OutOfBudget

    def poll(self) -> None:
        """Look at the clock alone: for work that has no count; raises `OutOfBudget` when the time is over."""
        if self.deadline is not None and time.perf_counter() > self.deadline:
            raise OutOfBudget

    @property
    def exhausted(self) -> bool:
        """Is nothing left?"""
        return self.steps == 0 or (self.deadline is not None and time.perf_counter() > self.deadline)
