"""What the engine knows and how it came to know it.

Every piece of knowledge is an `Entry` with a number of its own; its `Origin` names the
rule and the entries that it rests on, so that the entries form a DAG (numbers of premises are
always smaller).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fgps.lang.ast import Call, Term
from fgps.problem.facts import Fact

if TYPE_CHECKING:
    from fgps.algebra.exact import Exact
    from fgps.algebra.system import Derivation

OriginKind = Literal["construction", "given", "meaning", "theorem", "algebra", "diagram"]


@dataclass(frozen=True, slots=True)
class Application:
    """A theorem instance: ``name(branch, args)`` with the points of all parameters in order."""

    theorem: str
    branch: int
    points: tuple[str, ...]
    groups: tuple[int, ...]

    def __str__(self) -> str:
        words = []
        start = 0
        for size in self.groups:
            words.append("".join(self.points[start : start + size]))
            start += size
        return f"{self.theorem}({','.join([str(self.branch), *words])})"


@dataclass(frozen=True, slots=True)
class Origin:
    """How an entry became known.

    ``assumed`` holds guards that no diagram could decide; ``checked`` guards that were read
    off the diagram.
    """

    kind: OriginKind
    premises: tuple[int, ...] = ()
    application: Application | None = None
    derivation: Derivation | None = None
    note: str = ""
    assumed: tuple[Call, ...] = ()
    checked: tuple[Call, ...] = ()

    @property
    def guards(self) -> tuple[Call, ...]:
        """All guards, decided or not."""
        return (*self.assumed, *self.checked)


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of knowledge: a relation (``fact`` is set) or an equation."""

    id: int
    statement: Call
    fact: Fact | None
    origin: Origin


RefusalKind = Literal[
    "unknown-theorem", "bad-arguments", "premise-missing", "false-in-diagram", "no-conclusion"
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an application was not accepted.

    ``premise`` is the first premise that is missing or false; ``message`` says so in words.
    """

    kind: RefusalKind
    message: str
    premise: Call | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """An accepted application: the entries that it rests on and those that are new."""

    application: Application
    premises: tuple[int, ...]
    new: tuple[int, ...]
    dropped: tuple[str, ...] = ()
    assumed: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalResult:
    """The goal as far as it is known.

    ``entry`` closes the proof; ``value`` is the exact value for goals that ask for one (an
    ``Exact`` of the algebra).
    """

    reached: bool
    entry: int | None = None
    value: Exact | None = None
    term: Term | None = None
