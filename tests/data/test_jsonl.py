"""JSON lines for Hugging Face ``datasets``: typed columns, nothing lost, bad files refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgps.batch.executor import BatchError
from fgps.batch.items import items_of
from fgps.data.formalgeo import read_problem
from fgps.data.jsonl import COLUMNS, from_row, to_row, write_row
from fgps.data.sources import open_dataset, read_fgl_text, read_source
from fgps.data.verbatim import same_json

RAW: dict[str, Any] = {
    "problem_id": 7,
    "problem_level": 1,
    "problem_text_cn": "求AB。",
    "construction_cdl": ["Shape(AB,BC,CA)", "Shape(AB.BD)"],
    "text_cdl": ["Equal(LengthOfLine(AB),2)", 5],
    "goal_cdl": "Value(LengthOfLine(AB))",
    "problem_answer": 2,
    "theorem_seqs": ["f(1,AB)"],
    "theorem_seqs_dag": {"START": ["f(1,AB)"]},
    "new": {"key": [1.0]},
}
FGL = """problem p:
    construct Shape(A1B,BC,CA1)
    given LengthOfLine(A1B) = 3
    find LengthOfLine(A1B)
    answer 3

solution of p:
    claim LengthOfLine(A1B) = 3 by algebra
"""


def row_of(raw: dict[str, Any]) -> dict[str, Any]:
    row = to_row(read_problem(raw))
    assert row is not None
    return row


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"problem_id": "007", "source": None},
        {"problem_level": "x", "theorem_seqs": None, "annotation": ""},
        {"theorem_seqs_dag": {"START": [1]}, "problem_text_en": "half \ud800"},
        {"problem_level": 10**30, "goal_cdl": 3},
    ],
)
def test_rows_keep_everything(changes: dict[str, Any]) -> None:
    raw = {**RAW, **changes}
    row = row_of(raw)
    line = write_row(row)
    line.encode("utf-8")
    again = from_row(json.loads(line))
    assert again.raw is not None and same_json(again.raw, raw)


def test_columns_have_one_type() -> None:
    python = {"string": str, "int64": int}
    rows = [row_of(RAW), row_of({"construction_cdl": [], "goal_cdl": "Value(x)"})]
    other = to_row(read_fgl_text(FGL))
    assert other is not None
    for row in (*rows, other):
        assert list(row) == list(COLUMNS)
        for column, kind in COLUMNS.items():
            value = row[column]
            assert isinstance(value, python.get(kind, list)) or (value is None and kind == "int64")
            if kind == "list[string]":
                assert all(isinstance(item, str) for item in value)


def test_fgl_that_the_layout_cannot_say() -> None:
    read = read_fgl_text(FGL)
    row = to_row(read)
    assert row is not None and row["format"] == "fgl" and row["answer"] == "3"
    again = from_row(json.loads(write_row(row)))
    assert (again.declaration, again.solution) == (read.declaration, read.solution)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.jsonl"
    rows = [to_row(read_problem({**RAW, "problem_id": number})) for number in (10, 9)]
    path.write_text("".join(write_row(row) for row in rows if row), encoding="utf-8")
    return path


def test_every_command_finds_the_problems(file: Path) -> None:
    for place in (file, file.parent):
        dataset = open_dataset(place)
        assert dataset.ids == ("9", "10")
        read = dataset.read("9")
        assert read.declaration is not None and read.declaration.name == "9"
        items = items_of(str(place))
        assert [(item.id, item.level, item.expected) for item in items] == [(9, 1, "2"), (10, 1, "2")]
        assert read_source(items[0].source).declaration is not None
    assert read_source(f"{file}#11").diagnostics[0].code == "unknown-problem"
    assert read_source(str(file)).diagnostics[0].code == "bad-arguments"


def test_a_changed_file_is_read_anew(file: Path) -> None:
    assert len(open_dataset(file).ids) == 2
    file.write_text(write_row(row_of({**RAW, "problem_id": 123456})), encoding="utf-8")
    assert open_dataset(file).ids == ("123456",)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"{}\n[]\n",
        b"{\n",
        b"[" * 100_000,
        b'{"id": "a"}\n{"id": "a"}\n',
        b'{"id": "' + b"x" * 2_100_000 + b'"}\n',
        b"",
    ],
)
def test_bad_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    assert open_dataset(path).diagnostics
    assert read_source(f"{path}#a").diagnostics
    with pytest.raises(BatchError):
        items_of(str(path))


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"format": "fgl"},
        {"format": "fgl", "fgl": "problem"},
        {"extra": "[1"},
        {"extra": "[]"},
        {"theorem_seqs_dag": [1, {"step": [], "used_by": 3}], "construction_cdl": 5, "level": "x"},
        {"extra": json.dumps({"json theorem_seqs": "[" * 5000, "json absent": "goal_cdl"})},
    ],
)
def test_bad_rows_have_diagnostics(row: dict[str, Any]) -> None:
    read = from_row(row, "r")
    assert read.declaration is None and read.diagnostics
