"""An executor on a Ray cluster (extra ``cluster``).

Each actor holds one worker process of the usual kind (`fgps.batch.pool.Seat`), so that limits of time and
memory, crashes and replacement are the same as on one machine.  The driver gives an actor one item at a time.
An item is in one place only (waiting, with one actor, or done): an actor that is lost with its node gives its
item back, and what a lost actor might still say is never heard.  Items and records travel as JSON text.

The nodes need the same version of fgps, and a theory that is a folder at the same path; files of the
data set that a node does not have are sent to it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import fgps
from fgps.batch.executor import BatchError
from fgps.batch.jobs import Item, Job, Record, failure
from fgps.batch.pool import START_UP, Seat

#: An item that was with so many actors when they were lost is given up.
ATTEMPTS: Final = 3
#: Seconds beyond the hard limit of an item after which an actor that does not answer counts as lost.
SILENCE: Final = 60.0
#: Seconds without any actor after which the run ends.
NOBODY: Final = 2 * START_UP
#: Seconds between two looks at the size of the cluster.
_LOOK: Final = 5.0


class WorkerActor:
    """What runs on the nodes: a worker process and the files that were sent for it."""

    def __init__(self, job: str) -> None:
        source = str(Path(fgps.__file__).resolve().parents[1])
        known = os.environ.get("PYTHONPATH")
        path = source if not known else os.pathsep.join((source, known))
        self._seat = Seat(Job(**json.loads(job)), {"PYTHONPATH": path})
        self._folder = tempfile.TemporaryDirectory(prefix="fgps-")
        #: Files that were sent: where they are on the driver's machine, and their copy here.
        self._copies: dict[str, Path] = {}

    def open(self) -> str:
        """Start the worker: ``ready``, or what is wrong with the job."""
        try:
            self._seat.open()
        except BatchError as problem:
            return json.dumps({"fatal": str(problem)})
        return json.dumps({"ready": True, "version": fgps.__version__})

    def answer(self, line: str, content: str | None = None) -> str:
        """The record of an item; ``{"missing": true}`` if its file is neither on this node nor sent."""
        item = Item(**json.loads(line))
        name, _, rest = item.source.partition("#")
        if content is not None:
            folder = Path(self._folder.name) / str(len(self._copies))
            folder.mkdir()
            self._copies[name] = folder / Path(name).name
            self._copies[name].write_text(content, encoding="utf-8")
        if (copy := self._copies.get(name)) is not None:
            item = replace(item, source=f"{copy}#{rest}" if rest else str(copy))
        elif os.path.isabs(name) and not os.path.exists(name):
            return json.dumps({"missing": True})
        return json.dumps(self._seat.ask(item), ensure_ascii=False)


@dataclass
class _Chair:
    """An actor as the driver sees it: the call that it is at, and the item that it holds."""

    actor: Any
    call: Any
    item: Item | None = None
    since: float = field(default_factory=time.monotonic)


class RayCluster:
    """Runs items in actors on a Ray cluster.

    ``workers`` 0 takes every processor of the cluster, and goes on to do so while nodes come and go.
    ``address`` is that of a running cluster (``auto``: the one on this machine); without it one is started
    here, for this run only.  A connection that the program already has is used and left open.
    """

    def __init__(self, workers: int = 0, address: str | None = None) -> None:
        self.workers = workers
        self.address = address

    def run(self, job: Job, items: Iterable[Item]) -> Generator[Record, None, None]:
        """See `Executor.run`.  Raises `BatchError` if Ray is missing or the cluster cannot be reached."""
        ray = _import_ray()
        ours = not ray.is_initialized()
        if ours:
            self._connect(ray)
        run = _Run(ray, replace(job, theory=_absolute(job.theory)), items, self.workers)
        try:
            yield from run.records()
        finally:
            run.close()
            if ours:
                ray.shutdown()

    def describe(self) -> dict[str, Any]:
        """See `Executor.describe`; 0 workers: as many as the cluster has processors."""
        return {"kind": "ray", "workers": self.workers, "address": self.address}

    def _connect(self, ray: Any) -> None:
        options: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
        address = self.address or os.environ.get("RAY_ADDRESS")
        if address is not None:
            _reach(address)
        if self.address is not None:
            options["address"] = self.address
        elif not os.environ.get("RAY_ADDRESS"):
            options.update(address="local", num_cpus=self.workers or None, include_dashboard=False)
            options.update(object_store_memory=100 * 2**20)
        main = threading.current_thread() is threading.main_thread()
        terminate = signal.getsignal(signal.SIGTERM)
        try:
            ray.init(**options)
        except (ConnectionError, RuntimeError, ValueError, OSError) as problem:
            first = str(problem).strip().splitlines() or [type(problem).__name__]
            raise BatchError(f"no Ray cluster at {address or 'this machine'}: {first[0]}") from problem
        if main and terminate is not None:
            # Ray takes the signal to itself and would end the program at once.
            signal.signal(signal.SIGTERM, terminate)


def _reach(address: str) -> None:
    """Knock at an address: Ray itself tries for minutes.  Raises `BatchError`."""
    host, mark, port = address.rpartition("://")[2].rpartition(":")
    if not mark or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as problem:
        raise BatchError(f"no Ray cluster at {address}: {problem}") from problem


def _import_ray() -> Any:
    # Read when Ray is imported: no usage statistics leave the machine.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as missing:
        raise BatchError(f"{missing}; pip install 'fgps[cluster]'") from missing
    logging.getLogger("ray").setLevel(logging.ERROR)
    return ray


class _Run:
    """The state of one `RayCluster.run`."""

    def __init__(self, ray: Any, job: Job, items: Iterable[Item], workers: int) -> None:
        self.ray = ray
        self.job = job
        self.waiting = deque(items)
        self.workers = workers
        self.chairs: list[_Chair] = []
        self.attempts: Counter[str] = Counter()
        self.failed_starts = 0
        self.last_life = self.last_look = time.monotonic()
        self.size = workers or self.processors()

    def processors(self) -> int:
        return max(1, int(self.ray.cluster_resources().get("CPU", 1)))

    def records(self) -> Iterator[Record]:
        while self.waiting or any(chair.item is not None for chair in self.chairs):
            self.staff()
            calls = {chair.call: chair for chair in self.chairs if chair.call is not None}
            finished, _ = self.ray.wait(list(calls), num_returns=1, timeout=1.0)
            for call in finished:
                yield from self.listen(calls[call])
            yield from self.watch()

    def staff(self) -> None:
        """Hand items to idle actors; ask for as many actors as the cluster and the work have room for."""
        now = time.monotonic()
        if not self.workers and now - self.last_look > _LOOK:
            self.last_look, self.size = now, self.processors()
        for chair in self.chairs:
            if chair.call is None and self.waiting:
                self.hand(chair, self.waiting.popleft())
        held = sum(chair.item is not None for chair in self.chairs)
        while len(self.chairs) < min(self.size, held + len(self.waiting)):
            actor = self.ray.remote(WorkerActor).options(num_cpus=1, max_restarts=0, max_task_retries=0)
            handle = actor.remote(json.dumps(self.job.as_json()))
            self.chairs.append(_Chair(handle, handle.open.remote()))

    def hand(self, chair: _Chair, item: Item, content: str | None = None) -> None:
        chair.item, chair.since = item, time.monotonic()
        sent = replace(item, source=_absolute(item.source))
        chair.call = chair.actor.answer.remote(json.dumps(asdict(sent)), content)

    def listen(self, chair: _Chair) -> Iterator[Record]:
        """A call has ended: with an answer, or because the actor is gone."""
        call, chair.call = chair.call, None
        try:
            answer = json.loads(self.ray.get(call))
        except self.ray.exceptions.RayError as problem:
            yield from self.lose(chair, problem)
            return
        self.last_life = time.monotonic()
        item, chair.item = chair.item, None
        if "fatal" in answer:
            raise BatchError(str(answer["fatal"]))
        if "ready" in answer:
            self.failed_starts = 0
            if answer["version"] != fgps.__version__:
                raise BatchError(f"a node has fgps {answer['version']}, this machine {fgps.__version__}")
        elif item is not None and "missing" in answer:
            content = _content(item)
            if content is None:
                yield failure(self.job, item, "error", 0.0, f"{item.source} cannot be read")
            else:
                self.hand(chair, item, content)
        else:
            yield answer

    def lose(self, chair: _Chair, problem: Exception) -> Iterator[Record]:
        """An actor is gone, or failed by itself; its item waits again, unless it has been lost too often."""
        self.dismiss(chair)
        words = str(problem).strip().splitlines() or [type(problem).__name__]
        if chair.item is None:
            self.failed_starts += 1
            if self.failed_starts > ATTEMPTS:
                raise BatchError(f"workers cannot start on the cluster: {words[0]}")
            return
        key = str(chair.item.id)
        self.attempts[key] += 1
        if self.attempts[key] < ATTEMPTS:
            self.waiting.appendleft(chair.item)
            return
        message = f"lost with {ATTEMPTS} workers of the cluster, last: {words[0]}"
        yield failure(self.job, chair.item, "error", time.monotonic() - chair.since, message[:500])

    def watch(self) -> Iterator[Record]:
        """Give up actors that have been silent for too long; end the run if there is nobody."""
        now = time.monotonic()
        for chair in list(self.chairs):
            if chair.item is not None and now - chair.since > self.job.hard_timeout + SILENCE:
                yield from self.lose(chair, TimeoutError("no answer"))
        if any(chair.item is not None for chair in self.chairs):
            self.last_life = now
        elif self.waiting and now - self.last_life > NOBODY:
            raise BatchError(f"the cluster gave no worker for {NOBODY:.0f} s")

    def dismiss(self, chair: _Chair) -> None:
        """Forget an actor and end it if it still lives."""
        if chair in self.chairs:
            self.chairs.remove(chair)
        try:
            self.ray.kill(chair.actor, no_restart=True)
        except Exception as problem:  # it is gone already, or the connection is
            logging.getLogger(__name__).debug("cannot end an actor: %s", problem)

    def close(self) -> None:
        """End every actor."""
        for chair in list(self.chairs):
            self.dismiss(chair)


def _absolute(source: str) -> str:
    """A path that is good in every working folder; what is no path of this machine stays as it is."""
    name, mark, rest = source.partition("#")
    return f"{os.path.abspath(name)}{mark}{rest}" if os.path.exists(name) else source


def _content(item: Item) -> str | None:
    try:
        return Path(item.source.partition("#")[0]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
