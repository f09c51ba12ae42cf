"""Verifying many solutions in worker processes: JSON lines in, one record a line out.

A line of the input is ``{"id": ..., "problem": ..., "solution": ...}``; the problem is a PROBLEM argument,
FGL text or an object in the released layout.  A record holds ``id, task, status, seconds, message, report``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from fgps.batch.executor import BatchError, Executor, InProcess, Runner
from fgps.batch.jobs import Item, Job, Record
from fgps.batch.pool import LocalPool

#: Longest line of an input.
MAX_LINE: Final = 6_000_000


def verify_job(
    theory: str = "basic", timeout: float = 10.0, memory_mb: int = 2048, searches: int = 12
) -> Job:
    """The job for workers; ``searches`` bounds the looking for reasons and missing steps of one solution."""
    return Job(
        task="verify",
        theory=theory,
        method=str(searches),
        timeout=timeout,
        memory_mb=memory_mb,
        prepare="fgps.batch.verification:prepare",
    )


def prepare(job: Job) -> Runner:
    """Load the theory; returns what verifies one item."""
    # Only workers need these: the process that hands the work out starts at once.
    from fgps.theory.load import load_theory
    from fgps.verify import Budget, ProblemShelf, verify

    loaded = load_theory(job.theory)
    if loaded.theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))
    shelf = ProblemShelf(loaded.theory)
    budget = Budget(job.timeout, int(job.method) if job.method.isdecimal() else 12)

    def run(item: Item) -> Record:
        started = time.perf_counter()
        work = json.loads(item.source)
        record: Record = {"id": item.id, "task": job.task, "status": "error", "message": "", "cause": None}
        found = shelf.get(work.get("problem"))
        if found.problem is None:
            record.update(message=found.first_error(), cause="not readable")
        else:
            report = verify(found.problem, work.get("solution", ""), budget)
            record.update(status=report.verdict, report=report.as_json())
        record["seconds"] = round(time.perf_counter() - started, 6)
        return record

    return run


def item_of(line: str, number: int) -> Item:
    """The item of one input line; a line that is no object becomes an item that reports so."""
    try:
        work = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        work = None
    if not isinstance(work, dict):
        return Item(number, json.dumps({"problem": None, "solution": ""}))
    identity = work.get("id", number)
    if not isinstance(identity, str | int):
        identity = number
    return Item(identity, json.dumps({"problem": work.get("problem"), "solution": work.get("solution", "")}))


def read_items(path: Path) -> list[Item]:
    """The items of a JSON lines file.  Raises `BatchError` if it cannot be read."""
    try:
        with path.open("rb") as stream:
            lines = [line.decode("utf-8", errors="replace") for line in stream]
    except OSError as problem:
        raise BatchError(f"cannot read {path}: {problem.strerror}") from problem
    return [item_of(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def verify_many(
    items: Iterable[tuple[object, object]],
    workers: int = 2,
    job: Job | None = None,
) -> Generator[Record, None, None]:
    """Verify pairs (problem, solution); records come as they finish, ``id`` is the position from 0.

    ``workers`` 0 works in this process, without limits of memory.
    """
    executor: Executor = LocalPool(workers) if workers else InProcess()
    yield from executor.run(job or verify_job(), _numbered(items))


def _numbered(items: Iterable[tuple[object, object]]) -> Iterator[Item]:
    for number, (problem, solution) in enumerate(items):
        work: dict[str, Any] = {"problem": problem, "solution": solution}
        yield Item(number, json.dumps(work, default=str))
