"""The document itself: well-formed, the same bytes each time, harmless, light and dark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call, Number, Symbol
from fgps.lang.parse import parse_statement
from fgps.render.figure import Options, ThemeError, figure_svg, load_theme, readable_diagram
from fgps.render.figure.items import Item
from fgps.render.figure.notation import Run, plain, point_name, width, write
from fgps.render.figure.svg import document
from fgps.resources import data_folder
from tests.render.figure.figures import OWN, SVG, crafted, made, own, parsed, text_of, with_class

HOSTILE = '</desc><script>alert("1")</script> & <![CDATA[ x ]]> \x00\x0b\ud800 \' "'


@pytest.mark.parametrize("file", sorted(path.name for path in OWN.glob("*.fgl")))
def test_well_formed_with_title_and_description(file: str) -> None:
    text = (OWN / file).read_text(encoding="utf-8")
    name = next(line.split()[1].rstrip(":") for line in text.splitlines() if line.startswith("problem "))
    problem, diagram = made(text, name)
    root = parsed(figure_svg(problem, diagram))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == name
    assert "To find:" in (root.findtext(f"{SVG}desc") or "")
    shown = {e.get("data-point") for e in root.iter(f"{SVG}circle") if e.get("data-point")}
    assert shown == set(problem.construction.points)
    named = sorted(str(e.get("data-point")) for e in root.iter(f"{SVG}text") if e.get("data-point"))
    assert named == sorted(problem.construction.points)


def test_the_same_bytes_for_the_same_seed() -> None:
    problem, _ = own("lines_and_angles.fgl#bent_rod_between_rails")
    texts = [figure_svg(problem, readable_diagram(problem, seed=3)) for _ in range(2)]
    assert texts[0] == texts[1]


def test_hostile_text_stays_text() -> None:
    item = Item("labels", "label", (("T", 0.0, 0.0, 12.0),), (("point", HOSTILE),), (Run(HOSTILE),))
    text = document([item], (0, 0, 10, 10), load_theme("light"), HOSTILE, HOSTILE)
    root = parsed(text)
    assert {e.tag for e in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "style", "rect", "g", "text")
    }
    assert "<script" not in text
    assert "alert" in (root.findtext(f"{SVG}title") or "")


def test_no_scripts_links_or_handlers() -> None:
    text = figure_svg(*own("hard.fgl#folded_corner"))
    assert {e.tag.removeprefix(SVG) for e in parsed(text).iter()} <= {
        "svg", "title", "desc", "style", "rect", "g", "path", "circle", "text", "tspan",
    }  # fmt: skip
    assert (
        "href" not in text
        and "url(" not in text
        and " on" not in text.split("</desc>")[1].replace(" one", "")
    )


def test_themes() -> None:
    made_ = own("demo.fgl")
    light, dark, auto = (figure_svg(*made_, name) for name in ("light", "dark", "auto"))
    for name, text in (("light", light), ("dark", dark)):
        colours = load_theme(name).colours
        assert f".page{{fill:{colours.background}}}" in text
        assert "@media" not in text
        assert with_class(text, f"fgps-{name}")
    assert "@media (prefers-color-scheme:dark)" in auto
    assert load_theme("dark").colours.background in auto and load_theme("light").colours.background in auto
    # Only the style differs.
    assert light.split("</style>")[1] == dark.split("</style>")[1]
    with pytest.raises(ThemeError, match="there is no theme sepia"):
        figure_svg(*made_, "sepia")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("light.toml", '"#ffffff"', '"red;} * {x"'),
        ("style.toml", "tick = 8.0", "tick = -1"),
        ("style.toml", "[marks]", "[x]"),
    ],
)
def test_bad_theme_files_are_refused(tmp_path: Path, file: str, old: str, new: str) -> None:
    for source in (data_folder("viz") / "figure").glob("*.toml"):
        text = source.read_text(encoding="utf-8")
        (tmp_path / source.name).write_text(text.replace(old, new) if source.name == file else text)
    with pytest.raises(ThemeError):
        load_theme("light", tmp_path)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("2*x+21", "2x + 21"), ("3*sqrt(2)", "3√2"), ("x**2+26", "x2 + 26"), ("1/2*x", "x/2"),
        ("3/5*y+2", "3y/5 + 2"), ("pi*r", "πr"),
        ("b-a*x", "b − ax"), ("2*(x+5)-7", "2(x + 5) − 7"), ("2*3", "2 · 3"), ("sqrt(x+1)", "√(x + 1)"),
    ],
)  # fmt: skip
def test_expressions_are_written_nicely(source: str, shown: str) -> None:
    term = parse_statement(f"LengthOfLine(AB) = {source}")
    assert isinstance(term, Call)
    runs = write(term.args[1])
    assert runs is not None and plain(runs) == shown


def test_degrees() -> None:
    x, ten = Symbol("x"), Number(10)  # type: ignore[arg-type]
    assert plain(write(ten, True) or ()) == "10°"
    assert plain(write(Call("Mul", (ten, x)), True) or ()) == "10x°"
    assert plain(write(Call("Add", (x, ten)), True) or ()) == "(x + 10)°"
    assert plain(write(Call("Div", (x, ten)), True) or ()) == "(x/10)°"


def test_names_of_points() -> None:
    assert [run.style for run in point_name("A1")] == ["it", "sub"]
    assert plain(point_name("O'")) == "O′"
    assert width(point_name("A1"), 10.0) < width(point_name("AA"), 10.0)


def test_deep_terms_are_given_up() -> None:
    term: Call | Symbol = Symbol("x")
    for _ in range(200):
        term = Call("Neg", (term,))
    assert write(term) is None


def test_width_is_what_was_asked_for() -> None:
    for asked in (150.0, 333.0, 900.0):
        root = parsed(figure_svg(*own("demo.fgl"), "light", Options(width=asked)))
        assert float(root.get("width", "0")) == pytest.approx(asked, abs=40 if asked < 200 else 0.02)


def test_figures_that_do_not_exist_are_drawn_as_well_as_can_be() -> None:
    given = "MeasureOfAngle(ABC)=80, MeasureOfAngle(BCA)=80, MeasureOfAngle(CAB)=80"
    problem, diagram = crafted("Shape(AB,BC,CA)", given, "MeasureOfAngle(ABC)")
    assert diagram.outcome != "exact"
    assert sorted(text_of(e) for e in with_class(figure_svg(problem, diagram), "point-name")) == [
        "A",
        "B",
        "C",
    ]
    lonely, _ = crafted("Shape(AB)", "LengthOfLine(AB) = 3", "LengthOfLine(AB)")
    parsed(figure_svg(lonely, synthesize(lonely)))


def test_models_without_numbers_give_an_empty_page() -> None:
    problem, diagram = own("demo.fgl")
    text = figure_svg(problem, replace(diagram, coordinates=diagram.coordinates * np.nan))
    assert "nan" not in text.split("</style>")[1]
    assert not with_class(text, "line")


def test_a_point_on_a_point_and_forty_points() -> None:
    problem, diagram = own("demo.fgl")
    parsed(figure_svg(problem, replace(diagram, coordinates=diagram.coordinates * 0.0)))
    many = [f"P{k}" for k in range(40)]
    sides = ",".join(f"{a}{b}" for a, b in zip(many, many[1:] + many[:1], strict=True))
    ring, models = crafted(f"Shape({sides})", "LengthOfLine(P0P1) = 3", "LengthOfLine(P1P2)")
    assert len(with_class(figure_svg(ring, models), "point-name")) == 40
