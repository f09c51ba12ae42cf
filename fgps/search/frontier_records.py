"""The frontier as values, and in words."""

from __future__ import annotations

from dataclasses import dataclass

from fgps.search.clashes import Contradiction

#: Facts one premise away that are put into words (all are in the data).
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class NextStep:
    """A theorem instance that would apply, and what it would give."""

    application: str
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is not known, and the steps that wait for nothing else.

    ``closes``: with it the goal would be settled (None: no model can tell).  ``in_figure``: whether it is
    true in all models of the data.  Where the data leaves the goal open, facts that are possible but not so
    in every figure are told too, if they settle the goal: one of them may have been forgotten.
    """

    fact: str
    closes: bool | None
    in_figure: bool | None
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What is missing for the goal, as text.

    ``unknown``: what the goal still needs.  ``determined``: whether all models agree on the goal's value
    (None: no models, or no value is asked for); ``values``: two values that it has in figures of the same
    data, if they differ.  ``missing``: facts one premise away, those that close the goal first.
    ``would_close``: quantities each of which would determine the goal if its value were given.  ``clashes``:
    what contradicts itself; ``faults``: statements each of which could be left out to get a figure.
    ``complete`` is false if the time for looking ran out.
    """

    unknown: tuple[str, ...] = ()
    determined: bool | None = None
    values: tuple[float, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    would_close: tuple[str, ...] = ()
    clashes: tuple[Contradiction, ...] = ()
    faults: tuple[str, ...] = ()
    complete: bool = True


def frontier_words(found: Frontier, said: str = "") -> list[str]:
    """The frontier as lines of text, without the contradictions that ``said`` names already."""
    lines = [str(clash) for clash in found.clashes if not all(given in said for given in clash.givens)]
    if found.faults:
        lines.append(f"there is a figure without {' or without '.join(found.faults)}")
    if len(found.values) == 2:
        low, high = found.values
        lines.append(f"the data leaves the goal open: {low:.6g} in one figure, {high:.6g} in another")
    if found.unknown:
        lines.append(f"not known: {', '.join(found.unknown[:8])}")
    if found.would_close:
        lines.append(f"the goal would follow from the value of {' or '.join(found.would_close[:5])}")
    told = [fact for fact in found.missing if fact.in_figure is not False]
    supposed = [fact for fact in found.missing if fact.in_figure is False]
    if told:
        lines.append("one premise away:")
    for missing in told[:_MOST_TOLD]:
        closes = " (it would settle the goal)" if missing.closes else ""
        lines += [f"  {missing.fact} is not known{closes}", *_steps(missing)]
    if supposed:
        lines.append("is one of these missing in the data? it would settle the goal:")
    for missing in supposed:
        lines += [f"  {missing.fact}", *_steps(missing)]
    if not found.complete:
        lines.append("(there was no time to look at everything)")
    return lines


def _steps(missing: MissingFact) -> list[str]:
    return [f"      {step.application} would give {', '.join(step.gives)}" for step in missing.steps]
