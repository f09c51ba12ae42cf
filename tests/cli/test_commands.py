"""The commands on good input: what they print and how they exit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fgps.cli.solving import Method, Strategy

Run = Callable[..., Any]


def test_help_and_version(fgps: Run) -> None:
    done = fgps("--help")
    assert done.status == 0
    for command in ("solve", "replay", "fmt", "theory", "lint", "bench"):
        assert re.search(rf"^ *{command} ", done.out, re.MULTILINE), command
    assert re.fullmatch(r"fgps \d+\.\d+\.\d+\n", fgps("--version").out)


def test_the_options_are_those_of_the_search() -> None:
    from fgps.search.methods import METHODS, STRATEGIES

    assert {method.value for method in Method} == set(METHODS)
    assert {strategy.value for strategy in Strategy} == set(STRATEGIES)


def test_solve_prints_a_proof(fgps: Run, demo: Path) -> None:
    done = fgps("solve", demo)
    assert done.status == 0
    assert "answer: 40" in done.out
    assert "triangle_property_angle_sum(1,ABC)" in done.out
    assert done.err == ""


def test_solve_as_json(fgps: Run, demo: Path) -> None:
    result = fgps("solve", f"{demo}#demo", "--json").json
    assert (result["status"], result["answer"], result["value"]) == ("solved", "40", 40.0)
    assert result["diagnostics"] == []
    numbers = [step["number"] for step in result["steps"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(premise < step["number"] for step in result["steps"] for premise in step["premises"])


def test_solve_is_deterministic(fgps: Run, demo: Path) -> None:
    one, two = (fgps("solve", demo, "--json", "--seed", "3").json for _ in range(2))
    one.pop("seconds"), two.pop("seconds")
    assert one == two


def test_replay(fgps: Run, demo: Path) -> None:
    done = fgps("replay", demo)
    assert done.status == 0 and "answer: 40" in done.out


def test_a_replay_without_a_needed_step_is_a_no(fgps: Run, demo: Path) -> None:
    text = demo.read_text()
    demo.write_text("".join(line for line in text.splitlines(True) if "angle_sum" not in line))
    result = fgps("replay", demo, "--json")
    assert result.status == 1
    assert result.json["status"] == "invalid" and result.json["cause"] == "goal-not-derived"


def test_what_does_not_follow_is_a_no(fgps: Run, tmp_path: Path) -> None:
    path = tmp_path / "open.fgl"
    path.write_text("problem open:\n    construct Shape(AB,BC,CA)\n    find LengthOfLine(AB)\n")
    done = fgps("solve", path, "--json")
    assert done.status == 1 and done.json["status"] == "saturated"


def test_out_of_time(fgps: Run, demo: Path) -> None:
    done = fgps("replay", demo, "--timeout", "0.001", "--json")
    assert done.status in (0, 3)
    assert (done.status == 3) == (done.json["status"] == "timeout")


def test_fmt(fgps: Run, tmp_path: Path) -> None:
    path = tmp_path / "loose.fgl"
    path.write_text("problem p:\n  construct Shape( AB ,BC,CA)   # a comment\n  find LengthOfLine(AB)\n")
    before = path.read_text()
    assert fgps("fmt", "--check", path).status == 1
    assert path.read_text() == before
    shown = fgps("fmt", "--stdout", path)
    assert shown.status == 0 and "Shape(AB,BC,CA)" in shown.out and "# a comment" in shown.out
    assert path.read_text() == before
    assert fgps("fmt", path).status == 0
    assert path.read_text() == shown.out
    assert fgps("fmt", "--check", tmp_path).status == 0
    assert fgps("fmt", "-", stdin=before).out == shown.out
    assert fgps("fmt", "--json", path).json == {"changed": [], "diagnostics": []}


def test_theory(fgps: Run) -> None:
    listed = fgps("theory", "list", "imo", "--json").json
    assert len(listed["theorems"]) == 203
    assert sum(len(listed[kind]) for kind in ("predicates", "attributes", "forms")) >= 89
    assert "theorem (203)" in fgps("theory", "list", "imo").out
    shown = fgps("theory", "show", "triangle_property_angle_sum")
    assert shown.status == 0 and "MeasureOfAngle(CAB)" in shown.out
    missing = fgps("theory", "show", "triangle_property_angle_sums")
    assert missing.status == 2 and "did you mean triangle_property_angle_sum?" in missing.err
    assert fgps("theory", "lint", "imo", "--json").json["ok"] is True


def test_lint_of_a_data_set(fgps: Run, demo: Path) -> None:
    (demo.parent / "bad.fgl").write_text(
        "problem bad:\n    construct Shape(AB,BC,CA)\n    find Nothing(AB)\n"
    )
    done = fgps("lint", demo.parent, "--json")
    assert done.status == 1
    assert (done.json["problems"], done.json["unusable"]) == (2, 1)
    assert fgps("lint", demo).status == 0


def test_the_annotated_answer_plays_no_part(fgps: Run, corpus: Path, tmp_path: Path) -> None:
    problem = json.loads((corpus / "problems" / "1.json").read_text())
    whole = fgps("solve", corpus / "problems" / "1.json", "--json").json
    for key in ("problem_answer", "theorem_seqs", "theorem_seqs_dag", "problem_level"):
        problem.pop(key)
    (tmp_path / "1.json").write_text(json.dumps(problem))
    bare = fgps("solve", "1.json", "--json").json
    problem["problem_answer"] = "77"
    (tmp_path / "1.json").write_text(json.dumps(problem))
    misled = fgps("solve", "1.json", "--json").json
    for result in (whole, bare, misled):
        for key in ("seconds", "problem"):
            result.pop(key)
    assert whole == bare == misled
    assert whole["answer"] == "15"


def test_a_problem_of_a_data_set(fgps: Run, corpus: Path) -> None:
    assert fgps("replay", f"{corpus}#1").status == 0


def test_theory_test_attacks_the_theorems(fgps: Run, tmp_path: Path) -> None:
    sound = fgps("theory", "test", "--only", "triangle_property_angle_sum", "--json")
    assert sound.status == 0
    assert (sound.json["tested"], sound.json["unsound"]) == (1, 0)
    pack = tmp_path / "mine"
    pack.mkdir()
    (pack / "mine.fgl").write_text(
        'pack mine extends basic: "A false theorem."\n\n'
        "theorem every_triangle_is_isosceles(ABC):\n"
        '    "No."\n'
        "    given Polygon(ABC)\n"
        "    then  LengthOfLine(AB) = LengthOfLine(AC)\n"
    )
    false = fgps("theory", "test", pack, "--only", "every_triangle_is_isosceles")
    assert false.status == 1
    assert "LengthOfLine(AB) = LengthOfLine(AC) is false in A(" in false.out
    assert fgps("theory", "test", "--only", "nothing").status == 2
