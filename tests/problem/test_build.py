"""Givens, goal and quantities of a problem."""

from __future__ import annotations

from functools import lru_cache

import pytest

from fgps.lang.ast import Call, ProblemDeclaration
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.lang.parse import parse_file, parse_statement
from fgps.problem.build import build_problem, free_symbols
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities, Quantity
from fgps.theory.load import load_theory
from fgps.theory.model import Theory


@lru_cache(maxsize=1)
def basic() -> Theory:
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


def problem(given: str, find: str = "LengthOfLine(AB)", construct: str = "", strict: bool = True) -> Problem:
    construct = construct or "Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC), Cocircular(O,ABC)"
    clause = f"\n    given {given}" if given else ""
    text = f"problem p:\n    construct {construct}{clause}\n    find {find}\n    answer 3\n"
    parsed = parse_file(text, "p.fgl")
    assert parsed.ok, parsed.diagnostics
    declaration = parsed.declarations[0]
    assert isinstance(declaration, ProblemDeclaration)
    return build_problem(declaration, basic(), "p.fgl", strict)


def test_givens_in_order_text_before_image_each_once() -> None:
    p = problem(
        "LengthOfLine(AB) = 3, IsMidpointOfLine(D,BC)\n"
        "    image IsMidpointOfLine(D,CB), Equal(LengthOfLine(AB),3), MeasureOfAngle(ABC) = x"
    )
    assert p.valid and p.diagnostics == ()
    assert [(given.kind, given.source) for given in p.givens] == [
        ("equation", "text"),
        ("relation", "text"),
        ("equation", "image"),
    ]
    assert p.givens[1].fact == ("IsMidpointOfLine", ("D", "B", "C"))
    assert free_symbols(p) == ("x",)
    assert str(p.expected) and p.name == "p"


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("IsMidpontOfLine(D,BC)", "unknown-predicate", "IsMidpontOfLine"),
        ("LengthOfLin(AB) = 1", "unknown-attribute", "LengthOfLin"),
        ("IsMidpointOfLine(D,B)", "bad-arguments", "3 points, not 2"),
        ("LengthOfLine(ABC) = 1", "bad-arguments", "2 points, not 3"),
        ("IsMidpointOfLine(x,BC)", "bad-arguments", "points"),
        ("LengthOfLine(AB)", "bad-arguments", "quantity"),
        ("Equal(LengthOfLine(AB),Sub(1,2,3))", "bad-arguments", "Sub"),
        ("Equal(Shape(AB),2)", "bad-arguments", "relation"),
        ("LengthOfLine(AB) = X", "bad-arguments", "X stands where a number is needed"),
        ("LengthOfLine(AB) < 3", "bad-arguments", "Less"),
        ("Equal(1)", "bad-arguments", "two terms"),
        ('LengthOfLine(AB) = "two"', "bad-arguments", "a text"),
    ],
)
def test_mistakes_are_errors(given: str, code: str, words: str) -> None:
    p = problem(f"{given}, LengthOfLine(BD) = 2")
    assert not p.valid
    assert [(d.code, d.severity) for d in p.diagnostics] == [(code, Severity.ERROR)]
    assert words in p.diagnostics[0].headline
    assert p.diagnostics[0].span.line == 3 and p.diagnostics[0].source_name == "p.fgl"
    assert len(p.givens) == 1, "the other given remains"


def test_near_names_are_suggested() -> None:
    assert problem("IsMidpontOfLine(D,BC)").diagnostics[0].hint == "did you mean IsMidpointOfLine?"
    assert problem("LengthOfLin(AB) = 1").diagnostics[0].hint == "did you mean LengthOfLine?"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("LengthOfLine(AX) = 1", "missing-entity"),
        ("IsMidpointOfLine(D,AB)", "missing-entity"),
        ("RightTriangle(ACB)", "missing-entity"),
        ("ParallelBetweenLine(AB,BC)", "bad-arguments"),
        ("LengthOfLine(AA) = 1", "bad-arguments"),
        ("CongruentBetweenTriangle(ABC,BCA)", "bad-arguments"),
    ],
)
def test_what_does_not_exist_is_left_out_with_a_warning(given: str, code: str) -> None:
    p = problem(given)
    assert p.valid and p.givens == ()
    assert [(d.code, d.severity) for d in p.diagnostics] == [(code, Severity.WARNING)]


def test_slips_of_public_data_are_warnings() -> None:
    p = problem("IsMidpointOfLine(D,B)", strict=False)
    assert p.valid and p.givens == ()
    assert p.diagnostics[0].severity is Severity.WARNING


def test_triangle_from_another_corner() -> None:
    """An altitude begins at the first corner; public data does not always keep to that."""
    p = problem("IsMedianOfTriangle(AD,CAB)", strict=False)
    assert [given.fact for given in p.givens] == [("IsMedianOfTriangle", ("A", "D", "A", "B", "C"))]
    assert [d.code for d in p.diagnostics] == ["repaired"]
    assert problem("IsMedianOfTriangle(AD,CAB)").givens == ()


def test_circle_that_names_its_centre() -> None:
    p = problem("IsCentreOfCircle(O,O)")
    assert p.valid and len(p.givens) == 1
    assert "O" in p.construction.points
    assert "O" not in problem("").construction.points


@pytest.mark.parametrize(
    ("find", "kind", "head"),
    [
        ("LengthOfLine(AB)", "value", "LengthOfLine"),
        ("Value(Add(LengthOfLine(AB),1))", "value", "Add"),
        ("Equal(LengthOfLine(AB),3)", "equation", "Equal"),
        ("LengthOfLine(AB) = 3", "equation", "Equal"),
        ("Relation(RightTriangle(ABC))", "relation", "RightTriangle"),
        ("RightTriangle(ABC)", "relation", "RightTriangle"),
    ],
)
def test_goals(find: str, kind: str, head: str) -> None:
    p = problem("", find)
    assert p.valid and p.goal is not None
    assert p.goal.kind == kind
    assert isinstance(p.goal.term, Call) and p.goal.term.head == head


@pytest.mark.parametrize("find", ["LengthOfLine(AX)", "Relation(x)", "Value(1,2)", "Foo(A)", "ABC"])
def test_bad_goals(find: str) -> None:
    p = problem("", find)
    assert p.goal is None
    # A goal about a figure that does not exist cannot be left out.
    assert p.diagnostics and not p.valid


def test_function_of_an_angle_named_by_its_points() -> None:
    p = problem("Tan(ABC) = 1/2, Sin(x) = 1/2")
    assert p.valid and len(p.givens) == 2
    assert p.givens[0].term == parse_statement("Equal(Tan(MeasureOfAngle(ABC)),1/2)")
    assert [d.code for d in p.diagnostics] == ["repaired"]


def quantities() -> Quantities:
    p = problem("")
    return Quantities(p.theory, p.construction)


def ask(table: Quantities, attribute: str, points: str) -> Quantity:
    found = table.quantity(attribute, tuple(points))
    assert isinstance(found, Quantity), found
    return found


def test_spellings_of_a_quantity_are_one() -> None:
    table = quantities()
    assert ask(table, "LengthOfLine", "AB") is ask(table, "LengthOfLine", "BA")
    assert ask(table, "LengthOfLine", "AB") != ask(table, "LengthOfLine", "BC")
    assert ask(table, "AreaOfTriangle", "BDA") is ask(table, "AreaOfTriangle", "ABD")
    assert ask(table, "MeasureOfAngle", "ABC") is ask(table, "MeasureOfAngle", "ABD")
    assert ask(table, "MeasureOfAngle", "ABC") != ask(table, "MeasureOfAngle", "CBA")
    assert ask(table, "HeightOfTriangle", "ABC") != ask(table, "HeightOfTriangle", "BCA")
    assert ask(table, "MeasureOfArc", "OAB") != ask(table, "MeasureOfArc", "OBA")
    assert ask(table, "MeasureOfAngle", "ABC").kind == "angle"


@pytest.mark.parametrize(
    ("attribute", "points", "code"),
    [
        ("LengthOfLine", "AX", "missing-entity"),
        ("MeasureOfAngle", "BCB", "bad-arguments"),
        ("AreaOfTriangle", "BAD", "missing-entity"),
        ("RadiusOfCircle", "A", "missing-entity"),
        ("RadiusOfCircle", "", "bad-arguments"),
        ("Nonsense", "A", "unknown-attribute"),
    ],
)
def test_quantities_that_are_not_there(attribute: str, points: str, code: str) -> None:
    found = quantities().quantity(attribute, tuple(points))
    assert isinstance(found, Diagnostic) and found.code == code


def test_check_fact() -> None:
    table = quantities()
    assert table.check_fact("IsMidpointOfLine", ("D", "C", "B")) is None
    assert table.check_fact("Polygon", ("B", "C", "A")) is None
    for predicate, points in [("Polygon", "ACB"), ("IsMidpointOfLine", "DC"), ("Unknown", "A")]:
        assert isinstance(table.check_fact(predicate, tuple(points)), Diagnostic)
