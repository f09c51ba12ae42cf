"""Examples as arrays of fixed size, for spaces of `gymnasium` and for models that need one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fgps.learn.arrays import Example, Ints
from fgps.learn.vocabulary import NODE_TYPES, ORIGINS, ROLES, RULES, Vocabulary

#: Known values are shown between these bounds.
LARGEST: Final = 1e6


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of a state fits; what is beyond is cut off, and said to be.

    ``members`` are pairs of hyperedge and node; ``points`` and ``premises`` those of one candidate;
    ``tokens`` the words of one statement.
    """

    nodes: int = 512
    edges: int = 2048
    hyperedges: int = 256
    members: int = 2048
    candidates: int = 512
    points: int = 12
    premises: int = 12
    tokens: int = 32


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and the largest value of an array, its shape, its type; ``binary`` for masks and flags."""

    low: float
    high: float
    shape: tuple[int, ...]
    dtype: Any
    binary: bool = False


def bounds(sizes: Sizes, vocabulary: Vocabulary) -> dict[str, Bound]:
    """The arrays that `padded` gives, besides ``goal_node`` (a number below ``sizes.nodes``)."""
    words, branches = len(vocabulary.words) - 1, len(vocabulary.branches) - 1
    n, e, h, m, c = sizes.nodes, sizes.edges, sizes.hyperedges, sizes.members, sizes.candidates
    return {
        "node_type": Bound(0, len(NODE_TYPES) - 1, (n,), np.uint8),
        "node_origin": Bound(0, len(ORIGINS) - 1, (n,), np.uint8),
        "node_head": Bound(0, words, (n,), np.uint16),
        "node_tokens": Bound(0, words, (n, sizes.tokens), np.uint16),
        "node_value": Bound(-LARGEST, LARGEST, (n,), np.float32),
        "node_known": _binary(n),
        "node_mask": _binary(n),
        "edges": Bound(0, n - 1, (2, e), np.int32),
        "edge_role": Bound(0, len(ROLES) - 1, (e,), np.uint8),
        "edge_position": Bound(0, 255, (e,), np.uint8),
        "edge_mask": _binary(e),
        "hyper_rule": Bound(0, len(RULES) - 1, (h,), np.uint8),
        "hyper_branch": Bound(-1, branches, (h,), np.int16),
        "hyper_mask": _binary(h),
        "hyper_nodes": Bound(0, max(n, h) - 1, (2, m), np.int32),
        "hyper_side": _binary(m),
        "member_mask": _binary(m),
        "candidate_branch": Bound(0, branches, (c,), np.uint16),
        "candidate_points": Bound(-1, n - 1, (c, sizes.points), np.int32),
        "candidate_premises": Bound(-1, n - 1, (c, sizes.premises), np.int32),
        "candidate_tokens": Bound(0, words, (c, sizes.tokens), np.uint16),
        "action_mask": _binary(c),
    }


def padded(
    example: Example, sizes: Sizes, shapes: Mapping[str, Bound]
) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
    """An example in the arrays of ``shapes``; and of what, if anything, how much did not fit."""
    n, c = sizes.nodes, sizes.candidates
    edges = example.edges[:, (example.edges < n).all(axis=0)]
    fits = (example.edges < n).all(axis=0)
    inside = (example.hyper_nodes[0] < sizes.hyperedges) & (example.hyper_nodes[1] < n)
    values = np.nan_to_num(example.node_value, nan=0.0)
    columns: dict[str, NDArray[Any]] = {
        "node_type": example.node_type,
        "node_origin": example.node_origin,
        "node_head": example.node_head,
        "node_tokens": example.node_tokens,
        "node_value": np.clip(values, -LARGEST, LARGEST),
        "node_known": ~np.isnan(example.node_value),
        "node_mask": np.ones(len(example.node_type)),
        "edges": edges,
        "edge_role": example.edge_role[fits],
        "edge_position": np.minimum(example.edge_position[fits], 255),
        "edge_mask": np.ones(edges.shape[1]),
        "hyper_rule": example.hyper_rule,
        "hyper_branch": example.hyper_branch,
        "hyper_mask": np.ones(len(example.hyper_rule)),
        "hyper_nodes": example.hyper_nodes[:, inside],
        "hyper_side": example.hyper_side[inside],
        "member_mask": np.ones(int(inside.sum())),
        "candidate_branch": example.candidate_branch,
        "candidate_points": _matrix(example.candidate_point_nodes, c, sizes.points, n),
        "candidate_premises": _matrix(example.candidate_premise_nodes, c, sizes.premises, n),
        "candidate_tokens": example.candidate_tokens,
        "action_mask": np.ones(len(example.candidate_branch)),
    }
    arrays = {name: _fit(columns[name], bound) for name, bound in shapes.items()}
    counted = {
        "nodes": (len(example.node_type), n),
        "edges": (example.edges.shape[1], sizes.edges),
        "hyperedges": (len(example.hyper_rule), sizes.hyperedges),
        "members": (example.hyper_nodes.shape[1], sizes.members),
        "candidates": (len(example.candidate_branch), c),
        "tokens": (max(example.node_tokens.shape[1], example.candidate_tokens.shape[1]), sizes.tokens),
    }
    return arrays, {name: have - room for name, (have, room) in counted.items() if have > room}


def _binary(count: int) -> Bound:
    return Bound(0, 1, (count,), np.int8, binary=True)


def _matrix(pairs: Ints, rows: int, width: int, nodes: int) -> Ints:
    """Coordinates as a matrix of nodes, -1 where there is none (or none that fits)."""
    matrix = np.full((rows, width), -1, dtype=np.int64)
    of, members = pairs
    first = np.searchsorted(of, of)
    column = np.arange(len(of)) - first
    fits = (of < rows) & (column < width)
    matrix[of[fits], column[fits]] = np.where(members[fits] < nodes, members[fits], -1)
    return matrix


def _fit(array: NDArray[Any], bound: Bound) -> NDArray[Any]:
    """Cut off or fill up with zeros."""
    room = np.zeros(bound.shape, dtype=bound.dtype)
    cut = tuple(slice(0, min(have, size)) for have, size in zip(array.shape, bound.shape, strict=True))
    room[cut] = array[cut]
    return room
