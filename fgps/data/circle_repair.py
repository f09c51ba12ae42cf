"""Circles whose points are listed in another order than the arcs of the construction tell.

Regions are bounded by arcs, spelled counter-clockwise, between neighbours on the circle.  Where such arcs
lead from one point to the next through all points of a circle, they leave no choice of the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Word = tuple[str, ...]


def order_by_arcs(points: Sequence[str], arcs: Iterable[Word]) -> tuple[str, ...] | None:
    """The points of a circle in the order of its arcs; None if that is the given one, or is not settled.

    ``arcs``: circle, start and end of each arc of that circle that bounds a region.  The order is settled if
    the arcs are a path (or a cycle) through at least three points that passes each of them once.
    """
    after: dict[str, str] = {}
    before: dict[str, str] = {}
    for _, start, end in dict.fromkeys(arcs):
        if start in points and end in points:
            if start in after or end in before:
                return None
            after[start], before[end] = end, start
    starts = [point for point in points if point not in before]
    if len(points) < 3 or len(after) < len(points) - 1 or len(starts) > 1:
        return None
    walk = [starts[0] if starts else points[0]]
    while len(walk) < len(points) and walk[-1] in after:
        walk.append(after[walk[-1]])
    if sorted(walk) != sorted(points):
        return None
    turn = walk.index(points[0])
    order = (*walk[turn:], *walk[:turn])
    return None if order == tuple(points) else order
