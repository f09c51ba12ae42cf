"""Candidates that wait until the goal names those that it needs."""

from __future__ import annotations

from pathlib import Path

from fgps import api
from fgps.problem.model import Problem

FIGURE = """problem fan:
    construct Shape(AB,BC,CA), Collinear(BDC), Collinear(BEC), Collinear(BDEC)
    construct Shape(AB,BD,DA), Shape(AD,DE,EA), Shape(AE,EC,CA)
    given MeasureOfAngle(ABD) = 50, MeasureOfAngle(DAB) = 30
    find MeasureOfAngle(BDA)
"""


def problem(folder: Path) -> Problem:
    path = folder / "fan.fgl"
    path.write_text(FIGURE, "utf-8")
    loaded = api.load(str(path))
    assert loaded.problem is not None, loaded.diagnostics
    return loaded.problem


def test_only_what_the_goal_needs_is_applied(tmp_path: Path) -> None:
    fan = problem(tmp_path)
    quick = api.solve(fan, longer_than=10**6)
    thorough = api.solve(fan, longer_than=10**6, thorough=True)
    assert quick.answer == thorough.answer == "100"
    assert quick.verdict == thorough.verdict == "valid"
    applied = [step.rule for step in quick.steps if "(" in step.rule]
    assert len(applied) == 1 and quick.nodes < thorough.nodes / 5
