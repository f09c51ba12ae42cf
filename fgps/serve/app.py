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
from fastapi.routing import APIRoute

from fgps import __version__
from fgps.serve.models import DOCUMENTED
from fgps.serve.pool import Busy, Limits, Pool
from fgps.serve.receipts import Receipts
from fgps.serve.reply import Reply
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
    """Limits of the pool, the longest request in bytes, a bearer token (empty: none is asked for), and how
    many bytes of reports are kept for requests that come again."""

    limits: Limits = field(default_factory=Limits)
    max_bytes: int = 1_000_000
    token: str = ""
    kept_bytes: int = 64 * 2**20


class _Refused(Exception):
    """A request that is answered before it reaches a worker."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class _Route(APIRoute):
    """A route whose endpoint takes the request and returns the response, with nothing in between."""

    def get_route_handler(self) -> Any:
        return self.endpoint


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
    app.state.receipts = Receipts(chosen.kept_bytes)
    handlers = {path: _handler(task) for path, task in _TASKS.items()}
    for path, handler in {**handlers, "/verify/batch": _batch}.items():
        app.router.add_api_route(
            path, handler, methods=["POST"], route_class_override=_Route, **DOCUMENTED[path]
        )

    _add_reading(app, theory)

    @app.exception_handler(_Refused)
    async def refused(request: Request, problem: _Refused) -> Response:
        headers = {"Retry-After": "1"} if problem.status == 429 else None
        return _failure(problem.code, str(problem), problem.status, headers)

    @app.exception_handler(Exception)
    async def broken(request: Request, problem: Exception) -> Response:
        return _failure("error", f"internal error: {type(problem).__name__}", 500, None)

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
        state = request.app.state
        return PlainTextResponse(_metrics(state.pool, state.receipts))


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
        body = await _body(request)
        if task == "verify":
            # The same bytes as before: the same report, with nothing read.
            known = request.app.state.receipts.get(request.app.state.receipts.key(task, body))
            if known is not None:
                return Response(known, media_type="application/json")
        reply = await _ask(request.app, task, body, _object(body))
        return Response(reply.body, _HTTP.get(reply.status, 500), media_type="application/json")

    return handle


async def _batch(request: Request) -> Response:
    """``{"items": [{"id", "problem", "solution", ...}]}`` -> ``{"results": [{"id", "status", ...}]}``."""
    data = _object(await _body(request))
    items = data.get("items")
    if not isinstance(items, list) or not 0 < len(items) <= MAX_BATCH:
        raise _Refused(422, "bad-request", f"`items` is a list of 1 to {MAX_BATCH} objects")
    shared = {key: value for key, value in data.items() if key != "items"}
    # No more at a time than there are workers: a batch must not crowd out other callers.
    room = asyncio.Semaphore(max(1, request.app.state.settings.limits.workers))

    async def one(position: int, item: object) -> bytes:
        if not isinstance(item, dict):
            return _entry(position, "bad-request", {"message": "an item is an object"})
        named = item.get("id", position)
        whole = {**shared, **item}
        whole.pop("id", None)
        async with room:
            try:
                reply = await _ask(request.app, "verify", json.dumps(whole).encode(), whole)
            except _Refused as problem:
                return _entry(named, problem.code, {"message": str(problem), "details": []})
        if reply.status != "ok":
            return _entry(named, reply.status, json.loads(reply.body)["error"])
        head = _entry(named, "ok", {"seconds": reply.seconds})
        return head[:-1] + b',"report":' + reply.body + b"}"

    results = await asyncio.gather(*(one(position, item) for position, item in enumerate(items)))
    return Response(b'{"results":[' + b",".join(results) + b"]}", media_type="application/json")


def _entry(named: object, status: str, rest: dict[str, Any]) -> bytes:
    """One item's part of the answer to a batch."""
    return json.dumps({"id": named, "status": status, **rest}, separators=(",", ":")).encode()


async def _ask(app: FastAPI, task: str, body: bytes, data: dict[str, Any]) -> Reply:
    """The reply to the request ``data``, whose JSON is ``body``: a report made before, or made now."""
    seconds = data.get("timeout")
    if seconds is not None and (not isinstance(seconds, int | float) or isinstance(seconds, bool)):
        raise _Refused(422, "bad-request", "`timeout` is a number of seconds")
    receipts: Receipts = app.state.receipts
    key = receipts.key(task, body) if task == "verify" else b""
    if key and (known := receipts.get(key)) is not None:
        return Reply("ok", known)
    try:
        # The smaller of the two first: a whole number may be too large for a float.
        limit = app.state.settings.limits.seconds
        seconds = None if seconds is None else float(min(seconds, limit))
        reply = await app.state.pool.request(task, body, seconds)
    except Busy:
        raise _Refused(429, "busy", "too many requests are waiting; try again later") from None
    if key and reply.final:
        receipts.put(key, reply.body)
    return reply


async def _body(request: Request) -> bytes:
    """The bytes of a request, read up to the limit."""
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
    return bytes(held)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object that a request holds."""
    try:
        value = json.loads(body.decode("utf-8"))
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


def _failure(code: str, message: str, status: int, headers: dict[str, str] | None) -> Response:
    document = {"error": {"code": code, "message": message, "details": []}}
    return JSONResponse(document, status, headers)


def _metrics(pool: Pool, receipts: Receipts) -> str:
    counts = pool.counts
    lines = ["# TYPE fgps_requests_total counter"]
    lines += [f'fgps_requests_total{{status="{name}"}} {n}' for name, n in sorted(counts.answers.items())]
    for name, kind, value in (
        ("fgps_refused_total", "counter", counts.refused),
        ("fgps_workers_replaced_total", "counter", counts.replaced),
        ("fgps_work_seconds_total", "counter", round(counts.seconds, 6)),
        ("fgps_receipts_used_total", "counter", receipts.hits),
        ("fgps_receipts", "gauge", len(receipts)),
        ("fgps_workers", "gauge", pool.workers),
        ("fgps_waiting", "gauge", pool.waiting),
    ):
        lines += [f"# TYPE {name} {kind}", f"{name} {value}"]
    return "\n".join(lines) + "\n"
