"""PROBLEM arguments and data sets, good and bad."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from fgps.data.sources import open_dataset, read_source
from fgps.lang.diagnostics import Severity

TWO = """problem one:
    construct Shape(AB,BC,CA)
    given LengthOfLine(AB) = 3
    find LengthOfLine(AB)

problem "second one":
    construct Shape(AB,BC,CA)
    find LengthOfLine(AB)

solution of one:
    some_theorem(1,AB)
    claim LengthOfLine(AB) = 3 by algebra
"""
ONE_JSON = {"problem_id": 3, "construction_cdl": ["Shape(AB,BC,CA)"], "goal_cdl": "Value(LengthOfLine(AB))"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "two.fgl").write_text(TWO, encoding="utf-8")
    problems = tmp_path / "released" / "problems"
    problems.mkdir(parents=True)
    for number in (10, 9, 100):
        (problems / f"{number}.json").write_text(
            json.dumps({**ONE_JSON, "problem_id": number}), encoding="utf-8"
        )
    return tmp_path


def test_problem_of_an_fgl_file(folder: Path) -> None:
    read = read_source(f"{folder / 'two.fgl'}#one")
    assert read.declaration is not None and read.declaration.name == "one"
    assert [step.head for step in read.theorem_sequence] == ["some_theorem"]
    assert read.solution is not None and len(read.solution.steps) == 2
    assert read.strict and read.diagnostics == ()
    other = read_source(f"{folder / 'two.fgl'}#second one")
    assert other.declaration is not None and other.theorem_sequence == ()


def test_json_file_and_dataset(folder: Path) -> None:
    read = read_source(str(folder / "released" / "problems" / "9.json"))
    assert read.declaration is not None and read.declaration.name == "9"
    read = read_source(f"{folder / 'released'}#100")
    assert read.declaration is not None and read.declaration.name == "100"


def test_ids_in_numerical_order(folder: Path) -> None:
    dataset = open_dataset(folder / "released")
    assert dataset.ids == ("9", "10", "100") and dataset.diagnostics == ()
    assert dataset.read(10).declaration is not None
    assert dataset.read("11").diagnostics[0].code == "unknown-problem"
    assert open_dataset(folder / "released" / "problems").ids == dataset.ids


def test_fgl_dataset(folder: Path) -> None:
    dataset = open_dataset(folder)
    assert dataset.ids == ("one", "second one")
    declaration = dataset.read("second one").declaration
    assert declaration is not None and declaration.name == "second one"


def test_bundled_dataset() -> None:
    dataset = open_dataset("own")
    assert dataset.ids and dataset.diagnostics == ()
    read = read_source(f"own#{dataset.ids[0]}")
    assert read.declaration is not None


def test_a_mistake_elsewhere_in_the_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "p.fgl"
    path.write_text(TWO + "\nproblem three:\n    construct Shape(AB\n", encoding="utf-8")
    assert read_source(f"{path}#one").declaration is not None
    bad = read_source(f"{path}#three")
    assert bad.declaration is None and bad.diagnostics[0].code == "syntax"


@pytest.mark.parametrize(
    ("argument", "code", "words"),
    [
        ("", "io", "empty"),
        ("no/such/file.fgl", "io", "no such file"),
        ("a\0b", "io", "no file name"),
        ("x" * 10_000, "io", "no such file"),
        ("{0}/two.fgl", "bad-arguments", "holds 2 problems"),
        ("{0}/two.fgl#three", "unknown-problem", "three"),
        ("{0}/released", "bad-arguments", "3 problems"),
        ("{0}/released#8", "unknown-problem", "8"),
        ("{0}/released#../../two", "unknown-problem", "two"),
        ("{0}/note.txt", "io", "kind of this file"),
        ("{0}/empty", "io", "holds no problems"),
        ("{0}/empty.fgl", "unknown-problem", "holds no problem"),
        ("{0}/empty.json", "syntax", "not JSON"),
        ("{0}/list.json", "bad-declaration", "a list"),
        ("{0}/number.json", "bad-declaration", "a number"),
        ("{0}/other.json", "bad-declaration", "construction_cdl and goal_cdl"),
        ("{0}/junk.json", "not-text", "not a text file"),
        ("{0}/junk.fgl", "not-text", "not a text file"),
        ("{0}/brackets.json", "too-long", "larger than"),
        ("{0}/brackets.fgl", "too-long", "larger than"),
        ("{0}/deep.json", "too-deep", "nested"),
        ("{0}/digits.json", "syntax", "not JSON"),
        ("{0}/deep.fgl", "", ""),
    ],
)
def test_bad_input_gives_a_diagnostic_in_time(folder: Path, argument: str, code: str, words: str) -> None:
    junk = random.Random(1).randbytes(100_000)
    contents: dict[str, bytes] = {
        "note.txt": b"hello",
        "empty.fgl": b"",
        "empty.json": b"",
        "list.json": b"[]",
        "number.json": b"7",
        "other.json": b"{}",
        "junk.json": junk,
        "junk.fgl": junk,
        "brackets.json": b"[" * 10_000_000,
        "brackets.fgl": b"(" * 10_000_000,
        "deep.json": b"[" * 900_000,
        "deep.fgl": b"problem p:\n    find " + b"(" * 300_000,
        "digits.json": b'{"problem_id": ' + b"9" * 5000 + b"}",
    }
    name = argument.rpartition("/")[2]
    if name in contents:
        (folder / name).write_bytes(contents[name])
    (folder / "empty").mkdir()
    started = time.process_time()
    read = read_source(argument.format(folder))
    assert time.process_time() - started < 1
    assert read.declaration is None
    assert read.diagnostics[0].severity is Severity.ERROR
    if code:
        assert read.diagnostics[0].code == code
        assert words in read.diagnostics[0].headline
        assert len(read.diagnostics[0].headline) < 600


def test_double_names_are_refused(tmp_path: Path) -> None:
    for name in ("a.fgl", "b.fgl"):
        (tmp_path / name).write_text("problem p:\n    construct Shape(AB)\n    find x\n", encoding="utf-8")
    dataset = open_dataset(tmp_path)
    assert dataset.ids == () and "two problems" in dataset.diagnostics[0].headline


def test_a_folder_that_is_no_data_set_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgps.data.sources.MAX_VISITED", 20)
    for i in range(30):
        (tmp_path / str(i)).mkdir()
    assert "too many" in open_dataset(tmp_path).diagnostics[0].headline
    assert open_dataset(tmp_path / "nothing").diagnostics[0].code == "io"
