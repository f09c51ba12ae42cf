"""Statements of the commonest shape, read without the parser's tables.

Nearly all facts of the public data, and all theorem applications, are a name with words of points, numbers,
symbols and attributes as arguments: ``Shape(AB,BC,CA)``, ``Equal(MeasureOfAngle(ABC),x)``.  They
are a part of the grammar in ``terms.lark``; `read_flat` gives the same tree, four times as fast, and leaves
everything else to the grammar.
"""

from __future__ import annotations

import re
from typing import Final

from fgps.lang.ast import Call, Number, Points, Span, Symbol, Term
from fgps.lang.build import fraction

_WORD: Final = r"(?:[A-Z][0-9]*+'*+)++"
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*+"
_HEAD: Final = re.compile(rf"({_NAME})\(")
_ARGUMENT: Final = re.compile(
    rf"(?P<name>{_NAME})\((?P<words>{_WORD}(?:,{_WORD})*+)\)"
    rf"|(?P<points>{_WORD})(?=[,)])"
    r"|(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9})?)(?=[,)])"
    r"|(?P<symbol>[a-z][A-Za-z0-9_]*+)(?=[,)])"
)
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")


def read_flat(text: str) -> Call | None:
    """The tree of a statement of one line; None if it has another shape (or is none at all)."""
    head = _HEAD.match(text)
    if head is None:
        return None
    arguments: list[Term] = []
    at, end = head.end(), len(text)
    while True:
        match = _ARGUMENT.match(text, at)
        if match is None:
            return None
        arguments.append(_argument(match))
        at = match.end()
        if text.startswith(",", at):
            at += 2 if text.startswith(" ", at + 1) else 1
        elif at == end - 1 and text[at] == ")":
            return Call(head[1], tuple(arguments), "call", Span(0, end, 1, 1))
        else:
            return None


def _argument(match: re.Match[str]) -> Term:
    kind = match.lastgroup
    start, end = match.span()
    span = Span(start, end, 1, start + 1)
    if kind == "points":
        return _points(match["points"], span)
    if kind == "number":
        return Number(fraction(match["number"]), match["number"], span)
    if kind == "symbol":
        return Symbol(match["symbol"], span)
    words: list[Term] = []
    at = match.start("words")
    for word in match["words"].split(","):
        words.append(_points(word, Span(at, at + len(word), 1, at + 1)))
        at += len(word) + 1
    return Call(match["name"], tuple(words), "call", span)


def _points(word: str, span: Span) -> Points:
    return Points(tuple(word) if word.isalpha() else tuple(_POINT.findall(word)), span)
