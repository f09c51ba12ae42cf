"""From a declaration to its parts, in the standard order of clauses: the inverse of ``assemble.py``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from fgps.lang.ast import (
    NOWHERE,
    AttributeDeclaration,
    Call,
    Claim,
    Declaration,
    FormDeclaration,
    Number,
    PackDeclaration,
    PredicateDeclaration,
    ProblemDeclaration,
    SolutionDeclaration,
    Symbol,
    Text,
    TheoremDeclaration,
)
from fgps.lang.build import Clause, Head, Raw


def unassemble(declaration: Declaration) -> Raw:
    """Head and clauses; `assemble` of them gives the declaration back."""
    if isinstance(declaration, PredicateDeclaration):
        head = Head(declaration.category, declaration.name, declaration.parameters, NOWHERE)
        words = ("needs", "same", "forms", "means", "holds")
        sentences = _pairs("sentence", declaration.sentences)
        return _raw(head, [*sentences, *_notation(declaration), *_lists(declaration, words)])
    if isinstance(declaration, AttributeDeclaration):
        return _attribute(declaration)
    if isinstance(declaration, FormDeclaration):
        detail = (declaration.parameters, declaration.variadic)
        head = Head(declaration.category, declaration.name, detail, NOWHERE)
        return _raw(head, _pairs("sentence", declaration.sentences))
    if isinstance(declaration, TheoremDeclaration):
        return _theorem(declaration)
    if isinstance(declaration, PackDeclaration):
        head = Head("pack", declaration.name, declaration.extends, NOWHERE)
        return _raw(head, _pairs("sentence", declaration.sentences))
    if isinstance(declaration, ProblemDeclaration):
        return _problem(declaration)
    return _solution(declaration)


def _attribute(declaration: AttributeDeclaration) -> Raw:
    head = Head("attribute", declaration.name, (declaration.parameters, declaration.symbol), NOWHERE)
    clauses = [
        *_pairs("sentence", declaration.sentences),
        *_notation(declaration),
        *_lists(declaration, ("needs",)),
        Clause("kind", Symbol(declaration.kind), NOWHERE),
        *_lists(declaration, ("same", "forms")),
        *_singles(declaration, ("value",)),
    ]
    return _raw(head, clauses)


def _notation(declaration: PredicateDeclaration | AttributeDeclaration) -> list[Clause]:
    text = declaration.notation
    return [Clause("notation", Text(text), NOWHERE)] if text else []


def _theorem(declaration: TheoremDeclaration) -> Raw:
    clauses = _pairs("sentence", declaration.sentences)
    plain = [branch.number for branch in declaration.branches] == [1]
    for branch in declaration.branches:
        if not plain:
            number = Number(Fraction(branch.number), str(branch.number))
            clauses.append(Clause("branch", number, NOWHERE))
        clauses += _lists(branch, ("given", "where", "then"))
    return _raw(Head("theorem", declaration.name, declaration.parameters, NOWHERE), clauses)


def _problem(declaration: ProblemDeclaration) -> Raw:
    clauses = [
        *_pairs("text", declaration.texts),
        *_pairs("meta", declaration.meta),
        *_lists(declaration, ("construct", "given", "image")),
        *_singles(declaration, ("find", "answer")),
    ]
    return _raw(Head("problem", declaration.name, None, NOWHERE), clauses)


def _solution(declaration: SolutionDeclaration) -> Raw:
    return _raw(Head("solution", declaration.problem, None, NOWHERE), declaration.steps)


def _raw(head: Head, clauses: Iterable[Clause | Call | Claim]) -> Raw:
    return Raw(head, tuple(clauses))


def _pairs(keyword: str, pairs: Sequence[tuple[str, str]]) -> list[Clause]:
    return [Clause(keyword, pair, NOWHERE) for pair in pairs]


def _lists(node: Any, keywords: Sequence[str]) -> list[Clause]:
    """A clause for each keyword whose field of the same name holds anything."""
    return [Clause(word, list(getattr(node, word)), NOWHERE) for word in keywords if getattr(node, word)]


def _singles(node: Any, keywords: Sequence[str]) -> list[Clause]:
    values = [(word, getattr(node, word)) for word in keywords]
    return [Clause(word, value, NOWHERE) for word, value in values if value is not None]
