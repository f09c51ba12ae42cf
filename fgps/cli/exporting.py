"""``fgps export``: training examples of theorem choice from a data set."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.bench import _stoppable
from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, say
from fgps.cli.solving import JSON, THEORY, TIMEOUT

if TYPE_CHECKING:
    from fgps.batch.jobs import Item
    from fgps.learn.export import Exported, Options


class Proofs(StrEnum):
    """Where the proofs come from."""

    auto = "auto"
    forward = "forward"
    backward = "backward"
    annotated = "annotated"


class By(StrEnum):
    """What must not be on both sides of a split."""

    problem = "problem"
    construction = "construction"


def export(
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="A folder of problems (formalgeo JSON or FGL).")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write.")],
    proofs: Annotated[
        Proofs, typer.Option(help="A method of search, or the annotated solutions.")
    ] = Proofs.auto,
    ids: Annotated[
        Path | None, typer.Option(help="Only the problems whose ids are listed in this file.")
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Draw so many problems (see --seed).")] = None,
    seed: Annotated[int, typer.Option(help="For the draw, the split, and the cap of candidates.")] = 0,
    split: Annotated[
        str, typer.Option(metavar="TRAIN,VAL,TEST", help="Shares of the problems, in percent.")
    ] = "80,10,10",
    split_by: Annotated[
        By, typer.Option(help="What falls into one split as a whole, whatever its points are called.")
    ] = By.problem,
    max_candidates: Annotated[
        int, typer.Option(min=1, max=100_000, help="Candidates of one example at most.")
    ] = 512,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Worker processes.")] = 1,
    timeout: Annotated[float, TIMEOUT] = 30.0,
    memory: Annotated[
        int, typer.Option(min=0, help="MiB of address space for each worker; 0: no limit.")
    ] = 4096,
    theory: Annotated[str, THEORY] = "basic",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an export that was cut off.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Write training examples: for each step of each proof the state, what could be applied, what was.

    Parquet tables train, val, test and problems, a vocabulary and a manifest; see docs/learning.md.
    """
    from fgps.batch.executor import BatchError
    from fgps.batch.items import choose, items_of, read_ids
    from fgps.learn.export import Options

    try:
        options = Options(
            dataset=dataset,
            theory=theory,
            proofs=proofs.value,
            timeout=timeout,
            seed=seed,
            memory_mb=memory,
            shares=_shares(split, json),
            split_by=split_by.value,  # type: ignore[arg-type]
            max_candidates=max_candidates,
        )
        items = choose(items_of(dataset), read_ids(ids) if ids else None, sample, seed)
        exported = _run(options, items, jobs, out, resume, json)
    except BatchError as error:
        fail(str(error), json)
    if exported.manifest is None:
        say(f"interrupted after {exported.done} of {len(items)}; go on with --resume")
        raise typer.Exit(Exit.INTERRUPTED)
    _show(exported.manifest, out, json)


def _shares(text: str, json: bool) -> tuple[float, float, float]:
    """``80,10,10`` as shares of one."""
    try:
        parts = [float(part) for part in text.split(",")]
    except ValueError:
        parts = []
    total = sum(parts)
    if len(parts) != 3 or not all(0 <= part <= 100 for part in parts) or abs(total - 100) > 1e-6:
        fail(f"--split {text}: three shares in percent that add up to 100 are needed, as 80,10,10", json)
    return (parts[0] / total, parts[1] / total, parts[2] / total)


def _run(options: Options, items: list[Item], jobs: int, out: Path, resume: bool, quiet: bool) -> Exported:
    from rich.console import Console

    from fgps.batch.jobs import Record
    from fgps.batch.pool import LocalPool
    from fgps.cli.progress import BatchProgress
    from fgps.learn.export import export as run_export

    with _stoppable(), BatchProgress(Console(stderr=True), len(items), quiet) as bar:

        def started(done: int) -> None:
            bar.begin(done, done)

        def progress(record: Record) -> None:
            bar.advance(record.get("trace") is not None)

        return run_export(options, items, LocalPool(jobs), out, resume, started, progress)


def _show(manifest: dict[str, Any], out: Path, json: bool) -> None:
    if json:
        emit_json(manifest)
        return
    for split, counts in manifest["splits"].items():
        size = manifest["files"][f"{split}.parquet"]["bytes"]
        typer.echo(f"{split}: {counts['examples']} examples of {counts['problems']} problems, {size:,} bytes")
    statuses = ", ".join(f"{name} {count}" for name, count in manifest["statuses"].items())
    typer.echo(f"{out}: {manifest['problems']} problems ({statuses})")
