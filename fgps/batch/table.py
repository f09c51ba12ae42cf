"""Results as Parquet (extra ``table``): a fixed schema, so that tables of different runs go together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from fgps.batch.executor import BatchError
from fgps.batch.jobs import Record

#: Columns in order.  Ids are text, as they are numbers in one data set and names in another.
COLUMNS: Final = {
    "id": "string",
    "task": "string",
    "status": "string",
    "answer": "string",
    "value": "float64",
    "expected": "string",
    "correct": "bool_",
    "seconds": "float64",
    "steps": "int32",
    "verdict": "string",
    "diagram": "string",
    "message": "string",
    "level": "int32",
    "cause": "string",
    "goal": "string",
    "nodes": "int64",
}
#: What to install where the library is missing.
INSTALL: Final = "pip install 'fgps[table]'"


def available() -> bool:
    """Whether Parquet can be written here."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True


def write_table(path: Path, records: Sequence[Record], manifest: dict[str, Any]) -> None:
    """Write the records in the order given; the manifest goes into the file's metadata (``fgps.manifest``).

    Raises `BatchError` if the library is missing or the file cannot be written.
    """
    pyarrow, parquet = _library()
    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in COLUMNS.items()])
    columns = {name: [_fit(row.get(name), kind) for row in records] for name, kind in COLUMNS.items()}
    table = pyarrow.table(columns, schema=schema)
    note = {"fgps.manifest": json.dumps(manifest, ensure_ascii=False)}
    fresh = path.with_name(path.name + ".new")
    try:
        parquet.write_table(table.replace_schema_metadata(note), fresh, compression="zstd")
        fresh.replace(path)
    except OSError as problem:
        raise BatchError(f"cannot write {path}: {problem.strerror or problem}") from problem


def read_table(path: Path) -> tuple[list[Record], dict[str, Any] | None]:
    """The records of a Parquet file and the manifest in it.  Raises `BatchError` if it is none of ours."""
    pyarrow, parquet = _library()
    try:
        table = parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as problem:
        raise BatchError(f"cannot read {path}: {problem}") from problem
    if not {"id", "task", "status"} <= set(table.column_names):
        raise BatchError(f"{path} holds no results")
    note = (table.schema.metadata or {}).get(b"fgps.manifest")
    return table.to_pylist(), None if note is None else json.loads(note)


def _fit(value: Any, kind: str) -> Any:
    """The value as the column has it; what does not fit (a file may be of another hand) is null."""
    if value is None:
        return None
    if kind == "string":
        return value if isinstance(value, str) else str(value)
    if kind == "bool_":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == "float64":
        return float(value)
    limit = 2**31 if kind == "int32" else 2**63
    return int(value) if value == value and abs(value) < limit else None


def _library() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise BatchError(f"{missing}; {INSTALL}") from missing
    return pyarrow, pyarrow.parquet
