"""The algebra worked out: every line is true in the figure, and the last one says what the step says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fgps.diagram.model import Diagram
from fgps.lang.ast import Term, Text
from fgps.render.reading import Reading, Step
from fgps.render.show import Shown
from fgps.render.working import work_out

Solved = Callable[[str], Shown]


RATIO = """problem ratio:
    construct Shape(AM,MC,CA), Shape(MB,BC,CM), Collinear(AMB)
    given IsMidpointOfLine(M,AB)
    find  Div(LengthOfLine(AM),LengthOfLine(AB))
"""
RIGHT = """problem right:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 90, MeasureOfAngle(BCA) = 35, LengthOfLine(AB) = 6
    find  LengthOfLine(CA)
"""


def values(diagram: Diagram, chain: tuple[Term, ...]) -> list[float]:
    """The terms of a chain in the first model."""
    found = [diagram.value(term) for term in chain if not isinstance(term, Text)]
    return [float(value[0]) for value in found if value is not None]


def test_lines_are_true(proof_of: Solved, own_problem: str) -> None:
    shown = proof_of(own_problem)
    diagram = shown.figure_models()
    if diagram is None or diagram.outcome != "exact":
        return
    for step in shown.reading.steps:
        for line in work_out(shown.reading.problem, step, diagram):
            for chain in (line.chain, line.result):
                numbers = values(diagram, chain)
                assert not numbers or np.allclose(numbers, numbers[0], rtol=1e-6, atol=1e-6), (step, chain)


def test_lines_reach_the_claim(proof_of: Solved, own_problem: str) -> None:
    shown = proof_of(own_problem)
    for step in shown.reading.steps:
        if step.kind != "algebra" or not step.premises:
            continue
        lines = work_out(shown.reading.problem, step, shown.figure_models())
        assert lines, (own_problem, step.number)
        said = {term for line in lines for term in (*line.chain, *line.result)}
        claim = step.statements[0]
        assert claim.args[0] in said, (own_problem, step.number)


def test_references_are_premises(proof_of: Solved, own_problem: str) -> None:
    shown = proof_of(own_problem)
    for step in shown.reading.steps:
        for line in work_out(shown.reading.problem, step, shown.figure_models()):
            assert set(line.references) <= set(step.references)


def last_algebra(reading: Reading) -> Step:
    return next(step for step in reversed(reading.steps) if step.kind == "algebra")


def test_other_steps_have_no_lines(proof_of: Solved) -> None:
    reading = proof_of("demo.fgl").reading
    assert work_out(reading.problem, reading.steps[0]) == ()
    assert len(work_out(reading.problem, last_algebra(reading))) == 3


def test_a_ratio_of_unknown_lengths(proof_of_text: Solved) -> None:
    text = proof_of_text(RATIO).to("text")
    assert "AM/AB = MB/(2MB) = 1/2" in text


def test_numbers_are_short_and_about(proof_of_text: Solved) -> None:
    text = proof_of_text(RIGHT).to("text")
    assert "AC = 6/sin 35° (about 10.4607)." in text or "CA = 6/sin 35° (about 10.4607)." in text
