"""Many solutions: the reward function, worker processes, the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from own_problems import ISOSCELES, ISOSCELES_STEPS, SIMILAR, SIMILAR_STEPS

from fgps.batch.verification import verify_job, verify_many
from fgps.verify import Reward, load_problem


def run(*arguments: object, cwd: Path, stdin: str = "") -> tuple[int, str, str]:
    command = [sys.executable, "-m", "fgps", "verify", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=cwd, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def test_reward_in_the_shape_of_trainers() -> None:
    reward = Reward()
    right = "\n".join(SIMILAR_STEPS)
    chat = [{"role": "user", "content": "?"}, {"role": "assistant", "content": right + "\nanswer: 12"}]
    scores = reward(
        [right, chat, right + "\nanswer: 13", "I do not know.", "\n".join(SIMILAR_STEPS[:2])],
        problem=[SIMILAR] * 5,
        source=["a"] * 5,
    )
    assert scores[0] == scores[1] == 1.0 and scores[2] == 0.0 and scores[3] == 0.0
    assert 0.0 < scores[4] < 0.5
    assert reward([right], problem="problem broken:\n  find") == [0.0]
    with pytest.raises(ValueError, match="problem"):
        reward([right])


def test_problems_come_in_many_forms(theory: Any) -> None:
    assert load_problem(SIMILAR, theory).problem is not None
    assert load_problem({"fgl": SIMILAR}, theory).problem is not None
    public = {
        "problem_id": 7,
        "construction_cdl": ["Shape(AB,BC,CA)"],
        "text_cdl": ["Equal(LengthOfLine(AB),3)"],
        "goal_cdl": "Value(LengthOfLine(BA))",
    }
    assert load_problem(public, theory).problem is not None
    assert load_problem(json.dumps(public), theory).problem is not None
    hostile: list[object] = [None, 3, [], {}, "", "/etc/passwd", "a" * 300_000, {"fgl": "("}, "{" * 500]
    for source in hostile:
        found = load_problem(source, theory, files=False)
        assert found.problem is None and found.first_error(), source


def test_workers_keep_items_apart() -> None:
    hostile = [b"\xff".decode("latin1") * 10, "x" * 300_000, {"steps": [None]}, "LengthOfLine(BC)**300 = 7"]
    items: list[tuple[object, object]] = [(SIMILAR, SIMILAR_STEPS)]
    items += [(SIMILAR, solution) for solution in hostile]
    items += [("nonsense", SIMILAR_STEPS), (None, None), (ISOSCELES, ISOSCELES_STEPS)]
    records = {record["id"]: record for record in verify_many(items, 1, verify_job(timeout=5))}
    assert sorted(records) == list(range(len(items)))
    assert records[0]["status"] == records[len(items) - 1]["status"] == "proved"
    assert all(records[i]["status"] != "proved" for i in range(1, len(items) - 1))


def test_one_solution_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "p.fgl").write_text(SIMILAR)
    (tmp_path / "s.txt").write_text("\n".join(f"{i}. {s}" for i, s in enumerate(SIMILAR_STEPS, 1)))
    status, out, _ = run("p.fgl", "s.txt", cwd=tmp_path)
    assert status == 0 and "proved" in out and "answer: 12" in out
    status, out, _ = run(
        "p.fgl", "-", "--json", cwd=tmp_path, stdin="\n".join([SIMILAR_STEPS[0], *SIMILAR_STEPS[2:]])
    )
    report = json.loads(out)
    assert status == 1 and report["status"] == "wrong" and report["first_bad"] == 2
    status, out, _ = run("p.fgl", "-", "--feedback", 0, cwd=tmp_path, stdin="hello")
    assert status == 2 and out.startswith("No step could be read.")
    assert run("p.fgl", "none.txt", cwd=tmp_path)[0] == 2
    assert run("none.fgl", "s.txt", cwd=tmp_path)[0] == 2
    assert run(cwd=tmp_path)[0] == 2


def test_a_batch_is_resumed(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "problem": SIMILAR, "solution": SIMILAR_STEPS},
        {"id": "b", "problem": SIMILAR, "solution": SIMILAR_STEPS[:3]},
        {"id": "c", "problem": "gone.fgl", "solution": []},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\nno JSON\n"
    (tmp_path / "in.jsonl").write_text(text)
    arguments = ("--batch", "in.jsonl", "--out", "out.jsonl", "--jobs", 0)
    assert run(*arguments, cwd=tmp_path)[0] == 0
    out = tmp_path / "out.jsonl"
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert [record["status"] for record in records] == ["proved", "incomplete", "error", "error"]
    out.write_text("\n".join(out.read_text().splitlines()[:2]) + '\n{"id": "c", "ta')
    status, _, err = run(*arguments, "--resume", cwd=tmp_path)
    assert status == 0 and "2 verified" in err
    again = [json.loads(line) for line in out.read_text().splitlines()]
    assert [record["id"] for record in again] == ["a", "b", "c", 4]
