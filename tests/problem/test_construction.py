"""The construction stage, rule by rule."""

from __future__ import annotations

import time

import pytest

from fgps.lang.ast import Call
from fgps.lang.diagnostics import Severity
from fgps.lang.parse import parse_statement
from fgps.problem.construction import Construction, construct
from fgps.problem.facts import Fact, make_fact


def build(*statements: str, named: tuple[str, ...] = ()) -> Construction:
    calls = [parse_statement(statement) for statement in statements]
    assert all(isinstance(call, Call) for call in calls), calls
    return construct(calls, named)  # type: ignore[arg-type]


def facts(construction: Construction, predicate: str) -> set[str]:
    return {"".join(points) for name, points in construction.facts if name == predicate}


def has(construction: Construction, predicate: str, points: str) -> bool:
    return construction.has(make_fact(predicate, points))


def test_triangle() -> None:
    figure = build("Shape(AB,BC,CA)")
    assert figure.points == ("A", "B", "C")
    assert facts(figure, "Polygon") == {"ABC", "BCA", "CAB"}
    assert facts(figure, "Line") == {"AB", "BA", "BC", "CB", "CA", "AC"}
    assert facts(figure, "Angle") == {"ABC", "CBA", "BCA", "ACB", "CAB", "BAC"}
    assert figure.cells == ((("A", "B"), ("B", "C"), ("C", "A")),)
    assert figure.facts["Polygon", ("B", "C", "A")].cells == (0,)
    assert figure.diagnostics == ()


def test_flat_corner_is_no_corner() -> None:
    figure = build("Shape(AM,MB,BC,CA)", "Collinear(AMB)")
    assert facts(figure, "Polygon") == {"ABC", "BCA", "CAB"}
    assert has(figure, "Angle", "AMB") and has(figure, "Angle", "BMA")
    # All choices of points on the rays.
    assert {"MBC", "ABC", "CAM", "CAB"} <= facts(figure, "Angle")
    assert figure.angle_class("M", "B", "C") == figure.angle_class("A", "B", "C")
    assert figure.angle_class("C", "B", "M") != figure.angle_class("M", "B", "C")


def test_cells_join_to_polygons() -> None:
    figure = build("Shape(AB,BD,DA)", "Shape(AD,DC,CA)", "Collinear(BDC)")
    assert facts(figure, "Polygon") == {"ABD", "BDA", "DAB", "ADC", "DCA", "CAD", "ABC", "BCA", "CAB"}
    assert figure.facts["Polygon", ("A", "B", "C")].cells == (0, 1)
    assert has(figure, "Angle", "CAB")


def test_ring_is_no_polygon() -> None:
    """Four quadrilaterals round a square hole: the outer square is the boundary of no union."""
    ring = build("Shape(AB,BF,FE,EA)", "Shape(BC,CG,GF,FB)", "Shape(CD,DH,HG,GC)", "Shape(DA,AE,EH,HD)")
    assert not has(ring, "Polygon", "ABCD")
    full = build(
        "Shape(AB,BF,FE,EA)",
        "Shape(BC,CG,GF,FB)",
        "Shape(CD,DH,HG,GC)",
        "Shape(DA,AE,EH,HD)",
        "Shape(EF,FG,GH,HE)",
    )
    assert has(full, "Polygon", "ABCD") and has(full, "Polygon", "CDAB")
    assert not has(full, "Polygon", "DCBA")


def test_joining_across_an_arc() -> None:
    """Half of the square lies inside the circle about A, half outside."""
    figure = build("Shape(AB,ABD,DA)", "Shape(BC,CD,ABD)", "Cocircular(A,BD)")
    assert has(figure, "Polygon", "ABCD")
    assert figure.facts["Polygon", ("A", "B", "C", "D")].cells == (0, 1)
    assert has(figure, "Angle", "ABC"), "a line, an arc and a line at B"
    assert figure.arcs == (("A", "B", "D"), ("A", "D", "B"))


def test_overlapping_cells() -> None:
    """A triangle and its parts declared side by side do not make nonsense, and lose nothing."""
    figure = build("Shape(AB,BC,CA)", "Shape(AB,BD,DA)", "Shape(AD,DC,CA)", "Collinear(BDC)")
    assert {"ABC", "ABD", "ADC"} <= facts(figure, "Polygon")
    assert len(facts(figure, "Polygon")) == 9


def test_angle_sums() -> None:
    figure = build("Shape(AO,OB)", "Shape(BO,OC)", "Shape(CO,OD)")
    assert {"AOB", "BOC", "COD", "AOC", "BOD", "AOD"} <= facts(figure, "Angle")
    assert len(facts(figure, "Angle")) == 12
    derivation = figure.facts["Angle", ("A", "O", "D")]
    assert derivation.rule == "adjacent"
    assert derivation.sources == (
        ("Angle", ("A", "O", "B")),
        ("Angle", ("B", "O", "C")),
        ("Angle", ("C", "O", "D")),
    )
    assert figure.facts["Angle", ("D", "O", "A")].rule == "reversed"


def test_angles_that_are_not_adjacent_do_not_add_up() -> None:
    figure = build("Shape(AO,OB)", "Shape(CO,OD)")
    assert facts(figure, "Angle") == {"AOB", "BOA", "COD", "DOC"}


def test_no_angle_between_points_of_one_ray() -> None:
    figure = build("Collinear(OAB)", "Shape(AO,OC)", "Shape(CO,OB)")
    assert not has(figure, "Angle", "AOB")
    assert {"AOC", "BOC", "COA", "COB"} <= facts(figure, "Angle")


def test_two_lines_through_the_same_two_points_are_one() -> None:
    figure = build("Collinear(OAB)", "Collinear(OAC)", "Shape(BO,OD)")
    assert has(figure, "Angle", "COD")
    assert figure.angle_class("B", "O", "D") == figure.angle_class("C", "O", "D")


def test_collinear() -> None:
    figure = build("Collinear(ABCD)")
    assert facts(figure, "Collinear") == {
        *("ABCD", "DCBA", "ABC", "CBA", "ABD", "DBA", "ACD", "DCA", "BCD", "DCB")
    }
    assert len(facts(figure, "Line")) == 12
    assert has(figure, "Collinear", "DBA") and not has(figure, "Collinear", "BAD")
    assert figure.is_flat("D", "B", "A") and not figure.is_flat("B", "A", "D")


def test_cocircular() -> None:
    figure = build("Cocircular(O,ABCDE)")
    assert figure.circles == ("O",)
    assert len(figure.arcs) == 20
    assert has(figure, "Cocircular", "OCEA") and not has(figure, "Cocircular", "OACB")
    assert has(figure, "Cocircular", "ODEABC") and has(figure, "Cocircular", "O")
    assert make_fact("Cocircular", "ODEAB") in figure.facts
    assert figure.points == ("A", "B", "C", "D", "E")
    assert "O" not in figure.points


def test_centre_by_name() -> None:
    figure = build("Cocircular(O,AB)", "Shape(PQ)", named=("O", "X"))
    assert "O" in figure.points and "X" not in figure.points
    assert figure.facts["Point", ("O",)].rule == "named"


def test_single_items_and_large_cells() -> None:
    figure = build("Shape(P)", "Shape(QR)", "Shape(AB,BC,CD,DE,EA)", "Shape(AB,OAB,BC)")
    assert "P" in figure.points and ("Q", "R") in figure.lines
    assert ("A", "B", "C", "D", "E") in figure.polygons
    assert has(figure, "Polygon", "CDEAB")


def test_open_shape_keeps_what_it_says() -> None:
    figure = build("Shape(AB,BC,CD)")
    assert figure.cells == ()
    assert [d.severity for d in figure.diagnostics] == [Severity.WARNING]
    assert {"ABC", "BCD"} <= facts(figure, "Angle")
    assert has(figure, "Line", "DC")


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("Shape(AB,BC,CAB)", ""),
        ("Shape(AA,BC,CA)", "twice"),
        ("Shape(ABCD)", "no side"),
        ("Shape(AB,AB,BC)", "twice"),
        ("Collinear(ABA)", "A twice"),
        ("Collinear(A)", "two points"),
        ("Cocircular(OAB)", "circle first"),
        ("Cocircular(O,AOB)", "O twice"),
        ("Shape(x,y)", "points"),
        ("Tangent(A,B)", "does not construct"),
        (f"Collinear({','.join(f'A{i}' for i in range(99))})", "more than"),
        (f"Cocircular(O,{','.join(f'A{i}' for i in range(99))})", "more than"),
    ],
)
def test_bad_statements_are_diagnosed(statement: str, word: str) -> None:
    figure = build("Shape(AB,BC,CA)", statement)
    assert len(figure.diagnostics) >= 1
    assert word in figure.diagnostics[0].headline
    assert has(figure, "Polygon", "ABC"), "the good statements remain"


def test_many_statements_are_cut_short() -> None:
    figure = build(*(f"Shape(A{i}B{i})" for i in range(1000)))
    assert any(d.code == "too-long" for d in figure.diagnostics)
    assert len(figure.lines) == 200


def test_large_figures_take_bounded_time() -> None:
    row = "".join(f"A{i}" for i in range(40))
    lines = [f"Collinear({row.replace('A', letter)})" for letter in "ABCDEFGHIJ"]
    star = [f"Shape(A{i}O,OA{i + 1})" for i in range(190)]
    for statements in (lines, star):
        started = time.process_time()
        build(*statements)
        assert time.process_time() - started < 2
    assert any(found.code == "too-long" for found in build(*lines).diagnostics)


FIGURES = [
    ("Shape(AB,BD,DA)", "Shape(AD,DC,CA)", "Collinear(BDC)", "Shape(CE,EF)", "Collinear(ACE)"),
    ("Shape(AB,ABD,DA)", "Shape(BC,CD,ABD)", "Cocircular(A,BD)"),
    ("Shape(OAB,BO,OA)", "Shape(AB,BO,OA)", "Cocircular(O,ABC)", "Collinear(AOC)", "Shape(BC,CO,OB)"),
]


@pytest.mark.parametrize("statements", FIGURES)
def test_derivations_rest_on_facts_and_end(statements: tuple[str, ...]) -> None:
    figure = build(*statements)
    depth: dict[Fact, int] = {}

    def walk(fact: Fact, path: tuple[Fact, ...]) -> int:
        assert fact not in path, f"{fact} rests on itself"
        if fact not in depth:
            derivation = figure.facts[fact]
            below = [walk(source, (*path, fact)) for source in derivation.sources]
            assert below or derivation.cells or derivation.statements, fact
            assert all(0 <= cell < len(figure.cells) for cell in derivation.cells)
            assert all(0 <= index < len(statements) for index in derivation.statements)
            depth[fact] = 1 + max(below, default=0)
        return depth[fact]

    for fact in figure.facts:
        walk(fact, ())


def test_names_of_points_are_interned() -> None:
    figure = build("Shape(A1B',B'C,CA1)")
    (name,) = {point for _, points in figure.facts for point in points if point == "A1"}
    assert all(point is name for _, points in figure.facts for point in points if point == "A1")
