"""From declarations to a `Theory`: names, symmetry groups, branches; what does not fit is reported.

Packs come in order; a later pack may add names and may not declare one anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fgps.lang.ast import (
    AttributeDeclaration,
    Branch,
    Declaration,
    FormDeclaration,
    PackDeclaration,
    Parameters,
    Points,
    PredicateDeclaration,
    Span,
    TheoremDeclaration,
)
from fgps.lang.diagnostics import Diagnostic, Severity, error
from fgps.theory.model import Attribute, Permutation, Predicate, Theorem, Theory

#: A symmetry group larger than this is a mistake (polygon rotations have at most a handful).
MAX_SYMMETRIES: Final = 720

KINDS: Final = ("length", "angle", "area", "ratio")


@dataclass(frozen=True, slots=True)
class Unit:
    """The declarations of one file of a pack."""

    pack: str
    source: str
    declarations: tuple[Declaration, ...]


@dataclass
class _Builder:
    """What has been declared so far."""

    predicates: dict[str, Predicate] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    theorems: dict[str, Theorem] = field(default_factory=dict)
    forms: dict[str, FormDeclaration] = field(default_factory=dict)
    places: dict[str, tuple[str, Span]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def claim(self, name: str, key: str, source: str, span: Span) -> bool:
        """Take a name; a second declaration is reported and left out."""
        if key not in self.places:
            self.places[key] = (source, span)
            return True
        first, place = self.places[key]
        related = ((place, "first declared here"),) if first == source else ()
        notes = (f"it was first declared in {first}, line {place.line}",)
        self.problems.append(
            Diagnostic(
                "duplicate", Severity.ERROR, f"{name} is declared twice", span, source, notes, "", related
            )
        )
        return False


def resolve(name: str, units: Sequence[Unit]) -> tuple[Theory, tuple[Diagnostic, ...]]:
    """The theory that the units declare, and what is wrong with single declarations.

    With errors among the diagnostics the theory lacks the declarations that have them.
    """
    builder = _Builder()
    for unit in units:
        for declaration in unit.declarations:
            _add(builder, unit, declaration)
    theory = Theory(
        name=name,
        packs=tuple(dict.fromkeys(unit.pack for unit in units)),
        predicates=builder.predicates,
        attributes=builder.attributes,
        theorems=builder.theorems,
        forms=builder.forms,
    )
    return theory, tuple(builder.problems)


def _add(builder: _Builder, unit: Unit, declaration: Declaration) -> None:
    if isinstance(declaration, PredicateDeclaration):
        if builder.claim(declaration.name, declaration.name, unit.source, declaration.span):
            predicate = _predicate(declaration, unit.source, builder.problems)
            if predicate is not None:
                builder.predicates[declaration.name] = predicate
    elif isinstance(declaration, AttributeDeclaration):
        symbol_is_new = builder.claim(
            f"the symbol {declaration.symbol}", f"symbol {declaration.symbol}", unit.source, declaration.span
        )
        if builder.claim(declaration.name, declaration.name, unit.source, declaration.span) and symbol_is_new:
            attribute = _attribute(declaration, unit.source, builder.problems)
            if attribute is not None:
                builder.attributes[declaration.name] = attribute
    elif isinstance(declaration, TheoremDeclaration):
        key = f"theorem {declaration.name}"
        if builder.claim(f"the theorem {declaration.name}", key, unit.source, declaration.span):
            theorem = _theorem(declaration, unit, builder.problems)
            if theorem is not None:
                builder.theorems[declaration.name] = theorem
    elif isinstance(declaration, FormDeclaration):
        # A goal may have the name of an operator: `Equal` is both.
        key = f"goal {declaration.name}" if declaration.category == "goal" else declaration.name
        if builder.claim(f"{declaration.category} {declaration.name}", key, unit.source, declaration.span):
            taken = declaration.name in builder.forms
            builder.forms[key if taken else declaration.name] = declaration
    elif not isinstance(declaration, PackDeclaration):
        headline = "a theory holds no problems and no solutions"
        builder.problems.append(error("bad-theory", headline, declaration.span, source_name=unit.source))


def _predicate(
    declaration: PredicateDeclaration, source: str, problems: list[Diagnostic]
) -> Predicate | None:
    parameters = declaration.parameters
    variadic = parameters.variadic
    report = _reporter(declaration.span, source, problems)
    if variadic and declaration.same:
        report(f"{declaration.name} takes any number of points, so it cannot list spellings under `same`")
        return None
    symmetries = () if variadic else _symmetries(declaration.name, parameters, declaration.same, report)
    if symmetries is None:
        return None
    return Predicate(
        declaration.name,
        declaration.category,
        parameters.letters,
        parameters.groups,
        variadic,
        symmetries,
        declaration,
        source,
    )


def _attribute(
    declaration: AttributeDeclaration, source: str, problems: list[Diagnostic]
) -> Attribute | None:
    parameters = declaration.parameters
    report = _reporter(declaration.span, source, problems)
    if parameters.variadic:
        report(f"{declaration.name}: an attribute has a fixed number of points")
        return None
    if declaration.kind not in KINDS:
        report(f"{declaration.name}: the kind is one of {', '.join(KINDS)}, not {declaration.kind}")
        return None
    symmetries = _symmetries(declaration.name, parameters, declaration.same, report)
    if symmetries is None:
        return None
    return Attribute(
        declaration.name,
        declaration.symbol,
        declaration.kind,
        parameters.letters,
        parameters.groups,
        symmetries,
        declaration,
        source,
    )


def _theorem(declaration: TheoremDeclaration, unit: Unit, problems: list[Diagnostic]) -> Theorem | None:
    report = _reporter(declaration.span, unit.source, problems)
    if declaration.parameters.variadic:
        report(f"{declaration.name}: a theorem has a fixed number of points")
        return None
    branches: dict[int, Branch] = {}
    for branch in declaration.branches:
        if branch.number in branches:
            report(f"{declaration.name} has two branches {branch.number}")
            return None
        branches[branch.number] = branch
    if not branches:
        report(f"{declaration.name} has no branch: it needs `given` and `then`")
        return None
    parameters = declaration.parameters
    return Theorem(
        declaration.name, parameters.letters, parameters.groups, branches, unit.pack, declaration, unit.source
    )


def _reporter(span: Span, source: str, problems: list[Diagnostic]) -> Callable[[str], None]:
    def report(headline: str) -> None:
        problems.append(error("bad-theory", headline, span, source_name=source))

    return report


def _symmetries(
    name: str,
    parameters: Parameters,
    same: Iterable[tuple[Points, ...]],
    report: Callable[[str], None],
) -> tuple[Permutation, ...] | None:
    """The closure of ``same`` as permutations of the letters, or None after a report."""
    letters = parameters.letters
    generators: list[Permutation] = []
    for spelling in same:
        words = tuple(point for word in spelling for point in word.names)
        if tuple(len(word) for word in spelling) != parameters.groups or sorted(words) != sorted(letters):
            shown = ", ".join("".join(word.names) for word in spelling)
            report(f"{name}: the spelling ({shown}) under `same` is no rearrangement of the parameters")
            return None
        generators.append(_positions(letters, words))
    group = close(len(letters), generators)
    if group is None:
        report(f"{name}: the spellings under `same` generate more than {MAX_SYMMETRIES} spellings")
    return group


def _positions(letters: tuple[str, ...], words: tuple[str, ...]) -> Permutation:
    """Where each letter of a spelling stands among the parameters; repeated letters in order."""
    places: dict[str, list[int]] = {}
    for position, letter in enumerate(letters):
        places.setdefault(letter, []).append(position)
    return tuple(places[letter].pop(0) for letter in words)


def close(size: int, generators: Sequence[Permutation]) -> tuple[Permutation, ...] | None:
    """The group that the permutations generate, sorted (so the identity is first); None if too large."""
    identity = tuple(range(size))
    found = {identity}
    waiting = [identity]
    while waiting:
        current = waiting.pop()
        for generator in generators:
            product = tuple(current[i] for i in generator)
            if product not in found:
                found.add(product)
                waiting.append(product)
        if len(found) > MAX_SYMMETRIES:
            return None
    return tuple(sorted(found))


def digest(units: Sequence[Unit], show: Callable[[Declaration], str]) -> str:
    """Hex SHA-256 of the canonical text: packs in order, in each the declarations sorted.

    Layout, comments and the division into files do not matter; every statement does.
    """
    total = hashlib.sha256()
    for pack in dict.fromkeys(unit.pack for unit in units):
        declared = [d for unit in units if unit.pack == pack for d in unit.declarations]
        for text in sorted(show(declaration) for declaration in declared):
            total.update(text.encode("utf-8") + b"\0")
        total.update(b"\1")
    return total.hexdigest()
