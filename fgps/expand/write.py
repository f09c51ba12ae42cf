"""New problems to files: one FGL file, JSON lines, or a folder in the released formalgeo layout."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from fgps.data.write import to_formalgeo
from fgps.expand.records import read_back
from fgps.lang.ast import ProblemDeclaration
from fgps.theory.model import Theory

Json = dict[str, Any]


class Format(StrEnum):
    """How new problems are written."""

    fgl = "fgl"
    jsonl = "jsonl"
    formalgeo = "formalgeo"


def format_of(out: Path) -> Format:
    """The format that a file's name asks for: ``.fgl``, ``.jsonl``, anything else is a folder."""
    return {".fgl": Format.fgl, ".jsonl": Format.jsonl}.get(out.suffix, Format.formalgeo)


def write(problems: Sequence[Json], out: Path, theory: Theory) -> None:
    """Write the problems of a choice (`fgps.expand.run.Chosen`).  Raises OSError.

    In the folder the problems are numbered from 1; ``annotation`` says how each was made, ``source``
    from which.
    """
    kind = format_of(out)
    if kind is Format.formalgeo:
        folder = out / "problems"
        folder.mkdir(parents=True, exist_ok=True)
        for number, layout in enumerate(layouts(problems, theory), 1):
            layout["problem_id"] = number
            text = json.dumps(layout, ensure_ascii=False, indent=2)
            (folder / f"{number}.json").write_text(text + "\n", encoding="utf-8")
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    lines: Iterable[str]
    if kind is Format.fgl:
        lines = (problem["fgl"].rstrip("\n") + "\n\n" for problem in problems)
    else:
        lines = (json.dumps(layout, ensure_ascii=False) + "\n" for layout in layouts(problems, theory))
    with out.open("w", encoding="utf-8") as stream:
        stream.writelines(lines)


def layouts(problems: Iterable[Json], theory: Theory) -> Iterator[Json]:
    """The problems as objects of the released layout."""
    for problem in problems:
        declaration, solution = read_back(problem)
        meta = dict(declaration.meta)
        notes = {key: meta.pop(key) for key in ("made_by", "seed", "verdict", "unneeded") if key in meta}
        annotation = "fgps expand: " + ", ".join(f"{key} {value}" for key, value in notes.items())
        yield to_formalgeo(
            _with_meta(declaration, {**meta, "annotation": annotation}), solution, None, theory.predicates
        )


def _with_meta(declaration: ProblemDeclaration, meta: dict[str, str]) -> ProblemDeclaration:
    return replace(declaration, meta=tuple(meta.items()))
