"""Circles listed in another order than their arcs tell."""

from __future__ import annotations

import pytest

from fgps.data.circle_repair import order_by_arcs
from fgps.data.formalgeo import read_problem


@pytest.mark.parametrize(
    ("points", "arcs", "order"),
    [
        ("ABCD", "OAB OBC OCD ODA", None),
        ("ABCD", "OBA OCB ODC OAD", "ADCB"),
        ("ABCD", "OBA OCB ODC", "ADCB"),  # three arcs lead through all points
        ("ABCD", "OAC OCB OBD ODA", "ACBD"),
        ("BCDA", "OAB OBC OCD", None),
        ("ABCD", "OBA OCB", None),  # D may be anywhere
        ("ABCD", "OAB OBA OCD ODC", None),  # two cycles
        ("ABCD", "OAB OAC OCD ODA", None),  # two arcs from A: one of them passes a point
        ("AB", "OBA OAB", None),
        ("ABC", "OXY OBA OYX", None),
        ("", "", None),
    ],
)
def test_order(points: str, arcs: str, order: str | None) -> None:
    found = order_by_arcs(tuple(points), [tuple(arc) for arc in arcs.split()])
    assert found == (None if order is None else tuple(order))


def test_a_circle_listed_clockwise_is_read_as_drawn() -> None:
    raw = {
        "problem_id": 1,
        "construction_cdl": [
            "Shape(OBA,AO,OB)",
            "Shape(OCB,BO,OC)",
            "Shape(OAC,CO,OA)",
            "Cocircular(O,ABC)",
        ],
        "text_cdl": ["Equal(MeasureOfArc(OBA),100)", "Equal(MeasureOfArc(OCB),90)"],
        "image_cdl": [],
        "goal_cdl": "Value(MeasureOfArc(OAC))",
        "problem_answer": "170",
        "theorem_seqs": [],
    }
    read = read_problem(raw)
    assert [str(found.headline) for found in read.diagnostics] == [
        "construction_cdl[3]: Cocircular(O,ABC) was read as Cocircular(O,ACB)"
    ]
