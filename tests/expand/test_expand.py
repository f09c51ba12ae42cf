"""New problems of our own problems: true, minimal, readable, all different, the same for the same seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fgps import api
from fgps.expand import Expansion, Settings, expand_problem
from fgps.expand.canonical import canonical_key
from fgps.expand.needed import needs_of
from fgps.expand.one import restates_given
from fgps.expand.records import as_record, read_back
from fgps.expand.write import layouts
from fgps.lang.ast import letters
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory

SETTINGS = Settings(per_source=8, variants=1)
NAMES = ["demo", "sail_with_a_seam", "chord_by_tangent_and_secant"]


@pytest.fixture(scope="module")
def expansions(own: Callable[[str], Problem]) -> dict[str, Expansion]:
    return {name: expand_problem(own(name), name, SETTINGS) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_new_problems_are_solved_by_the_solver(
    name: str, expansions: dict[str, Expansion], theory: Theory
) -> None:
    record = as_record(expansions[name], SETTINGS)
    assert len(record["problems"]) >= 3
    for made in record["problems"]:
        declaration, solution = read_back(made)
        problem = build_problem(declaration, theory)
        assert not problem.diagnostics
        outcome = api.solve(problem)
        assert outcome.status == "solved" and outcome.verdict in ("valid", "valid in the diagram")
        replayed = api.replay(problem, [step for step in solution.steps if not hasattr(step, "fact")])
        assert replayed.status == "valid"
        if declaration.answer is not None:
            expected = replace(declaration, answer=None)
            again = api.solve(build_problem(expected, theory))
            assert again.answer == outcome.answer
            from fgps.batch.compare import agrees
            from fgps.lang.printer import print_term

            assert agrees(outcome.value, print_term(declaration.answer), exact=True)


@pytest.mark.parametrize("name", NAMES)
def test_new_problems_need_their_givens(name: str, expansions: dict[str, Expansion]) -> None:
    for new in expansions[name].found:
        idle = needs_of(new.admitted.problem, 7).idle
        assert set(idle) <= set(new.admitted.unneeded)


@pytest.mark.parametrize("name", NAMES)
def test_no_step_of_a_solution_can_be_left_out(name: str, expansions: dict[str, Expansion]) -> None:
    for new in expansions[name].found:
        steps = new.admitted.solution
        assert SETTINGS.min_level <= len(steps) == new.admitted.level
        for k in range(len(steps)):
            shorter = steps[:k] + steps[k + 1 :]
            assert api.replay(new.admitted.problem, shorter).status != "valid"


@pytest.mark.parametrize("name", NAMES)
def test_the_graph_of_a_solution_names_all_its_steps(
    name: str, expansions: dict[str, Expansion], theory: Theory
) -> None:
    for layout in layouts(as_record(expansions[name], SETTINGS)["problems"], theory):
        steps, graph = layout["theorem_seqs"], layout["theorem_seqs_dag"]
        assert set(graph) <= {"START", *steps} and graph["START"]
        users = [user for row in graph.values() for user in row]
        assert set(users) == set(steps)
        for step, row in graph.items():
            # No step rests on a later one.
            assert step == "START" or all(steps.index(user) > steps.index(step) for user in row)


def test_new_problems_differ_from_one_another_and_from_their_source(
    expansions: dict[str, Expansion], own: Callable[[str], Problem]
) -> None:
    for name, expansion in expansions.items():
        keys = [new.key for new in expansion.found]
        assert len(set(keys)) == len(keys) and canonical_key(own(name)) not in keys
        for new in expansion.found:
            assert canonical_key(new.admitted.problem) == new.key


def test_the_goal_restates_no_given(expansions: dict[str, Expansion]) -> None:
    for expansion in expansions.values():
        for new in expansion.found:
            goal = new.admitted.problem.goal
            assert goal is not None
            for given in new.admitted.problem.givens:
                assert goal.term != given.term and goal.term not in given.term.args


def test_every_transformation_is_used(expansions: dict[str, Expansion]) -> None:
    steps = {step for expansion in expansions.values() for new in expansion.found for step in new.path}
    assert steps == {"goal", "resample", "swap", "rename"}


def test_texts_speak_of_all_points_that_matter(expansions: dict[str, Expansion]) -> None:
    for name, expansion in expansions.items():
        for made in as_record(expansion, SETTINGS)["problems"]:
            declaration, _ = read_back(made)
            texts = dict(declaration.texts)
            assert texts["en"].startswith("As shown in the figure") and texts["zh"].startswith("如图所示")
            assert "{" not in texts["en"] + texts["zh"] and "LengthOf" not in texts["en"]
            assert declaration.find is not None
            for point in letters(declaration.find):
                assert point in texts["en"] and point in texts["zh"]
            meta = dict(declaration.meta)
            assert meta["source"] == name and int(meta["level"]) >= 2 and meta["made_by"]


@pytest.mark.parametrize(
    ("goal", "silly"),
    [
        ("ParallelBetweenLine(EB,DF)", True),
        ("ParallelBetweenLine(AE,CF)", True),
        ("ParallelBetweenLine(AC,BD)", False),
    ],
)
def test_parallel_lines_under_other_names_are_no_goal(
    goal: str, silly: bool, stated: Callable[[str], Problem]
) -> None:
    problem = stated(
        f"""    construct Shape(AC,CF,FE,EA), Shape(EF,FD,DB,BE), Collinear(AEB), Collinear(CFD)
    given ParallelBetweenLine(AB,CD)
    find {goal}"""
    )
    assert restates_given(problem) is silly


def test_filters(own: Callable[[str], Problem]) -> None:
    settings = Settings(
        transformations=("goal",), per_source=20, min_level=3, max_level=4, goal_kinds=("angle",)
    )
    found = expand_problem(own("chord_by_tangent_and_secant"), "c", settings).found
    for new in found:
        goal = new.admitted.problem.goal
        assert goal is not None and goal.kind == "value"
        assert 3 <= new.admitted.level <= 4 and new.path == ("goal",)


@pytest.mark.parametrize(
    "data", [{"transformations": ["fold"]}, {"goal_kinds": ["x"]}, {"min_level": 9, "max_level": 2}]
)
def test_bad_settings_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Settings.from_json({**Settings().as_json(), **data})


def run(folder: Path, name: str, *more: str, hash_seed: str = "0") -> str:
    out = folder / name
    (folder / "ids").write_text("paper_kite\ndemo\nmeasuring_a_pond\n", encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "fgps",
            "expand",
            "own",
            "--out",
            str(out),
            "--ids",
            str(folder / "ids"),
            "--seed",
            "5",
        ]
        + ["--per-source", "3", "--variants", "1", "--json", *more],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert done.returncode == 0, done.stderr
    return out.read_text(encoding="utf-8")


def test_the_seed_settles_everything(tmp_path: Path) -> None:
    """Neither the number of workers nor the hashes of texts matter; a run cut off and resumed ends the
    same.
    """
    one = run(tmp_path, "one.fgl", "--jobs", "1", hash_seed="1")
    two = run(tmp_path, "two.fgl", "--jobs", "2", hash_seed="2")
    assert one == two and one.count("\nsolution of ") >= 5
    records = tmp_path / "one.fgl.records"
    lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    records.write_text("".join(lines[:2]) + lines[2][:40], encoding="utf-8")
    again = run(tmp_path, "one.fgl", "--resume", hash_seed="3")
    assert again == one


def test_a_run_with_other_settings_is_not_resumed(tmp_path: Path) -> None:
    run(tmp_path, "new.jsonl")
    done = subprocess.run(
        [sys.executable, "-m", "fgps", "expand", "own", "--out", str(tmp_path / "new.jsonl"), "--resume"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2 and "other settings" in done.stderr
