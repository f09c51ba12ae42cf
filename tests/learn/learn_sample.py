"""What the tests of this folder export."""

from __future__ import annotations

from pathlib import Path

from fgps.batch.items import choose, items_of
from fgps.batch.jobs import Item
from fgps.learn.export import Options

PAGE = Path(__file__).resolve().parents[2] / "docs" / "learning.md"
OPTIONS = Options("own", timeout=60.0, seed=3, shares=(0.5, 0.25, 0.25))
COUNT = 14


def sample() -> list[Item]:
    """Some of the bundled problems."""
    return choose(items_of("own"), None, COUNT, seed=11)
