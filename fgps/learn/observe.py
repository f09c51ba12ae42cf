"""A position as an example: what a predictor sees while a problem is being solved.

The same ids, numbers and order as in an export, so that what was trained on one works on the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from fgps.learn.arrays import Example, example_of
from fgps.learn.graph import GraphBuilder
from fgps.learn.position import Choice

#: A candidate in ids: branch, points of its parameters, nodes of its premises, words of what it would give.
Spelled = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def spelled(builder: GraphBuilder, choice: Choice) -> Spelled:
    """A choice in the ids of its graph, which must be up to date."""
    application = choice.application
    branch = builder.vocabulary.branch_ids[application.theorem, application.branch]
    points = tuple(builder.points[point] for point in application.points)
    premises = tuple(builder.node(entry) for entry in choice.premises)
    tokens = tuple(token for statement in choice.gives for token in builder.tokens(statement))
    return branch, points, premises, tokens


def observe(builder: GraphBuilder, choices: Sequence[Choice], problem: str = "", step: int = 0) -> Example:
    """The state of a builder with the choices in it; no target, no steps left."""
    graph = builder.update()
    candidates = [spelled(builder, choice) for choice in choices]
    return example_of(
        {
            "problem": problem,
            "step": step,
            "steps_left": 0,
            "goal_node": builder.goal,
            "node_type": graph.types,
            "node_origin": graph.origins,
            "node_head": graph.heads,
            "node_value": builder.values(),
            "node_text": graph.texts,
            "node_tokens": graph.tokens,
            "edge_part": [edge[0] for edge in graph.edges],
            "edge_whole": [edge[1] for edge in graph.edges],
            "edge_role": [edge[2] for edge in graph.edges],
            "edge_position": [edge[3] for edge in graph.edges],
            "hyper_rule": graph.rules,
            "hyper_branch": graph.branches,
            "hyper_premises": graph.premises,
            "hyper_conclusions": graph.conclusions,
            "candidate_branch": [candidate[0] for candidate in candidates],
            "candidate_points": [candidate[1] for candidate in candidates],
            "candidate_premises": [candidate[2] for candidate in candidates],
            "candidate_tokens": [candidate[3] for candidate in candidates],
            "target": -1,
            "useful": [],
        }
    )
