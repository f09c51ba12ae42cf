"""Elimination outwards from a target: which rows combine to it."""

from __future__ import annotations

import random

import numpy as np

from fgps.algebra.sparse import combination


def test_a_chain_needs_its_links_and_nothing_else() -> None:
    rows = [{"far": 1.0, "other": 1.0}, {"a": 1.0, "b": -1.0}, {"b": 1.0}, {"other": 2.0}]
    assert combination(rows, {"a": 1.0}) == [1, 2]


def test_two_equations_for_two_unknowns() -> None:
    rows = [{"x": 1.0, "y": 1.0}, {"z": 1.0}, {"x": 1.0, "y": -1.0}]
    assert combination(rows, {"x": 1.0}) == [0, 2]
    assert combination(rows[:2], {"x": 1.0}) is None


def test_what_no_row_mentions() -> None:
    assert combination([{"a": 1.0}], {"b": 1.0}) is None
    assert combination([], {"a": 1.0}) is None


def test_a_sum_of_columns_may_be_determined_where_none_of_them_is() -> None:
    rows = [{"a": 1.0, "b": 1.0, "c": 1.0}, {"c": 2.0}]
    assert combination(rows, {"a": 1.0, "b": 1.0}) == [0, 1]
    assert combination(rows, {"a": 1.0, "b": 2.0}) is None


def test_random_rows_against_least_squares() -> None:
    rng = random.Random(11)
    found = missed = 0
    for _ in range(200):
        columns = range(rng.randint(2, 9))
        rows = [
            {
                c: float(rng.choice((-2, -1, 1, 2)))
                for c in rng.sample(columns, rng.randint(1, min(3, len(columns))))
            }
            for _ in range(rng.randint(1, 9))
        ]
        target = {0: 1.0}
        matrix = np.array([[row.get(c, 0.0) for c in columns] for row in rows]).T
        wanted = np.array([target.get(c, 0.0) for c in columns])

        def reaches(part: list[int], matrix: np.ndarray = matrix, wanted: np.ndarray = wanted) -> bool:
            factors = np.linalg.lstsq(matrix[:, part], wanted, rcond=None)[0]
            return bool(np.allclose(matrix[:, part] @ factors, wanted, atol=1e-9))

        chosen = combination(rows, target)
        if chosen is None:
            missed += 1
            assert not reaches(list(range(len(rows))))
        else:
            found += 1
            assert reaches(chosen)
    assert found > 30 and missed > 30
