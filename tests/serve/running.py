"""A server in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes of its workers."""
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True)
        return [int(word) for word in listed.stdout.split()]

    def cpu(self) -> tuple[float, float]:
        """Seconds of CPU that the server and its workers have taken."""
        return _cpu(self.pid), sum(map(_cpu, self.workers()))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*options: str) -> Iterator[Server]:
    """A server on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "fgps", "serve", "--port", str(port), "--workers", "2", *options]
    environment = {name: value for name, value in os.environ.items() if name != "FGPS_TOKEN"}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
    found = Server(port, process.pid)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with status {process.returncode}")
            try:
                if httpx.get(f"{found.url}/health", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield found
    finally:
        process.terminate()
        process.wait(20)
