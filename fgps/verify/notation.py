"""Formulas of books (``∠ABC``, ``AB ∥ CD``, ``△ABC ≅ △DEF``) as statements of FGL.

The signs come from the theory: each `notation` clause of a predicate or attribute is a template, and
``predicates/signs.toml`` says which other signs mean the same.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from fgps.lang.ast import Call, Points
from fgps.resources import data_folder
from fgps.theory.instantiate import spell
from fgps.theory.model import Attribute, Predicate, Theory

#: One point as it is written.
_POINT: Final = r"[A-Z][0-9]*'*"
_PIECE: Final = re.compile(r"\{([^{}]*)\}|([^{}\s]+)")
_POINTS: Final = re.compile(_POINT)


@dataclass(frozen=True, slots=True)
class _Template:
    """One `notation` clause: ``words`` holds the letters of each brace in the order of the formula."""

    declared: Predicate | Attribute
    pattern: re.Pattern[str]
    words: tuple[tuple[str, ...], ...]


class Notation:
    """All notations of a theory."""

    def __init__(self, theory: Theory) -> None:
        self._relations: list[_Template] = []
        self._quantities: list[_Template] = []
        #: Attributes that are written as their points alone, by the number of points.
        self.bare: dict[int, str] = {}
        everything: list[Predicate | Attribute] = [*theory.predicates.values(), *theory.attributes.values()]
        for declared in everything:
            text = declared.declaration.notation
            template = _compile(declared, text) if text else None
            if template is None:
                continue
            if isinstance(declared, Predicate):
                self._relations.append(template)
            elif re.fullmatch(r"\{[^{}]*\}", text.strip()):
                self.bare[len(declared.letters)] = declared.name
            else:
                self._quantities.append(template)
        # Longer patterns first: the length of an arc contains the sign of its measure.
        self._quantities.sort(key=lambda template: -len(template.pattern.pattern))

    def quantities(self, text: str) -> str:
        """``text`` with every quantity in a book's notation written as a call."""
        for template in self._quantities:
            text = template.pattern.sub(partial(_call_text, template), text)
        return text

    def relations(self, text: str) -> Iterator[Call]:
        """The relations that the whole of ``text`` may mean, the one written first.

        Segments may be meant in either direction; figures with more corners only all together the other way
        round; and the two sides may be exchanged.
        """
        for template in self._relations:
            match = template.pattern.fullmatch(text.strip())
            if match is None:
                continue
            written = [tuple(_POINTS.findall(group)) for group in match.groups()]
            for words in _turned(written):
                names: dict[str, str] = {}
                pairs = (
                    p for pair in zip(template.words, words, strict=True) for p in zip(*pair, strict=True)
                )
                if all(names.setdefault(letter, point) == point for letter, point in pairs) and set(
                    names
                ) == set(template.declared.letters):
                    yield spell(template.declared, [names[letter] for letter in template.declared.letters])


@cache
def synonyms() -> tuple[tuple[str, str], ...]:
    """Pairs (other sign, sign of the notation), longest first."""
    path = data_folder("predicates") / "signs.toml"
    if not path.is_file():
        return ()
    table = tomllib.loads(path.read_text(encoding="utf-8")).get("same", {})
    pairs = [(other, sign) for sign, others in table.items() for other in others]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


_notations: dict[str, Notation] = {}


def notation_of(theory: Theory) -> Notation:
    """The notations of a theory, compiled once for each digest."""
    known = _notations.get(theory.digest)
    if known is None:
        if len(_notations) > 8:
            _notations.clear()
        known = _notations[theory.digest] = Notation(theory)
    return known


def _compile(declared: Predicate | Attribute, text: str) -> _Template | None:
    pattern: list[str] = []
    words: list[tuple[str, ...]] = []
    for match in _PIECE.finditer(text):
        if match[2] is not None:
            pattern.append(re.escape(match[2]))
            continue
        word = tuple(_POINTS.findall(match[1]))
        words.append(word)
        pattern.append(f"((?:{_POINT}){{{len(word)}}})(?![A-Z0-9'])")
    if {letter for word in words for letter in word} != set(declared.letters):
        return None
    return _Template(declared, re.compile(r"\s*".join(pattern)), tuple(words))


def _call_text(template: _Template, match: re.Match[str]) -> str:
    names: dict[str, str] = {}
    for letters, group in zip(template.words, match.groups(), strict=True):
        for letter, point in zip(letters, _POINTS.findall(group), strict=True):
            if names.setdefault(letter, point) != point:
                return match[0]
    call = spell(template.declared, [names[letter] for letter in template.declared.letters])
    words = ",".join("".join(word.names) for word in call.args if isinstance(word, Points))
    return f"{call.head}({words})"


def _turned(words: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    orders = [list(words)]
    if len(words) == 2 and len(words[0]) == len(words[1]):
        orders.append(list(reversed(words)))
    for order in orders:
        if all(len(word) == 2 for word in order):
            for turns in itertools.product((1, -1), repeat=len(order)):
                yield [word[::turn] for word, turn in zip(order, turns, strict=True)]
        else:
            yield order
            yield [word[::-1] for word in order]
