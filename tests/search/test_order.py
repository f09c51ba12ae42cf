"""The order in which a forward search tries what becomes applicable."""

from __future__ import annotations

from typing import Any

import pytest

from fgps.search.forward import Frontier, make_frontier

#: What each application makes possible, in a small world: 1 gives 4 and 5, 4 gives 6.
GIVES: dict[Any, list[Any]] = {1: [4, 5], 4: [6], 2: [7]}


def rounds(frontier: Frontier) -> list[list[Any]]:
    """What is tried, round by round, from 1, 2, 3 on."""
    frontier.push([1, 2, 3])  # type: ignore[list-item]
    found: list[list[Any]] = []
    while not found or found[-1]:
        frontier.begin()
        found.append([])
        while (tried := frontier.pop()) is not None:
            found[-1].append(tried)
            frontier.push(GIVES.get(tried, []))
    return found[:-1]


def test_breadth_first_goes_by_generations() -> None:
    assert rounds(make_frontier("bfs", 0)) == [[1, 2, 3], [4, 5, 7], [6]]


def test_depth_first_follows_what_is_new() -> None:
    assert rounds(make_frontier("dfs", 0)) == [[1, 4, 6, 5, 2, 7, 3]]


def test_random_order_is_that_of_its_seed() -> None:
    orders = [rounds(make_frontier("random", seed)) for seed in (1, 1, 2, 3, 4)]
    assert orders[0] == orders[1] and len({str(order) for order in orders}) > 1
    for (order,) in orders:
        assert sorted(order) == [1, 2, 3, 4, 5, 6, 7]
        assert all(order.index(one) < order.index(two) for one, more in GIVES.items() for two in more)


@pytest.mark.parametrize("width", [1, 2])
def test_a_beam_keeps_some_of_each_generation(width: int) -> None:
    for seed in range(5):
        kept = rounds(make_frontier("beam", seed, width))
        assert len(kept[0]) == width and kept[0] == sorted(kept[0])
        assert all(len(generation) <= width for generation in kept)
        made = [two for one in kept[0] for two in GIVES.get(one, [])]
        assert [x for x in kept[1] if x in made] == kept[1] if len(kept) > 1 else not made


def test_a_wide_beam_is_breadth_first() -> None:
    assert rounds(make_frontier("beam", 0, 20)) == rounds(make_frontier("bfs", 0))
