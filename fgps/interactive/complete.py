"""What could be written next: commands, theorem names, then arguments that exist in the figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fgps.interactive.session import Session
from fgps.theory.model import Theorem

#: Commands that take an application, a theorem, or a fact.
_OF_APPLICATION = ("apply", "what-if")
_OF_THEOREM = ("candidates", "theorem")
_OF_FACT = ("why", "facts")
#: Figures that are named by their points, in the order in which they are offered.
_FIGURES = ("Line", "Angle", "Polygon", "Arc", "Point", "Circle", "Collinear", "Cocircular")
_CALL = re.compile(r"(?P<name>[A-Za-z]\w*)\((?P<inside>[^()]*)$")
_WORD = re.compile(r"[\w'-]*$")
#: Enough to choose from.
_MOST = 40
_SECONDS = 0.4


class Completion(NamedTuple):
    """``text`` would replace the last ``replaces`` characters; ``about`` says what it is."""

    text: str
    replaces: int
    about: str = ""


def complete(session: Session, line: str, commands: Sequence[str]) -> list[Completion]:
    """How the line before the cursor could go on."""
    head, blank, rest = line.partition(" ")
    if blank and head in commands:
        body = rest.lstrip()
        if head in _OF_APPLICATION:
            return _application(session, body)
        if head in _OF_THEOREM:
            return _names(session.problem.theory.theorems, body, "theorem")
        if head in _OF_FACT:
            return _fact(session, body)
        return []
    if "(" in line:
        return _application(session, line)
    return _names(commands, line, "command") + _application(session, line)


def _names(names: Iterable[str], typed: str, about: str) -> list[Completion]:
    """Names that begin with, or else hold, what was typed."""
    known = sorted(names)
    first = [name for name in known if name.startswith(typed)]
    other = [name for name in known if typed and typed in name and name not in first]
    return [Completion(name, len(typed), about) for name in (*first, *other)][:_MOST]


def _application(session: Session, typed: str) -> list[Completion]:
    theorems = session.problem.theory.theorems
    call = _CALL.search(typed)
    if call is None:
        return [] if "(" in typed else _names((f"{name}(" for name in theorems), typed, "theorem")
    theorem = theorems.get(call["name"])
    if theorem is None:
        return []
    inside = call["inside"]
    found = session.candidates(theorem.name, limit=_MOST, seconds=_SECONDS).found
    whole = [text[len(theorem.name) + 1 :] for text, _ in found]
    ready = [Completion(text, len(inside), "applies") for text in whole if text.startswith(inside)]
    return ready + [c for c in _argument(session, theorem, inside) if not ready or c.replaces]


def _argument(session: Session, theorem: Theorem, inside: str) -> Iterator[Completion]:
    """The next argument alone: a branch, or points of the right number that name a figure."""
    done = inside.split(",")
    typed = done[-1].strip()
    place = len(done) - 1
    if place == 0:
        for number in theorem.branches:
            if str(number).startswith(typed):
                yield Completion(f"{number},", len(typed), "branch")
        return
    if place > len(theorem.groups):
        return
    end = ")" if place == len(theorem.groups) else ","
    size = theorem.groups[place - 1]
    words = (word for word, count in point_words(session) if count == size and word.startswith(typed))
    for _, word in zip(range(_MOST), words, strict=False):
        yield Completion(word + end, len(typed), "points")


def _fact(session: Session, typed: str) -> list[Completion]:
    """Facts that are known; names of predicates and attributes; points of the size that they take."""
    known = [Completion(fact.statement, len(typed), f"fact {fact.number}") for fact in session.facts()]
    found = [completion for completion in known if typed and completion.text.startswith(typed)][:_MOST]
    theory = session.problem.theory
    call = _CALL.search(typed)
    declared = (
        None if call is None else theory.attributes.get(call["name"]) or theory.predicates.get(call["name"])
    )
    if call is not None and declared is not None:
        place, last = call["inside"].count(","), call["inside"].rpartition(",")[2].strip()
        if place < len(declared.groups):
            end = ")" if place == len(declared.groups) - 1 else ","
            words = [word for word, count in point_words(session) if count == declared.groups[place]]
            found += [Completion(word + end, len(last), "points") for word in words if word.startswith(last)]
        return found[:_MOST]
    word = _WORD.search(typed)
    last = word[0] if word else ""
    return found + _names((f"{name}(" for name in (*theory.attributes, *theory.predicates)), last, "")


def point_words(session: Session) -> list[tuple[str, int]]:
    """The words of points that name a figure, with the number of their points; each once."""
    by_figure: dict[str, list[tuple[str, ...]]] = {name: [] for name in _FIGURES}
    for predicate, points in session.problem.construction.facts:
        if predicate in by_figure:
            by_figure[predicate].append(points)
    rows = (points for rows in by_figure.values() for points in sorted(rows))
    return list(dict.fromkeys(("".join(points), len(points)) for points in rows))
