"""Worker processes for requests: one request a worker, killed at the deadline, replaced when they die.

Nothing a request does reaches another: only its own answer is lost with a worker.  Requests and answers pass
through as bytes: the documents are read and written in the workers only.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, cast

from fgps.serve.reply import Reply, failed

#: Seconds that a worker may take to start, and grace beyond a request's own limit before it is killed.
START_UP: Final = 120.0
GRACE: Final = 1.0
#: Seconds after which a request that waits is served before those that came later.
PATIENCE: Final = 0.12
#: So many workers may die with one request before it is given up.
TRIES: Final = 3
#: Longest answer in bytes.
_LONGEST: Final = 32 * 2**20


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


class _Worker(asyncio.SubprocessProtocol):
    """One process and its pipes."""

    def __init__(self) -> None:
        self.broken = False
        self._ended = asyncio.Event()
        self._held = bytearray()
        self._head: dict[str, Any] | None = None
        self._answer: asyncio.Future[Reply] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.SubprocessTransport
        self._pid = 0
        #: Told when the process is gone.
        self.on_exit: Callable[[_Worker], None] = lambda worker: None

    @classmethod
    async def start(cls, limits: Limits) -> _Worker:
        """A worker that is ready.  Raises `Unstartable`."""
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        _, worker = await asyncio.get_running_loop().subprocess_exec(
            cls,
            sys.executable,
            "-m",
            "fgps.serve.worker",
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **threads},
            start_new_session=True,
        )
        settings = {"theory": limits.theory, "memory_mb": limits.memory_mb}
        first = await worker.request("start", json.dumps(settings).encode(), START_UP)
        if first.status != "ok":
            await worker.reap()
            raise Unstartable(json.loads(first.body)["error"]["message"])
        return worker

    @property
    def pid(self) -> int:
        return self._pid

    def request(self, task: str, body: bytes, seconds: float) -> asyncio.Future[Reply]:
        """Hand a request over; the reply comes in any case, by the deadline or when the process ends."""
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        self._deadline = loop.call_later(seconds + GRACE, self._overdue, seconds)
        head = json.dumps({"task": task, "seconds": seconds, "bytes": len(body)}).encode()
        answer = self._answer
        try:
            # One call, or there are two packets on the way and the worker wakes up twice.
            if not self.broken:
                self._stdin().write(head + b"\n" + body)
        except (OSError, RuntimeError, AttributeError):
            # The process ended a moment ago: its pipe is closed, or gone, before anybody was told.
            self.kill()
        if self.broken:
            self._crashed()
        return answer

    def kill(self) -> None:
        """End the process at once."""
        self.broken = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._pid, signal.SIGKILL)
            else:
                self._transport.kill()

    async def reap(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        await self._ended.wait()
        self._transport.close()

    # What the event loop calls ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every event loop derives its transports from the classes of asyncio.
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._pid = self._transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._held += data
        try:
            if self._head is None:
                end = self._held.find(b"\n")
                if end < 0:
                    return
                self._head = json.loads(self._held[:end])
                del self._held[: end + 1]
            head = self._head
            if len(self._held) < head["bytes"] <= _LONGEST:
                return
            reply = Reply(head["status"], bytes(self._held), head["seconds"], head["final"])
            complete, last = len(self._held) == head["bytes"], head["last"]
        except (ValueError, KeyError, TypeError):
            complete = False
        if complete:
            self._held.clear()
            self._head = None
            self.broken = last
            self._settle(reply)
        else:
            self.kill()
            self._settle(failed("error", "the answer is too long, or none"))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self.broken = True
        if fd == 1:
            self._crashed()

    def process_exited(self) -> None:
        self.broken = True
        self._ended.set()
        self._crashed()
        self.on_exit(self)

    # ------------------------------------------------------------------------------------------

    def _stdin(self) -> asyncio.WriteTransport:
        return cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))

    def _overdue(self, seconds: float) -> None:
        self.kill()
        self._settle(failed("timeout", f"stopped after {seconds:g} s"))

    def _crashed(self) -> None:
        self._settle(failed("crashed", "the worker process ended; the request may be sent again"))

    def _settle(self, reply: Reply) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(reply)


class Pool:
    """Workers and the requests that wait for them.

    The newest request is served first, unless one has waited for `PATIENCE`: where more come than can be
    served, most answers are swift then, instead of all being late (adaptive LIFO, Maurer 2015).
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.counts = Counts()
        self.started = time.monotonic()
        self._idle: deque[_Worker] = deque()
        #: Oldest first, with the time since when each waits.
        self._queue: deque[tuple[float, asyncio.Future[_Worker]]] = deque()
        self._all: set[_Worker] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def open(self) -> None:
        """Start the workers.  Raises `Unstartable`."""
        for worker in await asyncio.gather(*(_Worker.start(self.limits) for _ in range(self.limits.workers))):
            self._add(worker)

    async def close(self) -> None:
        """End everything."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        for _, future in self._queue:
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

    async def request(self, task: str, body: bytes, seconds: float | None = None) -> Reply:
        """The reply to a request whose object is given as JSON.

        ``seconds`` may lower the limit, not raise it.  Raises `Busy` if too many requests wait.  A request
        whose worker dies is tried again: as a rule somebody else ended the process.
        """
        limit = self.limits.seconds if seconds is None else max(0.05, min(seconds, self.limits.seconds))
        reply = await self._once(task, body, limit, False)
        for _ in range(TRIES - 1):
            if reply.status != "crashed":
                break
            reply = await self._once(task, body, limit, True)
        return reply

    async def _once(self, task: str, body: bytes, limit: float, again: bool) -> Reply:
        worker = await self._take(again)
        answer = worker.request(task, body, limit)
        answer.add_done_callback(partial(self._finish, worker, time.monotonic()))
        # A caller that goes away does not stop the worker: it finishes, or ends at its deadline.
        return await asyncio.shield(answer)

    async def ask(self, task: str, data: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """The same with plain data: ``status`` and ``result``, or ``status``, ``message`` and ``details``."""
        reply = await self.request(task, json.dumps(data).encode(), seconds)
        document = json.loads(reply.body)
        if reply.status == "ok":
            return {"status": "ok", "result": document, "seconds": reply.seconds}
        error = document["error"]
        return {"status": reply.status, "message": error["message"], "details": error["details"]}

    def _finish(self, worker: _Worker, began: float, answer: asyncio.Future[Reply]) -> None:
        if not answer.cancelled():
            self.counts.answers[answer.result().status] += 1
        self.counts.seconds += time.monotonic() - began
        if self._closed:
            return
        if worker.broken:
            self._spawn(partial(self._replace, worker))
        else:
            self._offer(worker)

    async def _take(self, again: bool) -> _Worker:
        """A worker; what is tried again comes first and is not refused."""
        if self._idle:
            return self._idle.popleft()
        if len(self._queue) >= self.limits.waiting and not again:
            self.counts.refused += 1
            raise Busy
        future: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        if again:
            self._queue.appendleft((0.0, future))
        else:
            self._queue.append((time.monotonic(), future))
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._offer(future.result())
            raise

    def _offer(self, worker: _Worker) -> None:
        while self._queue:
            late = time.monotonic() - self._queue[0][0] > PATIENCE
            _, future = self._queue.popleft() if late else self._queue.pop()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _add(self, worker: _Worker) -> None:
        self._all.add(worker)
        worker.on_exit = self._lost
        if worker.broken:
            self._spawn(partial(self._replace, worker))
        else:
            self._offer(worker)

    def _lost(self, worker: _Worker) -> None:
        """A process is gone; one that had a request is replaced when that is finished."""
        if worker in self._idle and not self._closed:
            self._idle.remove(worker)
            self._spawn(partial(self._replace, worker))

    def _spawn(self, work: Callable[[], Any]) -> None:
        task = asyncio.get_running_loop().create_task(work())
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
            self._add(fresh)
            return
