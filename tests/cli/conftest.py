"""Running the command as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "datasets" / "own" / "demo.fgl"
CORPUS = ROOT.parent / "shared" / "formalgeo7k"


@dataclass(frozen=True)
class Done:
    """A finished command; ``seconds`` is processor time, which other work on the machine does not change."""

    status: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def fgps(tmp_path: Path) -> Run:
    """Run ``fgps`` with arguments in an empty folder; a traceback fails the test."""

    def run(*arguments: object, stdin: str | None = None) -> Done:
        files = [tmp_path / ".out", tmp_path / ".err"]
        with files[0].open("wb") as out, files[1].open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "fgps", *map(str, arguments)],
                cwd=tmp_path,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1"},
            )
            if stdin is not None and process.stdin is not None:
                process.stdin.write(stdin.encode())
                process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
        assert "Traceback" not in texts[1], texts[1]
        return Done(process.returncode, texts[0], texts[1], usage.ru_utime + usage.ru_stime)

    return run


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the bundled problem."""
    path = tmp_path / "demo.fgl"
    path.write_text(DEMO.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def corpus() -> Path:
    """The public data beside the checkout."""
    if not CORPUS.is_dir():
        pytest.skip(f"the public data is not at {CORPUS}")
    return CORPUS
