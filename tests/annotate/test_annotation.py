"""Annotations: they replay, no step can be left out, the graph is that of the data, nobody peeks."""

from __future__ import annotations

import functools
import json
import random
from pathlib import Path

import pytest

from fgps import api
from fgps.annotate.annotation import START, Annotation, annotate, dependencies, theorem_steps
from fgps.annotate.write import with_solution
from fgps.data.formalgeo import read_problem
from fgps.data.sources import open_dataset, read_source
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "datasets" / "own"
CORPUS = ROOT.parent / "shared" / "formalgeo7k"


@functools.cache
def theory() -> Theory:
    found = load_theory("basic").theory
    assert found is not None
    return found


def problem_of(source: object) -> Problem:
    loaded = api.load(str(source), theory=theory())
    assert loaded.problem is not None, loaded.diagnostics
    return loaded.problem


@pytest.mark.parametrize("name", open_dataset(OWN).ids[::3])
def test_every_step_is_needed_and_together_they_are_enough(name: str) -> None:
    problem = problem_of(f"{OWN}#{name}")
    found = annotate(problem)
    assert found.status == "annotated"
    outcome = api.replay(problem, found.steps)
    assert outcome.status == "valid" and outcome.value == pytest.approx(found.value)
    for position in range(len(found.steps)):
        fewer = found.steps[:position] + found.steps[position + 1 :]
        assert api.replay(problem, fewer, timeout=2.0).status != "valid", found.sequence[position]


@pytest.mark.parametrize("name", open_dataset(OWN).ids[::10])
def test_the_graph_is_in_the_form_of_the_data(name: str) -> None:
    found = annotate(problem_of(f"{OWN}#{name}"))
    graph = dict(found.graph)
    place = {step: number for number, step in enumerate(found.sequence)}
    assert list(graph) == [START, *(step for step in found.sequence if step in graph)]
    rests = {user: step for step, users in found.graph if step != START for user in users}
    for step, users in found.graph:
        assert users == tuple(sorted(users, key=place.__getitem__))
        assert step == START or all(place[step] < place[user] for user in users)
    assert set(graph[START]) == set(found.sequence) - set(rests)


def test_the_graph_of_annotated_solutions() -> None:
    """Annotated by hand in the data sets, recomputed here from a replay."""
    if not CORPUS.is_dir():
        pytest.skip(f"the public data is not at {CORPUS}")
    names = random.Random(4).sample(open_dataset(CORPUS).ids, 60)
    same = known = 0
    for name in names:
        read = read_source(f"{CORPUS}#{name}")
        outcome = api.replay(problem_of(f"{CORPUS}#{name}"), read.theorem_sequence)
        steps = theorem_steps(outcome.steps)
        if outcome.status != "valid" or set(map(print_term, steps)) != set(
            map(print_term, read.theorem_sequence)
        ):
            continue
        known += 1
        ours = {step: set(users) for step, users in dependencies(outcome.steps, read.theorem_sequence)}
        same += ours == {step: set(users) for step, users in read.theorem_dag.items()}
    assert known > 40 and same >= 0.9 * known


def test_nothing_annotated_is_looked_at(tmp_path: Path) -> None:
    original = {
        "problem_id": 7,
        "construction_cdl": ["Shape(AB,BC,CA)"],
        "text_cdl": ["Equal(MeasureOfAngle(ABC),50)", "Equal(MeasureOfAngle(BCA),60)"],
        "image_cdl": [],
        "goal_cdl": "Value(MeasureOfAngle(CAB))",
        "extra": {"kept": True},
    }
    misled = {**original, "problem_answer": "11", "theorem_seqs": ["flat_angle(1,ABC)"], "problem_level": 9}
    found = []
    for number, raw in enumerate((original, misled)):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(raw))
        annotation = annotate(problem_of(path))
        assert (annotation.status, annotation.answer) == ("annotated", "70")
        written = json.loads(with_solution(read_problem(path), annotation, "json"))
        assert written["problem_level"] == 1 and written["extra"] == {"kept": True}
        assert written["theorem_seqs_dag"] == {START: written["theorem_seqs"]}
        found.append(written["theorem_seqs"])
    assert found[0] == found[1] == ["triangle_property_angle_sum(1,ABC)"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    source = f"{OWN / 'demo.fgl'}"
    read, problem = read_source(source), problem_of(source)
    annotation = annotate(problem)
    for form in ("json", "fgl"):
        path = tmp_path / f"solved.{form}"
        path.write_text(with_solution(read, annotation, form, theory().predicates), "utf-8")
        loaded = api.load(str(path), theory=theory())
        assert loaded.problem is not None
        assert tuple(map(print_term, loaded.solution_sequence)) == annotation.sequence
        assert api.replay(loaded.problem, loaded.solution_sequence).status == "valid"


def test_a_problem_without_answer_says_why(tmp_path: Path) -> None:
    path = tmp_path / "open.fgl"
    path.write_text("problem open:\n    construct Shape(AB,BC,CA)\n    find LengthOfLine(AB)\n")
    found = annotate(problem_of(path), timeout=3.0)
    assert found.status == "saturated" and not found.steps and not found.graph


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public data is not beside the checkout")
def test_sample_of_the_public_data() -> None:
    """What is solved replays, and is on average not longer than what people wrote (plus 15 percent)."""
    human = ours = solved = replayed = 0
    for name in random.Random(17).sample(open_dataset(CORPUS).ids, 40):
        source = f"{CORPUS}#{name}"
        problem = problem_of(source)
        found: Annotation = annotate(problem)
        if found.status in ("annotated", "not-replayed"):
            solved += 1
        if found.status == "annotated" and api.replay(problem, found.steps).status == "valid":
            replayed += 1
            ours += len(found.steps)
            human += len(read_source(source).theorem_sequence)
    assert solved >= 35 and replayed >= 0.97 * solved
    assert ours <= 1.15 * human
