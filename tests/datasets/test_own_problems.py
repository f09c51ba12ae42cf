"""The problems that ship with FGPS: each is well laid out, consistent, solvable, and solved as annotated."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from fgps import api
from fgps.batch.compare import agrees, evaluate
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call, ProblemDeclaration, SolutionDeclaration
from fgps.lang.format import format_source
from fgps.lang.parse import parse_file
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.resources import data_folder
from fgps.theory.load import load_theory

OWN = data_folder("datasets/own")
FILES = sorted(OWN.glob("*.fgl"))
#: Seconds in which a solver has to find each answer.  The machine may be busy: most need a fifth of one.
TIMEOUT = 10.0


def _declarations(path: Path) -> tuple[object, ...]:
    return parse_file(path.read_text(encoding="utf-8"), path.name).declarations


PROBLEMS = {d.name: d for f in FILES for d in _declarations(f) if isinstance(d, ProblemDeclaration)}
SOLUTIONS = {d.problem: d for f in FILES for d in _declarations(f) if isinstance(d, SolutionDeclaration)}
every_problem = pytest.mark.parametrize("name", PROBLEMS)


@cache
def built(name: str) -> Problem:
    theory = load_theory("basic").theory
    assert theory is not None
    return build_problem(PROBLEMS[name], theory)


def applications(name: str) -> list[Call]:
    return [step for step in SOLUTIONS[name].steps if isinstance(step, Call)]


def check_answer(outcome: api.Outcome, name: str) -> None:
    """The outcome's value is the annotated one; a proof has none."""
    answer = PROBLEMS[name].answer
    if answer is None:
        goal = built(name).goal
        assert goal is not None and goal.kind in ("relation", "equation")
    else:
        assert agrees(outcome.value, print_term(answer, "infix")) is True, outcome.answer


def test_there_are_enough() -> None:
    levels = {int(dict(problem.meta)["level"]) for problem in PROBLEMS.values()}
    assert len(PROBLEMS) >= 36
    assert levels >= set(range(1, 11))
    assert set(SOLUTIONS) == set(PROBLEMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_parse_and_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert parse_file(text, path.name).diagnostics == ()
    assert format_source(text, path.name) == text


@every_problem
def test_builds_without_a_finding(name: str) -> None:
    problem = PROBLEMS[name]
    assert [d.headline for d in built(name).diagnostics] == []
    assert len(built(name).givens) == len(problem.given), "two givens say the same"
    assert {language for language, _ in problem.texts} == {"en", "zh"}
    assert int(dict(problem.meta)["level"]) == len(SOLUTIONS[name].steps)


@every_problem
def test_the_figure_exists_and_has_the_answer(name: str) -> None:
    """Numeric models know nothing of theorems: an independent check of data and answer."""
    problem = built(name)
    diagram = synthesize(problem, budget=5.0)
    assert diagram.outcome == "exact"
    assert diagram.warnings == ()
    assert problem.goal is not None
    answer = PROBLEMS[name].answer
    if answer is None:
        assert diagram.holds(problem.goal.term) is True
    else:
        value = diagram.determined(problem.goal.term)
        assert value is not None, "the data does not determine the goal"
        assert math.isclose(value, evaluate(answer), rel_tol=1e-6)


@every_problem
def test_the_solution_replays(name: str) -> None:
    outcome = api.replay(built(name), applications(name))
    assert outcome.status == "valid", outcome.message
    check_answer(outcome, name)


@every_problem
def test_every_step_of_the_solution_is_needed(name: str) -> None:
    steps = applications(name)
    for left_out, step in enumerate(steps):
        outcome = api.replay(built(name), steps[:left_out] + steps[left_out + 1 :])
        assert outcome.status == "invalid", f"{print_term(step, 'infix')} is not needed"


@every_problem
def test_the_answer_is_found(name: str) -> None:
    outcome = api.solve(built(name), timeout=TIMEOUT)
    assert outcome.status == "solved", outcome.message
    check_answer(outcome, name)
