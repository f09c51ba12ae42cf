"""``fgps solve`` and ``fgps replay``: one problem, an answer with its steps."""

from __future__ import annotations

from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.exits import Exit, exit_for
from fgps.cli.output import emit_json, fail, report, say

if TYPE_CHECKING:
    from fgps.api import Loaded, Outcome
    from fgps.problem.model import Problem
    from fgps.search.frontier_records import Frontier
    from fgps.search.predictor import FrequencyPredictor

PROBLEM = typer.Argument(
    metavar="PROBLEM", help="An .fgl file (file.fgl#name), a formalgeo JSON file, or DATASET#ID."
)
THEORY = typer.Option(help="basic, imo, or a folder with a pack.")
TIMEOUT = typer.Option(min=0.001, help="Seconds.")
JSON = typer.Option("--json", help="Print JSON.")


class Method(StrEnum):
    """How to search."""

    auto = "auto"
    forward = "forward"
    backward = "backward"


class Strategy(StrEnum):
    """In which order a search goes."""

    bfs = "bfs"
    dfs = "dfs"
    random = "random"
    beam = "beam"


def solve(
    problem: Annotated[str, PROBLEM],
    theory: Annotated[str, THEORY] = "basic",
    method: Annotated[Method, typer.Option(help="How to search.")] = Method.auto,
    strategy: Annotated[
        Strategy, typer.Option(help="The order of a forward or backward search.")
    ] = Strategy.bfs,
    timeout: Annotated[float, TIMEOUT] = 10.0,
    seed: Annotated[int, typer.Option(help="For the random choices of a search.")] = 0,
    predictor: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="Leads a forward search; `fgps train` makes one."),
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(metavar="OUT.json", help="Write the certificate of the proof.")
    ] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Solve a problem and print the proof; where that fails, say what is missing."""
    from fgps import api

    leader = None if predictor is None else _predictor(predictor, method, json)
    loaded, ready = _load(problem, theory, json)
    outcome = api.solve(
        ready,
        method=method.value,
        strategy=strategy.value,
        timeout=timeout,
        seed=seed,
        explain=True,
        predictor=leader,
    )
    if proof is not None and outcome.certificate is not None:
        from fgps.proof.certificate import dump_certificate

        try:
            proof.write_text(dump_certificate(outcome.certificate), "utf-8")
        except OSError as error:
            fail(f"{proof}: {error.strerror}", json)
    _finish(problem, loaded, outcome, json)


def replay(
    problem: Annotated[str, PROBLEM],
    theory: Annotated[str, THEORY] = "basic",
    timeout: Annotated[float, TIMEOUT] = 10.0,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Check a problem's own annotated solution, step by step."""
    from fgps import api

    loaded, ready = _load(problem, theory, json)
    outcome = api.replay(ready, loaded.solution_sequence, timeout=timeout)
    _finish(problem, loaded, outcome, json)


def _predictor(path: Path, method: Method, json: bool) -> FrequencyPredictor:
    """Read a predictor; end the command with status 2 if it cannot be used."""
    from fgps.lang.diagnostics import Diagnostic
    from fgps.search.predictor import read

    if method is not Method.forward:
        fail("a predictor leads a forward search only: add --method forward", json)
    found = read(path)
    if isinstance(found, Diagnostic):
        fail(found.headline + (f" ({found.hint})" if found.hint else ""), json)
    return found


def _load(source: str, theory: str, json: bool) -> tuple[Loaded, Problem]:
    """Load a problem; end the command with status 2 if there is none."""
    from fgps import api

    loaded = api.load(source, theory=theory)
    if loaded.problem is None:
        if json:
            emit_json({"problem": source, "status": "error", "diagnostics": report(loaded.diagnostics, None)})
        else:
            report(loaded.diagnostics, say)
        raise typer.Exit(Exit.BAD_INPUT)
    return loaded, loaded.problem


def _finish(source: str, loaded: Loaded, outcome: Outcome, json: bool) -> None:
    """Print an outcome and end the command."""
    if json:
        emit_json({"problem": source, **_plain(outcome), "diagnostics": report(loaded.diagnostics, None)})
    else:
        report(loaded.diagnostics, say)
        _print_outcome(outcome)
    raise typer.Exit(exit_for(outcome.status))


def _plain(outcome: Outcome) -> dict[str, Any]:
    """The outcome's public fields as plain data."""
    document = {field.name: getattr(outcome, field.name) for field in fields(outcome) if field.repr}
    document["frontier"] = None if outcome.frontier is None else asdict(outcome.frontier)
    document["steps"] = [{f.name: getattr(step, f.name) for f in fields(step)} for step in outcome.steps]
    return document


def _print_outcome(outcome: Outcome) -> None:
    from fgps.render.numbers import shortest

    for step in outcome.steps:
        reason = step.rule + (f" from {', '.join(map(str, step.premises))}" if step.premises else "")
        first, *others = step.conclusions or ("",)
        typer.echo(f"{step.number:4}. {first}")
        for conclusion in others:
            typer.echo(f"      {conclusion}")
        typer.echo(f"          {reason}" + (f" ({shortest(step.note)})" if step.note else ""))
    if outcome.steps:
        typer.echo()
    if outcome.assumed:
        typer.echo("assumed (not checked in a figure):")
        for guard in outcome.assumed:
            typer.echo(f"      {guard}")
        typer.echo()
    head = outcome.status
    if outcome.cause and outcome.cause != outcome.status and exit_for(outcome.status) is not Exit.YES:
        head += f": {outcome.cause}"
    if outcome.verdict is not None:
        head += f", proof {outcome.verdict}"
    typer.echo(f"{head}  ({outcome.seconds:.3f} s, {len(outcome.steps)} steps)")
    if outcome.message:
        typer.echo(outcome.message)
    if outcome.frontier is not None:
        _print_frontier(outcome.frontier, outcome.message)
    if outcome.answer is not None:
        near = "" if outcome.value is None or outcome.answer.isdigit() else f"  (about {outcome.value:.6g})"
        typer.echo(f"answer: {shortest(outcome.answer)}{near}")


def _print_frontier(frontier: Frontier, said: str) -> None:
    """What is missing, without what the message has said."""
    from fgps.search.frontier_records import frontier_words

    for line in frontier_words(frontier, said):
        typer.echo(line)
