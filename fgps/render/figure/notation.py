"""Terms as a textbook prints them: runs of upright and slanted text, with their widths.

``2*x+21`` becomes 2x + 21 with a slanted x, ``3*sqrt(2)`` 3√2, an angle's number gets its degree sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fgps.lang.ast import Call, Number, Symbol, Term

#: Widths of a Times face in thousandths of its size (the fonts of the themes are of that make or narrower).
_WIDE: Final = {
    **dict.fromkeys("0123456789?ndhkuvxybpqaovxπ$_", 510),
    **dict.fromkeys("ABEFPRSTXYZLCG", 640),
    **dict.fromkeys("DHKNOQUVwz+−=<>√", 700),
    **dict.fromkeys("MWm%", 850),
    **dict.fromkeys("ijltfIJ.,;:'′ ·!|()[]/", 320),
    "°": 400,
    "⁄": 200,
}
_ELSE: Final = 620
_SAFETY: Final = 1.04
_SUBSCRIPT: Final = 0.7
_NAME: Final = re.compile(r"([^\W\d_]+)(\d*)('*)")
_FUNCTIONS: Final = {"Sin": "sin", "Cos": "cos", "Tan": "tan", "sin": "sin", "cos": "cos", "tan": "tan"}
_MAX_DEPTH: Final = 30


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: ``style`` is ``up``, ``it`` (slanted), ``sub`` or ``sup``."""

    text: str
    style: str = "up"


Runs = tuple[Run, ...]


def width(runs: Runs, size: float) -> float:
    """The width of the text in pixels, for a face of this size; a little too wide rather than too narrow."""
    total = 0.0
    for run in runs:
        factor = _SUBSCRIPT if run.style in ("sub", "sup") else 1.0
        total += factor * sum(_WIDE.get(letter, _ELSE) for letter in run.text)
    return total * size * _SAFETY / 1000.0


def plain(runs: Runs) -> str:
    """The text without its styles."""
    return "".join(run.text for run in runs)


def point_name(name: str) -> Runs:
    """A point's name: ``A1`` with a subscript, ``O'`` with a prime."""
    found = _NAME.fullmatch(name)
    if found is None:
        return (Run(name, "it"),)
    letters, digits, primes = found.groups()
    runs = (Run(letters, "it"), Run(digits, "sub"), Run("′" * len(primes)))
    return tuple(run for run in runs if run.text)


def write(term: Term, degrees: bool = False) -> Runs | None:
    """A term of numbers and symbols; None if it holds anything else or is too deep.

    ``degrees`` adds the degree sign, with brackets where the term is a sum.
    """
    written = _write(term, 0)
    if written is None:
        return None
    runs, binding = written
    if degrees:
        quotient = binding == 2 and "/" in plain(runs)
        runs = (*(_bracketed(runs) if binding < 2 or quotient else runs), Run("°"))
    return _joined(runs)


def number(value: float, degrees: bool = False) -> Runs:
    """A measured number, to four digits."""
    text = f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    return (Run(text.replace("-", "−") + ("°" if degrees else "")),)


def _write(term: Term, depth: int) -> tuple[Runs, int] | None:
    """The runs and how tightly they bind: 1 a sum, 2 a product, 3 a power, 4 an atom."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(term, Number):
        text = term.text or str(term.value)
        return (Run(text),), 4 if "/" not in text else 2
    if isinstance(term, Symbol):
        return ((Run("π"),) if term.name == "pi" else (Run(term.name, "it"),)), 4
    if not isinstance(term, Call):
        return None
    term = _over(term)
    parts = [_write(argument, depth + 1) for argument in term.args]
    whole = [part for part in parts if part is not None]
    if len(whole) != len(parts) or not whole:
        return None
    return _call(term, whole)


def _over(term: Call) -> Call:
    """A product with a fraction as one fraction: 3/5 y would be read wrongly, 3y/5 is not."""
    if term.head != "Mul" or len(term.args) < 2:
        return term
    first, *others = term.args
    if not isinstance(first, Call) or first.head != "Div":
        return term
    if not all(isinstance(argument, Number) for argument in first.args):
        return term
    over, under = first.args
    kept = others if isinstance(over, Number) and over.value == 1 else [over, *others]
    return Call("Div", (kept[0] if len(kept) == 1 else Call("Mul", tuple(kept)), under))


def _call(term: Call, parts: list[tuple[Runs, int]]) -> tuple[Runs, int] | None:
    head = term.head
    first, second = parts[0], parts[-1]
    if head in ("Add", "Sub") and len(parts) >= 2:
        sign = " + " if head == "Add" else " − "
        runs = _tight(first, 1)
        for part in parts[1:]:
            runs = (*runs, Run(sign), *_tight(part, 1 if head == "Add" else 2))
        return runs, 1
    if head == "Mul" and len(parts) >= 2:
        runs = _tight(first, 2)
        for part in parts[1:]:
            following = _tight(part, 2)
            dot = following[0].text[:1].isdigit() or runs[-1].style == "sup"
            runs = (*runs, *((Run(" · "),) if dot else ()), *following)
        return runs, 2
    if head == "Div" and len(parts) == 2:
        return (*_tight(first, 2), Run("/"), *_tight(second, 3)), 2
    if head == "Neg" and len(parts) == 1:
        return (Run("−"), *_tight(first, 2)), 1
    if head == "Pow" and len(parts) == 2:
        exponent = plain(second[0])
        return (*_tight(first, 4), Run(exponent, "sup")), 3
    if head in ("Sqrt", "sqrt") and len(parts) == 1:
        inner = first[0] if first[1] == 4 and len(plain(first[0])) <= 4 else _bracketed(first[0])
        return (Run("√"), *inner), 4
    if head in _FUNCTIONS and len(parts) == 1:
        return (Run(_FUNCTIONS[head] + " "), *_tight(first, 4)), 2
    return None


def _tight(part: tuple[Runs, int], binding: int) -> Runs:
    return part[0] if part[1] >= binding else _bracketed(part[0])


def _bracketed(runs: Runs) -> Runs:
    return (Run("("), *runs, Run(")"))


def _joined(runs: Runs) -> Runs:
    """Neighbours of one style made one."""
    result: list[Run] = []
    for run in runs:
        if result and result[-1].style == run.style:
            result[-1] = Run(result[-1].text + run.text, run.style)
        else:
            result.append(run)
    return tuple(result)
