"""Single CDL statements and the slips that have one possible reading."""

from __future__ import annotations

import pytest

from fgps.data.cdl import read_application, read_line
from fgps.lang.parse import parse_statement


def test_a_clean_line_is_left_alone() -> None:
    line = read_line("Equal(LengthOfLine(TR),x+21)")
    assert line.statements == (parse_statement("Equal(LengthOfLine(TR),x+21)"),)
    assert line.repairs == () and line.problem == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Shape(BD,DA.AB)", "Shape(BD,DA,AB)"),
        ("Shape(DA，AF,AFD)", "Shape(DA,AF,AFD)"),
        ("Shape(VZ,Zu,ZUV)", "Shape(VZ,ZU,ZUV)"),
        ("Shape(BP,0BP)", "Shape(BP,OBP)"),
        ("PerpendicularBetweenLine(vw,xw)", "PerpendicularBetweenLine(VW,XW)"),
        ("IsoscelesTriangle(FGH))", "IsoscelesTriangle(FGH)"),
        ("Equal(LengthOfLine(VM),3a+11)", "Equal(LengthOfLine(VM),3*a+11)"),
        ("Equal(LengthOfLine(FG),1/2*X+12)", "Equal(LengthOfLine(FG),1/2*x+12)"),
        ("Equal(LengthOfLine(Ao),2)", "Equal(LengthOfLine(AO),2)"),
        ("Value(MeasureOfAngle(BCD),2*x+4)", "Value(MeasureOfAngle(BCD))"),
        ("Value(Div(LengthOfLine(DE),LengthOfLine(BC)),)", "Value(Div(LengthOfLine(DE),LengthOfLine(BC)))"),
        ("Relation(Parallelogram(abcd))", "Relation(Parallelogram(ABCD))"),
    ],
)
def test_one_possible_reading(text: str, meant: str) -> None:
    line = read_line(text)
    assert line.statements == (parse_statement(meant),)
    assert line.repairs


def test_spaces_are_no_slip() -> None:
    assert read_line("IsCentreOfCircle(A,A )").repairs == ()


def test_functions_keep_their_symbols() -> None:
    assert read_line("Equal(Sin(x),1/2)") == ((parse_statement("Equal(Sin(x),1/2)"),), (), "")


def test_chain_of_equal_things() -> None:
    line = read_line("Equal(LengthOfLine(XW),LengthOfLine(WY),LengthOfLine(XY))")
    assert line.statements == (
        parse_statement("Equal(LengthOfLine(XW),LengthOfLine(WY))"),
        parse_statement("Equal(LengthOfLine(WY),LengthOfLine(XY))"),
    )


@pytest.mark.parametrize("text", ["", "Shape(", "x+", "ABC", "12", "\x00", "((((", "Shape(AB" * 50])
def test_nonsense_has_no_reading(text: str) -> None:
    line = read_line(text)
    assert line.statements == () and line.problem


def test_applications() -> None:
    call, repairs, problem = read_application("angle_addition(1,DAo,OAB)")
    assert call == parse_statement("angle_addition(1,DAO,OAB)")
    assert repairs and not problem
    for text in ("angle_addition(DAO)", "angle_addition", "angle_addition(1,2*x)", "1", ""):
        call, _, problem = read_application(text)
        assert call is None and problem
