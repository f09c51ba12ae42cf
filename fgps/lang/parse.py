"""Text to syntax trees: files, single statements, theorem applications.

Nothing here raises for what a user wrote: mistakes come back as diagnostics.  A file is cut into
declarations at column 1; one that cannot be read as a whole is read clause by clause, so one run
reports all mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from lark import Token

from fgps.lang.assemble import assemble, check_application, too_deep
from fgps.lang.ast import Call, Declaration, Span, Term
from fgps.lang.build import Head, Raw, span_of
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean, error
from fgps.lang.flat import read_flat
from fgps.lang.grammar import (
    MAX_DEPTH,
    MAX_FILE,
    MAX_STATEMENT,
    MAX_TOKENS,
    Failure,
    file_grammar,
    is_too_deep,
    term_grammar,
)
from fgps.lang.mistakes import explain
from fgps.lang.scan import CLAUSES, HEADS, KEYWORDS, with_keywords

#: Reading a file stops after so many errors.
MAX_ERRORS: Final = 100

#: Statements up to this length are remembered.
_REMEMBERED: Final = 300

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: Anything at column 1 but white space and comments begins a declaration.
_COLUMN_1: Final = re.compile(r"^(?!--(?![^ \t\r\n]))[^\s#]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds.

    ``declarations`` are the ones without an error; ``partial`` those with errors, as far as they
    could be read (a solution keeps its good steps); ``diagnostics`` in the order of the text.
    """

    declarations: tuple[Declaration, ...]
    diagnostics: tuple[Diagnostic, ...]
    partial: tuple[Declaration, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(d.severity is Severity.ERROR for d in self.diagnostics)


def parse_statement(text: str, name: str = "") -> Term | Diagnostic:
    """One fact, equation, goal or expression: every string of the CDL.

    ``name`` is the source's name for diagnostics.  Results are remembered by text.
    """
    result = _remembered(text) if len(text) <= _REMEMBERED else _statement(text)
    return replace(result, source_name=name) if name and isinstance(result, Diagnostic) else result


def parse_application(text: str, name: str = "") -> Call | Diagnostic:
    """One theorem application ``theorem(branch,points,...)``."""
    result = parse_statement(text, name)
    if isinstance(result, Diagnostic):
        return result
    if not isinstance(result, Call) or result.notation != "call":
        hint = "write the theorem's name, then the branch and the points in brackets: name(1,ABC,CBD)"
        return error("bad-application", "a theorem application is needed here", result.span, hint, name)
    for found in check_application(result):
        return replace(found, source_name=name)
    return result


def parse_file(text: str, name: str = "") -> Parsed:
    """All declarations of an FGL text, and everything that is wrong with it.

    Spans count from the beginning of the text (without a byte order mark).
    """
    text = text.removeprefix("\ufeff")
    refused = _refuse(text, MAX_FILE, "a file")
    if refused:
        return Parsed((), (replace(refused, source_name=name),))
    good: list[Declaration] = []
    partial: list[Declaration] = []
    found: list[Diagnostic] = []
    line, position = 1, 0
    for start, end in cut(text):
        line += text.count("\n", position, start)
        position = start
        declaration, mistakes = _declaration(text, start, end, line)
        found += mistakes
        if declaration is not None:
            (partial if mistakes else good).append(declaration)
        if len(found) >= MAX_ERRORS:
            found.append(error("too-many", f"reading stopped after {len(found)} mistakes", found[-1].span))
            break
    return Parsed(tuple(good), tuple(replace(d, source_name=name) for d in found), tuple(partial))


@lru_cache(maxsize=65536)
def _remembered(text: str) -> Term | Diagnostic:
    return _statement(text)


def _statement(text: str) -> Term | Diagnostic:
    refused = _refuse(text, MAX_STATEMENT, "a statement")
    if refused:
        return refused
    flat = read_flat(text)
    if flat is not None:
        return flat
    language = term_grammar()
    result: Term | Failure = language.parse(language.scanner.tokens(text), "term")
    if isinstance(result, Failure):
        return explain(result, text, len(text))
    # Only a text with many brackets and operators can be nested deeply.
    if sum(map(text.count, "(+-*/")) > MAX_DEPTH // 4 and is_too_deep(result):
        return too_deep(result.span)
    return result


def _refuse(text: str, limit: int, what: str) -> Diagnostic | None:
    """Whether the text is out of bounds, before any work is done on it."""
    if len(text) > limit:
        headline = f"{what} may have {limit:,} characters at most, this one has {len(text):,}"
        return error("too-long", headline, hint="split it into several")
    control = _CONTROL.search(text)
    if control:
        at = control.start()
        span = Span(at, at + 1, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        return error("not-text", f"control character U+{ord(control[0]):04X}: this is no text", span)
    return None


def cut(text: str) -> list[tuple[int, int]]:
    """The parts of a file: from each declaration's first character to the next one's."""
    starts = [match.start() for match in _COLUMN_1.finditer(text)]
    if not starts or text[: starts[0]].strip():
        starts.insert(0, 0)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def read_raw(text: str, start: int, end: int, line: int) -> Raw | None:
    """The parts of the declaration in ``text[start:end]``; None if it is empty or has mistakes."""
    language = file_grammar()
    tokens = list(language.scanner.tokens(text, start, end, line))
    if not tokens or str(tokens[0]) not in HEADS:
        return None
    result: Raw | Failure = language.parse(with_keywords(tokens, HEADS[str(tokens[0])][1]), "declaration")
    return None if isinstance(result, Failure) else result


def _declaration(text: str, start: int, end: int, line: int) -> tuple[Declaration | None, list[Diagnostic]]:
    """Read ``text[start:end]``, whose first line has the number ``line``."""
    language = file_grammar()
    tokens: list[Token] = []
    for token in language.scanner.tokens(text, start, end, line):
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            headline = f"a declaration may have {MAX_TOKENS:,} words and signs at most"
            return None, [error("too-long", headline, span_of(tokens[0]))]
    if not tokens:
        return None, []
    first = tokens[0]
    if str(first) not in HEADS or first.type not in ("SYMBOL", "NAME"):
        hint = did_you_mean(str(first), HEADS) or f"a declaration begins with one of {', '.join(HEADS)}"
        return None, [error("syntax", "a declaration was expected here", span_of(first), hint)]
    mistakes: list[Diagnostic] = []
    if first.column != 1:
        hint = "remove the white space before it"
        mistakes.append(error("syntax", "a declaration begins at the start of a line", span_of(first), hint))
    family = HEADS[str(first)][1]
    result: Raw | Failure = language.parse(with_keywords(tokens, family), "declaration")
    if isinstance(result, Failure):
        raw, failures = _piecewise(text, tokens, family)
        mistakes += failures or [explain(result, text, end, family)]
        if raw is None:
            return None, mistakes
        result = raw
    last = tokens[-1]
    span = Span(first.start_pos or 0, last.end_pos or 0, first.line or 0, first.column or 0)
    declaration, problems = assemble(result, span)
    # What is missing may stand in a clause that could not be read.
    mistakes += [d for d in problems if d.code != "bad-declaration" or not mistakes]
    return declaration, sorted(mistakes, key=lambda d: d.span.start)


def _piecewise(text: str, tokens: Sequence[Token], family: str) -> tuple[Raw | None, list[Diagnostic]]:
    """Read head and clauses one by one: as much as can be understood, and all mistakes."""
    language = file_grammar()
    head_tokens, body = _split_head(tokens, family)
    mistakes: list[Diagnostic] = []
    end = _end(head_tokens)
    head: Head | Failure = language.parse(with_keywords(head_tokens, family), f"{family}_head")
    if isinstance(head, Failure):
        mistakes.append(explain(head, text, end, family))
    elif not body or body[0].type != "COLON":
        at = head_tokens[-1]
        span = Span(end, end + 1, at.line or 0, at.end_column or 0)
        hint = "end the head of the declaration with a colon"
        mistakes.append(error("syntax", "`:` is missing after the head", span, hint))
    clauses = []
    if body and body[0].type == "COLON":
        body = body[1:]
    for segment in _segments(body, family):
        clause = language.parse(with_keywords(segment, family, head=False), f"{family}_clause")
        if isinstance(clause, Failure):
            mistakes.append(explain(clause, text, _end(segment), family))
        else:
            clauses.append(clause)
        if len(mistakes) >= MAX_ERRORS:
            break
    return (None if isinstance(head, Failure) else Raw(head, tuple(clauses))), mistakes


def _end(tokens: Sequence[Token]) -> int:
    return tokens[-1].end_pos or 0


def _split_head(tokens: Sequence[Token], family: str) -> tuple[Sequence[Token], Sequence[Token]]:
    """The head up to its colon, or the first line if there is none; and the rest."""
    for index, token in enumerate(tokens):
        later_line = index and token.line != tokens[index - 1].line
        if token.type == "COLON" or (later_line and token in KEYWORDS[family]):
            return tokens[:index], tokens[index:]
    on_first_line = [token for token in tokens if token.line == tokens[0].line]
    return on_first_line, tokens[len(on_first_line) :]


def _segments(tokens: Sequence[Token], family: str) -> list[Sequence[Token]]:
    """Cut a body where a line begins a clause: with a clause keyword, or no deeper than the first line."""
    if not tokens:
        return []
    starts = [0]
    margin = 0
    for index in range(len(tokens)):
        token = tokens[index]
        column = token.column or 0
        if index and token.line == tokens[index - 1].line:
            continue
        margin = min(margin, column) if margin else column
        if index and (token in CLAUSES[family] or column <= margin):
            starts.append(index)
    return [tokens[i:j] for i, j in zip(starts, [*starts[1:], len(tokens)], strict=True)]
