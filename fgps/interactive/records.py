"""What a session answers, as values that print easily."""

from __future__ import annotations

from dataclasses import dataclass

from fgps.engine.near import Missing
from fgps.proof.steps import ProofStep


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known: its number in the session, the statement, and the rule that gave it."""

    number: int
    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What became known by an application.

    ``facts``: new relations and equations.  ``values``: quantities whose value is known since.  ``supposed``:
    premises that were taken for granted (`Session.what_if`).  ``assumed``: guards that no figure decided.
    ``read_as``: the application as it was understood, where that differs from what was written.
    """

    application: str
    facts: tuple[Fact, ...]
    values: tuple[str, ...] = ()
    supposed: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    reached: bool = False
    answer: str | None = None
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why something was refused.

    ``kind``: syntax, unknown-theorem, bad-arguments, premise-missing, false-in-diagram, no-conclusion,
    unknown (a fact that does not follow).  ``missing``: the premises that are not established, with what
    comes close.  ``suggestions``: what to try instead.
    """

    kind: str
    message: str
    missing: tuple[Missing, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Applications whose premises are established and that would give something new, with what they give.

    ``complete`` is false if the time or the limit ended the enumeration.
    """

    found: tuple[tuple[str, tuple[str, ...]], ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """A theorem instance that would help a goal, and its premises: known, or still wanted."""

    application: str
    known: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenGoal:
    """The goal or a premise wanted for it, and the instances that could give it, least wanting first."""

    statement: str
    reached: bool
    answer: str | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a fact holds: the steps of its proof, ``value`` if a quantity was asked for."""

    steps: tuple[ProofStep, ...]
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """How the search would go on: its status, the answer, the whole proof, the steps still to apply."""

    status: str
    answer: str | None
    steps: tuple[ProofStep, ...]
    to_apply: tuple[str, ...]
    message: str = ""
