"""The reader of the released layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgps.data.formalgeo import Read, read_problem
from fgps.lang.diagnostics import Severity
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term

CLEAN: dict[str, Any] = {
    "problem_id": 7,
    "source": "made up",
    "problem_level": 1,
    "problem_text_cn": "求AB。",
    "problem_text_en": "Find AB.",
    "problem_img": "7.png",
    "construction_cdl": ["Shape(AB,BC,CA)", "Collinear(BDC)", "Cocircular(O,AB)"],
    "text_cdl": ["Equal(LengthOfLine(AB),x+1)", "Equal(LengthOfLine(BC),4)"],
    "image_cdl": ["Equal(LengthOfLine(BC),4)"],
    "goal_cdl": "Value(LengthOfLine(AB))",
    "problem_answer": "2*sqrt(3)",
    "theorem_seqs": ["line_addition(1,BD,DC)"],
    "theorem_seqs_dag": {"START": ["line_addition(1,BD,DC)"]},
}


def changed(**values: Any) -> Read:
    return read_problem({**CLEAN, **values}, "p.json")


def test_a_clean_problem() -> None:
    read = read_problem(CLEAN)
    problem = read.declaration
    assert problem is not None and read.diagnostics == ()
    assert problem.name == "7"
    assert problem.texts == (("zh", "求AB。"), ("en", "Find AB."))
    assert dict(problem.meta) == {"source": "made up", "level": "1", "image_file": "7.png"}
    assert [print_term(s) for s in problem.construct] == CLEAN["construction_cdl"]
    assert len(problem.given) == 2 and len(problem.image) == 1
    assert problem.find == parse_statement("Value(LengthOfLine(AB))")
    assert problem.answer == parse_statement("2*sqrt(3)")
    assert [print_term(step) for step in read.theorem_sequence] == CLEAN["theorem_seqs"]
    assert read.theorem_dag == {"START": ("line_addition(1,BD,DC)",)}
    assert read.raw == CLEAN and not read.strict


def test_optional_keys_may_be_missing() -> None:
    read = read_problem(
        {"construction_cdl": ["Shape(AB,BC,CA)"], "goal_cdl": "Value(LengthOfLine(AB))"}, "x/17.json"
    )
    assert read.declaration is not None and read.diagnostics == ()
    assert read.declaration.name == "17"
    assert read.declaration.answer is None and read.theorem_sequence == ()


def test_warnings_name_file_list_and_position(tmp_path: Path) -> None:
    data = {
        **CLEAN,
        "construction_cdl": ["Shape(AB,BC,CA)", "Shape(AB.BC)", "Collinear(AA)", "Shape(AB,BC,CA)"],
    }
    path = tmp_path / "7.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    read = read_problem(path)
    assert [(d.code, d.severity) for d in read.diagnostics] == [
        ("repaired", Severity.WARNING),
        ("ignored", Severity.WARNING),
        ("ignored", Severity.WARNING),
    ]
    for found, position in zip(read.diagnostics, ("[1]", "[3]", "[2]"), strict=True):
        assert f"construction_cdl{position}" in found.headline
        assert found.source_name == str(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    repaired = read.diagnostics[0]
    assert "Shape(AB.BC)" in lines[repaired.span.line - 1]
    assert lines[repaired.span.line - 1][repaired.span.column - 1 :].startswith("Shape(AB.BC)")
    assert read.declaration is not None
    assert [print_term(s) for s in read.declaration.construct] == ["Shape(AB,BC,CA)", "Shape(AB,BC)"]


@pytest.mark.parametrize(
    ("statement", "meant"),
    [
        ("Collinear(R,S,T,U)", "Collinear(RSTU)"),
        ("Cocircular(BDC)", "Cocircular(B,DC)"),
        ("Cocircular(O,ACB,D)", "Cocircular(O,ACBD)"),
        ("Shape(HU,NU)", "Shape(HU,UN)"),
    ],
)
def test_construction_repairs(statement: str, meant: str) -> None:
    read = changed(construction_cdl=[statement])
    assert read.declaration is not None
    assert [print_term(s) for s in read.declaration.construct] == [meant]
    assert [d.code for d in read.diagnostics] == ["repaired"]


@pytest.mark.parametrize(
    "statement",
    [
        "Shape(EJAG)",
        "Shape(CGF)",
        "Collinear(ECHE)",
        "Collinear(A)",
        "RightTriangle(ABC)",
        "Equal(1,2)",
        "x",
        "(",
    ],
)
def test_constructions_without_a_reading_are_dropped(statement: str) -> None:
    read = changed(construction_cdl=["Shape(AB,BC,CA)", statement])
    assert read.declaration is not None and len(read.declaration.construct) == 1
    assert [d.code for d in read.diagnostics] == ["ignored"]
    assert "construction_cdl[1]" in read.diagnostics[0].headline


def test_answer_of_a_relation_is_no_number() -> None:
    read = changed(goal_cdl="Relation(Parallelogram(DAEB))", problem_answer="('D','A','E','B')")
    assert read.declaration is not None and read.declaration.answer is None
    assert read.diagnostics == ()


@pytest.mark.parametrize(
    ("answer", "text"), [(15, "15"), (1.5, "1.5"), (None, None), (True, None), ("x y", None), ([], None)]
)
def test_answers(answer: object, text: str | None) -> None:
    declaration = changed(problem_answer=answer).declaration
    assert declaration is not None
    found = declaration.answer
    assert (None if found is None else print_term(found)) == text


@pytest.mark.parametrize(
    "values",
    [
        {"construction_cdl": "Shape(AB)"},
        {"construction_cdl": [1]},
        {"text_cdl": {"a": 1}},
        {"goal_cdl": 3},
        {"goal_cdl": "Value("},
        {"goal_cdl": None},
        {"theorem_seqs": [None]},
        {"text_cdl": ["x"] * 5000},
    ],
)
def test_wrong_types_are_errors(values: dict[str, Any]) -> None:
    read = changed(**values)
    assert any(d.severity is Severity.ERROR for d in read.diagnostics)


def test_lists_and_texts_of_odd_types_never_raise() -> None:
    odd: list[Any] = [
        None,
        0,
        1.5,
        True,
        "x",
        [],
        [[]],
        {},
        {"a": []},
        "\x00",
        "(" * 500,
        ["(" * 500],
        10**40,
    ]
    for key in CLEAN:
        for value in odd:
            changed(**{key: value})


def test_bad_steps_are_left_out() -> None:
    read = changed(theorem_seqs=["line_addition(1,Bd,DC)", "line_addition(", "line_addition(BD)"])
    assert [print_term(step) for step in read.theorem_sequence] == ["line_addition(1,BD,DC)"]
    assert [d.code for d in read.diagnostics] == ["repaired", "ignored", "ignored"]
