"""Parquet files written row by row, the same bytes for the same rows."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from fgps.batch.executor import BatchError
from fgps.learn.schema import Column, arrow_schema

if TYPE_CHECKING:
    import pyarrow.parquet as pq

INSTALL: Final = "pip install 'fgps[learn]'"
#: Rows of a row group: what a reader has in memory at once.
GROUP: Final = 256


def parquet() -> Any:
    """The module ``pyarrow.parquet``; `BatchError` with the line that installs it if it is missing."""
    try:
        import pyarrow.parquet
    except ImportError as missing:
        raise BatchError(f"tables need pyarrow: {INSTALL}") from missing
    return pyarrow.parquet


class TableWriter:
    """One file with a fixed schema; an empty file if no row comes."""

    def __init__(self, path: Path, columns: tuple[Column, ...], metadata: dict[str, str]) -> None:
        module = parquet()
        self._schema = arrow_schema(columns, metadata)
        self._rows: list[dict[str, Any]] = []
        self._writer: pq.ParquetWriter = module.ParquetWriter(
            path, self._schema, compression="zstd", data_page_size=1 << 22
        )

    def write(self, row: dict[str, Any]) -> None:
        """Append one row."""
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
