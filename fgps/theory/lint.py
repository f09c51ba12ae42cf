"""What is wrong or suspicious in a theory.

`lint` repeats the errors of `wellformed.check` (a theory built by hand may have them) and adds warnings:
unused parameters, letters that only a guard or a conclusion names, missing sentences and numeric meanings,
consequences in a circle, and statements that say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from fgps.lang.ast import (
    NOWHERE,
    AttributeDeclaration,
    Branch,
    Call,
    Parameters,
    Span,
    Term,
    letters,
    substitute,
)
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.theory.cycles import meaning_cycles
from fgps.theory.model import Attribute, Predicate, Theorem, Theory
from fgps.theory.resolve import close
from fgps.theory.wellformed import check

#: Predicates of these categories need a numeric meaning; the others have it in the construction.
_MEANINGFUL = ("entity", "relation")
_PLACE = re.compile(r"\{([^{}]*)\}")
_POINT = re.compile(r"[A-Z][0-9]*'*")

#: The languages in which a sentence is expected, and how grave its absence is.
_LANGUAGES = (("en", Severity.WARNING), ("zh", Severity.NOTE))


def lint(theory: Theory) -> list[Diagnostic]:
    """All findings, errors first, then by file and place."""
    found = [*check(theory), *_groups(theory)]
    for predicate in theory.predicates.values():
        found += _predicate(predicate)
    for attribute in theory.attributes.values():
        found += _attribute(attribute)
    for theorem in theory.theorems.values():
        found += _theorem(theorem)
    found += meaning_cycles(theory)
    found += _duplicates(theory)
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    return sorted(found, key=lambda d: (order.index(d.severity), d.source_name, d.span.start, d.headline))


# Single declarations -------------------------------------------------------------------------


def _predicate(predicate: Predicate) -> Iterator[Diagnostic]:
    declaration = predicate.declaration
    yield from _sentences(declaration.sentences, declaration.parameters, predicate, declaration.span)
    if predicate.category in _MEANINGFUL and not declaration.holds and not declaration.means:
        hint = "add `holds` with what is true of the coordinates, or `means` with facts that say it all"
        yield _warning("no-meaning", f"{predicate.name} has no numeric meaning", predicate, hint=hint)
    if predicate.category in _MEANINGFUL:
        used = {letter for call in (*declaration.needs, *declaration.holds) for letter in letters(call)}
        yield from _unused(predicate, used)
    if (
        len(set(predicate.letters)) < len(predicate.letters)
        and not declaration.forms
        and not predicate.variadic
    ):
        hint = "list the parameters under `forms`, so that other patterns are refused"
        headline = (
            f"a letter stands twice among the parameters of {predicate.name}, but any points are allowed"
        )
        yield _warning("bad-theory", headline, predicate, hint=hint)


def _attribute(attribute: Attribute) -> Iterator[Diagnostic]:
    declaration = attribute.declaration
    yield from _sentences(declaration.sentences, declaration.parameters, attribute, declaration.span)
    if declaration.value is None:
        hint = "add `value` with a formula in coordinates"
        yield _warning("no-meaning", f"{attribute.name} has no numeric meaning", attribute, hint=hint)
        return
    used = {letter for term in (*declaration.needs, declaration.value) for letter in letters(term)}
    yield from _unused(attribute, used)


def _theorem(theorem: Theorem) -> Iterator[Diagnostic]:
    declaration = theorem.declaration
    yield from _sentences(declaration.sentences, declaration.parameters, theorem, declaration.span)
    named = {letter for b in declaration.branches for c in (*b.given, *b.then) for letter in letters(c)}
    yield from _unused(theorem, named)
    for branch in declaration.branches:
        premises = {letter for fact in branch.given for letter in letters(fact)}
        later = [letter for call in (*branch.where, *branch.then) for letter in letters(call)]
        for letter in dict.fromkeys(later):
            if letter not in premises:
                headline = f"{theorem.name}, branch {branch.number}: no premise names {letter}"
                hint = "a search cannot find a point that no premise speaks of"
                yield _warning("unbound", headline, theorem, branch.span, hint)
        for statement in dict.fromkeys(branch.then):
            if statement in branch.given:
                headline = f"{theorem.name}, branch {branch.number} concludes one of its premises"
                yield _warning("bad-theory", headline, theorem, statement.span)


def _unused(declared: Predicate | Attribute | Theorem, used: Iterable[str]) -> Iterator[Diagnostic]:
    for letter in dict.fromkeys(declared.letters):
        if letter not in used:
            yield _warning("unused", f"{declared.name} does not use its parameter {letter}", declared)


def _sentences(
    sentences: tuple[tuple[str, str], ...],
    parameters: Parameters,
    declared: Predicate | Attribute | Theorem,
    span: Span,
) -> Iterator[Diagnostic]:
    known = dict(sentences)
    for language, severity in _LANGUAGES:
        if not known.get(language, "").strip():
            headline = f"{declared.name} has no sentence in {language}"
            yield Diagnostic("no-sentence", severity, headline, span, declared.source)
    notation = getattr(declared.declaration, "notation", "")
    for language, sentence in (*sentences, ("notation", notation)):
        for place in _PLACE.findall(sentence):
            words = _POINT.findall(place)
            if "".join(words) != place or not words or not set(words) <= set(parameters.letters):
                headline = (
                    f"{declared.name}: {{{place}}} in the sentence ({language}) is no word of parameters"
                )
                yield _warning("bad-theory", headline, declared, span)


def _groups(theory: Theory) -> Iterator[Diagnostic]:
    """Symmetries that are no group of permutations (only in theories that were not resolved here)."""
    everything: list[Predicate | Attribute] = [*theory.predicates.values(), *theory.attributes.values()]
    for declared in everything:
        size = len(declared.letters)
        proper = all(sorted(s) == list(range(size)) for s in declared.symmetries)
        if declared.symmetries and not (proper and close(size, declared.symmetries) == declared.symmetries):
            headline = f"the spellings of {declared.name} are no group of permutations"
            yield replace(_warning("bad-theory", headline, declared), severity=Severity.ERROR)


# Several declarations ------------------------------------------------------------------------


def _duplicates(theory: Theory) -> Iterator[Diagnostic]:
    """Branches, predicates and attributes that differ in the names of their letters only."""
    branches: dict[object, tuple[str, Branch]] = {}
    for theorem in theory.theorems.values():
        for branch in theorem.declaration.branches:
            name, other = branches.setdefault(_shape_of_branch(branch), (theorem.name, branch))
            # Within a theorem branches may differ in the order of the arguments that cite them.
            if other is not branch and (name != theorem.name or _statements(branch) == _statements(other)):
                headline = (
                    f"{theorem.name}, branch {branch.number} says the same as {name}, branch {other.number}"
                )
                yield _warning("duplicate", headline, theorem, branch.span)
    known: dict[object, str] = {}
    everything: list[Predicate | Attribute] = [*theory.predicates.values(), *theory.attributes.values()]
    for declared in everything:
        if isinstance(declared, Attribute) or declared.category in _MEANINGFUL:
            first = known.setdefault(_shape(declared), declared.name)
            if first != declared.name:
                yield _warning("duplicate", f"{declared.name} means the same as {first}", declared)


def _statements(branch: Branch) -> tuple[frozenset[Call], ...]:
    return frozenset(branch.given), frozenset(branch.where), frozenset(branch.then)


def _shape_of_branch(branch: Branch) -> object:
    """The branch with its letters numbered by first use, order of statements forgotten at the end."""
    clauses = (branch.given, branch.where, branch.then)
    number = _numbering(letter for clause in clauses for call in clause for letter in letters(call))
    return tuple(tuple(sorted(repr(number(call)) for call in clause)) for clause in clauses)


def _shape(declared: Predicate | Attribute) -> object:
    """What a declaration says, with its letters numbered."""
    declaration = declared.declaration
    terms: list[Term] = list(declaration.needs)
    kind = ""
    if isinstance(declaration, AttributeDeclaration):
        kind = declaration.kind
        terms += [] if declaration.value is None else [declaration.value]
    else:
        terms += [*declaration.means, *declaration.holds]
    number = _numbering(declared.letters)
    return kind, declared.groups, declared.symmetries, tuple(number(term) for term in terms)


def _numbering(order: Iterable[str]) -> Callable[[Term], Term]:
    names = {letter: f"P{position}" for position, letter in enumerate(dict.fromkeys(order))}
    return lambda term: substitute(term, names)


def _warning(
    code: str,
    headline: str,
    declared: Predicate | Attribute | Theorem,
    span: Span = NOWHERE,
    hint: str = "",
) -> Diagnostic:
    place = span if span != NOWHERE else declared.declaration.span
    return Diagnostic(code, Severity.WARNING, headline, place, declared.source, (), hint)


__all__ = ["lint"]
