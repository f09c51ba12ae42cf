"""Hostile requests and killed workers beside honest requests: every honest one is answered right."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import httpx
import pytest
from own_problems import SIMILAR, SIMILAR_STEPS
from running import running
from siege import KINDS, LONGEST, Siege

from fgps.serve.pool import TRIES, Busy, Limits, Pool


def test_hostile_requests_beside_honest_ones() -> None:
    """`FGPS_FAULTS=1000 pytest tests/serve/test_faults.py -s` sends so many."""
    with running("--timeout", "2", "--max-bytes", str(LONGEST)) as server:
        outcome = asyncio.run(Siege(server, int(os.environ.get("FGPS_FAULTS", "140"))).run())
        print(f"\n{outcome}")
        health = httpx.get(f"{server.url}/health", timeout=30).json()
    assert not outcome.unclear, outcome.unclear[:5]
    assert not outcome.failed, outcome.failed[:5]
    assert outcome.honest >= 40 and outcome.killed >= 2
    assert set(outcome.kinds) == {kind.__name__ for kind in KINDS}
    assert health["status"] == "ok"


def test_killed_workers_are_replaced() -> None:
    async def run() -> tuple[list[dict[str, Any]], int, set[int], set[int]]:
        pool = Pool(Limits(workers=2, waiting=100, seconds=5))
        await pool.open()
        try:
            before = set(pool.pids)
            data = {"problem": SIMILAR, "solution": SIMILAR_STEPS}
            tasks = [asyncio.create_task(pool.ask("verify", data)) for _ in range(40)]
            await asyncio.sleep(0.02)
            os.kill(min(before), signal.SIGKILL)
            replies = await asyncio.gather(*tasks)
            for _ in range(200):
                if pool.workers == 2:
                    break
                await asyncio.sleep(0.1)
            replies.append(await pool.ask("verify", data))
            return replies, pool.counts.replaced, before, set(pool.pids)
        finally:
            await pool.close()

    replies, replaced, before, after = asyncio.run(run())
    statuses = [reply["status"] for reply in replies]
    assert set(statuses) == {"ok"} and all(reply["result"]["accepted"] for reply in replies)
    assert replaced == 1 and len(after) == 2 and len(after & before) == 1


#: Nothing follows from so little: the search takes all the time that it gets.
ENDLESS = """problem endless:
    construct Shape(OAB,BA), Shape(OBC,CB), Shape(OCD,DC), Shape(ODE,ED), Shape(OEF,FE), Shape(OFA,AF)
    construct Shape(AB,BC,CA), Shape(AC,CD,DA), Shape(AD,DE,EA), Shape(AE,EF,FA), Cocircular(O,ABCDEF)
    given LengthOfLine(AB) = x, LengthOfLine(BC) = x + 1, LengthOfLine(CD) = y
    find  LengthOfLine(EF)
"""


def test_a_request_that_kills_its_workers_is_given_up() -> None:
    async def run() -> tuple[dict[str, Any], dict[str, Any], int]:
        pool = Pool(Limits(workers=1, waiting=10, seconds=5))
        await pool.open()
        try:
            poison = asyncio.create_task(pool.ask("solve", {"problem": ENDLESS}))
            for _ in range(TRIES):
                while not pool.pids:
                    await asyncio.sleep(0.01)
                (pid,) = pool.pids
                await asyncio.sleep(0.1)  # by now the worker has the request
                os.kill(pid, signal.SIGKILL)
                while pid in pool.pids:
                    await asyncio.sleep(0)
            return await poison, await pool.ask("search", {"q": "angle"}), pool.counts.replaced
        finally:
            await pool.close()

    given_up, after, replaced = asyncio.run(run())
    assert given_up["status"] == "crashed" and "again" in given_up["message"]
    assert after["status"] == "ok" and replaced == TRIES


def test_limits_of_time_queue_and_memory() -> None:
    async def run() -> tuple[list[Any], dict[str, Any]]:
        pool = Pool(Limits(workers=1, waiting=1, seconds=5))
        await pool.open()
        try:
            data = {"problem": SIMILAR, "solution": SIMILAR_STEPS}
            tasks = [asyncio.create_task(pool.ask("verify", data)) for _ in range(4)]
            replies = await asyncio.gather(*tasks, return_exceptions=True)
            return replies, await pool.ask("no such task", data)
        finally:
            await pool.close()

    replies, unknown = asyncio.run(run())
    assert [type(reply) for reply in replies].count(Busy) == 2
    assert unknown["status"] == "bad-request"


@pytest.mark.parametrize(("patience", "order"), [(100.0, [0, 4, 3, 2, 1]), (0.0, [0, 1, 2, 3, 4])])
def test_the_newest_request_is_served_first_unless_one_has_waited_long(
    patience: float, order: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgps.serve.pool.PATIENCE", patience)
    done: list[int] = []

    async def one(pool: Pool, number: int) -> None:
        await pool.ask("search", {"q": "angle"})
        done.append(number)

    async def run() -> None:
        pool = Pool(Limits(workers=1, waiting=10, seconds=5))
        await pool.open()
        try:
            await asyncio.gather(*(one(pool, number) for number in range(5)))
        finally:
            await pool.close()

    asyncio.run(run())
    assert done == order


def test_a_worker_past_its_deadline_is_killed() -> None:
    """A stopped process answers nothing: the deadline ends it, and the next request gets another one."""

    async def run() -> tuple[dict[str, Any], dict[str, Any]]:
        pool = Pool(Limits(workers=1, waiting=10, seconds=0.5))
        await pool.open()
        try:
            os.kill(pool.pids[0], signal.SIGSTOP)
            data = {"problem": SIMILAR, "solution": SIMILAR_STEPS}
            stuck = await pool.ask("verify", data)
            return stuck, await pool.ask("search", {"q": "angle"})
        finally:
            await pool.close()

    stuck, fresh = asyncio.run(run())
    assert stuck["status"] == "timeout" and fresh["status"] == "ok"
