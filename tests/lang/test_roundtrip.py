"""Printing and reading back give the same tree, for random terms and declarations."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from fgl_strategies import calls, declarations, terms  # noqa: E402

from fgps.lang.ast import Declaration, Term  # noqa: E402
from fgps.lang.format import format_source  # noqa: E402
from fgps.lang.layout import WIDTH  # noqa: E402
from fgps.lang.parse import parse_file, parse_statement  # noqa: E402
from fgps.lang.printer import print_declaration, print_file, print_term  # noqa: E402

COMMON = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # shrinking large trees would take minutes
)


@settings(COMMON, max_examples=400)
@given(terms, st.sampled_from(("keep", "infix", "call")), st.booleans())
def test_term(term: Term, notation: str, spaced: bool) -> None:
    text = print_term(term, notation, spaced)
    assert parse_statement(text) == term, text


@settings(COMMON, max_examples=200)
@given(terms)
def test_notation_is_kept(term: Term) -> None:
    text = print_term(term)
    again = parse_statement(text)
    assert print_term(again) == text


@settings(COMMON, max_examples=200)
@given(declarations)
def test_declaration(declaration: Declaration) -> None:
    text = print_declaration(declaration)
    parsed = parse_file(text)
    assert parsed.diagnostics == (), text
    assert parsed.declarations == (declaration,), text
    assert format_source(text + "\n") == text + "\n"


@settings(COMMON, max_examples=30)
@given(st.lists(declarations, max_size=4))
def test_file(many: list[Declaration]) -> None:
    text = print_file(many)
    parsed = parse_file(text)
    assert parsed.declarations == tuple(many)
    assert format_source(text) == text


@settings(COMMON, max_examples=100)
@given(st.lists(calls, min_size=1, max_size=8))
def test_lines_are_wrapped(facts: list[Term]) -> None:
    text = "problem p:\n    given " + ", ".join(print_term(fact) for fact in facts) + "\n"
    laid = format_source(text)
    assert isinstance(laid, str)
    for line in laid.splitlines():
        # Longer only where no comma or sign is left to break behind.
        assert len(line) <= WIDTH or ", " not in line[WIDTH:]


@settings(COMMON, max_examples=200)
@given(st.text(max_size=60) | st.text('ABx(),=+-*/.#" \n:1', max_size=60))
def test_any_text_gives_a_term_or_a_diagnostic(text: str) -> None:
    result = parse_statement(text)
    parsed = parse_file(text)
    for diagnostic in parsed.diagnostics:
        assert 0 <= diagnostic.span.start <= len(text) + 1
    if hasattr(result, "head"):
        assert parse_statement(print_term(result)) == result


_COMMENTS = st.sampled_from(("# one", "-- two", "#three # and (more", "--"))


@settings(COMMON, max_examples=100)
@given(declarations, st.lists(st.tuples(st.integers(0, 40), st.booleans(), _COMMENTS), max_size=6))
def test_comments_survive_formatting(declaration: Declaration, comments: list[tuple[int, bool, str]]) -> None:
    lines = print_declaration(declaration).split("\n")
    for position, alone, comment in comments:
        index = position % (len(lines) + 1)
        if alone or index == len(lines) or "#" in lines[index] or "--" in lines[index]:
            lines.insert(index, f"    {comment}")
        else:
            lines[index] += f" {comment}"
    laid = format_source("\n".join(lines))
    assert isinstance(laid, str), (lines, laid)
    assert format_source(laid) == laid
    assert parse_file(laid).declarations == (declaration,)
    for comment in {comment for _, _, comment in comments}:
        wanted = sum(c == comment for _, _, c in comments)
        assert sum(line.endswith(comment) for line in laid.split("\n")) >= wanted
