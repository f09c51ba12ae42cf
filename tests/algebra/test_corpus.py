"""Real problems: annotated solutions replayed; every answer exact, with an accepted witness."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from verifying import verify

from fgps.algebra.compile import compile_number
from fgps.algebra.exact import Exact
from fgps.algebra.poly import Poly
from fgps.lang.parse import parse_statement

DATA = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k"
SAMPLE = 120

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data is not beside the checkout"),
]


def test_replayed_answers_and_witnesses() -> None:
    from fgps.api import load
    from fgps.engine.state import State

    paths = sorted((DATA / "problems").glob("*.json"), key=lambda path: int(path.stem))
    reached = tried = 0
    for path in random.Random(17).sample(paths, SAMPLE):
        loaded = load(f"{DATA}#{path.stem}")
        problem = loaded.problem
        if problem is None or problem.goal is None or problem.goal.kind != "value":
            continue
        tried += 1
        state = State(problem)
        for step in loaded.solution_sequence:
            state.apply(step)
        expression = state.equations.term(problem.goal.term)
        assert isinstance(expression, Poly)
        found = state.system.value(expression)
        if found is None:
            continue
        reached += 1
        value, derivation = found
        claim = derivation.problem(expression - Poly.constant(value))
        witness = json.loads(json.dumps(derivation.witness.to_json()))
        assert verify(json.loads(json.dumps(claim)), witness)[:2] == (True, ""), path.stem
        answer = json.loads(path.read_text(encoding="utf-8"))["problem_answer"]
        expected = compile_number(parse_statement(answer))
        assert isinstance(expected, Exact)
        assert value == expected, path.stem
    assert reached >= 0.98 * tried
