"""``fgps bench``: run a data set, watch it, sum it up."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, say
from fgps.cli.solving import JSON, THEORY, TIMEOUT, Method, Strategy

if TYPE_CHECKING:
    from rich.console import Console

    from fgps.batch.executor import Executor
    from fgps.batch.jobs import Item, Job
    from fgps.batch.run import About, Finished
    from fgps.batch.summary import Summary


class Task(StrEnum):
    """What to do with each problem."""

    solve = "solve"
    replay = "replay"
    diagram = "diagram"


class Where(StrEnum):
    """Which executor does the work."""

    pool = "pool"
    ray = "ray"
    inprocess = "inprocess"


DATASET = typer.Argument(metavar="DATASET", help="A folder of problems (formalgeo JSON or FGL).")
IDS = typer.Option(help="Only the problems whose ids are listed in this file.")
SAMPLE = typer.Option(min=1, help="Draw so many problems (see --seed).")
SEED = typer.Option(help="For the draw and for random choices of a search.")
JOBS = typer.Option(min=1, max=4096, help="Worker processes (default: 1; on a cluster: all processors).")
EXECUTOR = typer.Option(help="Where to work: processes of this machine, a Ray cluster, this process.")
ADDRESS = typer.Option(help="A running Ray cluster, `auto`: that of this machine; without it one is started.")
MEMORY = typer.Option(min=0, help="MiB of address space for each worker; 0: no limit.")
STRATEGY = typer.Option(help="The order of a forward or backward search.")
OUT = typer.Option(
    help="Append results to this file, one JSON object a line; Parquet and manifest go beside it."
)
RESUME = typer.Option("--resume", help="Skip the problems that --out already holds.")
REQUIRE = typer.Option(min=0, max=1, help="Exit with status 1 if a smaller share succeeds.")
MAX_WRONG = typer.Option(min=0, help="Exit with status 1 if more answers are wrong.")


def bench(
    dataset: Annotated[str, DATASET],
    task: Annotated[Task, typer.Option(help="What to do with each problem.")] = Task.solve,
    ids: Annotated[Path | None, IDS] = None,
    sample: Annotated[int | None, SAMPLE] = None,
    seed: Annotated[int, SEED] = 0,
    jobs: Annotated[int | None, JOBS] = None,
    executor: Annotated[Where, EXECUTOR] = Where.pool,
    address: Annotated[str | None, ADDRESS] = None,
    timeout: Annotated[float, TIMEOUT] = 10.0,
    memory: Annotated[int, MEMORY] = 4096,
    theory: Annotated[str, THEORY] = "basic",
    method: Annotated[Method, typer.Option(help="How to search.")] = Method.auto,
    strategy: Annotated[Strategy, STRATEGY] = Strategy.bfs,
    out: Annotated[Path | None, OUT] = None,
    resume: Annotated[bool, RESUME] = False,
    require: Annotated[float, REQUIRE] = 0.0,
    max_wrong: Annotated[int | None, MAX_WRONG] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Run a task over all problems of a data set and sum up the results."""
    from fgps.batch.executor import BatchError
    from fgps.batch.items import choose, items_of, read_ids
    from fgps.batch.jobs import Job
    from fgps.batch.run import About, make_executor

    if resume and out is None:
        fail("--resume needs --out", json)
    if address is not None and executor is not Where.ray:
        fail("--address needs --executor ray", json)
    job = Job(
        task=task.value,
        theory=theory,
        method=method.value,
        strategy=strategy.value,
        timeout=timeout,
        seed=seed,
        memory_mb=memory,
    )
    try:
        chosen = choose(items_of(dataset), read_ids(ids) if ids else None, sample, seed)
        runner = make_executor(executor.value, jobs, address)
        about = About(dataset, ("fgps", *sys.argv[1:]))
        finished = _run(job, chosen, runner, out, resume, about, quiet=json)
    except BatchError as error:
        fail(str(error), json)
    _show(finished, json)
    if not finished.complete:
        _interrupted(finished, len(chosen), out)
    _hold_to(finished.summary, require, max_wrong)


def _interrupted(finished: Finished, total: int, out: Path | None) -> NoReturn:
    again = f"; go on with --out {out} --resume" if out else ""
    say(f"interrupted after {finished.summary.total} of {total}{again}")
    raise typer.Exit(Exit.INTERRUPTED)


def _hold_to(summary: Summary, require: float, max_wrong: int | None) -> None:
    """End the command with status 1 if the run is below its thresholds."""
    if summary.share < require or (max_wrong is not None and summary.wrong > max_wrong):
        wanted = f"at least {require:.1%}" + (f", at most {max_wrong} wrong" if max_wrong is not None else "")
        say(f"below the threshold: {summary.share:.2%} and {summary.wrong} wrong; wanted {wanted}")
        raise typer.Exit(Exit.NO)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a request to terminate end a run as Ctrl-C does; both also where the shell made us ignore them."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(
    job: Job, items: list[Item], executor: Executor, out: Path | None, resume: bool, about: About, quiet: bool
) -> Finished:
    """Run the items, with progress on standard error unless ``quiet``."""
    from rich.console import Console

    from fgps.batch.progress import BatchProgress
    from fgps.batch.run import run_batch

    with _stoppable(), BatchProgress(Console(stderr=True), len(items), quiet) as bar:
        return run_batch(job, items, executor, out, resume, bar.started, bar.record, about)


def _show(finished: Finished, json: bool) -> None:
    files = [str(path) for path in finished.files]
    if json:
        emit_json({**finished.summary.as_json(), "complete": finished.complete, "files": files})
        return
    from rich.console import Console

    _print_summary(Console(highlight=False), finished.summary)
    for note in finished.notes:
        say(note)
    if files:
        say(f"written: {', '.join(files)}")


def _print_summary(console: Console, summary: Summary) -> None:
    from rich.table import Table

    levels = Table(
        "level", title=f"{summary.task}: {summary.success} of {summary.total} ({summary.share:.2%})"
    )
    for heading in ("problems", "done", "share", "wrong"):
        levels.add_column(heading, justify="right")
    for row in summary.levels:
        share = f"{row.success / row.total:.1%}"
        levels.add_row(row.level, str(row.total), str(row.success), share, str(row.wrong))
    console.print(levels)
    if summary.causes:
        causes = Table("cause of failure", title=f"not done: {summary.total - summary.success}")
        causes.add_column("problems", justify="right")
        for cause, count in summary.causes:
            causes.add_row(cause, str(count))
        console.print(causes)
    statuses = ", ".join(f"{name} {count}" for name, count in summary.statuses)
    console.print(f"status: {statuses or 'none'}; wrong answers: {summary.wrong}")
    if summary.median is not None and summary.p95 is not None and summary.worst is not None:
        console.print(
            f"seconds: median {summary.median:.4f}, 95th percentile {summary.p95:.4f},"
            f" worst {summary.worst:.3f}"
        )
