"""What the verifier says: verdicts of steps, the verdict of the whole, as values and as plain data.

The plain data is a receipt: it holds digests of problem, theory and solution, no times and no paths, and is
the same bytes wherever it is made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

Verdict = Literal[
    "ok",
    "redundant",
    "syntax",
    "unknown-theorem",
    "bad-arguments",
    "premise-missing",
    "false-in-diagram",
    "not-derivable",
    "unchecked",
]
#: Verdicts of steps that are right (a redundant step is right, and gives nothing new).
GOOD: Final = ("ok", "redundant")

#: The whole: ``proved`` (every step right, goal reached), ``reached`` (the goal follows, though some
#: steps are wrong), ``incomplete`` (every step right, goal not reached), ``wrong``, ``wrong-answer`` (the
#: answer claimed is not the one derived, or not that of the figure), ``unreadable`` (no step could be read),
#: ``timeout``, ``unconfirmed`` (no figure shows a guard of the proof, for the data contradicts itself or
#: its figure took too long; or the independent checker was asked and does not accept the proof).
Whole = Literal[
    "proved", "reached", "incomplete", "wrong", "wrong-answer", "unreadable", "timeout", "unconfirmed"
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would mend a step.

    ``kind``: ``insert`` (steps to put before it), ``replace`` (write this instead), ``name`` (theorems that
    may be meant).  ``steps`` are ready to be used.
    """

    kind: Literal["insert", "replace", "name"]
    message: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepReport:
    """The verdict on one step.

    ``read`` is the step as it was understood; ``failing`` the premise, guard or claim that fails,
    ``holds`` whether it is true in the figure, ``left`` and ``right`` its sides there if it is an equation.
    ``reason`` are steps that the verifier found for a claim without a reason; ``learned`` what became known;
    ``used`` whether the trimmed proof rests on the step (None for claims by algebra, and without a proof).
    """

    number: int
    text: str
    verdict: Verdict
    message: str = ""
    read: str = ""
    span: dict[str, int] | None = None
    failing: str = ""
    holds: bool | None = None
    left: str = ""
    right: str = ""
    repairs: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    used: bool | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the step is right."""
        return self.verdict in GOOD

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        document = _shallow(self)
        document["suggestions"] = tuple([_shallow(suggestion) for suggestion in self.suggestions])
        return document


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a solution.

    ``accepted``: every step is right, they reach the goal, and the answer claimed (if any) is the one
    derived.  ``reached``: the goal follows from the right steps.  ``agrees`` compares ``claimed`` with
    ``derived`` (None if nothing was claimed, or nothing is known).  ``first_bad`` is a step's number.
    ``share_good``, ``redundancy`` and ``score`` are in [0, 1] (see `score_of`).  ``assumed`` are guards that
    no figure decided, ``in_figure`` those that were read off it.  Where the data contradicts itself, ``part``
    are the givens whose figure was taken instead: those that the proof rests on.  ``form`` says what the
    steps are made of.
    """

    verdict: Whole
    accepted: bool
    reached: bool
    steps: tuple[StepReport, ...]
    derived: str = ""
    claimed: str = ""
    agrees: bool | None = None
    first_bad: int | None = None
    share_good: float = 0.0
    redundancy: float = 0.0
    score: float = 0.0
    form: str = "empty"
    repairs: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    #: Steps that would complete a solution which is right as far as it goes.
    suggestions: tuple[Suggestion, ...] = ()
    theorems: tuple[str, ...] = ()
    in_figure: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    #: What the independent checker says to the certificate; empty if it was not asked.
    checker: str = ""
    digests: tuple[tuple[str, str], ...] = ()
    version: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as plain data; the keys are a public format."""
        document = _shallow(self)
        document["digests"] = dict(self.digests)
        document["suggestions"] = tuple([_shallow(suggestion) for suggestion in self.suggestions])
        document["steps"] = tuple([step.as_json() for step in self.steps])
        return document

    def receipt(self) -> bytes:
        """The report as bytes, the same on every machine."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode() + b"\n"


def _shallow(value: Suggestion | StepReport | Report) -> dict[str, Any]:
    """The fields and their values.  `dataclasses.asdict` copies each value too, at ten times the cost."""
    return {name: getattr(value, name) for name in value.__slots__}


def score_of(accepted: bool, reached: bool, agrees: bool | None, share: float, redundancy: float) -> float:
    """The score in [0, 1] that rewards are made of.

    Accepted: ``1 - 0.1 * redundancy``.  Goal reached in spite of wrong steps: ``0.5 + 0.3 * share``.
    Not reached: ``0.3 * share``.  A wrong answer: 0.  ``share``: steps that are right and give something new.
    """
    if agrees is False:
        return 0.0
    if accepted:
        return round(1.0 - 0.1 * redundancy, 6)
    return round(0.5 + 0.3 * share if reached else 0.3 * share, 6)


def feedback(report: Report, level: int = 1) -> str:
    """The report in words for whoever shall try again.

    Level 0: the verdict only.  1: also which steps are wrong and why.  2: also what would mend them.
    """
    lines = [_HEADLINES[report.verdict]]
    if level <= 0:
        return lines[0]
    if report.verdict == "wrong-answer":
        lines.append(f"The steps do not lead to the answer {report.claimed}.")
    if report.verdict == "unconfirmed":
        lines.append(_unconfirmed(report))
    lines += [f"Reading: {problem}." for problem in report.problems]
    for step in report.steps:
        if step.good:
            continue
        lines.append(f"Step {step.number}, {_short(step.text)}: {step.verdict}: {step.message}.")
        if level > 1:
            lines += [f"  Hint: {suggestion.message}" for suggestion in step.suggestions]
    if report.verdict in ("incomplete", "wrong") and not report.reached:
        lines.append("The goal does not follow from the steps that are right.")
    if level > 1:
        lines += [f"Hint: {suggestion.message}" for suggestion in report.suggestions]
        for step in report.steps:
            lines += [f"Note on step {step.number}: {repair}." for repair in step.repairs]
        useless = [str(step.number) for step in report.steps if step.good and step.used is False]
        if report.reached and useless:
            lines.append(f"Not needed: step {', '.join(useless)}.")
    return "\n".join(lines)


_HEADLINES: Final = {
    "proved": "The solution is right.",
    "reached": "The goal follows, but some steps are wrong.",
    "incomplete": "All steps are right, but they do not reach the goal.",
    "wrong": "The solution is wrong.",
    "wrong-answer": "The answer is wrong.",
    "unreadable": "No step could be read.",
    "timeout": "The time for checking ran out.",
    "unconfirmed": "The steps seem to reach the goal, but the proof could not be confirmed.",
}


def _unconfirmed(report: Report) -> str:
    if report.checker:
        return f"The independent checker does not accept the proof: {report.checker}."
    return (
        f"No figure shows {', '.join(report.assumed)}: "
        "the data of the problem contradicts itself, or finding its figure took too long."
    )


def _short(text: str) -> str:
    return text if len(text) <= 100 else text[:97] + "..."
