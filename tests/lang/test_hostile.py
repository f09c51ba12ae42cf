"""Hostile input ends soon, with a diagnostic."""

from __future__ import annotations

import random
import time

import pytest

from fgps.lang.diagnostics import Diagnostic, render
from fgps.lang.format import format_source
from fgps.lang.grammar import MAX_DEPTH, MAX_FILE, MAX_STATEMENT
from fgps.lang.parse import parse_application, parse_file, parse_statement

BINARY = random.Random(1).randbytes(500_000).decode("latin-1")
TEXTS = {
    "ten megabytes of brackets": "(" * 10_000_000,
    "a megabyte of brackets": "(" * 1_000_000,
    "closing brackets": ")" * 1_000_000,
    "nested calls": "f(" * 400_000,
    "binary": BINARY,
    "binary without control characters": "".join(c for c in BINARY if c >= " "),
    "nul": "\0" * 100_000,
    "quotes": '"' * 500_000,
    "minus": "-" * 1_000_000,
    "minus with spaces": "- " * 500_000,
    "powers": "2**" * 300_000 + "2",
    "dots": "." * 1_000_000,
    "words": "a " * 500_000,
    "points": "A" * 1_000_000,
    "points before a bracket": "A'" * 500_000 + "(",
    "digits": "1" * 1_000_000,
    "lines": "a\n" * 500_000,
    "heads": "problem p:\n" * 50_000,
    "bad heads": "problem\n" * 200_000,
    "broken clauses": "problem p:\n" + "  given f(\n" * 40_000,
    "escapes": '"' + "\\" * 999_999,
    "surrogates": "\ud800" * 1000,
    "white space": " \n" * 500_000,
    "deep theorem": "theorem f(AB):\n  then " + "f(" * 200 + "AB" + ")" * 200,
    "deep problem": "problem p:\n  find " + "-" * 30_000 + "x",
}


@pytest.mark.parametrize("name", TEXTS)
def test_files(name: str) -> None:
    text = TEXTS[name]
    parse_file("problem p:\n    find x")  # the grammar is built once
    began = time.perf_counter()
    parsed = parse_file(text, "hostile")
    seconds = time.perf_counter() - began
    for diagnostic in parsed.diagnostics[:5]:
        assert len(render(diagnostic, text)) < 2000
    assert parsed.ok == (name in ("heads", "white space"))
    assert len(parsed.diagnostics) <= 201
    # 50,000 good declarations take their time; everything else is refused early.
    assert seconds < (30 if name == "heads" else 5)
    if not parsed.ok:
        assert isinstance(format_source(text), tuple)


@pytest.mark.parametrize("name", TEXTS)
def test_statements(name: str) -> None:
    for text in (TEXTS[name], TEXTS[name][:9_000]):
        began = time.perf_counter()
        result = parse_statement(text)
        parse_application(text)
        assert time.perf_counter() - began < 2
        if not name.startswith("points"):
            assert isinstance(result, Diagnostic)
            hash(result)


def test_depth() -> None:
    for depth, fine in ((MAX_DEPTH - 1, True), (MAX_DEPTH + 1, False)):
        for text in ("f(" * depth + "x" + ")" * depth, "(" * depth + "x" + ")" * depth):
            result = parse_statement(text)
            assert isinstance(result, Diagnostic) != fine
            if not fine:
                assert isinstance(result, Diagnostic) and result.code == "too-deep"
    for text in ("-" * 200 + "x", "2**" * 200 + "2", "1" + "-1+1" * 200, "1" + "/1*1" * 200):
        result = parse_statement(text)
        assert isinstance(result, Diagnostic) and result.code == "too-deep", text[:20]
    flat = parse_statement("+".join(["x"] * 2000))
    assert not isinstance(flat, Diagnostic) and hash(flat)


def test_limits() -> None:
    assert not isinstance(parse_statement("x" * MAX_STATEMENT), Diagnostic)
    long = parse_statement("x" * (MAX_STATEMENT + 1))
    assert isinstance(long, Diagnostic) and long.code == "too-long"
    number = parse_statement("1" * 201)
    assert isinstance(number, Diagnostic) and number.code == "too-long"
    assert not isinstance(parse_statement("1" * 200), Diagnostic)
    assert parse_file(" " * (MAX_FILE + 1)).diagnostics[0].code == "too-long"
    control = parse_file("problem p:\n  find \x07x").diagnostics[0]
    assert control.code == "not-text" and (control.span.line, control.span.column) == (2, 8)


SAMPLE = """\
pack imo extends basic: "Olympiad."
attribute f(AB) symbol f: "f of {AB}"
    kind  length
    same  (BA), (AB)
    value 2 * area(A, B, C) / distance(B, C)
theorem t(AB, CD):
    branch 1
        given f(AB) = 1, g(CD)  # why
        where f(AB) < 180
        then  h(AB, CD)
operator Add(a, b...): "the sum"
problem p_1:
    text en "Find y."
    construct Shape(AB,BC,CA)
    given f(AB) = x
    find  -x**2 + 1.5
solution of p_1:
    t(1,AB,CD)
    claim f(AB) = 1 by t(1,AB,CD)
"""


def test_damaged_files_never_raise() -> None:
    assert parse_file(SAMPLE).ok
    chance = random.Random(7)
    pieces = [*"()[],.:;=<>*-+/\"'#\\ \n", "\n    ", "--", "...", "given", "theorem ", "A", "x", "1", "，"]
    for _ in range(400):
        text = SAMPLE
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text))
            end = min(len(text), start + chance.choice((0, 0, 1, 5, 30)))
            text = text[:start] + chance.choice(pieces) + text[end:]
        parsed = parse_file(text)
        for diagnostic in parsed.diagnostics:
            assert render(diagnostic, text)
            assert 0 <= diagnostic.span.start <= len(text)
            assert diagnostic.span.line <= text.count("\n") + 1
        laid = format_source(text)
        assert isinstance(laid, str) == parsed.ok
        if isinstance(laid, str):
            assert parse_file(laid).declarations == parsed.declarations
            assert format_source(laid) == laid
