"""The progress of a long run: share done, successes, rate, time left."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from fgps.batch.jobs import Record
from fgps.batch.summary import is_success, is_wrong

if TYPE_CHECKING:
    from fgps.batch.run import Plan

#: Without a terminal a plain line is printed so often (seconds), so that logs show life.
INTERVAL = 15.0
#: How the successes of a task are called.
_WORDS = {"solve": "solved", "replay": "valid", "diagram": "exact", "annotate": "annotated"}


class BatchProgress:
    """A bar on a terminal, a line now and then elsewhere, nothing at all if ``quiet``.

    Its methods `started` and `record` are what `fgps.batch.run.run_batch` calls; `begin` and `advance` are
    for work that has no such records.
    """

    def __init__(self, console: Console, total: int, quiet: bool = False, interval: float = INTERVAL) -> None:
        self.console = console
        self.total = total
        self.quiet = quiet
        self.interval = interval
        self.done = self.good = self.wrong = self.new = 0
        self.word = "done well"
        self.since = self.printed = time.monotonic()
        self.bar = Progress(
            BarColumn(None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}"),
            console=self.console,
            disable=quiet or not self.console.is_terminal,
        )
        self.row = self.bar.add_task("", total=total, state="")

    def started(self, plan: Plan) -> None:
        """Count the records that an earlier run left."""
        self.total = len(plan.done) + len(plan.todo)
        self.wrong = sum(map(is_wrong, plan.done))
        self.begin(len(plan.done), sum(map(is_success, plan.done)))

    def record(self, record: Record) -> None:
        """One more record has come."""
        self.word = _WORDS.get(str(record.get("task")), self.word)
        self.wrong += is_wrong(record)
        self.advance(is_success(record))

    def begin(self, done: int, good: int) -> None:
        """So many are done already, and so many of them well."""
        self.done, self.good = done, good
        self.since = time.monotonic()
        self._draw()

    def advance(self, success: bool) -> None:
        """One more is done."""
        self.done += 1
        self.good += success
        self.new += 1
        self._draw()
        now = time.monotonic()
        if not self.quiet and not self.console.is_terminal and now - self.printed > self.interval:
            self.printed = now
            self.console.print(f"{self.done}/{self.total}  {self.state()}", highlight=False, soft_wrap=True)

    def state(self) -> str:
        """Share of successes, wrong answers, rate and time left, in words."""
        parts = []
        if self.done:
            parts.append(f"{self.good / self.done:.1%} {self.word}")
        if self.wrong:
            parts.append(f"{self.wrong} wrong")
        seconds = time.monotonic() - self.since
        if self.new and seconds > 0:
            rate = self.new / seconds
            parts.append(f"{rate:.1f}/s" if rate >= 1 else f"{1 / rate:.1f} s each")
            if self.done < self.total:
                parts.append(f"{_duration((self.total - self.done) / rate)} left")
        return "  ".join(parts)

    def _draw(self) -> None:
        self.bar.update(self.row, completed=self.done, total=self.total, state=self.state())

    def __enter__(self) -> BatchProgress:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()


def _duration(seconds: float) -> str:
    """``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
