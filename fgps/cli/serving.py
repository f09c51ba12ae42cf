"""``fgps serve`` and ``fgps mcp``: the verifier for other programs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import fail, say
from fgps.cli.solving import THEORY

WORKERS = typer.Option(min=1, help="Worker processes.")
TIMEOUT = typer.Option(min=0.1, help="Seconds for one request.")
MEMORY = typer.Option(min=0, help="MiB a worker may use; 0: no limit.")


def serve(
    host: Annotated[str, typer.Option(help="Where to listen; other machines reach 0.0.0.0.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8765,
    theory: Annotated[str, THEORY] = "basic",
    workers: Annotated[int, WORKERS] = 2,
    timeout: Annotated[float, TIMEOUT] = 10.0,
    memory: Annotated[int, MEMORY] = 2048,
    waiting: Annotated[int, typer.Option(min=0, help="Requests that may wait; more get status 429.")] = 64,
    max_bytes: Annotated[int, typer.Option(min=1000, help="Longest request.")] = 1_000_000,
    receipts: Annotated[int, typer.Option(min=0, help="MiB of reports kept for equal requests.")] = 64,
) -> None:
    """Serve the verifier over HTTP (needs the extra `serve`).

    With the environment variable FGPS_TOKEN callers need that bearer token.
    """
    try:
        import uvicorn

        from fgps.serve.app import Settings, create_app
        from fgps.serve.pool import Limits
    except ImportError as missing:
        fail(f"{missing}; install fgps[serve]")
    limits = Limits(workers, waiting, timeout, memory, theory)
    try:
        token = os.environ.get("FGPS_TOKEN", "")
        app = create_app(Settings(limits, max_bytes, token, receipts * 2**20))
    except ValueError as problem:
        fail(str(problem))
    say(f"fgps serves on http://{host}:{port} (documentation under /docs)")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
    raise typer.Exit(Exit.YES)


def mcp(
    theory: Annotated[str, THEORY] = "basic",
    workers: Annotated[int, WORKERS] = 1,
    timeout: Annotated[float, TIMEOUT] = 30.0,
    memory: Annotated[int, MEMORY] = 2048,
) -> None:
    """Serve the verifier as tools of the Model Context Protocol on stdio (needs the extra `serve`)."""
    try:
        from fgps.serve.mcp import create_server
        from fgps.serve.pool import Limits
    except ImportError as missing:
        fail(f"{missing}; install fgps[serve]")
    create_server(Limits(workers, 64, timeout, memory, theory)).run("stdio")
