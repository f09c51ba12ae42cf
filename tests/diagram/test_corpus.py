"""Real problems: most have an exact model, and the goal's value in it is the annotated answer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from diagram_problems import basic

from fgps.data.formalgeo import read_problem
from fgps.diagram.report import closed_form, diagram_record
from fgps.lang.ast import Term
from fgps.lang.parse import parse_statement
from fgps.problem.build import build_problem

DATA = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k" / "problems"


@pytest.mark.corpus
@pytest.mark.skipif(not DATA.is_dir(), reason="the public data is not beside the checkout")
def test_a_sample_of_the_corpus() -> None:
    files = random.Random(11).sample(sorted(DATA.glob("*.json")), 120)
    records = []
    for file in files:
        declaration = read_problem(file).declaration
        assert declaration is not None
        problem = build_problem(declaration, basic())
        records.append(diagram_record(problem, problem.expected, budget=10.0))
    exact = [record for record in records if record["status"] == "exact"]
    assert len(exact) >= 0.93 * len(records)
    wrong = [(r["value"], r["expected"], r["message"]) for r in exact if r["correct"] is False]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*sqrt(41)", 12.806248474865697),
        ("60*sin(7*pi/45)", 28.16830),
        ("180*asin(5/6)/pi", 56.44269),
        ("-3+sqrt(37)", 3.0827625),
        ("Add(1,tan(I*(log(85)-log(-36+77*I))/2))", None),
    ],
)
def test_annotated_answers_take_radians(text: str, value: float | None) -> None:
    parsed = parse_statement(text)
    assert isinstance(parsed, Term)
    found = closed_form(parsed)
    assert found == pytest.approx(value, rel=1e-5) if value is not None else True
