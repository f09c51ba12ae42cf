"""Which facts and quantities a problem has: existence, coinciding points, identical quantities.

Two spellings of one quantity (a segment read backwards, an angle along extended rays) are the
same interned `Quantity`, so that the algebra gives them one variable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from fgps.lang.ast import Call, Points, letters
from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.problem.construction import Construction
from fgps.problem.facts import Fact
from fgps.theory.instantiate import canonical
from fgps.theory.model import CONSTRUCTIVE, Attribute, Predicate, Theory

Row = tuple[str, ...]


class Quantity(NamedTuple):
    """A number of the figure: attribute, canonical points, kind (``length angle area ratio``)."""

    attribute: str
    points: Row
    kind: str

    def __str__(self) -> str:
        return f"{self.attribute}({''.join(self.points)})"


class _Rule(NamedTuple):
    """Conditions on the points of a predicate or attribute, compiled to positions."""

    declared: Predicate | Attribute
    size: int
    needs: tuple[tuple[str, tuple[int, ...]], ...]
    patterns: frozenset[tuple[int, ...]]
    words: tuple[tuple[int, int], ...]
    is_angle: bool


class Quantities:
    """Existence checks and canonical quantities under one theory and construction."""

    def __init__(self, theory: Theory, construction: Construction) -> None:
        self._theory = theory
        self._construction = construction
        self._rules = _rules_of(theory.digest) if theory.digest else {}
        self._quantities: dict[tuple[str, Row], Quantity | Diagnostic] = {}
        self._interned: dict[Quantity, Quantity] = {}
        self._facts: dict[Fact, Diagnostic | None] = {}
        self._corners: dict[Row, list[Row]] | None = None

    def quantity(self, attribute: str, points: Row) -> Quantity | Diagnostic:
        """The quantity, in its one canonical spelling, or why there is none."""
        key = (attribute, points)
        known = self._quantities.get(key)
        if known is None:
            known = self._quantities[key] = self._quantity(attribute, points)
        return known

    def spellings(self, attribute: str, points: Row) -> list[Row]:
        """Every spelling of a quantity that exists: symmetries, and angles along extended rays."""
        declared = self._theory.attributes[attribute]
        if not self._rule(declared).is_angle:
            return list(dict.fromkeys(tuple(points[i] for i in s) for s in declared.symmetries))
        if self._corners is None:
            self._corners = {}
            for corner in self._construction.angles:
                self._corners.setdefault(self._construction.angle_class(*corner), []).append(corner)
        return list(self._corners.get(self._construction.angle_class(*points), [points]))

    def check_fact(self, predicate: str, points: Row) -> Diagnostic | None:
        """Why a relation cannot hold between these points here; None if it can."""
        key = (predicate, points)
        if key not in self._facts:
            self._facts[key] = self._check_fact(predicate, points)
        return self._facts[key]

    def _quantity(self, attribute: str, points: Row) -> Quantity | Diagnostic:
        declared = self._theory.attributes.get(attribute)
        if declared is None:
            hint = did_you_mean(attribute, self._theory.attributes)
            return error("unknown-attribute", f"there is no attribute {attribute}", hint=hint)
        rule = self._rule(declared)
        problem = _coincidence(rule, points) or self._missing(rule, points)
        if problem is not None:
            return problem
        row = self._construction.angle_class(*points) if rule.is_angle else canonical(declared, points)
        quantity = Quantity(attribute, row, declared.kind)
        return self._interned.setdefault(quantity, quantity)

    def _check_fact(self, predicate: str, points: Row) -> Diagnostic | None:
        if predicate in CONSTRUCTIVE:
            return None if self._construction.has((predicate, points)) else _absent(predicate, points)
        declared = self._theory.predicates.get(predicate)
        if declared is None:
            hint = did_you_mean(predicate, self._theory.predicates)
            return error("unknown-predicate", f"there is no predicate {predicate}", hint=hint)
        rule = self._rule(declared)
        return _coincidence(rule, points) or self._missing(rule, points)

    def _rule(self, declared: Predicate | Attribute) -> _Rule:
        rule = self._rules.get(declared.name)
        if rule is None:
            rule = self._rules[declared.name] = _compile(declared)
        return rule

    def _missing(self, rule: _Rule, points: Row) -> Diagnostic | None:
        seen: list[Fact] = []
        for predicate, positions in rule.needs:
            fact = (predicate, tuple([points[i] for i in positions]))
            if not self._construction.has(fact):
                return _absent(*fact, of=f"{rule.declared.name}({_shown(rule, points)})")
            if not rule.patterns and len(positions) > 1 and len(rule.words) > 1:
                if any(self._same(fact, other) for other in seen):
                    message = f"{rule.declared.name}({_shown(rule, points)}) relates a figure to itself"
                    return error("bad-arguments", message)
                seen.append(fact)
        return None

    def _same(self, one: Fact, two: Fact) -> bool:
        if one[0] != two[0] or len(one[1]) != len(two[1]):
            return False
        declared = self._theory.predicates.get(one[0])
        return declared is not None and canonical(declared, one[1]) == canonical(declared, two[1])


@lru_cache(maxsize=16)
def _rules_of(digest: str) -> dict[str, _Rule]:
    """The rules of a theory, known by its digest, as far as they were needed; all its problems share them."""
    return {}


def _compile(declared: Predicate | Attribute) -> _Rule:
    names = declared.letters
    needs = tuple(
        (need.head, tuple(names.index(letter) for letter in letters(need)))
        for need in declared.declaration.needs
        if need.head in CONSTRUCTIVE and all(letter in names for letter in letters(need))
    )
    patterns = frozenset(
        _pattern(tuple(name for word in form for name in word.names)) for form in declared.declaration.forms
    )
    words, start = [], 0
    for size in declared.groups:
        words.append((start, start + size))
        start += size
    own = declared.declaration.needs
    is_angle = (
        isinstance(declared, Attribute)
        and declared.kind == "angle"
        and len(own) == 1
        and own[0] == Call("Angle", (Points(names),))
    )
    return _Rule(declared, len(names), needs, patterns, tuple(words), is_angle)


def _pattern(points: Row) -> tuple[int, ...]:
    """Which points coincide: each point replaced by the position where it first occurs."""
    return tuple(map(points.index, points))


def _coincidence(rule: _Rule, points: Row) -> Diagnostic | None:
    name = rule.declared.name
    if len(points) != rule.size:
        return error("bad-arguments", f"{name} takes {rule.size} points, not {len(points)}")
    for start, end in rule.words:
        word = points[start:end]
        if len(set(word)) != len(word):
            message = f"{name}({_shown(rule, points)}): the points of {''.join(word)} must differ"
            return error("bad-arguments", message)
    if rule.patterns and _pattern(points) not in rule.patterns:
        forms = " or ".join(_form(form) for form in rule.declared.declaration.forms)
        message = f"{name}({_shown(rule, points)}): these points may not coincide"
        return error("bad-arguments", message, hint=f"allowed: {forms}")
    return None


def _form(form: tuple[Points, ...]) -> str:
    return f"({', '.join(''.join(word.names) for word in form)})"


def _shown(rule: _Rule, points: Row) -> str:
    return ",".join("".join(points[start:end]) for start, end in rule.words)


def _absent(predicate: str, points: Row, of: str = "") -> Diagnostic:
    figure = f"{predicate}({''.join(points)})"
    message = f"the construction has no {figure}" + (f", which {of} needs" if of else "")
    return error("missing-entity", message)


#: What `check_fact` looks like to those who only call it.
FactCheck = Callable[[str, Row], Diagnostic | None]
