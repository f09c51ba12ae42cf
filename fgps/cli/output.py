"""What the commands print: JSON on standard output, diagnostics with carets on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

from fgps.cli.exits import Exit

if TYPE_CHECKING:
    from fgps.lang.diagnostics import Diagnostic

#: A source text is read again for its caret pictures up to this size.
MAX_PICTURED: Final = 4_000_000


def emit_json(document: Any) -> None:
    """Print a document as JSON.  Numbers that JSON does not have become null."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        text = json.dumps(_finite(document), ensure_ascii=False, allow_nan=False, default=str)
    typer.echo(text)


def say(text: str) -> None:
    """Print on standard error."""
    typer.echo(text, err=True)


def fail(message: str, json_wanted: bool = False, status: Exit = Exit.BAD_INPUT) -> NoReturn:
    """End the command with a one-line error."""
    if json_wanted:
        emit_json({"status": "error", "message": message})
    else:
        say(f"error: {message}")
    raise typer.Exit(status)


def report(
    diagnostics: Iterable[Diagnostic],
    write: Callable[[str], None] | None,
    texts: dict[str, str] | None = None,
) -> list[dict[str, object]]:
    """The diagnostics as JSON objects; also written with caret pictures if ``write`` is given.

    ``texts`` maps names of sources to their texts; other names are read as files where they are files.
    """
    from fgps.lang.diagnostics import render, to_json

    found = list(diagnostics)
    if write is not None:
        sources = dict(texts or {})
        for diagnostic in found:
            name = diagnostic.source_name
            if name not in sources:
                sources[name] = _source_text(name)
            write(render(diagnostic, sources[name]))
    return [to_json(diagnostic) for diagnostic in found]


def _source_text(name: str) -> str:
    """The text of the problem or theory file called ``name``; empty if it is none (then no pictures)."""
    from fgps.resources import data_root

    if not name.endswith((".fgl", ".json")):
        return ""
    for path in (name, str(data_root() / name)):
        try:
            with open(path, encoding="utf-8") as stream:
                return stream.read(MAX_PICTURED).removeprefix("\ufeff")
        except (OSError, ValueError):
            continue
    return ""


def _finite(value: Any) -> Any:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def is_terminal() -> bool:
    """Whether a person watches standard error."""
    return sys.stderr.isatty()
