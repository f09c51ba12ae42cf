"""``fgps annotate``: the solution that a search finds, in the form of the data sets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from fgps.cli.bench import _stoppable
from fgps.cli.exits import Exit, exit_for
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON, THEORY, TIMEOUT

if TYPE_CHECKING:
    from fgps.annotate.annotation import Annotation
    from fgps.batch.annotation import Folder
    from fgps.batch.jobs import Item, Job, Record
    from fgps.batch.run import About, Finished, Plan

SOURCE = typer.Argument(metavar="PROBLEM|DATASET", help="A problem, or a folder of problems.")
OUT = typer.Option(
    "-o", "--out", metavar="PATH", help="The .json or .fgl file to write; for a data set the folder."
)


def annotate(
    source: Annotated[str, SOURCE],
    out: Annotated[Path | None, OUT] = None,
    theory: Annotated[str, THEORY] = "basic",
    timeout: Annotated[float, TIMEOUT] = 10.0,
    seed: Annotated[int, typer.Option(help="For the figure, and the draw of --sample.")] = 0,
    ids: Annotated[Path | None, typer.Option(help="Of a data set only the ids in this file.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Draw so many problems of a data set.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Worker processes for a data set.")] = 1,
    memory: Annotated[int, typer.Option(min=0, help="MiB for each worker; 0: no limit.")] = 4096,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an earlier run to --out.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Solve problems and write each solution as theorem sequence with its dependency graph.

    What is written replays (`fgps replay`). Annotated answers and solutions are not looked at.
    """
    from fgps.resources import data_folder

    named = len(Path(source).parts) == 1 and "#" not in source and not Path(source).exists()
    lines = Path(source).suffix.lower() == ".jsonl"
    if lines or Path(source).is_dir() or (named and data_folder(f"datasets/{source}").is_dir()):
        if out is None:
            fail("a data set needs --out FOLDER", json)
        _annotate_all(source, out, theory, timeout, seed, ids, sample, jobs, memory, resume, json)
    else:
        if ids is not None or sample is not None or resume:
            fail("--ids, --sample and --resume are for data sets", json)
        _annotate_one(source, out, theory, timeout, seed, json)


def _annotate_one(
    source: str, out: Path | None, theory: str, timeout: float, seed: int, json: bool
) -> NoReturn:
    from fgps.annotate.annotation import annotate as find
    from fgps.api import errors
    from fgps.data.sources import read_source
    from fgps.problem.build import build_problem
    from fgps.theory.load import load_theory

    read, base = read_source(source), load_theory(theory)
    diagnostics = [*read.diagnostics, *base.diagnostics]
    problem = None
    if read.declaration is not None and base.theory is not None:
        problem = build_problem(read.declaration, base.theory, read.source_name, read.strict)
        diagnostics += problem.diagnostics
    shown = report(diagnostics, None if json else say)
    if problem is None or errors(diagnostics):
        if json:
            emit_json({"problem": source, "status": "error", "diagnostics": shown})
        raise typer.Exit(Exit.BAD_INPUT)
    found = find(problem, timeout, seed)
    done = found.status == "annotated"
    if done and out is not None:
        from fgps.annotate.write import form_of, with_solution

        try:
            out.write_text(with_solution(read, found, form_of(out, read), problem.theory.predicates), "utf-8")
        except OSError as error:
            fail(f"{out} cannot be written: {error.strerror or error}", json)
    if json:
        emit_json({"problem": source, **_plain(found), "diagnostics": shown})
    else:
        _tell(found, problem.declaration.name, out)
    raise typer.Exit(Exit.YES if done else exit_for(found.status))


def _plain(found: Annotation) -> dict[str, object]:
    return {
        "status": found.status,
        "answer": found.answer,
        "value": found.value,
        "steps": len(found.steps),
        "seconds": found.seconds,
        "message": found.message,
        "theorem_seqs": list(found.sequence),
        "theorem_seqs_dag": {step: list(users) for step, users in found.graph},
    }


def _tell(found: Annotation, name: str, out: Path | None) -> None:
    """The solution as FGL, unless it went to a file; what else is to be said goes to standard error."""
    from fgps.lang.ast import SolutionDeclaration
    from fgps.lang.printer import print_file

    if found.status != "annotated":
        say(f"{found.status}: {found.message}" if found.message else found.status)
        return
    if out is None:
        typer.echo(print_file([SolutionDeclaration(name, found.steps)]), nl=False)
    where = f"{out}: " if out is not None else ""
    answer = f", answer {found.answer}" if found.answer is not None else ""
    say(f"{where}{len(found.steps)} steps{answer}  ({found.seconds:.3f} s)")


def _annotate_all(
    source: str,
    out: Path,
    theory: str,
    timeout: float,
    seed: int,
    ids: Path | None,
    sample: int | None,
    jobs: int,
    memory: int,
    resume: bool,
    json: bool,
) -> None:
    from fgps.batch.annotation import Folder, annotate_job, theory_of
    from fgps.batch.executor import BatchError
    from fgps.batch.items import choose, items_of, read_ids
    from fgps.batch.run import About

    try:
        items = choose(items_of(source), read_ids(ids) if ids else None, sample, seed)
        job = annotate_job(theory, timeout, seed, memory)
        folder = Folder(out, items, theory_of(job))
        about = About(source, ("fgps", *sys.argv[1:]))
        finished = _run(job, items, folder, jobs, resume, about, quiet=json)
    except BatchError as error:
        fail(str(error), json)
    _sum_up(finished, out, json)
    if not finished.complete:
        say(f"interrupted after {finished.summary.total} of {len(items)}; go on with --out {out} --resume")
        raise typer.Exit(Exit.INTERRUPTED)


def _run(
    job: Job, items: list[Item], folder: Folder, jobs: int, resume: bool, about: About, quiet: bool
) -> Finished:
    from rich.console import Console

    from fgps.batch.pool import LocalPool
    from fgps.batch.progress import BatchProgress
    from fgps.batch.run import run_batch

    with _stoppable(), BatchProgress(Console(stderr=True), len(items), quiet) as bar:

        def started(plan: Plan) -> None:
            folder.complete(plan.done)
            bar.started(plan)

        def progress(record: Record) -> None:
            folder.write(record)
            bar.record(record)

        return run_batch(job, items, LocalPool(jobs), folder.results, resume, started, progress, about)


def _sum_up(finished: Finished, out: Path, json: bool) -> None:
    summary = finished.summary
    good = [record for record in finished.records if record.get("status") == "annotated"]
    mean = sum(record["steps"] for record in good) / len(good) if good else 0.0
    if json:
        emit_json({**summary.as_json(), "mean_steps": mean, "complete": finished.complete, "out": str(out)})
        return
    typer.echo(f"annotated {summary.success} of {summary.total}, {mean:.2f} steps each; written to {out}")
    for cause, count in summary.causes:
        typer.echo(f"    {cause}: {count}")
    if summary.median is not None and summary.p95 is not None:
        typer.echo(f"seconds: median {summary.median:.3f}, 95th percentile {summary.p95:.3f}")
