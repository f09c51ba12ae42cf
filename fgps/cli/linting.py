"""``fgps lint``: what is wrong with the problems of a data set."""

from __future__ import annotations

from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON, THEORY
from fgps.cli.theories import load


def lint(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A folder of problems, or one PROBLEM.")],
    theory: Annotated[str, THEORY] = "basic",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as findings too.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Read every problem of a data set and report its slips; status 1 if a problem cannot be used."""
    from fgps import api
    from fgps.batch.executor import BatchError
    from fgps.batch.items import sources_of
    from fgps.lang.diagnostics import Severity

    try:
        sources = sources_of(dataset)
    except BatchError as error:
        fail(str(error), json)
    base = load(theory, json)
    bad = warned = 0
    findings: list[dict[str, object]] = []
    for source in sources:
        loaded = api.load(source, theory=base)
        grave = [d for d in loaded.diagnostics if d.severity is not Severity.NOTE]
        bad += loaded.problem is None
        warned += bool(grave) and loaded.problem is not None
        shown = report(grave, None if json else say)
        if shown or loaded.problem is None:
            findings.append({"problem": source, "usable": loaded.problem is not None, "diagnostics": shown})
    if json:
        emit_json({"dataset": dataset, "problems": len(sources), "unusable": bad, "findings": findings})
    else:
        typer.echo(f"{len(sources)} problems: {bad} cannot be used, {warned} with warnings")
    if bad or (strict and warned):
        raise typer.Exit(Exit.NO)
