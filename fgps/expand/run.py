"""A data set expanded in worker processes, and the choice among all new problems at the end.

Records of sources are appended to a file as they come, so that a run can be resumed.  The choice goes
through the records in the order of the sources, whatever the order in which they came: the result
depends on the data, the settings and the seed alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgps.batch.executor import BatchError, Executor
from fgps.batch.jobs import Item, Job, Record
from fgps.batch.results import ResultsFile
from fgps.expand.settings import Settings

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """``problems`` as in records, in order; ``sources`` counts those that gave any; ``repeated`` what
    was left out because another source had it; ``seconds`` is processor time.
    """

    problems: tuple[Json, ...]
    sources: int
    repeated: int
    failed: tuple[tuple[str, int], ...]
    seconds: float
    complete: bool

    def by(self, what: Callable[[Json], str]) -> list[tuple[str, int]]:
        """How many problems have which property."""
        return sorted(Counter(map(what, self.problems)).items())


def expand(
    job: Job,
    items: Sequence[Item],
    executor: Executor,
    settings: Settings,
    records: Path | None = None,
    resume: bool = False,
    limit: int | None = None,
    started: Callable[[int, int], None] = lambda done, new: None,
    progress: Callable[[Record], None] = lambda record: None,
) -> Chosen:
    """Expand the items and choose.

    ``records`` keeps what each source gave; with ``resume`` the sources that it holds are skipped.
    ``started`` is told how many sources it holds with how many problems.  Ctrl-C ends the run cleanly:
    the result then has ``complete`` False.  Raises `BatchError` if the run cannot go on as a whole.
    """
    done: dict[str, Record] = {}
    file = None if records is None else ResultsFile(records, job.task, resume)
    complete = True
    try:
        if file is not None:
            wanted = json.loads(json.dumps(settings.as_json()))
            if any(record.get("settings", wanted) != wanted for record in file.done):
                raise BatchError(f"{records} belongs to a run with other settings")
            done = {str(record["id"]): record for record in file.done}
        started(len(done), sum(map(count_of, done.values())))
        waiting = [item for item in items if str(item.id) not in done]
        with closing(executor.run(job, waiting)) as stream:
            for record in stream:
                done[str(record["id"])] = record
                if file is not None:
                    file.append(record)
                progress(record)
    except KeyboardInterrupt:
        complete = False
    finally:
        if file is not None:
            file.__exit__(None, None, None)
    ordered = [done[str(item.id)] for item in items if str(item.id) in done]
    return choose(ordered, settings, limit, complete)


def count_of(record: Record) -> int:
    """How many problems a source gave."""
    return len((record.get("expansion") or {}).get("problems", ()))


def choose(
    records: Iterable[Record], settings: Settings, limit: int | None = None, complete: bool = True
) -> Chosen:
    """The problems of all records, each once, at most ``per_pattern`` that differ in numbers only.

    A problem of the data set itself is not new.  ``limit``: so many at most, the first of each source before
    the second of any.
    """
    rows = list(records)
    expansions = [record.get("expansion") or {} for record in rows]
    keys = {expansion["key"] for expansion in expansions if expansion.get("key")}
    patterns: Counter[str] = Counter()
    kept: list[list[Json]] = []
    repeated = 0
    for expansion in expansions:
        own: list[Json] = []
        for problem in expansion.get("problems", ()):
            if problem["key"] in keys or patterns[problem["pattern"]] >= settings.per_pattern:
                repeated += 1
                continue
            keys.add(problem["key"])
            patterns[problem["pattern"]] += 1
            own.append(problem)
        kept.append(own)
    if limit is not None:
        kept = _first(kept, limit)
    failed = Counter(_cause(record) for record in rows if not count_of(record))
    return Chosen(
        tuple(problem for own in kept for problem in own),
        sum(map(bool, kept)),
        repeated,
        tuple(sorted(failed.items())),
        round(sum(record.get("seconds") or 0.0 for record in rows), 3),
        complete,
    )


def _first(kept: list[list[Json]], limit: int) -> list[list[Json]]:
    """So many problems at most: turns of one problem for each source."""
    taken, left, turn = [0] * len(kept), limit, 0
    while left and any(len(own) > turn for own in kept):
        for k, own in enumerate(kept):
            if left and len(own) > turn:
                taken[k] += 1
                left -= 1
        turn += 1
    return [own[:count] for own, count in zip(kept, taken, strict=True)]


def _cause(record: Record) -> str:
    return str(record.get("message") or record.get("cause") or "nothing passed the filters")
