"""Problems of our own, their models and their figures; made once."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from pathlib import Path

from fgps.data.sources import read_fgl_text
from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

OWN = Path(__file__).resolve().parents[3] / "datasets" / "own"
SVG = "{http://www.w3.org/2000/svg}"

Made = tuple[Problem, Diagram]


@lru_cache(maxsize=1)
def _theory() -> Theory:
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


@lru_cache(maxsize=200)
def made(text: str, name: str = "") -> Made:
    """A problem from its text, with models."""
    declaration = read_fgl_text(text, name).declaration
    assert declaration is not None
    problem = build_problem(declaration, _theory(), name, True)
    assert problem.valid, problem.diagnostics
    diagram = synthesize(problem, seed=0, models=3, budget=20.0)
    return problem, diagram


def crafted(construct: str, given: str, find: str, more: str = "") -> Made:
    """A small problem with models."""
    return made(f"problem crafted:\n    construct {construct}\n    given {given}\n    find {find}\n{more}")


def own(source: str) -> Made:
    """``circles.fgl#crossing_chords``: a problem of our own data sets."""
    file, _, name = source.partition("#")
    return made((OWN / file).read_text(encoding="utf-8"), name)


def parsed(svg: str) -> ElementTree.Element:
    """The document; fails if it is no well-formed XML."""
    return ElementTree.fromstring(svg)


def with_class(svg: str, *words: str) -> list[ElementTree.Element]:
    """The elements that have all these classes."""
    return [e for e in parsed(svg).iter() if set(words) <= set(e.get("class", "").split())]


def text_of(element: ElementTree.Element) -> str:
    """All text inside an element."""
    return "".join(element.itertext())
