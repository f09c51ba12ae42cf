"""Hostile equations end within the budget, with a clear outcome."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest
from systems import Builder

from fgps.algebra.budget import Budget
from fgps.algebra.compile import Problem, compile_equation, compile_number, compile_term
from fgps.algebra.exact import Exact
from fgps.algebra.functions import sqrt
from fgps.algebra.poly import Poly
from fgps.algebra.system import System
from fgps.lang.ast import Call, Number, Symbol, Term

#: Generous for a loaded machine; each case takes far less.
SECONDS = 3.0


@pytest.fixture(autouse=True)
def _clock() -> object:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < SECONDS


def number(value: int) -> Number:
    return Number(Fraction(value))


def test_one_equals_zero() -> None:
    b = Builder()
    b.add(Poly.constant(1))
    assert b.system.clashes[0].sources == (0,)


def test_zero_equals_zero() -> None:
    b = Builder()
    b.add(Poly({}))
    assert not b.system.clashes


@pytest.mark.parametrize("degree", [40, 48, 60])
def test_high_degree(degree: int) -> None:
    b = Builder()
    (x,) = b.length("x")
    b.add(x**degree - x**3 * 7 - 11)
    found = b.system.value(x)
    if found is not None:
        assert abs(float(found[0]) ** degree - 7 * float(found[0]) ** 3 - 11) < 1e-3


def test_product_of_forty_factors() -> None:
    b = Builder()
    (x,) = b.length("x")
    product = Poly.constant(1)
    for root in range(40):
        product = product * (x + root if root != 5 else x - 5)
    b.add(product)
    found = b.system.value(x)
    assert found is not None
    assert found[0] == 5


def test_two_unknowns_of_degree_forty() -> None:
    b = Builder()
    x, y = b.length("x", "y")
    b.add((x + y) ** 20 - 2**20, (x - y * 2) ** 20 - 1)
    b.system.value(x)


def test_a_thousand_unknowns() -> None:
    rng = random.Random(5)
    b = Builder()
    unknowns = b.length(*(f"x{i}" for i in range(1000)))
    for i in range(1, 1000):
        b.add(unknowns[i] - unknowns[rng.randrange(i)] - rng.randint(1, 9))
    b.add(unknowns[0] - 1)
    assert b.system.value(unknowns[-1]) is not None


def test_a_thousand_products() -> None:
    rng = random.Random(6)
    b = Builder()
    unknowns = b.length(*(f"x{i}" for i in range(300)))
    for _ in range(400):
        p, q, r, s = (rng.choice(unknowns) for _ in range(4))
        b.add(p * q - r * s - rng.randint(1, 9))
    assert b.system.value(unknowns[7], budget=Budget(seconds=1.0)) is None


def test_nested_radicals() -> None:
    value = Exact.of(1)
    for _ in range(12):
        value = sqrt(value + 2)
    assert 1.9999 < float(value) < 2
    b = Builder()
    (x,) = b.length("x")
    b.add(x * x - Poly.constant(value), x * x * x * x - Poly.constant(value * value))
    found = b.system.value(x)
    assert found is not None
    assert not b.system.clashes


def test_a_sum_of_many_radicals_that_is_almost_zero() -> None:
    total = Exact.of(0)
    for n in (2, 3, 5, 7, 11, 13, 17, 19, 23):
        total = total + sqrt(Exact.of(n))
    near = total - Fraction(total_floor(total), 10**30)
    assert near != 0


def total_floor(number: Exact) -> int:
    return (number * 10**30).floor()


def test_division_by_zero_is_a_problem_or_no_value() -> None:
    system = System()

    def variable(call: Call) -> int:
        return system.variable(call.head, "length")

    def symbol(name: str) -> int:
        return system.variable(name, "free")

    zero = Call("Div", (number(1), Call("Sub", (number(2), number(2)))))
    assert isinstance(compile_term(zero, variable, symbol, system), Problem)
    x = Symbol("x")
    hidden = Call("Div", (number(1), Call("Sub", (x, number(3)))))
    compiled = compile_term(hidden, variable, symbol, system)
    assert isinstance(compiled, Poly)
    system.add(system.poly(symbol("x")) - 3, 0)
    assert system.value(compiled) is None


@pytest.mark.parametrize("depth", [50, 500, 5000])
def test_deep_terms(depth: int) -> None:
    term: Term = Symbol("x")
    for _ in range(depth):
        term = Call("Sqrt", (Call("Add", (term, number(1))),))
    system = System()
    compiled = compile_term(term, lambda call: None, lambda name: system.variable(name, "free"), system)
    assert isinstance(compiled, Poly | Problem)


@pytest.mark.parametrize(
    "term",
    [
        Call("Pow", (number(10), Call("Pow", (number(10), number(10))))),
        Call("Pow", (Symbol("x"), number(10**9))),
        Call("Pow", (Call("Add", tuple(map(Symbol, "uvwxyz"))), number(64))),
        Call("Tan", (number(90),)),
        Call("Sqrt", (number(-2),)),
        Call("asin", (number(2),)),
        Call("Sin", (Call("Sqrt", (number(2),)),)),
    ],
)
def test_terms_without_a_value(term: Call) -> None:
    system = System()
    equation = Call("Equal", (term, number(1)))
    compiled = compile_equation(
        equation, lambda call: None, lambda name: system.variable(name, "free"), system
    )
    assert isinstance(compiled, Problem)
    assert compiled.message


def test_numbers_that_are_too_large() -> None:
    assert isinstance(compile_number(Call("Pow", (number(7), number(10**7)))), Problem)
    assert isinstance(compile_number(number(10**400)), Exact)


def test_a_spent_budget_keeps_what_is_queued() -> None:
    b = Builder()
    unknowns = b.length(*(f"x{i}" for i in range(60)))
    for i in range(59):
        b.system.add(unknowns[i] - unknowns[i + 1] * 2, i, Budget(steps=1))
    b.system.add(unknowns[59] - 1, 99, Budget(steps=1))
    found = b.system.value(unknowns[0])
    assert found is not None
    assert found[0] == 2**59
