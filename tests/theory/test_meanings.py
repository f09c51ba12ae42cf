"""The numeric meaning of every predicate and attribute, tried on random figures."""

from __future__ import annotations

import functools

import pytest

from fgps.lang.ast import Call
from fgps.theory.instantiate import consequences, spell
from fgps.theory.load import load_theory
from fgps.theory.model import Attribute, Predicate, Theory
from tests.theory.plane import Plane, find_figure

SEEDS = (1, 2)


@functools.cache
def imo() -> Theory:
    theory = load_theory("imo").theory
    assert theory is not None
    return theory


@functools.cache
def figure(name: str, seed: int) -> Plane | None:
    return find_figure(imo(), [spell(imo().predicates[name], imo().predicates[name].letters)], seed)


def meaningful() -> list[str]:
    return [p.name for p in imo().predicates.values() if p.category in ("entity", "relation")]


def with_guards(plane: Plane, declared: Predicate) -> list[Call]:
    return [
        fact
        for fact, guards in consequences(imo(), declared, declared.letters)
        if all(plane.holds(guard) for guard in guards)
    ]


@pytest.mark.parametrize("name", meaningful())
def test_a_fact_can_be_true_and_then_its_consequences_are(name: str) -> None:
    declared = imo().predicates[name]
    for seed in SEEDS:
        plane = figure(name, seed)
        assert plane is not None, "no figure found"
        facts = with_guards(plane, declared)
        assert all(plane.holds(fact) for fact in facts)
        # Only the right angles at an altitude may run the other way.
        if not name.startswith("IsAltitudeOf"):
            assert len(facts) == len(declared.declaration.means)


@pytest.mark.parametrize("name", meaningful())
def test_equivalent_spellings_are_true_together(name: str) -> None:
    declared = imo().predicates[name]
    for seed in SEEDS:
        plane = figure(name, seed)
        assert plane is not None
        for symmetry in declared.symmetries:
            assert plane.holds(spell(declared, [declared.letters[i] for i in symmetry])), symmetry


@pytest.mark.parametrize(
    "name",
    [
        p
        for p in meaningful()
        if imo().predicates[p].declaration.holds and imo().predicates[p].declaration.means
    ],
)
def test_consequences_of_a_fact_say_no_less_than_its_numbers(name: str) -> None:
    """Where `means` is more than a part of the truth, figures built from it satisfy `holds`."""
    partial = ("Trapezoid", "IsBisectorOfAngle", "IsAltitudeOfTriangle", "IsAltitudeOfQuadrilateral")
    if name in partial:
        pytest.skip("`means` is only a part of the meaning")
    declared = imo().predicates[name]
    for seed in SEEDS:
        plane = find_figure(imo(), [*declared.declaration.needs, *declared.declaration.means], seed)
        assert plane is not None, "no figure found"
        assert plane.holds(spell(declared, declared.letters), 1e-5)


#: The fact under which equivalent spellings of a ratio agree.
RATIOS = {
    "RatioOfSimilarTriangle": "SimilarBetweenTriangle",
    "RatioOfMirrorSimilarTriangle": "MirrorSimilarBetweenTriangle",
    "RatioOfSimilarQuadrilateral": "SimilarBetweenQuadrilateral",
    "RatioOfMirrorSimilarQuadrilateral": "MirrorSimilarBetweenQuadrilateral",
}


@pytest.mark.parametrize("attribute", imo().attributes.values(), ids=lambda a: a.name)
def test_equivalent_spellings_of_a_quantity_have_one_positive_value(attribute: Attribute) -> None:
    facts: list[Call] = list(attribute.declaration.needs)
    if attribute.name in RATIOS:
        facts = [spell(imo().predicates[RATIOS[attribute.name]], attribute.letters)]
    for seed in SEEDS:
        plane = find_figure(imo(), facts, seed)
        assert plane is not None, "no figure found"
        values = [
            plane.number(spell(attribute, [attribute.letters[i] for i in s])) for s in attribute.symmetries
        ]
        assert values[0] > 0
        assert all(abs(value - values[0]) < 1e-6 * values[0] for value in values)
