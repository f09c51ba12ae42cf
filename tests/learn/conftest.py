"""One small export of the bundled problems for all tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from learn_sample import OPTIONS, sample  # noqa: E402

from fgps.batch.executor import InProcess  # noqa: E402
from fgps.learn.export import export  # noqa: E402
from fgps.theory.load import load_theory  # noqa: E402
from fgps.theory.model import Theory  # noqa: E402


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "own"
    export(OPTIONS, sample(), InProcess(), folder)
    return folder


@pytest.fixture(scope="session")
def theory() -> Theory:
    loaded = load_theory("basic").theory
    assert loaded is not None
    return loaded
