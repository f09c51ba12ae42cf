"""Progress: a bar for people, plain lines for logs, nothing where nothing is wanted."""

from __future__ import annotations

import io
import re

from rich.console import Console

from fgps.batch.jobs import Item, Job, Record, record_for
from fgps.batch.progress import BatchProgress, _duration
from fgps.batch.run import Plan

JOB = Job("solve")


def record(number: int, status: str = "solved", correct: bool | None = True) -> Record:
    return record_for(JOB, Item(number, ""), status, correct=correct)


def shown(terminal: bool, quiet: bool = False, interval: float = 0.0) -> str:
    sink = io.StringIO()
    console = Console(file=sink, force_terminal=terminal, width=100, color_system=None)
    with BatchProgress(console, 8, quiet, interval) as bar:
        bar.started(Plan((record(0), record(1, "timeout")), tuple(Item(n, "") for n in range(2, 8))))
        for number in range(2, 5):
            bar.record(record(number))
        bar.record(record(5, correct=False))
    return sink.getvalue()


def test_plain_lines_where_there_is_no_terminal() -> None:
    lines = shown(terminal=False).splitlines()
    assert len(lines) == 4 and "\x1b" not in "".join(lines)
    assert re.fullmatch(r"3/8  66\.7% solved  \d+\.\d/s  0:00 left", lines[0])
    assert re.fullmatch(r"6/8  66\.7% solved  1 wrong  \d+\.\d/s  0:00 left", lines[-1])
    assert shown(terminal=False, interval=60.0) == ""


def test_a_bar_on_a_terminal() -> None:
    text = shown(terminal=True)
    assert "6/8" in text and "66.7% solved  1 wrong" in text and "left" in text


def test_quiet_is_quiet() -> None:
    assert shown(terminal=True, quiet=True) == shown(terminal=False, quiet=True) == ""


def test_times_left() -> None:
    assert [_duration(s) for s in (0.4, 65, 3723)] == ["0:00", "1:05", "1:02:03"]
