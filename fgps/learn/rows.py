"""Traces to rows: one self-contained example for each step (see `fgps.learn.schema`)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]


def rows_of(trace: dict[str, Any], problem: str, digest: str, cap: int, seed: int) -> Iterator[Row]:
    """The rows of one problem from the plain data of its trace, with at most ``cap`` candidates each.

    The candidates of the proof stay; which others do is drawn with ``seed``.
    """
    graph, steps = trace["graph"], trace["steps"]
    draw = random.Random(f"{seed}:{digest}")
    for number, step in enumerate(steps):
        nodes, edges, hyperedges = step["counts"]
        kept = _kept(step, cap, draw)
        place = {old: new for new, old in enumerate(kept)}
        candidates = [step["candidates"][i] for i in kept]
        parts = graph["edges"][:edges]
        values: list[float | None] = [None] * nodes
        for node, value in zip(*step["values"], strict=True):
            values[node] = value
        yield {
            "problem": problem,
            "digest": digest,
            "step": number,
            "steps_left": len(steps) - number,
            "goal_node": trace["goal"],
            "node_type": graph["types"][:nodes],
            "node_origin": graph["origins"][:nodes],
            "node_head": graph["heads"][:nodes],
            "node_value": values,
            "node_text": graph["texts"][:nodes],
            "node_tokens": graph["tokens"][:nodes],
            "edge_part": [edge[0] for edge in parts],
            "edge_whole": [edge[1] for edge in parts],
            "edge_role": [edge[2] for edge in parts],
            "edge_position": [edge[3] for edge in parts],
            "hyper_rule": graph["rules"][:hyperedges],
            "hyper_branch": graph["branches"][:hyperedges],
            "hyper_premises": graph["premises"][:hyperedges],
            "hyper_conclusions": graph["conclusions"][:hyperedges],
            "candidate_branch": [candidate[0] for candidate in candidates],
            "candidate_points": [candidate[1] for candidate in candidates],
            "candidate_premises": [candidate[2] for candidate in candidates],
            "candidate_tokens": [candidate[3] for candidate in candidates],
            "candidates_total": len(step["candidates"]),
            "target": place[step["target"]],
            "useful": [place[i] for i in step["useful"]],
            "hard": step["hard"],
        }


def _kept(step: dict[str, Any], cap: int, draw: random.Random) -> Sequence[int]:
    """The candidates that stay under the cap, in their order."""
    count = len(step["candidates"])
    if count <= cap:
        return range(count)
    chosen = {step["target"], *step["useful"]}
    others = [i for i in range(count) if i not in chosen]
    chosen.update(draw.sample(others, max(0, cap - len(chosen))))
    return sorted(chosen)
