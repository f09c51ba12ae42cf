"""Terms as formulas, in each dialect."""

from __future__ import annotations

import re

import pytest

from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.render.dialects import Dialect, Html, Latex, Markdown, join_formulas
from fgps.render.formulas import Formulas, parse_exact
from fgps.theory.model import Theory

PLAIN = [
    ("MeasureOfAngle(ABC)=2*x+10", "∠ABC = (2x + 10)°"),
    ("MeasureOfAngle(ABC)+MeasureOfAngle(CBD)<360", "∠ABC + ∠CBD < 360°"),
    ("MeasureOfAngle(ABC)=x", "∠ABC = x°"),
    ("MeasureOfAngle(ABC)=180/2", "∠ABC = 180°/2"),
    ("MeasureOfAngle(ABC)=180+45", "∠ABC = 180° + 45°"),
    ("MeasureOfAngle(ABC)=180-2*(MeasureOfAngle(ABD)+x)", "∠ABC = 180° − 2(∠ABD + x°)"),
    ("MeasureOfAngle(ABC)=180*acos(5/6)/pi", "∠ABC = arccos(5/6)"),
    ("MeasureOfAngle(ABC)=360-180*acos(5/6)/pi", "∠ABC = 360° − arccos(5/6)"),
    ("MeasureOfAngle(ABC)=90+180*acos(5/13)/pi", "∠ABC = 90° + arccos(5/13)"),
    ("LengthOfLine(A1B')**2=LengthOfLine(BD)*LengthOfLine(DC)", "A₁B′² = BD·DC"),
    ("LengthOfLine(DB)*LengthOfLine(DB)=4", "DB² = 4"),
    ("LengthOfLine(AB)=3*sqrt(2)", "AB = 3√2"),
    ("LengthOfLine(AC)=10*sin(43)/sin(30)", "AC = 10 sin 43°/sin 30°"),
    ("AreaOfTriangle(ABC)=1/2*LengthOfLine(AB)*Sin(MeasureOfAngle(ABC))", "S△ABC = 1/2·AB·sin ∠ABC"),
    ("PerimeterOfQuadrilateral(ABCD)=8", "P(ABCD) = 8"),
    ("PerimeterOfCircle(O)=2*pi*RadiusOfCircle(O)", "P⊙O = 2π·r⊙O"),
    ("MeasureOfArc(OAC)/2=MeasureOfAngle(ABC)", "⌒AC/2 = ∠ABC"),
    ("ParallelBetweenLine(AB,CD)", "AB ∥ CD"),
    ("CongruentBetweenTriangle(ABC,DEF)", "△ABC ≅ △DEF"),
    ("MirrorSimilarBetweenTriangle(ABC,DEF)", "△ABC ∽ △DFE"),
    ("angle(A,B,C)<180", "∠ABC < 180°"),
    ("Equal(Sub(x,y-1),-3*(x+1)**2)", "x − (y − 1) = −3(x + 1)²"),
    ("LengthOfLine(AB)=2*2", "AB = 2·2"),
    ("MeasureOfAngle(ABC)=180*acos(2*sqrt(5)/5)/pi", "∠ABC = arccos(2√5/5)"),
    ("MeasureOfAngle(ABC)=90*acos(1/4)/pi+45", "∠ABC = arccos(1/4)/2 + 45°"),
    ("MeasureOfAngle(ABC)=180-360*acos(1/4)/pi", "∠ABC = 180° − 2 arccos(1/4)"),
    ("MeasureOfAngle(ABC)=sqrt(2)*45", "∠ABC = 45√2°"),
    ("LengthOfLine(AB)=LengthOfLine(CD)*2", "AB = 2CD"),
    ("LengthOfLine(AB)=1*LengthOfLine(CD)/2", "AB = 1·CD/2"),
    ("LengthOfLine(AB)=LengthOfLine(CD)*(2*sqrt(3)/3)", "AB = 2√3/3·CD"),
    ("LengthOfLine(AB)=cos(40)*LengthOfLine(CD)", "AB = CD·cos 40°"),
    ("LengthOfLine(AB)=LengthOfLine(CD)*-3", "AB = −3CD"),
    ("LengthOfLine(AB)=-521*sqrt(763)/15", "AB = −521√763/15"),
    ("LengthOfLine(AB)=-x/2*LengthOfLine(CD)", "AB = (−x/2)·CD"),
    ("LengthOfLine(AB)=(x+1)/(y-1)", "AB = (x + 1)/(y − 1)"),
]


def read(text: str) -> Call:
    term = parse_statement(text)
    assert isinstance(term, Call)
    return term


@pytest.mark.parametrize(("text", "wanted"), PLAIN)
def test_plain(theory: Theory, text: str, wanted: str) -> None:
    assert Formulas(theory, Dialect()).statement(read(text)) == wanted


def test_relations_without_notation_are_no_formulas(theory: Theory) -> None:
    assert Formulas(theory, Dialect()).statement(read("IsMidpointOfLine(M,AB)")) is None


def test_one_ratio_has_one_name(theory: Theory) -> None:
    formulas = Formulas(theory, Dialect())
    names = {
        formulas.term(read(f"RatioOfSimilarTriangle({one},{two})"))
        for one, two in (("ABC", "DEF"), ("BCA", "EFD"), ("CAB", "FDE"))
    }
    assert len(names) == 1


def test_latex(theory: Theory) -> None:
    formulas = Formulas(theory, Latex())
    assert formulas.statement(read("MeasureOfAngle(ABC)=x/2")) == r"\angle{}ABC = (\frac{x}{2})^\circ{}"
    assert formulas.statement(read("MeasureOfArc(OAB)=40")) == r"\overset{\frown}{AB} = 40^\circ{}"
    assert (
        formulas.statement(read("LengthOfLine(AB)=α1*sqrt(x+1)")) == r"AB = \alpha{}_{1} \cdot \sqrt{x + 1}"
    )


def test_latex_neighbours_are_joined() -> None:
    assert join_formulas(r"$\angle{}$$ABC$ costs \$$x$") == r"$\angle{}ABC$ costs \$$x$"


def test_html_escapes(theory: Theory) -> None:
    formulas = Formulas(theory, Html())
    assert "&lt;" in str(formulas.statement(read("LengthOfLine(AB)<3")))
    assert Html().text('<b a="1">&') == "&lt;b a=&quot;1&quot;&gt;&amp;"


def test_html_fractions_have_brackets_for_copies(theory: Theory) -> None:
    formula = str(Formulas(theory, Html()).statement(read("LengthOfLine(AB)=(x+1)/(y-1)")))
    assert re.sub(r"<[^>]*>", "", formula) == "AB = (x + 1)/(y − 1)"
    deep = str(Formulas(theory, Html()).statement(read("LengthOfLine(AB)=1/(x/2)")))
    assert re.sub(r"<[^>]*>", "", deep) == "AB = 1/(x/2)"


def test_markdown_escapes() -> None:
    assert Markdown().text("# *a* [b](c) <i>") == r"\# \*a\* \[b\](c) \<i\>"


@pytest.mark.parametrize("text", ["2*sqrt(3)", "25*pi/3", "10*sin(43°)", "180*acos(5/6)/pi", "-1/2"])
def test_exact_numbers_are_terms(text: str) -> None:
    assert parse_exact(text) is not None


def test_unreadable_numbers_are_none() -> None:
    assert parse_exact("root(1*t**0 + 2*t**3, 1") is None
