"""``fgps lint``: what is wrong with the problems of a data set, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, report, say
from fgps.cli.solving import JSON, THEORY
from fgps.cli.theories import load

if TYPE_CHECKING:
    from fgps.data.lint import Finding
    from fgps.lang.diagnostics import Diagnostic
    from fgps.theory.model import Theory

FIX = typer.Option("--fix", help="Write what is certain into the JSON files; show a diff.")
DEEP = typer.Option("--deep", help="Also solve each problem: is the annotated answer that of the data?")


def lint(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A folder of problems, or one PROBLEM.")],
    theory: Annotated[str, THEORY] = "basic",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as findings too.")] = False,
    fix: Annotated[bool, FIX] = False,
    deep: Annotated[bool, DEEP] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for a problem with --deep.")] = 5.0,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Read every problem of a data set and report its slips; status 1 if a problem cannot be used.

    With --fix certain edits are written (they never change what a problem means) and the rest proposed.
    """
    total, findings = _findings(dataset, load(theory, json), deep)
    rows: list[dict[str, object]] = []
    bad = fixed = doubtful = 0
    unread = not total
    for finding in findings:
        evidence = _evidence(finding, timeout) if deep else []
        if not (finding.diagnostics or finding.edits or evidence):
            continue
        bad += not finding.usable
        doubtful += bool(evidence)
        unread = unread or any(d.code == "io" for d in finding.diagnostics)
        if not json:
            say(f"{finding.problem}:")
        shown = report((*finding.diagnostics, *evidence), None if json else say)
        changed = _mend(finding, fix, not json)
        fixed += changed
        edits = [edit._asdict() for edit in finding.edits]
        rows.append(
            {"problem": finding.problem, "usable": finding.usable, "diagnostics": shown}
            | {"edits": edits, "fixed": changed}
        )
    if json:
        counts = {
            "dataset": dataset,
            "problems": total,
            "unusable": bad,
            "fixed": fixed,
            "doubtful": doubtful,
        }
        emit_json({**counts, "findings": rows})
    else:
        more = (f", {fixed} mended" if fix else "") + (f", {doubtful} shown wrong" if deep else "")
        typer.echo(f"{total} problems: {bad} cannot be used, {len(rows) - bad} with warnings{more}")
    if unread:
        raise typer.Exit(Exit.BAD_INPUT)
    if bad or doubtful or (strict and rows):
        raise typer.Exit(Exit.NO)


def _findings(dataset: str, theory: Theory, everything: bool) -> tuple[int, Iterable[Finding]]:
    """How many problems there are, and the findings about them (one without problems: about the folder)."""
    from fgps.data.lint import lint_dataset, lint_problem
    from fgps.data.sources import open_dataset, read_source

    if (Path(dataset).is_file() and not dataset.endswith(".jsonl")) or "#" in dataset:
        return 1, [lint_problem(read_source(dataset), theory, dataset)]
    opened = open_dataset(dataset)
    return len(opened.ids), lint_dataset(opened, theory, everything)


def _mend(finding: Finding, write: bool, show: bool) -> bool:
    """Show the edits of a problem as a diff and write the certain ones if wanted; whether a file changed."""
    from fgps.data.convert import ConversionError, write_file
    from fgps.data.files import MAX_JSON_BYTES, read_text
    from fgps.data.fixes import apply, diff, to_text

    raw, path = finding.raw, Path(finding.source_name)
    certain = [edit for edit in finding.edits if edit.certain]
    if show:
        if raw is not None and certain:
            typer.echo(diff(raw, apply(raw, certain), finding.source_name or finding.problem), nl=False)
        for edit in finding.edits:
            if not edit.certain:
                typer.echo(
                    f"proposed, {edit.place}: {edit.old or ''} -> {edit.new or 'nothing'} ({edit.reason})"
                )
    if not write or raw is None or not certain or path.suffix != ".json" or not path.is_file():
        return False
    text = read_text(path, MAX_JSON_BYTES)
    try:
        write_file(path, to_text(apply(raw, certain), text if isinstance(text, str) else "").encode())
    except (ConversionError, UnicodeEncodeError) as problem:
        say(f"{finding.problem}: {problem}")
        return False
    return True


def _evidence(finding: Finding, timeout: float) -> list[Diagnostic]:
    """What the figure and a solution say against the annotation."""
    from fgps import api
    from fgps.batch.compare import agrees
    from fgps.lang.diagnostics import Diagnostic, Severity
    from fgps.lang.printer import print_term

    problem = finding.built
    if problem is None or not problem.valid:
        return []
    outcome = api.solve(problem, timeout=timeout)
    if outcome.status == "inconsistent":
        message = outcome.message or "no figure satisfies the data"
        return [Diagnostic("inconsistent", Severity.WARNING, message, source_name=finding.source_name)]
    expected = None if problem.expected is None else print_term(problem.expected)
    if outcome.status != "solved" or expected is None or outcome.value is None:
        return []
    if agrees(outcome.value, expected, exact=outcome.answer is not None) is not False:
        return []
    message = f"annotated is {expected}, but {outcome.answer} is proved in {len(outcome.steps)} steps"
    note = f"figure {outcome.diagram}, proof {outcome.verdict}"
    hint = f"{note}; the proof: fgps show {finding.source_name}"
    return [
        Diagnostic("answer-differs", Severity.WARNING, message, hint=hint, source_name=finding.source_name)
    ]
