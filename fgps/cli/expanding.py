"""``fgps expand``: new problems from those of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from fgps.cli.bench import ADDRESS, DATASET, EXECUTOR, IDS, JOBS, MEMORY, Where, _stoppable
from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, say
from fgps.cli.solving import JSON, THEORY

if TYPE_CHECKING:
    from fgps.batch.executor import Executor
    from fgps.batch.jobs import Item, Job
    from fgps.expand.run import Chosen
    from fgps.expand.settings import Settings


OUT = typer.Option("--out", "-o", help="FILE.fgl, FILE.jsonl, or a folder for the released formalgeo layout.")
TRANSFORM = typer.Option(help="Of goal, resample, swap, rename; commas between.")
GOALS = typer.Option(help="Of length, angle, area, ratio, symbol, relation, equation; commas between.")
PER_SOURCE = typer.Option(min=1, max=1000, help="Most new problems of one source.")
PER_PATTERN = typer.Option(min=1, max=1000, help="Most problems that differ in their numbers only.")
VARIANTS = typer.Option(min=0, max=50, help="Sets of other numbers for each source.")
MIN_LEVEL = typer.Option(min=1, help="Fewest theorem steps of a solution.")
MAX_LEVEL = typer.Option(min=1, help="Most theorem steps of a solution.")
LIMIT = typer.Option(min=1, help="Keep so many new problems at most.")
SAMPLE = typer.Option(min=1, help="Draw so many sources (see --seed).")
SEED = typer.Option(help="Settles the draw and all random choices.")
SECONDS = typer.Option(min=1, help="Seconds for one source.")
RESUME = typer.Option("--resume", help="Go on with a run that was cut off.")


def expand(
    dataset: Annotated[str, DATASET],
    out: Annotated[Path, OUT],
    transform: Annotated[str, TRANSFORM] = "goal,resample,swap,rename",
    goals: Annotated[str, GOALS] = "length,angle,area,symbol,relation,equation",
    per_source: Annotated[int, PER_SOURCE] = 40,
    per_pattern: Annotated[int, PER_PATTERN] = 3,
    variants: Annotated[int, VARIANTS] = 3,
    min_level: Annotated[int, MIN_LEVEL] = 2,
    max_level: Annotated[int, MAX_LEVEL] = 30,
    limit: Annotated[int | None, LIMIT] = None,
    ids: Annotated[Path | None, IDS] = None,
    sample: Annotated[int | None, SAMPLE] = None,
    seed: Annotated[int, SEED] = 0,
    jobs: Annotated[int | None, JOBS] = None,
    executor: Annotated[Where, EXECUTOR] = Where.pool,
    address: Annotated[str | None, ADDRESS] = None,
    timeout: Annotated[float, SECONDS] = 300.0,
    memory: Annotated[int, MEMORY] = 4096,
    theory: Annotated[str, THEORY] = "basic",
    resume: Annotated[bool, RESUME] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Make new problems: other goals, other numbers, other givens, other names; each solved and checked."""
    from fgps.batch.executor import BatchError
    from fgps.batch.items import choose, items_of, read_ids
    from fgps.batch.run import make_executor
    from fgps.expand.settings import Settings
    from fgps.expand.work import expand_job, work_item
    from fgps.expand.write import write
    from fgps.theory.load import load_theory

    if address is not None and executor is not Where.ray:
        fail("--address needs --executor ray", json)
    loaded = load_theory(theory).theory
    if loaded is None:
        fail(f"the theory {theory} cannot be used", json)
    try:
        settings = Settings(
            transformations=_names(transform),
            seed=seed,
            per_source=per_source,
            per_pattern=per_pattern,
            variants=variants,
            min_level=min_level,
            max_level=max_level,
            goal_kinds=_names(goals),
        ).checked()
        chosen = choose(items_of(dataset), read_ids(ids) if ids else None, sample, seed)
        items = [work_item(item.id, item.source, settings) for item in chosen]
        job = expand_job(theory, timeout, seed, memory)
        runner = make_executor(executor.value, jobs, address)
        found = _run(job, items, runner, settings, out, resume, limit, quiet=json)
        write(found.problems, out, loaded)
    except (BatchError, ValueError) as error:
        fail(str(error), json)
    except OSError as error:
        fail(f"cannot write {out}: {error.strerror}", json)
    _show(found, out, json)
    _end(found, out)


def _end(found: Chosen, out: Path) -> NoReturn:
    if not found.complete:
        say(f"interrupted; go on with --out {out} --resume")
        raise typer.Exit(Exit.INTERRUPTED)
    raise typer.Exit(Exit.YES if found.problems else Exit.NO)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _run(
    job: Job,
    items: list[Item],
    executor: Executor,
    settings: Settings,
    out: Path,
    resume: bool,
    limit: int | None,
    quiet: bool,
) -> Chosen:
    """The run, with a progress line on standard error unless ``quiet``."""
    from rich.console import Console

    from fgps.batch.jobs import Record
    from fgps.batch.progress import BatchProgress
    from fgps.expand.run import count_of
    from fgps.expand.run import expand as expand_all

    records = out.with_name(out.name + ".records")
    with _stoppable(), BatchProgress(Console(stderr=True), len(items), quiet) as bar:

        def started(done: int, good: int) -> None:
            bar.begin(done, good)

        def progress(record: Record) -> None:
            bar.advance(count_of(record) > 0)

        return expand_all(job, items, executor, settings, records, resume, limit, started, progress)


def _show(found: Chosen, out: Path, json: bool) -> None:
    levels = found.by(lambda problem: str(problem["level"]))
    ways = found.by(lambda problem: " ".join(problem["path"]))
    if json:
        emit_json(
            {
                "problems": len(found.problems),
                "sources": found.sources,
                "repeated": found.repeated,
                "levels": dict(sorted(levels, key=lambda row: int(row[0]))),
                "made_by": dict(ways),
                "without": dict(found.failed),
                "cpu_seconds": found.seconds,
                "complete": found.complete,
                "out": str(out),
            }
        )
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table("made by", title=f"{len(found.problems)} new problems from {found.sources} sources")
    table.add_column("problems", justify="right")
    for way, count in ways:
        table.add_row(way, str(count))
    console.print(table)
    listed = ", ".join(f"{level}: {count}" for level, count in sorted(levels, key=lambda row: int(row[0])))
    console.print(f"theorem steps: {listed or 'none'}")
    for cause, count in found.failed:
        console.print(f"no problem from {count}: {cause}")
    console.print(f"{found.seconds:.1f} s of processor time; written to {out}", soft_wrap=True)
