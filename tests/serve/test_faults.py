"""Hostile requests and killed workers beside honest requests: every honest one is answered right."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import string
from typing import Any

import httpx
from own_problems import ISOSCELES, ISOSCELES_STEPS, SIMILAR, SIMILAR_STEPS

from fgps.serve.pool import Busy, Limits, Pool

HOSTILE_STEPS = [
    "LengthOfLine(BC)**300 = 7",
    "LengthOfLine(BC) = 2**99999999",
    "\n".join(f"x{i}**3 + x{i + 1}**2 * x{i} = {i}" for i in range(60)),
    "sqrt(" * 90 + "x" + ")" * 90 + " = LengthOfLine(BC)",
    "x = " + "+".join(f"a{i}*b{i}" for i in range(300)),
    "(" * 4000,
]


def hostile(chance: random.Random) -> bytes:
    """One request that nobody should send."""
    kind = chance.randrange(6)
    if kind == 0:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    if kind == 1:
        return b"[" * chance.randrange(1, 5000)
    if kind == 2:
        return json.dumps({"problem": SIMILAR, "solution": chance.choice(HOSTILE_STEPS)}).encode()
    if kind == 3:
        keys = ["problem", "solution", "timeout", "feedback", "searches", "steps"]
        values = [None, -1, 1e308, [], {}, "x" * 1000, [[[]]], True, {"steps": [None]}, SIMILAR]
        return json.dumps({chance.choice(keys): chance.choice(values) for _ in range(4)}).encode()
    if kind == 4:
        text = list(json.dumps({"problem": SIMILAR, "solution": SIMILAR_STEPS}))
        for _ in range(5):
            text[chance.randrange(len(text))] = chance.choice(string.printable)
        return "".join(text).encode()
    return b'{"problem": "' + b"\\u0000" * chance.randrange(1, 3000) + b'"}'


async def _honest(client: httpx.AsyncClient, url: str, count: int) -> list[tuple[int, Any]]:
    answers = []
    for i in range(count):
        problem, steps = ((SIMILAR, SIMILAR_STEPS), (ISOSCELES, ISOSCELES_STEPS))[i % 2]
        done = await client.post(f"{url}/verify", json={"problem": problem, "solution": steps})
        answers.append((done.status_code, done.json()))
    return answers


async def _hostile(client: httpx.AsyncClient, url: str, count: int, seed: int) -> list[int]:
    chance = random.Random(seed)
    statuses = []
    for _ in range(count):
        path = chance.choice(["/verify", "/verify", "/check-problem", "/apply", "/verify/batch"])
        done = await client.post(url + path, content=hostile(chance))
        statuses.append(done.status_code)
        assert done.status_code == 200 or done.json().get("error"), done.text[:300]
    return statuses


def test_hostile_requests_beside_honest_ones(server: Any) -> None:
    async def run() -> tuple[list[tuple[int, Any]], list[int]]:
        async with httpx.AsyncClient(timeout=60) as client:
            honest = asyncio.create_task(_honest(client, server.url, 40))
            bad = await asyncio.gather(*(_hostile(client, server.url, 30, seed) for seed in range(2)))
            return await honest, [status for statuses in bad for status in statuses]

    honest, statuses = asyncio.run(run())
    assert all(status == 200 and answer["accepted"] for status, answer in honest), honest
    assert set(statuses) <= {200, 400, 413, 422, 429, 504, 507}


def test_a_large_solution(server: Any) -> None:
    body = json.dumps({"problem": SIMILAR, "solution": "x" * 5_000_000}).encode()
    assert httpx.post(f"{server.url}/verify", content=body, timeout=60).status_code == 413


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


def test_a_request_that_kills_its_workers_is_given_up() -> None:
    async def run() -> tuple[dict[str, Any], dict[str, Any], int]:
        pool = Pool(Limits(workers=1, waiting=10, seconds=5))
        await pool.open()
        try:
            poison = asyncio.create_task(pool.ask("verify", {"problem": SIMILAR, "solution": SIMILAR_STEPS}))
            for _ in range(2):
                while not pool.pids:
                    await asyncio.sleep(0.01)
                (pid,) = pool.pids
                os.kill(pid, signal.SIGKILL)
                while pid in pool.pids:
                    await asyncio.sleep(0)
            return await poison, await pool.ask("search", {"q": "angle"}), pool.counts.replaced
        finally:
            await pool.close()

    given_up, after, replaced = asyncio.run(run())
    assert given_up["status"] == "crashed" and "again" in given_up["message"]
    assert after["status"] == "ok" and replaced == 2


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
