"""The server under load: 16 clients on loopback.  Opt in with FGPS_LOAD=1 (seconds: FGPS_LOAD_SECONDS)."""

from __future__ import annotations

import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from fgps.data.sources import open_dataset, read_source
from fgps.lang.printer import print_term

DATA = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k"
CLIENTS = 16
SECONDS = float(os.environ.get("FGPS_LOAD_SECONDS", "20"))

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(not os.environ.get("FGPS_LOAD"), reason="set FGPS_LOAD=1 to run it"),
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not there: {DATA}"),
]


def documents(count: int) -> list[dict[str, Any]]:
    """Annotated problems with their solutions, seeded."""
    chance = random.Random(11)
    found = []
    for name in chance.sample(open_dataset(DATA).ids, count):
        read = read_source(f"{DATA}#{name}")
        if read.raw is not None and read.theorem_sequence:
            keys = ("construction_cdl", "text_cdl", "image_cdl", "goal_cdl", "problem_id")
            problem = {key: read.raw[key] for key in keys if key in read.raw}
            steps = [print_term(call) for call in read.theorem_sequence]
            found.append({"problem": problem, "solution": steps})
    return found


async def client(url: str, work: list[dict[str, Any]], until: float, seed: int) -> list[tuple[float, bool]]:
    chance = random.Random(seed)
    seen = []
    async with httpx.AsyncClient(timeout=60) as session:
        while time.perf_counter() < until:
            document = chance.choice(work)
            began = time.perf_counter()
            done = await session.post(f"{url}/verify", json=document)
            seen.append((time.perf_counter() - began, done.status_code == 200 and done.json()["accepted"]))
    return seen


def resident(pids: list[int]) -> int:
    """Memory of processes in KiB."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1])
    return total


def test_latency_under_load(server: Any) -> None:
    work = documents(60)

    async def run(seconds: float) -> list[tuple[float, bool]]:
        until = time.perf_counter() + seconds
        lots = await asyncio.gather(*(client(server.url, work, until, seed) for seed in range(CLIENTS)))
        return [one for lot in lots for one in lot]

    asyncio.run(run(10))  # figures are found and kept
    before = resident(server.workers())
    began = time.perf_counter()
    seen = asyncio.run(run(SECONDS))
    elapsed = time.perf_counter() - began
    times = sorted(seconds for seconds, _ in seen)
    median, late = times[len(times) // 2], times[int(0.99 * (len(times) - 1))]
    grown = resident(server.workers()) - before
    print(
        f"\n{len(seen) / elapsed:.0f} requests a second, median {1000 * median:.1f} ms, "
        f"p99 {1000 * late:.1f} ms, memory {grown / 1024:+.1f} MiB"
    )
    assert all(right for _, right in seen)
    assert late < 0.5 and grown < 100 * 1024
