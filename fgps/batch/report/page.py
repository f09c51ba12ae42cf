"""A report as one HTML page that needs nothing else: light and dark, wide and narrow."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from fgps.batch.report.cactus import cactus, curve, key_line, style
from fgps.batch.report.runs import Run
from fgps.batch.report.tables import Cell, Table, success_word
from fgps.resources import data_folder


def to_page(title: str, runs: Sequence[Run], tables: Sequence[Table]) -> str:
    """The whole page; the template and its style are in ``viz/report``."""
    folder = data_folder("viz") / "report"
    first, *others = tables
    blocks = {
        "title": html.escape(title),
        "style": (folder / "report.css").read_text(encoding="utf-8") + style(),
        "script": (folder / "report.js").read_text(encoding="utf-8"),
        "contents": "".join(
            f'<a href="#{table.key}">{html.escape(table.title)}</a>' for table in (first, *others)
        ),
        "overview": section(first),
        "plot": _plot(runs),
        "tables": "\n".join(section(table) for table in others),
    }
    page = (folder / "report.html").read_text(encoding="utf-8")
    # In one pass: what a block holds is never taken for a place of the template.
    parts = re.split(r"\{\{(\w+)\}\}", page)
    return "".join(blocks[part] if number % 2 else part for number, part in enumerate(parts))


def section(table: Table) -> str:
    """A table under its heading; a long one is folded."""
    note = f'<p class="note">{html.escape(table.note)}</p>' if table.note else ""
    body = f"{note}{grid(table)}"
    if table.long:
        summary = f"<summary><h2>{html.escape(table.title)}</h2></summary>"
        return f'<section id="{table.key}" class="whole"><details>{summary}{body}</details></section>'
    return f'<section id="{table.key}"><h2>{html.escape(table.title)}</h2>{body}</section>'


def grid(table: Table) -> str:
    """The table alone, in a box of its own that scrolls sideways."""
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in table.headings)
    rows = []
    for first, *rest in table.rows:
        last = ' class="all"' if first.text == "all" else ""
        cells = "".join(_cell(cell) for cell in rest)
        rows.append(f'<tr{last}><th scope="row">{html.escape(first.text)}</th>{cells}</tr>')
    kind = "words" if table.words else "figures many" if len(table.headings) > 6 else "figures"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="{kind}">{body}</table></div>'


def _cell(cell: Cell) -> str:
    classes = " ".join(name for name in ("share" if cell.share is not None else "", cell.mark) if name)
    attribute = f' class="{classes}"' if classes else ""
    if cell.share is not None:
        attribute += f' style="--share:{100 * cell.share:.1f}%"'
    detail = f" <small>{html.escape(cell.detail)}</small>" if cell.detail else ""
    return f"<td{attribute}>{html.escape(cell.text)}{detail}</td>"


def _plot(runs: Sequence[Run]) -> str:
    keys = "".join(
        f'<li><svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">{key_line(index)}</svg>'
        f"<span>{html.escape(run.name)}</span> <small>{len(curve(run))}</small></li>"
        for index, run in enumerate(runs)
    )
    word = success_word(runs)
    note = f"How many problems are {word} if each has no more time than the curve says."
    wide, narrow = cactus(runs, 860, 380), cactus(runs, 380, 330)
    return (
        f'<section id="plot" class="whole"><h2>Problems {word} within a time limit</h2>'
        f'<p class="note">{note}</p>'
        f'<div class="plot wide">{wide}</div><div class="plot narrow">{narrow}</div>'
        f'<ul class="legend">{keys}</ul></section>'
    )
