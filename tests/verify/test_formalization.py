"""Statements of problems: right ones, and every way to get them wrong."""

from __future__ import annotations

import pytest
from own_problems import ISOSCELES, SIMILAR

from fgps.theory.model import Theory
from fgps.verify.formalization import Formalization, check_formalization, words


def check(text: object, theory: Theory) -> Formalization:
    return check_formalization(text, theory, 3.0, files=False)


@pytest.mark.parametrize(("text", "value"), [(SIMILAR, 12.0), (ISOSCELES, 40.0)])
def test_right_statements(theory: Theory, text: str, value: float) -> None:
    report = check(text, theory)
    assert report.ok and report.value == pytest.approx(value) and report.agrees is True
    assert report.figure == "exact" and not report.clashes


CASES = [
    ("LengthOfLine(AB) = LengthOfLine(AC)", "LenghtOfLine(AB) = 3", "unreadable"),
    ("Shape(AB,BC,CA)", "Shape(AB,BC,CA", "unreadable"),
    ("find  MeasureOfAngle(CAB)", "find  MeasureOfAngle(QAB)", "unreadable"),
    ("find  MeasureOfAngle(CAB)", "", "unreadable"),
    ("find  MeasureOfAngle(CAB)", "find  LengthOfLine(AB)", "undetermined"),
    ("MeasureOfAngle(ACD) = 110", "MeasureOfAngle(ACD) = 80", "inconsistent"),
    ("answer 40", "answer 41", "disagrees"),
]


@pytest.mark.parametrize(("before", "after", "verdict"), CASES)
def test_wrong_statements(theory: Theory, before: str, after: str, verdict: str) -> None:
    report = check(ISOSCELES.replace(before, after), theory)
    assert report.verdict == verdict, report
    assert len(words(report).splitlines()) >= 1
    if verdict == "unreadable":
        assert report.diagnostics
    if verdict == "inconsistent":
        assert report.clashes or report.warnings


def test_near_misses_are_named(theory: Theory) -> None:
    report = check(ISOSCELES.replace("LengthOfLine(AB) =", "LenghtOfLine(AB) ="), theory)
    assert any("LengthOfLine" in diagnostic.hint for diagnostic in report.diagnostics)


def test_what_nothing_uses(theory: Theory) -> None:
    text = ISOSCELES.replace("Collinear(BCD)", "Collinear(BCD), Collinear(AEB)").replace(
        "given ", "given LengthOfLine(AB) = 2 * z, "
    )
    said = [diagnostic.headline for diagnostic in check(text, theory).diagnostics]
    assert any("point E" in headline for headline in said)
    assert any("symbol z" in headline for headline in said)


@pytest.mark.parametrize(
    "source", [None, "", {}, [], 7, "x" * 400_000, {"goal_cdl": 3}, "/etc/passwd", "{" * 99]
)
def test_hostile_statements(theory: Theory, source: object) -> None:
    report = check(source, theory)
    assert report.verdict == "unreadable" and report.diagnostics
