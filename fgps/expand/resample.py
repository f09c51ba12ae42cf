"""Other numbers in the givens of a problem, such that a figure still exists.

Proposals are drawn with a seed: all lengths times a factor, each number moved a little, or one number alone.
A figure of the new data is sought from the old one, which takes some milliseconds; data that has none is
passed over.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from fgps.diagram.attempt import EXACT, STAGES, Workshop
from fgps.diagram.model import Diagram
from fgps.diagram.solve import Clock
from fgps.expand.plain import plain_declaration
from fgps.expand.saturate import FIGURE_SECONDS
from fgps.lang.ast import Call, Number, ProblemDeclaration, Symbol, Term, calls
from fgps.problem.build import build_problem
from fgps.problem.model import Problem

#: Proposals for each variant that is wanted.
_TRIES: Final = 12
_FACTORS: Final = (Fraction(2), Fraction(3), Fraction(1, 2), Fraction(3, 2), Fraction(4), Fraction(5))
#: A right angle is part of the shape; the others change among themselves.
_RIGHT: Final = 90
_SPECIAL: Final = (30, 45, 60, 120, 135, 150)
#: Heads whose arguments are not to be changed: an exponent, what stands under a root or a function.
_FIXED: Final = frozenset(
    {"Pow", "Sqrt", "sqrt", "Sin", "Cos", "Tan", "sin", "cos", "tan", "asin", "acos", "atan"}
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A number of a given that may change: which given, how manieth number in it, its value and role.

    ``role``: ``length`` or ``area`` (a plain size), ``angle``, or ``other`` (a coefficient, a ratio).
    """

    given: int
    place: int
    value: Fraction
    role: str


def variants(problem: Problem, diagram: Diagram, count: int, seed: str) -> Iterator[Problem]:
    """At most ``count`` problems with other numbers, each with a figure of the same order and orientation."""
    declaration = plain_declaration(problem)
    slots = _slots(problem, declaration)
    if not slots:
        return
    rng = random.Random(seed)
    seen = {declaration.given}
    found = 0
    for _ in range(_TRIES * count):
        proposal = _proposal(declaration, slots, rng)
        if proposal is None or proposal.given in seen:
            continue
        seen.add(proposal.given)
        changed = build_problem(proposal, problem.theory)
        if not changed.diagnostics and _has_figure(changed, diagram):
            yield changed
            found += 1
            if found >= count:
                return


def _slots(problem: Problem, declaration: ProblemDeclaration) -> list[Slot]:
    found = []
    for number, given in enumerate(declaration.given):
        if given.head != "Equal":
            continue
        role = _role(problem, given)
        for place, value in enumerate(_numbers(given)):
            if not (role == "angle" and value == _RIGHT) and value:
                found.append(Slot(number, place, value, role))
    return found


def _role(problem: Problem, given: Call) -> str:
    """What the numbers of an equation mean: sizes where one quantity equals a number."""
    attributes = problem.theory.attributes
    kinds = [attributes[call.head].kind for call in calls(given) if call.head in attributes]
    alone = any(isinstance(side, Call) and side.head in attributes for side in given.args)
    if len(kinds) == 1 and alone and not any(_symbols(side) for side in given.args):
        return kinds[0] if kinds[0] in ("length", "area", "angle") else "other"
    return "other"


def _symbols(term: Term) -> bool:
    if isinstance(term, Symbol):
        return term.name != "pi"
    return isinstance(term, Call) and any(map(_symbols, term.args))


def _numbers(term: Term) -> Iterator[Fraction]:
    """The numbers that may change, in reading order."""
    if isinstance(term, Number):
        yield term.value
    elif isinstance(term, Call) and term.head not in _FIXED:
        for argument in term.args:
            yield from _numbers(argument)


def _with_numbers(term: Term, draw: Callable[[Fraction], Fraction]) -> Term:
    """The term with each number that may change put through ``draw``, in reading order."""
    if isinstance(term, Number):
        value = draw(term.value)
        return term if value == term.value else Number(value, _spelled(value))
    if isinstance(term, Call) and term.head not in _FIXED:
        return replace(term, args=tuple(_with_numbers(argument, draw) for argument in term.args))
    return term


def _spelled(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.6f}".rstrip("0")
    return text if Fraction(text) == value else str(value)


def _proposal(
    declaration: ProblemDeclaration, slots: list[Slot], rng: random.Random
) -> ProblemDeclaration | None:
    """A declaration with other numbers; None where the draw makes no sense."""
    way = rng.choice(("scale", "each", "each", "one"))
    factor = rng.choice(_FACTORS)
    single = rng.randrange(len(slots))
    new: dict[tuple[int, int], Fraction] = {}
    for k, slot in enumerate(slots):
        if way == "one" and k != single:
            continue
        if way == "scale" and slot.role in ("length", "area"):
            value = slot.value * (factor if slot.role == "length" else factor**2)
        elif way == "scale" and slot.role == "other":
            continue
        else:
            value = _near(slot, rng)
        if not _is_plain(value, slot):
            return None
        new[slot.given, slot.place] = value
    given = []
    for number, statement in enumerate(declaration.given):
        places = iter(range(1000))

        def draw(value: Fraction, number: int = number, places: Iterator[int] = places) -> Fraction:
            return new.get((number, next(places)), value)

        changed = _with_numbers(statement, draw) if statement.head == "Equal" else statement
        assert isinstance(changed, Call)
        given.append(changed)
    return replace(declaration, given=tuple(given))


def _near(slot: Slot, rng: random.Random) -> Fraction:
    """A number of the same sort, not far from the old one."""
    value = slot.value
    if slot.role == "angle":
        if value in _SPECIAL and rng.random() < 0.6:
            return Fraction(rng.choice(_SPECIAL))
        step = 5 if value % 5 == 0 else 1
        return Fraction(step * round(float(value) * rng.uniform(0.6, 1.5) / step))
    if value.denominator > 1:
        unit = _unit(value)
        return unit * round(float(value / unit) * rng.uniform(0.6, 1.6))
    if value < 10:
        low = 2 if slot.role == "other" and value > 1 else 1
        return Fraction(rng.randint(max(low, int(value) - 3), int(value) + 4))
    step = 10 if value >= 100 and value % 10 == 0 else 1
    return Fraction(step * round(float(value) * rng.uniform(0.6, 1.6) / step))


def _unit(value: Fraction) -> Fraction:
    """The place of the last digit of a decimal, or the fraction's own unit."""
    for places in range(1, 5):
        if (value * 10**places).denominator == 1:
            return Fraction(1, 10**places)
    return Fraction(1, value.denominator)


def _is_plain(value: Fraction, slot: Slot) -> bool:
    """Whether the number is one that a problem would state: positive, no more digits than the old one."""
    if value <= 0 or value > max(Fraction(500), 5 * slot.value):
        return False
    if slot.role == "angle" and not (5 <= value < 360):
        return False
    return value.denominator <= max(2, slot.value.denominator)


def _has_figure(problem: Problem, old: Diagram) -> bool:
    """Whether least squares lead from the old figure to one of the new data, order and orientation kept."""
    shop = Workshop(problem, 0, Clock.after(FIGURE_SECONDS))
    tape = shop.tape
    if tape.points != old.points or tape.circles != old.circles or set(tape.symbol_index) != set(old.symbols):
        return False
    places = np.concatenate((old.coordinates, old.centres), axis=1).reshape(old.count, -1)
    symbols = [old.symbols[name] for name in sorted(tape.symbol_index, key=tape.symbol_index.__getitem__)]
    x = np.concatenate((places, old.radii, *(column[:, None] for column in symbols)), axis=1)
    attempt = shop.attempt(shop.residuals, STAGES[0], (x, shop.sizes(x)))
    return bool(len(attempt.good(EXACT)))
