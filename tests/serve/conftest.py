"""A running server for the tests, and the problems of the verifier's tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "verify"))

pytest.importorskip("httpx", reason="the extra `serve` is not installed")
pytest.importorskip("fastapi", reason="the extra `serve` is not installed")
pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from running import running  # noqa: E402


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with running("--timeout", "5") as found:
        yield found
