"""Derived facts that may be asked for, and a choice among them that is not all of one kind."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fgps.algebra.exact import Exact
from fgps.engine.records import Origin
from fgps.engine.state import State
from fgps.expand.proofs import Support, support
from fgps.expand.readable import readable_value, simplicity
from fgps.expand.saturate import Saturation
from fgps.expand.settings import Settings
from fgps.lang.ast import Call, Symbol, Term, letters
from fgps.problem.quantities import Quantity
from fgps.theory.instantiate import spell

#: Steps from which on a longer proof makes no better problem.
_LONG = 8
#: Pairs of equal quantities that are looked at.
_PAIRS = 40


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Something that follows: ``find`` asks for it, ``kind`` is one of `GOAL_KINDS`, ``head`` its name.

    ``value`` is set for values; ``support`` is what its proof rests on.
    """

    find: Term
    kind: str
    head: str
    value: Exact | None
    support: Support


def conclusions(found: Saturation, settings: Settings) -> list[Conclusion]:
    """All that may be asked for, in the order in which it became known."""
    state = found.state
    everything = (*_values(state), *_relations(state), *_equalities(state))
    return [
        item
        for item in everything
        if item.kind in settings.goal_kinds
        and settings.min_level <= item.support.level <= settings.max_level
        and item.support.givens
    ]


def choose(items: Sequence[Conclusion], count: int, seed: str) -> list[Conclusion]:
    """At most ``count`` of them: long proofs and plain answers first, but not always the same sort."""
    rng = random.Random(seed)
    rest = [(item, rng.random()) for item in items]
    heads: Counter[str] = Counter()
    givens: Counter[tuple[Call, ...]] = Counter()
    levels: Counter[int] = Counter()
    chosen: list[Conclusion] = []
    while rest and len(chosen) < count:
        best = max(
            range(len(rest)),
            key=lambda k: (
                _worth(rest[k][0])
                + rest[k][1]
                - 1.5 * heads[rest[k][0].head]
                - 0.5 * givens[rest[k][0].support.givens]
                - 0.5 * levels[rest[k][0].support.level]
            ),
        )
        item, _ = rest.pop(best)
        heads[item.head] += 1
        givens[item.support.givens] += 1
        levels[item.support.level] += 1
        chosen.append(item)
    return chosen


def _worth(item: Conclusion) -> float:
    worth = 0.5 * min(item.support.level, _LONG) + 0.5 * min(len(item.support.givens), 4)
    return worth + 1.5 - 0.25 * simplicity(item.value) if item.value is not None else worth


def _values(state: State) -> Iterator[Conclusion]:
    """Quantities and symbols whose value is known."""
    for variable, meaning in list(state.equations.variables.items()):
        value = state.system.known(variable)
        if value is None:
            continue
        kind = meaning.kind if isinstance(meaning, Quantity) else "symbol"
        if not readable_value(value, kind) or not _worth_asking(state, meaning, value):
            continue
        derived = state.system.value(state.system.poly(variable), effort=0)
        if derived is None:
            continue
        term: Term = Symbol(meaning) if isinstance(meaning, str) else quantity_term(state, meaning)
        head = meaning if isinstance(meaning, str) else meaning.attribute
        origin = Origin("algebra", derived[1].sources, None, derived[1])
        number = state.store.record(Call("Value", (term,)), None, origin)
        yield Conclusion(term, kind, head, value, support(state.store.entries, number))


def quantity_term(state: State, quantity: Quantity) -> Call:
    """A quantity as a term."""
    return spell(state.theory.attributes[quantity.attribute], quantity.points)


def _worth_asking(state: State, meaning: Quantity | str, value: Exact) -> bool:
    """Nobody asks for an angle from its outer side, or for a flat one."""
    if isinstance(meaning, str) or meaning.kind != "angle" or len(meaning.points) != 3:
        return True
    return ("Arc", meaning.points) in state.construction.facts or float(value) < 180


def _relations(state: State) -> Iterator[Conclusion]:
    """Relations that theorems concluded."""
    for entry in list(state.store.entries):
        if entry.fact is None or entry.origin.kind != "theorem":
            continue
        declared = state.theory.predicates[entry.fact[0]]
        words = [frozenset(letters(argument)) for argument in entry.statement.args]
        if declared.category != "relation" or len(set(words)) < len(words):
            continue
        yield Conclusion(
            entry.statement, "relation", entry.fact[0], None, support(state.store.entries, entry.id)
        )


def _equalities(state: State) -> Iterator[Conclusion]:
    """Two segments, angles or areas that are equal though neither value is known."""
    classes: dict[object, list[Quantity]] = {}
    for variable, meaning in list(state.equations.variables.items()):
        if not isinstance(meaning, Quantity) or meaning.kind == "ratio":
            continue
        reduced, _ = state.system.normal_form(state.system.poly(variable))
        if reduced.as_constant() is None:
            classes.setdefault((meaning.attribute, reduced.key()), []).append(meaning)
    pairs = [(members[0], other) for members in classes.values() for other in members[1:]]
    for one, two in pairs[:_PAIRS]:
        statement = Call("Equal", (quantity_term(state, one), quantity_term(state, two)), "infix")
        number = state.establish(statement)
        if isinstance(number, int):
            yield Conclusion(
                statement, "equation", f"Equal {one.attribute}", None, support(state.store.entries, number)
            )
