"""Models for drawing: where a problem leaves its figure some freedom, the most readable of several."""

from __future__ import annotations

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.problem.model import Problem
from fgps.render.figure.pose import pose_of, spread, tidied

#: Models of one try, further tries, and the step between their seeds.
_MODELS = 6
_TRIES = 4
_STRIDE = 1009


def readable_diagram(problem: Problem, seed: int = 0, budget: float = 10.0) -> Diagram:
    """Models of a problem of which at least one is well spread.

    Deterministic for a seed, unless the ``budget`` in seconds for each try cuts it short.
    """
    best = synthesize(problem, seed=seed, models=_MODELS, budget=budget)
    scores = _scores(problem, best)
    if best.outcome != "exact" or not scores or max(scores) - min(scores) < 1e-3:
        return best
    top = max(scores)
    for k in range(1, _TRIES):
        other = synthesize(problem, seed=seed + _STRIDE * k, models=_MODELS, budget=budget)
        score = max(_scores(problem, other), default=top)
        if other.outcome == "exact" and score > top + 1e-6:
            best, top = other, score
    return best


def _scores(problem: Problem, diagram: Diagram) -> list[float]:
    poses = [tidied(problem, diagram, k, pose_of(problem, diagram, k)) for k in range(diagram.count)]
    return [spread(pose) for pose in poses]
