"""Where problems come from: PROBLEM arguments and data sets.

A PROBLEM is ``file.fgl``, ``file.fgl#name``, ``file.json`` or ``DATASET#ID``; a DATASET is a folder of FGL
files or in the released formalgeo layout (``problems/*.json``).  A data set that ships with FGPS
is known by its name (``own``).  Bad arguments and files give diagnostics, never exceptions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from fgps.data.files import read_text
from fgps.data.formalgeo import Read, read_problem
from fgps.lang.ast import Call, ProblemDeclaration, SolutionDeclaration
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean, error
from fgps.lang.parse import Parsed, parse_file
from fgps.resources import data_folder

#: A declaration starts at column 1, so the names of a file's problems are found without parsing it.
_PROBLEM: Final = re.compile(r'^problem\s+(?:"((?:[^"\\\n]|\\.)*)"|([^\s:"]+))\s*:', re.MULTILINE)
#: Most files of a data set; and most entries of folders that are looked at for FGL files.
MAX_FILES: Final = 200_000
MAX_VISITED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder of problems: ``ids`` in numerical, then alphabetical order.

    ``diagnostics`` is not empty if the folder cannot be used (then there are no ids).
    """

    path: Path
    ids: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    _readers: Mapping[str, Callable[[], Read]] = field(default_factory=dict, repr=False, compare=False)

    def read(self, problem_id: str | int) -> Read:
        """One problem by its id."""
        reader = self._readers.get(str(problem_id))
        if reader is not None:
            return reader()
        hint = did_you_mean(str(problem_id), self.ids) if len(self.ids) < 2000 else ""
        message = f"{self.path} has no problem {problem_id}"
        return _failed("unknown-problem", message, hint, str(self.path))


def read_source(source: str) -> Read:
    """The problem that a PROBLEM argument names."""
    if not source.strip() or "\x00" in source:
        return _failed("io", "an empty name is no problem" if not source.strip() else "this is no file name")
    if len(source) > 4000:
        return _failed("io", f"{source[:40]}...: no such file or directory")
    path, name = Path(source), ""
    if not _exists(path) and "#" in source:
        before, _, name = source.rpartition("#")
        path = Path(before)
    if not _exists(path):
        bundled = data_folder(f"datasets/{path}") if len(path.parts) == 1 and not path.suffix else path
        if not _exists(bundled):
            hint = "a problem is FILE.fgl, FILE.json or DATASET#ID"
            return _failed("io", f"{path}: no such file or directory", hint, str(path))
        path = bundled
    if path.is_dir():
        direct = path / "problems" / f"{name}.json"
        if name and "/" not in name and _exists(direct):
            return read_problem(direct)
        dataset = open_dataset(path)
        if dataset.diagnostics:
            return Read(None, diagnostics=dataset.diagnostics)
        if name:
            return dataset.read(name)
        message = f"{path} is a data set of {len(dataset.ids)} problems"
        return _failed("bad-arguments", message, f"name one: {path}#{dataset.ids[0]}", str(path))
    if path.suffix.lower() == ".json":
        return read_problem(path)
    if path.suffix.lower() == ".fgl":
        return read_fgl(path, name)
    hint = "problems are .fgl or .json files"
    return _failed("io", f"{path}: the kind of this file is not known", hint, str(path))


def read_fgl(path: Path, name: str = "") -> Read:
    """The problem called ``name`` of an FGL file, or its only one, with the solution in the same file."""
    text = read_text(path)
    if isinstance(text, Diagnostic):
        return Read(None, diagnostics=(text,))
    return read_fgl_text(text, name, str(path))


def read_fgl_text(text: str, name: str = "", source_name: str = "") -> Read:
    """As `read_fgl`, on the text of a file."""
    parsed = _parsed(text, source_name)
    problems = [d for d in parsed.declarations if isinstance(d, ProblemDeclaration)]
    if not parsed.ok and not any(problem.name == name for problem in problems):
        return Read(None, diagnostics=parsed.diagnostics)
    chosen = _choose(problems, name, source_name)
    if isinstance(chosen, Diagnostic):
        return Read(None, diagnostics=(*parsed.diagnostics, chosen))
    found: list[Diagnostic] = []
    if sum(problem.name == chosen.name for problem in problems) > 1:
        message = f"{source_name} has two problems called {chosen.name}"
        found.append(error("duplicate", message, chosen.span, source_name=source_name))
    solutions = [
        d for d in parsed.declarations if isinstance(d, SolutionDeclaration) and d.problem == chosen.name
    ]
    solution = solutions[0] if solutions else None
    steps = tuple(step for step in solution.steps if isinstance(step, Call)) if solution else ()
    # Mistakes in other declarations of the file do not concern this problem.
    span = chosen.span
    own = [d for d in parsed.diagnostics if span.start <= d.span.start < span.end]
    found += own if any(d.severity is Severity.ERROR for d in parsed.diagnostics) else parsed.diagnostics
    return Read(chosen, steps, diagnostics=tuple(found), solution=solution, source_name=source_name)


@lru_cache(maxsize=4)
def _parsed(text: str, source_name: str) -> Parsed:
    """Remembered, since a run over a data set reads one file again for each of its problems."""
    return parse_file(text, source_name)


def open_dataset(path: str | Path) -> Dataset:
    """A folder of FGL files, or in the released layout (``problems/*.json`` or ``*.json``)."""
    root = Path(path)
    if not _exists(root) and len(root.parts) == 1:
        root = data_folder(f"datasets/{root}")
    if not _exists(root):
        return _unusable(root, f"{path}: no such directory")
    if not root.is_dir():
        return _unusable(root, f"{root} is a file; a data set is a folder", "name the folder that holds it")
    folder = root / "problems" if (root / "problems").is_dir() else root
    readers: dict[str, Callable[[], Read]] = {}
    try:
        files = sorted(folder.glob("*.json"))
        fgl_files = [] if files else _fgl_files(root)
    except OSError as problem:
        return _unusable(root, f"{root}: {problem.strerror or problem}")
    if fgl_files is None:
        return _unusable(root, f"{root} holds too many files that are no problems")
    if len(files) + len(fgl_files) > MAX_FILES:
        return _unusable(root, f"{root} holds more than {MAX_FILES:,} files")
    for file in files:
        readers[file.stem] = _json_reader(file)
    for file in fgl_files:
        text = read_text(file)
        if isinstance(text, Diagnostic):
            continue
        for match in _PROBLEM.finditer(text):
            title = match[2] or re.sub(r"\\(.)", r"\1", match[1])
            if title in readers:
                return _unusable(root, f"two problems of {root} are called {title} (the second in {file})")
            readers[title] = _fgl_reader(file, title)
    if not readers:
        return _unusable(root, f"{root} holds no problems", "expected are problems/*.json or *.fgl files")
    return Dataset(root, tuple(sorted(readers, key=_order)), (), readers)


def _fgl_files(root: Path) -> list[Path] | None:
    """All FGL files below a folder; None if it is not worth looking on (a home folder, say)."""
    found: list[Path] = []
    visited = 0
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        visited += 1 + len(names)
        if visited > MAX_VISITED:
            return None
        found += [Path(folder, name) for name in names if name.endswith(".fgl")]
    return sorted(found)


def _json_reader(path: Path) -> Callable[[], Read]:
    return lambda: read_problem(path)


def _fgl_reader(path: Path, name: str) -> Callable[[], Read]:
    return lambda: read_fgl(path, name)


def _order(name: str) -> tuple[int, int, str]:
    return (0, int(name), name) if name.isdecimal() and len(name) < 19 else (1, 0, name)


def _choose(problems: list[ProblemDeclaration], name: str, source: str) -> ProblemDeclaration | Diagnostic:
    names = [problem.name for problem in problems]
    if name:
        for problem in problems:
            if problem.name == name:
                return problem
        hint = did_you_mean(name, names)
        return error("unknown-problem", f"{source} has no problem {name}", hint=hint, source_name=source)
    if len(problems) == 1:
        return problems[0]
    if not problems:
        return error("unknown-problem", f"{source} holds no problem", source_name=source)
    message = f"{source} holds {len(problems)} problems"
    return error("bad-arguments", message, hint=f"name one: {source}#{names[0]}", source_name=source)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _failed(code: str, message: str, hint: str = "", source: str = "") -> Read:
    return Read(None, diagnostics=(error(code, message, hint=hint, source_name=source),))


def _unusable(root: Path, message: str, hint: str = "") -> Dataset:
    return Dataset(root, (), (error("io", message, hint=hint, source_name=str(root)),))
