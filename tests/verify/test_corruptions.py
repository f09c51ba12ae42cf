"""Right solutions of the public data verify; spoiled ones are accepted only if what is left is a proof."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from corruptions import KINDS

from fgps.data.sources import open_dataset, read_source
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory
from fgps.verify import Budget, verify

DATA = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k"
SEED = 20240701
SAMPLE = 25

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not there: {DATA}"),
]


@pytest.fixture(scope="module")
def annotated(theory: Theory) -> list[tuple[Problem, list[str], str]]:
    """A seeded sample: problem, annotated steps, annotated answer."""
    chance = random.Random(SEED)
    found = []
    for name in chance.sample(open_dataset(DATA).ids, SAMPLE + 3):
        read = read_source(f"{DATA}#{name}")
        if read.declaration is None or not read.theorem_sequence:
            continue
        problem = build_problem(read.declaration, theory, read.source_name, read.strict)
        answer = read.declaration.answer
        steps = [print_term(call) for call in read.theorem_sequence]
        if problem.valid and answer is not None:
            found.append((problem, steps, print_term(answer)))
    return found[:SAMPLE]


def test_annotated_solutions_verify(annotated: list[tuple[Problem, list[str], str]]) -> None:
    reports = [verify(problem, steps) for problem, steps, _ in annotated]
    wrong = [problem.name for (problem, _, _), r in zip(annotated, reports, strict=True) if not r.accepted]
    assert len(wrong) <= 1, wrong


def test_spoiled_solutions(annotated: list[tuple[Problem, list[str], str]], theory: Theory) -> None:
    """Whatever is accepted has a certificate that the independent checker accepts."""
    chance = random.Random(SEED)
    counts: Counter[tuple[str, str]] = Counter()
    for problem, steps, _ in annotated:
        if verify(problem, steps, Budget(certify=True)).verdict != "proved":
            continue  # rounded data: no figure is exact enough for a certificate
        for spoil in KINDS:
            spoiled = spoil(steps, chance, theory)
            if spoiled == steps:
                continue
            report = verify(problem, spoiled, Budget(certify=True))
            counts[spoil.__name__, report.verdict] += 1
            assert report.verdict != "unconfirmed", (problem.name, spoil.__name__, spoiled, report.checker)
            if spoil.__name__ == "invented":
                assert not report.accepted, (problem.name, spoiled)
            if report.accepted:
                assert report.checker in ("valid", "valid in the diagram")
            else:
                assert not report.reached or report.first_bad is not None
    assert counts["permuted", "wrong"] > SAMPLE // 2
    assert counts["replaced", "wrong"] > SAMPLE // 2
    assert counts["deleted", "incomplete"] + counts["deleted", "wrong"] > SAMPLE // 2


def test_other_answers_are_refused(annotated: list[tuple[Problem, list[str], str]]) -> None:
    for problem, steps, answer in annotated:
        if problem.goal is None or problem.goal.kind != "value":
            continue
        altered = verify(problem, {"steps": steps, "answer": f"({answer})*1.01+1/7"})
        assert not altered.accepted and altered.score == 0.0, problem.name


def test_solutions_of_other_problems_are_refused(annotated: list[tuple[Problem, list[str], str]]) -> None:
    """A foreign solution may reach the goal only where no step is needed."""
    for (problem, _, _), (_, steps, _) in zip(annotated, annotated[1:], strict=False):
        report = verify(problem, steps, Budget(certify=True))
        assert not report.accepted or report.checker in ("valid", "valid in the diagram")
