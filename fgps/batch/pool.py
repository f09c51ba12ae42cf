"""A pool of worker processes on this machine.

Each worker handles one item at a time.  One that does not answer within the job's hard time limit is killed
and replaced, one that dies is replaced, and only the item it held is lost: it gets a record that says so
(if the worker was killed by a signal from outside, after two more tries).  Workers stand in process groups of
their own, so that Ctrl-C reaches only the parent, which ends them.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from typing import IO, Any

from fgps.batch.executor import BatchError
from fgps.batch.jobs import Item, Job, Record, failure
from fgps.batch.worker import encode, encode_item

#: Seconds that a worker may take to import the program and load the theory.
START_UP = 120.0


#: Signals that come from somebody else (an operator, a system short of memory): the item gets more tries.
#: More than one, as it may have been handed to a worker that was dead already.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM)
_MORE_TRIES = 2


class _Worker:
    """A worker process and the item that it holds."""

    def __init__(self, job: Job, environment: dict[str, str]) -> None:
        self.log: IO[bytes] = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fgps.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment,
            process_group=0 if os.name == "posix" else None,
        )
        self.job = job
        self.item: Item | None = None
        self.ready = False
        self.over = False
        self.since = time.monotonic()
        self.buffer = b""
        self.send(encode(job.as_json()))

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def deadline(self) -> float | None:
        """When to give the worker up, on the monotonic clock; None while it is idle."""
        if not self.ready:
            return self.since + START_UP
        return self.since + self.job.hard_timeout if self.item is not None else None

    def send(self, line: bytes) -> None:
        """Write to the worker; if it is gone, the end of its output will tell."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def hold(self, item: Item) -> None:
        self.item = item
        self.since = time.monotonic()
        self.send(encode_item(item))

    def read(self) -> list[Record] | None:
        """Complete lines that have arrived; None when the worker has closed its output."""
        chunk = os.read(self.output.fileno(), 1 << 16)
        if not chunk:
            return None
        *lines, self.buffer = (self.buffer + chunk).split(b"\n")
        return [json.loads(line) for line in lines]

    def last_words(self) -> str:
        """The last line that the worker wrote on standard error."""
        self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, self.log.tell() - 4000))
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def end(self) -> int:
        """Kill the process, wait for it, release its pipes; its exit status."""
        self.process.kill()
        status = self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
        return status


class LocalPool:
    """Runs items in ``workers`` processes (see the module's text)."""

    def __init__(self, workers: int, environment: dict[str, str] | None = None) -> None:
        self.workers = max(1, workers)
        self.environment = _environment(environment)

    def run(self, job: Job, items: Iterable[Item]) -> Generator[Record, None, None]:
        """See `Executor.run`."""
        run = _Run(job, deque(items), self.environment)
        try:
            yield from run.records(self.workers)
        finally:
            run.close()

    def describe(self) -> dict[str, Any]:
        """See `Executor.describe`."""
        return {"kind": "pool", "workers": self.workers}


class Seat:
    """One worker process that answers items one after the other, and is replaced when it dies.

    For whoever brings items one by one: an actor of a cluster holds a seat.
    """

    def __init__(self, job: Job, environment: dict[str, str] | None = None) -> None:
        self._run = _Run(job, deque(), _environment(environment))

    def open(self) -> None:
        """Start the worker and wait until it is ready.  Raises `BatchError` if it cannot start."""
        self._run.warm_up()

    def ask(self, item: Item) -> Record:
        """The record of ``item``, whatever becomes of the worker; raises `BatchError` as `open`."""
        self._run.waiting.append(item)
        return next(self._run.records(1))

    def close(self) -> None:
        """End the worker."""
        self._run.close()


def _environment(more: dict[str, str] | None) -> dict[str, str]:
    """What a worker sees."""
    # One thread for each worker: the pool is the parallelism, and BLAS threads reserve address space.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, **(more or {})}


class _Run:
    """Workers, the items that wait for them, and what happens to both."""

    def __init__(self, job: Job, waiting: deque[Item], environment: dict[str, str]) -> None:
        self.job = job
        self.waiting = waiting
        self.environment = environment
        self.selector = selectors.DefaultSelector()
        self.live: list[_Worker] = []
        self.failed_starts = 0
        #: How often the worker of an item was ended from outside.
        self.killed: Counter[int | str] = Counter()

    def records(self, workers: int) -> Iterator[Record]:
        """Records until nothing waits and nothing is held; the workers stay."""
        while (held := sum(worker.item is not None for worker in self.live)) or self.waiting:
            for worker in self.live:
                if worker.ready and not worker.over and worker.item is None and self.waiting:
                    worker.hold(self.waiting.popleft())
                    held += 1
            while len(self.live) < min(workers, held + len(self.waiting)):
                self.start()
            yield from self.pump()

    def warm_up(self) -> None:
        """Start a worker and wait until it is ready."""
        while not any(worker.ready for worker in self.live):
            if not self.live:
                self.start()
            for _ in self.pump():
                pass

    def pump(self) -> Iterator[Record]:
        """Wait until workers say something or a deadline passes, and deal with it."""
        for key, _ in self.selector.select(self.patience()):
            yield from self.listen(key.data)
        now = time.monotonic()
        for worker in [w for w in self.live if w.deadline is not None and w.deadline < now]:
            yield from self.give_up(worker, now)

    def start(self) -> None:
        worker = _Worker(self.job, self.environment)
        self.live.append(worker)
        self.selector.register(worker.output, selectors.EVENT_READ, worker)

    def patience(self) -> float:
        """Seconds until the next deadline."""
        deadlines = [worker.deadline for worker in self.live if worker.deadline is not None]
        return max(0.0, min(deadlines, default=time.monotonic() + 1.0) - time.monotonic()) + 0.01

    def listen(self, worker: _Worker) -> Iterator[Record]:
        messages = worker.read()
        if messages is None:
            yield from self.bury(worker)
            return
        for message in messages:
            if "fatal" in message:
                raise BatchError(str(message["fatal"]))
            if "ready" in message:
                worker.ready = True
                self.failed_starts = 0
            elif "over" in message:
                worker.over = True
                if worker.item is not None:
                    self.waiting.appendleft(worker.item)
                    worker.item = None
            else:
                worker.item = None
                if self.waiting:
                    # Before the record goes out: the worker need not wait for whoever takes it.
                    worker.hold(self.waiting.popleft())
                yield message

    def bury(self, worker: _Worker) -> Iterator[Record]:
        """A worker ended by itself: after its life, or by a crash while it held an item."""
        words, item, seconds = worker.last_words(), worker.item, time.monotonic() - worker.since
        # It closed its output, so it is about to exit: its own status tells more than that of a kill.
        status = self.remove(worker, patience=1.0)
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= 3:
                raise BatchError(f"workers cannot start: {words or f'exit status {status}'}")
        elif item is not None and -status in _FROM_OUTSIDE and self.killed[item.id] < _MORE_TRIES:
            self.killed[item.id] += 1
            self.waiting.appendleft(item)
        elif item is not None:
            memory = "MemoryError" in words or "bad_alloc" in words
            cause = "memory" if memory else "error"
            reason = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
            message = f"the worker died ({reason})" + (f": {words}" if words else "")
            yield failure(self.job, item, cause, seconds, message[:500])

    def give_up(self, worker: _Worker, now: float) -> Iterator[Record]:
        """A worker is past its deadline."""
        item, seconds = worker.item, now - worker.since
        self.remove(worker)
        if item is None:
            raise BatchError(f"a worker was not ready after {START_UP:.0f} s")
        message = f"stopped by the watchdog after {seconds:.1f} s (limit {self.job.timeout:g} s)"
        yield failure(self.job, item, "timeout", seconds, message)

    def remove(self, worker: _Worker, patience: float = 0.0) -> int:
        """Forget a worker; its exit status, or that of a kill if it does not end in ``patience`` seconds."""
        self.live.remove(worker)
        self.selector.unregister(worker.output)
        try:
            worker.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        return worker.end()

    def close(self) -> None:
        """End every worker."""
        for worker in self.live:
            worker.end()
        self.live.clear()
        self.selector.close()
