"""The ``notation`` clause of predicates and attributes."""

from __future__ import annotations

from fgps.lang.ast import AttributeDeclaration, PredicateDeclaration
from fgps.lang.format import format_source
from fgps.lang.parse import parse_file
from fgps.lang.printer import print_file
from fgps.theory.load import load_theory

TEXT = """attribute AreaOfTriangle(ABC) symbol at: "the area of triangle {ABC}"
    notation "S_[△{ABC}]"
    kind  area
    value area(A, B, C)

relation Parallel(AB, CD): "{AB} and {CD} are parallel."
    notation "{AB} ∥ {CD}"
    holds cross(AB, CD) = 0
"""


def test_notation_is_read_and_printed() -> None:
    parsed = parse_file(TEXT)
    assert parsed.diagnostics == ()
    attribute, relation = parsed.declarations
    assert isinstance(attribute, AttributeDeclaration) and attribute.notation == "S_[△{ABC}]"
    assert isinstance(relation, PredicateDeclaration) and relation.notation == "{AB} ∥ {CD}"
    assert parse_file(print_file(parsed.declarations)).declarations == parsed.declarations
    assert format_source(TEXT) == TEXT


def test_notation_may_stand_once() -> None:
    doubled = TEXT.replace('    notation "{AB} ∥ {CD}"', '    notation "a"\n    notation "b"')
    assert [found.code for found in parse_file(doubled).diagnostics] == ["bad-declaration"]


def test_notation_is_an_ordinary_word_elsewhere() -> None:
    assert parse_file("problem notation:\n    find notation\n").diagnostics == ()


def test_notation_is_optional_and_given_where_formulas_need_it() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    assert all(attribute.declaration.notation for attribute in theory.attributes.values())
