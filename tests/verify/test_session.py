"""Step by step: forks, marks, many candidates; nothing leaks from one to another."""

from __future__ import annotations

import time

import pytest
from own_problems import SIMILAR_STEPS

from fgps.problem.model import Problem
from fgps.verify import Session, verify


def test_steps_are_kept_if_they_are_right(similar: Problem) -> None:
    session = Session(similar)
    assert not session.apply(SIMILAR_STEPS[3]).good and session.steps == ()
    for step in SIMILAR_STEPS:
        assert session.apply(step).verdict == "ok"
    assert session.reached() and session.report().accepted
    assert session.report() == verify(similar, SIMILAR_STEPS)


def test_marks_and_forks(similar: Problem) -> None:
    session = Session(similar)
    session.apply(SIMILAR_STEPS[0])
    mark = session.snapshot()
    fork = session.fork()
    for step in SIMILAR_STEPS[1:]:
        session.apply(step)
    assert session.reached() and not fork.reached() and len(fork.steps) == 1
    session.rollback(mark)
    assert not session.reached() and session.apply(SIMILAR_STEPS[3]).verdict == "premise-missing"
    with pytest.raises(ValueError, match="mark"):
        session.rollback(9)


def test_candidates_do_not_see_each_other(similar: Problem) -> None:
    session = Session(similar)
    candidates = [SIMILAR_STEPS[1], SIMILAR_STEPS[2], "nonsense", "", "claim x = 1\nclaim x = 2"]
    verdicts = [report.verdict for report in session.try_many(candidates)]
    assert verdicts[:2] == ["ok", "premise-missing"]
    assert set(verdicts[2:]) <= {"syntax", "not-derivable"} and session.steps == ()


def test_forks_are_cheap(similar: Problem) -> None:
    session = Session(similar, steps=SIMILAR_STEPS)
    session.reached()
    began = time.perf_counter()
    for _ in range(100):
        session.fork()
    assert time.perf_counter() - began < 0.1


def test_repetitions_and_truisms_earn_nothing(similar: Problem) -> None:
    for text in ("BC = BC\nAD = AD\nDE = DE", "\n".join(["AD = 3"] * 20)):
        report = verify(similar, text)
        assert {step.verdict for step in report.steps} == {"redundant"} and report.score == 0.0
