"""Reports: from results files to tables and a plot, in the format that is wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fgps.batch.executor import BatchError
from fgps.batch.report.cactus import cactus, curve
from fgps.batch.report.markdown import to_markdown
from fgps.batch.report.page import to_page
from fgps.batch.report.runs import Run, problems_of, read_runs
from fgps.batch.report.tables import Table, all_tables

FORMATS: Final = ("md", "html", "svg", "json")


@dataclass(frozen=True, slots=True)
class Report:
    """Runs side by side: the runs as they were read, and the tables made of them."""

    title: str
    runs: tuple[Run, ...]
    tables: tuple[Table, ...]

    def table(self, key: str) -> Table:
        """A table by its key (``overview``, ``level``, ``goal``, ``cause``, ..), or KeyError."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def to(self, kind: str, plot: str | None = None) -> str:
        """The report as ``md``, ``html``, ``svg`` or ``json``; ``plot``: where Markdown finds its picture."""
        if kind == "md":
            return to_markdown(self.title, self.tables, plot)
        if kind == "html":
            return to_page(self.title, self.runs, self.tables)
        if kind == "svg":
            return cactus(self.runs, alone=True)
        if kind == "json":
            return json.dumps(self.as_json(), ensure_ascii=False, indent=2)
        raise ValueError(f"unknown format {kind!r}: one of {', '.join(FORMATS)}")

    def as_json(self) -> dict[str, Any]:
        """Tables as lists of rows of text, and the curves of the plot (seconds)."""
        return {
            "title": self.title,
            "tables": {
                table.key: {
                    "title": table.title,
                    "headings": list(table.headings),
                    "rows": [[cell.full for cell in row] for row in table.rows],
                }
                for table in self.tables
            },
            "curves": {run.name: curve(run) for run in self.runs},
        }

    def write(self, path: str | Path, kind: str | None = None) -> tuple[Path, ...]:
        """Write the report; the format is that of the suffix unless ``kind`` says otherwise.

        Markdown gets its plot beside it.  The paths of what was written; raises `BatchError` if that fails.
        """
        target = Path(path)
        form = kind or {"markdown": "md", "htm": "html"}.get(target.suffix[1:], target.suffix[1:])
        if form not in FORMATS:
            raise BatchError(
                f"{target}: no format is called {form or 'nothing'}; one of {', '.join(FORMATS)}"
            )
        picture = target.with_suffix(".svg")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.to(form, picture.name) + "\n", encoding="utf-8")
            if form != "md":
                return (target,)
            picture.write_text(self.to("svg") + "\n", encoding="utf-8")
        except OSError as problem:
            raise BatchError(f"cannot write {target}: {problem.strerror}") from problem
        return target, picture

    def _repr_html_(self) -> str:
        """Notebooks: the page."""
        return self.to("html")


def report(
    results: Sequence[str | Path], names: Sequence[str] | None = None, title: str | None = None
) -> Report:
    """Compare results files (JSON lines or Parquet) of one task; ``names`` are those of the runs.

    Raises `BatchError` for files that cannot be read or do not go together.
    """
    runs = read_runs(results, names)
    said = title or f"{runs[0].task}: " + (runs[0].name if len(runs) == 1 else f"{len(runs)} runs")
    return Report(said, tuple(runs), tuple(all_tables(runs, problems_of(runs))))
