"""``fgps train``: a frequency predictor from the annotated solutions of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, is_terminal, say
from fgps.cli.solving import JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fgps.data.sources import Dataset


def train(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A folder of problems with solutions.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.json", help="Where to write it.")],
    json: Annotated[bool, JSON] = False,
) -> None:
    """Count which theorems annotated solutions use, for `fgps solve --method forward --predictor FILE.json`.

    The file holds theorem names and counts, and nothing else of the problems.
    """
    from fgps.data.sources import open_dataset
    from fgps.search.predictor import learn, save

    opened = open_dataset(dataset)
    if opened.diagnostics:
        fail(opened.diagnostics[0].headline, json)
    predictor = learn(_sequences(opened))
    if not predictor.uses:
        fail(f"{dataset} has no annotated solutions", json)
    try:
        save(predictor, out)
    except OSError as problem:
        fail(f"cannot write {out}: {problem.strerror}", json)
    steps = sum(predictor.uses.values())
    if json:
        emit_json(
            {
                "dataset": dataset,
                "problems": len(opened.ids),
                "steps": steps,
                "theorems": len(predictor.uses),
                "out": str(out),
            }
        )
    else:
        typer.echo(f"{out}: {steps} steps of {len(predictor.uses)} theorems in {len(opened.ids)} problems")


def _sequences(opened: Dataset) -> Iterator[list[str]]:
    """The theorem names of each annotated solution."""
    watched = is_terminal()
    try:
        for number, name in enumerate(opened.ids, 1):
            if watched and number % 500 == 0:
                say(f"{number} of {len(opened.ids)} problems read")
            yield [call.head for call in opened.read(name).theorem_sequence]
    except KeyboardInterrupt:
        say("interrupted: nothing was written")
        raise typer.Exit(Exit.INTERRUPTED) from None
