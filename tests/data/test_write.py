"""Problems written as FGL and in the released layout."""

from __future__ import annotations

import pytest

from fgps.data.formalgeo import read_problem
from fgps.data.sources import read_fgl_text
from fgps.data.write import to_cdl, to_fgl, to_formalgeo
from fgps.lang.ast import Call, ProblemDeclaration
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_file, parse_statement
from fgps.lang.printer import print_file

RAW = {
    "problem_id": 7,
    "source": "made up",
    "problem_level": 2,
    "problem_text_cn": "求AB。",
    "problem_text_en": 'Find "AB".\nNow.',
    "problem_img": "7.png",
    "construction_cdl": ["Shape(AB,BC,CA)", "Collinear(BDC)"],
    "text_cdl": ["Equal(LengthOfLine(AB),1/2*x+1.50)", "Equal(Mul(LengthOfLine(AB),2),Add(x,y))"],
    "image_cdl": [],
    "goal_cdl": "Value(Div(LengthOfLine(AB),LengthOfLine(BC)))",
    "problem_answer": "-3+2*sqrt(3)/sin(7*pi/45)",
    "theorem_seqs": ["line_addition(1,BD,DC)", "some_theorem(2,ABC)"],
    "theorem_seqs_dag": {"START": ["line_addition(1,BD,DC)"]},
}


def test_json_to_fgl_to_json_loses_nothing() -> None:
    read = read_problem(RAW)
    problem, solution = to_fgl(read)
    assert problem is not None and solution is not None
    again = read_fgl_text(print_file([problem, solution]))
    assert again.declaration == problem and again.solution == solution
    assert again.declaration is not None
    written = to_formalgeo(again.declaration, again.solution, read.theorem_dag)
    assert written == RAW and list(written) == list(RAW)


@pytest.mark.parametrize(
    ("fgl", "cdl"),
    [
        ("LengthOfLine(AB) = x + 21", "Equal(LengthOfLine(AB),x+21)"),
        ("LengthOfLine(AB) + LengthOfLine(BC) = 3", "Equal(Add(LengthOfLine(AB),LengthOfLine(BC)),3)"),
        ("2 * LengthOfLine(AB) - x = 3*x", "Equal(Sub(Mul(2,LengthOfLine(AB)),x),3*x)"),
        ("-LengthOfLine(AB) = -3", "Equal(Sub(0,LengthOfLine(AB)),-3)"),
        ("LengthOfLine(AB) ** 2 / 2 = 8", "Equal(Div(Pow(LengthOfLine(AB),2),2),8)"),
        ("x / y", "x/y"),
    ],
)
def test_fgl_sugar_becomes_cdl(fgl: str, cdl: str) -> None:
    term = parse_statement(fgl)
    assert not isinstance(term, Diagnostic)
    assert to_cdl(term) == cdl


@pytest.mark.parametrize(
    ("find", "goal"),
    [
        ("LengthOfLine(AB)", "Value(LengthOfLine(AB))"),
        ("x + y", "Value(x+y)"),
        ("LengthOfLine(AB) = 3", "Equal(LengthOfLine(AB),3)"),
        ("RightTriangle(ABC)", "Relation(RightTriangle(ABC))"),
        ("Value(x)", "Value(x)"),
    ],
)
def test_goals(find: str, goal: str) -> None:
    problem = parse_file(f"problem p:\n    construct Shape(AB,BC,CA)\n    find {find}\n").declarations[0]
    assert isinstance(problem, ProblemDeclaration)
    assert to_formalgeo(problem, relations={"RightTriangle"})["goal_cdl"] == goal


def test_claims_are_not_written() -> None:
    text = "problem p:\n    construct Shape(AB)\n    find x\n\n"
    text += "solution of p:\n    f(1,AB)\n    claim x = 1 by algebra\n"
    read = read_fgl_text(text)
    assert read.declaration is not None and read.solution is not None
    assert len([s for s in read.solution.steps if isinstance(s, Call)]) == 1
    assert to_formalgeo(read.declaration, read.solution)["theorem_seqs"] == ["f(1,AB)"]
