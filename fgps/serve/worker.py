"""A worker process of the server: one request at a time, a JSON line and a JSON document each way.

A request is ``{"task", "seconds", "bytes"}`` on one line and a document of so many bytes; so is an answer:
``{"status", "seconds", "final", "last", "bytes"}`` and the result, or ``{"error": {"code", "message",
"details"}}``.  The first request has the task ``start`` and the document ``{"theory", "memory_mb"}``.
``final``: the same request gets the same answer again; ``last``: the worker ends after it.  Whatever a
library prints goes to standard error.
"""

from __future__ import annotations

import gc
import itertools
import json
import math
import os
import sys
import time
from typing import IO, Any, Final

from fgps.batch.jobs import Job
from fgps.batch.worker import GROWTH, limit_resources, peak_memory, set_alarm
from fgps.serve.reply import Reply, failed
from fgps.serve.tasks import BadRequest, Service, make_service, run_task

#: After so many requests a worker looks whether it has grown too much.
LOOK: Final = 1000
#: An answer that took less than so many seconds, and half of what it might take, owes nothing to any limit of
#: time: no single guard (of the algebra, of a search, of the figure) is shorter.
_SWIFT: Final = 0.9
#: A small problem that is verified first, so that late imports cost no request anything.
_WARM_UP: Final = {
    "problem": "problem warm:\n    construct Shape(AB,BC,CA), Shape(AC,CD), Collinear(BCD)\n"
    "    given Equal(x + y,2)\n    find x\n",
    "solution": "x = 3\nno_such_theorem(1,ABC)",
}


def answer(service: Service, task: str, body: bytes, seconds: float) -> Reply:
    """The answer to one request; nothing raises."""
    started = time.perf_counter()
    try:
        result = run_task(service, task, json.loads(body), seconds)
        reply = Reply("ok", encoded(result))
    except BadRequest as problem:
        reply = failed("bad-request", str(problem), problem.details)
    except MemoryError:
        reply = failed("memory", "out of memory")
    except RecursionError:
        reply = failed("bad-request", "nested too deeply")
    except Exception as problem:
        reply = failed("error", f"internal error: {type(problem).__name__}: {problem}"[:500])
    elapsed = time.perf_counter() - started
    # What came near a limit of time might have become something else on a faster machine.
    final = reply.status == "ok" and elapsed < min(_SWIFT, 0.5 * seconds)
    return Reply(reply.status, reply.body, round(elapsed, 6), final)


def encoded(value: Any) -> bytes:
    """A result as JSON.  NaN is no JSON; a number that is none becomes null."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")


def serve(service: Service, source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the input ends, memory ran out, or the worker has grown too much."""
    at_first = peak_memory()
    for number in itertools.count(1):
        line = source.readline()
        if not line:
            return
        head = json.loads(line)
        body = source.read(head["bytes"])
        set_alarm(int(head["seconds"]) + 30)
        reply = answer(service, head["task"], body, float(head["seconds"]))
        set_alarm(0)
        grown = number % LOOK == 0 and peak_memory() - at_first > GROWTH
        last = grown or reply.status == "memory"
        send(sink, reply, last)
        if last:
            return


def send(sink: IO[bytes], reply: Reply, last: bool = False) -> None:
    """Write one answer."""
    head = {
        "status": reply.status,
        "seconds": reply.seconds,
        "final": reply.final,
        "last": last,
        "bytes": len(reply.body),
    }
    sink.write(json.dumps(head).encode() + b"\n" + reply.body)
    sink.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def main() -> None:
    """Entry point of ``python -m fgps.serve.worker``."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    settings = json.loads(source.read(head["bytes"]))
    limit_resources(Job("serve", memory_mb=int(settings["memory_mb"])))
    try:
        service = make_service(str(settings["theory"]))
        answer(service, "verify", json.dumps(_WARM_UP).encode(), 5.0)
    except BadRequest as problem:
        send(sink, failed("fatal", str(problem)), True)
        return
    # What is there now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    # A verification makes many objects and few cycles: at the usual threshold the collector takes 15 %.
    gc.set_threshold(50_000, 20, 50)
    send(sink, Reply("ok", b"{}"))
    serve(service, source, sink)


if __name__ == "__main__":
    main()
