"""Solved problems of ``datasets/own``, shared by the tests of rendering."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fgps import api
from fgps.lang.ast import ProblemDeclaration
from fgps.lang.parse import parse_file
from fgps.render.show import Shown
from fgps.resources import data_folder
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

OWN = data_folder("datasets/own")


@cache
def basic() -> Theory:
    """The theory, read once."""
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


@cache
def solved(source: str, thorough: bool = False) -> Shown:
    """A problem of ``datasets/own`` (``file.fgl#name``) with its proof and figure."""
    loaded = api.load(str(OWN / source), basic())
    assert loaded.problem is not None, loaded.diagnostics
    outcome = api.solve(loaded.problem, timeout=30, thorough=thorough)
    assert outcome.status == "solved", outcome.message
    shown = api.present(loaded.problem, outcome)
    shown.figure_models()
    return shown


@cache
def solved_text(text: str) -> Shown:
    """A problem in FGL with its proof and figure."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "problem.fgl"
        path.write_text(text, "utf-8")
        return solved(str(path))


def own_problems() -> list[str]:
    """All bundled problems, as ``file.fgl#name``."""
    found = []
    for path in sorted(Path(OWN).glob("*.fgl")):
        for declaration in parse_file(path.read_text("utf-8")).declarations:
            if isinstance(declaration, ProblemDeclaration):
                found.append(f"{path.name}#{declaration.name}")
    return found


@pytest.fixture(scope="session")
def theory() -> Theory:
    """The basic theory."""
    return basic()


@pytest.fixture(scope="session")
def proof_of() -> Callable[[str], Shown]:
    """`solved`, for tests to call."""
    return solved


@pytest.fixture(scope="session")
def long_proof() -> Shown:
    """A proof with a run of facts of the figure."""
    return solved("triangles.fgl#view_from_the_incentre", thorough=True)


@pytest.fixture(scope="session")
def proof_of_text() -> Callable[[str], Shown]:
    """`solved_text`, for tests to call."""
    return solved_text


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with the argument ``own_problem`` runs for every fifth bundled problem."""
    if "own_problem" in metafunc.fixturenames:
        metafunc.parametrize("own_problem", own_problems()[::5])
