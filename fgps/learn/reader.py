"""Reading an export: examples as numpy arrays, one at a time, by number or in a seeded order.

    with open_export("EXPORT") as export:
        for example in export.examples("train", shuffle=1):
            ...

Reads pyarrow tables; needs neither the solver nor a learning framework.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from fgps.batch.executor import BatchError
from fgps.lang.diagnostics import Diagnostic
from fgps.learn.arrays import Example, example_of
from fgps.learn.export import KIND, MANIFEST, VOCABULARY
from fgps.learn.renaming import SPLITS
from fgps.learn.schema import VERSION
from fgps.learn.tables import parquet
from fgps.learn.vocabulary import Vocabulary, vocabulary_from_json


class Export:
    """An export that is open.  ``manifest`` is its manifest, ``vocabulary`` gives names to its ids."""

    def __init__(self, folder: Path, manifest: dict[str, Any], vocabulary: Vocabulary) -> None:
        self.folder = folder
        self.manifest = manifest
        self.vocabulary = vocabulary
        self._module = parquet()
        self._files: dict[str, Any] = {}
        self._cached: tuple[str, int, list[Any]] | None = None

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def count(self, split: str) -> int:
        """How many examples a split has."""
        rows: int = self._file(split).metadata.num_rows
        return rows

    def example(self, split: str, number: int) -> Example:
        """One example by its number (IndexError beyond the last).

        Whole row groups are read and the last one kept, so ask for neighbours together.
        """
        metadata = self._file(split).metadata
        first = 0
        for group in range(metadata.num_row_groups):
            size = metadata.row_group(group).num_rows
            if 0 <= number - first < size:
                return example_of(self._group(split, group)[number - first])
            first += size
        raise IndexError(f"{split} has {first} examples")

    def examples(self, split: str, shuffle: int | None = None) -> Iterator[Example]:
        """All examples of a split.

        With a seed to ``shuffle``, row groups come in a drawn order and so do the rows in each: cheap, and
        the same for the same seed.
        """
        groups = list(range(self._file(split).metadata.num_row_groups))
        draw = None if shuffle is None else random.Random(shuffle)
        if draw is not None:
            draw.shuffle(groups)
        for group in groups:
            rows = list(self._group(split, group))
            if draw is not None:
                draw.shuffle(rows)
            yield from map(example_of, rows)

    def problems(self) -> list[dict[str, Any]]:
        """The table of problems, one dict a row."""
        rows: list[dict[str, Any]] = self._module.read_table(self.folder / "problems.parquet").to_pylist()
        return rows

    def _group(self, split: str, group: int) -> list[Any]:
        if self._cached is None or self._cached[:2] != (split, group):
            self._cached = (split, group, self._file(split).read_row_group(group).to_pylist())
        return self._cached[2]

    def _file(self, split: str) -> Any:
        if split not in SPLITS:
            raise ValueError(f"there is no split {split!r}: one of {', '.join(SPLITS)}")
        if split not in self._files:
            self._files[split] = self._module.ParquetFile(self.folder / f"{split}.parquet")
        return self._files[split]


def open_export(folder: str | Path) -> Export:
    """Open an export; `BatchError` if the folder holds none, or one of another version."""
    path = Path(folder)
    manifest = _json(path / MANIFEST)
    if manifest.get("kind") != KIND:
        raise BatchError(f"{path} holds no finished export")
    if manifest.get("version") != VERSION:
        raise BatchError(f"{path} has version {manifest.get('version')}; this reads {VERSION}")
    vocabulary = vocabulary_from_json(_json(path / VOCABULARY), str(path / VOCABULARY))
    if isinstance(vocabulary, Diagnostic):
        raise BatchError(str(vocabulary))
    return Export(path, manifest, vocabulary)


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BatchError(f"{path} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise BatchError(f"{path} is damaged: {problem}") from problem
    return document if isinstance(document, dict) else {}
