"""Guards of a solution: which figure shows them, and what becomes of those that none shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fgps.engine.records import Applied
from fgps.engine.state import State
from fgps.lang.parse import parse_application
from fgps.problem.model import Problem
from fgps.theory.model import Theory
from fgps.verify import Budget, feedback, load_problem, verify
from fgps.verify.figures import Figure

STEP = "adjacent_complementary_angle(1,BCA,ACD)"
GUARD = "MeasureOfAngle(BCA) < 180"
EXTERIOR = "construct Shape(AB,BC,CA), Shape(AC,CD), Collinear(BCD)"
SIDES = "LengthOfLine(AB) = 1, LengthOfLine(BC) = 1, LengthOfLine(CA) = 5"


Read = Callable[..., Problem]


@pytest.fixture
def read(theory: Theory) -> Read:
    """A problem from the text of its statements."""

    def build(*lines: str) -> Problem:
        found = load_problem("problem own:\n" + "".join(f"    {line}\n" for line in lines), theory)
        assert found.problem is not None, found.diagnostics
        return found.problem

    return build


@pytest.mark.parametrize("certify", [False, True])
def test_the_figure_of_all_data(read: Read, certify: bool) -> None:
    report = verify(
        read(EXTERIOR, "given MeasureOfAngle(BCA) = 50", "find MeasureOfAngle(ACD)"),
        STEP,
        Budget(certify=certify),
    )
    assert report.accepted and report.derived == "130"
    assert (report.in_figure, report.assumed, report.part) == ((GUARD,), (), ())


@pytest.mark.parametrize("certify", [False, True])
def test_data_that_clash_where_the_proof_needs_none_of_it(read: Read, certify: bool) -> None:
    """No triangle has these sides, but the proof rests on the angle alone: its figure shows the guard."""
    problem = read(EXTERIOR, f"given MeasureOfAngle(BCA) = 50, {SIDES}", "find MeasureOfAngle(ACD)")
    report = verify(problem, STEP, Budget(certify=certify))
    assert Figure(problem).contradicted and report.accepted
    assert (report.in_figure, report.assumed) == ((GUARD,), ())
    assert report.part == ("MeasureOfAngle(BCA) = 50",)
    assert report.checker == ("valid in the diagram" if certify else "")


def test_a_proof_from_data_that_clash_is_not_accepted(read: Read) -> None:
    """Angles of 160 and 80 degrees in one triangle: no figure shows the guard of the proof."""
    given = "given MeasureOfAngle(BCA) = 2 * x, MeasureOfAngle(ACD) = 20, MeasureOfAngle(ABC) = x"
    report = verify(read(EXTERIOR, given, "find MeasureOfAngle(ABC) + x"), STEP)
    assert (report.verdict, report.accepted, report.reached) == ("unconfirmed", False, True)
    assert (report.in_figure, report.assumed, report.part) == ((), (GUARD,), ())
    assert report.score < 1.0
    assert GUARD in feedback(report, 1) and GUARD not in feedback(report, 0)


def test_a_guard_beside_the_proof_is_listed(read: Read) -> None:
    """A step that the proof does not need may rest on data that clash."""
    problem = read(EXTERIOR, f"given {SIDES}, MeasureOfAngle(BCA) = 50", "find LengthOfLine(AB) * 2")
    report = verify(problem, STEP)
    assert report.accepted and report.derived == "2"
    assert (report.in_figure, report.assumed, report.part) == ((), (GUARD,), ())


def test_the_branch_whose_guard_holds(read: Read) -> None:
    """The radius lies on the other side of the tangent than the branch says: the other one is meant."""
    problem = read(
        "construct Shape(OA,AP,PB,BO), Shape(PA,AO), Cocircular(O,AB)",
        "given IsCentreOfCircle(O,O), IsTangentOfCircle(PA,O), MeasureOfAngle(BOA) = 100",
        "find MeasureOfAngle(OAP)",
    )
    written = "tangent_of_circle_property_perpendicular(2,PA,O,O)"
    call = parse_application(written)
    assert isinstance(State(problem).apply(call), Applied)  # type: ignore[arg-type]
    report = verify(problem, written)
    assert report.accepted and report.derived == "90"
    assert report.steps[0].repairs == ("branch: branch 2 does not apply; branch 1 does",)
