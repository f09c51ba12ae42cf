"""A report as Markdown: tables that line up in the source, too."""

from __future__ import annotations

from collections.abc import Sequence

from fgps.batch.report.tables import Table


def to_markdown(title: str, tables: Sequence[Table], plot: str | None = None) -> str:
    """The whole report; ``plot`` is the address of the picture, if there is one."""
    parts = [f"# {title}\n"]
    for number, table in enumerate(tables):
        parts.append(section(table))
        if number == 0 and plot is not None:
            parts.append(f"![Problems done within a time limit for each]({_address(plot)})\n")
    return "\n".join(parts)


def section(table: Table) -> str:
    """A heading, the note, and the table."""
    head = f"## {escape(table.title)}\n"
    note = f"\n{escape(table.note)}\n" if table.note else ""
    return f"{head}{note}\n{grid(table)}"


def grid(table: Table) -> str:
    """The table alone; the best of a row is bold."""
    rows = [[escape(heading) for heading in table.headings]]
    for row in table.rows:
        rows.append([f"**{escape(c.full)}**" if c.mark == "best" else escape(c.full) for c in row])
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(table.headings))]
    right = [not table.words and i > 0 for i in range(len(widths))]
    lines = [_line([_pad(t, w, r) for t, w, r in zip(row, widths, right, strict=True)]) for row in rows]
    rule = _line(["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, right, strict=True)])
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def _pad(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Text that Markdown shows as it is: names of runs and answers may hold its signs."""
    flat = " ".join(text.split())
    for sign in "\\`*_[]<|":
        flat = flat.replace(sign, "\\" + sign)
    return flat


def _address(path: str) -> str:
    return f"<{path.replace('>', '%3E')}>" if any(c in path for c in " ()<>") else path
