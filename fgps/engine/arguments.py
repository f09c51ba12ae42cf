"""Mending the arguments of a theorem application.

In ``theorem(1,CDA,DAE)`` the letter C of the declaration ``(ABC, CBD)`` would stand for two
points.  The system that the public solutions were recorded with took the last one without a
word, so those solutions mean ``theorem(1,CAD,DAE)``.
"""

from __future__ import annotations

from fgps.lang.ast import Call, Number, Points, letters
from fgps.theory.model import Theory


def last_wins(theory: Theory, call: Call) -> Call | None:
    """The application with each repeated letter read as its last point; None if nothing changes."""
    theorem = theory.theorems.get(call.head)
    if theorem is None or not call.args or not isinstance(call.args[0], Number):
        return None
    if tuple(len(letters(word)) for word in call.args[1:]) != theorem.groups:
        return None
    points = [point for word in call.args[1:] for point in letters(word)]
    binding = dict(zip(theorem.letters, points, strict=True))
    mended = [binding[letter] for letter in theorem.letters]
    if mended == points or len(set(binding.values())) != len(binding):
        return None
    words = []
    start = 0
    for size in theorem.groups:
        words.append(Points(tuple(mended[start : start + size])))
        start += size
    return Call(call.head, (call.args[0], *words), call.notation, call.span)
