"""Where labels go: each has candidates with costs; overlaps are dear, and are mended in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fgps.render.figure.geometry import XY, Array, boxes, inside_lengths, overlaps
from fgps.render.figure.notation import Runs

#: Costs, against a candidate's own of 0 to 40: a stroke through a label, a dot under it, labels that overlap.
_STROKE: Final = (9.0, 1.6)
_DOT: Final = 40.0
_LABEL: Final = (200.0, 2.0)
_PASSES: Final = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """A label to be placed: candidates for its middle (n, 2) with costs (n,), the size of its box.

    Candidates from number ``led`` on get a leader line to ``anchor``.  ``css`` and ``data`` go to the text.
    """

    runs: Runs
    size: float
    width: float
    height: float
    centres: Array
    costs: Array
    css: str
    data: tuple[tuple[str, str], ...]
    anchor: XY = (0.0, 0.0)
    led: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A label in its place; ``box`` is (left, bottom, right, top)."""

    wish: Wish
    centre: XY
    box: tuple[float, float, float, float]
    led: bool = False


def place(wishes: Sequence[Wish], segments: Array, dots: Array, room: float) -> list[Placed]:
    """Places for all labels, deterministic.

    ``segments`` (m, 4): strokes and marks; ``dots`` (k, 4): boxes of points; ``room`` is kept free around
    each label.
    """
    if not wishes:
        return []
    around = [boxes(w.centres, w.width + 2 * room, w.height + 2 * room) for w in wishes]
    costs = [w.costs + _blocked(box, segments, dots) for w, box in zip(wishes, around, strict=True)]
    chosen = _descend(around, costs)
    result = []
    for wish, k in zip(wishes, chosen, strict=True):
        x, y = (float(v) for v in wish.centres[k])
        across, up = 0.5 * wish.width, 0.5 * wish.height
        result.append(Placed(wish, (x, y), (x - across, y - up, x + across, y + up), k >= wish.led))
    return result


def _blocked(around: Array, segments: Array, dots: Array) -> Array:
    """What strokes and dots inside the boxes cost."""
    cost = np.zeros(len(around))
    if len(segments):
        lengths = inside_lengths(around, segments)
        cost += _STROKE[1] * lengths.sum(axis=1) + _STROKE[0] * (lengths > 0).any(axis=1)
    if len(dots):
        cost += _DOT * (overlaps(around, dots) > 0).sum(axis=1)
    return cost


def _descend(around: Sequence[Array], costs: Sequence[Array]) -> list[int]:
    """The best candidate of each label, given the others, until nothing changes; then pairs, then again."""
    count = len(around)
    # Those with little choice first: what they would have to fall back on is dear.
    order = sorted(range(count), key=lambda i: (-_fourth(costs[i]), i))
    chosen = [-1] * count
    for _ in range(_PASSES):
        changed = False
        for i in order:
            others = [j for j in range(count) if j != i and chosen[j] >= 0]
            total = costs[i] + _crowded(around[i], [around[j][chosen[j]] for j in others])
            best = int(np.argmin(np.round(total, 6)))
            if chosen[i] < 0 or total[best] < total[chosen[i]] - 1e-6:
                chosen[i], changed = best, True
        if not changed and not _repair(around, costs, chosen):
            break
    return chosen


def _fourth(costs: Array) -> float:
    """The fourth lowest cost."""
    return float(np.sort(costs)[min(3, len(costs) - 1)])


def _crowded(box: Array, others: Sequence[Array]) -> Array:
    if not others:
        return np.zeros(len(box))
    shared = overlaps(box, np.array(others))
    cost: Array = (_LABEL[1] * shared + _LABEL[0] * (shared > 0)).sum(axis=1)
    return cost


def _repair(around: Sequence[Array], costs: Sequence[Array], chosen: list[int]) -> bool:
    """Move two labels together where that is cheaper: two that overlap, or a badly placed one and another."""
    count = len(around)
    now = np.array([around[i][chosen[i]] for i in range(count)])
    clash: NDArray[np.bool_] = overlaps(now, now) > 0
    bad = [float(costs[i][chosen[i]] - costs[i].min()) > 8.0 for i in range(count)]
    near = _near(now)
    changed = False
    for i in range(count):
        for j in range(count):
            if i == j or not ((clash[i, j] and i < j) or (bad[i] and near[i, j])):
                continue
            others = [around[k][chosen[k]] for k in range(count) if k not in (i, j)]
            one = costs[i] + _crowded(around[i], others)
            two = costs[j] + _crowded(around[j], others)
            shared = overlaps(around[i], around[j])
            joint = one[:, None] + two[None, :] + _LABEL[1] * shared + _LABEL[0] * (shared > 0)
            best = int(np.argmin(np.round(joint, 6)))
            p, q = divmod(best, joint.shape[1])
            if joint[p, q] < joint[chosen[i], chosen[j]] - 1e-6:
                chosen[i], chosen[j], changed = p, q, True
    return changed


def _near(now: Array) -> NDArray[np.bool_]:
    """Which labels are close to each other."""
    middle = 0.5 * (now[:, :2] + now[:, 2:])
    gap = np.hypot(*(middle[:, None, :] - middle[None, :, :]).transpose(2, 0, 1))
    result: NDArray[np.bool_] = gap < 60.0
    return result
