"""``fgps check-problem``: whether the statement of a problem is right in itself."""

from __future__ import annotations

from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json
from fgps.cli.solving import JSON, PROBLEM, THEORY
from fgps.cli.theories import load


def check_problem(
    problem: Annotated[str, PROBLEM],
    theory: Annotated[str, THEORY] = "basic",
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds for finding a figure.")] = 5.0,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Check a statement: syntax, names, entities, a figure, the goal, the answer, what is unused."""
    from fgps.verify.formalization import check_formalization, words

    report = check_formalization(problem, load(theory, json), timeout)
    if json:
        emit_json({"problem": problem, "status": report.verdict, **report.as_json()})
    else:
        typer.echo(words(report))
    status = {"ok": Exit.YES, "unreadable": Exit.BAD_INPUT, "no-figure": Exit.OUT_OF_BUDGET}
    raise typer.Exit(status.get(report.verdict, Exit.NO))
