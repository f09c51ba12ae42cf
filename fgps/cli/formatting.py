"""``fgps fmt``: FGL files in the standard layout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON

FILES = typer.Argument(metavar="FILE...", help="FGL files, folders of such files, or - for standard input.")


def fmt(
    files: Annotated[list[str], FILES],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if a file would change.")
    ] = False,
    stdout: Annotated[
        bool, typer.Option("--stdout", help="Print the result and leave the files alone.")
    ] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Lay FGL files out anew, in place.  A file with an error is left as it is."""
    from fgps.lang.format import format_source

    changed: list[str] = []
    found: list[dict[str, object]] = []
    for name in _expand(files, json):
        text = _read(name, json)
        laid_out = format_source(text, name)
        if not isinstance(laid_out, str):
            found += report(laid_out, None if json else say, {name: text})
            continue
        if laid_out != text:
            changed.append(name)
        if name == "-" or stdout:
            if not check and not json:
                typer.echo(laid_out, nl=False)
        elif laid_out != text and not check:
            _write(Path(name), laid_out, json)
    if json:
        emit_json({"changed": changed, "diagnostics": found})
    elif check or not stdout:
        for name in changed:
            say(f"{'would change' if check else 'changed'}: {name}")
    if found:
        raise typer.Exit(Exit.BAD_INPUT)
    if check and changed:
        raise typer.Exit(Exit.NO)


def _expand(names: list[str], json: bool) -> list[str]:
    """Folders replaced by the FGL files below them."""
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name != "-" and path.is_dir():
            inside = [str(file) for file in sorted(path.rglob("*.fgl"))]
            if not inside:
                fail(f"{name} holds no .fgl files", json)
            found += inside
        else:
            found.append(name)
    return found


def _read(name: str, json: bool) -> str:
    from fgps.data.files import MAX_TEXT_BYTES, read_text
    from fgps.lang.diagnostics import Diagnostic

    if name == "-":
        text: str | Diagnostic = sys.stdin.read(MAX_TEXT_BYTES)
    else:
        text = read_text(Path(name))
    if isinstance(text, Diagnostic):
        fail(text.headline, json)
    return text


def _write(path: Path, text: str, json: bool) -> None:
    """Replace a file's text by way of a neighbour, so that an interruption cannot tear it."""
    neighbour = path.with_name(path.name + ".new")
    try:
        neighbour.write_text(text, encoding="utf-8")
        neighbour.chmod(path.stat().st_mode)
        neighbour.replace(path)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", json)
