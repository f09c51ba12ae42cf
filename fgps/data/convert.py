"""Problems from one format to another: what is written, and where to.

`Writer` takes problems one by one and writes a file for each, or one for all; `FORMATS` lists the formats.
Nothing is written half: files appear under their names when they are complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container
from pathlib import Path
from typing import IO, Final, NamedTuple

from fgps.data import jsonl
from fgps.data.formalgeo import Read
from fgps.data.write import to_fgl, to_formalgeo
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.lang.printer import print_file
from fgps.theory.model import Theory

#: Format -> suffix of its files.
FORMATS: Final = {
    "formalgeo": ".json",
    "formalgeo-v2": ".json",
    "fgl": ".fgl",
    "jsonl": ".jsonl",
    "ggb": ".ggb",
}
#: Formats of which one file may hold many problems.
SEVERAL: Final = ("fgl", "jsonl")
#: Keys that the second release of the layout may have besides; written empty if nothing is known.
V2_KEYS: Final = ("problem_type", "complexity_level")
_UNSAFE: Final = re.compile(r"[^\w.'-]+")


class ConversionError(Exception):
    """The target cannot be written; the message says why."""


class Failure(NamedTuple):
    """A problem that was not converted, and why."""

    problem: str
    reason: str


def format_of(target: Path) -> str | None:
    """The format that a file's name asks for."""
    for name, suffix in FORMATS.items():
        if target.suffix.lower() == suffix:
            return name
    return None


class Writer:
    """Writes problems in one format to a file or folder.  Use as a context manager.

    ``single``: the target is one file (for one problem, or a format that holds several).  Raises
    `ConversionError` if the target cannot be written.
    """

    def __init__(self, target: Path, kind: str, theory: Theory, single: bool) -> None:
        self.target = target
        self.kind = kind
        self.theory = theory
        self.single = single
        self.written = 0
        self.failures: list[Failure] = []
        self._names: dict[str, str] = {}
        self._stream: IO[str] | None = None
        self._file = target
        if not single:
            inner = {"formalgeo": "problems", "formalgeo-v2": "problems", "jsonl": "data"}
            folder = target / inner[kind] if kind in inner else target
            self._file = folder / "train.jsonl" if kind == "jsonl" else folder

    def __enter__(self) -> Writer:
        try:
            if self.kind == "ggb" and self.single:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            elif self.kind == "jsonl" or self.single:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._stream = _neighbour(self._file).open("w", encoding="utf-8", newline="\n")
            else:
                self._file.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise ConversionError(f"cannot write {self._file}: {problem.strerror}") from problem
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._stream is None:
            return
        self._stream.close()
        neighbour = _neighbour(self._file)
        if kind is not None or not self.written:
            neighbour.unlink(missing_ok=True)
            return
        neighbour.replace(self._file)
        if self.kind == "jsonl" and not self.single:
            place = f"{self._file.parent.name}/{self._file.name}"
            text = jsonl.card(self.target.resolve().name, self.written, place)
            write_file(self.target / "README.md", text.encode())

    def add(self, read: Read, problem_id: str) -> bool:
        """Convert one problem; whether it could be done (if not, ``failures`` says why)."""
        try:
            data = _CONVERTERS[self.kind](read, problem_id, self.theory, self.theory.predicates)
        except ConversionError as problem:
            self.failures.append(Failure(problem_id, str(problem)))
            return False
        if self._stream is not None and isinstance(data, str):
            separator = "\n" if self.kind == "fgl" and self.written else ""
            self._stream.write(separator + data)
        else:
            path = self._file if self.single else self._file / self._name(problem_id)
            write_file(path, data.encode() if isinstance(data, str) else data)
        self.written += 1
        return True

    def _name(self, problem_id: str) -> str:
        """A file name for a problem: its id, without signs that file systems mind."""
        stem = _UNSAFE.sub("_", problem_id).strip(".")[:120] or "problem"
        name = stem
        while self._names.get(name.lower(), problem_id) != problem_id:
            name = f"{stem}_{len(self._names)}"
        self._names[name.lower()] = problem_id
        return name + FORMATS[self.kind]


def _neighbour(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def write_file(path: Path, data: bytes) -> None:
    """Write a whole file by way of a neighbour, so that an interruption cannot tear it."""
    try:
        neighbour = _neighbour(path)
        neighbour.write_bytes(data)
        neighbour.replace(path)
    except OSError as problem:
        raise ConversionError(f"cannot write {path}: {problem.strerror}") from problem


def _unreadable(read: Read) -> ConversionError:
    found = next((d.headline for d in read.diagnostics if d.severity is Severity.ERROR), "it cannot be read")
    return ConversionError(found)


def _to_formalgeo(read: Read, _name: str, _theory: Theory, relations: Container[str]) -> str:
    return _json(_released(read, relations))


def _to_v2(read: Read, _name: str, _theory: Theory, relations: Container[str]) -> str:
    values = _released(read, relations)
    return _json({**values, **{key: values.get(key, "") for key in V2_KEYS}})


def _released(read: Read, relations: Container[str]) -> dict[str, object]:
    """The JSON object: as it was if the problem comes from one, rebuilt otherwise."""
    if read.raw is not None:
        return dict(read.raw)
    problem, solution = to_fgl(read)
    if problem is None:
        raise _unreadable(read)
    return to_formalgeo(problem, solution, relations=relations)


def _json(values: dict[str, object]) -> str:
    text = json.dumps(values, ensure_ascii=False, indent=2)
    if any("\ud800" <= sign <= "\udfff" for sign in text):  # half characters, which UTF-8 does not have
        text = json.dumps(values, indent=2)
    return text + "\n"


def _to_fgl(read: Read, _name: str, _theory: Theory, _relations: Container[str]) -> str:
    problem, solution = to_fgl(read)
    if problem is None:
        raise _unreadable(read)
    return print_file([part for part in (problem, solution) if part is not None])


def _to_jsonl(read: Read, name: str, _theory: Theory, relations: Container[str]) -> str:
    row = jsonl.to_row(read, name, relations)
    if row is None:
        raise _unreadable(read)
    return jsonl.write_row(row)


def _to_ggb(read: Read, _name: str, theory: Theory, _relations: Container[str]) -> bytes:
    from fgps.data.ggbwrite import to_ggb

    if read.declaration is None:
        raise _unreadable(read)
    data = to_ggb(read.declaration, theory)
    if isinstance(data, Diagnostic):
        raise ConversionError(data.headline)
    return data


_CONVERTERS: Final[dict[str, Callable[[Read, str, Theory, Container[str]], str | bytes]]] = {
    "formalgeo": _to_formalgeo,
    "formalgeo-v2": _to_v2,
    "fgl": _to_fgl,
    "jsonl": _to_jsonl,
    "ggb": _to_ggb,
}
