"""``fgps lint``: what is wrong with the problems of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, report, say
from fgps.cli.solving import JSON, THEORY
from fgps.cli.theories import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fgps.data.lint import Finding
    from fgps.theory.model import Theory


def lint(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A folder of problems, or one PROBLEM.")],
    theory: Annotated[str, THEORY] = "basic",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as findings too.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Read every problem of a data set and report its slips; status 1 if a problem cannot be used."""
    total, findings = _findings(dataset, load(theory, json))
    rows: list[dict[str, object]] = []
    bad = 0
    unread = not total
    for finding in findings:
        bad += not finding.usable
        unread = unread or any(d.code == "io" for d in finding.diagnostics)
        if not json:
            say(f"{finding.problem}:")
        shown = report(finding.diagnostics, None if json else say)
        rows.append({"problem": finding.problem, "usable": finding.usable, "diagnostics": shown})
    if json:
        emit_json({"dataset": dataset, "problems": total, "unusable": bad, "findings": rows})
    else:
        typer.echo(f"{total} problems: {bad} cannot be used, {len(rows) - bad} with warnings")
    if unread:
        raise typer.Exit(Exit.BAD_INPUT)
    if bad or (strict and rows):
        raise typer.Exit(Exit.NO)


def _findings(dataset: str, theory: Theory) -> tuple[int, Iterable[Finding]]:
    """How many problems there are, and the findings about them (one without problems: about the folder)."""
    from fgps.data.lint import lint_dataset, lint_problem
    from fgps.data.sources import open_dataset, read_source

    if Path(dataset).is_file() or "#" in dataset:
        found = lint_problem(read_source(dataset), theory, dataset)
        return 1, [found] if found.diagnostics else []
    opened = open_dataset(dataset)
    return len(opened.ids), lint_dataset(opened, theory)
