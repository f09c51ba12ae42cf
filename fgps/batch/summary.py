"""What a run amounts to: successes by level, failures by cause, times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from fgps.batch.jobs import SUCCESS, Record

#: The level groups customary for the formalgeo data: name, lowest and highest level.
LEVELS: Final = (
    ("0-2", 0, 2),
    ("3-4", 3, 4),
    ("5-6", 5, 6),
    ("7-8", 7, 8),
    ("9-10", 9, 10),
    ("11+", 11, 10**9),
)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Counts within one group of levels."""

    level: str
    total: int
    success: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one results file.

    A success is the task's own status (solved, valid, exact) with an answer that is not known to be
    wrong; ``wrong`` counts records that claim a wrong value (`is_wrong`).  Times are in seconds; ``median``,
    ``p95`` and ``worst`` run over the records that have a time.
    """

    task: str
    total: int
    success: int
    wrong: int
    statuses: tuple[tuple[str, int], ...]
    causes: tuple[tuple[str, int], ...]
    levels: tuple[LevelRow, ...]
    median: float | None
    p95: float | None
    worst: float | None

    @property
    def share(self) -> float:
        """Successes over all records (0 for none)."""
        return self.success / self.total if self.total else 0.0

    def as_json(self) -> dict[str, Any]:
        """The summary as a JSON object."""
        return {
            **asdict(self),
            "statuses": dict(self.statuses),
            "causes": dict(self.causes),
            "share": self.share,
        }


def is_success(record: Record) -> bool:
    """Whether the record's task was done (an answer known to be wrong is no success)."""
    return record.get("status") == SUCCESS.get(str(record.get("task"))) and record.get("correct") is not False


def is_wrong(record: Record) -> bool:
    """Whether the record claims a value that is known to be wrong.

    A figure of data that clash (rounded, inconsistent) claims no value.
    """
    claims = record.get("task") != "diagram" or record.get("status") == SUCCESS["diagram"]
    return claims and record.get("correct") is False


def level_of(record: Record) -> str:
    """The name of the record's group of levels (``unknown`` without a level)."""
    level = record.get("level")
    if isinstance(level, int):
        for name, low, high in LEVELS:
            if low <= level <= high:
                return name
    return "unknown"


def cause_of(record: Record) -> str:
    """A short class for a failure: the record's own cause, else its status."""
    if record.get("correct") is False and record.get("status") == SUCCESS.get(str(record.get("task"))):
        return "wrong value"
    return str(record.get("cause") or record.get("status"))


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value with at least ``share`` of all at or below it; None for no values."""
    if not ordered:
        return None
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]


def summarize(task: str, records: Iterable[Record]) -> Summary:
    """The summary of ``records``; the order of the records plays no part."""
    rows = list(records)
    good = [is_success(row) for row in rows]
    times = sorted(float(row["seconds"]) for row in rows if isinstance(row.get("seconds"), int | float))
    levels = []
    for name in [*(name for name, _, _ in LEVELS), "unknown"]:
        members = [(row, ok) for row, ok in zip(rows, good, strict=True) if level_of(row) == name]
        if members:
            wrong = sum(is_wrong(row) for row, _ in members)
            levels.append(LevelRow(name, len(members), sum(ok for _, ok in members), wrong))
    causes = Counter(cause_of(row) for row, ok in zip(rows, good, strict=True) if not ok)
    statuses = Counter(str(row.get("status")) for row in rows)
    return Summary(
        task=task,
        total=len(rows),
        success=sum(good),
        wrong=sum(map(is_wrong, rows)),
        statuses=_ranked(statuses),
        causes=_ranked(causes),
        levels=tuple(levels),
        median=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        worst=times[-1] if times else None,
    )


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
