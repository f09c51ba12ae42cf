"""A problem ready to be worked on: figure, givens, goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fgps.lang.ast import Call, ProblemDeclaration, Term
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.problem.construction import Construction
from fgps.problem.facts import Fact
from fgps.theory.model import Theory


@dataclass(frozen=True, slots=True)
class Given:
    """A fact or equation that the problem states.

    ``fact`` is set for relations only; ``source`` is ``text`` or ``image`` (what the figure shows).
    """

    kind: Literal["relation", "equation"]
    term: Call
    fact: Fact | None
    source: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked: the value of a term, or an equation or relation to be proved."""

    kind: Literal["value", "equation", "relation"]
    term: Term


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem under a theory.

    ``goal`` is None only if the problem is not valid.  ``expected`` is the annotated answer (lower-case
    functions in it take radians); it is kept for comparing results, and nothing that solves reads it.
    ``diagnostics`` hold what was left out (warnings) and what makes the problem unusable (errors).
    """

    name: str
    theory: Theory = field(repr=False)
    declaration: ProblemDeclaration = field(repr=False)
    construction: Construction = field(repr=False)
    givens: tuple[Given, ...]
    goal: Goal | None
    expected: Term | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return not any(found.severity is Severity.ERROR for found in self.diagnostics)
