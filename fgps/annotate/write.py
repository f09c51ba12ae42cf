"""A problem with its annotation, in the form in which the problem came: the released layout, or FGL."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fgps.annotate.annotation import Annotation
from fgps.data.formalgeo import Read
from fgps.data.write import to_cdl, to_formalgeo
from fgps.lang.ast import ProblemDeclaration, SolutionDeclaration
from fgps.lang.printer import print_file

_SUFFIXES: Final = {".json": "json", ".fgl": "fgl"}


def form_of(path: Path, read: Read) -> str:
    """``json`` or ``fgl``: as the name of the file says, else as the problem came."""
    return _SUFFIXES.get(path.suffix.lower(), "fgl" if read.raw is None else "json")


def with_solution(read: Read, annotation: Annotation, form: str, relations: Container[str] = ()) -> str:
    """The text of a file that holds the problem and its solution.

    ``form`` is ``json`` or ``fgl``; ``read`` must hold a declaration, ``relations`` are the theory's
    predicates (see `to_formalgeo`).  What else a JSON object holds stays, but for ``problem_level``, which in
    the data is the number of steps.
    """
    assert read.declaration is not None
    declaration = _with_level(read.declaration, len(annotation.steps))
    solution = SolutionDeclaration(declaration.name, annotation.steps)
    if form == "fgl":
        return print_file((declaration, solution))
    if read.raw is None:
        found = to_formalgeo(declaration, solution, dict(annotation.graph), relations)
    else:
        found = {**read.raw, **_solved(annotation)}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _with_level(declaration: ProblemDeclaration, level: int) -> ProblemDeclaration:
    meta = tuple((key, str(level) if key == "level" else value) for key, value in declaration.meta)
    return replace(declaration, meta=meta)


def _solved(annotation: Annotation) -> dict[str, Any]:
    return {
        "problem_level": len(annotation.steps),
        "theorem_seqs": [to_cdl(step) for step in annotation.steps],
        "theorem_seqs_dag": {step: list(users) for step, users in annotation.graph},
    }
