"""``fgps theory``: what a theory holds, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON

if TYPE_CHECKING:
    from fgps.diagram.theory_test import BranchReport
    from fgps.theory.model import Theory

app = typer.Typer(no_args_is_help=True, help="Look at predicates and theorems.", rich_markup_mode=None)

NAME = typer.Argument(metavar="[THEORY]", help="basic, imo, or a folder with a pack.")


@app.command("list")
def list_entries(theory: Annotated[str, NAME] = "basic", json: Annotated[bool, JSON] = False) -> None:
    """List the predicates, attributes and theorems of a theory."""
    from fgps.theory.show import overview

    loaded = load(theory, json)
    if not json:
        typer.echo(overview(loaded), nl=False)
        return
    emit_json(
        {
            "name": loaded.name,
            "packs": loaded.packs,
            "digest": loaded.digest,
            "predicates": [{"name": p.name, "category": p.category} for p in loaded.predicates.values()],
            "attributes": [{"name": a.name, "kind": a.kind} for a in loaded.attributes.values()],
            "theorems": [
                {"name": t.name, "pack": t.pack, "branches": list(t.branches)}
                for t in loaded.theorems.values()
            ],
            "forms": [{"name": f.name, "category": f.category} for f in loaded.forms.values()],
        }
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A predicate, attribute, theorem or operator.")],
    theory: Annotated[str, NAME] = "basic",
    json: Annotated[bool, JSON] = False,
) -> None:
    """Show one entry of a theory: its declaration, spellings, and the theorems around it."""
    from fgps.lang.diagnostics import Diagnostic
    from fgps.theory.show import show as show_entry

    text = show_entry(load(theory, json), name)
    if isinstance(text, Diagnostic):
        found = report([text], None if json else say)
        if json:
            emit_json({"name": name, "diagnostics": found})
        raise typer.Exit(Exit.BAD_INPUT)
    if json:
        emit_json({"name": name, "text": text})
    else:
        typer.echo(text, nl=False)


@app.command()
def lint(
    theory: Annotated[str, NAME] = "basic",
    notes: Annotated[
        bool, typer.Option("--notes", help="Show notes too, not only errors and warnings.")
    ] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Look for what is wrong or suspicious in a theory; status 1 if there is an error or a warning."""
    from fgps.lang.diagnostics import Severity
    from fgps.theory.lint import lint as lint_theory

    found = lint_theory(load(theory, json))
    grave = [d for d in found if d.severity is not Severity.NOTE]
    shown = report(found if notes else grave, None if json else say)
    if json:
        emit_json({"theory": theory, "ok": not grave, "diagnostics": shown})
    else:
        typer.echo(f"{theory}: {len(grave)} errors and warnings, {len(found) - len(grave)} notes")
    if grave:
        raise typer.Exit(Exit.NO)


@app.command("test")
def attack(
    theory: Annotated[str, NAME] = "basic",
    only: Annotated[str, typer.Option(help="Only the theorem of this name.")] = "",
    effort: Annotated[int, typer.Option(min=1, help="Figures tried for each branch.")] = 12,
    seconds: Annotated[float, typer.Option(min=0.1, help="Stop after so many seconds.")] = 600.0,
    seed: Annotated[int, typer.Option(help="For the random figures.")] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Only look for counter-examples.")] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Attack every theorem on random figures; status 1 if one has a counter-example or no figure at all."""
    from fgps.diagram.theory_test import test_theory

    loaded = load(theory, json)
    if only and only not in loaded.theorems:
        fail(f"the theory has no theorem {only}", json)
    converse: Literal["none", "all"] = "none" if quick else "all"
    reports = test_theory(loaded, seed, effort, not quick, converse, seconds, only)
    rows: list[dict[str, object]] = []
    unsound = 0
    try:
        for found in reports:
            unsound += not found.sound
            rows.append({**asdict(found), "sound": found.sound})
            if not json:
                typer.echo(_verdict(found))
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(Exit.INTERRUPTED) from None
    wanted = [t for t in loaded.theorems.values() if only in ("", t.name)]
    total = sum(len(theorem.branches) for theorem in wanted)
    if json:
        emit_json(
            {"theory": theory, "branches": total, "tested": len(rows), "unsound": unsound, "reports": rows}
        )
    else:
        typer.echo(f"{len(rows)} of {total} branches tested, {unsound} without a clean bill")
    if unsound:
        raise typer.Exit(Exit.NO)
    if len(rows) < total:
        raise typer.Exit(Exit.OUT_OF_BUDGET)


def _verdict(found: BranchReport) -> str:
    """One line about a branch."""
    text = "sound" if found.sound else str(found.counter or "no figure satisfies the premises")
    if found.unneeded:
        text += f"; not needed: {', '.join(found.unneeded)}"
    return f"{found.theorem}({found.branch}): {text} ({found.confirmed} figures)"


def load(name: str, json: bool) -> Theory:
    """Load a theory; end the command with status 2 if it has an error."""
    from fgps.theory.load import load_theory

    loaded = load_theory(name)
    found = report(loaded.diagnostics, None if json else say)
    if loaded.theory is None:
        if json:
            emit_json({"theory": name, "ok": False, "diagnostics": found})
        raise typer.Exit(Exit.BAD_INPUT)
    return loaded.theory
