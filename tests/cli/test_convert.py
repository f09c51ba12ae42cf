"""``fgps convert``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fgps.cli.main import app
from fgps.data.sources import open_dataset

RAW: dict[str, Any] = {
    "problem_id": 7,
    "problem_text_en": "Find AB.",
    "construction_cdl": ["Shape(AB,BC,CA)", "Shape(AB.BD)"],
    "text_cdl": ["Equal(LengthOfLine(AB),2)"],
    "goal_cdl": "Value(LengthOfLine(AB))",
    "problem_answer": "2",
    "unknown key": [1],
}


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["convert", *map(str, arguments), "--json"])
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def released(tmp_path: Path) -> Path:
    folder = tmp_path / "released" / "problems"
    folder.mkdir(parents=True)
    for number in (1, 2, 30):
        text = json.dumps({**RAW, "problem_id": number})
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    return folder.parent


@pytest.mark.parametrize("kind", ["fgl", "jsonl", "formalgeo"])
def test_there_and_back(released: Path, tmp_path: Path, kind: str) -> None:
    assert run(released, "-o", tmp_path / "there", "--to", kind)[0] == 0
    assert open_dataset(tmp_path / "there").ids == ("1", "2", "30")
    status, said = run(tmp_path / "there", "-o", tmp_path / "back", "--to", "formalgeo")
    assert status == 0 and said["written"] == 3 and said["failed"] == []
    for number in (1, 2, 30):
        text = (tmp_path / "back" / "problems" / f"{number}.json").read_text(encoding="utf-8")
        assert json.loads(text) == {**RAW, "problem_id": number}
    assert not list(tmp_path.rglob("*.new"))


def test_one_file_for_all(released: Path, tmp_path: Path) -> None:
    for name in ("all.fgl", "all.jsonl"):
        assert run(released, "-o", tmp_path / name)[0] == 0
        status, said = run(tmp_path / name, "-o", tmp_path / f"from-{name}", "--to", "formalgeo")
        assert status == 0 and said["written"] == 3
    assert not (tmp_path / "README.md").exists()


def test_a_card_goes_with_a_folder_of_lines(released: Path, tmp_path: Path) -> None:
    run(released, "-o", tmp_path / "hub", "--to", "jsonl")
    text = (tmp_path / "hub" / "README.md").read_text(encoding="utf-8")
    assert text.startswith("---\n") and 'path: "data/train.jsonl"' in text and "`construction_cdl`" in text


def test_single_problems(released: Path, tmp_path: Path) -> None:
    assert run(f"{released}#2", "-o", tmp_path / "two.fgl")[0] == 0
    assert (tmp_path / "two.fgl").read_text(encoding="utf-8").startswith("problem 2:")
    assert run(tmp_path / "two.fgl", "-o", tmp_path / "two.json", "--to", "formalgeo-v2")[0] == 0
    values = json.loads((tmp_path / "two.json").read_text(encoding="utf-8"))
    assert values == {**RAW, "problem_id": 2, "problem_type": "", "complexity_level": ""}


def test_problems_that_cannot_be_written_are_named(released: Path, tmp_path: Path) -> None:
    (released / "problems" / "2.json").write_text(json.dumps({**RAW, "goal_cdl": "("}), encoding="utf-8")
    status, said = run(released, "-o", tmp_path / "out", "--to", "fgl")
    assert status == 1 and said["written"] == 2
    assert said["failed"][0]["problem"] == "2" and "goal_cdl" in said["failed"][0]["reason"]
    assert run(released, "-o", tmp_path / "lines.jsonl")[0] == 0  # rows can hold it


def test_names_that_file_systems_mind(tmp_path: Path) -> None:
    text = "".join(
        f'problem "{name}":\n    construct Shape(AB,BC,CA)\n    find x\n\n'
        for name in ("../up", "a/b", "A_b", "..")
    )
    (tmp_path / "odd.fgl").write_text(text, encoding="utf-8")
    status, said = run(tmp_path / "odd.fgl", "-o", tmp_path / "out", "--to", "fgl")
    assert status == 0 and said["written"] == 4
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert sorted(open_dataset(tmp_path / "out").ids) == sorted(["../up", "a/b", "A_b", ".."])


def test_bad_arguments(released: Path, tmp_path: Path) -> None:
    one = released / "problems" / "1.json"
    for arguments in (
        (released, "-o", tmp_path / "out"),
        (released, "-o", tmp_path / "out", "--to", "pdf"),
        (released, "-o", tmp_path / "out.json"),
        (one, "-o", one),
        (tmp_path / "nothing", "-o", tmp_path / "x.fgl"),
        (f"{released}#99", "-o", tmp_path / "x.fgl"),
        (one, "-o", one / "below.fgl"),
    ):
        assert run(*arguments)[0] == 2
    assert json.loads(one.read_text(encoding="utf-8"))["problem_id"] == 1
