"""Shorter proofs: fewer applications, the same answer, nothing more read off the figure."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from fgps import api
from fgps.data.sources import open_dataset, read_fgl_text
from fgps.diagram.synthesize import synthesize
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.lang.parse import parse_application
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.proof.certificate import certify
from fgps.proof.shorten import applications_of, derive, shorten
from fgps.search.whole import Plan, search_problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

ROOT = Path(__file__).resolve().parents[2]

DETOUR = """problem detour:
    construct Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)
    given MeasureOfAngle(ABC) = 50, MeasureOfAngle(CAB) = 70, MeasureOfAngle(DAB) = 30
    find  MeasureOfAngle(BCA)
"""

LONG_WAY = (
    "triangle_property_angle_sum(1,ABD)",
    "adjacent_complementary_angle(1,BDA,ADC)",
    "angle_addition(1,CAD,DAB)",
    "triangle_property_angle_sum(1,ADC)",
)
SHORT_WAY = "triangle_property_angle_sum(1,ABC)"


@functools.cache
def theory() -> Theory:
    found = load_theory("basic").theory
    assert found is not None
    return found


def problem_of(text: str) -> Problem:
    declaration = read_fgl_text(text).declaration
    assert declaration is not None
    return build_problem(declaration, theory())


def solved(figure: bool = True) -> tuple[State, GoalResult]:
    """The detour taken first; that the short way is known too does not change how the goal was derived."""
    problem = problem_of(DETOUR)
    state = State(problem, synthesize(problem) if figure else None)
    for text in (*LONG_WAY, SHORT_WAY):
        call = parse_application(text)
        assert isinstance(call, Call) and isinstance(state.apply(call), Applied), text
    return state, state.goal()


def test_the_short_way_is_found() -> None:
    state, goal = solved()
    assert len(applications_of(state, goal)) > 1
    shorter, again = shorten(state, goal, longer_than=0)
    assert [str(applied) for applied in applications_of(shorter, again)] == [SHORT_WAY]
    assert again.value == goal.value
    assert certify(shorter, again)[1].kind == "valid"


def test_short_proofs_and_proofs_without_a_figure_stay() -> None:
    state, goal = solved()
    assert shorten(state, goal, longer_than=10) == (state, goal)
    state, goal = solved(figure=False)
    assert shorten(state, goal, longer_than=0) == (state, goal)


def test_no_time_changes_nothing() -> None:
    state, goal = solved()
    assert shorten(state, goal, longer_than=0, seconds=0.0) == (state, goal)


def test_applications_that_are_not_enough_are_refused() -> None:
    state, _ = solved()
    (last,) = [a.application for a in state.applications if str(a.application) == LONG_WAY[3]]
    fresh = derive(state, [last], None)
    assert isinstance(fresh, State) and not fresh.goal().reached


@pytest.mark.parametrize("name", open_dataset(ROOT / "datasets" / "own").ids)
def test_own_problems(name: str) -> None:
    """Never longer, the same answer, at most as much read off the figure, the same each time."""
    loaded = api.load(f"{ROOT / 'datasets' / 'own'}#{name}", theory=theory())
    assert loaded.problem is not None
    found = search_problem(loaded.problem, Plan())
    if not found.result.goal.reached:
        pytest.skip("not solved")
    state, goal = found.state, found.result.goal
    before = applications_of(state, goal)
    shorter, again = shorten(state, goal, longer_than=0)
    after = applications_of(shorter, again)
    assert len(after) <= len(before)
    assert again.value == goal.value
    old, new = certify(state, goal)[1], certify(shorter, again)[1]
    assert new.accepted
    assert old.kind != "valid" or new.kind == "valid"
    assert after == applications_of(*shorten(state, goal, longer_than=0))
