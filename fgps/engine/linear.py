"""Conclusions that are linear equations, compiled so that an instance costs a few look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fgps.lang.ast import Branch, Call, Number, Points, Term


@dataclass(frozen=True, slots=True)
class LinearForm:
    """``left - right`` of an equation without its constant: factor, attribute and registers of each part."""

    parts: tuple[tuple[float, str, tuple[int, ...]], ...]


def linear_conclusions(branch: Branch, index: Mapping[str, int]) -> tuple[LinearForm, ...] | None:
    """The conclusions of a branch as linear forms; None unless all are linear equations.

    ``index`` gives the register of each letter.
    """
    forms = []
    for statement in branch.then:
        if statement.head != "Equal":
            return None
        left, right = (_parts(side, index) for side in statement.args)
        if left is None or right is None:
            return None
        forms.append(LinearForm((*left, *_scaled(right, -1.0))))
    return tuple(forms)


Parts = tuple[tuple[float, str, tuple[int, ...]], ...]


def _parts(term: Term, index: Mapping[str, int]) -> Parts | None:
    """The parts of a linear term (a constant has none); None if it is not linear."""
    if isinstance(term, Number):
        return ()
    if not isinstance(term, Call):
        return None
    if term.args and all(isinstance(argument, Points) for argument in term.args):
        names = [name for word in term.args if isinstance(word, Points) for name in word.names]
        return ((1.0, term.head, tuple(index[name] for name in names)),)
    inner = [_parts(argument, index) for argument in term.args]
    if any(part is None for part in inner):
        return None
    known = [part for part in inner if part is not None]
    if term.head == "Add":
        return _joined(known)
    if term.head == "Sub":
        return _joined([known[0], _scaled(known[1], -1.0)])
    if term.head == "Neg":
        return _scaled(known[0], -1.0)
    if term.head == "Mul":
        numbers = [a.value for a in term.args if isinstance(a, Number)]
        others = [part for part, a in zip(known, term.args, strict=True) if not isinstance(a, Number)]
        if len(others) == 1:
            factor = 1.0
            for number in numbers:
                factor *= float(number)
            return _scaled(others[0], factor)
    if term.head == "Div" and isinstance(term.args[1], Number) and term.args[1].value:
        return _scaled(known[0], 1.0 / float(term.args[1].value))
    return None


def _scaled(parts: Parts, factor: float) -> Parts:
    return tuple((factor * value, head, slots) for value, head, slots in parts)


def _joined(parts: Iterable[Parts]) -> Parts:
    return tuple(part for some in parts for part in some)
