"""The reader's proof: order, folding, references."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fgps.render.reading import read_proof
from fgps.render.show import Shown
from fgps.theory.model import CONSTRUCTIVE

Solved = Callable[[str], Shown]


def test_demo(proof_of: Solved) -> None:
    reading = proof_of("demo.fgl").reading
    assert reading.answer == "40"
    assert [step.kind for step in reading.steps[:2]] == ["given", "given"]
    assert reading.steps[-1].value == "40"
    assert {step.application.theorem for step in reading.derived if step.application is not None} >= {
        "isosceles_triangle_property_angle_equal"
    }


def test_shape(proof_of: Solved, own_problem: str) -> None:
    reading = proof_of(own_problem).reading
    assert [step.number for step in reading.steps] == list(range(1, len(reading.steps) + 1))
    kinds = [step.kind == "given" for step in reading.steps]
    assert kinds == sorted(kinds, reverse=True)
    for step in reading.steps:
        assert all(number < step.number for number in step.references)
        assert all(statement.head not in CONSTRUCTIVE for statement in step.statements)
        assert all(fact.head in CONSTRUCTIVE for fact in step.figure)
        told = {p.number: reading.steps[p.number - 1] for p in step.premises}
        for premise in step.premises:
            source = told[premise.number]
            assert premise.statement in (*source.statements, *source.meanings)
    used = {number for step in reading.steps for number in step.references}
    assert used | {reading.steps[-1].number} == set(range(1, len(reading.steps) + 1))


def test_without_a_proof(proof_of: Solved) -> None:
    problem = proof_of("demo.fgl").reading.problem
    reading = read_proof(problem, None, "out of time")
    assert reading.steps == () and reading.missing == "out of time"


def test_a_statement_that_cannot_be_read_is_an_error(proof_of: Solved) -> None:
    problem = proof_of("demo.fgl").reading.problem
    with pytest.raises(ValueError, match="step 1"):
        read_proof(problem, {"steps": [{"id": 1, "says": "((", "rule": "given"}]})


def test_runs_are_facts_of_the_figure(proof_of: Solved, own_problem: str) -> None:
    reading = proof_of(own_problem).reading
    for run in reading.runs:
        assert [step.number for step in run] == list(range(run[0].number, run[0].number + len(run)))
        assert all(step.kind == "theorem" and not step.references for step in run)
        assert reading.steps[-1] not in run


def test_a_run(long_proof: Shown) -> None:
    assert [len(run) for run in long_proof.reading.runs] == [9]
