"""The fixed vocabulary of a theory: ids for words, for theorem branches, and for the parts of a graph.

It follows from the theory alone, never from data: nothing that a test set holds is unknown.  Points and
free symbols are numbered in the order in which a problem introduces them, so that a renamed problem has the
same ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from fgps.lang.ast import OPERATORS, Call, Number, Points, Symbol, Term
from fgps.lang.diagnostics import Diagnostic, error
from fgps.theory.model import Theory

#: What kind of thing a node is.
NODE_TYPES: Final = (
    "point",
    "line",
    "circle",
    "region",
    "goal",
    "symbol",
    "quantity",
    "relation",
    "equation",
)
#: How a node came into the state; ``figure`` for entities, quantities and construction facts.
ORIGINS: Final = ("figure", "given", "meaning", "theorem", "algebra", "goal")
#: What an edge from a part to a whole says: ``position`` counts within the role.
ROLES: Final = ("on line", "on circle", "corner", "arc", "argument", "term")
#: Why the conclusions of a hyperedge follow from its premises.
RULES: Final = ("theorem", "meaning", "algebra")

#: Words for so many points and symbols of one problem; the rest are ``<unk>``.
MAX_POINTS: Final = 64
MAX_SYMBOLS: Final = 32

PAD, UNKNOWN, END = 0, 1, 2
_DIGITS: Final = "0123456789."
KIND: Final = "fgps vocabulary"
VERSION: Final = 1


@dataclass(frozen=True)
class Vocabulary:
    """``words``: tokens of statements, id by position.  ``branches``: theorem branches as ``(name, number)``.

    ``groups``: for each branch how many points each argument takes.  ``theory`` is the theory's digest.
    """

    words: tuple[str, ...]
    branches: tuple[tuple[str, int], ...]
    groups: tuple[tuple[int, ...], ...] = ()
    theory: str = ""
    _ids: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._ids.update((word, i) for i, word in enumerate(self.words))

    @cached_property
    def branch_ids(self) -> Mapping[tuple[str, int], int]:
        """The id of a theorem branch."""
        return {branch: i for i, branch in enumerate(self.branches)}

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the whole vocabulary."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def id(self, word: str) -> int:
        """The id of a word, `UNKNOWN` if it is none."""
        return self._ids.get(word, UNKNOWN)

    def tokens(self, term: Term, points: Mapping[str, int], symbols: Mapping[str, int]) -> list[int]:
        """A term in prefix order: a head, its arguments, `END`; numbers digit by digit.

        ``points`` and ``symbols`` give the number of each name within the problem.
        """
        found: list[int] = []
        self._spell(term, points, symbols, found)
        return found

    def _spell(
        self, term: Term, points: Mapping[str, int], symbols: Mapping[str, int], found: list[int]
    ) -> None:
        if isinstance(term, Points):
            found += [self.id(f"point:{points.get(name, -1)}") for name in term.names]
        elif isinstance(term, Symbol):
            word = term.name if term.name == "pi" else f"symbol:{symbols.get(term.name, -1)}"
            found.append(self.id(word))
        elif isinstance(term, Number):
            text = term.text or str(term.value)
            found += [self.id("<num>"), *(self.id(digit) for digit in text), END]
        elif isinstance(term, Call):
            found.append(self.id(term.head))
            for argument in term.args:
                self._spell(argument, points, symbols, found)
            found.append(END)
        else:
            found.append(UNKNOWN)

    def application(self, branch: int, points: Sequence[str]) -> str:
        """``name(number,ABC,...)`` of a branch's id and the points of its parameters."""
        name, number = self.branches[branch]
        words, start = [str(number)], 0
        for size in self.groups[branch]:
            words.append("".join(points[start : start + size]))
            start += size
        return f"{name}({','.join(words)})"

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the names of the small enumerations beside the words."""
        return {
            "kind": KIND,
            "version": VERSION,
            "theory": self.theory,
            "node_types": list(NODE_TYPES),
            "origins": list(ORIGINS),
            "roles": list(ROLES),
            "rules": list(RULES),
            "words": list(self.words),
            "branches": [[name, number] for name, number in self.branches],
            "groups": [list(sizes) for sizes in self.groups],
        }


def vocabulary_of(theory: Theory) -> Vocabulary:
    """The vocabulary of a theory, always the same for the same theory."""
    words = ["<pad>", "<unk>", "<end>", "<num>", *_DIGITS, "/", "pi"]
    words += [f"point:{i}" for i in range(MAX_POINTS)]
    words += [f"symbol:{i}" for i in range(MAX_SYMBOLS)]
    forms = (form.name for form in theory.forms.values())
    words += sorted({*theory.predicates, *theory.attributes, *forms, *OPERATORS} - set(words))
    branches = [(name, number) for name, theorem in theory.theorems.items() for number in theorem.branches]
    groups = tuple(theory.theorems[name].groups for name, _ in branches)
    return Vocabulary(tuple(words), tuple(branches), groups, theory.digest)


def vocabulary_from_json(document: object, source: str = "") -> Vocabulary | Diagnostic:
    """The vocabulary that `Vocabulary.to_json` gave, or what is wrong with the document."""
    if not isinstance(document, dict) or (document.get("kind"), document.get("version")) != (KIND, VERSION):
        return error("io", "this is no vocabulary of this version", source_name=source)
    enumerations = {"node_types": NODE_TYPES, "origins": ORIGINS, "roles": ROLES, "rules": RULES}
    if any(document.get(name) != list(values) for name, values in enumerations.items()):
        return error("io", "the vocabulary names other types of nodes or edges", source_name=source)
    words, branches, groups = (document.get(name) for name in ("words", "branches", "groups"))
    try:
        found = Vocabulary(
            tuple(str(word) for word in words),  # type: ignore[union-attr]
            tuple((str(name), int(number)) for name, number in branches),  # type: ignore[union-attr]
            tuple(tuple(int(size) for size in sizes) for sizes in groups),  # type: ignore[union-attr]
            str(document.get("theory", "")),
        )
    except (TypeError, ValueError):
        return error("io", "the vocabulary is damaged", source_name=source)
    if len(set(found.words)) != len(found.words) or len(found.branches) != len(found.groups):
        return error("io", "the vocabulary is damaged", source_name=source)
    return found
