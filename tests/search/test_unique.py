"""Answers that hold in one figure of the data only."""

from __future__ import annotations

from pathlib import Path

from fgps import api

#: The fourth shape is no region: that T lies outside the triangle is lost.
LOOSE = """problem loose:
    construct Shape(PO,OQ,OQP), Shape(OP,PQ,QO), Shape(QP,OPQ), Shape(TP,OPQ), Cocircular(O,PQ)
    given MeasureOfAngle(PQO) = 40, IsCentreOfCircle(O,O), IsTangentOfCircle(TP,O)
    find MeasureOfAngle(QPT)
"""


def test_what_may_be_drawn_otherwise_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "loose.fgl"
    path.write_text(LOOSE, "utf-8")
    loaded = api.load(str(path))
    assert loaded.problem is not None
    assert "bad-arguments" in {diagnostic.code for diagnostic in loaded.problem.diagnostics}
    for seed in range(3):
        outcome = api.solve(loaded.problem, seed=seed)
        assert outcome.status == "saturated" and outcome.answer is None
