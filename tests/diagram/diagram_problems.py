"""Problems written in a few lines, for the tests of this folder."""

from __future__ import annotations

from fgps.lang.ast import Call, ProblemDeclaration
from fgps.lang.parse import parse_file, parse_statement
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory


def basic() -> Theory:
    theory = load_theory("basic").theory
    assert theory is not None
    return theory


def term(text: str) -> Call:
    parsed = parse_statement(text)
    assert isinstance(parsed, Call), parsed
    return parsed


def problem(construct: str, given: str = "", find: str = "LengthOfLine(AB)") -> Problem:
    """A problem from its three clauses."""
    text = f"problem p:\n    construct {construct}\n"
    if given:
        text += f"    given {given}\n"
    parsed = parse_file(text + f"    find {find}\n")
    assert not parsed.diagnostics, parsed.diagnostics
    (declaration,) = parsed.declarations
    assert isinstance(declaration, ProblemDeclaration)
    built = build_problem(declaration, basic())
    assert built.valid, built.diagnostics
    return built
