"""Edits of released files: what is certain, what is proposed, and that no meaning changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fgps.cli.main import app
from fgps.data.fixes import apply, edits_of, same_meaning
from fgps.data.formalgeo import read_problem
from fgps.problem.build import build_problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

CLEAN: dict[str, Any] = {
    "problem_id": 7,
    "problem_level": 1,
    "construction_cdl": ["Shape(AB,BC,CA)", "Collinear(BDC)"],
    "text_cdl": ["Equal(LengthOfLine(AB),2)"],
    "image_cdl": ["Equal(LengthOfLine(AB),2)"],
    "goal_cdl": "Value(LengthOfLine(AB))",
    "problem_answer": "2",
    "theorem_seqs": ["line_addition(1,BD,DC)"],
    "theorem_seqs_dag": {"START": ["line_addition(1,BD,DC)"]},
}


@pytest.fixture(scope="module")
def theory() -> Theory:
    loaded = load_theory("basic").theory
    assert loaded is not None
    return loaded


def edits(theory: Theory, **values: Any) -> list[tuple[str, str | None, bool]]:
    raw = {**CLEAN, **values}
    declaration = read_problem(raw).declaration
    problem = None if declaration is None else build_problem(declaration, theory, strict=False)
    found = edits_of(raw, problem)
    certain = [edit for edit in found if edit.certain]
    assert same_meaning(raw, apply(raw, certain))
    again = read_problem(apply(raw, certain)).declaration
    if again is not None:
        left = edits_of(apply(raw, certain), build_problem(again, theory, strict=False))
        assert not [edit for edit in left if edit.certain]
    return [(edit.place, edit.new, edit.certain) for edit in found]


def test_a_clean_problem_needs_nothing(theory: Theory) -> None:
    assert edits(theory) == []


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (
            {"construction_cdl": ["Shape(AB,BC.CA)", "Collinear(BDC)"]},
            ("construction_cdl[0]", "Shape(AB,BC,CA)", True),
        ),
        ({"text_cdl": ["Equal(LengthOfLine(AB), 2)"]}, ("text_cdl[0]", "Equal(LengthOfLine(AB),2)", True)),
        ({"text_cdl": ["Equal(LengthOfLine(AB),2))"]}, ("text_cdl[0]", "Equal(LengthOfLine(AB),2)", True)),
        ({"text_cdl": []}, ("text_cdl[end]", "Equal(LengthOfLine(AB),2)", True)),
        (
            {"text_cdl": ["Equal(LengthOfLine(AB),2)"] * 2},
            ("text_cdl[1]", None, True),
        ),
        (
            {"text_cdl": ["Equal(LengthOfLine(AB),2)", "Equal(LengthOfLine(AD),3)"]},
            ("construction_cdl[end]", "Shape(AD)", True),
        ),
        (
            {"text_cdl": ["Equal(LengthOfLine(AB),2)", "nonsense("]},
            ("text_cdl[1]", None, False),
        ),
        (
            {"text_cdl": ["Equal(LengthOfLine(AB),2)", "Equal(LengthOfLine(AB),2,x)"]},
            ("text_cdl[1]", "Equal(LengthOfLine(AB),2) Equal(2,x)", False),
        ),
        ({"problem_answer": "6/4"}, ("problem_answer", "3/2", True)),
        ({"problem_answer": "10/5"}, ("problem_answer", "2", True)),
        ({"problem_answer": "3.500"}, ("problem_answer", "3.5", True)),
        ({"problem_level": 4}, ("problem_level", "1", True)),
        (
            {"theorem_seqs": ["line_addition(1,Bd,DC)"]},
            ("theorem_seqs[0]", "line_addition(1,BD,DC)", True),
        ),
        ({"goal_cdl": "Value(LengthOfLine(AB),)"}, ("goal_cdl", "Value(LengthOfLine(AB))", True)),
    ],
)
def test_slips(theory: Theory, values: dict[str, Any], wanted: tuple[str, str | None, bool]) -> None:
    assert wanted in edits(theory, **values)


@pytest.mark.parametrize(
    "answer", ["2*sqrt(3)", "1/3", "-1/2", "3.25", "2**(3/4)", "1/0", "x", "((((", "9" * 300]
)
def test_answers_that_stay(theory: Theory, answer: str) -> None:
    assert not [
        place for place, _, certain in edits(theory, problem_answer=answer) if certain and "answer" in place
    ]


def test_odd_types_never_raise(theory: Theory) -> None:
    for key in CLEAN:
        for value in (None, 5, "x", [], [None], {"a": 1}, [["x"]], True):
            raw = {**CLEAN, key: value}
            apply(raw, [edit for edit in edits_of(raw, None) if edit.certain])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    problems = tmp_path / "data" / "problems"
    problems.mkdir(parents=True)
    slips = {**CLEAN, "construction_cdl": ["Shape(AB,BC.CA)", "Collinear(BDC)"], "problem_answer": "4/2"}
    for number, raw in ((1, CLEAN), (2, slips), (3, {**CLEAN, "problem_answer": "5"})):
        text = json.dumps({**raw, "problem_id": number}, ensure_ascii=False, indent=2)
        (problems / f"{number}.json").write_text(text, encoding="utf-8")
    return problems.parent


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lint", *words])
    return done.exit_code, done.stdout


def test_lint_shows_a_diff_and_writes_only_when_told(folder: Path) -> None:
    file = folder / "problems" / "2.json"
    before = file.read_text(encoding="utf-8")
    status, out = run(str(folder))
    assert status == 0 and '-    "Shape(AB,BC.CA)"' in out and '+    "Shape(AB,BC,CA)"' in out
    assert file.read_text(encoding="utf-8") == before
    status, out = run(str(folder), "--fix")
    assert status == 0 and "1 mended" in out
    after = json.loads(file.read_text(encoding="utf-8"))
    assert after == {**CLEAN, "problem_id": 2}
    assert run(str(folder), "--fix")[1].startswith("3 problems: 0 cannot be used, 0 with warnings")


def test_json_lists_the_edits(folder: Path) -> None:
    status, out = run(str(folder), "--json")
    said = json.loads(out)
    assert status == 0 and said["fixed"] == 0
    edits = {edit["place"]: edit for finding in said["findings"] for edit in finding["edits"]}
    assert edits["problem_answer"]["new"] == "2" and edits["problem_answer"]["certain"] is True


def test_deep_shows_wrong_answers_with_evidence(folder: Path) -> None:
    status, out = run(str(folder), "--deep", "--json")
    said = json.loads(out)
    assert status == 1 and said["doubtful"] == 1
    found = [f for f in said["findings"] if any(d["code"] == "answer-differs" for d in f["diagnostics"])]
    assert [f["problem"] for f in found] == ["3"]
    assert "annotated is 5, but 2 is proved" in found[0]["diagnostics"][-1]["headline"]
