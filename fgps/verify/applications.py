"""Reading one theorem application that somebody else wrote.

``name(branch,ABC,CBD)`` is read as it stands; other spellings are mended where one reading is left.  A
branch that was not written is the number 0: what applies decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from fgps.lang.ast import Call, Number, Points
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_application
from fgps.theory.model import Theorem, Theory
from fgps.verify.names import index_of, signature
from fgps.verify.solution import Repair

#: ``name ( arguments )``: the name may hold hyphens or spaces, brackets are round or square.
_CALL: Final = re.compile(r"(?P<name>[A-Za-z][\w \-]*?)\s*[(\[（【](?P<inside>[^()\[\]（）【】]*)[)\]）】]")
_SEPARATOR: Final = re.compile(r"[,;|/\s，；、]+")
_BRANCH: Final = re.compile(r"(?:branch|case|b|#)?\s*[:=]?\s*(\d{1,3})\.?", re.IGNORECASE)
_WORD: Final = re.compile(r"(?:[A-Za-z][0-9]*['′’]*)+")
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")
#: What may stand around a word of points without a meaning of its own.
_DECORATION: Final = "\"'`“”{}∠△∆Δ⊙⌒$ "


@dataclass(frozen=True, slots=True)
class Found:
    """An application found in a text: where it stood, and what was mended.

    ``call`` is None if the brackets hold no points (``problem`` says so).
    """

    call: Call | None
    start: int
    end: int
    repairs: tuple[Repair, ...] = ()
    problem: str = ""
    hint: str = ""


def read_application(text: str, theory: Theory) -> Found | None:
    """The application that ``text`` holds; None if there is none in it."""
    stripped = text.strip()
    strict = parse_application(stripped)
    if not isinstance(strict, Diagnostic) and _is_plain(strict) and strict.head not in theory.predicates:
        return _renamed(strict, text, theory)
    for match in _CALL.finditer(text):
        found = _loose(match, theory)
        if found is not None:
            return found
    return None


def _is_plain(call: Call) -> bool:
    return all(isinstance(argument, Points) for argument in call.args[1:])


def _renamed(call: Call, text: str, theory: Theory) -> Found:
    """A well-formed application, perhaps under another spelling of the theorem's name."""
    repairs: list[Repair] = []
    name = call.head if call.head in theory.theorems else index_of(theory).exact(call.head)
    if name is None:
        return Found(call, 0, len(text))
    if name != call.head:
        repairs.append(Repair("name", f"{call.head} was read as {name}"))
    written = [argument.names for argument in call.args[1:] if isinstance(argument, Points)]
    words = _regrouped(theory.theorems[name], written, repairs)
    if repairs:
        call = Call(name, (call.args[0], *map(Points, words)), call.notation, call.span)
    return Found(call, 0, len(text), tuple(repairs))


def _loose(match: re.Match[str], theory: Theory) -> Found | None:
    written = match["name"].strip()
    name, repairs = _name(written, theory)
    if name is None:
        # Not a theorem of the theory: it is one that is unknown only if it looks like a name of one.
        if "_" not in written:
            return None
        name = written.split()[-1]
    start = match.end("name") - len(written) if repairs else match.start("name")
    inside = match["inside"]
    branch, words = _arguments(inside, repairs)
    if isinstance(words, str):
        return Found(None, start, match.end(), tuple(repairs), f"{name}: {words}", _declared(name, theory))
    theorem = theory.theorems.get(name)
    if theorem is not None:
        words = _regrouped(theorem, words, repairs)
        if not branch and len(theorem.branches) == 1:
            branch = next(iter(theorem.branches))
            repairs.append(Repair("branch", f"the only branch, {branch}, was put in"))
    call = Call(name, (Number(Fraction(branch), str(branch)), *map(Points, words)))
    return Found(call, start, match.end(), tuple(repairs))


def _name(written: str, theory: Theory) -> tuple[str | None, list[Repair]]:
    """The theorem that the words before the bracket end with."""
    if written in theory.theorems:
        return written, []
    index = index_of(theory)
    words = written.split()
    for first in range(len(words)):
        tail = " ".join(words[first:])
        found = tail if tail in theory.theorems else index.exact(tail)
        if found is not None:
            code = "name" if tail != found else "trailing"
            return found, [Repair(code, f"{written} was read as {found}")]
    return None, []


def _arguments(inside: str, repairs: list[Repair]) -> tuple[int, list[tuple[str, ...]] | str]:
    """Branch (0 if there is none) and words of points; in words what is wrong with them."""
    parts = [part.strip(_DECORATION) for part in _SEPARATOR.split(inside.strip())]
    parts = [part for part in parts if part]
    branch = 0
    if parts and (number := _BRANCH.fullmatch(parts[0])) is not None:
        branch, parts = int(number[1]), parts[1:]
    elif len(parts) > 1 and parts[0].lower() in ("branch", "case") and parts[1].isdecimal():
        branch, parts = int(parts[1][:3]), parts[2:]
    words: list[tuple[str, ...]] = []
    for part in parts:
        if _WORD.fullmatch(part) is None:
            return branch, f"{part[:30]} is no word of points"
        upper = part.upper().replace("′", "'").replace("’", "'")
        if upper != part:
            repairs.append(Repair("case", f"the points {part[:30]} were read as {upper[:30]}"))
        words.append(tuple(_POINT.findall(upper)))
    if not words:
        return branch, "the brackets hold no points"
    plainly = ",".join([str(branch), *("".join(word) for word in words)])
    if plainly != re.sub(r"\s", "", inside) and not any(repair.code == "case" for repair in repairs):
        repairs.append(Repair("separators", f"({inside.strip()[:60]}) was read as ({plainly[:60]})"))
    return branch, words


def _regrouped(
    theorem: Theorem, words: list[tuple[str, ...]], repairs: list[Repair]
) -> list[tuple[str, ...]]:
    """The same points in the groups of the theorem, where only their number is right."""
    points = [point for word in words for point in word]
    if tuple(map(len, words)) == theorem.groups or len(points) != sum(theorem.groups):
        return words
    regrouped, start = [], 0
    for size in theorem.groups:
        regrouped.append(tuple(points[start : start + size]))
        start += size
    shown = ",".join("".join(word) for word in regrouped)
    repairs.append(Repair("arguments", f"the points were grouped as {shown}"))
    return regrouped


def _declared(name: str, theory: Theory) -> str:
    theorem = theory.theorems.get(name)
    return "" if theorem is None else f"it is written {signature(theorem)}"
