"""Figures on disk: the same figure comes back; what is damaged counts as absent."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from own_problems import ISOSCELES_STEPS

from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.problem.model import Problem
from fgps.proof.figure import accepted_models
from fgps.theory.model import Theory
from fgps.verify import figure_store, figures, verify
from fgps.verify.figure_store import FigureStore, Made, figure_key

ROUNDED = """
problem rounded:
    construct Shape(AB,BC,CA), Cocircular(O,ABC)
    given LengthOfLine(AB) = 3, LengthOfLine(BC) = 4, LengthOfLine(CA) = 5, MeasureOfAngle(BCA) = 36.9
    find MeasureOfAngle(CAB)
"""


def same(left: Diagram, right: Diagram) -> bool:
    for part in fields(left):
        a, b = getattr(left, part.name), getattr(right, part.name)
        if part.name.startswith("_") or part.name == "theory":
            continue
        if part.name == "symbols":
            assert list(a) == list(b) and all(np.array_equal(a[name], b[name]) for name in a)
        elif isinstance(a, np.ndarray):
            assert a.shape == b.shape and np.array_equal(a, b), part.name
        else:
            assert a == b, part.name
    return True


def test_a_figure_comes_back_as_it_was(
    theory: Theory, similar: Problem, isosceles: Problem, tmp_path: Path
) -> None:
    from fgps.verify import load_problem

    rounded = load_problem(ROUNDED, theory).problem
    assert rounded is not None
    for problem in (similar, isosceles, rounded):
        store = FigureStore(tmp_path / "figures.sqlite")
        key = figure_key(figures.problem_digest(problem), theory)
        assert store.get(key, theory) is None
        made = synthesize(problem)
        accepted = accepted_models(problem, made)
        store.put(key, Made(made, accepted))
        kept = FigureStore(tmp_path / "figures.sqlite").get(key, theory)
        assert kept is not None and kept.diagram is not None and same(made, kept.diagram)
        assert kept.final and kept.accepted == accepted and accepted
    assert made.outcome == "rounded" and made.clashes
    store.put(b"none", Made(None))
    assert store.get(b"none", theory) == Made(None)


def test_what_is_damaged_counts_as_absent(theory: Theory, similar: Problem, tmp_path: Path) -> None:
    path = tmp_path / "figures.sqlite"
    store = FigureStore(path)
    for key, text in {b"a": "no JSON", b"b": "{}", b"c": "[1, 2]", b"d": '{"points": 7}'}.items():
        with sqlite3.connect(path) as base:
            base.execute("INSERT INTO figures VALUES (?, ?)", (key, text))
        assert store.get(key, theory) is None
    foreign = tmp_path / "foreign.sqlite"
    foreign.write_bytes(b"this is no data base" * 500)
    for broken in (FigureStore(foreign), FigureStore(Path("/proc/none/figures.sqlite"))):
        broken.put(b"a", Made(None))
        assert broken.get(b"a", theory) is None


def test_a_stored_figure_is_not_made_again(
    isosceles: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FigureStore(tmp_path / "figures.sqlite")
    monkeypatch.setattr(figures, "default_store", lambda: store)
    wrong = ISOSCELES_STEPS[1:]
    figures._figures.clear()
    first = verify(isosceles, wrong).receipt()
    figures._figures.clear()

    def refuse(*_: object, **__: object) -> Diagram:
        raise AssertionError("the figure was made again")

    monkeypatch.setattr("fgps.diagram.synthesize.synthesize", refuse)
    assert verify(isosceles, wrong).receipt() == first


def test_the_store_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for value, there in (("", False), (str(tmp_path / "f.sqlite"), True)):
        monkeypatch.setenv("FGPS_FIGURES", value)
        figure_store.default_store.cache_clear()
        assert (figure_store.default_store() is not None) == there
    figure_store.default_store.cache_clear()
