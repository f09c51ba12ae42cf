"""Ways to spoil a right solution, seeded; each gives the steps and the answer that are handed in."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from fgps.theory.model import Theory

Steps = list[str]
_CALL = re.compile(r"(\w+)\((\d+),(.*)\)")


def deleted(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """A step left out."""
    position = chance.randrange(len(steps))
    return steps[:position] + steps[position + 1 :]


def swapped(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """Two steps exchanged."""
    changed = list(steps)
    if len(changed) > 1:
        i, j = chance.sample(range(len(changed)), 2)
        changed[i], changed[j] = changed[j], changed[i]
    return changed


def permuted(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """The points of one step in another order."""
    name, branch, words, position = _parts(steps, chance)
    points = list("".join(words))
    chance.shuffle(points)
    shuffled, start = [], 0
    for word in words:
        shuffled.append("".join(points[start : start + len(word)]))
        start += len(word)
    return _with(steps, position, name, branch, shuffled)


def replaced(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """Another theorem with arguments of the same shape."""
    name, branch, words, position = _parts(steps, chance)
    groups = tuple(map(len, words))
    others = [t.name for t in theory.theorems.values() if t.groups == groups and t.name != name]
    return _with(steps, position, chance.choice(others) if others else name, branch, words)


def branched(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """Another branch."""
    name, branch, words, position = _parts(steps, chance)
    others = [number for number in theory.theorems[name].branches if number != int(branch)]
    return _with(steps, position, name, str(chance.choice(others) if others else 7), words)


def invented(steps: Steps, chance: random.Random, theory: Theory) -> Steps:
    """A claim nobody can derive, between the steps."""
    position = chance.randrange(len(steps) + 1)
    _, _, words, _ = _parts(steps, chance)
    a, b = (words[0] * 2)[:2]
    number = chance.randrange(1, 400)
    return [*steps[:position], f"LengthOfLine({a}{b}) = {number}/7 + sqrt(11)", *steps[position:]]


KINDS: tuple[Callable[[Steps, random.Random, Theory], Steps], ...] = (
    deleted,
    swapped,
    permuted,
    replaced,
    branched,
    invented,
)


def _parts(steps: Steps, chance: random.Random) -> tuple[str, str, list[str], int]:
    position = chance.randrange(len(steps))
    match = _CALL.fullmatch(steps[position])
    assert match is not None, steps[position]
    return match[1], match[2], match[3].split(","), position


def _with(steps: Steps, position: int, name: str, branch: str, words: Sequence[str]) -> Steps:
    return [*steps[:position], f"{name}({','.join([branch, *words])})", *steps[position + 1 :]]
