"""The syntax tree of FGL: immutable, comparable, hashable.

Every stage after parsing works on these nodes.  Spans never take part in
comparison, so that ``parse(print(tree)) == tree`` is a meaningful test.

Terms (one grammar for statements, equations, numbers and goals)::

    Term = Points | Number | Symbol | Text | Call

Infix sugar has no nodes of its own: ``a = b`` is ``Call("Equal", (a, b))``,
``a + b + c`` is ``Call("Add", (a, b, c))``, ``a - b`` is ``Call("Sub", (a, b))``,
``-a`` is ``Call("Neg", (a,))``, ``a < b`` is ``Call("Less", (a, b))`` and so on
(``OPERATORS`` below lists them all).  ``Call.notation`` remembers how it was
written and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final

#: head of the call -> (infix symbol, precedence); higher binds tighter.
OPERATORS: Final[Mapping[str, tuple[str, int]]] = {
    "Equal": ("=", 1),
    "NotEqual": ("!=", 1),
    "Less": ("<", 1),
    "Greater": (">", 1),
    "LessEqual": ("<=", 1),
    "GreaterEqual": (">=", 1),
    "Add": ("+", 2),
    "Sub": ("-", 2),
    "Mul": ("*", 3),
    "Div": ("/", 3),
    "Neg": ("-", 4),
    "Pow": ("**", 5),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in one source text.

    ``line`` and ``column`` (both from 1) are those of ``start``.
    """

    start: int
    end: int
    line: int = 1
    column: int = 1


NOWHERE: Final = Span(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Points:
    """A word of points written without commas: ``ABC``, ``AB1``, ``O'``."""

    names: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Number:
    """An unsigned decimal or whole number, exact.  ``text`` keeps its spelling."""

    value: Fraction
    text: str = field(default="", compare=False, repr=False)
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A free symbol (``x``, ``α``) or the constant ``pi``."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string."""

    value: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``head(args)``: a predicate, attribute, operator, function or theorem application.

    ``notation`` is ``"call"`` or ``"infix"``: how the author wrote it (not compared).
    """

    head: str
    args: tuple[Term, ...]
    notation: str = field(default="call", compare=False, repr=False)
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Term = Points | Number | Symbol | Text | Call


def letters(term: Term) -> tuple[str, ...]:
    """All points of ``term`` in reading order, with repetitions."""
    if isinstance(term, Points):
        return term.names
    if isinstance(term, Call):
        return tuple(name for argument in term.args for name in letters(argument))
    return ()


def calls(term: Term) -> Iterator[Call]:
    """Every call inside ``term``, outermost first."""
    if isinstance(term, Call):
        yield term
        for argument in term.args:
            yield from calls(argument)


def symbols(term: Term) -> Iterator[Symbol]:
    """Every symbol inside ``term``, in reading order."""
    if isinstance(term, Symbol):
        yield term
    elif isinstance(term, Call):
        for argument in term.args:
            yield from symbols(argument)


def substitute(term: Term, points: Mapping[str, str]) -> Term:
    """``term`` with its points renamed (a name not in ``points`` stays); spans are not kept."""
    kind = term.__class__
    if kind is Points:
        return word(tuple([points.get(name, name) for name in term.names]))  # type: ignore[union-attr]
    if kind is Call:
        arguments = tuple([substitute(argument, points) for argument in term.args])  # type: ignore[union-attr]
        return Call(term.head, arguments, term.notation)  # type: ignore[union-attr]
    return term


@lru_cache(maxsize=1 << 16)
def word(names: tuple[str, ...]) -> Points:
    """A row of points without a place in any text (one object for each row)."""
    return Points(names)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The head of a declaration: ``(AB, CD, E)``; ``variadic`` if it ends in ``...``."""

    words: tuple[Points, ...]
    variadic: bool = False

    @property
    def letters(self) -> tuple[str, ...]:
        """The parameters' points one after the other (``(ABC, CBD)``: A B C C B D)."""
        return tuple(name for word in self.words for name in word.names)

    @property
    def groups(self) -> tuple[int, ...]:
        """How many points each argument has."""
        return tuple(len(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class PredicateDeclaration:
    """``construction | basic | entity | relation NAME(params): clauses``.

    ``category`` is that first word.  ``sentences`` maps a language (``en``, ``zh``) to the
    reading sentence.  ``same`` holds equivalent spellings as parameter words; ``forms`` the
    allowed patterns of coinciding points (empty: all points of one argument differ);
    ``means`` the facts and equations that follow; ``holds`` the numeric meaning; ``notation`` the
    symbols of a formula, with the parameters in braces (``{AB} ∥ {CD}``), empty if there are none.
    """

    category: str
    name: str
    parameters: Parameters
    sentences: tuple[tuple[str, str], ...] = ()
    needs: tuple[Call, ...] = ()
    same: tuple[tuple[Points, ...], ...] = ()
    forms: tuple[tuple[Points, ...], ...] = ()
    means: tuple[Call, ...] = ()
    holds: tuple[Call, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    notation: str = ""


@dataclass(frozen=True, slots=True)
class AttributeDeclaration:
    """``attribute NAME(params) symbol S: clauses``.

    ``kind`` is one of ``length angle area ratio`` (angles and arc measures are in degrees);
    ``value`` is the numeric meaning; ``notation`` as for predicates (``∠{ABC}``).
    """

    name: str
    parameters: Parameters
    symbol: str
    sentences: tuple[tuple[str, str], ...] = ()
    kind: str = "length"
    needs: tuple[Call, ...] = ()
    same: tuple[tuple[Points, ...], ...] = ()
    forms: tuple[tuple[Points, ...], ...] = ()
    value: Term | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    notation: str = ""


@dataclass(frozen=True, slots=True)
class FormDeclaration:
    """``operator | goal NAME(a, b): "sentence"``: a form built into the language.

    ``parameters`` are symbols; ``variadic`` if more arguments may follow.
    """

    category: str
    name: str
    parameters: tuple[str, ...]
    variadic: bool = False
    sentences: tuple[tuple[str, str], ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to apply a theorem: premises, guards read off the diagram, conclusions."""

    number: int
    given: tuple[Call, ...]
    where: tuple[Call, ...]
    then: tuple[Call, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TheoremDeclaration:
    """``theorem NAME(params): "sentence" [branch N] given .. where .. then ..``."""

    name: str
    parameters: Parameters
    sentences: tuple[tuple[str, str], ...]
    branches: tuple[Branch, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PackDeclaration:
    """``pack NAME extends OTHER, OTHER: "sentence"``: names a theory and what it builds on."""

    name: str
    extends: tuple[str, ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ProblemDeclaration:
    """``problem NAME: clauses``.

    ``texts`` maps a language to the wording; ``meta`` holds free key/value pairs (source,
    level, ...); ``construct`` the construction statements; ``given`` the facts of the text;
    ``image`` those that the picture repeats (a subset of ``given`` in practice); ``find`` the
    goal, written as a term (its value), an equation or relation (to be proved), or in the
    CDL forms ``Value(..)``, ``Equal(..)``, ``Relation(..)``; ``answer`` is what an annotator
    claims: solvers never look at it.
    """

    name: str
    texts: tuple[tuple[str, str], ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    construct: tuple[Call, ...] = ()
    given: tuple[Call, ...] = ()
    image: tuple[Call, ...] = ()
    find: Term | None = None
    answer: Term | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """``claim FACT [by REASON]``: the reason is a theorem application or ``algebra``."""

    fact: Call
    reason: Call | Symbol | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SolutionDeclaration:
    """``solution of NAME:`` followed by theorem applications and claims, in order.

    An application is ``name(branch,args)``: a Call whose first argument is a Number.
    """

    problem: str
    steps: tuple[Call | Claim, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Declaration = (
    PredicateDeclaration
    | AttributeDeclaration
    | FormDeclaration
    | TheoremDeclaration
    | PackDeclaration
    | ProblemDeclaration
    | SolutionDeclaration
)
