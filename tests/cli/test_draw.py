"""``fgps draw``."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_draw_writes_a_picture(fgps: Run, demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "demo.svg"
    done = fgps(
        "draw",
        demo,
        "-o",
        out,
        "--theme",
        "dark",
        "--width",
        "400",
        "--answer",
        "--highlight",
        "LengthOfLine(AB) = 1",
    )
    assert done.status == 0, done.err
    root = ElementTree.parse(out).getroot()
    assert root.get("width") == "400"
    text = out.read_text(encoding="utf-8")
    assert "40°" in text and "highlight-line" in text
    again = fgps(
        "draw", demo, "--theme", "dark", "--width", "400", "--answer", "--highlight", "LengthOfLine(AB) = 1"
    )
    assert again.out == text


def test_draw_refuses_bad_input(fgps: Run, demo: Path, tmp_path: Path) -> None:
    assert fgps("draw", tmp_path / "none.fgl").status == 2
    for highlight, words in (
        ("Nonsense(", "bracket"),
        ("LengthOfLin(AB) = 1", "did you mean"),
        ("Line(AZ)", "no point Z"),
        ("7", "a fact is"),
    ):
        done = fgps("draw", demo, "--highlight", highlight)
        assert (done.status, done.out) == (2, "")
        assert words in done.err
    done = fgps("draw", demo, "-o", tmp_path / "no" / "folder.svg")
    assert done.status == 2 and "cannot be written" in done.err
    assert fgps("draw", demo, "--theme", "sepia").status == 2


def test_draw_says_that_a_figure_does_not_exist(fgps: Run, tmp_path: Path) -> None:
    given = "MeasureOfAngle(ABC)=90, MeasureOfAngle(BCA)=95"
    text = f"problem p:\n    construct Shape(AB,BC,CA)\n    given {given}\n    find LengthOfLine(AB)\n"
    file = tmp_path / "p.fgl"
    file.write_text(text)
    done = fgps("draw", file)
    assert done.status == 0
    assert "warning: the figure is" in done.err and "MeasureOfAngle" in done.err
