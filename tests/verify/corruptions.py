"""Ways to spoil a right solution, seeded; each gives what is handed in instead, or None."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fgps.theory.model import Theory
from fgps.verify import Report

Steps = list[str]
_CALL = re.compile(r"(\w+)\((\d+),(.*)\)")
_WORD = re.compile(r"\b[A-Z]{2,}\b")


@dataclass(frozen=True)
class Annotated:
    """A right solution: its steps, the answer, the report on it, and steps that belong to another problem."""

    steps: Steps
    report: Report
    foreign: Steps


@dataclass(frozen=True)
class Spoiled:
    """What is handed in; ``claim`` is the altered statement, if one was altered."""

    kind: str
    solution: Any
    claim: str = ""


Spoiler = Callable[[Annotated, random.Random, Theory], Any]


def deleted(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """A step left out."""
    position = chance.randrange(len(right.steps))
    return right.steps[:position] + right.steps[position + 1 :]


def swapped(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """Two steps exchanged."""
    changed = list(right.steps)
    if len(changed) < 2:
        return None
    i, j = chance.sample(range(len(changed)), 2)
    changed[i], changed[j] = changed[j], changed[i]
    return changed


def permuted(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """The points of one step in another order."""
    name, branch, words, position = _parts(right.steps, chance)
    points = list("".join(words))
    chance.shuffle(points)
    shuffled, start = [], 0
    for word in words:
        shuffled.append("".join(points[start : start + len(word)]))
        start += len(word)
    return _with(right.steps, position, name, branch, shuffled)


def replaced(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """Another theorem with arguments of the same shape."""
    name, branch, words, position = _parts(right.steps, chance)
    groups = tuple(map(len, words))
    others = [t.name for t in theory.theorems.values() if t.groups == groups and t.name != name]
    return _with(right.steps, position, chance.choice(others), branch, words) if others else None


def branched(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """Another branch, or one that does not exist."""
    name, branch, words, position = _parts(right.steps, chance)
    others = [number for number in theory.theorems[name].branches if number != int(branch)]
    return _with(right.steps, position, name, str(chance.choice(others) if others else 7), words)


def altered(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """A claim (or the answer) that says something else than what was derived."""
    claims = [(i, fact) for i, step in enumerate(right.report.steps) for fact in step.learned]
    way = chance.randrange(3)
    if (way == 0 or not claims) and right.report.derived:
        number = chance.choice(["+1", "*2", "+1/7", "*1.01"])
        return Spoiled("altered", {"steps": right.steps, "answer": f"({right.report.derived}){number}"})
    if not claims:
        return None
    position, fact = chance.choice(claims)
    claim = _renamed(fact, chance) if way == 1 or "=" not in fact else f"{fact} + {chance.randrange(1, 50)}/7"
    if claim == fact:
        return None
    said = f"claim {claim} by {right.report.steps[position].read}"
    steps = [*right.steps[:position], said, *right.steps[position + 1 :]]
    return Spoiled("altered", steps, claim)


def exchanged(right: Annotated, chance: random.Random, theory: Theory) -> Any:
    """The solution of another problem."""
    return right.foreign


KINDS: tuple[Spoiler, ...] = (deleted, swapped, permuted, replaced, branched, altered, exchanged)


def spoil(kind: Spoiler, right: Annotated, chance: random.Random, theory: Theory) -> Spoiled | None:
    """``right`` spoiled in this way; None if there is no such way to spoil it."""
    for _ in range(8):
        found = kind(right, chance, theory)
        if isinstance(found, Spoiled):
            return found
        if found is not None and found != right.steps:
            return Spoiled(kind.__name__, found)
    return None


def _renamed(fact: str, chance: random.Random) -> str:
    """The fact with two of the points of one word exchanged."""
    words = list(_WORD.finditer(fact))
    if not words:
        return fact
    word = chance.choice(words)
    letters = list(word[0])
    i, j = chance.sample(range(len(letters)), 2)
    letters[i], letters[j] = letters[j], letters[i]
    return fact[: word.start()] + "".join(letters) + fact[word.end() :]


def _parts(steps: Steps, chance: random.Random) -> tuple[str, str, list[str], int]:
    position = chance.randrange(len(steps))
    match = _CALL.fullmatch(steps[position])
    assert match is not None, steps[position]
    return match[1], match[2], match[3].split(","), position


def _with(steps: Steps, position: int, name: str, branch: str, words: Sequence[str]) -> Steps:
    return [*steps[:position], f"{name}({','.join([branch, *words])})", *steps[position + 1 :]]
