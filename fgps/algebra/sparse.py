"""Which of many sparse rows combine to a given one?  Elimination outwards from the target.

Rows map columns to factors.  Those near the target (sharing a column with it, or with a row that does) come
first, short ones before long ones, and the farthest column of a row is eliminated first; so the first rows
that are enough are found without looking at the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

Row = Mapping[Hashable, float]

#: A factor below this is rounding: the factors that enter are of the size of 1.
_ZERO: Final = 1e-9
#: Rows that fill up beyond this are not used: the elimination shall stay cheap.
_MAX_FILL: Final = 60


def combination(rows: Sequence[Row], target: Row) -> list[int] | None:
    """Indices (ascending) of rows of which the target is a combination; None if there is none.

    Each row named took part in the elimination; mostly all of them are needed.
    """
    near, places = _outwards(rows, target)
    wanted = {places[column]: factor for column, factor in target.items() if column in places}
    if len(wanted) != len(target):
        return None
    basis: dict[int, tuple[dict[int, float], int]] = {}
    used = 0
    for index in near:
        row = {places[column]: factor for column, factor in rows[index].items()}
        mask = _reduce(row, basis, 1 << index)
        if not row or len(row) > _MAX_FILL:
            continue
        pivot = max(row)
        lead = row[pivot]
        basis[pivot] = {place: factor / lead for place, factor in row.items()}, mask
        if pivot in wanted:
            used = _reduce(wanted, basis, used)
            if not wanted:
                return [i for i in range(used.bit_length()) if used >> i & 1]
    return None


def _outwards(rows: Sequence[Row], target: Row) -> tuple[list[int], dict[Hashable, int]]:
    """The rows linked to the target, nearest first, and the places of the columns in that order."""
    users: dict[Hashable, list[int]] = {}
    for index, row in enumerate(rows):
        for column in row:
            users.setdefault(column, []).append(index)
    places: dict[Hashable, int] = {}
    order: list[int] = []
    seen: set[int] = set()
    level = [column for column in target if column in users]
    while level:
        for column in level:
            places[column] = len(places)
        touching = {index for column in level for index in users[column]} - seen
        seen |= touching
        found = sorted(touching, key=lambda index: (len(rows[index]), index))
        order += found
        level = list(dict.fromkeys(column for i in found for column in rows[i] if column not in places))
    return order, places


def _reduce(row: dict[int, float], basis: Mapping[int, tuple[dict[int, float], int]], mask: int) -> int:
    """Eliminate the pivots of the basis from a row, in place; the mask with the rows that this took."""
    while True:
        hits = row.keys() & basis.keys()
        if not hits:
            return mask
        pivot = max(hits)
        factor = row.pop(pivot)
        other, more = basis[pivot]
        mask |= more
        for place, value in other.items():
            if place == pivot:
                continue
            rest = row.get(place, 0.0) - factor * value
            if abs(rest) < _ZERO:
                row.pop(place, None)
            else:
                row[place] = rest
