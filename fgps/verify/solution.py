"""A solution as it was read: steps with their claims, every repair named.

Nothing here is checked against the problem; a step that could not be read keeps its text and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from fgps.lang.ast import NOWHERE, Call, Span, Term

#: Longest text of a solution, and most steps that are read.
MAX_TEXT: Final = 200_000
MAX_STEPS: Final = 400
#: Longest text of one step.
MAX_STEP: Final = 4000

Form = Literal["sequence", "claims", "mixed", "empty"]
#: The ways in which one written statement may be meant; the figure decides (both directions of parallels).
Readings = tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """A slip of form that has one possible reading.

    ``code`` is one of `REPAIRS`; ``message`` says what was read instead of what.
    """

    code: str
    message: str


#: What may be repaired, in words.
REPAIRS: Final = {
    "wrapping": "decoration around the solution: fences, headings, other keys",
    "numbering": "a number or bullet before the step",
    "trailing": "text that belongs to no formula",
    "signs": "signs of other notations",
    "case": "upper and lower case",
    "separators": "commas, semicolons and spaces between arguments",
    "name": "a name that was spelled in another way",
    "notation": "a formula in the notation of books",
    "statement": "a slip inside a statement",
    "branch": "the number of a theorem's branch",
    "arguments": "the grouping of a theorem's points",
    "premises": "the list of a step's premises",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    ``application`` is set for theorem steps (``branch`` None if it was not written: then the application's
    first argument is 0).  ``claims`` are what the step says to hold after it, ``premises`` what it says to
    rest on.  ``by_algebra``: the reason given is the algebra.  ``problem`` says why the step could not
    be read; such a step has nothing else.  ``number`` counts from 1; ``span`` is in the solution's text.
    """

    number: int
    text: str
    span: Span = NOWHERE
    application: Call | None = None
    claims: tuple[Readings, ...] = ()
    premises: tuple[Readings, ...] = ()
    by_algebra: bool = False
    repairs: tuple[Repair, ...] = ()
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """Steps in order, the answer that is claimed, and what was mended or left out on the way."""

    steps: tuple[Step, ...]
    answer: Term | None = None
    answer_text: str = ""
    problem_name: str = ""
    repairs: tuple[Repair, ...] = ()
    #: Why nothing, or not all, could be read.
    problems: tuple[str, ...] = ()
    text: str = field(default="", repr=False)

    @property
    def form(self) -> Form:
        """What the steps are made of."""
        kinds = {step.application is not None for step in self.steps if not step.problem}
        if not kinds:
            return "empty"
        return "mixed" if len(kinds) == 2 else "sequence" if kinds == {True} else "claims"
