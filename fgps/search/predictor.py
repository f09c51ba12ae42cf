"""Predictors: which candidate a search should try first.

A predictor only orders work.  Whatever it says, candidates are true in the diagram and enter only when their
premises are proved, so a bad predictor costs time and never an answer.  No method uses one by default.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from fgps.engine.state import State
from fgps.lang.diagnostics import Diagnostic, error
from fgps.search.agenda import Candidate

#: What the first line of a predictor's file says it is.
KIND: Final = "fgps frequency predictor"
VERSION: Final = 1
#: Larger files are refused: a predictor of names and counts is small.
MAX_BYTES: Final = 4_000_000
#: The name that stands before the first step of a solution.
START: Final = ""


class Predictor(Protocol):
    """Anything that can say which candidates are worth trying first.

    A learned model of your own needs this one method; see CONTRIBUTING.md.
    """

    def rank(self, state: State, candidates: Sequence[Candidate]) -> Sequence[float]:
        """One score for each candidate, the higher the sooner.  Must be deterministic."""


@dataclass(frozen=True)
class FrequencyPredictor:
    """Scores a candidate by how often solutions use its theorem, and use it after the last step.

    ``uses`` counts theorems; ``after`` counts, for a theorem (or `START`), which one came next.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def rank(self, state: State, candidates: Sequence[Candidate]) -> Sequence[float]:
        """The logarithm of a smoothed frequency."""
        last = state.applications[-1].application.theorem if state.applications else START
        following = self.after.get(last, {})
        total, followers = sum(self.uses.values()), sum(following.values())
        table: dict[str, float] = {}
        for candidate in candidates:
            name = candidate.plan.theorem
            if name not in table:
                share = (self.uses.get(name, 0) + 1) / (total + len(state.theory.theorems) + 1)
                # What followed weighs as much as it has been seen.
                table[name] = math.log((following.get(name, 0) + 10 * share) / (followers + 10))
        return [table[candidate.plan.theorem] for candidate in candidates]

    def to_json(self) -> dict[str, Any]:
        """Plain data: theorem names and counts, nothing else."""
        after = {name: dict(sorted(counts.items())) for name, counts in sorted(self.after.items())}
        return {"kind": KIND, "version": VERSION, "uses": dict(sorted(self.uses.items())), "after": after}


def learn(sequences: Iterable[Sequence[str]]) -> FrequencyPredictor:
    """Count the theorems of annotated solutions, each given as its theorem names in order."""
    uses: dict[str, int] = {}
    after: dict[str, dict[str, int]] = {}
    for sequence in sequences:
        last = START
        for name in sequence:
            uses[name] = uses.get(name, 0) + 1
            counts = after.setdefault(last, {})
            counts[name] = counts.get(name, 0) + 1
            last = name
    return FrequencyPredictor(uses, after)


def save(predictor: FrequencyPredictor, path: Path) -> None:
    """Write a predictor's file (raises OSError)."""
    path.write_text(json.dumps(predictor.to_json(), indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> FrequencyPredictor | Diagnostic:
    """A predictor from its file, or what is wrong with it."""
    name = str(path)
    try:
        with path.open(encoding="utf-8") as stream:
            text = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        return error("io", f"{name} cannot be read: {problem}", source_name=name)
    if len(text) > MAX_BYTES:
        return error("too-long", f"{name} is longer than {MAX_BYTES:,} characters", source_name=name)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return error("io", f"{name} is no JSON", source_name=name)
    if not isinstance(document, dict) or (document.get("kind"), document.get("version")) != (KIND, VERSION):
        hint = "`fgps train DATASET -o FILE.json` makes one"
        return error("io", f"{name} is no predictor of this version", hint=hint, source_name=name)
    uses, after = _counts(document.get("uses")), document.get("after")
    followers = {key: _counts(value) for key, value in after.items()} if isinstance(after, dict) else {}
    if uses is None or any(counts is None for counts in followers.values()):
        return error("io", f"{name} holds something that is no count", source_name=name)
    return FrequencyPredictor(uses, {key: counts for key, counts in followers.items() if counts is not None})


def _counts(value: object) -> dict[str, int] | None:
    if not isinstance(value, dict):
        return None
    if any(not isinstance(count, int) or isinstance(count, bool) or count < 0 for count in value.values()):
        return None
    return value
