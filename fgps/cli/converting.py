"""``fgps convert``: problems from one format to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import emit_json, fail, report, say
from fgps.cli.solving import JSON, THEORY
from fgps.cli.theories import load

if TYPE_CHECKING:
    from fgps.data.convert import Writer
    from fgps.data.formalgeo import Read

    Problems = list[tuple[str, Callable[[], Read]]]

TO = typer.Option("--to", metavar="FORMAT", help="formalgeo, formalgeo-v2, fgl, jsonl or ggb.")
TARGET = typer.Option("-o", "--output", metavar="TARGET", help="File to write; for many problems a folder.")


def convert(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A PROBLEM or a DATASET.")],
    output: Annotated[str, TARGET],
    to: Annotated[str, TO] = "",
    theory: Annotated[str, THEORY] = "basic",
    json: Annotated[bool, JSON] = False,
) -> None:
    """Write problems in another format; without --to the name of TARGET says which.

    Of a data set, formalgeo, fgl and ggb write a file for each problem; a TARGET that ends in .fgl or
    .jsonl gets all of them.  Status 1 if a problem could not be written.
    """
    from fgps.data.convert import FORMATS, SEVERAL, ConversionError, Writer, format_of

    target = Path(output)
    kind = to or format_of(target) or fail("name the format: --to " + ", ".join(FORMATS), json)
    if kind not in FORMATS:
        fail(f"unknown format {kind}: one of {', '.join(FORMATS)}", json)
    many, problems = _problems(source, json)
    has_name = target.suffix.lower() == FORMATS[kind] and not target.is_dir()
    single = has_name or not (many or target.is_dir() or output.endswith("/"))
    if many and single and kind not in SEVERAL:
        fail(f"{source} has {len(problems)} problems; a file in this format holds one: name a folder", json)
    if _same_file(source, target):
        fail(f"{output} is the source itself", json)
    try:
        with Writer(target, kind, load(theory, json), single) as writer:
            for read, name in _read(problems, quiet=json or not many):
                writer.add(read, name)
                if not many and not json:
                    report(read.diagnostics, say)
    except ConversionError as problem:
        fail(str(problem), json)
    _end(writer, target, json)


def _problems(source: str, json: bool) -> tuple[bool, Problems]:
    """Whether SOURCE is a data set, and its problems: ids with their readers."""
    from fgps.data.sources import open_dataset, read_source
    from fgps.resources import data_folder

    path = Path(source)
    folder = path.is_dir() or (len(path.parts) == 1 and data_folder(f"datasets/{source}").is_dir())
    several = folder or (path.is_file() and path.suffix.lower() in (".jsonl", ".fgl"))
    if folder or (several and path.suffix.lower() == ".jsonl"):
        opened = open_dataset(path)
        if opened.diagnostics:
            report(opened.diagnostics, None if json else say)
            fail(opened.diagnostics[0].headline, json)
        return True, [(name, _reader(opened.read, name)) for name in opened.ids]
    if several:
        names = _names(path)
        if len(names) > 1:
            return True, [(name, _reader(read_source, f"{source}#{name}")) for name in names]
    read = read_source(source)
    if read.declaration is None and read.raw is None:
        found = report(read.diagnostics, None if json else say)
        if json:
            emit_json({"written": 0, "failed": [], "diagnostics": found})
        raise typer.Exit(Exit.BAD_INPUT)
    name = read.declaration.name if read.declaration is not None else Path(source).stem
    return False, [(name, lambda: read)]


def _reader(read: Callable[[str], Read], name: str) -> Callable[[], Read]:
    return lambda: read(name)


def _names(path: Path) -> list[str]:
    """The names of the problems of an FGL file."""
    from fgps.data.files import read_text
    from fgps.lang.ast import ProblemDeclaration
    from fgps.lang.parse import parse_file

    text = read_text(path)
    parsed = parse_file(text, str(path)).declarations if isinstance(text, str) else ()
    return [part.name for part in parsed if isinstance(part, ProblemDeclaration)]


def _read(problems: Problems, quiet: bool) -> Iterator[tuple[Read, str]]:
    """The problems one by one, under a progress bar."""
    from rich.console import Console

    from fgps.cli.progress import BatchProgress

    with BatchProgress(Console(stderr=True), len(problems), quiet) as progress:
        for name, reader in problems:
            read = reader()
            yield read, name
            progress.advance(read.declaration is not None)


def _same_file(source: str, output: Path) -> bool:
    try:
        return output.exists() and Path(source).exists() and output.samefile(source)
    except (OSError, ValueError):
        return False


def _end(writer: Writer, output: Path, json: bool) -> None:
    if json:
        failed = [failure._asdict() for failure in writer.failures]
        emit_json({"written": writer.written, "failed": failed, "output": str(output)})
    else:
        for failure in writer.failures:
            say(f"{failure.problem}: {failure.reason}")
        missed = f", {len(writer.failures)} could not be written" if writer.failures else ""
        typer.echo(f"{writer.written} written to {output}{missed}")
    if writer.failures:
        raise typer.Exit(Exit.NO)
