"""``fgps show``: a problem with its proof, in words, as a graph, as a page."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.exits import Exit, exit_for
from fgps.cli.output import fail, report, say
from fgps.cli.solving import THEORY, TIMEOUT

if TYPE_CHECKING:
    from fgps.problem.model import Problem
    from fgps.render.show import Shown

SOURCE = typer.Argument(
    metavar="PROBLEM|PROOF.json",
    help="A problem (it is solved first), or a certificate of one of FGPS's own.",
)
PROOF = typer.Argument(metavar="[PROOF.json]", help="A certificate of the problem, instead of solving it.")


class Form(StrEnum):
    """What to make."""

    text = "text"
    md = "md"
    tex = "tex"
    svg = "svg"
    dot = "dot"
    html = "html"


class Language(StrEnum):
    """The language of the sentences."""

    en = "en"
    zh = "zh"


class View(StrEnum):
    """What the graph shows."""

    proof = "proof"
    hypertree = "hypertree"


class GraphTheme(StrEnum):
    """Colours of the graph."""

    light = "light"
    dark = "dark"
    print = "print"


def show(
    source: Annotated[str, SOURCE],
    proof: Annotated[Path | None, PROOF] = None,
    to: Annotated[Form, typer.Option(help="The form; html is one page that needs no network.")] = Form.text,
    lang: Annotated[Language, typer.Option(help="The language.")] = Language.en,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Default: print.")] = None,
    view: Annotated[View, typer.Option(help="For svg and dot.")] = View.proof,
    theme: Annotated[GraphTheme, typer.Option(help="For svg and dot.")] = GraphTheme.light,
    theory: Annotated[str, THEORY] = "basic",
    timeout: Annotated[float, TIMEOUT] = 10.0,
) -> None:
    """Show a proof: in words, as Markdown, LaTeX, a graph, or a page for the browser."""
    from fgps.render.graph import GraphvizMissing

    shown, status = _shown(source, proof, theory, timeout)
    shown.language = lang.value
    if not shown.reading.steps and to in (Form.svg, Form.dot):
        fail(f"there is no proof to draw: {shown.reading.missing}", status=exit_for(status))
    try:
        text = shown.to(to.value, view.value, theme.value)
    except GraphvizMissing as missing:
        fail(str(missing))
    if out is None:
        sys.stdout.write(text)
    else:
        try:
            out.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            fail(f"{out} cannot be written: {error.strerror or error}")
        say(f"{out}: {_about(shown)}")
    raise typer.Exit(exit_for(status))


def _about(shown: Shown) -> str:
    reading = shown.reading
    return (
        f"{len(reading.steps)} steps, {reading.verdict}" if reading.steps else f"no proof: {reading.missing}"
    )


def _shown(source: str, proof: Path | None, theory: str, timeout: float) -> tuple[Shown, str]:
    """What is to be shown, and the status for the exit."""
    from fgps import api
    from fgps.render.show import show as make

    certificate = None
    if proof is not None:
        certificate = _certificate(proof)
    elif source.endswith(".json") and Path(source).is_file():
        certificate = _certificate(Path(source), perhaps=True)
        if certificate is not None:
            source = _problem_of(source, certificate)
    loaded = api.load(source, theory=theory)
    report(loaded.diagnostics, say)
    if loaded.problem is None:
        raise typer.Exit(Exit.BAD_INPUT)
    if certificate is not None:
        return make(loaded.problem, certificate, _checked(loaded.problem, certificate)), "valid"
    outcome = api.solve(loaded.problem, timeout=timeout)
    said = outcome.verdict if outcome.status == "solved" else outcome.message or outcome.status
    certificate = outcome.certificate if outcome.status == "solved" else None
    return make(loaded.problem, certificate, said or ""), outcome.status


def _certificate(path: Path, perhaps: bool = False) -> dict[str, Any] | None:
    """The certificate in a file; ends the command if it is none, unless it may be a problem."""
    from fgps.check.__main__ import MAX_BYTES, read_certificate

    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("the file is too large")
        found = read_certificate(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        fail(f"{path}: {error}")
    if isinstance(found, dict) and {"steps", "variables"} <= set(found):
        return found
    if not perhaps:
        fail(f"{path} is no certificate")
    return None


def _checked(problem: Problem, certificate: dict[str, Any]) -> str:
    """The verdict of the checker; ends the command if it does not accept the proof."""
    from fgps.check.certificate import check_certificate
    from fgps.proof.certificate import stated

    verdict = check_certificate(stated(problem), problem.theory, certificate)
    if not verdict.accepted:
        step = f" (step {verdict.first_bad_step})" if verdict.first_bad_step else ""
        fail(f"the proof is {verdict.kind}{step}: {verdict.reason}", status=Exit.NO)
    return verdict.kind


def _problem_of(source: str, certificate: dict[str, Any]) -> str:
    """A certificate holds only the digest of its problem: look for it among the bundled problems."""
    from fgps.check.certificate import problem_digest
    from fgps.lang.ast import ProblemDeclaration
    from fgps.lang.parse import parse_file
    from fgps.resources import data_folder

    for path in sorted(data_folder("datasets/own").glob("*.fgl")):
        for declaration in parse_file(path.read_text(encoding="utf-8"), str(path)).declarations:
            if isinstance(declaration, ProblemDeclaration):
                if problem_digest(declaration) == certificate.get("problem"):
                    return f"{path}#{declaration.name}"
    fail(f"{source} does not hold its problem, name it too: fgps show PROBLEM {source}")
