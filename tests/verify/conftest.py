"""Problems of our own, loaded once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from own_problems import ISOSCELES, SIMILAR  # noqa: E402

from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory
from fgps.verify import load_problem


@pytest.fixture(scope="session")
def theory() -> Theory:
    loaded = load_theory("basic").theory
    assert loaded is not None
    return loaded


def _problem(text: str, theory: Theory) -> Problem:
    found = load_problem(text, theory)
    assert found.problem is not None, found.diagnostics
    return found.problem


@pytest.fixture(scope="session")
def similar(theory: Theory) -> Problem:
    return _problem(SIMILAR, theory)


@pytest.fixture(scope="session")
def isosceles(theory: Theory) -> Problem:
    return _problem(ISOSCELES, theory)
