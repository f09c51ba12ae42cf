"""Grammar rules to syntax tree nodes: the callbacks that lark calls while it parses.

Each method has the name of a rule, an alias or a terminal of the grammar files.  Operands of a sum
or product, and items between commas, are collected in a list that grows in place (linear time);
the rule above closes it.  A declaration leaves here as a `Raw` of its parts: what they amount
to, and what is missing, is decided in ``assemble.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from lark import Token

from fgps.lang.ast import Call, Claim, Number, Parameters, Points, Span, Symbol, Term, Text

_POINT: Final = re.compile(r"[A-Z][0-9]*'*")
_ESCAPE: Final = re.compile(r"\\(.)")
_COMPARISONS: Final = {
    "=": "Equal",
    "!=": "NotEqual",
    "<": "Less",
    ">": "Greater",
    "<=": "LessEqual",
    ">=": "GreaterEqual",
}

#: Numbers with more digits than this are refused by the parser before they come here.
MAX_DIGITS: Final = 200


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a declaration: its keyword, what follows, and where the keyword stands.

    ``value`` is a list of terms, of point words (``same``, ``forms``), a term, or a pair of strings.
    """

    keyword: str
    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a declaration: first word, name, the parameters or whatever stands there."""

    word: str
    name: str
    detail: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Raw:
    """A declaration in parts."""

    head: Head
    clauses: tuple[Clause | Call | Claim, ...]


@lru_cache(maxsize=4096)
def fraction(text: str) -> Fraction:
    """The exact value of a decimal or whole number; 0 if it has too many digits (refused elsewhere)."""
    return Fraction(text) if len(text) <= MAX_DIGITS + 1 else Fraction(0)


def span_of(token: Token) -> Span:
    """The span of one token."""
    return Span(token.start_pos or 0, token.end_pos or 0, token.line or 0, token.column or 0)


def join(first: Span, last: Span) -> Span:
    """From the start of ``first`` to the end of ``last``."""
    return Span(first.start, last.end, first.line, first.column)


def _between(start: Token, stop: Token) -> Span:
    return Span(start.start_pos or 0, stop.end_pos or 0, start.line or 0, start.column or 0)


class TermBuilder:
    """Callbacks of ``terms.lark``."""

    def POINTS(self, token: Token) -> Points:
        word = str(token)
        names = tuple(word) if word.isalpha() else tuple(_POINT.findall(word))
        return Points(names, span_of(token))

    def NUMBER(self, token: Token) -> Number:
        return Number(fraction(str(token)), str(token), span_of(token))

    def SYMBOL(self, token: Token) -> Symbol:
        return Symbol(str(token), span_of(token))

    def STRING(self, token: Token) -> Text:
        value = str(token)[1:-1]
        if "\\" in value:
            value = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], value)
        return Text(value, span_of(token))

    def call(self, children: list[Any]) -> Call:
        return Call(str(children[0]), tuple(children[2]), "call", _between(children[0], children[3]))

    def parenthesis(self, children: list[Any]) -> Term:
        term: Term = children[1]
        if isinstance(term, Call):  # widen the span to the brackets
            return Call(term.head, term.args, term.notation, _between(children[0], children[2]))
        return term

    def first_item(self, children: list[Any]) -> list[Any]:
        return children

    def more_items(self, children: list[Any]) -> list[Any]:
        items: list[Any] = children[0]
        items.append(children[2])
        return items

    def collect(self, children: list[Any]) -> list[Term]:
        return [children[0], children[2]]

    def collect_more(self, children: list[Any]) -> list[Term]:
        operands: list[Term] = children[0]
        operands.append(children[2])
        return operands

    def close_sum(self, children: list[Any]) -> Call:
        return _infix("Add", children[0])

    def close_product(self, children: list[Any]) -> Call:
        return _infix("Mul", children[0])

    def compare(self, children: list[Any]) -> Call:
        return _infix(_COMPARISONS[str(children[1])], [children[0], children[2]])

    def subtract(self, children: list[Any]) -> Call:
        return _infix("Sub", [children[0], children[2]])

    def subtract_from_sum(self, children: list[Any]) -> Call:
        return _infix("Sub", [_infix("Add", children[0]), children[2]])

    def divide(self, children: list[Any]) -> Call:
        return _infix("Div", [children[0], children[2]])

    def divide_product(self, children: list[Any]) -> Call:
        return _infix("Div", [_infix("Mul", children[0]), children[2]])

    def raise_to(self, children: list[Any]) -> Call:
        return _infix("Pow", [children[0], children[2]])

    def negate(self, children: list[Any]) -> Call:
        operand = children[1]
        return Call("Neg", (operand,), "infix", join(span_of(children[0]), operand.span))


def _infix(head: str, operands: list[Term]) -> Call:
    return Call(head, tuple(operands), "infix", join(operands[0].span, operands[-1].span))


class Builder(TermBuilder):
    """Callbacks of ``terms.lark`` and ``declarations.lark``."""

    def declaration(self, children: list[Any]) -> Raw:
        return Raw(children[0], tuple(children[2:]))

    def predicate_head(self, children: list[Any]) -> Head:
        word, name, parameters = children
        return Head(str(word), str(name), parameters, _between(word, name))

    theorem_head = predicate_head

    def attribute_head(self, children: list[Any]) -> Head:
        word, name, parameters, _, symbol = children
        return Head(str(word), str(name), (parameters, word_of(symbol)), _between(word, name))

    def form_head(self, children: list[Any]) -> Head:
        word, name, _, symbols = children[:4]
        variadic = len(children) == 6
        detail = (tuple(symbol.name for symbol in symbols), variadic)
        return Head(str(word), str(name), detail, _between(word, name))

    def pack_head(self, children: list[Any]) -> Head:
        word, name = children[:2]
        others = tuple(word_of(child) for child in children[3:] if not isinstance(child, Token))
        return Head(str(word), word_of(name), others, join(span_of(word), name.span))

    def problem_head(self, children: list[Any]) -> Head:
        word, title = children
        return Head(str(word), word_of(title), None, join(span_of(word), title.span))

    def solution_head(self, children: list[Any]) -> Head:
        word, _, title = children
        return Head(str(word), word_of(title), None, join(span_of(word), title.span))

    def parameters(self, children: list[Any]) -> Parameters:
        return Parameters(tuple(children[1]), len(children) == 4)

    def strings(self, children: list[Any]) -> Text:
        if len(children) == 1:
            first: Text = children[0]
            return first
        return Text("".join(text.value for text in children), join(children[0].span, children[-1].span))

    def sentence(self, children: list[Any]) -> Clause:
        language = children[0].name if len(children) == 2 else "en"
        return Clause("sentence", (language, children[-1].value), join(children[0].span, children[-1].span))

    def entry(self, children: list[Any]) -> Clause:
        keyword, key, value = children
        return Clause(str(keyword), (word_of(key), word_of(value)), join(span_of(keyword), value.span))

    def clause(self, children: list[Any]) -> Clause:
        keyword, value = children
        return Clause(str(keyword), value, span_of(keyword))

    def spelling(self, children: list[Any]) -> tuple[Points, ...]:
        return tuple(children[1])

    def application(self, children: list[Any]) -> Call:
        return self.call(children)

    def claim(self, children: list[Any]) -> Claim:
        fact, reason = children[1], children[3] if len(children) == 4 else None
        last = fact if reason is None else reason
        return Claim(fact, reason, join(span_of(children[0]), last.span))


def word_of(node: Any) -> str:
    """The text of a name: of a symbol, a word of points, a number or a string."""
    if isinstance(node, Points):
        return "".join(node.names)
    if isinstance(node, Number):
        return node.text
    return str(node.name if isinstance(node, Symbol) else node.value)
