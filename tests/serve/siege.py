"""Hostile requests of every kind beside honest ones, and workers killed while they work."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import string
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from own_problems import ISOSCELES, ISOSCELES_STEPS, SIMILAR, SIMILAR_STEPS

from fgps.theory.load import load_theory
from fgps.verify import Budget, ProblemShelf, verify

#: Longest request that the server takes here: a solution of 5 MB reaches the verifier.
LONGEST = 6_000_000
#: What an honest error says (500 only for a request that took two workers with it).
CLEAR = {
    (400, "syntax"),
    (400, "not-text"),
    (413, "too-long"),
    (422, "bad-request"),
    (429, "busy"),
    (500, "crashed"),
    (504, "timeout"),
    (507, "memory"),
}


@dataclass(frozen=True)
class Hostile:
    """A request that nobody should send; ``chunks`` of unknown length in all if it has no length."""

    body: bytes
    path: str = "/verify"
    chunked: bool = False


def noise(chance: random.Random) -> Hostile:
    """Bytes that are no text."""
    return Hostile(b"\xff" + chance.randbytes(chance.randrange(2000)), _path(chance))


def not_utf8(chance: random.Random) -> Hostile:
    """A right request with bytes that are no UTF-8 in it."""
    body = bytearray(_right())
    body.insert(chance.randrange(len(body)), chance.choice([0xFF, 0xC0, 0xED, 0x80]))
    return Hostile(bytes(body))


def fuzzed(chance: random.Random) -> Hostile:
    """A right request with signs changed, doubled or left out."""
    text = list(_right().decode())
    for _ in range(chance.randrange(1, 12)):
        position = chance.randrange(len(text))
        text[position] = chance.choice(["", text[position] * 2, chance.choice(string.printable), "\x00", "∠"])
    return Hostile("".join(text).encode())


def wrong_types(chance: random.Random) -> Hostile:
    """JSON with values that do not belong there."""
    keys = [
        "problem",
        "solution",
        "timeout",
        "feedback",
        "searches",
        "steps",
        "step",
        "try",
        "items",
        "proof",
    ]
    values: list[Any] = [None, -1, 1e308, float("nan"), [], {}, "x" * 1000, [[[]]], True, {"steps": [None]}]
    values += [{"steps": {"a": {"b": 1}}}, [0] * 5000, SIMILAR, {"fgl": SIMILAR}, "\x00\ud800", 10**400]
    document = {chance.choice(keys): chance.choice(values) for _ in range(chance.randrange(1, 6))}
    return Hostile(json.dumps(document).encode(), _path(chance))


def nested(chance: random.Random) -> Hostile:
    """Brackets within brackets: of the JSON, of the problem, of the solution."""
    depth = chance.choice([90, 500, 5000, 200_000])
    inside = "sqrt(" * depth + "x" + ")" * depth
    return Hostile(
        chance.choice(
            [
                b"[" * depth,
                b'{"problem":' * depth,
                b'{"problem":' + b"[" * depth + b"]" * depth + b"}",
                _request(SIMILAR, f"{inside} = LengthOfLine(BC)"),
                _request(SIMILAR.replace("= 4", f"= {inside}"), SIMILAR_STEPS),
                _request(SIMILAR, "(" * depth),
                _request(SIMILAR, f"answer: {inside}"),
            ]
        )
    )


def long(chance: random.Random) -> Hostile:
    """Five megabytes of solution, or more than may be sent."""
    size = chance.choice([5_000_000, 5_000_000, LONGEST + 1])
    step = chance.choice(
        ["x", "triangle ", "∠ABC = ∠BCA\n", SIMILAR_STEPS[0] + "\n", "LengthOfLine(AB)=", "1. "]
    )
    text = step * (size // len(step.encode()))
    solution: object = text if chance.random() < 0.7 else text.split(" ")
    body = json.dumps({"problem": SIMILAR, "solution": solution}, ensure_ascii=False).encode()
    return Hostile(body, chunked=chance.random() < 0.3)


def algebra(chance: random.Random) -> Hostile:
    """Claims and givens that are hard to decide, or huge."""
    n = chance.randrange(5, 60)
    claims = [
        f"LengthOfLine(BC)**{n * 7} = 7",
        f"LengthOfLine(BC) = 2**{'9' * chance.randrange(2, 12)}",
        f"LengthOfLine(BC) = {'9' * n * 50}/{'7' * n * 50}",
        "\n".join(f"x{i}**3 + x{i + 1}**2 * x{i} = {i}" for i in range(n)),
        "\n".join(f"LengthOfLine(BC)**{i} + LengthOfLine(AC)**{i + 1} = {i}" for i in range(2, n)),
        "LengthOfLine(BC) = " + "+".join(f"sqrt({i})" for i in range(2, 3 * n)),
        "x = " + "+".join(f"a{i}*b{i}" for i in range(5 * n)),
        f"sin(LengthOfLine(BC))**{n} = cos(tan(sqrt(LengthOfLine(AC))))",
        "LengthOfLine(BC) = 2**2**2**2**2**2",
        "answer: " + "/".join(["0"] * n),
    ]
    chosen = chance.choice(claims)
    if chance.random() < 0.3:
        hard = ", ".join(line for line in chosen.split("\n")[:20] if "answer" not in line)
        return Hostile(_request(SIMILAR.replace("LengthOfLine(DE) = 4", hard or "0 = 1"), "x = 1"))
    return Hostile(_request(SIMILAR, chosen))


KINDS: tuple[Callable[[random.Random], Hostile], ...] = (
    noise,
    not_utf8,
    fuzzed,
    wrong_types,
    nested,
    long,
    algebra,
)


@dataclass
class Outcome:
    """What happened: hostile requests by kind and by answer, and everything that was not as it should be."""

    kinds: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    honest: int = 0
    killed: int = 0
    unclear: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{answer} {count}" for answer, count in self.answers.most_common())
        return (
            f"{sum(self.kinds.values())} hostile requests: {told}; {len(self.unclear)} unclear answers\n"
            f"{self.honest} honest requests, {len(self.failed)} failed; {self.killed} workers killed"
        )


def judgement(report: dict[str, Any]) -> dict[str, Any]:
    """All that a report says of right and wrong.

    How a step could be mended is left out: the search for it has a limit of time, which counts where other
    work takes the machine's.
    """
    left_out = ("suggestions", "reason", "feedback")
    kept = {key: value for key, value in report.items() if key not in left_out}
    kept["steps"] = [{k: v for k, v in step.items() if k not in left_out} for step in report["steps"]]
    return kept


class Siege:
    """Three hostile clients, two honest ones, and somebody who kills workers."""

    def __init__(self, server: Any, count: int) -> None:
        self.server, self.count = server, count
        self.outcome = Outcome()
        self.sent = 0
        theory = load_theory("basic").theory
        assert theory is not None
        self.shelf = ProblemShelf(theory, files=False)
        pairs: list[tuple[str, list[str]]] = [(SIMILAR, SIMILAR_STEPS), (ISOSCELES, ISOSCELES_STEPS)]
        pairs += [
            (SIMILAR, SIMILAR_STEPS[1:]),
            (ISOSCELES, SIMILAR_STEPS),
            (SIMILAR, [*SIMILAR_STEPS, "x = 1"]),
        ]
        self.pairs = [(*pair, self.expected(*pair)) for pair in pairs]
        self.over = False

    def expected(self, problem: object, solution: Any) -> dict[str, Any]:
        """The report that an honest request gets, as it comes out of JSON."""
        found = self.shelf.get(problem).problem
        assert found is not None
        return json.loads(json.dumps(verify(found, solution, Budget(30)).as_json()))

    async def run(self) -> Outcome:
        async with httpx.AsyncClient(timeout=60) as client:
            honest = [asyncio.create_task(self.honest(client, i)) for i in range(2)]
            killer = asyncio.create_task(self.killer(client))
            await asyncio.gather(*(self.hostile(client, seed) for seed in range(3)))
            self.over = True
            await asyncio.gather(*honest, killer)
        return self.outcome

    async def honest(self, client: httpx.AsyncClient, number: int) -> None:
        turn = number
        while not self.over:
            problem, solution, expected = self.pairs[turn % len(self.pairs)]
            turn += 1
            # The mark makes each request a new one: nothing comes out of a cache.
            document = {"problem": problem, "solution": solution, "mark": f"{number}.{turn}"}
            self.outcome.honest += 1
            try:
                done = await client.post(f"{self.server.url}/verify", json=document)
            except httpx.TransportError as problem:
                self.outcome.failed.append((solution, repr(problem)))
                continue
            if done.status_code != 200 or judgement(done.json()) != judgement(expected):
                self.outcome.failed.append((done.status_code, solution, done.text[:300]))
            await asyncio.sleep(0.01)

    async def killer(self, client: httpx.AsyncClient) -> None:
        """End a worker for every twenty hostile requests, as the system does when memory is short."""
        chance = random.Random(5)
        while not self.over:
            await asyncio.sleep(0.05)
            if self.sent < 20 * (self.outcome.killed + 1):
                continue
            workers = await asyncio.to_thread(self.server.workers)
            # Not while one of them is still starting: then nothing would ever be done.
            if (await client.get(f"{self.server.url}/health")).json()["workers"] == len(workers) == 2:
                os.kill(chance.choice(workers), signal.SIGKILL)
                self.outcome.killed += 1

    async def hostile(self, client: httpx.AsyncClient, seed: int) -> None:
        chance = random.Random(seed)
        while self.sent < self.count:
            kind = KINDS[self.sent % len(KINDS)]
            self.sent += 1
            request = kind(chance)
            content: Any = _chunks(request.body) if request.chunked else request.body
            self.outcome.kinds[kind.__name__] += 1
            try:
                done = await client.post(self.server.url + request.path, content=content)
            except httpx.TransportError as problem:
                self.outcome.answers["none"] += 1
                told = (request.path, request.chunked, len(request.body), request.body[:300])
                self.outcome.unclear.append((kind.__name__, told, repr(problem)))
                continue
            answer, clear = self.judged(request, done)
            self.outcome.answers[answer] += 1
            if not clear:
                self.outcome.unclear.append(
                    (kind.__name__, request.body[:300], done.status_code, done.text[:300])
                )

    def judged(self, request: Hostile, done: httpx.Response) -> tuple[str, bool]:
        """The answer in a word, and whether it is clear: an error in words, or the report that is due."""
        try:
            document = done.json()
        except ValueError:
            return f"{done.status_code}", False
        if done.status_code != 200:
            error = document["error"]
            return f"{done.status_code} {error['code']}", (done.status_code, error["code"]) in CLEAR and bool(
                error["message"]
            )
        if request.path != "/verify":
            return "200", isinstance(document, dict)
        if not document["accepted"]:
            told = bool(document["problems"] or document["suggestions"] or document["feedback"])
            return f"report: {document['verdict']}", told
        # Some changes leave a right solution right: then the library says so too.
        sent = json.loads(request.body)
        return "report: proved", self.expected(sent["problem"], sent["solution"])["accepted"]


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 100_000):
        yield body[start : start + 100_000]


def _path(chance: random.Random) -> str:
    return chance.choice(
        ["/verify", "/verify", "/check-problem", "/apply", "/verify/batch", "/solve", "/check"]
    )


def _request(problem: object, solution: object) -> bytes:
    return json.dumps({"problem": problem, "solution": solution}).encode()


def _right() -> bytes:
    return _request(SIMILAR, SIMILAR_STEPS)
