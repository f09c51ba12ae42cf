"""Logic forms of Geometry3K and Inter-GPS: ``Equals(LengthOf(Line(A, B)), 2x+5)`` to a tree, and numbers to
FGL.

The forms are calls whose leaves are names of points or expressions in the manner of LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from fgps.lang.ast import Term
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 20

_HEAD: Final = re.compile(r"\s*([A-Za-z][A-Za-z_]*)\s*\(")
#: Commands with arguments in braces, from the inside out.
_NESTED: Final = (
    (re.compile(r"\\sqrt\s*\{([^{}]*)\}"), r" sqrt(\1)"),
    (re.compile(r"\^\s*\{([^{}]*)\}"), r"**(\1)"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"((\1)/(\2))"),
)
_COMMANDS: Final = (
    (re.compile(r"\\left|\\right|\\,|\\!|\\;|\$|°|\^\s*\{?\\circ\}?"), ""),
    (re.compile(r"\\cdot|\\times|×"), "*"),
    (re.compile(r"\\div"), "/"),
    (re.compile(r"π|\\pi\b"), " pi "),
    (re.compile(r"√"), r"\\sqrt"),
    (re.compile(r"\\sqrt\s*([0-9a-z])"), r" sqrt(\1)"),
    (re.compile(r"-\s*-"), "+"),
)
_LAST: Final = ((re.compile(r"\^"), "**"), (re.compile(r"\{"), "("), (re.compile(r"\}"), ")"))
_WORD: Final = re.compile(r"[a-z]{2,}")
_WORDS: Final = frozenset(("sqrt", "sin", "cos", "tan", "pi"))
MAX_NESTED: Final = 8
_PRODUCT: Final = re.compile(r"(?<=[0-9a-z)])\s*(?=\()|(?<=[0-9])\s*(?=[a-z])|(?<=\))\s*(?=[0-9a-z])")
_FUNCTION: Final = re.compile(r"(sqrt|sin|cos|tan)\*\(")


@dataclass(frozen=True, slots=True)
class Form:
    """A call, or a leaf (no ``args``, ``leaf`` true) whose ``head`` is the text that stands there.

    ``cut`` is true if something stood behind the last bracket that was left out.
    """

    head: str
    args: tuple[Form, ...] = ()
    leaf: bool = False
    cut: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.head if self.leaf else f"{self.head}({', '.join(map(str, self.args))})"


def parse_form(text: str) -> Form | None:
    """The tree of a form; None if brackets do not match or there are too many."""
    if len(text) > MAX_LENGTH:
        return None
    text = text.strip()
    form = _parse(text, 0)
    if form is not None or _HEAD.match(text) is None:
        return form
    end = _closing(text)
    form = _parse(text[:end], 0) if end and end < len(text) else None
    return None if form is None else replace(form, cut=True)


def _closing(text: str) -> int:
    """Just behind the bracket that closes the first one; 0 if none does."""
    depth = 0
    for k, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return k + 1
    return 0


def _parse(text: str, depth: int) -> Form | None:
    match = _HEAD.match(text)
    if match is None or not text.endswith(")") or match[1][0].islower():
        return Form(text, (), True) if text and _balanced(text) else None
    if depth >= MAX_DEPTH:
        return None
    parts = _split(text[match.end() : -1])
    if parts is None:
        return None
    args = tuple(_parse(part.strip(), depth + 1) for part in parts if part.strip())
    if any(arg is None for arg in args):
        return None
    return Form(match[1], tuple(arg for arg in args if arg is not None))


def _balanced(text: str) -> bool:
    return _split(text) is not None


def _split(text: str) -> list[str] | None:
    """The parts between the commas outside all brackets; None if brackets do not match."""
    parts, depth, start = [], 0, 0
    for k, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return None
        if sign == "," and depth == 0:
            parts.append(text[start:k])
            start = k + 1
    return [*parts, text[start:]] if depth == 0 else None


def read_number(text: str) -> Term | None:
    """A number or expression of free symbols in LaTeX or plain text, as a term; None if it is none."""
    if len(text) > MAX_LENGTH:
        return None
    for pattern, replacement in _COMMANDS:
        text = pattern.sub(replacement, text)
    for _ in range(MAX_NESTED):
        for pattern, replacement in _NESTED:
            text = pattern.sub(replacement, text)
    for pattern, replacement in _LAST:
        text = pattern.sub(replacement, text)
    if not set(_WORD.findall(text)) <= _WORDS:
        return None
    text = text.replace("+ -", "-").strip()
    text = _FUNCTION.sub(r"\1(", _PRODUCT.sub("*", text)).replace("pi *(", "pi*(")
    text = re.sub(r"(?<=[0-9a-z)])\s+(?=[0-9a-z(])", "*", text)
    if not re.fullmatch(r"[0-9a-zα-ω.+\-*/() ]+", text):
        return None
    term = parse_statement(text)
    return None if isinstance(term, Diagnostic) else term
