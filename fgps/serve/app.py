"""The HTTP interface: FastAPI in front of a pool of workers.  No request is worked on in this process."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from fgps import __version__
from fgps.serve.models import DOCUMENTED
from fgps.serve.pool import Busy, Limits, Pool
from fgps.serve.tasks import search_theorems
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

#: Status of an answer -> status of HTTP.
_HTTP: Final = {"ok": 200, "bad-request": 422, "timeout": 504, "memory": 507, "crashed": 500, "error": 500}
#: Most items of one batch.
MAX_BATCH: Final = 256

_Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of the pool, the longest request in bytes, and a bearer token (empty: none is asked for)."""

    limits: Limits = field(default_factory=Limits)
    max_bytes: int = 1_000_000
    token: str = ""


class _Refused(Exception):
    """A request that is answered before it reaches a worker."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; its pool lives as long as its lifespan."""
    chosen = settings or Settings()
    theory = load_theory(chosen.limits.theory).theory
    if theory is None:
        raise ValueError(f"the theory {chosen.limits.theory} cannot be used")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = Pool(chosen.limits)
        try:
            await app.state.pool.open()
            yield
        finally:
            await app.state.pool.close()

    app = FastAPI(
        title="FGPS",
        version=__version__,
        summary="A verifier for formal solutions in plane geometry",
        lifespan=lifespan,
    )
    app.state.settings = chosen
    for path, task in _TASKS.items():
        app.add_api_route(path, _handler(task), methods=["POST"], **DOCUMENTED[path])
    app.add_api_route("/verify/batch", _batch, methods=["POST"], **DOCUMENTED["/verify/batch"])

    _add_reading(app, theory)

    @app.exception_handler(_Refused)
    async def refused(request: Request, problem: _Refused) -> Response:
        headers = {"Retry-After": "1"} if problem.status == 429 else None
        return _failure(problem.code, str(problem), problem.status, headers)

    return app


def _add_reading(app: FastAPI, theory: Theory) -> None:
    """The routes that read: theorems, health, metrics."""

    @app.get("/theorem", summary="Theorems by name or by what they say")
    @app.get("/theorems/search", include_in_schema=False)
    async def theorem(
        request: Request,
        q: str = Query(min_length=1, max_length=400),
        limit: int = Query(5, ge=1, le=50),
    ) -> Response:
        _authorize(request)
        return JSONResponse(search_theorems(theory, q, limit))

    @app.get("/health", summary="Whether workers are there")
    async def health(request: Request) -> Response:
        pool: Pool = request.app.state.pool
        document = {
            "status": "ok" if pool.workers else "starting",
            "version": __version__,
            "theory": theory.name,
            "digest": theory.digest,
            "workers": pool.workers,
            "waiting": pool.waiting,
        }
        return JSONResponse(document, 200 if pool.workers else 503)

    @app.get("/metrics", summary="Counters in the format of Prometheus")
    async def metrics(request: Request) -> Response:
        _authorize(request)
        return PlainTextResponse(_metrics(request.app.state.pool))


_TASKS: Final = {
    "/verify": "verify",
    "/check-problem": "check-problem",
    "/formalization": "check-problem",
    "/solve": "solve",
    "/check": "check",
    "/apply": "apply",
}


def _handler(task: str) -> _Handler:
    async def handle(request: Request) -> Response:
        data = await _body(request)
        reply = await _ask(request.app.state.pool, task, data)
        if reply["status"] == "ok":
            return JSONResponse(reply["result"])
        return JSONResponse(_problem(reply), _HTTP.get(reply["status"], 500))

    return handle


async def _batch(request: Request) -> Response:
    """``{"items": [{"id", "problem", "solution", ...}]}`` -> ``{"results": [{"id", "status", ...}]}``."""
    data = await _body(request)
    items = data.get("items")
    if not isinstance(items, list) or not 0 < len(items) <= MAX_BATCH:
        raise _Refused(422, "bad-request", f"`items` is a list of 1 to {MAX_BATCH} objects")
    shared = {key: value for key, value in data.items() if key != "items"}
    pool: Pool = request.app.state.pool
    # No more at a time than there are workers: a batch must not crowd out other callers.
    room = asyncio.Semaphore(max(1, pool.limits.workers))

    async def one(position: int, item: object) -> dict[str, Any]:
        if not isinstance(item, dict):
            return {"id": position, "status": "bad-request", "message": "an item is an object"}
        named = item.get("id", position)
        async with room:
            try:
                reply = await _ask(pool, "verify", {**shared, **item})
            except _Refused as problem:
                reply = {"status": problem.code, "message": str(problem), "details": []}
        if reply["status"] == "ok":
            return {"id": named, "status": "ok", "seconds": reply["seconds"], "report": reply["result"]}
        return {"id": named, "status": reply["status"], **_problem(reply)["error"]}

    results = await asyncio.gather(*(one(position, item) for position, item in enumerate(items)))
    return JSONResponse({"results": results})


async def _ask(pool: Pool, task: str, data: dict[str, Any]) -> dict[str, Any]:
    seconds = data.get("timeout")
    if seconds is not None and (not isinstance(seconds, int | float) or isinstance(seconds, bool)):
        raise _Refused(422, "bad-request", "`timeout` is a number of seconds")
    try:
        return await pool.ask(task, data, None if seconds is None else float(seconds))
    except Busy:
        raise _Refused(429, "busy", "too many requests are waiting; try again later") from None


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request, read up to the limit."""
    _authorize(request)
    limit = request.app.state.settings.max_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _Refused(413, "too-long", f"a request may have {limit:,} bytes at most")
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > limit:
            raise _Refused(413, "too-long", f"a request may have {limit:,} bytes at most")
    try:
        value = json.loads(held.decode("utf-8"))
    except UnicodeDecodeError:
        raise _Refused(400, "not-text", "the request is not UTF-8") from None
    except (ValueError, RecursionError) as problem:
        raise _Refused(400, "syntax", f"the request is not JSON: {problem}"[:200]) from None
    if not isinstance(value, dict):
        raise _Refused(422, "bad-request", "the request is a JSON object")
    return value


def _authorize(request: Request) -> None:
    token = request.app.state.settings.token
    if not token:
        return
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        raise _Refused(401, "unauthorized", "a bearer token is needed")


def _problem(reply: dict[str, Any]) -> dict[str, Any]:
    error = {
        "code": reply["status"],
        "message": reply.get("message", ""),
        "details": reply.get("details", []),
    }
    return {"error": error}


def _failure(code: str, message: str, status: int, headers: dict[str, str] | None) -> Response:
    document = {"error": {"code": code, "message": message, "details": []}}
    return JSONResponse(document, status, headers)


def _metrics(pool: Pool) -> str:
    counts = pool.counts
    lines = ["# TYPE fgps_requests_total counter"]
    lines += [f'fgps_requests_total{{status="{name}"}} {n}' for name, n in sorted(counts.answers.items())]
    for name, kind, value in (
        ("fgps_refused_total", "counter", counts.refused),
        ("fgps_workers_replaced_total", "counter", counts.replaced),
        ("fgps_work_seconds_total", "counter", round(counts.seconds, 6)),
        ("fgps_workers", "gauge", pool.workers),
        ("fgps_waiting", "gauge", pool.waiting),
    ):
        lines += [f"# TYPE {name} {kind}", f"{name} {value}"]
    return "\n".join(lines) + "\n"
