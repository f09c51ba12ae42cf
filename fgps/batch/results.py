"""Results files: one record a line (JSON), appended as they come.

A run that was cut off leaves at most one torn line at the end; resuming drops it and skips
the ids that are there.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import TextIO

from fgps.batch.executor import BatchError
from fgps.batch.jobs import Record


def read_results(path: Path) -> list[Record]:
    """All records of ``path``; a torn last line is left out.

    Raises `BatchError` if any other line is not a record.
    """
    return _scan(path)[0]


def _scan(path: Path) -> tuple[list[Record], int]:
    """The records of ``path`` and the length in bytes of the part that holds them."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BatchError(f"cannot read {path}: {error.strerror}") from error
    records: list[Record] = []
    good = 0
    lines = raw.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        whole = line.endswith(b"\n")
        if isinstance(record, dict) and "id" in record and whole:
            records.append(record)
        elif line.strip():
            if number == len(lines):
                break
            raise BatchError(f"{path}, line {number}, is not a record of a results file")
        good += len(line)
    return records, good


class ResultsFile:
    """Appends records to a file, each flushed at once.

    With ``resume`` the earlier records stay (``done``), and a torn last line is cut off.
    Without it, an earlier file is kept beside the new one with ``.old`` added to its name.
    """

    def __init__(self, path: Path, task: str, resume: bool = False) -> None:
        self.path = path
        self.done: list[Record] = []
        self.kept: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and resume:
                self.done, size = _scan(path)
                for record in self.done:
                    if record.get("task") != task:
                        raise BatchError(f"{path} holds results of task {record.get('task')!r}, not {task!r}")
                with path.open("r+b") as file:
                    file.truncate(size)
            elif path.exists() and path.stat().st_size:
                self.kept = path.with_name(path.name + ".old")
                path.replace(self.kept)
            self._file: TextIO = path.open("a", encoding="utf-8")
        except OSError as error:
            raise BatchError(f"cannot write {path}: {error.strerror}") from error

    def append(self, record: Record) -> None:
        """Write one record and flush it."""
        self._file.write(json.dumps(record, ensure_ascii=False) + "\n")
        self._file.flush()

    def __enter__(self) -> ResultsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
