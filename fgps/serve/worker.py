"""A worker process of the server: one request at a time, one JSON line each way.

The first line in is ``{"theory": ..., "memory_mb": ...}``, answered by ``{"ready": true}`` or
``{"fatal": message}``.  Then ``{"task", "data", "seconds"}`` is answered by ``{"status": "ok", "result"}`` or
``{"status": code, "message", "details"}``.  Whatever a library prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import IO, Any, Final

from fgps.batch.jobs import Job
from fgps.batch.worker import encode, limit_resources, set_alarm
from fgps.serve.tasks import BadRequest, Service, make_service, run_task

#: After so many requests a worker makes room for a fresh one, so that caches of libraries stay small.
REQUESTS_PER_LIFE: Final = 20_000
#: A small problem that is verified first, so that late imports cost no request anything.
_WARM_UP: Final = {
    "problem": "problem warm:\n    construct Shape(AB,BC,CA)\n    given Equal(x,2)\n    find x\n",
    "solution": "x = 3",
}


def answer(service: Service, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request; nothing raises."""
    started = time.perf_counter()
    try:
        result = run_task(service, str(request["task"]), request["data"], float(request["seconds"]))
        reply: dict[str, Any] = {"status": "ok", "result": result}
    except BadRequest as problem:
        reply = {"status": "bad-request", "message": str(problem), "details": problem.details}
    except MemoryError:
        reply = {"status": "memory", "message": "out of memory", "details": []}
    except RecursionError:
        reply = {"status": "bad-request", "message": "nested too deeply", "details": []}
    except Exception as problem:
        message = f"internal error: {type(problem).__name__}: {problem}"
        reply = {"status": "error", "message": message[:500], "details": []}
    reply["seconds"] = round(time.perf_counter() - started, 6)
    return reply


def serve(service: Service, source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the input ends, memory ran out, or the worker's life is over."""
    for _ in range(REQUESTS_PER_LIFE):
        line = source.readline()
        if not line:
            return
        request = json.loads(line)
        set_alarm(int(request["seconds"]) + 30)
        reply = answer(service, request)
        set_alarm(0)
        # NaN is no JSON; a number that is none becomes null on the way.
        sink.write(encode(_finite(reply)))
        sink.flush()
        if reply["status"] == "memory":
            return


def _finite(value: Any) -> Any:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
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
    settings = json.loads(source.readline())
    limit_resources(Job("serve", memory_mb=int(settings["memory_mb"])))
    try:
        service = make_service(str(settings["theory"]))
        answer(service, {"task": "verify", "data": _WARM_UP, "seconds": 5.0})
    except BadRequest as problem:
        sink.write(encode({"fatal": str(problem)}))
        sink.flush()
        return
    sink.write(encode({"ready": True}))
    sink.flush()
    serve(service, source, sink)


if __name__ == "__main__":
    main()
