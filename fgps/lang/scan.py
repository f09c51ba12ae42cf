"""The scanner: text to lark tokens, with the terminals of the grammar files.

Lark's own lexer would do the same; this one is twice as fast on short statements, never fails (a
character that no terminal takes becomes a token ``JUNK``), and scans a part of a file with
positions that count from the beginning of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lark import Token
from lark.lexer import TerminalDef

#: First word of a declaration -> (its terminal, the rules' family name).
HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "construction": ("CATEGORY", "predicate"),
    "basic": ("CATEGORY", "predicate"),
    "entity": ("CATEGORY", "predicate"),
    "relation": ("CATEGORY", "predicate"),
    "attribute": ("ATTRIBUTE", "attribute"),
    "operator": ("FORM", "form"),
    "goal": ("FORM", "form"),
    "theorem": ("THEOREM", "theorem"),
    "pack": ("PACK", "pack"),
    "problem": ("PROBLEM", "problem"),
    "solution": ("SOLUTION", "solution"),
}

#: Family -> the words that head its clauses.
CLAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "predicate": ("needs", "same", "forms", "means", "holds", "notation"),
    "attribute": ("needs", "kind", "same", "forms", "value", "notation"),
    "form": (),
    "theorem": ("branch", "given", "where", "then"),
    "pack": (),
    "problem": ("text", "meta", "construct", "given", "image", "find", "answer"),
    "solution": ("claim",),
}

#: Words that join the parts of a head or a clause.
_JOINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "attribute": ("symbol",),
    "pack": ("extends",),
    "solution": ("of", "by"),
}

#: Family -> word -> terminal.
KEYWORDS: Final[Mapping[str, Mapping[str, str]]] = {
    family: {
        word: "SYMBOL_KEYWORD" if word == "symbol" else word.upper()
        for word in (*words, *_JOINTS.get(family, ()))
    }
    for family, words in CLAUSES.items()
}

#: A keyword after one of these is an ordinary word: something is still to come.
_OPEN_ENDED: Final = frozenset(
    "COMMA OPEN COMPARE PLUS MINUS TIMES DIVIDE RAISE "
    "OF EXTENDS BY SYMBOL_KEYWORD CATEGORY ATTRIBUTE FORM THEOREM PACK PROBLEM".split()
) | {word.upper() for words in CLAUSES.values() for word in words}


def master_pattern(terminals: Iterable[TerminalDef]) -> re.Pattern[str]:
    """One pattern with a group for each terminal, higher priority first; a last group takes junk."""
    ranked = sorted(terminals, key=lambda t: (-t.priority, -len(t.pattern.value), t.name))
    groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ranked]
    return re.compile("|".join([*groups, r"(?P<JUNK>[^\x00-\x7f]+|[^ \t\r\n])"]))


class Scanner:
    """Tokens of a text, or of a part of it."""

    def __init__(self, terminals: Iterable[TerminalDef]) -> None:
        self._pattern = master_pattern(terminals)

    def tokens(self, text: str, start: int = 0, end: int | None = None, line: int = 1) -> Iterator[Token]:
        """Tokens of ``text[start:end]``; ``line`` is the number of the line that begins at ``start``."""
        line_start = start - 1  # so that column = position - line_start
        for match in self._pattern.finditer(text, start, len(text) if end is None else end):
            kind = match.lastgroup or "JUNK"
            begin, stop = match.span()
            if kind == "SPACE":
                newlines = text.count("\n", begin, stop)
                if newlines:
                    line += newlines
                    line_start = text.rfind("\n", begin, stop)
            elif kind != "COMMENT":
                column = begin - line_start
                yield Token(kind, match.group(), begin, line, column, line, column + stop - begin, stop)


def with_keywords(tokens: Iterable[Token], family: str, head: bool = True) -> Iterator[Token]:
    """Give the words that head a declaration or a clause their own terminals.

    A word is a keyword unless the text before it asks for a continuation (a comma, an
    operator, an open bracket, another keyword), so `find value` or `value(AB)` stay usable.
    ``head``: the first token is the first word of a declaration.
    """
    words = KEYWORDS[family]
    previous = ""
    depth = 0
    for index, token in enumerate(tokens):
        kind = token.type
        if head and index == 0:
            token = Token.new_borrow_pos(HEADS[str(token)][0], str(token), token)
        elif kind == "OPEN":
            depth += 1
        elif kind == "CLOSE":
            depth -= 1
        elif kind in ("SYMBOL", "NAME") and token in words and depth <= 0 and previous not in _OPEN_ENDED:
            token = Token.new_borrow_pos(words[str(token)], str(token), token)
        previous = token.type
        yield token
