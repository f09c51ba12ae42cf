"""Entries to lines: aligned keywords, wrapping, and comments at their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fgps.lang.ast import Span

#: Lines are wrapped at this column.
WIDTH: Final = 110

#: Clause keywords are padded to this many characters.
_KEYWORD: Final = 5


@dataclass(slots=True)
class Entry:
    """A clause (or head) before wrapping.

    ``pieces`` are printed after the ``keyword``, each followed by ``separator`` but the last;
    ``spans`` say where each piece stands in the source.  ``above[i]`` are comments on lines of their
    own before piece ``i``, ``behind[i]`` the one comment at the end of its line.
    """

    indent: int
    keyword: str
    pieces: list[str]
    separator: str
    spans: list[Span]
    joins_previous: bool = False
    above: dict[int, list[str]] = field(default_factory=dict)
    behind: dict[int, list[str]] = field(default_factory=dict)


def fill(entries: Sequence[Entry], closing: Sequence[str] = ()) -> list[str]:
    """The lines of a declaration; ``closing`` are comments after its last clause."""
    lines: list[str] = []
    for position, entry in enumerate(entries):
        if entry.joins_previous and position and _joins(lines[-1], entries[position - 1], entry):
            lines[-1] += " " + "  ".join([entry.pieces[0], *entry.behind.get(0, [])])
        else:
            lines += _entry(entry)
    lines += [f"    {comment}" for comment in closing]
    return lines


def _joins(line: str, previous: Entry, entry: Entry) -> bool:
    """Whether the entry fits on the line before, and no comment keeps it off."""
    fits = len(line) + 1 + len(entry.pieces[0]) <= WIDTH
    return fits and not previous.behind and not entry.above


def _entry(entry: Entry) -> list[str]:
    margin = " " * entry.indent
    prefix = f"{margin}{entry.keyword:<{_KEYWORD}} " if entry.keyword else margin
    breakable = bool(entry.separator) or entry.keyword == "claim"  # texts stay on one line
    hanging = " " * len(prefix) if breakable else margin + "    "
    lines = [margin + comment for comment in entry.above.get(0, [])]
    current, empty = prefix, True
    for position, piece in enumerate(entry.pieces):
        last = position == len(entry.pieces) - 1
        text = piece if last else piece + entry.separator
        above = entry.above.get(position, []) if position else []
        if not empty and (above or len(current) + 1 + len(text) > WIDTH):
            lines.append(current)
            current, empty = hanging, True
        if above:
            lines += [hanging + comment for comment in above]
        if not empty:
            current += " "
        *full, current = _wrap(current + text, hanging) if breakable else [current + text]
        lines += full
        empty = False
        behind = entry.behind.get(position, [])
        if behind:
            lines.append("  ".join([current, *behind]))
            current, empty = hanging, True
    if not empty:
        lines.append(current)
    return lines


def _wrap(line: str, hanging: str) -> list[str]:
    """Break a line that is too long behind commas and signs, at the outermost level possible."""
    lines = []
    while len(line) > WIDTH:
        cut = _break(line, len(hanging))
        if cut is None:
            break
        lines.append(line[:cut])
        line = hanging + line[cut + 1 :]
    return [*lines, line]


#: What stands before a space -> how willingly a line breaks there (within one level of brackets).
_LOOSENESS: Final = {",": 0, "=": 1, "<": 1, ">": 1, "+": 2, "-": 2, "*": 3, "/": 3}


def _break(line: str, start: int) -> int | None:
    """The last good space before the limit, outside quotes; or the first one after it."""
    depth, quoted, escaped = 0, False, False
    best: dict[tuple[int, int], int] = {}
    for position, character in enumerate(line):
        if quoted:
            if not escaped and character == '"':
                quoted = False
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == " " and position > start and line[position - 1] in _LOOSENESS:
            if position <= WIDTH or not best:
                best[depth, _LOOSENESS[line[position - 1]]] = position
    return best[min(best)] if best else None
