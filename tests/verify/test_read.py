"""Reading solutions: every form, every repair named, nothing raised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.verify import read_solution
from fgps.verify.solution import MAX_STEPS, MAX_TEXT, REPAIRS, Solution

STEP = "isosceles_triangle_judgment_line_equal(1,ABC)"


def only_step(problem: Problem, text: object) -> tuple[str, set[str]]:
    """The application of the only step as text, and the codes of its repairs."""
    read = read_solution(text, problem)  # type: ignore[arg-type]
    assert len(read.steps) == 1, read
    step = read.steps[0]
    assert step.application is not None, step
    assert {repair.code for repair in step.repairs} <= set(REPAIRS)
    return print_term(step.application), {repair.code for repair in step.repairs}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (STEP, set()),
        (f"  {STEP}  ", set()),
        (f"1. {STEP}", {"numbering"}),
        (f"Step 3: {STEP}", {"numbering"}),
        (f"(2) {STEP}", {"numbering"}),
        (f"- {STEP}", {"numbering"}),
        (f"{STEP}.", set()),
        (f"{STEP} since two sides are equal", {"trailing"}),
        ("isosceles_triangle_judgment_line_equal(1;ABC)", {"separators"}),
        ("isosceles_triangle_judgment_line_equal(1, ABC)", set()),
        ("isosceles_triangle_judgment_line_equal[1,ABC]", set()),
        ("isosceles_triangle_judgment_line_equal（1，ABC）", {"separators"}),
        ("Isosceles-Triangle-Judgment-Line-Equal(1,ABC)", {"name"}),
        ("isosceles triangle judgment line equal (1, ABC)", {"name"}),
        ("isosceles_triangle_judgment_line_equal(1,abc)", {"case"}),
        ("isosceles_triangle_judgment_line_equal(1,△ABC)", {"separators"}),
        ("isosceles_triangle_judgment_line_equal(1,A,B,C)", {"arguments"}),
        ("isosceles_triangle_judgment_line_equal(ABC)", {"separators", "branch"}),
        ("Apply theorem isosceles_triangle_judgment_line_equal(1,ABC)", {"trailing"}),
    ],
)
def test_spellings_of_an_application(isosceles: Problem, text: str, codes: set[str]) -> None:
    assert only_step(isosceles, text) == (STEP, codes)


FORMS: list[object] = [
    f"{STEP}\nadjacent_complementary_angle(1,BCA,ACD)",
    f"{STEP}, adjacent_complementary_angle(1,BCA,ACD)",
    f"{STEP} -> adjacent_complementary_angle(1,BCA,ACD)",
    f"Here it is:\n```fgl\n{STEP}\nadjacent_complementary_angle(1,BCA,ACD)\n```",
    f"solution of isosceles:\n    {STEP}\n    adjacent_complementary_angle(1,\n        BCA,ACD)",
    [STEP, "adjacent_complementary_angle(1,BCA,ACD)"],
    {"steps": [STEP, "adjacent_complementary_angle(1,BCA,ACD)"]},
    {"theorem_seqs": [STEP, "adjacent_complementary_angle(1,BCA,ACD)"], "source": "x"},
    {
        "steps": [
            {"theorem": "isosceles_triangle_judgment_line_equal", "branch": 1, "args": ["ABC"]},
            {"theorem": "adjacent_complementary_angle(1,BCA,ACD)"},
        ]
    },
    json.dumps({"steps": [STEP, "adjacent_complementary_angle(1,BCA,ACD)"]}).encode(),
    "```json\n" + json.dumps([STEP, "adjacent_complementary_angle(1,BCA,ACD)"]) + "\n```",
    {"1": STEP, "2": "adjacent_complementary_angle(1,BCA,ACD)"},
]


@pytest.mark.parametrize("source", FORMS)
def test_forms_of_a_sequence(isosceles: Problem, source: object) -> None:
    read = read_solution(source, isosceles)  # type: ignore[arg-type]
    applications = [step.application for step in read.steps]
    assert [print_term(call) if call else None for call in applications] == [
        STEP,
        "adjacent_complementary_angle(1,BCA,ACD)",
    ]
    assert read.form == "sequence"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("claim MeasureOfAngle(CAB) = 40 by algebra", "MeasureOfAngle(CAB) = 40"),
        ("∠CAB = 40°", "MeasureOfAngle(CAB) = 40"),
        ("\\angle CAB = 40^\\circ", "MeasureOfAngle(CAB) = 40"),
        ("m∠CAB=40", "MeasureOfAngle(CAB) = 40"),
        ("AB = AC", "LengthOfLine(AB) = LengthOfLine(AC)"),
        ("measureofangle(cab) = 40", "MeasureOfAngle(CAB) = 40"),
        ("AB ＝ 2√3", "LengthOfLine(AB) = 2 * sqrt(3)"),
        ("AB = \\frac{1}{2} \\sqrt{3}", "LengthOfLine(AB) = 1 / 2 * sqrt(3)"),
        ("AB² = 4", "LengthOfLine(AB)**2 = 4"),
        ("x = 2y", "x = 2 * y"),
        ("IsoscelesTriangle(ABC)", "IsoscelesTriangle(ABC)"),
    ],
)
def test_statements(isosceles: Problem, text: str, claim: str) -> None:
    step = read_solution(text, isosceles).steps[0]
    assert not step.problem, step.problem
    assert print_term(step.claims[0][0], "infix") == claim


def test_a_chain_is_two_claims(isosceles: Problem) -> None:
    step = read_solution("∠ABC = ∠BCA = 70", isosceles).steps[0]
    assert len(step.claims) == 2
    assert "statement" in {repair.code for repair in step.repairs}


def test_parallels_may_be_meant_either_way(similar: Problem) -> None:
    (readings,) = read_solution("DE ∥ CB", similar).steps[0].claims
    assert len(readings) > 1
    assert print_term(readings[0]) == "ParallelBetweenLine(DE,CB)"
    assert "ParallelBetweenLine(DE,BC)" in map(print_term, readings)


def test_triangles_are_walked_as_the_figure_has_them(similar: Problem) -> None:
    for text in ("△ADE ∽ △ABC", "△EDA ~ △CBA"):
        (readings,) = read_solution(text, similar).steps[0].claims
        assert {call.head for call in readings} == {"SimilarBetweenTriangle"}, readings


def test_the_four_parts(isosceles: Problem) -> None:
    line = f"1; {STEP}; Polygon(ABC) & AB=AC; [IsoscelesTriangle(ABC)]"
    step = read_solution(line, isosceles).steps[0]
    assert step.application is not None
    assert [print_term(r[0], "infix") for r in step.premises] == [
        "Polygon(ABC)",
        "LengthOfLine(AB) = LengthOfLine(AC)",
    ]
    assert [print_term(r[0]) for r in step.claims] == ["IsoscelesTriangle(ABC)"]


@pytest.mark.parametrize(
    "text", ["answer: 40", "The answer is **40**", "Final answer = 40°", "so \\boxed{40}", "答案：40"]
)
def test_answers(isosceles: Problem, text: str) -> None:
    read = read_solution(f"{STEP}\n{text}", isosceles)
    assert len(read.steps) == 1
    assert read.answer is not None and print_term(read.answer) == "40"


def test_unknown_names_get_hints(isosceles: Problem) -> None:
    step = read_solution("IsocelesTriangle(ABC)", isosceles).steps[0]
    assert "there is no predicate" in step.problem and "IsoscelesTriangle" in step.hint


HOSTILE: list[object] = [
    "",
    " \n\t\n",
    b"\xff\xfe\x00",
    b"\x80" * 1000,
    "(" * 5000,
    "{" * 5000,
    "[" * 100 + "]" * 100,
    '{"steps": [[[[]]]]}',
    '{"steps": null}',
    '{"steps": {"a": 1}}',
    '{"answer": 1e999}',
    [None, 3, [], {}, True],
    {"steps": [{"theorem": None, "args": {"a": []}}, {"claim": 7}]},
    "x" * (MAX_TEXT + 1),
    "AB = " + "9" * 5000,
    "AB = 2**2**2**2**9999999",
    "sqrt(" * 90 + "2" + ")" * 90 + " = AB",
    "\x00\x01\x02",
    "claim by by by by",
    "; ; ; ;",
    "a_b(" + "A" * 3000 + ")",
    "√" * 500,
    "∠" * 500,
    "\\frac{" * 300,
    "=" * 3000,
    "answer: " + "(" * 3000,
    None,
    7,
    {"fgl": object()},
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_sources_are_read_as_something(isosceles: Problem, source: object) -> None:
    read = read_solution(source, isosceles)  # type: ignore[arg-type]
    assert isinstance(read, Solution)
    assert len(read.steps) <= MAX_STEPS


def test_reading_stops_after_many_steps(isosceles: Problem) -> None:
    read = read_solution("\n".join([STEP] * (MAX_STEPS + 50)), isosceles)
    assert len(read.steps) == MAX_STEPS
    assert any("first" in problem for problem in read.problems)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=100))
def test_any_text_is_read(isosceles: Problem, source: str | bytes) -> None:
    assert isinstance(read_solution(source, isosceles), Solution)


PIECES = """AB = ∠ △ ( ) , ; 1 by claim -> √ ≅ { } " answer: algebra x [ ] ∥ ** / \\frac""".split()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, STEP, "\n", " "]), max_size=30).map("".join))
def test_any_mixture_is_read(isosceles: Problem, source: str) -> None:
    assert isinstance(read_solution(source, isosceles), Solution)
