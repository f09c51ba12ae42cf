"""Verdicts, explanations, scores and receipts on small problems."""

from __future__ import annotations

import itertools

import pytest
from own_problems import ISOSCELES_STEPS, SIMILAR_STEPS

from fgps.problem.model import Problem
from fgps.verify import Budget, Report, feedback, verify


def verdicts(report: Report) -> list[str]:
    return [step.verdict for step in report.steps]


def test_a_right_solution(similar: Problem) -> None:
    report = verify(similar, [*SIMILAR_STEPS, "answer: 12"])
    assert (report.verdict, report.accepted, report.derived, report.agrees) == ("proved", True, "12", True)
    assert verdicts(report) == ["ok"] * 5
    assert report.score == 1.0 and report.redundancy == 0.0
    assert feedback(report, 1) == "The solution is right."


def test_the_checker_confirms(similar: Problem) -> None:
    report = verify(similar, SIMILAR_STEPS, Budget(certify=True))
    assert report.accepted and report.checker in ("valid", "valid in the diagram")


def test_a_wrong_answer_scores_nothing(similar: Problem) -> None:
    report = verify(similar, [*SIMILAR_STEPS, "answer: 13"])
    assert (report.verdict, report.accepted, report.agrees, report.score) == (
        "wrong-answer",
        False,
        False,
        0.0,
    )


@pytest.mark.parametrize("answer", ["12", "12.0", "24/2", "sqrt(144)"])
def test_answers_that_are_equal(similar: Problem, answer: str) -> None:
    assert verify(similar, [*SIMILAR_STEPS, f"answer: {answer}"]).agrees is True


def test_what_is_asked_for_is_no_answer(similar: Problem) -> None:
    for answer in ("BC", "LengthOfLine(BC)", "x"):
        report = verify(similar, [*SIMILAR_STEPS, f"answer: {answer}"])
        assert report.agrees is False and not report.accepted


def test_a_guess_proves_nothing(similar: Problem) -> None:
    report = verify(similar, "answer: 12")
    assert not report.accepted and report.agrees is None
    assert verify(similar, "answer: 11").agrees is False


@pytest.mark.parametrize("left_out", range(5))
def test_a_missing_step_is_named(similar: Problem, left_out: int) -> None:
    steps = SIMILAR_STEPS[:left_out] + SIMILAR_STEPS[left_out + 1 :]
    report = verify(similar, steps)
    assert not report.accepted and not report.reached
    bad = [step for step in report.steps if not step.good]
    inserted = [s.steps for step in bad for s in step.suggestions if s.kind == "insert"]
    inserted += [suggestion.steps for suggestion in report.suggestions]
    if bad:
        assert report.verdict == "wrong" and bad[0].verdict == "premise-missing" and bad[0].holds
    assert inserted, "no missing step was found"
    # What is suggested mends the solution.
    first = bad[0].number - 1 if bad else len(steps)
    assert verify(similar, [*steps[:first], *inserted[0], *steps[first:]]).reached


def test_other_errors_are_found_in_the_same_pass(similar: Problem) -> None:
    steps = [
        "no_such_theorem(1,ABC)",
        SIMILAR_STEPS[0],
        "line_addition(1,AD)",
        "MeasureOfAngle(",
        SIMILAR_STEPS[1],
        "similar_triangle_judgment_aa(1,EAD,CBA)",
        "LengthOfLine(BC) = 11",
        "claim LengthOfLine(DE) = LengthOfLine(AD) by algebra",
        *SIMILAR_STEPS[2:],
        SIMILAR_STEPS[0],
    ]
    report = verify(similar, steps)
    assert verdicts(report) == [
        "unknown-theorem", "ok", "bad-arguments", "syntax", "ok", "premise-missing", "false-in-diagram",
        "false-in-diagram", "ok", "ok", "ok", "redundant",
    ]  # fmt: skip
    assert (report.verdict, report.reached, report.accepted, report.first_bad) == ("reached", True, False, 1)
    assert 0.5 < report.score < 0.9
    assert len(feedback(report, 1).splitlines()) == 1 + 6


def test_the_order_that_works(isosceles: Problem) -> None:
    report = verify(isosceles, ["isosceles_triangle_judgment_line_equal(1,BCA)"])
    (step,) = report.steps
    assert step.verdict == "premise-missing" and step.holds is False
    assert "isosceles_triangle_judgment_line_equal(1,ABC)" in [s for x in step.suggestions for s in x.steps]


def test_near_names(isosceles: Problem) -> None:
    for wrong in ("isosceles_triangle_judgement_line_equal(1,ABC)", "triangle_angle_sum(1,ABC)"):
        (step,) = verify(isosceles, [wrong]).steps
        names = [name for suggestion in step.suggestions for name in suggestion.steps]
        assert step.verdict == "unknown-theorem"
        assert {"isosceles_triangle_judgment_line_equal", "triangle_property_angle_sum"} & set(names)


def test_a_wrong_branch_is_repaired(isosceles: Problem) -> None:
    steps = [ISOSCELES_STEPS[0].replace("(1", "(4"), *ISOSCELES_STEPS[1:]]
    report = verify(isosceles, steps)
    assert report.accepted
    assert any(repair.startswith("branch:") for repair in report.steps[0].repairs)


def test_claims_without_reasons(isosceles: Problem) -> None:
    report = verify(isosceles, "IsoscelesTriangle(ABC)\n∠BCA = 70°\n∠CAB = 40°")
    assert report.accepted, report
    assert report.form == "claims"
    assert any(step.reason for step in report.steps)


def test_claims_with_reasons(isosceles: Problem) -> None:
    report = verify(
        isosceles,
        """solution of isosceles:
    isosceles_triangle_judgment_line_equal(1,ABC)
    claim MeasureOfAngle(ABC) = MeasureOfAngle(BCA) by isosceles_triangle_property_angle_equal(1,ABC)
    claim MeasureOfAngle(BCA) = 70 by adjacent_complementary_angle(1,BCA,ACD)
    triangle_property_angle_sum(1,ABC)
    claim MeasureOfAngle(CAB) = 40 by algebra
""",
    )
    assert report.accepted and report.form == "mixed"
    wrong = verify(isosceles, "claim ∠BCA = ∠CAB by triangle_property_angle_sum(1,ABC)")
    assert verdicts(wrong) == ["false-in-diagram"]
    early = verify(isosceles, "claim ∠ABC = 70 by triangle_property_angle_sum(1,ABC)")
    assert verdicts(early) == ["not-derivable"] and early.steps[0].holds is True


def test_form_is_kept_apart_from_mathematics(isosceles: Problem) -> None:
    line = "1; isosceles_triangle_judgment_line_equal(1,ABC); {}; [IsoscelesTriangle(ABC)]"
    for premises in ("AB=AC", "LengthOfLine(CA)=LengthOfLine(BA) & Polygon(BCA)", "", "nonsense?"):
        report = verify(isosceles, line.format(premises))
        assert verdicts(report) == ["ok"], premises
    false = verify(isosceles, line.format("AB=BC"))
    assert verdicts(false) == ["premise-missing"]


def test_unneeded_steps_are_told(isosceles: Problem) -> None:
    report = verify(isosceles, [*ISOSCELES_STEPS, "sine_theorem(1,ABC)"])
    assert report.accepted and report.steps[-1].used is False
    assert report.redundancy == pytest.approx(0.2) and report.score == pytest.approx(0.98)


def test_nothing_in_a_solution_alters_the_problem(isosceles: Problem) -> None:
    text = """problem isosceles:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(CAB) = 40
    find MeasureOfAngle(CAB)
"""
    report = verify(isosceles, text)
    assert not report.accepted and not report.reached


def test_the_solution_of_another_problem(similar: Problem, isosceles: Problem) -> None:
    for problem, steps in ((similar, ISOSCELES_STEPS), (isosceles, SIMILAR_STEPS)):
        assert not verify(problem, steps).reached


def test_receipts_are_the_same_bytes(similar: Problem, isosceles: Problem) -> None:
    for problem, steps in itertools.product((similar, isosceles), (SIMILAR_STEPS, ISOSCELES_STEPS)):
        first = verify(problem, steps)
        assert first.receipt() == verify(problem, steps).receipt()
        assert {name for name, _ in first.digests} == {"problem", "theory", "solution"}


def test_no_time_no_verdict(similar: Problem) -> None:
    report = verify(similar, SIMILAR_STEPS, Budget(seconds=0.0))
    assert report.verdict == "timeout" and not report.accepted
    assert set(verdicts(report)) == {"unchecked"}


@pytest.mark.parametrize(
    "text",
    [
        "LengthOfLine(BC) = 2**99999999",
        "LengthOfLine(BC)**400 = 7",
        "LengthOfLine(BC) = 1/0",
        "1/(x-x) = LengthOfLine(BC)",
        "LengthOfLine(BC) = tan(90)",
        "Equal(LengthOfLine(BC))",
        "LengthOfLine(ABC) = 4",
        "LengthOfLine(QZ) = 4",
        "SimilarBetweenTriangle(ABC)",
        "Collinear(A)",
        "Shape(AB,BC,CA)",
        "Polygon(A)",
        "Angle(AB)",
        "Cocircular(Q,ABC)",
        "line_addition(1,AD,DB,DB)",
        "line_addition(0,AD,DB)",
        "line_addition(99999999999,AD,DB)",
        "line_addition(1,QX,XY)",
        "x = " + "+".join(f"y{i}*z{i}" for i in range(200)),
        "LengthOfLine(BC) = sqrt(sqrt(sqrt(2)-3))",
        "\n".join(f"x{i}**2 + x{i + 1}**3 = {i}" for i in range(50)),
    ],
)
def test_hostile_steps_get_verdicts(similar: Problem, text: str) -> None:
    report = verify(similar, text, Budget(seconds=5.0))
    assert not report.accepted and report.score < 0.5
    assert all(step.message for step in report.steps if not step.good)
