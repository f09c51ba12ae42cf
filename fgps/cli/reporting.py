"""``fgps report``: results files side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import fail, say
from fgps.cli.solving import JSON


class Format(StrEnum):
    """Formats of a report."""

    md = "md"
    html = "html"
    svg = "svg"
    json = "json"


RESULTS = typer.Argument(metavar="RESULTS...", help="Results of `fgps bench`: JSON lines or Parquet.")
OUT = typer.Option(
    "--output", "-o", help="Write to this file (.md, .html, .svg, .json); Markdown gets its plot beside it."
)
TO = typer.Option(help="The format, where the file's name does not say it.")
NAME = typer.Option(help="How a run is called, in the order of the files; once for each.")


def report(
    results: Annotated[list[Path], RESULTS],
    output: Annotated[Path | None, OUT] = None,
    to: Annotated[Format | None, TO] = None,
    name: Annotated[list[str] | None, NAME] = None,
    title: Annotated[str | None, typer.Option(help="The heading.")] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Compare runs: tables by level, goal and cause of failure, times, answers that differ, a cactus plot."""
    from fgps.batch.executor import BatchError
    from fgps.batch.report.show import report as compare

    try:
        made = compare(results, name or None, title)
        if output is None:
            typer.echo(made.to("json" if json else (to or Format.md).value))
        else:
            written = made.write(output, to.value if to else None)
            say(f"written: {', '.join(map(str, written))}")
    except BatchError as problem:
        fail(str(problem), json)
    raise typer.Exit(Exit.YES)
