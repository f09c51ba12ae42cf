"""Speed of the algebra on 50, 200 and 800 equations; sympy's ``solve`` on the same systems.

Run with ``pytest tests/benchmarks/test_algebra_bench.py --benchmark-enable`` (`--benchmark-only` for tables).
The figures stand in ``fgps/algebra/README.md``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from fgps.algebra.poly import Poly
from fgps.algebra.system import System

pytest.importorskip("pytest_benchmark")

SIZES = (50, 200, 800)


def figure(size: int, seed: int = 3) -> tuple[System, list[Poly], list[Poly]]:
    """A mix as problems have it: half sums, a quarter ratios, a quarter Pythagoras, all consistent."""
    rng = random.Random(seed)
    system = System()
    values: list[int] = []
    unknowns: list[Poly] = []

    def new(value: int) -> Poly:
        poly = system.poly(system.variable(len(values), "length"))
        values.append(value)
        unknowns.append(poly)
        return poly

    for value in (3, 5, 8):
        new(value)
    equations = [unknowns[i] - values[i] for i in range(3)]
    while len(equations) < size:
        i, j = rng.randrange(min(40, len(values))), rng.randrange(min(40, len(values)))
        kind = rng.random()
        if kind < 0.5:
            equations.append(unknowns[i] + unknowns[j] - new(values[i] + values[j]))
        elif kind < 0.75:
            k = rng.choice((2, 3))
            third = new(k * values[i])
            equations.append(unknowns[i] * new(k * values[j]) - unknowns[j] * third)
            equations.append(third - unknowns[i] * k)
        else:
            k = rng.randint(1, 4)
            leg, other, long = new(3 * k), new(4 * k), new(5 * k)
            equations += [leg - 3 * k, other - 4 * k, leg * leg + other * other - long * long]
    rng.shuffle(equations)
    return system, equations[:size], unknowns


def load(system: System, equations: list[Poly]) -> System:
    for source, equation in enumerate(equations):
        system.add(equation, source)
    return system


@pytest.mark.parametrize("size", SIZES)
def test_add(benchmark: Callable[..., object], size: int) -> None:
    def setup() -> tuple[tuple[System, list[Poly]], dict[str, object]]:
        system, equations, _ = figure(size)
        return (system, equations), {}

    result = benchmark.pedantic(load, setup=setup, rounds=5)  # type: ignore[attr-defined]
    assert not result.clashes


@pytest.mark.parametrize("size", SIZES)
def test_entails(benchmark: Callable[..., object], size: int) -> None:
    system, equations, unknowns = figure(size)
    load(system, equations)
    queries = [a - b for a, b in zip(unknowns[::2], unknowns[1::2], strict=False)][:100]

    def ask() -> int:
        return sum(system.entails(query, effort=1) is not None for query in queries)

    benchmark(ask)


@pytest.mark.parametrize("size", SIZES)
def test_value(benchmark: Callable[..., object], size: int) -> None:
    system, equations, unknowns = figure(size)
    load(system, equations)

    def ask() -> int:
        return sum(system.value(unknown, effort=1) is not None for unknown in unknowns[:100])

    assert benchmark(ask)


@pytest.mark.parametrize("size", (50,))
def test_sympy_solve(benchmark: Callable[..., object], size: int) -> None:
    """The same systems in sympy, where it ends within a minute (200 equations do not)."""
    sympy = pytest.importorskip("sympy")
    system, equations, unknowns = figure(size)
    symbols = sympy.symbols(f"x0:{len(system.kinds)}", positive=True)
    converted = []
    for equation in equations:
        terms = [
            sympy.Rational(int(value.p), int(value.q)) * sympy.Mul(*(symbols[i] for i in mono))
            for mono, value in equation.terms.items()
        ]
        converted.append(sympy.Add(*terms))
    used = sorted({s for e in converted for s in e.free_symbols}, key=str)

    def solve() -> object:
        return sympy.solve(converted, used, dict=True)

    started = time.perf_counter()
    benchmark.pedantic(solve, rounds=1)  # type: ignore[attr-defined]
    assert time.perf_counter() - started < 120
