"""The executors: one bad item never harms another, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from fgps.batch.executor import BatchError, InProcess
from fgps.batch.jobs import FIELDS, Item, Job, Record
from fgps.batch.pool import LocalPool

# What the workers of these tests run: the source says how the item behaves.
TROUBLE = """
import os, signal, time
from fgps.batch.executor import BatchError
from fgps.batch.jobs import record_for

def prepare(job):
    if job.theory == "absent":
        raise BatchError("no theory of that name")
    if job.theory == "short-lived":
        import atexit, sys
        sys.modules["__main__"].LOOK = 3
        sys.modules["__main__"].GROWTH = -1
        # As on a busy machine: the end of the process takes its time.
        atexit.register(time.sleep, 1.5)
    if job.theory == "crash":
        raise SystemExit("cannot even start")
    def run(item):
        if item.source == "hang":
            time.sleep(600)
        elif item.source == "slow":
            time.sleep(0.3)
        elif item.source == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif item.source == "raise":
            raise ValueError("broken item")
        elif item.source == "eat":
            hoard = []
            while True:
                hoard.append(bytearray(10**8))
        elif item.source == "chat":
            print("noise on standard output")
        elif item.source == "deep":
            def down(n):
                return down(n + 1)
            down(0)
        return record_for(job, item, "solved", answer=item.source, seconds=0.0)
    return run
"""


@pytest.fixture
def pool(tmp_path: Path) -> LocalPool:
    (tmp_path / "trouble.py").write_text(TROUBLE)
    return LocalPool(2, {"PYTHONPATH": str(tmp_path)})


def job(**changes: object) -> Job:
    fields = {"task": "solve", "timeout": 0.4, "memory_mb": 400, "prepare": "trouble:prepare"}
    return Job(**{**fields, **changes})  # type: ignore[arg-type]


def items(sources: Sequence[str]) -> list[Item]:
    return [Item(number, source, level=number) for number, source in enumerate(sources)]


def by_id(records: Sequence[Record]) -> dict[int, Record]:
    assert len({record["id"] for record in records}) == len(records)
    return {record["id"]: record for record in records}


def test_one_bad_item_never_harms_another(pool: LocalPool) -> None:
    sources = ["fine", "hang", "fine", "die", "raise", "eat", "chat", "deep", "fine", "fine"]
    records = by_id(list(pool.run(job(), items(sources))))
    assert len(records) == len(sources)
    good = [number for number, source in enumerate(sources) if source in ("fine", "chat")]
    assert all(records[number]["status"] == "solved" for number in good)
    assert records[1]["status"] == "timeout" and "watchdog" in records[1]["message"]
    assert records[3]["status"] == "error" and "signal 9" in records[3]["message"]
    assert records[4]["status"] == "error" and "broken item" in records[4]["message"]
    assert records[5]["status"] == "memory"
    assert records[7]["status"] == "error" and "deeply" in records[7]["message"]
    assert all(tuple(record) == FIELDS for record in records.values())


def test_a_task_without_such_a_status_reports_an_error_with_its_cause(pool: LocalPool) -> None:
    (record,) = pool.run(job(task="diagram"), items(["hang"]))
    assert (record["status"], record["cause"]) == ("error", "timeout")


def test_many_items_go_through_few_workers(pool: LocalPool) -> None:
    records = by_id(list(pool.run(job(), items(["fine"] * 500))))
    assert sorted(records) == list(range(500))


def test_workers_that_have_lived_their_life_lose_nothing(pool: LocalPool) -> None:
    records = by_id(list(pool.run(job(theory="short-lived", timeout=5.0), items(["fine"] * 14))))
    assert sorted(records) == list(range(14))
    assert all(record["status"] == "solved" for record in records.values())


def test_an_item_whose_worker_is_killed_from_outside_is_tried_again(pool: LocalPool) -> None:
    stream = pool.run(job(timeout=60), items(["chat", *["slow"] * 6]))
    records = [next(stream)]
    killed = _children()
    for process in killed:
        os.kill(process, signal.SIGKILL)
    records += stream
    assert killed and [record["status"] for record in records] == ["solved"] * 7
    by_id(records)


def test_a_job_that_cannot_start_ends_the_run(pool: LocalPool) -> None:
    with pytest.raises(BatchError, match="no theory"):
        list(pool.run(job(theory="absent"), items(["fine"] * 5)))
    with pytest.raises(BatchError, match="cannot even start"):
        list(pool.run(job(theory="crash"), items(["fine"] * 5)))


def test_closing_the_iterator_ends_the_workers(pool: LocalPool) -> None:
    stream = pool.run(job(timeout=60), items(["fine", "hang", "hang"]))
    assert next(stream)["status"] == "solved"
    before = _children()
    assert before
    started = time.monotonic()
    stream.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5
    assert not before & _children()


def test_in_process_turns_exceptions_into_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trouble.py").write_text(TROUBLE)
    monkeypatch.syspath_prepend(str(tmp_path))
    records = list(InProcess().run(job(), items(["fine", "raise", "fine"])))
    assert [record["status"] for record in records] == ["solved", "error", "solved"]


def _children() -> set[int]:
    """Processes whose parent is this one, zombies left out."""
    children = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z":
            children.add(int(stat.parent.name))
    return children
