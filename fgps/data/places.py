"""Where the statements of a JSON file stand, so that diagnostics can point into the file."""

from __future__ import annotations

import json

from fgps.lang.ast import NOWHERE, Call, Number, Points, Span, Symbol, Term, Text


class Places:
    """Finds the strings of a JSON text; without a text nothing has a place."""

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._keys: dict[str, int] = {}

    def find(self, key: str, value: str) -> Span:
        """The span of a string (without its quotes) at or after the key that it belongs to."""
        text = self._text
        if not text:
            return NOWHERE
        start = self._keys.get(key)
        if start is None:
            start = self._keys[key] = max(text.find(json.dumps(key)), 0)
        for escaped in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
            at = text.find(escaped, start) + 1
            if at:
                line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                return Span(at, at + len(escaped) - 2, line, column)
        return NOWHERE


def place(term: Term, at: Span) -> Term:
    """The term with spans that count from where its text begins; without a place for it, none at all."""
    span = NOWHERE
    if at.line:
        own = term.span
        span = Span(at.start + own.start, at.start + own.end, at.line, at.column + own.column - 1)
    if isinstance(term, Call):
        return Call(term.head, tuple([place(argument, at) for argument in term.args]), term.notation, span)
    if isinstance(term, Points):
        return Points(term.names, span)
    if isinstance(term, Number):
        return Number(term.value, term.text, span)
    if isinstance(term, Symbol):
        return Symbol(term.name, span)
    return Text(term.value, span)
