"""``fgps verify``: check solutions that somebody else wrote, one or many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON, THEORY, TIMEOUT

if TYPE_CHECKING:
    from fgps.verify import Report


def verify(
    problem: Annotated[
        str, typer.Argument(metavar="PROBLEM", help="An .fgl or formalgeo JSON file, or DATASET#ID.")
    ] = "",
    solution: Annotated[
        str, typer.Argument(metavar="SOLUTION", help="A file with the solution in any form; - reads it here.")
    ] = "",
    theory: Annotated[str, THEORY] = "basic",
    feedback: Annotated[
        int, typer.Option(min=0, max=2, help="0 the verdict, 1 which steps and why, 2 hints too.")
    ] = 2,
    timeout: Annotated[float, TIMEOUT] = 10.0,
    batch: Annotated[Path | None, typer.Option(help="JSON lines with id, problem and solution.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the records of a batch go.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Worker processes of a batch; 0: this process.")] = 1,
    memory: Annotated[int, typer.Option(min=0, help="MiB a worker may use; 0: no limit.")] = 2048,
    resume: Annotated[bool, typer.Option("--resume", help="Skip what --out already holds.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Check a solution step by step: right or wrong, why, and what would mend it."""
    if batch is not None:
        _batch(batch, out, theory, timeout, jobs, memory, resume, json)
        return
    if not problem or not solution:
        fail("name a PROBLEM and a SOLUTION, or use --batch", json)
    _one(problem, solution, theory, feedback, timeout, json)


def _one(problem: str, solution: str, theory: str, level: int, timeout: float, json: bool) -> None:
    from fgps import api
    from fgps.verify import Budget
    from fgps.verify import feedback as words
    from fgps.verify import verify as check

    loaded = api.load(problem, theory=theory)
    if loaded.problem is None:
        shown = report(loaded.diagnostics, None if json else say)
        if json:
            emit_json({"problem": problem, "status": "error", "diagnostics": shown})
        raise typer.Exit(Exit.BAD_INPUT)
    found = check(loaded.problem, _bytes(solution, json), Budget(timeout))
    if json:
        emit_json({"problem": problem, "status": found.verdict, **found.as_json()})
    else:
        report(loaded.diagnostics, say)
        typer.echo(words(found, level))
        _print_steps(found)
    raise typer.Exit(_exit(found))


def _bytes(solution: str, json: bool) -> bytes:
    from fgps.verify.solution import MAX_TEXT

    try:
        if solution == "-":
            import sys

            return sys.stdin.buffer.read(4 * MAX_TEXT + 1)
        with open(solution, "rb") as stream:
            return stream.read(4 * MAX_TEXT + 1)
    except (OSError, ValueError) as problem:
        fail(f"{solution}: {getattr(problem, 'strerror', None) or problem}", json)


def _print_steps(found: Report) -> None:
    typer.echo()
    for step in found.steps:
        unused = "  (not needed)" if step.good and step.used is False else ""
        typer.echo(f"{step.number:4}. {step.verdict:18}{(step.read or step.text)[:90]}{unused}")
    if found.assumed:
        typer.echo(f"assumed (no figure decides it): {', '.join(found.assumed)}")
    if found.in_figure:
        typer.echo(f"read off the figure: {', '.join(found.in_figure)}")
    if found.part:
        typer.echo(f"the data contradicts itself; the figure is that of: {', '.join(found.part)}")
    if found.accepted and found.derived:
        typer.echo(f"answer: {found.derived}")
    typer.echo(f"{found.verdict}  (score {found.score:g})")


def _exit(found: Report) -> Exit:
    if found.accepted:
        return Exit.YES
    if found.verdict == "timeout":
        return Exit.OUT_OF_BUDGET
    return Exit.BAD_INPUT if found.verdict == "unreadable" else Exit.NO


def _batch(
    source: Path,
    out: Path | None,
    theory: str,
    timeout: float,
    jobs: int,
    memory: int,
    resume: bool,
    json: bool,
) -> None:
    from contextlib import ExitStack, closing

    from fgps.batch.executor import BatchError, InProcess
    from fgps.batch.pool import LocalPool
    from fgps.batch.results import ResultsFile
    from fgps.batch.verification import read_items, verify_job

    counts: dict[str, int] = {}
    job = verify_job(theory, timeout, memory)
    try:
        with ExitStack() as stack:
            items = read_items(source)
            file = stack.enter_context(ResultsFile(out, job.task, resume)) if out is not None else None
            done = {str(row["id"]) for row in file.done} if file is not None else set()
            todo = [item for item in items if str(item.id) not in done]
            executor = LocalPool(jobs) if jobs else InProcess()
            records = stack.enter_context(closing(executor.run(job, todo)))
            for record in records:
                counts[record["status"]] = counts.get(record["status"], 0) + 1
                if file is not None:
                    file.append(record)
                else:
                    emit_json(record)
    except BatchError as problem:
        fail(str(problem), json)
    except KeyboardInterrupt:
        say("interrupted; --resume goes on from here")
        raise typer.Exit(Exit.INTERRUPTED) from None
    _summary(counts, out, json)


def _summary(counts: dict[str, int], out: Path | None, json: bool) -> None:
    document: dict[str, Any] = {"verified": sum(counts.values()), **dict(sorted(counts.items()))}
    if json and out is not None:
        emit_json(document)
    else:
        say(", ".join(f"{count} {status}" for status, count in document.items()))
