"""``fgps bench``: whole runs, resumed runs, interrupted runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

KEYS = (
    "id task status answer value expected correct seconds steps verdict diagram message level cause"
    " goal nodes"
).split()

TRIANGLE = """problem {name}:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = {first}, MeasureOfAngle(BCA) = 60
    find  MeasureOfAngle(CAB)
    answer {answer}

solution of {name}:
    triangle_property_angle_sum(1,ABC)

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six problems; the annotated answer of the last one is wrong, and one more file is no FGL."""
    path = tmp_path / "set"
    path.mkdir()
    texts = [TRIANGLE.format(name=f"t{n}", first=20 + n, answer=100 - n if n < 5 else 1) for n in range(6)]
    (path / "triangles.fgl").write_text("".join(texts))
    (path / "broken.fgl").write_text("problem (((")
    return path


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, path.read_text().splitlines())}


def test_a_run(fgps: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "results.jsonl"
    done = fgps("bench", folder, "--task", "replay", "--jobs", "2", "--out", out)
    assert done.status == 0
    found = rows(out)
    assert set(found) == {"broken", *(f"t{n}" for n in range(6))}
    assert all(list(row) == KEYS for row in found.values())
    assert found["t0"]["status"] == "valid" and found["t0"]["answer"] == "100"
    assert found["t0"]["correct"] is True and found["t0"]["level"] == 1
    assert 0 < found["t0"]["seconds"] < 5
    assert found["t5"]["status"] == "invalid" and found["t5"]["correct"] is False
    assert found["broken"]["status"] == "error" and "syntax" in found["broken"]["message"]
    assert "replay: 5 of 7" in done.out and "wrong value" in done.out


@pytest.mark.parametrize("task", ["solve", "diagram"])
def test_other_tasks(fgps: Run, folder: Path, tmp_path: Path, task: str) -> None:
    out = tmp_path / "results.jsonl"
    done = fgps("bench", folder, "--task", task, "--out", out, "--json")
    assert done.status == 0
    assert (done.json["success"], done.json["wrong"], done.json["complete"]) == (5, 1, True)
    values = {name: row["value"] for name, row in rows(out).items() if name != "broken"}
    assert values == {f"t{n}": pytest.approx(100 - n) for n in range(6)}


def test_thresholds_decide_the_status(fgps: Run, folder: Path) -> None:
    run = ["bench", folder, "--task", "replay", "--json"]
    assert fgps(*run, "--require", "0.7", "--max-wrong", "1").status == 0
    assert fgps(*run, "--require", "0.75").status == 1


def test_resume_skips_what_is_there(fgps: Run, folder: Path, tmp_path: Path) -> None:
    out, ids = tmp_path / "results.jsonl", tmp_path / "ids"
    ids.write_text("t1\nt3\n")
    assert fgps("bench", folder, "--task", "replay", "--ids", ids, "--out", out).status == 0
    assert list(rows(out)) == ["t1", "t3"]
    with out.open("a") as file:
        file.write('{"id": "t4", "task": "repl')
    before = rows_of_whole_lines(out)
    done = fgps("bench", folder, "--task", "replay", "--out", out, "--resume", "--json")
    assert done.json["total"] == 7
    assert out.read_text().splitlines()[:2] == before
    assert len(rows(out)) == 7


def rows_of_whole_lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.endswith("}")]


def test_the_same_draw_for_the_same_seed(fgps: Run, folder: Path, tmp_path: Path) -> None:
    drawn = []
    for number, seed in enumerate((1, 1, 2)):
        out = tmp_path / f"{number}.jsonl"
        fgps("bench", folder, "--task", "replay", "--sample", "3", "--seed", seed, "--out", out)
        drawn.append(list(rows(out)))
    assert len(drawn[0]) == 3
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_runs_end_cleanly_and_go_on(
    fgps: Run, folder: Path, tmp_path: Path, request_to_stop: signal.Signals
) -> None:
    text = "".join(TRIANGLE.format(name=f"n{n}", first=20 + n % 90, answer=100 - n % 90) for n in range(600))
    (folder / "triangles.fgl").write_text(text)
    out = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "fgps", "bench", str(folder), "--task", "replay", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        if out.exists() and out.stat().st_size > 3000:
            break
        time.sleep(0.05)
    os.kill(process.pid, request_to_stop)
    shown, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in said and "interrupted after" in said
    assert "replay:" in shown
    assert out.read_bytes().endswith(b"\n")
    count = len(rows(out))
    assert 0 < count < 601
    ids = tmp_path / "ids"
    ids.write_text("\n".join(f"n{n}" for n in range(20)))
    again = fgps("bench", folder, "--task", "replay", "--out", out, "--resume", "--ids", ids, "--json")
    assert again.json["total"] == 20


def test_the_real_data(fgps: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    run = ["bench", corpus, "--task", "replay", "--sample", "40", "--seed", "11", "--out", out, "--json"]
    done = fgps(*run, "--require", "0.9", "--max-wrong", "0")
    assert done.status == 0, done.err
    assert all(isinstance(row["id"], int) and row["expected"] for row in rows(out).values())
