"""``fgps repl`` driven from a pipe, ``fgps train``, and what solve says when it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

STEPS = """
# a comment, and an empty line

isosceles_triangle_judgment_line_equal(1,ABC)
apply isosceles_triangle_property_angle_equal(ABC)
adjacent_complementary_angle(1,BCA,ACD)
triangle_property_angle_sum(1,ABC)
"""

NOT_ENOUGH = """
problem open:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 60
    find MeasureOfAngle(BCA)
"""


def test_steps_from_a_pipe_reach_the_goal(fgps: Run, demo: Path) -> None:
    done = fgps("repl", demo, stdin=STEPS + "why MeasureOfAngle(CAB)\nexport\n")
    assert done.status == 0, done.out
    assert "> isosceles_triangle_judgment_line_equal(1,ABC)" in done.out
    assert "IsoscelesTriangle(ABC)" in done.out
    assert "the goal is reached: 40" in done.out
    assert "MeasureOfAngle(CAB) = 40" in done.out
    assert "solution of demo:" in done.out
    assert "\x1b" not in done.out


def test_an_unreached_goal_is_a_no(fgps: Run, demo: Path) -> None:
    done = fgps("repl", demo, stdin="isosceles_triangle_property_angle_equal(1,ABC)\nquit\nhistory\n")
    assert done.status == 1
    assert "missing: IsoscelesTriangle(ABC) (true in the figure)" in done.out
    assert "first: isosceles_triangle_judgment_line_equal(1,ABC)" in done.out
    assert "> history" not in done.out


def test_every_command_answers(fgps: Run, demo: Path) -> None:
    commands = ["candidates", "candidates line_addition", "candidates nothing", "goals", "frontier", "facts"]
    commands += [
        "facts angle",
        "why 0",
        "why",
        "why nonsense(",
        "what-if",
        "apply",
        "undo",
        "undo x",
        "undo 3",
    ]
    commands += ["what-if triangle_property_angle_sum(1,ABC)", "history", "solve", "solve it", "show", "help"]
    commands += ["theorem flat_angle", "theorem x", "?", "bogus", "export nothing.txt", "export proof.json"]
    commands += ["solve apply", "flat_angle", "quit"]
    done = fgps("repl", demo, stdin="\n".join(commands))
    assert done.status == 0, done.out + done.err
    blocks = done.out.split("\n> ")
    assert len(blocks) == len(commands)
    for block in blocks[:-1]:
        assert len(block.strip().splitlines()) >= 2, f"no answer: {block}"
    assert "answer 40" not in done.out  # the annotated answer stays hidden


def test_export_writes_what_other_commands_accept(fgps: Run, demo: Path) -> None:
    done = fgps("repl", demo, stdin=STEPS + "export done.fgl\nexport done.fgl\nexport proof.json\n")
    assert done.status == 0
    assert "done.fgl exists" in done.out
    assert fgps("replay", "done.fgl").status == 0
    assert fgps("check", demo, "proof.json").status == 0


def test_hostile_lines(fgps: Run, demo: Path) -> None:
    lines = ["(" * 5000, "why " + "9" * 5000, "undo " + "9" * 5000, "a" * 100_000, "\x00\x1b[31m"]
    lines += ["why __import__('os')", "export /nowhere/x.fgl", "export \x00.fgl"]
    done = fgps("repl", demo, stdin="\n".join(lines))
    assert done.status == 1
    assert "internal error" not in done.err


def test_a_problem_that_cannot_be_read(fgps: Run) -> None:
    assert fgps("repl", "nowhere.fgl", stdin="").status == 2


def test_without_the_extra_the_install_line_is_printed(monkeypatch: Any, capsys: Any) -> None:
    import sys

    from fgps.cli.repl import INSTALL, _prompt
    from fgps.interactive.session import Session, load

    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    session = load("own#demo")
    assert isinstance(session, Session)
    assert callable(_prompt(session))
    assert INSTALL in capsys.readouterr().err


def test_solve_says_what_is_missing(fgps: Run, tmp_path: Path) -> None:
    path = tmp_path / "open.fgl"
    path.write_text(NOT_ENOUGH)
    done = fgps("solve", path)
    assert done.status == 1
    assert "not known: MeasureOfAngle(BCA)" in done.out
    assert "the goal would follow from the value of MeasureOfAngle(CAB)" in done.out
    found = fgps("solve", path, "--json").json["frontier"]
    assert found["determined"] is False
    assert found["would_close"] == ["MeasureOfAngle(CAB)"]
    assert {"fact", "closes", "in_figure", "steps"} == set(found["missing"][0])


def test_train_and_use_a_predictor(fgps: Run, demo: Path) -> None:
    done = fgps("train", demo.parent, "-o", "counts.json", "--json")
    assert done.status == 0 and done.json["steps"] == 4
    assert sum(json.loads((demo.parent / "counts.json").read_text())["uses"].values()) == 4
    led = fgps("solve", demo, "--method", "forward", "--predictor", "counts.json", "--json")
    assert led.json["answer"] == "40"
    assert fgps("solve", demo, "--predictor", "counts.json").status == 2
    assert fgps("solve", demo, "--method", "forward", "--predictor", "demo.fgl").status == 2
    assert fgps("train", "nowhere", "-o", "x.json").status == 2


@pytest.mark.parametrize("name", ["repl", "train"])
def test_help_names_the_commands(fgps: Run, name: str) -> None:
    assert f" {name} " in fgps("--help").out
