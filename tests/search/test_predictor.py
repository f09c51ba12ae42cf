"""The predictor hook: learning, files, and that no answer depends on it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from fgps import api
from fgps.data.sources import open_dataset
from fgps.engine.state import State
from fgps.lang.diagnostics import Diagnostic
from fgps.search.agenda import Candidate
from fgps.search.predictor import START, FrequencyPredictor, learn, read, save
from fgps.theory.load import load_theory

SEQUENCES = [["a", "b", "c"], ["a", "b"], ["b"]]


def test_theorems_are_counted() -> None:
    predictor = learn(SEQUENCES)
    assert predictor.uses == {"a": 2, "b": 3, "c": 1}
    assert predictor.after == {START: {"a": 2, "b": 1}, "a": {"b": 2}, "b": {"c": 1}}


def test_a_file_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    save(learn(SEQUENCES), path)
    assert read(path) == learn(SEQUENCES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"kind": "fgps frequency predictor", "version": 99, "uses": {}}',
        '{"kind": "fgps frequency predictor", "version": 1, "uses": {"a": "many"}}',
        '{"kind": "fgps frequency predictor", "version": 1, "uses": {"a": -1}}',
        '{"kind": "fgps frequency predictor", "version": 1, "uses": {}, "after": {"a": 3}}',
        "\x00\x01",
    ],
)
def test_bad_files_are_diagnostics(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    assert isinstance(read(path), Diagnostic)


def test_a_file_that_is_not_there() -> None:
    assert isinstance(read(Path("/nowhere/p.json")), Diagnostic)


class Reversed:
    """The worst order there is: what was found last first, and what is common last."""

    def rank(self, state: State, candidates: Sequence[Candidate]) -> Sequence[float]:
        return [float(i) for i in range(len(candidates))]


@pytest.mark.parametrize("strategy", ["bfs", "beam"])
@pytest.mark.parametrize("name", ["demo", "congruent_sas", "similar_by_parallel"])
def test_answers_do_not_depend_on_the_predictor(name: str, strategy: str) -> None:
    own = open_dataset("own")
    names = [n for n in own.ids if n == name] or own.ids[:1]
    problem = api.load(f"own#{names[0]}").problem
    assert problem is not None
    answer = api.solve(problem).answer
    trained = learn([call.head for call in own.read(n).theorem_sequence] for n in own.ids)
    for predictor in (trained, Reversed()):
        outcome = api.solve(problem, "forward", strategy, predictor=predictor)
        assert outcome.answer in ((answer,) if strategy == "bfs" else (answer, None)), outcome.message


def test_frequent_followers_come_first() -> None:
    theory = load_theory("basic").theory
    problem = api.load("own#demo").problem
    assert theory is not None and problem is not None
    from fgps.search.methods import plans_of

    candidates = [Candidate(plan, ()) for plan in plans_of(theory)[:6]]
    names = [candidate.plan.theorem for candidate in candidates]
    favourite = names[-1]
    scores = learn([[favourite], [favourite], [names[0]]]).rank(State(problem), candidates)
    best = max(range(len(scores)), key=scores.__getitem__)
    assert names[best] == favourite
    assert FrequencyPredictor().rank(State(problem), candidates)


def test_the_file_holds_names_and_counts_only(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    own = open_dataset("own")
    save(learn([call.head for call in own.read(n).theorem_sequence] for n in own.ids), path)
    document = json.loads(path.read_text())
    theory = load_theory("basic").theory
    assert theory is not None
    assert set(document) == {"kind", "version", "uses", "after"}
    assert set(document["uses"]) <= set(theory.theorems)
    assert set(document["after"]) <= {*theory.theorems, START}
