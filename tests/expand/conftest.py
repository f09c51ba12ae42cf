"""Problems of our own as sources."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fgps.api import load
from fgps.data.sources import read_fgl_text
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory


@pytest.fixture(scope="session")
def theory() -> Theory:
    found = load_theory("basic").theory
    assert found is not None
    return found


@pytest.fixture(scope="session")
def own(theory: Theory) -> Callable[[str], Problem]:
    """A bundled problem by name."""

    def read(name: str) -> Problem:
        problem = load(f"own#{name}", theory).problem
        assert problem is not None
        return problem

    return read


@pytest.fixture(scope="session")
def stated(theory: Theory) -> Callable[[str], Problem]:
    """A problem from clauses."""

    def read(clauses: str) -> Problem:
        declaration = read_fgl_text(f"problem p:\n{clauses}").declaration
        assert declaration is not None
        problem = build_problem(declaration, theory)
        assert not problem.diagnostics, [str(found) for found in problem.diagnostics]
        return problem

    return read
