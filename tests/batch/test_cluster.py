"""The Ray executor on real local clusters: two nodes, one of which is killed in mid-run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fgps.batch.cluster import RayCluster, WorkerActor
from fgps.batch.executor import BatchError
from fgps.batch.jobs import FIELDS, Item, Job

pytest.importorskip("ray")

ROOT = Path(__file__).resolve().parents[2]

# Each item notes in a file that it was begun, and on which node (its worker is the child of an actor, that
# of a raylet).
DIARY = """
import os, signal, sys, time
from pathlib import Path
from fgps.batch.jobs import record_for

def parent(process):
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])

def prepare(job):
    node = parent(os.getppid())
    def run(item):
        with open(os.environ["DIARY"], "a") as diary:
            diary.write(f"{item.id} {node}\\n")
        if item.source == "hang":
            time.sleep(600)
        if item.source == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if item.source == "eat":
            hoard = []
            while True:
                hoard.append(bytearray(10**8))
        time.sleep(0.15)
        return record_for(job, item, "solved", seconds=0.15)
    return run
"""


class Nodes:
    """A local cluster of a head and one more node, each with one processor."""

    def __init__(self, folder: Path) -> None:
        from ray.cluster_utils import Cluster

        self.diary = folder / "diary"
        self.diary.touch()
        size = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
        # Loss of a node is noticed within seconds, as a test should not wait for half a minute.
        quick = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 1000}
        quick |= {"health_check_timeout_ms": 4000, "health_check_failure_threshold": 2}
        self.cluster = Cluster(
            initialize_head=True, head_node_args={**size, "include_dashboard": False, "_system_config": quick}
        )
        self.second = self.cluster.add_node(**size)
        self.address: str = self.cluster.address

    def kill_second(self) -> None:
        """As if its machine lost power: no farewell to the cluster."""
        self.cluster.remove_node(self.second, allow_graceful=False)

    def begun(self) -> list[tuple[int, int]]:
        """What was begun: pairs of an item's id and the process of the node."""
        lines = [line.split() for line in self.diary.read_text().splitlines()]
        return [(int(number), int(node)) for number, node in lines]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "diary_worker.py").write_text(DIARY)
    with pytest.MonkeyPatch.context() as patch:
        # The nodes are processes that inherit this.
        patch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{folder}")
        patch.setenv("DIARY", str(folder / "diary"))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.delenv("RAY_ADDRESS", raising=False)
        started = Nodes(folder)
        try:
            yield started
        finally:
            started.cluster.shutdown()


def job(**changes: object) -> Job:
    fields = {"task": "solve", "timeout": 20.0, "memory_mb": 400, "prepare": "diary_worker:prepare"}
    return Job(**{**fields, **changes})  # type: ignore[arg-type]


def test_bad_items_on_a_cluster_are_records(nodes: Nodes) -> None:
    def run(sources: list[str], timeout: float) -> dict[int, Any]:
        items = [Item(number, source) for number, source in enumerate(sources)]
        found = RayCluster(address=nodes.address).run(job(timeout=timeout), items)
        return {row["id"]: row for row in found}

    records = run(["fine", "die", "eat", "fine"], 60.0)
    assert [records[n]["status"] for n in range(4)] == "solved error memory solved".split()
    assert "signal 9" in records[1]["message"]
    assert all(tuple(record) == FIELDS for record in records.values())
    (stopped,) = run(["hang"], 0.4).values()
    assert stopped["status"] == "timeout" and "watchdog" in stopped["message"]


def test_a_node_gets_the_files_that_it_does_not_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Item] = []

    class Seat:
        def __init__(self, *_: object) -> None: ...

        def ask(self, item: Item) -> dict[str, str]:
            held.append(item)
            return {"text": Path(item.source.partition("#")[0]).read_text()}

    monkeypatch.setattr("fgps.batch.cluster.Seat", Seat)
    actor = WorkerActor(json.dumps(job().as_json()))

    def ask(name: str, content: str | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(actor.answer(json.dumps(asdict(Item(1, name))), content))
        return answer

    one, other = (f"/nowhere/{folder}/p.fgl#x" for folder in "ab")
    assert ask(one) == {"missing": True} and not held
    assert ask(one, "one") == {"text": "one"} and held[0].source.endswith("/p.fgl#x")
    assert ask(other) == {"missing": True}
    assert ask(other, "other") == {"text": "other"}
    # Sent once: other problems of the file are read from the copy.
    assert ask("/nowhere/a/p.fgl#y") == {"text": "one"}
    (tmp_path / "here.fgl").write_text("here")
    assert ask(f"{tmp_path}/here.fgl") == {"text": "here"}


def test_the_command_on_two_nodes(nodes: Nodes, tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "fgps", "bench", str(ROOT / "datasets" / "own"), "--task", "replay"]
    command += ["--executor", "ray", "--address", nodes.address, "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert summary["complete"] and summary["total"] == len(rows) == len({row["id"] for row in rows}) > 10


def test_a_node_that_is_killed_in_mid_run_loses_nothing(nodes: Nodes) -> None:
    nodes.diary.write_text("")
    items = [Item(number, "fine") for number in range(60)]
    stream = RayCluster(address=nodes.address).run(job(), items)
    records = [next(stream)]
    while len({node for _, node in nodes.begun()}) < 2 or len(records) < 6:
        records.append(next(stream))
    assert len(records) < 50, "both nodes never worked at the same time"
    before = {record["id"] for record in records}
    nodes.kill_second()
    records += stream
    assert sorted(record["id"] for record in records) == list(range(60))
    assert {record["status"] for record in records} == {"solved"}
    twice = {number for number, count in Counter(number for number, _ in nodes.begun()).items() if count > 1}
    # Only what the lost worker held was begun again: one item, or two if it took one before the kill took
    # effect.
    assert len(twice) <= 2 and not twice & before
    assert max(Counter(number for number, _ in nodes.begun()).values()) <= 2


def test_an_address_where_nothing_listens_is_an_error() -> None:
    with pytest.raises(BatchError, match="no Ray cluster at 127.0.0.1:9"):
        list(RayCluster(address="127.0.0.1:9").run(job(), [Item(1, "fine")]))
