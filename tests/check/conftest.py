"""Certificates of the bundled problems and of a seeded sample of the public data."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from fgps.data.sources import open_dataset
from fgps.resources import data_folder
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "forged")]

from solved_problems import CORPUS, Solved, solved  # noqa: E402


@pytest.fixture(scope="session")
def basic() -> Theory:
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


@pytest.fixture(scope="session")
def own(basic: Theory) -> dict[str, tuple[Solved | None, str]]:
    """The bundled problems by name."""
    folder = data_folder("datasets/own")
    names = open_dataset(folder).ids
    return {name: solved(f"{folder}#{name}", basic) for name in names}


@pytest.fixture(scope="session")
def proofs(own: dict[str, tuple[Solved | None, str]]) -> list[Solved]:
    """The bundled problems that are solved."""
    return [found for found, _ in own.values() if found is not None]


@pytest.fixture(scope="session")
def public(basic: Theory) -> list[tuple[Solved | None, str]]:
    """A seeded sample of the public data."""
    if not CORPUS.is_dir():
        pytest.skip(f"the public data is not at {CORPUS}")
    ids = sorted(path.stem for path in (CORPUS / "problems").glob("*.json"))
    return [solved(f"{CORPUS}#{name}", basic) for name in random.Random(6).sample(ids, 40)]
