"""An example as numpy arrays, and batches of them, ready for any framework (``torch.from_numpy``).

Sparse relations are in coordinate form: two rows of indices.  Nothing is padded but the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fgps.learn.vocabulary import PAD, Vocabulary

Ints = NDArray[np.int64]
#: What a member of a hyperedge or candidate is to it.
PREMISE, CONCLUSION = 0, 1
#: Arrays that hold nodes or candidates, with what a batch adds to them.
_NODES: Final = ("edges", "hyper_nodes", "candidate_point_nodes", "candidate_premise_nodes")


@dataclass(frozen=True, slots=True)
class Example:
    """One example; ``n`` nodes, ``e`` edges, ``h`` hyperedges, ``c`` candidates.

    ``node_type node_origin node_head``: (n,) ids of the vocabulary; ``node_tokens``: (n, t), padded with 0;
    ``node_value``: (n,) float64, NaN where no value is known.
    ``edges``: (2, e) part and whole; ``edge_role edge_position``: (e,).
    ``hyper_rule hyper_branch``: (h,); ``hyper_nodes``: (2, m) hyperedge and node, ``hyper_side``: (m,)
    0 premise, 1 conclusion.
    ``candidate_branch``: (c,); ``candidate_point_nodes`` and ``candidate_premise_nodes``: (2, k) candidate
    and node, in the order of the theorem; ``candidate_tokens``: (c, u), padded with 0.
    ``useful``: (c,) bool, what the rest of the proof uses.  ``target`` is -1 where no proof is known.
    ``texts`` are the nodes in words.
    """

    problem: str
    step: int
    steps_left: int
    goal_node: int
    node_type: Ints
    node_origin: Ints
    node_head: Ints
    node_tokens: Ints
    node_value: NDArray[np.float64]
    edges: Ints
    edge_role: Ints
    edge_position: Ints
    hyper_rule: Ints
    hyper_branch: Ints
    hyper_nodes: Ints
    hyper_side: Ints
    candidate_branch: Ints
    candidate_point_nodes: Ints
    candidate_premise_nodes: Ints
    candidate_tokens: Ints
    useful: NDArray[np.bool_]
    target: int
    texts: tuple[str, ...]

    def points(self, candidate: int) -> tuple[str, ...]:
        """The points of a candidate's parameters, by name."""
        of, nodes = self.candidate_point_nodes
        return tuple(self.texts[node][6:-1] for node in nodes[of == candidate])

    def application(self, candidate: int, vocabulary: Vocabulary) -> str:
        """A candidate as ``name(branch,ABC,...)``."""
        return vocabulary.application(int(self.candidate_branch[candidate]), self.points(candidate))


def example_of(row: Mapping[str, Any]) -> Example:
    """A row of the table (or of `fgps.learn.rows`) as arrays."""
    members = [row["hyper_premises"], row["hyper_conclusions"]]
    sides = [_pairs(lists) for lists in members]
    count = len(row["candidate_branch"])
    useful = np.zeros(count, dtype=np.bool_)
    useful[row["useful"]] = True
    values = [np.nan if value is None else value for value in row["node_value"]]
    return Example(
        problem=row["problem"],
        step=row["step"],
        steps_left=row["steps_left"],
        goal_node=row["goal_node"],
        node_type=_ints(row["node_type"]),
        node_origin=_ints(row["node_origin"]),
        node_head=_ints(row["node_head"]),
        node_tokens=_padded(row["node_tokens"]),
        node_value=np.array(values, dtype=np.float64),
        edges=np.stack([_ints(row["edge_part"]), _ints(row["edge_whole"])]),
        edge_role=_ints(row["edge_role"]),
        edge_position=_ints(row["edge_position"]),
        hyper_rule=_ints(row["hyper_rule"]),
        hyper_branch=_ints(row["hyper_branch"]),
        hyper_nodes=np.concatenate(sides, axis=1),
        hyper_side=np.repeat(_ints([PREMISE, CONCLUSION]), [side.shape[1] for side in sides]),
        candidate_branch=_ints(row["candidate_branch"]),
        candidate_point_nodes=_pairs(row["candidate_points"]),
        candidate_premise_nodes=_pairs(row["candidate_premises"]),
        candidate_tokens=_padded(row["candidate_tokens"]),
        useful=useful,
        target=row["target"],
        texts=tuple(row["node_text"]),
    )


def collate(examples: Sequence[Example]) -> dict[str, NDArray[Any]]:
    """Several examples as one disjoint graph.

    Arrays are joined, indices shifted; ``node_example``, ``hyper_example`` and ``candidate_example`` say
    which example each belongs to, ``target`` and ``goal_node`` are indices into the whole.
    """
    nodes = _offsets([len(x.node_type) for x in examples])
    hyperedges = _offsets([len(x.hyper_rule) for x in examples])
    candidates = _offsets([len(x.candidate_branch) for x in examples])
    plain = (
        "node_type",
        "node_origin",
        "node_head",
        "node_value",
        "edge_role",
        "edge_position",
        "hyper_rule",
        "hyper_branch",
        "hyper_side",
        "candidate_branch",
        "useful",
    )
    batch: dict[str, NDArray[Any]] = {
        name: np.concatenate([getattr(example, name) for example in examples]) for name in plain
    }
    firsts = {"edges": nodes, "hyper_nodes": hyperedges}
    for name in _NODES:
        first = firsts.get(name, candidates)
        shifts = [np.array([[first[i]], [nodes[i]]]) for i in range(len(examples))]
        parts = [getattr(example, name) + shifts[i] for i, example in enumerate(examples)]
        batch[name] = np.concatenate(parts, axis=1)
    for name in ("node_tokens", "candidate_tokens"):
        arrays = [getattr(example, name) for example in examples]
        width = max(array.shape[1] for array in arrays)
        wide = [np.pad(a, ((0, 0), (0, width - a.shape[1])), constant_values=PAD) for a in arrays]
        batch[name] = np.concatenate(wide)
    for name, firsts_of, parts_of in (
        ("node_example", nodes, "node_type"),
        ("hyper_example", hyperedges, "hyper_rule"),
        ("candidate_example", candidates, "candidate_branch"),
    ):
        counts = [len(getattr(example, parts_of)) for example in examples]
        batch[name] = np.repeat(np.arange(len(firsts_of)), counts)
    batch["goal_node"] = np.array([x.goal_node for x in examples]) + nodes
    targets = np.array([example.target for example in examples])
    batch["target"] = np.where(targets < 0, -1, targets + candidates)
    batch["steps_left"] = np.array([example.steps_left for example in examples])
    return batch


def _offsets(counts: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _pairs(lists: Sequence[Sequence[int]]) -> Ints:
    """Lists as coordinates: (which list, which member)."""
    counts = [len(members) for members in lists]
    members = np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=sum(counts))
    return np.stack([np.repeat(np.arange(len(lists), dtype=np.int64), counts), members])


def _padded(lists: Sequence[Sequence[int]]) -> Ints:
    width = max(map(len, lists), default=0)
    array = np.full((len(lists), width), PAD, dtype=np.int64)
    for i, members in enumerate(lists):
        array[i, : len(members)] = members
    return array
