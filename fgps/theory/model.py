"""A theory in memory: resolved predicates, attributes and theorems.

A theory is read from FGL packs (see ``load.py``) and never changes afterwards.
Everything mathematical is data here; the code of FGPS knows only the
*constructive* predicates by name (``CONSTRUCTIVE``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fgps.lang.ast import (
    AttributeDeclaration,
    Branch,
    FormDeclaration,
    PredicateDeclaration,
    TheoremDeclaration,
)

#: The only predicates that the Python code may mention by name.
CONSTRUCTIVE: Final = (
    "Shape",
    "Collinear",
    "Cocircular",
    "Point",
    "Line",
    "Arc",
    "Angle",
    "Polygon",
    "Circle",
)

#: A permutation of the flattened letters of an argument list.
Permutation = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A construction, basic entity, entity or relation.  ``source`` names its file.

    ``letters`` are the parameters flattened (``IsMidpointOfLine(M, AB)``: ``M A B``), ``groups``
    the number of points of each argument.  ``symmetries`` is the whole group of
    equivalent spellings, identity first: spelling ``s`` of a fact with points ``p`` is
    ``tuple(p[i] for i in s)``.  For variadic predicates it is empty: Collinear may be reversed,
    Polygon and Cocircular (behind the circle) rotated, and the construction stage knows that.
    """

    name: str
    category: str
    letters: tuple[str, ...]
    groups: tuple[int, ...]
    variadic: bool
    symmetries: tuple[Permutation, ...]
    declaration: PredicateDeclaration
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A quantity of a figure, e.g. ``LengthOfLine``; fields as in `Predicate`.

    ``kind`` is ``length``, ``angle`` (degrees), ``area`` or ``ratio``.
    """

    name: str
    symbol: str
    kind: str
    letters: tuple[str, ...]
    groups: tuple[int, ...]
    symmetries: tuple[Permutation, ...]
    declaration: AttributeDeclaration
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem; ``letters`` are its parameters flattened, repetitions kept."""

    name: str
    letters: tuple[str, ...]
    groups: tuple[int, ...]
    branches: Mapping[int, Branch]
    pack: str
    declaration: TheoremDeclaration
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Theory:
    """All packs of one theory, resolved.  ``digest`` identifies its text (hex SHA-256).

    ``forms`` holds the operators and goals by name; a goal that shares its name with an operator
    is under ``goal NAME``.
    """

    name: str
    packs: tuple[str, ...]
    predicates: Mapping[str, Predicate]
    attributes: Mapping[str, Attribute]
    theorems: Mapping[str, Theorem]
    forms: Mapping[str, FormDeclaration]
    digest: str = field(default="", compare=False)
