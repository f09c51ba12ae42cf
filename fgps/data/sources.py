"""Where problems come from: PROBLEM arguments and data sets.

A PROBLEM is a file (``.fgl``, ``.json``, ``.ggb``), one of several in a file (``file.fgl#NAME``,
``file.jsonl#ID``) or in a data set (``DATASET#ID``).  A DATASET is a folder of FGL files, of GeoGebra files,
in the released formalgeo layout (``problems/*.json``) or in that of Geometry3K, or a JSON lines file (or a
folder with one). One that ships with FGPS is known by its name (``own``).  Bad arguments and files give
diagnostics, never exceptions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from fgps.data import jsonl
from fgps.data.fgl import read_fgl, read_fgl_text
from fgps.data.files import read_text
from fgps.data.formalgeo import Read, read_problem
from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.resources import data_folder

__all__ = ["Dataset", "has_own_layout", "open_dataset", "read_fgl", "read_fgl_text", "read_source"]

#: A declaration starts at column 1, so the names of a file's problems are found without parsing it.
_PROBLEM: Final = re.compile(r'^problem\s+(?:"((?:[^"\\\n]|\\.)*)"|([^\s:"]+))\s*:', re.MULTILINE)
#: Most files of a data set; and most entries of folders that are looked at for FGL files.
MAX_FILES: Final = 200_000
MAX_VISITED: Final = 20_000
#: Files by which the layouts of Geometry3K are known.
FORMS_FILE: Final = "logic_form.json"
ANNOTATIONS: Final = "diagram_logic_forms_annot.json"
_KINDS: Final = "a problem is FILE.fgl, FILE.json, FILE.ggb or DATASET#ID"

Readers = dict[str, Callable[[], Read]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder or file of problems: ``ids`` in numerical, then alphabetical order.

    ``diagnostics`` is not empty if it cannot be used (then there are no ids).
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
            return _failed("io", f"{path}: no such file or directory", _KINDS, str(path))
        path = bundled
    return _from_several(path, name) if path.is_dir() or _is_lines(path) else _from_file(path, name)


# Formats that need more than the usual are imported when a file of theirs is read.


def _read_forms(path: Path) -> Read:
    from fgps.data.geometry3k import read_file

    return read_file(path)


def _read_ggb(path: Path) -> Read:
    from fgps.data.geogebra import read_ggb

    return read_ggb(path)


def _of_forms(root: Path) -> Readers | Diagnostic:
    """The readers of a folder in a layout of Geometry3K; none if it is in no such layout."""
    if not (root / ANNOTATIONS).is_file() and not any(root.glob(f"*/{FORMS_FILE}")):
        return {}
    from fgps.data.geometry3k import find

    return find(root)


def _from_file(path: Path, name: str) -> Read:
    kind = path.suffix.lower()
    if kind == ".json":
        return _read_forms(path) if path.name == FORMS_FILE else read_problem(path)
    if kind == ".fgl":
        return read_fgl(path, name)
    if kind == ".ggb":
        return _read_ggb(path)
    return _failed("io", f"{path}: the kind of this file is not known", _KINDS, str(path))


def _from_several(path: Path, name: str) -> Read:
    direct = path / "problems" / f"{name}.json"
    if name and "/" not in name and path.is_dir() and _exists(direct):
        return read_problem(direct)
    single = path / FORMS_FILE
    if not name and path.is_dir() and _exists(single):
        return _read_forms(single)
    if name and _is_lines(path):
        return jsonl.read_row(path, name)
    dataset = open_dataset(path)
    if dataset.diagnostics:
        return Read(None, diagnostics=dataset.diagnostics)
    if name:
        return dataset.read(name)
    message = f"{path} is a data set of {len(dataset.ids)} problems"
    return _failed("bad-arguments", message, f"name one: {path}#{dataset.ids[0]}", str(path))


def open_dataset(path: str | Path) -> Dataset:
    """A folder of problem files or in a released layout, or a JSON lines file; see the top of the module."""
    root = Path(path)
    if not _exists(root) and len(root.parts) == 1:
        root = data_folder(f"datasets/{root}")
    if not _exists(root):
        return _unusable(root, f"{path}: no such directory")
    try:
        found = _readers(root)
    except OSError as problem:
        return _unusable(root, f"{root}: {problem.strerror or problem}")
    if isinstance(found, Dataset):
        return found
    if not found:
        wanted = "expected are problems/*.json, *.fgl, *.ggb, *.jsonl, or the files of Geometry3K"
        return _unusable(root, f"{root} holds no problems", wanted)
    return Dataset(root, tuple(sorted(found, key=_order)), (), found)


def _readers(root: Path) -> Readers | Dataset:
    """The readers of a data set's problems by id, or the data set that cannot be used."""
    if not root.is_dir():
        if _is_lines(root):
            return _from_lines([root], root)
        hint = "name the folder that holds it"
        return _unusable(root, f"{root} is a file; a data set is a folder or a .jsonl file", hint)
    folders = _of_forms(root)
    if isinstance(folders, Diagnostic):
        return Dataset(root, (), (folders,))
    if folders:
        return folders
    folder = root / "problems" if (root / "problems").is_dir() else root
    files = sorted(folder.glob("*.json"))
    if len(files) > MAX_FILES:
        return _unusable(root, f"{root} holds more than {MAX_FILES:,} files")
    if files:
        return {file.stem: partial(read_problem, file) for file in files}
    lines = sorted(root.glob("*.jsonl")) or sorted(root.glob("data/*.jsonl"))
    if lines:
        return _from_lines(lines, root)
    return _from_tree(root)


def has_own_layout(root: Path) -> bool:
    """Whether a folder is in a layout that marks itself: its other files are then no problems."""
    return bool(_of_forms(root)) or any(root.glob("*.jsonl")) and not any(root.glob("problems/*.json"))


def _from_tree(root: Path) -> Readers | Dataset:
    """FGL files at any depth; GeoGebra files if there are none."""
    readers: Readers = {}
    files = _files_below(root)
    if files is None:
        return _unusable(root, f"{root} holds too many files that are no problems")
    for file in (file for file in files if file.suffix == ".fgl"):
        text = read_text(file)
        if isinstance(text, Diagnostic):
            continue
        for match in _PROBLEM.finditer(text):
            title = match[2] or re.sub(r"\\(.)", r"\1", match[1])
            if title in readers:
                return _unusable(root, f"two problems of {root} are called {title} (the second in {file})")
            readers[title] = partial(read_fgl, file, title)
    if readers:
        return readers
    for file in (file for file in files if file.suffix == ".ggb"):
        if file.stem in readers:
            return _unusable(root, f"two problems of {root} are called {file.stem} (the second is {file})")
        readers[file.stem] = partial(_read_ggb, file)
    return readers


def _from_lines(files: list[Path], root: Path) -> Readers | Dataset:
    readers: Readers = {}
    for file in files:
        found = jsonl.index(file)
        if found.problem is not None:
            return Dataset(root, (), (found.problem,))
        for key in found.offsets:
            if key in readers:
                return _unusable(root, f"two problems of {root} are called {key} (the second in {file})")
            readers[key] = partial(jsonl.read_row, file, key)
    return readers


def _is_lines(path: Path) -> bool:
    return path.suffix.lower() == ".jsonl" and path.is_file()


def _files_below(root: Path) -> list[Path] | None:
    """All FGL and GeoGebra files below a folder; None if it is not worth looking on (a home folder, say)."""
    found: list[Path] = []
    visited = 0
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        visited += 1 + len(names)
        if visited > MAX_VISITED:
            return None
        found += [Path(folder, name) for name in names if name.endswith((".fgl", ".ggb"))]
    return sorted(found)


def _order(name: str) -> tuple[int, int, str]:
    return (0, int(name), name) if name.isdecimal() and len(name) < 19 else (1, 0, name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _failed(code: str, message: str, hint: str = "", source: str = "") -> Read:
    return Read(None, diagnostics=(error(code, message, hint=hint, source_name=source),))


def _unusable(root: Path, message: str, hint: str = "") -> Dataset:
    return Dataset(root, (), (error("io", message, hint=hint, source_name=str(root)),))
