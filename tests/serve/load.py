"""Load for a server: clients that cost as little as possible, since they share the machine with it.

One connection a client, requests encoded beforehand, answers read by their length.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgps.data.sources import open_dataset, read_source
from fgps.lang.printer import print_term

#: What makes a request unlike every other one; the server does not look at it.
_MARK = b'"mark":"'


@dataclass
class Seen:
    """Latencies in seconds, what went wrong, and how long it took."""

    times: list[float]
    wrong: list[tuple[int, bytes]]
    seconds: float
    own: float

    def at(self, share: float) -> float:
        """The latency in ms below which so many of the calls stay."""
        ordered = sorted(self.times)
        return 1000 * ordered[int(share * (len(ordered) - 1))]

    def __str__(self) -> str:
        return (
            f"{len(self.times)} calls, {len(self.times) / self.seconds:.0f} a second, "
            f"median {self.at(0.5):.1f} ms, p95 {self.at(0.95):.1f} ms, p99 {self.at(0.99):.1f} ms, "
            f"{len(self.wrong)} wrong; CPU in ms a call: the clients {1000 * self.own / len(self.times):.2f}"
        )


def documents(data: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """Annotated problems with their solutions."""
    found = []
    for name in random.Random(seed).sample(open_dataset(data).ids, count):
        read = read_source(f"{data}#{name}")
        if read.raw is not None and read.theorem_sequence:
            keys = ("construction_cdl", "text_cdl", "image_cdl", "goal_cdl", "problem_id")
            problem = {key: read.raw[key] for key in keys if key in read.raw}
            steps = [print_term(call) for call in read.theorem_sequence]
            found.append({"problem": problem, "solution": steps})
    return found


async def put_under_load(
    port: int,
    work: list[dict[str, Any]],
    clients: int,
    seconds: float,
    *,
    distinct: bool = True,
    pause: float = 0.0,
    right: Callable[[bytes], bool] = lambda answer: b'"accepted":true' in answer,
    seed: int = 0,
) -> Seen:
    """So many clients for so long; each waits for its answer, then ``pause`` seconds on average.

    ``distinct``: no request is sent twice, so that every one is worked on.
    """
    bodies = [json.dumps({"mark": "", **document}, separators=(",", ":")).encode() for document in work]
    seen = Seen([], [], 0.0, 0.0)
    began, used = time.perf_counter(), time.process_time()
    until = began + seconds

    async def client(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sent = 0
        while time.perf_counter() < until:
            if pause:
                await asyncio.sleep(chance.expovariate(1 / pause))
            body = bodies[int(chance.random() * len(bodies))]
            if distinct:
                sent += 1
                body = body.replace(_MARK, b"%s%d.%d.%d" % (_MARK, seed, number, sent), 1)
            start = time.perf_counter()
            writer.write(
                b"POST /verify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%s" % (len(body), body)
            )
            head = await reader.readuntil(b"\r\n\r\n")
            low = head.lower()
            at = low.index(b"content-length:") + 15
            answer = await reader.readexactly(int(low[at : low.index(b"\r", at)]))
            seen.times.append(time.perf_counter() - start)
            status = int(head[9:12])
            if status != 200 or not right(answer):
                seen.wrong.append((status, answer[:300]))
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    seen.seconds = time.perf_counter() - began
    seen.own = time.process_time() - used
    return seen
