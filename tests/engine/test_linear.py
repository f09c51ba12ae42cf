"""Linear conclusions of theorem branches."""

from __future__ import annotations

import pytest

from fgps.engine.linear import linear_conclusions
from fgps.lang.ast import Branch, Call
from fgps.lang.parse import parse_statement

INDEX = {"A": 0, "B": 1, "C": 2, "D": 3}


def branch(*conclusions: str) -> Branch:
    statements = [parse_statement(text) for text in conclusions]
    assert all(isinstance(statement, Call) for statement in statements)
    return Branch(1, (), (), tuple(s for s in statements if isinstance(s, Call)))


def test_parts_have_factor_attribute_and_registers() -> None:
    found = linear_conclusions(
        branch("LengthOfLine(AB) = 2 * LengthOfLine(CD) + 180 - LengthOfLine(AC) / 4"), INDEX
    )
    assert found is not None and len(found) == 1
    assert found[0].parts == (
        (1.0, "LengthOfLine", (0, 1)),
        (-2.0, "LengthOfLine", (2, 3)),
        (0.25, "LengthOfLine", (0, 2)),
    )


def test_all_conclusions_count() -> None:
    both = linear_conclusions(branch("LengthOfLine(AB) = LengthOfLine(CD)", "LengthOfLine(AC) = 1"), INDEX)
    assert both is not None and [len(form.parts) for form in both] == [2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Collinear(ABC)",
        "LengthOfLine(AB) * LengthOfLine(CD) = 4",
        "LengthOfLine(AB) ** 2 = 4",
        "LengthOfLine(AB) = x",
        "Sin(MeasureOfAngle(ABC)) = 1 / 2",
    ],
)
def test_nothing_else_is_linear(text: str) -> None:
    assert linear_conclusions(branch(text), INDEX) is None
    assert linear_conclusions(branch("LengthOfLine(AB) = 1", text), INDEX) is None
