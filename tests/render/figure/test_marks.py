"""Each kind of mark appears for a problem that calls for it, and only then."""

from __future__ import annotations

import re

import pytest

from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.render.figure import Options, draw_step, figure_svg
from fgps.render.figure.facts import read_facts
from tests.render.figure.figures import Made, crafted, own, text_of, with_class

TRIANGLE = "Shape(AB,BC,CA)"


def svg(made: Made, **options: bool) -> str:
    return figure_svg(*made, "light", Options(**options))  # type: ignore[arg-type]


def labels(text: str, *classes: str) -> list[str]:
    return [text_of(e) for e in with_class(text, "label", *classes)]


def test_lengths_angles_and_the_question_mark() -> None:
    made = crafted(
        TRIANGLE,
        "LengthOfLine(AB) = 2*x + 1, MeasureOfAngle(ABC) = 3*x+10, LengthOfLine(BC)=3*sqrt(2)",
        "LengthOfLine(CA)",
    )
    text = svg(made)
    assert sorted(labels(text)) == ["(3x + 10)°", "2x + 1", "3√2", "?"]
    (goal,) = with_class(text, "goal-line")
    assert goal.get("data-segment") == "AC"
    assert labels(text, "goal") == ["?"]


def test_a_symbol_that_is_asked_for_colours_the_labels_that_hold_it() -> None:
    made = crafted(
        TRIANGLE,
        "LengthOfLine(AB) = x, LengthOfLine(BC) = 5, LengthOfLine(CA) = x + 2, MeasureOfAngle(ABC)=90",
        "x",
    )
    assert sorted(labels(svg(made), "goal")) == ["x", "x + 2"]
    answered = svg(made, answer=True)
    assert "x = 5.25" in [text_of(e) for e in with_class(answered, "goal")]


def test_right_angle_through_what_a_relation_means() -> None:
    made = crafted(
        TRIANGLE, "RightTriangle(ABC), LengthOfLine(AB) = 3, LengthOfLine(BC) = 4", "LengthOfLine(CA)"
    )
    (mark,) = with_class(svg(made), "right-angle")
    assert mark.get("data-angle") == "ABC"
    assert labels(svg(made)).count("90°") == 0


def test_one_square_at_the_foot_of_an_altitude() -> None:
    made = crafted(
        "Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)",
        "IsAltitudeOfTriangle(AD,ABC), HeightOfTriangle(ABC) = 4, LengthOfLine(BD) = 3",
        "LengthOfLine(AB)",
    )
    text = svg(made)
    assert len(with_class(text, "right-angle")) == 1
    # The height is the length of the altitude, so its value stands there.
    assert [e.get("data-segment") for e in with_class(text, "label") if text_of(e) == "4"] == ["AD"]


def test_ticks_of_each_class() -> None:
    made = crafted(
        "Shape(AB,BC,CD,DA)",
        "LengthOfLine(AB) = LengthOfLine(BC), LengthOfLine(CD) = LengthOfLine(DA)",
        "MeasureOfAngle(ABC)",
    )
    ticks = [e.get("data-segment") for e in with_class(svg(made), "tick")]
    assert sorted(ticks) == ["AB", "AD", "AD", "BC", "CD", "CD"]


def test_equal_angles_have_equal_arcs() -> None:
    made = crafted(
        "Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)", "IsBisectorOfAngle(AD,CAB)", "LengthOfLine(BD)"
    )
    arcs = list(with_class(svg(made), "angle"))
    assert sorted(str(e.get("data-angle")) for e in arcs) == ["CAD", "DAB"]
    radii = {re.search(r"A([\d.]+) ", str(e.get("d"))).group(1) for e in arcs}  # type: ignore[union-attr]
    assert len(radii) == 1


def test_parallel_arrows_but_none_in_a_rectangle() -> None:
    sides = "Shape(AB,BC,CD,DA)"
    arrows = with_class(svg(crafted(sides, "Parallelogram(ABCD)", "LengthOfLine(AB)")), "arrow")
    assert sorted(str(e.get("data-segment")) for e in arrows) == ["AB", "AB", "AD", "BC", "CD", "CD"]
    rectangle = svg(crafted(sides, "Rectangle(ABCD)", "LengthOfLine(AB)"))
    assert not with_class(rectangle, "arrow")
    assert len(with_class(rectangle, "right-angle")) == 4


def test_a_divided_segment_has_a_dimension_line_or_its_name() -> None:
    outside = crafted(
        "Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)",
        "LengthOfLine(BC) = 10, LengthOfLine(BD)=4",
        "LengthOfLine(AD)",
    )
    assert {e.get("data-segment") for e in with_class(svg(outside), "dimension")} == {"BC"}
    inside = svg(own("quadrilaterals.fgl#diagonals_of_a_parallelogram"))
    assert not with_class(inside, "dimension")
    assert any(re.fullmatch(r"[A-D]{2} = 8", label) for label in labels(inside))


def test_areas_and_arcs_asked_for() -> None:
    area = svg(
        crafted(
            TRIANGLE, "LengthOfLine(AB)=3, LengthOfLine(BC)=4, MeasureOfAngle(ABC)=90", "AreaOfTriangle(ABC)"
        )
    )
    assert [e.get("data-polygon") for e in with_class(area, "goal-fill")] == ["ABC"]
    assert "S = ?" in labels(area)
    arc = svg(own("circles.fgl#two_secants"))
    assert [e.get("data-arc") for e in with_class(arc, "goal-line")] == ["ODB"]
    assert len(with_class(arc, "circle")) == 1


def test_an_angle_asked_for_is_a_filled_sector() -> None:
    text = svg(own("demo.fgl"))
    assert [e.get("data-angle") for e in with_class(text, "goal-fill")] == ["CAB"]
    assert labels(svg(own("demo.fgl"), answer=True), "goal") == ["40°"]


def test_the_answer_comes_from_the_figure_not_from_the_annotation() -> None:
    given = "LengthOfLine(AB)=3, LengthOfLine(BC)=4, MeasureOfAngle(ABC)=90"
    wrong = crafted(TRIANGLE, given, "LengthOfLine(CA)", "    answer 6\n")
    assert labels(svg(wrong, answer=True), "goal") == ["5"]


def test_a_step_is_highlighted_in_the_same_figure() -> None:
    problem, diagram = own("proofs.fgl#midpoints_make_a_parallelogram")
    fact = parse_statement("ParallelBetweenLine(EF,AC)")
    assert isinstance(fact, Call)
    before, after = figure_svg(problem, diagram, "dark"), draw_step(problem, diagram, [fact], "dark")
    assert {e.get("data-segment") for e in with_class(after, "highlight-line")} == {"EF", "AC"}
    assert not with_class(before, "highlight-line")
    names = [[(e.get("x"), e.get("y")) for e in with_class(text, "point-name")] for text in (before, after)]
    assert names[0] == names[1]


@pytest.mark.parametrize("kind", ["point", "segment", "angle", "polygon", "arc"])
def test_parts_can_be_found_by_a_page(kind: str) -> None:
    made = own("areas.fgl#shaded_segment" if kind == "arc" else "similarity.fgl#cut_parallel_to_the_base")
    statements = {
        "angle": "MeasureOfAngle(ABC) = 60", "polygon": "AreaOfTriangle(ABC) = 1",
        "arc": "MeasureOfArc(OAB) = 60",
    }  # fmt: skip
    fact = parse_statement(statements.get(kind, "LengthOfLine(AB) = 1"))
    assert isinstance(fact, Call)
    text = figure_svg(*made, "auto", Options(targets=(fact,)))
    assert f"data-{kind}=" in text


def test_facts_name_what_cannot_be_shown() -> None:
    problem, diagram = crafted(
        TRIANGLE, "LengthOfLine(AB) = 2 * LengthOfLine(BC), PerimeterOfTriangle(ABC) = 12", "LengthOfLine(CA)"
    )
    assert len(read_facts(problem, diagram).notes) == 1
