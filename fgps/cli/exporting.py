"""``fgps export``: training examples of theorem choice from a data set."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.bench import ADDRESS, DATASET, EXECUTOR, IDS, JOBS, MEMORY, SAMPLE, Where, _stoppable
from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, say
from fgps.cli.solving import JSON, THEORY, TIMEOUT

if TYPE_CHECKING:
    from fgps.batch.executor import Executor
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


PROOFS = typer.Option(help="A method of search, or the annotated solutions.")
SPLIT = typer.Option(metavar="TRAIN,VAL,TEST", help="Shares of the problems, in percent.")
SPLIT_BY = typer.Option(help="What falls into one split as a whole, whatever its points are called.")
MAX_CANDIDATES = typer.Option(min=1, max=100_000, help="Candidates of one example at most.")


def export(
    dataset: Annotated[str, DATASET],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write.")],
    proofs: Annotated[Proofs, PROOFS] = Proofs.auto,
    ids: Annotated[Path | None, IDS] = None,
    sample: Annotated[int | None, SAMPLE] = None,
    seed: Annotated[int, typer.Option(help="For the draw, the split, and the cap of candidates.")] = 0,
    split: Annotated[str, SPLIT] = "80,10,10",
    split_by: Annotated[By, SPLIT_BY] = By.problem,
    max_candidates: Annotated[int, MAX_CANDIDATES] = 512,
    jobs: Annotated[int | None, JOBS] = None,
    executor: Annotated[Where, EXECUTOR] = Where.pool,
    address: Annotated[str | None, ADDRESS] = None,
    timeout: Annotated[float, TIMEOUT] = 30.0,
    memory: Annotated[int, MEMORY] = 4096,
    theory: Annotated[str, THEORY] = "basic",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an export that was cut off.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Write training examples: for each step of each proof the state, what could be applied, what was.

    Parquet tables train, val, test and problems, a vocabulary and a manifest; see docs/learning.md.
    """
    from fgps.batch.executor import BatchError
    from fgps.batch.items import choose, items_of, read_ids
    from fgps.batch.run import make_executor
    from fgps.learn.export import Options

    if address is not None and executor is not Where.ray:
        fail("--address needs --executor ray", json)
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
        workers = make_executor(executor.value, jobs, address)
        exported = _run(options, items, workers, out, resume, json)
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


def _run(
    options: Options, items: list[Item], executor: Executor, out: Path, resume: bool, quiet: bool
) -> Exported:
    from rich.console import Console

    from fgps.batch.jobs import Record
    from fgps.cli.progress import BatchProgress
    from fgps.learn.export import export as run_export

    with _stoppable(), BatchProgress(Console(stderr=True), len(items), quiet) as bar:

        def started(done: int) -> None:
            bar.begin(done, done)

        def progress(record: Record) -> None:
            bar.advance(record.get("trace") is not None)

        return run_export(options, items, executor, out, resume, started, progress)


def _show(manifest: dict[str, Any], out: Path, json: bool) -> None:
    if json:
        emit_json(manifest)
        return
    for split, counts in manifest["splits"].items():
        size = manifest["files"][f"{split}.parquet"]["bytes"]
        typer.echo(f"{split}: {counts['examples']} examples of {counts['problems']} problems, {size:,} bytes")
    statuses = ", ".join(f"{name} {count}" for name, count in manifest["statuses"].items())
    typer.echo(f"{out}: {manifest['problems']} problems ({statuses})")
