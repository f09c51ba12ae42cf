"""A problem in words: the sentences and notations of the theory with the points filled in.

The phrases around them are in ``viz/expand/en.toml`` and ``zh.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from fgps.lang.ast import Call, Points, Term, letters
from fgps.problem.model import Problem
from fgps.render.wording import Wording
from fgps.resources import data_folder
from fgps.theory.model import Theory

LANGUAGES: Final = ("en", "zh")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")


@lru_cache(maxsize=4)
def _phrases(language: str) -> Mapping[str, str]:
    path = data_folder("viz") / "expand" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def problem_texts(problem: Problem) -> tuple[tuple[str, str], ...]:
    """The problem's text in each language."""
    return tuple((language, _Teller(problem.theory, language).text(problem)) for language in LANGUAGES)


class _Teller:
    def __init__(self, theory: Theory, language: str) -> None:
        self.theory = theory
        self.language = language
        self.wording = Wording(theory, language)
        self.phrases = _phrases(language)

    def text(self, problem: Problem) -> str:
        """What the figure shows, what is given, what is asked."""
        told = [self.line(row) for row in problem.construction.collinear if len(row) > 2]
        told += [self.circle(circle, row) for circle, row in problem.construction.cocircular if row]
        told += [self.statement(given.term) for given in problem.givens]
        opening = self.say("opening", self.listed(told)) if told else self.say("bare")
        goal = problem.goal
        if goal is None:
            return opening
        if goal.kind == "value":
            task = self.say("find", self.quantity(goal.term))
        else:
            assert isinstance(goal.term, Call)
            task = self.say("prove", self.statement(goal.term))
        return opening + self.phrases["space"] + task

    def say(self, key: str, *arguments: str) -> str:
        return self.phrases[key].format(*arguments)

    def listed(self, parts: list[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return self.phrases["comma"].join(parts[:-1]) + self.phrases["last"] + parts[-1]

    def line(self, row: tuple[str, ...]) -> str:
        return self.say("line", self.wording.listed(list(row)))

    def circle(self, circle: str, row: tuple[str, ...]) -> str:
        key = "circle" if len(row) > 1 else "circle_one"
        return self.say(key, circle, self.wording.listed(list(row)))

    def statement(self, statement: Call) -> str:
        """A statement; where a quantity has no short notation, in words: ``the area of triangle ABC is
        12``.
        """
        if statement.head == "Equal" and len(statement.args) == 2:
            for one, two in (statement.args, statement.args[::-1]):
                if self._in_words(one):
                    return self.say("is", self.quantity(one), self.quantity(two))
        return self.wording.statement(statement)

    def quantity(self, term: Term) -> str:
        """A quantity in words where its notation is a sign with an index, else a formula."""
        if isinstance(term, Call) and self._in_words(term):
            declared = self.theory.attributes[term.head]
            sentences = dict(declared.declaration.sentences)
            template = sentences.get(self.language) or sentences.get("en", "")
            names = dict(zip(declared.letters, letters(term), strict=False))
            return _PLACE.sub(lambda found: _filled(found[1], names), template)
        return self.wording.formulas.term(term, self.wording.formulas.is_angle(term))

    def _in_words(self, term: Term) -> bool:
        declared = self.theory.attributes.get(term.head) if isinstance(term, Call) else None
        if declared is None or not all(isinstance(word, Points) for word in getattr(term, "args", ())):
            return False
        return not declared.declaration.notation or "_[" in declared.declaration.notation


def _filled(word: str, names: Mapping[str, str]) -> str:
    return "".join(names.get(name, name) for name in _POINT.findall(word))
