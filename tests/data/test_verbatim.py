"""Released JSON to FGL and back: nothing is lost, and an edit of the FGL counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgps.data.formalgeo import read_problem
from fgps.data.sources import read_fgl_text
from fgps.data.verbatim import dag_from_text, dag_to_text, same_json
from fgps.data.write import to_fgl, to_formalgeo
from fgps.lang.printer import print_file

RAW: dict[str, Any] = {
    "problem_id": 7,
    "annotation": "somebody_2023-01-01",
    "source": "made up",
    "problem_level": 2,
    "problem_text_cn": "求AB。",
    "problem_text_en": 'Find "AB".\nNow.',
    "problem_img": "7.png",
    "construction_cdl": [
        "Shape(AB,BC,CA)",
        "Shape(AB.BD)",
        "Cocircular(O,AB)",
        "Collinear(B,D,C)",
        "Shape(AB,BC,CA)",
        "Shape(ABCD)",
    ],
    "text_cdl": [
        "Equal(LengthOfLine(AB),LengthOfLine(BC),LengthOfLine(CA))",
        "Equal(MeasureOfAngle(ABC), 3a)",
    ],
    "image_cdl": ["IsMidpointOfLine(D,BC))", "nonsense("],
    "goal_cdl": "Value(LengthOfLine(AB),)",
    "problem_answer": " 2*sqrt(3) ",
    "theorem_seqs": ["line_addition(1,Bd,DC)", "oops(", "some_theorem(2,ABC)"],
    "theorem_seqs_dag": {"START": ["line_addition(1,Bd,DC)", "oops("], "oops(": ["some_theorem(2,ABC)"]},
}


def to_text(raw: dict[str, Any]) -> str:
    problem, solution = to_fgl(read_problem(raw))
    assert problem is not None
    return print_file([part for part in (problem, solution) if part is not None])


def back(text: str) -> dict[str, Any]:
    read = read_fgl_text(text)
    assert read.declaration is not None, read.diagnostics
    return to_formalgeo(read.declaration, read.solution)


def test_every_slip_survives() -> None:
    text = to_text(RAW)
    assert same_json(back(text), RAW)
    assert 'meta "json construction_cdl[1:2]" "Shape(AB.BD)"' in text
    read = read_fgl_text(text)
    assert read.declaration is not None
    assert len(read.declaration.construct) == 4 and len(read.declaration.given) == 3
    assert {step: list(users) for step, users in read.theorem_dag.items()} == RAW["theorem_seqs_dag"]


def test_a_clean_problem_carries_no_json() -> None:
    clean = {
        **RAW,
        "construction_cdl": ["Shape(AB,BC,CA)"],
        "text_cdl": [],
        "image_cdl": [],
        "goal_cdl": "Value(x)",
        "problem_answer": "3.50",
        "theorem_seqs": ["f(1,AB)", "g(1,BC)"],
        "theorem_seqs_dag": {"START": ["f(1,AB)"], "f(1,AB)": ["g(1,BC)"]},
    }
    text = to_text(clean)
    assert "json" not in text and 'meta dag "START: 1; 1: 2"' in text
    assert same_json(back(text), clean)
    assert read_fgl_text(text).theorem_dag == {"START": ("f(1,AB)",), "f(1,AB)": ("g(1,BC)",)}


@pytest.mark.parametrize(
    ("old", "new", "key", "wanted"),
    [
        ("Shape(AB,BD)", "Shape(AB,BE)", "construction_cdl", None),
        ("= 3 * a", "= 4 * a", "text_cdl", None),
        ("answer 2 * sqrt(3)", "answer 5", "problem_answer", "5"),
        ("find  Value(LengthOfLine(AB))", "find  Value(x)", "goal_cdl", "Value(x)"),
    ],
)
def test_an_edit_wins_over_the_line_that_was_kept(old: str, new: str, key: str, wanted: object) -> None:
    text = to_text(RAW)
    edited = text.replace(old, new) if old in text else text.replace("3*a", "4*a")
    assert edited != text
    values = back(edited)
    assert not same_json(values[key], RAW[key])
    if wanted is not None:
        assert values[key] == wanted
    untouched = set(RAW) - {key, "theorem_seqs_dag"}
    assert all(same_json(values[name], RAW[name]) for name in untouched)


@pytest.mark.parametrize(
    "changes",
    [
        {"problem_id": "007"},
        {"problem_id": "0\r0"},
        {"problem_id": "0\x0b0"},
        {"problem_id": 3.0},
        {"problem_id": None},
        {"problem_level": "2"},
        {"problem_level": True},
        {"problem_text_en": "a\tb\r\x00\x85\u2028\ud800"},
        {"problem_answer": 15},
        {"problem_answer": None},
        {"theorem_seqs": None},
        {"theorem_seqs_dag": [1]},
        {"theorem_seqs_dag": {"START": "x"}},
        {"theorem_seqs_dag": {"elsewhere(1,A)": []}},
        {"construction_cdl": ["Shape(AB,BC,CA)", "[1]", "", '"']},
        {"a key of tomorrow": {"deep": [1, 2.5, None]}},
        {"x]": 1, '"': 2, "absent": 3, "": 4, "a[1:2]": 5, "\x01": 6},
    ],
)
def test_odd_values_survive(changes: dict[str, Any]) -> None:
    raw = {**RAW, **changes}
    text = to_text(raw)
    text.encode("utf-8")
    assert same_json(back(text), raw)


@pytest.mark.parametrize("key", [key for key in RAW if key not in ("construction_cdl", "goal_cdl")])
def test_missing_keys_stay_missing(key: str) -> None:
    raw = {name: value for name, value in RAW.items() if name != key}
    assert same_json(back(to_text(raw)), raw)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
LINES = st.lists(
    st.sampled_from(["Shape(AB,BC,CA)", "Shape(AB.BC)", "Equal(LengthOfLine(AB),2x)", "f(1,AB)", "("])
    | st.text(max_size=20),
    max_size=6,
)


@given(st.dictionaries(st.sampled_from(sorted(RAW)) | st.text(max_size=6), VALUES | LINES, max_size=6))
@settings(max_examples=150, deadline=None)
def test_whatever_the_values(changes: dict[str, Any]) -> None:
    raw = {**RAW, **changes}
    problem, solution = to_fgl(read_problem(raw))
    if problem is None:
        return
    assert same_json(back(print_file([part for part in (problem, solution) if part is not None])), raw)


@pytest.mark.parametrize(
    "text", ["", "START", "1: 9", "START: 0", "x: 1", "START: 1; : 2", "1: -1", "START: ²"]
)
def test_bad_graphs_are_left_out(text: str) -> None:
    assert dag_from_text(text, ["f(1,AB)", "g(1,BC)"]) == {}


def test_graphs_need_steps_that_are_told_apart() -> None:
    assert dag_to_text({"START": ["f"]}, ["f", "f"]) is None
    assert dag_to_text({"START": ["g"]}, ["f"]) is None
    assert dag_to_text({"START": ["f"], "f": []}, ["f"]) == "START: 1; 1:"


def test_bad_entries_never_raise() -> None:
    head = 'problem p:\n    meta "%s" %s\n    construct Shape(AB,BC,CA)\n    find Value(x)\n'
    for key in (
        "json text_cdl[5:9]",
        "json text_cdl[9:1]",
        "json text_cdl[0:0]",
        "json x",
        "json absent",
        'json \\"',
    ):
        for value in ("[", "[1]", '"x"', "1", "NaN", "problem_id goal_cdl", "[" * 3000):
            values = back(head % (key, json.dumps(value)))
            assert values["construction_cdl"] == ["Shape(AB,BC,CA)"]
