"""``fgps draw``: the figure of a problem."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import fail, report, say
from fgps.cli.solving import PROBLEM, THEORY

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram
    from fgps.lang.ast import Call
    from fgps.problem.model import Problem


class ThemeName(StrEnum):
    """Colours of a figure."""

    light = "light"
    dark = "dark"
    auto = "auto"


def draw(
    problem: Annotated[str, PROBLEM],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE.svg", help="Default: print.")
    ] = None,
    theory: Annotated[str, THEORY] = "basic",
    theme: Annotated[ThemeName, typer.Option(help="auto follows the reader's preference.")] = ThemeName.auto,
    width: Annotated[
        int | None, typer.Option(min=120, max=4000, help="Pixels; default: as the figure needs.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another figure.")] = 0,
    answer: Annotated[
        bool, typer.Option("--answer", help="Show the value in place of the question mark.")
    ] = False,
    highlight: Annotated[
        list[str] | None, typer.Option(metavar="FACT", help="Colour what a fact speaks of; may be repeated.")
    ] = None,
) -> None:
    """Draw the figure of a problem as SVG."""
    from fgps import api
    from fgps.render.figure import Options, ThemeError, figure_svg

    loaded = api.load(problem, theory=theory)
    report(loaded.diagnostics, say)
    if loaded.problem is None:
        raise typer.Exit(Exit.BAD_INPUT)
    facts = _facts(loaded.problem, highlight or [])
    diagram = _diagram(loaded.problem, seed)
    try:
        options = Options(width=width, answer=answer)
        text = figure_svg(loaded.problem, diagram, theme.value, options, facts)
    except ThemeError as problem_with_theme:
        fail(str(problem_with_theme))
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}")
    say(f"{out}: {diagram.outcome} figure with {len(diagram.points)} points")


def _facts(problem: Problem, texts: list[str]) -> list[Call]:
    """The facts to be highlighted; ends the command if one cannot be read or speaks of nothing known."""
    from fgps.lang.ast import Call, calls, letters
    from fgps.lang.diagnostics import Diagnostic, did_you_mean
    from fgps.lang.parse import parse_statement

    facts: list[Call] = []
    for text in texts:
        term = parse_statement(text, "--highlight")
        if isinstance(term, Diagnostic):
            report([term], say, {"--highlight": text})
            raise typer.Exit(Exit.BAD_INPUT)
        if not isinstance(term, Call):
            fail(f"--highlight {text}: a fact is a relation or an equation")
        known = {**problem.theory.predicates, **problem.theory.attributes, **problem.theory.forms}
        for call in calls(term):
            if call.head not in known:
                hint = did_you_mean(call.head, known)
                fail(f"--highlight {text}: there is no {call.head}" + (f"; {hint}" if hint else ""))
        for name in letters(term):
            if name not in problem.construction.points and name not in problem.construction.circles:
                fail(f"--highlight {text}: the figure has no point {name}")
        facts.append(term)
    return facts


def _diagram(problem: Problem, seed: int) -> Diagram:
    """The models; says so if the figure is not exact."""
    from fgps.render.figure import readable_diagram

    diagram = readable_diagram(problem, seed)
    if diagram.outcome != "exact":
        from fgps.lang.printer import print_term

        worst = ", ".join(print_term(clash.statement, "infix") for clash in diagram.clashes[:3])
        say(f"warning: the figure is {diagram.outcome}" + (f"; it does not fit {worst}" if worst else ""))
    return diagram
