"""Searches: what they find, and how they end."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from fgps import api
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import ProblemDeclaration
from fgps.lang.parse import parse_file
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.search.contradiction import consistent_parts
from fgps.search.whole import clash_message
from fgps.theory.load import load_theory

SIMILAR = """
problem similar:
    construct Shape(AD,DE,EA), Shape(DB,BC,CE,ED), Collinear(ADB), Collinear(AEC)
    given ParallelBetweenLine(DE,BC), LengthOfLine(AD) = 3, LengthOfLine(DB) = 6, LengthOfLine(DE) = 4
    find  LengthOfLine(BC)
    answer 12
"""

#: x * (6 - x) = 8, and both roots give a triangle.
TWO_FIGURES = """
problem two_figures:
    construct Shape(AB,BC,CA)
    given PerpendicularBetweenLine(AB,CB), LengthOfLine(AB) = x, LengthOfLine(BC) = 6 - x
    given AreaOfTriangle(ABC) = 4
    find  x
"""

#: ``(10 - x)(5 + x) = 5(10 + x)`` is ``x**2 = 0``: the figure comes near its place slowly.
DOUBLE_ROOT = """
problem double_root:
    construct Shape(AO,OC,CA), Shape(BO,OD,DB), Collinear(AOB), Collinear(COD)
    given LengthOfLine(AO) = 10 - x, LengthOfLine(BO) = 10 + x
    given LengthOfLine(CO) = 5, LengthOfLine(DO) = 5 + x, ParallelBetweenLine(CA,BD)
    find  LengthOfLine(OD)
"""

#: The lengths hold only with D on the other side of B; the angles have nothing to do with them.
OTHER_ORDER = """
problem other_order:
    construct Shape(AB,BC,CA), Shape(AC,CD,DA), Collinear(BCD)
    given LengthOfLine(BC) = 3, LengthOfLine(CD) = 4, LengthOfLine(BD) = 1
    given MeasureOfAngle(ABC) = 40, MeasureOfAngle(CAB) = 60
    find  MeasureOfAngle(BCA)
"""

CONTRADICTION = """
problem contradiction:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 60, MeasureOfAngle(BCA) = 70, MeasureOfAngle(CAB) = 70
    find  MeasureOfAngle(ABC)
"""

NOT_ENOUGH = """
problem not_enough:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 60
    find  MeasureOfAngle(BCA)
"""

TO_PROVE = """
problem to_prove:
    construct Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)
    given LengthOfLine(AB) = LengthOfLine(AC), IsBisectorOfAngle(AD,CAB)
    find  Relation(PerpendicularBetweenLine(BD,AD))
"""


def problem_of(text: str) -> Problem:
    theory = load_theory("basic").theory
    assert theory is not None
    declaration = parse_file(text, "test").declarations[0]
    assert isinstance(declaration, ProblemDeclaration)
    problem = build_problem(declaration, theory)
    assert problem.valid, problem.diagnostics
    return problem


@pytest.mark.parametrize("method", ["auto", "forward", "backward"])
def test_each_method_finds_the_value(method: str) -> None:
    outcome = api.solve(problem_of(SIMILAR), method)
    assert (outcome.status, outcome.answer) == ("solved", "12")


@pytest.mark.parametrize("method", ["forward", "backward"])
@pytest.mark.parametrize("strategy", ["bfs", "dfs", "random", "beam"])
def test_strategies_give_no_wrong_answer(method: str, strategy: str) -> None:
    outcome = api.solve(problem_of(SIMILAR), method, strategy, seed=3)
    assert outcome.status in ("solved", "saturated")
    assert outcome.answer in (None, "12")


def test_an_unknown_method_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="unknown method"):
        api.solve(problem_of(SIMILAR), "sideways")


def test_a_relation_is_proved() -> None:
    outcome = api.solve(problem_of(TO_PROVE))
    assert outcome.status == "solved"
    assert outcome.steps


def test_two_figures_give_no_answer() -> None:
    outcome = api.solve(problem_of(TWO_FIGURES))
    assert outcome.status == "saturated"
    assert outcome.answer is None
    assert "does not settle" in outcome.message


def test_parts_of_data_that_no_statement_is_seen_to_spoil() -> None:
    problem = problem_of(OTHER_ORDER)
    seen = synthesize(problem)
    assert seen.outcome == "inconsistent" and api.solve(problem).answer == "80"
    parts = list(consistent_parts(problem, replace(seen, clashes=()), seed=0))
    missing = [given for part, _ in parts for given in problem.givens if given not in part.givens]
    assert [print_term(given.term, "infix") for given in missing] == ["LengthOfLine(BD) = 1"]
    assert all(figure.outcome == "exact" for _, figure in parts)
    assert clash_message(replace(seen, clashes=(), warnings=("A and B coincide",))).endswith("coincide")


def test_a_double_root_is_found() -> None:
    outcome = api.solve(problem_of(DOUBLE_ROOT))
    assert outcome.status == "solved" and outcome.answer == "5"
    assert outcome.verdict in ("valid", "valid in the diagram")


def test_contradictory_data_is_inconsistent() -> None:
    outcome = api.solve(problem_of(CONTRADICTION))
    assert outcome.status == "inconsistent"
    assert "MeasureOfAngle" in outcome.message


def test_too_little_data_ends_saturated() -> None:
    outcome = api.solve(problem_of(NOT_ENOUGH))
    assert outcome.status == "saturated"
    assert outcome.answer is None


def test_the_budget_is_kept() -> None:
    outcome = api.solve(problem_of(NOT_ENOUGH), timeout=0.0)
    assert outcome.status in ("timeout", "saturated")


def test_the_annotated_answer_is_not_read() -> None:
    wrong = SIMILAR.replace("answer 12", "answer 13")
    assert api.solve(problem_of(wrong)).answer == "12"


def test_proofs_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "from fgps import api\n"
        "loaded = api.load('datasets/own/demo.fgl')\n"
        "steps = api.solve(loaded.problem).steps\n"
        "print(*(f'{s.number} {s.rule} {s.premises} {s.conclusions}' for s in steps), sep='|')"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1
    assert "algebra" in outputs.pop()


TWO_VALUES = """
problem two_values:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 60, MeasureOfAngle(BCA) = 70, MeasureOfAngle(CAB) = 80
    find  MeasureOfAngle(ABC) + MeasureOfAngle(BCA)
"""

ONE_VALUE = """
problem one_value:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 60, MeasureOfAngle(BCA) = 70, LengthOfLine(AB) = 5, LengthOfLine(BC) = 9
    find  MeasureOfAngle(CAB)
"""


def test_contradictory_data_gives_what_its_consistent_parts_agree_on() -> None:
    assert api.solve(problem_of(ONE_VALUE)).answer == "50"


def test_a_construction_at_fault_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that share two points may be misread: no given is at fault then."""
    twice = OTHER_ORDER.replace("Collinear(BCD)", "Collinear(BCD), Collinear(CDE)")
    outcome = api.solve(problem_of(twice))
    assert (outcome.status, outcome.answer) == ("inconsistent", None)
    monkeypatch.setattr("fgps.search.whole.lines_meet_twice", lambda _: False)
    assert api.solve(problem_of(twice)).answer == "80"


def test_contradictory_data_gives_no_answer_on_which_its_parts_differ() -> None:
    outcome = api.solve(problem_of(TWO_VALUES))
    assert outcome.status == "inconsistent" and outcome.answer is None
