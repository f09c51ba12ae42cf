"""Worker processes for requests: one request a worker, killed at the deadline, replaced when they die.

Nothing a request does reaches another: only its own answer is lost with a worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final

#: Seconds that a worker may take to start, and grace beyond a request's own limit before it is killed.
START_UP: Final = 120.0
GRACE: Final = 1.0
#: Longest line of an answer.
_LINE: Final = 32 * 2**20


class Busy(Exception):
    """As many requests wait as may wait."""


class Unstartable(Exception):
    """Workers cannot be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``workers`` processes, ``waiting`` requests in the queue, seconds and MiB for one request."""

    workers: int = 2
    waiting: int = 64
    seconds: float = 10.0
    memory_mb: int = 2048
    theory: str = "basic"


@dataclass
class Counts:
    """What happened so far: answers by status, workers that had to be replaced, seconds of work."""

    answers: Counter[str] = field(default_factory=Counter)
    replaced: int = 0
    refused: int = 0
    seconds: float = 0.0


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.served = 0

    @classmethod
    async def start(cls, limits: Limits) -> _Worker:
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "fgps.serve.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE,
            env={**os.environ, **threads},
            process_group=0 if os.name == "posix" else None,
        )
        worker = cls(process)
        try:
            first = await worker.ask({"theory": limits.theory, "memory_mb": limits.memory_mb}, START_UP)
        except (OSError, ValueError, TimeoutError) as problem:
            worker.kill()
            raise Unstartable(str(problem) or "a worker did not start") from problem
        if not first or not first.get("ready"):
            worker.kill()
            raise Unstartable(str(first.get("fatal")) if first else "a worker ended while it started")
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer; None if the process ended.  Raises TimeoutError."""
        assert self._process.stdin is not None and self._process.stdout is not None
        line = json.dumps(message, ensure_ascii=True).encode() + b"\n"
        try:
            self._process.stdin.write(line)
            async with asyncio.timeout(seconds):
                await self._process.stdin.drain()
                reply = await self._process.stdout.readline()
        except (BrokenPipeError, ConnectionResetError):
            return None
        return json.loads(reply) if reply.endswith(b"\n") else None

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def reap(self) -> None:
        """Wait until the process is gone."""
        self.kill()
        await self._process.wait()


class Pool:
    """Workers and the requests that wait for them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.counts = Counts()
        self.started = time.monotonic()
        self._idle: deque[_Worker] = deque()
        self._queue: deque[asyncio.Future[_Worker]] = deque()
        self._all: set[_Worker] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def open(self) -> None:
        """Start the workers.  Raises `Unstartable`."""
        for worker in await asyncio.gather(*(_Worker.start(self.limits) for _ in range(self.limits.workers))):
            self._all.add(worker)
            self._idle.append(worker)

    async def close(self) -> None:
        """End everything."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        for future in self._queue:
            future.cancel()
        await asyncio.gather(*(worker.reap() for worker in self._all), return_exceptions=True)
        self._all.clear()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._queue)

    @property
    def workers(self) -> int:
        """How many workers are alive."""
        return len(self._all)

    @property
    def pids(self) -> list[int]:
        """The processes, for tests and metrics."""
        return sorted(worker.pid for worker in self._all)

    async def ask(self, task: str, data: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """The answer to a request, always an object with a ``status``.

        ``seconds`` may lower the limit, not raise it.  Raises `Busy` if too many requests wait.
        """
        limit = self.limits.seconds if seconds is None else max(0.05, min(seconds, self.limits.seconds))
        worker = await self._take()
        work = asyncio.get_running_loop().create_task(self._work(worker, task, data, limit))
        self._tasks.add(work)
        work.add_done_callback(self._tasks.discard)
        # A caller that goes away does not stop the worker: it finishes, or ends at its deadline.
        return await asyncio.shield(work)

    async def _work(self, worker: _Worker, task: str, data: dict[str, Any], limit: float) -> dict[str, Any]:
        began = time.monotonic()
        reply: dict[str, Any] | None = None
        healthy = False
        try:
            reply = await worker.ask({"task": task, "data": data, "seconds": limit}, limit + GRACE)
            healthy = reply is not None and reply.get("status") != "memory"
        except TimeoutError:
            reply = {"status": "timeout", "message": f"stopped after {limit:g} s", "details": []}
        except ValueError:
            reply = {"status": "error", "message": "the answer is too long", "details": []}
        finally:
            # Also when this is cancelled: an unread answer would be taken for the next one's.
            self._give_back(worker, healthy)
        if reply is None:
            reply = {
                "status": "crashed",
                "message": "the worker died; only this request is lost",
                "details": [],
            }
        self.counts.answers[reply["status"]] += 1
        self.counts.seconds += time.monotonic() - began
        return reply

    async def _take(self) -> _Worker:
        if self._idle:
            return self._idle.popleft()
        if len(self._queue) >= self.limits.waiting:
            self.counts.refused += 1
            raise Busy
        future: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._queue.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._offer(future.result())
            raise

    def _offer(self, worker: _Worker) -> None:
        while self._queue:
            future = self._queue.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _give_back(self, worker: _Worker, healthy: bool) -> None:
        if self._closed:
            return
        worker.served += 1
        if healthy:
            self._offer(worker)
            return
        task = asyncio.get_running_loop().create_task(self._replace(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, worker: _Worker) -> None:
        self.counts.replaced += 1
        self._all.discard(worker)
        await worker.reap()
        pause = 0.1
        while not self._closed:
            try:
                fresh = await _Worker.start(self.limits)
            except (Unstartable, OSError):
                await asyncio.sleep(pause)
                pause = min(10.0, 2 * pause)
                continue
            self._all.add(fresh)
            self._offer(fresh)
            return
