"""Runs as they are read back from their files, and what problems have in common across them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fgps.batch.executor import BatchError
from fgps.batch.jobs import SUCCESS, Record
from fgps.batch.manifest import read_manifest
from fgps.batch.results import read_results
from fgps.batch.summary import is_success
from fgps.batch.table import read_table

#: Relative difference up to which two values are the same answer.
SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Run:
    """One results file: a short name, its records by id (of several for one id the last), its manifest."""

    name: str
    records: Mapping[str, Record]
    manifest: dict[str, Any] | None = None

    @property
    def task(self) -> str:
        """The task of all records."""
        return str(next(iter(self.records.values()))["task"])

    def solved(self) -> list[str]:
        """The ids of the successes."""
        return [key for key, row in self.records.items() if is_success(row)]


@dataclass(frozen=True, slots=True)
class Problems:
    """What does not depend on the run: the ids in order, and level and kind of goal where any run knows
    them."""

    ids: tuple[str, ...]
    levels: Mapping[str, Record] = field(repr=False)
    goals: Mapping[str, str] = field(repr=False)
    common: tuple[str, ...] = field(repr=False)


def read_runs(paths: Sequence[str | Path], names: Sequence[str] | None = None) -> list[Run]:
    """Read results files (JSON lines or Parquet).  ``names`` replace the names made from the paths.

    Raises `BatchError` for a file that cannot be read, is empty, or belongs to another task than the others.
    """
    if not paths:
        raise BatchError("no results file was given")
    if names is not None and len(names) != len(paths):
        raise BatchError(f"{len(names)} names for {len(paths)} results files")
    files = [Path(path) for path in paths]
    runs = [_read(path, name) for path, name in zip(files, names or short_names(files), strict=True)]
    tasks = sorted({run.task for run in runs})
    if len(tasks) > 1:
        raise BatchError(f"runs of different tasks cannot be compared: {', '.join(tasks)}")
    if tasks[0] not in SUCCESS:
        raise BatchError(f"no report is made of task {tasks[0]}: one of {', '.join(SUCCESS)}")
    return runs


def _read(path: Path, name: str) -> Run:
    manifest: dict[str, Any] | None = None
    if path.suffix == ".parquet":
        rows, manifest = read_table(path)
    else:
        rows = read_results(path)
    if not rows:
        raise BatchError(f"{path} holds no records")
    tasks = {str(row.get("task")) for row in rows}
    if len(tasks) > 1:
        raise BatchError(f"{path} mixes tasks: {', '.join(sorted(tasks))}")
    return Run(name, {str(row["id"]): row for row in rows}, manifest or read_manifest(path))


def short_names(paths: Sequence[Path]) -> list[str]:
    """Names without suffix, with as many folders before them as it takes to tell them apart."""
    parts = [path.with_suffix("").resolve().parts for path in paths]
    length = 1
    while length < max(map(len, parts)):
        found = ["/".join(part[-length:]) for part in parts]
        if len(set(found)) == len({path.resolve() for path in paths}):
            return found
        length += 1
    return [str(path) for path in paths]


def problems_of(runs: Sequence[Run]) -> Problems:
    """The problems that any run holds, in the order of their ids (numbers by value)."""
    ids = sorted({key for run in runs for key in run.records}, key=_order)
    common = tuple(key for key in ids if all(key in run.records for run in runs))
    levels: dict[str, Record] = {}
    goals: dict[str, str] = {}
    for run in runs:
        for key, row in run.records.items():
            if isinstance(row.get("level"), int):
                levels.setdefault(key, row)
            if isinstance(row.get("goal"), str):
                goals.setdefault(key, row["goal"])
    return Problems(tuple(ids), levels, goals, common)


def _order(key: str) -> tuple[int, int, str]:
    return (0, int(key), key) if key.isdecimal() and len(key) < 19 else (1, 0, key)


def times(rows: Iterable[Record]) -> list[float]:
    """The seconds of the records that have them, in order."""
    found = [row.get("seconds") for row in rows]
    return sorted(float(x) for x in found if isinstance(x, int | float) and math.isfinite(x))


def same_answer(one: Record, other: Record) -> bool:
    """Whether two records claim the same answer."""
    left, right = one.get("value"), other.get("value")
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= SAME * max(abs(left), abs(right), SAME)
    return one.get("answer") == other.get("answer")
