"""The numeric primitives that `holds`, `value` and `where` may use, and their arguments.

An argument is ``point`` (a point or ``centre(..)``), ``circle`` (a circle's letter), ``vector`` (a word of
two points) or ``number`` (a numeric term).  ARCHITECTURE.md says what each primitive means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Signature:
    """Kinds of the arguments; the last one may repeat if ``variadic``."""

    arguments: tuple[str, ...]
    variadic: bool = False

    def accepts(self, count: int) -> bool:
        """Whether ``count`` arguments are allowed."""
        return count == len(self.arguments) or (self.variadic and count > len(self.arguments))

    def kind(self, position: int) -> str:
        """The kind of the argument at ``position`` (from 0)."""
        return self.arguments[min(position, len(self.arguments) - 1)]


_POINT3: Final = ("point", "point", "point")

PRIMITIVES: Final[Mapping[str, Signature]] = {
    "x": Signature(("point",)),
    "y": Signature(("point",)),
    "distance": Signature(("point", "point")),
    "angle": Signature(_POINT3),
    "arc": Signature(("circle", "point", "point")),
    "area": Signature(_POINT3, variadic=True),
    "cross": Signature(("vector", "vector")),
    "dot": Signature(("vector", "vector")),
    "radius": Signature(("circle",)),
    "centre": Signature(("circle",)),
    "sqrt": Signature(("number",)),
    "sin": Signature(("number",)),
    "cos": Signature(("number",)),
    "tan": Signature(("number",)),
    "abs": Signature(("number",)),
}

#: Comparisons; the strict ones may be guards.
COMPARISONS: Final = ("Equal", "NotEqual", "Less", "Greater", "LessEqual", "GreaterEqual")
STRICT: Final = ("NotEqual", "Less", "Greater")

#: Arithmetic of the infix notation, with the number of arguments that the parser produces.
ARITHMETIC: Final[Mapping[str, Signature]] = {
    "Add": Signature(("number", "number"), variadic=True),
    "Mul": Signature(("number", "number"), variadic=True),
    "Sub": Signature(("number", "number")),
    "Div": Signature(("number", "number")),
    "Pow": Signature(("number", "number")),
    "Neg": Signature(("number",)),
}
