"""What the checker would read off a diagram."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fgps
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.problem.model import Problem
from fgps.proof.figure import accepted_models, shown

DEMO = str(Path(__file__).resolve().parents[2] / "datasets" / "own" / "demo.fgl")


def _guard(text: str) -> Call:
    found = parse_statement(text)
    assert isinstance(found, Call)
    return found


def _demo() -> Problem:
    problem = fgps.load(DEMO).problem
    assert problem is not None
    return problem


def test_models_of_the_problem_show_guards() -> None:
    problem = _demo()
    diagram = synthesize(problem, seed=0)
    places = accepted_models(problem, diagram)
    assert places == tuple((k, "1.000e-08") for k in range(diagram.count))
    true, false = _guard("MeasureOfAngle(ABC) < 180"), _guard("MeasureOfAngle(ABC) < 10")
    strange = _guard("MeasureOfAngle(AXC) < 180")
    assert shown(problem.theory, diagram, places, [true, false, strange]) == {true}
    assert shown(problem.theory, diagram, (), [true]) == set()


def test_a_mirror_image_is_no_figure_of_the_problem() -> None:
    problem = _demo()
    diagram = synthesize(problem, seed=0)
    assert accepted_models(problem, replace(diagram, coordinates=diagram.coordinates * [-1.0, 1.0])) == ()


def test_a_figure_of_other_data_is_none_of_the_problem() -> None:
    problem = _demo()
    diagram = synthesize(replace(problem, givens=problem.givens[:1]), seed=0)
    assert any(diagram.holds(given.term) is False for given in problem.givens)
    assert accepted_models(problem, diagram) == ()
