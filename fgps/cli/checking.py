"""``fgps check``: a certificate against its problem, by the independent checker."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON, PROBLEM, THEORY


def check(
    problem: Annotated[str, PROBLEM],
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="A certificate (JSON).")],
    theory: Annotated[str, THEORY] = "basic",
    json: Annotated[bool, JSON] = False,
) -> None:
    """Check a certificate: valid, valid in the diagram, incomplete or invalid."""
    from fgps import api
    from fgps.check.__main__ import MAX_BYTES, read_certificate, show
    from fgps.check.certificate import check_certificate
    from fgps.proof.certificate import stated

    loaded = api.load(problem, theory=theory)
    if loaded.problem is None:
        found = report(loaded.diagnostics, None if json else say)
        if json:
            emit_json({"problem": problem, "status": "error", "diagnostics": found})
        raise typer.Exit(Exit.BAD_INPUT)
    try:
        if proof.stat().st_size > MAX_BYTES:
            raise ValueError("the file is too large")
        certificate = read_certificate(proof.read_text("utf-8"))
    except (OSError, ValueError) as error:
        fail(f"{proof}: {error}", json)
    verdict = check_certificate(stated(loaded.problem), loaded.problem.theory, certificate)
    if json:
        emit_json({"problem": problem, "status": verdict.kind, **asdict(verdict)})
    else:
        typer.echo(show(verdict))
    raise typer.Exit(Exit.YES if verdict.accepted else Exit.NO)
