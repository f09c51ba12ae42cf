"""What a user is told about mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import fgps.lang
from fgps.lang.ast import SolutionDeclaration, Span
from fgps.lang.diagnostics import CODES, Diagnostic, Severity, did_you_mean, error, near, render, to_json
from fgps.lang.format import format_source
from fgps.lang.parse import parse_file, parse_statement

STATEMENTS = [
    # text, where the caret stands, part of the headline, part of the hint
    ("", 0, "empty", "write a fact"),
    ("Shape(BD,DA.AB)", 11, "dot where a comma", "separate arguments"),
    ("Shape(DA，AF)", 8, "`，` is not a sign", "write `,`"),
    ("Value(Div(a,b),)", 15, "comma before `)`", "remove the comma"),
    ("f(a,,b)", 4, "two commas", "remove one"),
    ("f(a),", 4, "ends with a comma", "remove the comma"),
    ("Equal(a,b", 9, "bracket is not closed", "add `)`"),
    ("f(a), f(b)", 4, "after a complete statement", "one statement"),
    ("f(a))", 4, "without a `(`", "remove it"),
    ("f()", 2, "empty brackets", "at least one"),
    ("a == b", 3, "`==`", "single `=`"),
    ("a = b = x", 6, "chained", "two comparisons"),
    ("2x+1", 1, "operator is missing", "2*x"),
    ("f(AB CD)", 5, "comma is missing", "before `CD`"),
    ("f(AB)g(CD)", 5, "follows a complete statement", "operator"),
    ("x^2", 1, "`^` is not a sign", "**"),
    ("{a}", 0, "`{`", "`(`"),
    ('f("abc)', 2, "quotes are not closed", "same line"),
    ("3.", 1, "digits after the dot", "6.5"),
    ("∠ABC", 0, "`∠`", "attribute"),
    ("a ≤ b", 2, "`≤`", "<="),
    ("-", 1, "ends too early", "a term"),
    ("a+*b", 2, "unexpected `*`", "a term"),
    ("('D','A')", 1, "`'` does not fit", '"'),
]


@pytest.mark.parametrize(("text", "at", "headline", "hint"), STATEMENTS)
def test_common_mistakes_in_statements(text: str, at: int, headline: str, hint: str) -> None:
    found = parse_statement(text, "s")
    assert isinstance(found, Diagnostic)
    assert (found.code, found.severity, found.source_name) == ("syntax", Severity.ERROR, "s")
    assert found.span.start == at and found.span.column == at + 1
    assert headline in found.headline
    assert hint in found.hint


FILES = [
    # text, line, part of the headline, part of the hint
    ("theorem f(AB)\n    then g(AB)\n", 1, "`:` is missing", "colon"),
    ("problem p\n    find y\n", 1, "`:` is missing", "colon"),
    ("theorem f(abc):\n    then g(AB)\n", 1, "no word of points", "ABC"),
    ("theorem f(AB):\n    gven g(AB)\n    then h(AB)\n", 2, "unknown clause `gven`", "given"),
    ("theorem f(AB):\n    find y\n    then h(AB)\n", 2, "no clause of a theorem", "given"),
    ("problem p:\n    given f(AB),\n    find y\n", 2, "ends with a comma", "remove the comma"),
    ("problem p:\n    given f(AB\n    find y\n", 2, "bracket is not closed", "add `)`"),
    ("problem p:\n    given f(AB) g(CD)\n    find y\n", 2, "comma is missing", "before `g`"),
    ("problm p:\n    find y\n", 1, "declaration was expected", "problem"),
    ("  problem p:\n    find y\n", 1, "start of a line", "white space"),
    ("theorem f(AB):\n    given g(AB)\n", 2, "no conclusion", "then"),
    ("theorem f(AB):\n  branch 1 then g(AB)\n  branch 1 then g(AB)\n", 3, "number of a branch", "different"),
    ("theorem f(AB):\n    then g(AB)\n    branch 1 then g(AB)\n", 2, "before the first branch", "move"),
    ("attribute f(AB) symbol f:\n    value 1\n", 1, "has no kind", "kind length"),
    ("attribute f(AB) symbol f:\n    kind lenght\n", 2, "unknown kind", "length"),
    ("problem p:\n    find x\n    find y\n", 3, "only once", ""),
    ("problem p:\n    given AB\n", 2, "fact is needed", "write a fact"),
    ("solution of p:\n    f(AB)\n", 2, "number of its branch", "f(1, ...)"),
]


@pytest.mark.parametrize(("text", "line", "headline", "hint"), FILES)
def test_common_mistakes_in_files(text: str, line: int, headline: str, hint: str) -> None:
    parsed = parse_file(text, "t.fgl")
    assert not parsed.ok and parsed.declarations == ()
    first = parsed.diagnostics[0]
    assert first.span.line == line, render(first, text)
    assert headline in first.headline and hint in first.hint
    assert first.source_name == "t.fgl"
    assert all(d.code in CODES for d in parsed.diagnostics)
    assert isinstance(format_source(text), tuple)


BROKEN = """\
theorem f(AB):
    given g(AB) g(CD)
    whre f(AB) < 2
    then  h(AB

relation ok(AB):
    means g(AB)

solution of p:
    f(1,AB)
    f(1,CD
    claim g(AB) == 2
    f(1,EF)
"""


def test_many_mistakes_in_one_run() -> None:
    parsed = parse_file(BROKEN)
    assert [d.span.line for d in parsed.diagnostics] == [2, 3, 4, 11, 12]
    assert [declaration.span.line for declaration in parsed.declarations] == [6]
    solution = parsed.partial[-1]
    assert isinstance(solution, SolutionDeclaration) and len(solution.steps) == 2


def test_picture() -> None:
    text = "problem p:\n    given f(AB\n    find y\n"
    shown = render(parse_file(text, "p.fgl").diagnostics[0], text)
    assert shown == (
        "error[syntax]: a bracket is not closed\n"
        " --> p.fgl:2:15\n"
        "  |\n"
        "2 |     given f(AB\n"
        "  |               ^\n"
        "  |\n"
        "2 |     given f(AB\n"
        "  |            ^ opened here\n"
        "  = help: add `)`"
    )


def test_picture_of_wide_and_long_lines() -> None:
    wide = render(error("syntax", "h", Span(2, 3, 1, 3)), "线段x")
    assert wide.endswith("1 | 线段x\n  | \u3000\u3000^")
    long = render(error("syntax", "h", Span(5000, 5001, 1, 5001)), "a" * 10_000)
    assert max(map(len, long.splitlines())) < 120 and "^" in long
    assert render(error("syntax", "h", Span(0, 1, 1, 1)), "\x1b[31m").count("\x1b") == 0
    assert render(error("io", "no file")) == "error[io]: no file"


def test_json_is_plain_data() -> None:
    found = parse_statement("f(a", "s")
    assert isinstance(found, Diagnostic)
    data = json.loads(json.dumps(to_json(found)))
    assert data["code"] == "syntax" and data["span"] == {"start": 3, "end": 4, "line": 1, "column": 4}
    assert data["related"][0]["label"] == "opened here"
    assert to_json(error("io", "no file"))["span"] is None


def test_near() -> None:
    names = ["IsMidpointOfLine", "IsMidpointOfArc", "Collinear", "Cocircular"]
    assert near("IsMidpontOfLine", names)[0] == "IsMidpointOfLine"
    assert near("collinear", names)[0] == "Collinear"
    assert near("Collniear", names)[0] == "Collinear"
    assert near("Parallel", names) == ()
    assert did_you_mean("Colinear", names) == "did you mean Collinear?"
    assert did_you_mean("zzz", names) == ""


def test_codes_used_here_are_documented() -> None:
    folder = Path(fgps.lang.__file__).parent
    used = set()
    for file in folder.glob("*.py"):
        used |= set(re.findall(r'(?:error|Diagnostic)\(\s*"([a-z-]+)"', file.read_text("utf-8")))
    assert used and used <= set(CODES)
