"""What a batch run consists of: a job (the question), items (the problems), records (the answers).

All three travel between processes as one-line JSON, never as pickles.  A record is one line of
a results file; `FIELDS` names its keys in order.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

Record = dict[str, Any]

TASKS: Final = ("solve", "replay", "diagram")

#: The keys of a record.  ``level``, ``cause`` and ``goal`` (its kind) serve summaries, ``nodes`` is the size
#: of a search (see `fgps.api.Outcome`).
FIELDS: Final = (
    "id",
    "task",
    "status",
    "answer",
    "value",
    "expected",
    "correct",
    "seconds",
    "steps",
    "verdict",
    "diagram",
    "message",
    "level",
    "cause",
    "goal",
    "nodes",
)

#: The status that counts as a success, for each task.
SUCCESS: Final = {"solve": "solved", "replay": "valid", "diagram": "exact", "annotate": "annotated"}


@dataclass(frozen=True, slots=True)
class Item:
    """One problem of a data set: its own id and the PROBLEM argument that loads it.

    ``level`` is the annotated level and ``expected`` the annotated answer (a closed form), where they are
    known.  They only serve to judge the result.
    """

    id: int | str
    source: str
    level: int | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every item.

    ``timeout`` is in seconds for one item, ``memory_mb`` the address space of a worker in
    MiB (0: no limit).  ``prepare`` names the function (``module:function``) that a worker calls
    once and that returns the function from `Item` to `Record`.
    """

    task: str
    theory: str = "basic"
    method: str = "auto"
    strategy: str = "bfs"
    timeout: float = 10.0
    seed: int = 0
    memory_mb: int = 4096
    prepare: str = "fgps.batch.tasks:prepare"

    @property
    def hard_timeout(self) -> float:
        """Seconds after which a worker that did not answer is killed.

        Later than ``timeout``, so that an item that polls its budget can report by itself.
        """
        return 1.25 * self.timeout + 3.0

    def as_json(self) -> dict[str, Any]:
        """The job as a JSON object; ``Job(**object)`` is the inverse."""
        return asdict(self)


def record_for(job: Job, item: Item, status: str, **fields: Any) -> Record:
    """A record with every key of `FIELDS`; those not given are null."""
    record: Record = dict.fromkeys(FIELDS)
    record.update(id=item.id, task=job.task, status=status, expected=item.expected, level=item.level)
    record.update(fields)
    if record["message"] is None:
        record["message"] = ""
    return record


def failure(job: Job, item: Item, kind: str, seconds: float, message: str) -> Record:
    """The record of an item that could not be finished.

    ``kind`` is ``timeout``, ``memory`` or ``error``; tasks without a status of that name
    report ``error`` and keep the kind as the cause.
    """
    known = {"solve": ("timeout", "memory", "error"), "replay": ("timeout", "error"), "diagram": ("error",)}
    status = kind if kind in known.get(job.task, ()) else "error"
    return record_for(job, item, status, seconds=round(seconds, 6), message=message, cause=kind)
