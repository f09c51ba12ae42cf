"""The server under load on loopback.  Opt in with FGPS_LOAD=1; a run takes FGPS_LOAD_SECONDS (60)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from load import Seen, documents, put_under_load
from running import running

from fgps.theory.load import load_theory
from fgps.verify import load_problem, verify

DATA = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k"
CLIENTS = 16
SECONDS = float(os.environ.get("FGPS_LOAD_SECONDS", "60"))
PROBLEMS = 200

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(not os.environ.get("FGPS_LOAD"), reason="set FGPS_LOAD=1 to run it"),
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not there: {DATA}"),
]


@pytest.fixture(scope="module")
def loaded() -> Iterator[Any]:
    """A server of the usual settings that has seen every problem once."""
    with running() as server:
        work = accepted(documents(DATA, PROBLEMS, 11))
        assert len(work) >= 0.98 * PROBLEMS
        for turn in range(2):
            asyncio.run(put_under_load(server.port, work, 4, 15, seed=100 + turn))
        yield server, work


def accepted(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents whose solution the library accepts: then the server has to, too."""
    theory = load_theory("basic").theory
    assert theory is not None
    read = [load_problem(document["problem"], theory).problem for document in found]
    return [d for d, p in zip(found, read, strict=True) if p and verify(p, d["solution"]).accepted]


def run(
    server: Any, work: list[dict[str, Any]], seed: int, seconds: float, clients: int = CLIENTS, **how: Any
) -> Seen:
    """One run, with what the server took of the processor and of memory."""
    processes = [server.pid, *server.workers()]
    before = server.cpu(), sum(map(resident, processes))
    seen = asyncio.run(put_under_load(server.port, work, clients, seconds, seed=seed, **how))
    grown = (sum(map(resident, processes)) - before[1]) / 1024
    took = [1000 * (b - a) / len(seen.times) for a, b in zip(before[0], server.cpu(), strict=True)]
    print(f"\n{seen}, the server {took[0]:.2f}, its workers {took[1]:.2f}; memory {grown:+.1f} MiB")
    assert not seen.wrong, seen.wrong[:3]
    assert grown < 50
    return seen


def resident(pid: int) -> int:
    """Memory of a process in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def test_one_client(loaded: Any) -> None:
    """No request comes twice: every one is worked on."""
    assert run(*loaded, 1, SECONDS / 4, clients=1).at(0.5) <= 10


def test_sixteen_clients(loaded: Any) -> None:
    """Each sends the next request when it has its answer; no request comes twice."""
    seen = run(*loaded, 2, SECONDS)
    assert seen.at(0.5) <= 10 and seen.at(0.99) <= 200


def test_sixteen_clients_with_samples_that_repeat(loaded: Any) -> None:
    seen = run(*loaded, 3, SECONDS, distinct=False)
    assert seen.at(0.5) <= 10 and seen.at(0.99) <= 200


def test_sixteen_clients_that_think(loaded: Any) -> None:
    """Each waits a tenth of a second on average before the next request; none comes twice."""
    seen = run(*loaded, 4, SECONDS, pause=0.1)
    assert seen.at(0.5) <= 10 and seen.at(0.99) <= 200
