"""One interface to run a job over many items, and its simplest implementation.

An executor yields records in the order in which items finish.  Closing the iterator (or an
exception in the consumer, Ctrl-C included) stops the work and releases every process.
`InProcess` runs here and now, `fgps.batch.pool.LocalPool` in worker processes of this machine,
`fgps.batch.cluster.RayCluster` in those of a cluster.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Generator, Iterable
from typing import Any, Protocol

from fgps.batch.jobs import Item, Job, Record, failure

Runner = Callable[[Item], Record]


class BatchError(Exception):
    """The run as a whole cannot go on (a worker cannot start, a results file is unreadable)."""


class Executor(Protocol):
    """Runs a job over items."""

    def run(self, job: Job, items: Iterable[Item]) -> Generator[Record, None, None]:
        """Yield one record for each item, as they finish.

        Never raises for the sake of one item; raises `BatchError` if no item can be run.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """What the manifest of a run says about the executor: its ``kind`` and size."""
        ...


def prepare(job: Job) -> Runner:
    """Resolve and call ``job.prepare``: loads the theory once, for all items to come."""
    module, _, name = job.prepare.partition(":")
    runner: Runner = getattr(importlib.import_module(module), name)(job)
    return runner


def run_guarded(runner: Runner, job: Job, item: Item) -> Record:
    """``runner(item)``, with any exception turned into a record."""
    start = time.perf_counter()
    try:
        return runner(item)
    except MemoryError:
        return failure(job, item, "memory", time.perf_counter() - start, "out of memory")
    except RecursionError:
        return failure(job, item, "error", time.perf_counter() - start, "nested too deeply")
    except Exception as error:
        message = f"internal error: {type(error).__name__}: {error}"
        return failure(job, item, "error", time.perf_counter() - start, message[:500])


class InProcess:
    """Runs the items one after the other in this process.

    The time limit is only polled, and there is no memory limit: for tests and debugging.
    """

    def run(self, job: Job, items: Iterable[Item]) -> Generator[Record, None, None]:
        """See `Executor.run`."""
        runner = prepare(job)
        for item in items:
            yield run_guarded(runner, job, item)

    def describe(self) -> dict[str, Any]:
        """See `Executor.describe`."""
        return {"kind": "inprocess", "workers": 1}
