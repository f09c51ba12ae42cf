"""Outcomes and budgets that all strategies share."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field
from enum import StrEnum

from fgps.engine.records import GoalResult


class Status(StrEnum):
    """How a search ended."""

    SOLVED = "solved"
    SATURATED = "saturated"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    INCONSISTENT = "inconsistent"
    ERROR = "error"


class OutOfBudget(Exception):
    """Raised inside a search when its budget is spent; strategies turn it into an outcome."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.value)
        self.status = status


@dataclass
class SearchBudget:
    """Limits of one search, polled by `check`: seconds, applied steps, memory in megabytes."""

    seconds: float = 10.0
    steps: int = 100_000
    megabytes: int = 4096
    started: float = field(default_factory=time.perf_counter)
    used: int = 0
    _polls: int = 0

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    def left(self) -> float:
        """Seconds that remain, at least 0."""
        return max(0.0, self.seconds - self.elapsed())

    def check(self) -> None:
        """Raise `OutOfBudget` when a limit is passed."""
        if self.elapsed() > self.seconds or self.used > self.steps:
            raise OutOfBudget(Status.TIMEOUT)
        self._polls += 1
        # Asking the system is slow, on some machines very slow.
        if self._polls % 1024 == 0 and _megabytes() > self.megabytes:
            raise OutOfBudget(Status.MEMORY)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The outcome of a search: its status, the goal, how much was tried."""

    status: Status
    goal: GoalResult
    applied: int
    tried: int
    message: str = ""
