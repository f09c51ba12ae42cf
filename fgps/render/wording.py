"""Statements and theorems in words: the sentences of the theory with the points filled in.

The phrases around them are in ``viz/proof/en.toml`` and ``zh.toml``; adding a language is adding such a
file and sentences in the theory.  Results are finished text of one dialect.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fgps.engine.records import Application
from fgps.lang.ast import Call, Number, Term, letters
from fgps.render.dialects import Dialect, Latex, join_formulas
from fgps.render.formulas import Formulas, parse_exact, words_of
from fgps.render.numbers import shortest
from fgps.resources import data_folder
from fgps.theory.model import CONSTRUCTIVE, Theory

LANGUAGES: Final = ("en", "zh")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_SLOT: Final = re.compile(r"\{(\d)\}")


@lru_cache(maxsize=8)
def phrases(language: str) -> Mapping[str, Any]:
    """The phrases of a language (one of `LANGUAGES`; ValueError otherwise)."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no phrases for the language {language}")
    path = data_folder("viz") / "proof" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A theorem's sentence without its full stop.

    ``conclusion`` is the part behind "so" where it can stand by itself, else empty; ``explains``: it has
    such a part, whether or not that can stand alone.
    """

    text: str
    clause: str
    conclusion: str
    explains: bool


class Wording:
    """Words and formulas for one theory, language and dialect."""

    def __init__(self, theory: Theory, language: str = "en", dialect: Dialect | None = None) -> None:
        self.theory = theory
        self.language = language
        self.dialect = dialect or Dialect()
        self.formulas = Formulas(theory, self.dialect)
        self._phrases = phrases(language)

    # Phrases --------------------------------------------------------------------------------

    def say(self, section: str, key: str, *arguments: str) -> str:
        """A phrase with finished texts put in."""
        template: str = self._phrases[section][key]
        parts, place = [], 0
        for found in _SLOT.finditer(template):
            parts += [self.dialect.text(template[place : found.start()]), arguments[int(found[1])]]
            place = found.end()
        parts.append(self.dialect.text(template[place:]))
        return self._joined("".join(parts))

    def heading(self, key: str) -> str:
        """A heading."""
        return self.say("headings", key)

    def named(self, name: str) -> str:
        """A problem called by its number, as plain text."""
        return str(self._phrases["page"]["named"]).replace("{0}", name)

    def listed(self, items: Sequence[str]) -> str:
        """``a, b and c``."""
        comma, last = (self.dialect.text(str(self._phrases[key])) for key in ("comma", "and"))
        if len(items) < 2:
            return "".join(items)
        return comma.join(items[:-1]) + last + items[-1]

    def series(self, items: Sequence[str]) -> str:
        """``a, b, c``."""
        return self.dialect.text(str(self._phrases["comma"])).join(items)

    def verdict(self, text: str) -> str:
        """What the checker said, in words of the language where there are some."""
        return self.dialect.text(self._phrases["verdicts"].get(text.replace(" ", "_"), text))

    def reference(self, number: str) -> str:
        """A number of a step behind what it says; ``number`` is finished text."""
        template: str = self._phrases["reference"]
        before, after = template.split("{0}")
        return self.dialect.text(before) + number + self.dialect.text(after)

    def sentences(self, parts: Iterable[str]) -> str:
        """Sentences one after the other."""
        return str(self._phrases["space"]).join(part for part in parts if part)

    # Statements -----------------------------------------------------------------------------

    def statement(self, statement: Call, value: str = "") -> str:
        """A statement within a sentence: a formula if it has one, else its reading sentence.

        ``value`` belongs to a goal ``Value(term)``: the exact number as text.
        """
        formula = self.formula(statement, value)
        if formula is not None:
            return self.dialect.math(formula)
        if statement.head in CONSTRUCTIVE:
            return self.figure_fact(statement)
        return self.reading(statement)

    def formula(self, statement: Call, value: str = "") -> str | None:
        """The statement as a bare formula, if it has that form."""
        if statement.head == "Value" and statement.args:
            term = statement.args[0]
            if not value:
                return self.formulas.term(term, self.formulas.is_angle(term))
            return self.formulas.value(term, self.exact(value))
        return self.formulas.statement(statement)

    @staticmethod
    def exact(text: str) -> Term | str:
        """An exact number as a term, or its text where it is no term."""
        short = shortest(text)
        return parse_exact(short) or short

    def reading(self, statement: Call) -> str:
        """The sentence of a relation, without its full stop."""
        predicate = self.theory.predicates.get(statement.head)
        if predicate is None:
            formula = self.formulas.statement(statement)
            return self.dialect.math(formula or self.formulas.term(statement))
        sentence = self._sentence(predicate.declaration.sentences)
        mapping = dict(zip(predicate.letters, letters(statement), strict=False))
        return self._fill(self._lower(sentence.rstrip(".。")), mapping)

    def figure_fact(self, statement: Call) -> str:
        """A fact of the construction in words."""
        names, key = letters(statement), statement.head
        if key in ("Cocircular", "Arc"):
            circle, rest = self._points(names[:1]), names[1:]
            if key == "Arc":
                return self.say("figure", key, circle, self._points(rest))
            key = "Cocircular" if len(rest) > 1 else "Cocircular1"
            return self.say("figure", key, circle, self.listed([self._points((name,)) for name in rest]))
        if key == "Collinear":
            return self.say("figure", key, self.listed([self._points((name,)) for name in names]))
        key = "Polygon3" if key == "Polygon" and len(names) == 3 else key
        return self.say("figure", key, self._points(names))

    def guard(self, guard: Call) -> str:
        """A guard; signs of areas and of products of vectors in words."""
        if guard.head in ("Less", "Greater") and len(guard.args) == 2:
            left, right = guard.args
            positive = guard.head == "Greater"
            if isinstance(right, Number) and right.value == 0 and isinstance(left, Call):
                return self._side(left, positive) or self.statement(guard)
            if isinstance(left, Number) and left.value == 0 and isinstance(right, Call):
                return self._side(right, not positive) or self.statement(guard)
        return self.statement(guard)

    def _side(self, call: Call, positive: bool) -> str:
        if call.head == "area":
            names = [self._points((name,)) for name in letters(call)]
            return self.say("figure", "counterclockwise" if positive else "clockwise", self.listed(names))
        keys = {"cross": ("left", "right"), "dot": ("same_way", "opposite")}.get(call.head)
        if keys is None or len(call.args) != 2:
            return ""
        words = [self._points(letters(argument)) for argument in call.args]
        return self.say("figure", keys[0] if positive else keys[1], *words)

    def _points(self, names: Sequence[str]) -> str:
        return self.dialect.math(self.formulas.points(tuple(names)))

    # Theorems -------------------------------------------------------------------------------

    def theorem(self, application: Application) -> Sentence:
        """The sentence of a theorem about the points of one application."""
        theorem = self.theory.theorems.get(application.theorem)
        if theorem is None:
            name = self.dialect.text(application.theorem)
            return Sentence(name, name, "", False)
        sentence = self._sentence(theorem.declaration.sentences) or theorem.name.replace("_", " ")
        sentence = sentence.rstrip(".。")
        mapping = dict(zip(theorem.letters, application.points, strict=False))
        conclusion, explains = self._conclusion(sentence)
        return Sentence(
            self._fill(sentence, mapping),
            self._fill(self._lower(sentence), mapping),
            self._fill(conclusion, mapping),
            explains,
        )

    def _conclusion(self, sentence: str) -> tuple[str, bool]:
        """What stands behind the last "so" if it does not point back, and whether there is a "so"."""
        rules = self._phrases["sentence"]
        cuts = [(sentence.rfind(word), word) for word in rules["so"] if word in sentence]
        if not cuts:
            return "", False
        place, word = max(cuts)
        conclusion = sentence[place + len(word) :]
        bare = _PLACE.sub(" ", conclusion)
        if self.language == "zh":
            back = any(word in bare for word in rules["backward"])
        else:
            back = bool(set(re.findall(r"[a-z]+", bare.lower())) & set(rules["backward"]))
        return ("" if back else conclusion), True

    def _sentence(self, sentences: Sequence[tuple[str, str]]) -> str:
        known = dict(sentences)
        return known.get(self.language) or known.get("en", "")

    def _lower(self, sentence: str) -> str:
        """A sentence as it stands within another one: its first letter small, unless it is a name."""
        first = re.match(r"[A-Z][a-z]*\b", sentence)
        if first is None or first[0] in self._phrases["sentence"]["proper"]:
            return sentence
        if len(first[0]) == 1 and first[0] not in self._phrases["sentence"]["article"]:
            return sentence
        return sentence[0].lower() + sentence[1:]

    def _fill(self, template: str, mapping: Mapping[str, str]) -> str:
        """A sentence with the points in its braces replaced."""
        parts, place = [], 0
        for found in _PLACE.finditer(template):
            parts.append(self.dialect.text(template[place : found.start()]))
            parts.append(self._points(words_of(found[1], mapping)))
            place = found.end()
        parts.append(self.dialect.text(template[place:]))
        return self._joined("".join(parts))

    def _joined(self, text: str) -> str:
        return join_formulas(text) if isinstance(self.dialect, Latex) else text
