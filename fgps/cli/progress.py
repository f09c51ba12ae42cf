"""The progress line of a long run: share done, successes, rate, time left."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: Without a terminal a plain line is printed so often (seconds), so that logs show life.
INTERVAL = 15.0


class BatchProgress:
    """A bar on a terminal, a line now and then elsewhere, nothing at all if ``quiet``."""

    def __init__(self, console: Console, total: int, quiet: bool = False) -> None:
        self.console = console
        self.total = total
        self.quiet = quiet
        self.done = self.good = self.new = 0
        self.since = self.printed = time.monotonic()
        self.bar = Progress(
            BarColumn(None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[share]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self.row = self.bar.add_task("", total=total, share="", rate="")

    def begin(self, done: int, good: int) -> None:
        """Count the records that an earlier run left."""
        self.done, self.good = done, good
        self.since = time.monotonic()
        self._draw()

    def advance(self, success: bool) -> None:
        """One more record has come."""
        self.done += 1
        self.new += 1
        self.good += success
        self._draw()
        now = time.monotonic()
        if not self.quiet and not self.console.is_terminal and now - self.printed > INTERVAL:
            self.printed = now
            self.console.print(f"{self.done}/{self.total}  {self._share()}  {self._rate()}", highlight=False)

    def _share(self) -> str:
        return f"done well {self.good / self.done:.1%}" if self.done else ""

    def _rate(self) -> str:
        seconds = time.monotonic() - self.since
        return f"{self.new / seconds:.1f}/s" if self.new and seconds > 0 else ""

    def _draw(self) -> None:
        self.bar.update(self.row, completed=self.done, share=self._share(), rate=self._rate())

    def __enter__(self) -> BatchProgress:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()
