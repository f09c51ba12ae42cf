"""Systems of equations: values, entailment, contradictions, provenance."""

from __future__ import annotations

from fractions import Fraction

import numpy
import pytest
from systems import CASES, Builder

from fgps.algebra.system import System


@pytest.mark.parametrize("name", CASES)
def test_value(name: str) -> None:
    system, expression, answer = CASES[name]()
    found = system.value(expression)
    assert found is not None
    assert found[0].to_text() == answer
    assert not system.clashes


def test_sources_are_those_that_are_needed() -> None:
    b = Builder()
    a, c, d, e = b.length("a", "c", "d", "e")
    b.add(a - c, c - d, d - e, a * 2 - d * 2, e - 7)
    derivation = b.system.entails(a - c)
    assert derivation is not None
    assert derivation.sources == (0,)
    found = b.system.value(d)
    assert found is not None
    assert found[1].sources == (2, 4)


def test_what_does_not_follow() -> None:
    b = Builder()
    a, c, d = b.length("a", "c", "d")
    b.add(a * a - c * d)
    assert b.system.entails(a - c) is None
    assert b.system.value(a) is None


def test_square_of_a_free_symbol_stays_open() -> None:
    b = Builder()
    (x,) = b.free("x")
    b.add(x * x - 9)
    assert b.system.value(x) is None
    found = b.system.value(x * x)
    assert found is not None
    assert found[0] == 9


def test_the_models_choose_last() -> None:
    def numeric(variable: int) -> numpy.ndarray:
        return numpy.array([5.0, 5.0])

    system = System(numeric)
    x = system.poly(system.variable("x", "length"))
    system.add(x * x - x * 7 + 10, 0)
    found = system.value(x)
    assert found is not None
    assert found[0] == 5
    assert found[1].by_model


def test_a_model_between_the_roots_chooses_nothing() -> None:
    system = System(lambda variable: numpy.array([3.5]))
    x = system.poly(system.variable("x", "length"))
    system.add(x * x - x * 7 + 10, 0)
    assert system.value(x) is None


def test_contradictions_name_the_clashing_equations() -> None:
    b = Builder()
    a, c, d = b.length("a", "c", "d")
    b.add(d - 1, a - 3, c - 4, a - c)
    assert [clash.sources for clash in b.system.clashes] == [(1, 2, 3)]


def test_rounded_right_triangle_clashes() -> None:
    b = Builder()
    a, c, d = b.length("a", "c", "d")
    b.add(a - 3, c - 4, (d * 10) - 51, a * a + c * c - d * d)
    assert b.system.clashes[0].sources == (0, 1, 2, 3)
    found = b.system.value(a + c)
    assert found is not None
    assert found[0] == 7
    assert found[1].sources == (0, 1)
    assert found[1].rounded


@pytest.mark.parametrize("value", [-4, 0])
def test_lengths_are_positive(value: int) -> None:
    b = Builder()
    (a,) = b.length("a")
    b.add(a - value)
    assert b.system.clashes


def test_triangle_angles_stay_below_their_bound() -> None:
    b = Builder()
    (a,) = b.angle("A")
    b.bound(a, 180)
    b.add(a - 200)
    assert b.system.clashes[0].sources == (0, 1)


def test_sine_is_ambiguous_without_a_range() -> None:
    b = Builder()
    (a,) = b.angle("A")
    b.bound(a, 180)
    b.add(b.system.trig("sin", a) * 2 - 1)
    assert b.system.value(a) is None
    other = b.angle("B")[0]
    b.add(a + other - 100)
    found = b.system.value(a)
    assert found is not None
    assert found[0] == 30


def test_added_tells_what_became_known() -> None:
    b = Builder()
    a, c = b.length("a", "c")
    b.add(a - c)
    added = b.system.add(c - 5, 1)
    assert sorted(added.known) == [0, 1]
    assert b.system.add(a - 5, 2).redundant


def test_irrational_coefficients_are_eliminated() -> None:
    from fgps.algebra.exact import Exact
    from fgps.algebra.functions import sqrt

    root = sqrt(Exact.of(3))
    b = Builder()
    x, y = b.length("x", "y")
    b.add(x.scale(root) + y - 4, y.scale(root) - x)
    found = b.system.value(x)
    assert found is not None
    assert found[0] == root


def test_order_of_equations_does_not_matter() -> None:
    answers = set()
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        b = Builder()
        a, c, d = b.length("a", "c", "d")
        equations = [a * c - 12, c - d * 2, d * d - a - 1 - d * 0, a - 3]
        b.add(*(equations[i] for i in order))
        found = b.system.value(d)
        assert found is not None
        answers.add(found[0].to_text())
    assert answers == {"2"}


def test_bounds_come_from_linear_equations() -> None:
    b = Builder()
    x, y = b.length("x", "y")
    b.add(x + y - 4, x * x - x * 8 + 15)
    found = b.system.value(x)
    assert found is not None
    assert found[0].as_fraction() == Fraction(3)
    assert found[1].sources == (0, 1)


def numbers(values: dict[str, float]) -> System:
    """A system whose only model has these values."""

    def numeric(variable: int) -> numpy.ndarray | None:
        key = names[variable]
        return numpy.array([values[key]]) if key in values else None

    names: list[str] = list(values)
    system = System(numeric)
    for name in names:
        system.variable(name, "length")
    return system


def test_the_programme_finds_the_short_way() -> None:
    values = {"a": 3.0, "b": 4.0, "c": 5.0, "d": 8.0, "e": 1.0, "f": 2.0}
    system = numbers(values)
    a, b, c, d, e, f = (system.poly(i) for i in range(6))
    long_way = [a - e * 3, e * 2 - f, f - 2, b - d + c - e, c - a - f, d - e * 8]
    for source, equation in enumerate([*long_way, a - 3, d - b * 2]):
        system.add(equation, source)
    found = system.value(d - a, effort=3)
    assert found is not None
    assert found[0] == 5
    assert len(found[1].sources) <= 4


def test_what_the_model_says_is_false_is_not_tried() -> None:
    system = numbers({"a": 3.0, "b": 4.0})
    a, b = system.poly(0), system.poly(1)
    assert system.entails(a - b) is None
    system.add(a * a * b - 36, 0)
    system.add(a * b * b - 48, 1)
    assert system.entails(a * 4 - b * 3) is not None
