"""Sums of constants that are zero are shown to be zero by the checker's own rules."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from fgps.algebra.compile import compile_number
from fgps.algebra.exact import Exact
from fgps.algebra.functions import sqrt
from fgps.algebra.terms import cosine_terms
from fgps.algebra.witness_data import Kernel, NoWitness
from fgps.algebra.witness_steps import Steps
from fgps.check.polynomials import Poly
from fgps.check.statements import Compiler
from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement


def started() -> Steps:
    kernel = Kernel()
    kernel.add("length", "length")
    steps = Steps(kernel)
    kernel.start(lambda source: {}, lambda source: [], lambda kind, poly: False)
    return steps


def cosine(degrees: int | Fraction) -> Exact:
    return Exact(cosine_terms(degrees))


def some_number(chance: random.Random) -> Exact:
    number = sqrt(Exact.of(chance.choice([1, 2, 3, 5, 6, 10, 30])))
    if chance.random() < 0.8:
        number = number + cosine(Fraction(chance.randrange(1, 360), 2)) * chance.choice([1, -2, 3])
    return number + cosine(chance.randrange(1, 90))


@pytest.mark.parametrize("seed", range(40))
def test_products_of_numbers(seed: int) -> None:
    chance = random.Random(seed)
    steps = started()
    kernel = steps.kernel
    factors = [some_number(chance) for _ in range(2)]
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    length: Poly = {(0,): 1}
    left = kernel.times(length, *map(kernel.number, factors))
    wanted = kernel.times(length, kernel.number(product))
    place = steps.combine([], kernel.minus(left, wanted))
    assert steps.fact(place) == kernel.minus(left, wanted)


@pytest.mark.parametrize("seed", range(40))
def test_quotients_of_numbers(seed: int) -> None:
    chance = random.Random(seed)
    steps = started()
    kernel = steps.kernel
    a, b, c = (cosine(chance.randrange(1, 60)) + chance.randrange(1, 4) for _ in range(3))
    d = cosine(chance.randrange(1, 45)) + sqrt(Exact.of(chance.choice([2, 3, 5])))
    left = kernel.times(kernel.number(a / b), kernel.number(c / d))
    wanted = kernel.number(a * c / (b * d))
    steps.combine([], kernel.minus(left, wanted))
    assert steps.fact(len(steps.steps)) == kernel.minus(left, wanted)


@pytest.mark.parametrize("t", [1, 7, 11, Fraction(45, 2), 18, 12])
def test_sums_over_thirds_and_fifths_of_a_turn(t: int | Fraction) -> None:
    for parts in (3, 5, 15):
        steps = started()
        kernel = steps.kernel
        total: Poly = {}
        for k in range(parts):
            total = kernel.minus(total, kernel.trig("cos", {(): t + Fraction(360, parts) * k}), -1)
        place = steps.combine([], total)
        assert steps.fact(place) == total


def test_what_is_not_zero_is_not_shown() -> None:
    steps = started()
    kernel = steps.kernel
    for number in (cosine(1), cosine(50) - cosine(10), sqrt(Exact.of(2)) - 1, 1 / (cosine(7) + 1)):
        with pytest.raises(NoWitness):
            steps.combine([], kernel.number(number))


@pytest.mark.parametrize("text", ["1/(Cos(80) - Cos(20))", "3/(1 - 2*Cos(11)) + 1", "2/(Cos(20) - Cos(80))"])
def test_a_quotient_whose_denominator_is_negative(text: str) -> None:
    kernel = started().kernel
    compiler = Compiler(kernel, lambda term: 0, [])
    term = parse_statement(text)
    assert isinstance(term, Call)
    above, below = compiler.quotient(term)
    expected = compile_number(term)
    assert isinstance(expected, Exact) and below == {(): 1}
    assert kernel.exact(above) == expected
