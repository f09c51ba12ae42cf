"""Every statement of the public data is FGL as it stands, but for a few slips of the annotators."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgps.lang.ast import Call
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_application, parse_statement
from fgps.lang.printer import print_term

PROBLEMS = Path(__file__).parents[3] / "shared" / "formalgeo7k" / "problems"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not PROBLEMS.is_dir(), reason=f"the public data is not there: {PROBLEMS}"),
]

#: Headlines of the diagnostics for slips that the reader of the data repairs.
SLIPS = {
    "a dot where a comma is needed",
    "`，` is not a sign of FGL",
    "a comma before `)`",
    "`'` does not fit here",
    "`)` without a `(`",
    "an operator is missing after the number",
}


def _statements() -> Iterator[tuple[str, str, str]]:
    """Problem id, kind and text of every statement, goal, answer and theorem application."""
    for file in sorted(PROBLEMS.glob("*.json"), key=lambda path: int(path.stem)):
        data = json.loads(file.read_text("utf-8"))
        for kind in ("construction_cdl", "text_cdl", "image_cdl"):
            for text in data[kind]:
                yield file.stem, kind, text
        yield file.stem, "goal", data["goal_cdl"]
        yield file.stem, "answer", str(data["problem_answer"])
        for text in data["theorem_seqs"]:
            yield file.stem, "application", text


def test_every_statement_parses_and_prints_back() -> None:
    slips: list[tuple[str, str, str, str]] = []
    count: Counter[str] = Counter()
    rewritten: list[str] = []
    seen = set()
    for problem, kind, text in _statements():
        count[kind] += 1
        if (kind, text) in seen:
            continue
        seen.add((kind, text))
        term = parse_application(text) if kind == "application" else parse_statement(text)
        if isinstance(term, Diagnostic):
            slips.append((problem, kind, text, term.headline))
            continue
        printed = print_term(term)
        assert parse_statement(printed) == term, text
        for notation in ("infix", "call"):
            assert parse_statement(print_term(term, notation)) == term, text
        if printed != text and isinstance(term, Call) and term.notation == "call":
            rewritten.append(text)
    assert count["goal"] == count["answer"] and count["goal"] >= 5000
    assert {headline for _, _, _, headline in slips} <= SLIPS, slips
    assert len(slips) <= 30, slips
    # Text that changes by printing has superfluous spaces or brackets only.
    assert len(rewritten) <= 10, rewritten
