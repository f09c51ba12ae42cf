"""Whole runs: the files that they leave, resuming, and a real kill -9 of a real process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import fgps
from fgps.batch.executor import BatchError
from fgps.batch.items import items_of
from fgps.batch.jobs import Record
from fgps.batch.manifest import digest_of_file, digest_of_items
from fgps.batch.results import ResultsFile, read_results
from fgps.batch.run import bench

ROOT = Path(__file__).resolve().parents[2]

TRIANGLE = """problem {name}:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = {first}, MeasureOfAngle(BCA) = 60
    find  MeasureOfAngle(CAB)
    answer {answer}

solution of {name}:
    triangle_property_angle_sum(1,ABC)

"""

# A run whose workers note what they begin.
KILLED = """
import os, sys, time
from pathlib import Path
from fgps.batch.jobs import Item, Job, record_for
from fgps.batch.pool import LocalPool
from fgps.batch.run import run_batch

def prepare(job):
    def run(item):
        with open("begun", "a") as diary:
            diary.write(f"{item.id}\\n")
        time.sleep(0.02)
        return record_for(job, item, "solved", seconds=0.02)
    return run

if __name__ == "__main__":
    job = Job("solve", timeout=5.0, prepare="killed:prepare")
    items = [Item(number, "") for number in range(150)]
    pool = LocalPool(2, {"PYTHONPATH": os.environ["PYTHONPATH"]})
    done = run_batch(job, items, pool, Path("r.jsonl"), True)
    print(len(done.records), done.complete)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "set"
    path.mkdir()
    texts = [TRIANGLE.format(name=f"t{n}", first=20 + n, answer=100 - n if n < 5 else 1) for n in range(6)]
    (path / "triangles.fgl").write_text("".join(texts))
    return path


def manifest(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(out.with_suffix(".manifest.json").read_text())
    return document


def run(folder: Path, **options: Any) -> Any:
    return bench(folder, "replay", executor="inprocess", **options)


def test_a_complete_run_leaves_results_parquet_and_a_manifest(folder: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "out" / "r.jsonl"
    seen: list[Record] = []
    done = run(folder, out=out, seed=3, progress=seen.append)
    assert done.complete and [row["id"] for row in done.records] == [row["id"] for row in seen]
    assert [path.name for path in done.files] == ["r.jsonl", "r.parquet", "r.manifest.json"]
    rows = read_results(out)
    table = parquet.read_table(out.with_suffix(".parquet"))
    assert table.to_pylist() == [{**row, "id": str(row["id"])} for row in rows]
    said = manifest(out)
    assert json.loads(table.schema.metadata[b"fgps.manifest"])["data"] == said["data"]
    assert said["complete"] and said["counts"]["success"] == 5 and said["counts"]["total"] == 6
    assert said["job"]["task"] == "replay" and said["job"]["seed"] == 3 and said["job"]["timeout"] == 10.0
    assert len(said["theory"]["digest"]) == 64
    assert said["data"]["sha256"] == digest_of_items(items_of(str(folder)))
    for path in (out, out.with_suffix(".parquet")):
        kind = "results" if path == out else "parquet"
        assert said["files"][kind] == {"name": path.name, "rows": 6, "sha256": digest_of_file(path)}
    (only,) = said["runs"]
    assert only["versions"]["fgps"] == fgps.__version__ and only["versions"]["numpy"]
    assert only["machine"]["cpus"] == os.cpu_count() and only["finished"] >= only["started"]
    assert only["executor"] == {"kind": "inprocess", "workers": 1}


def test_the_digest_of_data_changes_with_a_problem_only(folder: Path, tmp_path: Path) -> None:
    before = digest_of_items(items_of(str(folder)))
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    assert digest_of_items(items_of(str(moved))) == before
    text = (moved / "triangles.fgl").read_text()
    (moved / "triangles.fgl").write_text(text.replace("= 60", "= 61", 1))
    assert digest_of_items(items_of(str(moved))) != before


def test_without_the_library_there_is_no_parquet_but_a_note(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    out = tmp_path / "r.jsonl"
    done = run(folder, out=out)
    assert done.complete and done.notes == ("no Parquet was written: pip install 'fgps[table]'",)
    assert sorted(path.name for path in tmp_path.glob("r.*")) == ["r.jsonl", "r.manifest.json"]


def test_an_interrupted_run_is_resumed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"

    def stop(record: Record) -> None:
        if record["id"] == "t2":
            raise KeyboardInterrupt

    done = run(folder, out=out, progress=stop)
    assert not done.complete and [row["id"] for row in done.records] == ["t0", "t1", "t2"]
    assert not manifest(out)["complete"] and not out.with_suffix(".parquet").exists()
    again = run(folder, out=out, resume=True)
    assert again.complete and [row["id"] for row in again.records] == [f"t{n}" for n in range(6)]
    assert [entry["resumed_after"] for entry in manifest(out)["runs"]] == [0, 3]


@pytest.mark.parametrize("change", [{"seed": 5}, {"timeout": 3.0}, {"method": "forward"}])
def test_another_question_cannot_resume(folder: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    out = tmp_path / "r.jsonl"
    run(folder, out=out)
    before = out.read_bytes(), out.with_suffix(".manifest.json").read_bytes()
    with pytest.raises(BatchError, match=f"holds a run with {next(iter(change))}"):
        run(folder, out=out, resume=True, **change)
    assert (out.read_bytes(), out.with_suffix(".manifest.json").read_bytes()) == before
    assert run(folder, out=out, resume=True, memory_mb=999).complete


def test_starting_anew_sets_everything_aside(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    run(folder, out=out, ids=["t1"])
    run(folder, out=out, seed=2)
    assert [row["id"] for row in read_results(tmp_path / "r.jsonl.old")] == ["t1"]
    assert json.loads((tmp_path / "r.manifest.json.old").read_text())["job"]["seed"] == 0
    assert len(manifest(out)["runs"]) == 1 and manifest(out)["job"]["seed"] == 2


def test_two_runs_cannot_write_to_one_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    with ResultsFile(out, "replay") as file:
        file.append({"id": "t0", "task": "replay"})
        for resume in (True, False):
            with pytest.raises(BatchError, match="another run writes to"):
                run(folder, out=out, resume=resume)
        file.append({"id": "t1", "task": "replay"})
    assert len(read_results(out)) == 2


def test_arguments_that_make_no_sense(folder: Path) -> None:
    for options in ({"task": "cook"}, {"executor": "oven"}, {"resume": True}):
        with pytest.raises(ValueError):
            bench(folder, **options)  # type: ignore[arg-type]
    with pytest.raises(BatchError):
        bench(folder / "absent")


def test_kill_9_loses_at_most_what_was_in_flight(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    out, begun = tmp_path / "r.jsonl", tmp_path / "begun"
    for least in (400, 9000):
        # Killed twice: soon after the start, and in the middle.
        process = subprocess.Popen([sys.executable, "killed.py"], cwd=tmp_path, env=environment)
        deadline = time.monotonic() + 120
        while not (out.exists() and out.stat().st_size > least):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    kept = out.read_bytes().splitlines()[:10]
    done = subprocess.run([sys.executable, "killed.py"], cwd=tmp_path, env=environment, capture_output=True)
    assert done.stdout.split() == [b"150", b"True"], done.stderr
    assert sorted(row["id"] for row in read_results(out)) == list(range(150))
    assert out.read_bytes().splitlines()[:10] == kept
    # Two workers, two kills: each worker held one item, and may have been handed the next.
    again = Counter(begun.read_text().split())
    assert sum(again.values()) - 150 <= 8
    assert len(manifest(out)["runs"]) == 3
