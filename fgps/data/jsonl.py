"""JSON lines with flat typed columns, one problem a line: what Hugging Face ``datasets`` loads.

Every column has one type in all rows (`COLUMNS`), so that ``load_dataset("json", ...)`` infers the same
schema from any part of a file.  ``format`` says which columns count when a row is read: ``formalgeo`` those
of the released layout, with ``extra`` for what they cannot hold (then the JSON object comes back as it was);
``fgl`` the column ``fgl``, because the problem says things that the layout does not know (claims, long point
names).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from fgps.data import verbatim
from fgps.data.files import parse_json
from fgps.data.formalgeo import Read, read_problem
from fgps.data.write import KEY_ORDER, to_fgl, to_formalgeo
from fgps.lang.diagnostics import Diagnostic, error
from fgps.lang.printer import print_file

#: Column -> the key of the released layout that it holds; texts.
_TEXTS: Final = {
    "source": "source",
    "annotation": "annotation",
    "problem_type": "problem_type",
    "text_en": "problem_text_en",
    "text_zh": "problem_text_cn",
    "image": "problem_img",
    "goal_cdl": "goal_cdl",
    "answer": "problem_answer",
}
_LISTS: Final = ("construction_cdl", "text_cdl", "image_cdl", "theorem_seqs")
#: All columns in their order, with the names of their types in ``datasets``.
COLUMNS: Final = {
    "id": "string",
    "format": "string",
    "source": "string",
    "annotation": "string",
    "problem_type": "string",
    "level": "int64",
    "text_en": "string",
    "text_zh": "string",
    "image": "string",
    "construction_cdl": "list[string]",
    "text_cdl": "list[string]",
    "image_cdl": "list[string]",
    "goal_cdl": "string",
    "answer": "string",
    "theorem_seqs": "list[string]",
    "theorem_seqs_dag": "list[{step: string, used_by: list[string]}]",
    "fgl": "string",
    "extra": "string",
}
MAX_LINE: Final = 2_000_000
MAX_FILE: Final = 8_000_000_000
MAX_ROWS: Final = 5_000_000


class Index(NamedTuple):
    """Where the rows of a file stand: id -> byte offset; ``problem`` says why it cannot be used."""

    offsets: Mapping[str, int]
    problem: Diagnostic | None = None


def to_row(read: Read, problem_id: str = "", relations: Container[str] = ()) -> dict[str, Any] | None:
    """A problem as a row; None if there is nothing to write (no declaration and no JSON object)."""
    problem, solution = to_fgl(read)
    fgl = "" if problem is None else print_file([part for part in (problem, solution) if part is not None])
    if read.raw is not None:
        row = _columns(read.raw)
        row["id"] = problem_id or row["id"] or (problem.name if problem else "problem")
        extra = verbatim.differences(read.raw, _released(row))
        row |= {"format": "formalgeo", "extra": json.dumps(dict(extra)) if extra else ""}
    elif problem is not None:
        row = _columns(to_formalgeo(problem, solution, relations=relations))
        row |= {"id": problem_id or problem.name, "format": "fgl", "extra": ""}
    else:
        return None
    row["fgl"] = fgl
    return {column: row[column] for column in COLUMNS}


def from_row(row: Mapping[str, object], name: str = "") -> Read:
    """The problem of a row.  Columns that are missing count as empty, unknown ones are left alone."""
    from fgps.data.sources import read_fgl_text

    if row.get("format") == "fgl":
        text = row.get("fgl")
        if not isinstance(text, str):
            return _failed(f"{name}: the column fgl is no text", name)
        return read_fgl_text(text, "", name)
    values = _released(row)
    extra = row.get("extra")
    if isinstance(extra, str) and extra:
        found = parse_json(extra, f"{name}, column extra")
        if not isinstance(found, dict):
            return _failed(f"{name}: the column extra is no JSON object", name)
        pairs = tuple((str(key), text) for key, text in found.items() if isinstance(text, str))
        values = verbatim.apply(values, pairs)
    return read_problem(values, name)


def _columns(raw: Mapping[str, object]) -> dict[str, Any]:
    """The typed columns of a released object; what does not fit a column's type is left empty."""
    row: dict[str, Any] = {column: _text(raw.get(key)) for column, key in _TEXTS.items()}
    for key in _LISTS:
        value = raw.get(key)
        row[key] = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    row["id"] = _text(raw.get("problem_id"))
    level = raw.get("problem_level")
    fits = isinstance(level, int) and not isinstance(level, bool) and abs(level) < 2**62
    row["level"] = level if fits else None
    dag = raw.get(verbatim.DAG_KEY)
    row[verbatim.DAG_KEY] = [
        {"step": step, "used_by": [user for user in users if isinstance(user, str)]}
        for step, users in (dag.items() if isinstance(dag, dict) else ())
        if isinstance(users, list)
    ]
    return row


def _text(value: object) -> str:
    """Text of a column; lone surrogates are no text in UTF-8 (the exact value is then in ``extra``)."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _released(row: Mapping[str, object]) -> dict[str, Any]:
    """The released object that the columns of a row say."""
    name = _text(row.get("id"))
    whole = name.isascii() and name.isdecimal() and len(name) < 19 and str(int(name)) == name
    values: dict[str, Any] = {"problem_id": int(name) if whole else name}
    for column, key in _TEXTS.items():
        value = row.get(column)
        if value or column not in ("annotation", "problem_type"):
            values[key] = value if value is not None else ""
    if row.get("level") is not None:
        values["problem_level"] = row["level"]
    for key in _LISTS:
        value = row.get(key)
        values[key] = [] if value is None else value
    dag = row.get(verbatim.DAG_KEY)
    values[verbatim.DAG_KEY] = {
        str(entry.get("step")): entry.get("used_by") or []
        for entry in (dag if isinstance(dag, list) else ())
        if isinstance(entry, dict)
    }
    return {key: values[key] for key in KEY_ORDER if key in values}


def write_row(row: Mapping[str, Any]) -> str:
    """A row as a line of text, line break included."""
    return json.dumps(row, ensure_ascii=False) + "\n"


def index(path: Path) -> Index:
    """The rows of a file by id; remembered as long as the file does not change."""
    try:
        state = path.stat()
    except OSError as problem:
        return Index({}, error("io", f"{path}: {problem.strerror}", source_name=str(path)))
    return _index(str(path), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _index(name: str, _changed: int, size: int) -> Index:
    offsets: dict[str, int] = {}

    def bad(message: str, code: str = "bad-declaration") -> Index:
        return Index({}, error(code, f"{name}: {message}", source_name=name))

    if size > MAX_FILE:
        return bad(f"larger than {MAX_FILE:,} bytes", "too-long")
    try:
        for number, offset, line in _lines(Path(name)):
            if len(line) > MAX_LINE or number > MAX_ROWS:
                return bad(
                    f"line {number} is longer than {MAX_LINE:,} bytes, or there are too many", "too-long"
                )
            row = _parse(line, f"{name}, line {number}")
            if isinstance(row, Diagnostic):
                return Index({}, row)
            key = _text(row.get("id")) or str(number)
            if key in offsets:
                return bad(f"line {number}: a second row has the id {key[:80]}")
            offsets[key] = offset
    except OSError as problem:
        return bad(problem.strerror or str(problem), "io")
    return Index(offsets)


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    with path.open("rb") as stream:
        offset = number = 0
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            if line.strip():
                yield number, offset, line
            offset += len(line)


def _parse(line: bytes, where: str) -> dict[str, object] | Diagnostic:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return error("not-text", f"{where} is not UTF-8", source_name=where)
    value = parse_json(text, where)
    if isinstance(value, Diagnostic):
        return value
    if not isinstance(value, dict):
        return error("bad-declaration", f"{where} is no JSON object", source_name=where)
    return value


def read_row(path: Path, problem_id: str) -> Read:
    """The problem with this id of a JSON lines file."""
    found = index(path)
    if found.problem is not None:
        return Read(None, diagnostics=(found.problem,))
    offset = found.offsets.get(problem_id)
    name = f"{path}#{problem_id}"
    if offset is None:
        return _failed(f"{path} has no problem {problem_id}", str(path), "unknown-problem")
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            row = _parse(stream.readline(MAX_LINE + 1), name)
    except OSError as problem:
        return _failed(f"{path}: {problem.strerror}", str(path), "io")
    return Read(None, diagnostics=(row,)) if isinstance(row, Diagnostic) else from_row(row, name)


def _failed(message: str, name: str, code: str = "bad-declaration") -> Read:
    return Read(None, diagnostics=(error(code, message, source_name=name),))


def card(title: str, rows: int, file_name: str) -> str:
    """The text of a dataset card (``README.md``) for a file of rows."""
    features = "".join(f"| `{name}` | {kind} | {_MEANING[name]} |\n" for name, kind in COLUMNS.items())
    size = next((name for limit, name in _SIZES if rows < limit), "n>1M")
    return _CARD.format(
        quoted=json.dumps(title),
        title=title,
        size=size,
        path=json.dumps(file_name),
        file=file_name,
        rows=f"{rows:,}",
        features=features,
    )


_CARD: Final = """---
pretty_name: {quoted}
language:
- en
- zh
task_categories:
- question-answering
tags:
- geometry
- theorem-proving
size_categories:
- {size}
configs:
- config_name: default
  data_files:
  - split: train
    path: {path}
---

# {title}

{rows} plane geometry problems with formal statements, one a line.

    from datasets import load_dataset
    problems = load_dataset("json", data_files={path})

| column | type | what it holds |
| --- | --- | --- |
{features}
Written by `fgps convert`; `fgps` commands take the file as it is (`fgps solve {file}#ID`).
The licence is that of the data the rows come from; name it here.
"""
_SIZES: Final = ((1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MEANING: Final = {
    "id": "the problem's id, unique in the file",
    "format": "`formalgeo` or `fgl`: which columns count when the row is read",
    "source": "where the problem comes from",
    "annotation": "who annotated it, and when",
    "problem_type": "kind of problem, if annotated",
    "level": "length of the annotated solution, null if unknown",
    "text_en": "wording, English",
    "text_zh": "wording, Chinese",
    "image": "file name of the picture",
    "construction_cdl": "lines, circles and cells of the figure",
    "text_cdl": "what is given",
    "image_cdl": "what of it the picture shows",
    "goal_cdl": "what is asked",
    "answer": "closed expression, angles of functions in radians",
    "theorem_seqs": "the annotated solution: theorem(branch,points)",
    "theorem_seqs_dag": "which steps use a step's result; `START` for the givens",
    "fgl": "the whole problem and its solution in FGL",
    "extra": "JSON object with what the other columns cannot hold, mostly empty",
}
