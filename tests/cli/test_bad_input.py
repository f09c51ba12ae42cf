"""Bad input of every kind: a clear diagnostic, status 2, soon, and never a traceback."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PROBLEM = """problem p:
    construct Shape(AB,BC,CA)
    given {given}
    find  {find}
"""
CDL = (
    '{"problem_id": 1, "construction_cdl": ["Shape(AB,BC,CA)"], "text_cdl": [%s],'
    ' "image_cdl": [], "goal_cdl": "Value(LengthOfLine(AB))", "theorem_seqs": []}'
)
TEN_MB = 10_000_000


def junk() -> bytes:
    return random.Random(7).randbytes(500_000)


#: name of the file, its content, what the diagnostic has to say
FILES: list[tuple[str, bytes | str, str]] = [
    ("brackets.fgl", b"(" * TEN_MB, "too-long"),
    ("brackets.json", b"[" * TEN_MB, "too-long"),
    ("half.json", b"[" * 900_000, "too-deep"),
    ("half.fgl", PROBLEM.format(given="A = " + "(" * 400_000, find="x"), "too-"),
    ("deep.fgl", PROBLEM.format(given="x = " + "sqrt(" * 3000 + "2" + ")" * 3000, find="x"), "too-deep"),
    ("junk.fgl", junk(), "not-text"),
    ("junk.json", junk(), "not-text"),
    ("zeros.fgl", bytes(100_000), "not-text"),
    ("zeros.json", bytes(100_000), "not JSON"),
    ("list.json", "[]", "holds a list"),
    ("null.json", "null", "bad-declaration"),
    ("object.json", "{}", "goal_cdl"),
    ("number.json", "9" * 5000, "syntax"),
    ("empty.json", "", "not JSON"),
    ("empty.fgl", "", "no problem"),
    ("types.json", '{"construction_cdl": 5, "goal_cdl": [], "text_cdl": {"a": 1}}', "bad-declaration"),
    ("syntax.fgl", PROBLEM.format(given="LengthOfLine(AB) = = 3", find="x"), "syntax"),
    ("open.fgl", PROBLEM.format(given="LengthOfLine(AB = 3", find="x"), "syntax"),
    ("name.fgl", PROBLEM.format(given="IsMidpontOfLine(C,AB)", find="x"), "did you mean IsMidpointOfLine?"),
    ("name.json", CDL % '"Equal(LengthOfLin(AB),3)"', "did you mean LengthOfLine?"),
    ("arity.fgl", PROBLEM.format(given="LengthOfLine(ABC) = 3", find="LengthOfLine(AB)"), "takes 2 points"),
    ("goal.fgl", "problem p:\n    construct Shape(AB,BC,CA)\n", "asks for nothing"),
    ("two.fgl", 2 * PROBLEM.format(given="x = 1", find="x"), "problems"),
    ("problem.txt", "problem", "not known"),
]


@pytest.mark.parametrize(("name", "content", "saying"), FILES, ids=[name for name, _, _ in FILES])
def test_bad_files(fgps: Run, tmp_path: Path, name: str, content: bytes | str, saying: str) -> None:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    done = fgps("solve", name)
    assert done.status == 2
    assert saying in done.err and done.out == ""
    assert len(done.err) < 20_000
    # A few hundred milliseconds on a quiet machine; the bound is for what would not end.
    assert done.seconds < 20


@pytest.mark.parametrize("name", ["list.json", "syntax.fgl", "absent.fgl"])
def test_bad_input_as_json(fgps: Run, tmp_path: Path, name: str) -> None:
    content = {file: text for file, text, _ in FILES}.get(name)
    if isinstance(content, str):
        (tmp_path / name).write_text(content)
    done = fgps("replay", name, "--json")
    assert done.status == 2 and done.err == ""
    assert any(found["severity"] == "error" for found in done.json["diagnostics"])


@pytest.mark.parametrize(
    "name", ["absent.fgl", "absent#1", "", "#", ".", "/dev/null", "a" * 5000, "x\x01.fgl"]
)
def test_bad_names(fgps: Run, name: str) -> None:
    done = fgps("solve", name)
    assert done.status == 2 and "error[" in done.err


@pytest.mark.parametrize(
    "term", ["9**9**9**9**9", "2**1000000000", "9" * 5000, "1/0", "sqrt(0-4)", "0**(0-1)"]
)
def test_hostile_numbers(fgps: Run, tmp_path: Path, term: str) -> None:
    path = tmp_path / "p.fgl"
    path.write_text(PROBLEM.format(given=f"LengthOfLine(AB) = {term}", find="LengthOfLine(AB)"))
    done = fgps("solve", path, "--timeout", "2", "--json")
    assert done.status in (1, 2, 3)
    assert done.json["status"] in ("saturated", "inconsistent", "error", "timeout")
    assert "internal error" not in done.err and done.seconds < 20


def test_carets_point_at_the_mistake(fgps: Run, tmp_path: Path) -> None:
    (tmp_path / "p.fgl").write_text(PROBLEM.format(given="IsMidpontOfLine(C,AB)", find="x"))
    lines = fgps("solve", "p.fgl").err.splitlines()
    assert "p.fgl:3:11" in lines[1]
    source, carets = lines[3], lines[4]
    assert source[carets.index("^") : carets.rindex("^") + 1].startswith("IsMidpontOfLine")


def test_several_mistakes_are_reported_at_once(fgps: Run, tmp_path: Path) -> None:
    (tmp_path / "p.fgl").write_text(PROBLEM.format(given="Wrong(AB), Wronger(AB)", find="Wrongest(AB)"))
    assert fgps("solve", "p.fgl").err.count("error[") == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"],
        ["nonsense"],
        ["solve", "{demo}", "--method", "magic"],
        ["solve", "{demo}", "--timeout", "-1"],
        ["solve", "{demo}", "--timeout", "soon"],
        ["solve", "{demo}", "--theory", "none"],
        ["solve", "{demo}", "--theory", "/dev/null"],
        ["theory", "list", "none"],
        ["theory", "lint", "/nowhere"],
        ["fmt", "absent.fgl"],
        ["lint", "absent"],
        ["bench", "absent"],
        ["bench", "{folder}", "--ids", "absent"],
        ["bench", "{folder}", "--resume"],
        ["bench", "{folder}", "--theory", "none"],
        ["bench", "{folder}", "--out", "/dev/null/results"],
    ],
)
def test_bad_arguments(fgps: Run, demo: Path, tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "problems"
    folder.mkdir()
    demo.rename(folder / "demo.fgl")
    places = {"demo": folder / "demo.fgl", "folder": folder}
    done = fgps(*(argument.format(**places) for argument in arguments))
    assert done.status == 2 and done.err


def test_fmt_leaves_a_bad_file_alone(fgps: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.fgl"
    path.write_text("problem p:\n    given (((\n")
    done = fgps("fmt", path)
    assert done.status == 2 and "error[syntax]" in done.err
    assert path.read_text() == "problem p:\n    given (((\n"
