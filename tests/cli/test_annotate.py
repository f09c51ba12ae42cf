"""``fgps annotate``: one problem, a data set, an interrupted run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

TRIANGLE = """problem {name}:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = {first}, MeasureOfAngle(BCA) = 60
    find  MeasureOfAngle({asked})

"""


def test_one_problem(fgps: Run, demo: Path, tmp_path: Path) -> None:
    done = fgps("annotate", demo)
    assert done.status == 0 and done.out.startswith("solution of ")
    target = tmp_path / "solved.fgl"
    assert fgps("annotate", demo, "-o", target).status == 0
    assert done.out in target.read_text()
    assert fgps("replay", target).status == 0
    found = fgps("annotate", demo, "--json").json
    assert found["status"] == "annotated" and found["steps"] == len(found["theorem_seqs"]) > 0
    assert "START" in found["theorem_seqs_dag"]


def test_bad_input(fgps: Run, tmp_path: Path) -> None:
    assert fgps("annotate", tmp_path / "none.fgl").status == 2
    assert fgps("annotate", tmp_path).status == 2
    path = tmp_path / "open.fgl"
    path.write_text(TRIANGLE.format(name="open", first=50, asked="ABD"))
    assert fgps("annotate", path).status == 2


def test_no_solution(fgps: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "open.fgl", tmp_path / "out.fgl"
    path.write_text("problem open:\n    construct Shape(AB,BC,CA)\n    find LengthOfLine(AB)\n")
    done = fgps("annotate", path, "-o", out)
    assert done.status == 1 and done.out == "" and done.err.strip() and not out.exists()


def test_a_data_set_resumed(fgps: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "set", tmp_path / "out"
    source.mkdir()
    texts = [TRIANGLE.format(name=f"t{n}", first=20 + n, asked="CAB") for n in range(4)]
    (source / "all.fgl").write_text("".join(texts))
    assert fgps("annotate", source).status == 2
    done = fgps("annotate", source, "--out", out)
    assert done.status == 0 and "annotated 4 of 4" in done.out
    files = sorted((out / "problems").iterdir())
    assert [path.name for path in files] == [f"t{n}.fgl" for n in range(4)]
    assert fgps("bench", out, "--task", "replay", "--require", 1).status == 0
    # A run that was cut off: one record and its file are missing, another file only.
    results = out / "run" / "annotations.jsonl"
    lines = results.read_text().splitlines(keepends=True)
    results.write_text("".join(lines[:-1]) + lines[-1][:20])
    before = {path: path.read_text() for path in files}
    for line in (lines[0], lines[-1]):
        (out / "problems" / f"{json.loads(line)['id']}.fgl").unlink()
    again = fgps("annotate", source, "--out", out, "--resume", "--json").json
    assert again["success"] == 4 and again["complete"]
    assert {path: path.read_text() for path in sorted((out / "problems").iterdir())} == before
    assert len(results.read_text().splitlines()) == 4
    # The folder that holds the problems is not written to.
    assert fgps("annotate", out, "--out", out).status == 2
