"""Lay a file out anew, comments included: what `fgps fmt` does.

The clauses keep the author's order (`printer.print_declaration` would sort them).  A comment behind
something stays behind it; a comment on a line of its own stays above what follows it.  Blank lines
between declarations stay, at most one at a time; formatting twice changes nothing more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.lang.layout import Entry, fill
from fgps.lang.parse import cut, parse_file, read_raw
from fgps.lang.printer import entries

_COMMENT: Final = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"|(?P<comment>(?:#|--(?![^ \t\r\n]))[^\n]*+)')


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment: where it begins, whether it has its line to itself, and at which column."""

    start: int
    text: str
    alone: bool
    indented: bool


@dataclass(slots=True)
class _Block:
    """A declaration with the comments in it, or one comment between declarations."""

    start: int
    lines: list[str]
    is_comment: bool = False


def format_source(text: str, name: str = "") -> str | tuple[Diagnostic, ...]:
    """The text in the standard layout, or its errors (then nothing should be written)."""
    parsed = parse_file(text, name)
    if not parsed.ok:
        return tuple(d for d in parsed.diagnostics if d.severity is Severity.ERROR)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    comments = _comments(text)
    blocks: list[_Block] = []
    line, position = 1, 0
    for start, end in cut(text):
        line += text.count("\n", position, start)
        position = start
        raw = read_raw(text, start, end, line)
        if raw is None:  # a file of comments only
            continue
        own = [c for c in comments if start <= c.start < end]
        blocks += _declaration_blocks(start, entries(raw), own)
    first = blocks[0].start if blocks else len(text)
    blocks += [_Block(c.start, [c.text], True) for c in comments if c.start < first]
    blocks.sort(key=lambda block: block.start)
    return _join(text, blocks)


def _comments(text: str) -> list[_Comment]:
    """All comments of the text, in order."""
    found = []
    for match in _COMMENT.finditer(text):
        if match["comment"] is not None:
            start = match.start()
            before = text[text.rfind("\n", 0, start) + 1 : start]
            found.append(_Comment(start, match["comment"].rstrip(), not before.strip(), bool(before)))
    return found


def _declaration_blocks(start: int, laid: list[Entry], comments: Sequence[_Comment]) -> list[_Block]:
    """The declaration with its comments, and the comments after it that belong to the file."""
    anchors = [(span.start, entry, piece) for entry in laid for piece, span in enumerate(entry.spans)]
    positions = [position for position, _, _ in anchors]
    closing: list[str] = []
    after: list[_Block] = []
    for comment in comments:
        index = bisect_right(positions, comment.start)
        if not comment.alone:
            _, entry, piece = anchors[max(index - 1, 0)]
            entry.behind.setdefault(piece, []).append(comment.text)
        elif index < len(anchors):
            _, entry, piece = anchors[index]
            entry.above.setdefault(piece, []).append(comment.text)
        elif comment.indented and not after:
            closing.append(comment.text)
        else:
            after.append(_Block(comment.start, [comment.text], True))
    for entry in laid:
        for piece, behind in entry.behind.items():  # only one comment has room behind a piece
            if len(behind) > 1:
                entry.above.setdefault(piece, []).extend(behind[:-1])
                del behind[:-1]
    return [_Block(start, fill(laid, closing)), *after]


def _join(text: str, blocks: Sequence[_Block]) -> str:
    """The blocks with their blank lines: the author's, and one around declarations of several lines."""
    lines: list[str] = []
    for position, block in enumerate(blocks):
        if position and _blank_before(text, blocks, position):
            lines.append("")
        lines += block.lines
    return "\n".join(lines) + "\n" if lines else ""


def _blank_before(text: str, blocks: Sequence[_Block], position: int) -> bool:
    before, block = blocks[position - 1], blocks[position]
    gap = text[before.start : block.start]
    if re.search(r"\n[ \t]*\n[ \t\n]*\Z", gap):
        return True
    if before.is_comment:  # a comment stays with what follows it
        return False
    following = next((b for b in blocks[position:] if not b.is_comment), None)
    return len(before.lines) > 1 or (following is not None and len(following.lines) > 1)
