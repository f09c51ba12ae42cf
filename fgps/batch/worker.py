"""A worker process: reads items, writes records, one JSON line each.

The first line on standard input is the job; the worker answers ``{"ready": true}`` once the
theory is loaded (or ``{"fatal": message}``).  Every later line is an item, answered by a record.
End of input ends the worker.  If it ends before, it says ``{"over": true}``: it will not answer what it has
been sent meanwhile.  Whatever a library prints goes to standard error.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import signal
import sys
from dataclasses import asdict
from typing import IO, Any

from fgps.batch.executor import BatchError, prepare, run_guarded
from fgps.batch.jobs import Item, Job, Record

#: A worker that has grown by so many MiB makes room for a fresh one (looked at after every so many items).
GROWTH = 512
LOOK = 200


def encode(message: Record | dict[str, Any]) -> bytes:
    """One line of the protocol."""
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def encode_item(item: Item) -> bytes:
    """An item as one line of the protocol."""
    return encode(asdict(item))


def limit_resources(job: Job) -> None:
    """Apply the memory limit, and leave no core files (both only where the platform can)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if job.memory_mb > 0:
        size = job.memory_mb * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def peak_memory() -> float:
    """The most memory that this process has held so far, in MiB; 0 where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def set_alarm(seconds: int) -> None:
    """Let the system end this process after ``seconds`` (0: never).

    The default action of the signal needs no Python code to run, so it also ends a worker that
    is stuck in a library after its parent is gone.
    """
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def serve(job: Job, source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer items until the input ends, memory ran out, or the worker's life is over."""
    runner = prepare(job)
    # What is there now stays, and items make many objects but few cycles: at the usual threshold the
    # collector takes 15 % of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sink.write(encode({"ready": True}))
    sink.flush()
    at_first = peak_memory()
    for number in itertools.count(1):
        line = source.readline()
        if not line:
            return
        item = Item(**json.loads(line))
        set_alarm(int(job.hard_timeout) + 10)
        record = run_guarded(runner, job, item)
        set_alarm(0)
        sink.write(encode(record))
        sink.flush()
        if record.get("cause") == "memory" or (number % LOOK == 0 and peak_memory() - at_first > GROWTH):
            break
    sink.write(encode({"over": True}))
    sink.flush()


def main() -> None:
    """Entry point of ``python -m fgps.batch.worker``."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer
    job = Job(**json.loads(source.readline()))
    limit_resources(job)
    try:
        serve(job, source, sink)
    except BatchError as error:
        sink.write(encode({"fatal": str(error)}))
        sink.flush()


if __name__ == "__main__":
    main()
