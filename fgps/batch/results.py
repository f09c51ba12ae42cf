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


def _lock(file: TextIO, path: Path) -> None:
    """Keep other runs from the file until it is closed, or this process ends however it may."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        file.close()
        raise BatchError(f"another run writes to {path}") from problem
    except (ImportError, OSError):
        # Not every platform and file system has locks; then the user has to take care.
        return


class ResultsFile:
    """Appends records to a file, each flushed at once.

    With ``resume`` the earlier records stay (``done``), and a torn last line is cut off.
    Without it, an earlier file is kept beside the new one with ``.old`` added to its name.  Only one run
    at a time may write to a file (`BatchError`).
    """

    def __init__(self, path: Path, task: str, resume: bool = False) -> None:
        self.path = path
        self.done: list[Record] = []
        self.kept: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Locked before anything in it changes: it may be the file of a run that is still at work.
            self._file: TextIO = path.open("a", encoding="utf-8")
            _lock(self._file, path)
        except OSError as error:
            raise BatchError(f"cannot write {path}: {error.strerror}") from error
        try:
            self._prepare(task, resume)
        except OSError as error:
            self._file.close()
            raise BatchError(f"cannot write {path}: {error.strerror}") from error
        except BatchError:
            self._file.close()
            raise

    def _prepare(self, task: str, resume: bool) -> None:
        """Read what is to stay, or set it aside."""
        path = self.path
        if resume:
            self.done, size = _scan(path)
            for record in self.done:
                if record.get("task") != task:
                    raise BatchError(f"{path} holds results of task {record.get('task')!r}, not {task!r}")
            with path.open("r+b") as file:
                file.truncate(size)
        elif path.stat().st_size:
            self.kept = path.with_name(path.name + ".old")
            path.replace(self.kept)
            self._file.close()
            self._file = path.open("a", encoding="utf-8")
            _lock(self._file, path)

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
