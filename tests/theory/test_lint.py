"""The linter finds each kind of defect, and nothing in the bundled packs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fgps.lang.diagnostics import Severity
from fgps.theory.lint import lint
from fgps.theory.load import load_theory
from fgps.theory.show import overview, show


@pytest.mark.parametrize("name", ["basic", "imo"])
def test_bundled_packs_are_clean(name: str) -> None:
    theory = load_theory(name, use_cache=False).theory
    assert theory is not None
    assert [str(found) for found in lint(theory)] == []


GOOD = 'theorem good(AB): "{AB}." zh "{AB}。"\n    given Line(AB)\n    then LengthOfLine(AB) = 1\n'

DEFECTS = [
    ('theorem t(ABC): "{AB}." zh "。"\n given Line(AB)\n then LengthOfLine(AB) = 2', "unused", "parameter C"),
    ('theorem t(ABC): "{AB}." zh "。"\n given Line(AB)\n then Line(BC)', "unbound", "no premise names C"),
    ('theorem t(AB): "{AC}." zh "。"\n given Line(AB)\n then LengthOfLine(AB) = 2', "bad-theory", "{AC}"),
    ('theorem t(AB): "{ab}." zh "。"\n given Line(AB)\n then LengthOfLine(AB) = 2', "bad-theory", "{ab}"),
    ('theorem t(AB): zh "。"\n given Line(AB)\n then LengthOfLine(AB) = 2', "no-sentence", "in en"),
    ('theorem t(AB): "."\n given Line(AB)\n then LengthOfLine(AB) = 2', "no-sentence", "in zh"),
    (
        'theorem t(XY): "." zh "。"\n given Line(XY)\n then LengthOfLine(XY) = 1',
        "duplicate",
        "good, branch 1",
    ),
    (
        'theorem t(AB): "." zh "。"\n given Line(AB), Point(A)\n then Point(A)',
        "bad-theory",
        "one of its premises",
    ),
    (
        'theorem t(AB): "." zh "。"\n branch 1\n given Line(AB)\n then Line(BA)\n'
        " branch 2\n given Line(AB)\n then Line(BA)",
        "duplicate",
        "t, branch 2 says the same as t, branch 1",
    ),
    ('relation P(AB): "." zh "。"\n needs Line(AB)', "no-meaning", "P has no numeric meaning"),
    ('relation P(ABC): "." zh "。"\n needs Line(AB)\n holds x(A) = x(B)', "unused", "parameter C"),
    (
        'relation P(AB): "." zh "。"\n means Q(AB)\n holds x(A) = x(B)\n'
        'relation Q(AB): "." zh "。"\n means P(AB)\n holds x(B) = x(A)',
        "cyclic",
        "P",
    ),
    ('relation P(AB, BC): "." zh "。"\n holds cross(AB, BC) = 0', "bad-theory", "stands twice"),
    (
        'relation P(AB): "." zh "。"\n needs Line(AB)\n holds x(A) = x(B)\n'
        'relation Q(CD): "." zh "。"\n needs Line(CD)\n holds x(C) = x(D)',
        "duplicate",
        "Q means the same as P",
    ),
    ('attribute P(AB) symbol pp: "." zh "。"\n needs Line(AB)\n kind length', "no-meaning", "P has no"),
]


@pytest.mark.parametrize(("text", "code", "words"), DEFECTS)
def test_each_defect_is_found(tmp_path: Path, text: str, code: str, words: str) -> None:
    (tmp_path / "pack.fgl").write_text(f'pack seeded extends basic: "."\n{GOOD}{text}\n', encoding="utf-8")
    loaded = load_theory(tmp_path)
    assert loaded.theory is not None, [str(d) for d in loaded.diagnostics]
    found = lint(loaded.theory)
    assert any(d.code == code and words in d.headline for d in found), [str(d) for d in found]


def test_symmetries_that_are_no_group_are_found() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    line = theory.predicates["Line"]
    for symmetries in (((0, 0),), ((1, 0),)):
        broken = replace(
            theory, predicates={**theory.predicates, "Line": replace(line, symmetries=symmetries)}
        )
        assert [d.severity for d in lint(broken)] == [Severity.ERROR]


def test_show_prints_the_declaration_and_what_uses_it() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    text = show(theory, "IsMidpointOfLine")
    assert isinstance(text, str)
    assert "relation IsMidpointOfLine(M, AB):" in text
    assert "IsMidpointOfLine(M,BA)" in text
    assert "midpoint_of_line_judgment" in text
    assert isinstance(show(theory, "line_addition"), str)
    assert isinstance(show(theory, "Add"), str)


def test_show_suggests_near_names() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    found = show(theory, "line_adition")
    assert not isinstance(found, str)
    assert found.hint == "did you mean line_addition?"


def test_the_overview_counts() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    text = overview(theory)
    for line in ("construction (3)", "relation (30)", "attribute (21)", "theorem (196)"):
        assert line in text
