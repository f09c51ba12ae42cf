"""The grammar at work: feeds tokens to lark's LALR parser and keeps the limits.

A parse either succeeds or gives a `Failure`, which says where it stopped and what could have stood
there; ``mistakes.py`` turns that into a diagnostic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token, UnexpectedToken

from fgps.lang.ast import Call, Term
from fgps.lang.build import MAX_DIGITS, Builder, TermBuilder
from fgps.lang.scan import HEADS, Scanner

#: Most characters of a file, and of one statement.
MAX_FILE: Final = 2_000_000
MAX_STATEMENT: Final = 10_000
#: Most tokens of one declaration.
MAX_TOKENS: Final = 50_000
#: Most levels of brackets, and of nested calls and operators.
MAX_DEPTH: Final = 100

_END: Final = "$END"


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a parse stopped.

    ``tokens[index]`` could not be taken (``index == len(tokens)``: the text ended too early);
    ``accepts`` are the terminals that could have stood there.  ``limit`` is ``depth`` or
    ``digits`` if the token is fine but a limit is exceeded.
    """

    tokens: Sequence[Token]
    index: int
    accepts: frozenset[str]
    limit: str = ""

    @property
    def token(self) -> Token | None:
        """The offending token; None at the end."""
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    @property
    def previous(self) -> Token | None:
        """The token before it."""
        return self.tokens[self.index - 1] if self.index else None


class Grammar:
    """Lark's tables, the tree builder and the scanner for them."""

    def __init__(self, parts: Sequence[str], starts: Sequence[str], builder: TermBuilder) -> None:
        """``parts`` are the grammar files, ``starts`` the rules to begin with."""
        folder = Path(__file__).parent
        self._lark = Lark(
            "".join((folder / f"{part}.lark").read_text("utf-8") for part in parts),
            parser="lalr",
            lexer="basic",
            start=list(starts),
            transformer=builder,
            keep_all_tokens=True,
            maybe_placeholders=False,
        )
        self.scanner = Scanner(self._lark.terminals)

    def parse(self, tokens: Iterable[Token], start: str) -> Any:
        """What the builder makes of the tokens for the rule ``start``, or a `Failure`."""
        interactive = self._lark.parse_interactive(start=start)
        feed = interactive.parser_state.feed_token
        seen: list[Token] = []
        depth = 0
        try:
            for token in tokens:
                kind = token.type
                if kind == "OPEN":
                    depth += 1
                    if depth > MAX_DEPTH:
                        return Failure([*seen, token], len(seen), frozenset(), "depth")
                elif kind == "CLOSE":
                    depth -= 1
                elif kind == "NUMBER" and len(token) > MAX_DIGITS:
                    return Failure([*seen, token], len(seen), frozenset(), "digits")
                seen.append(token)
                feed(token)
            return feed(Token(_END, ""), True)
        except UnexpectedToken as failure:
            at_end = failure.token.type == _END
            index = len(seen) if at_end else len(seen) - 1
            return Failure(seen, index, self._accepts(seen[:index], start))

    def _accepts(self, tokens: Sequence[Token], start: str) -> frozenset[str]:
        """What may follow the tokens.  Read again: the failed parser may have reduced too far already."""
        interactive = self._lark.parse_interactive(start=start)
        for token in tokens:
            interactive.parser_state.feed_token(token)
        accepts: set[str] = interactive.accepts()  # type: ignore[no-untyped-call]
        return frozenset(accepts)


@cache
def term_grammar() -> Grammar:
    """The grammar of single statements, built at first use (about 15 ms)."""
    return Grammar(("terms",), ("term",), TermBuilder())


@cache
def file_grammar() -> Grammar:
    """The grammar of files, built at first use (about 50 ms)."""
    families = sorted({family for _, family in HEADS.values()})
    pieces = [f"{family}_{piece}" for family in families for piece in ("head", "clause")]
    return Grammar(("terms", "declarations"), ("declaration", *pieces), Builder())


def is_too_deep(term: Term) -> bool:
    """Whether calls and operators are nested deeper than the limit (without recursion)."""
    level: list[Term] = [term]
    for _ in range(MAX_DEPTH + 1):
        level = [argument for node in level if isinstance(node, Call) for argument in node.args]
        if not level:
            return False
    return True
