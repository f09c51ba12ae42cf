"""Syntax trees to text.

Terms print so that reading them back gives the same tree, with as few brackets as that allows.
Declarations print in one stable layout: clauses in a fixed order, keywords aligned, lines of at most
`WIDTH` columns (a single term without a space to break at may be longer).  Comments are not part of
the tree; `fgps.lang.format` carries them along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from fgps.lang.ast import OPERATORS, Call, Claim, Declaration, Number, Parameters, Points, Symbol, Term, Text
from fgps.lang.build import Clause, Head, Raw, fraction
from fgps.lang.layout import WIDTH, Entry, fill
from fgps.lang.unassemble import unassemble

__all__ = ["WIDTH", "Notation", "print_declaration", "print_file", "print_term"]

#: ``keep``: as the author wrote each call; ``infix``: signs wherever there is one; ``call``: none.
Notation = Literal["keep", "infix", "call"]

_COMPARISON: Final = 1
_ATOM: Final = 9
_NUMERAL: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TITLE: Final = re.compile(
    r"[A-Za-z_\u0370-\u03ff][A-Za-z0-9_\u0370-\u03ff]*'*|(?:[A-Z][0-9]*'*)+|[0-9]+(?:\.[0-9]+)?"
)


def print_term(term: Term, notation: Notation = "keep", spaced: bool = False) -> str:
    """``term`` as text.

    Infix signs at the top have spaces around them.  Inside the brackets of a call everything is
    tight, as in the CDL (``Equal(LengthOfLine(TR),x+21)``); ``spaced`` puts spaces there as well.
    """
    return _term(term, notation, spaced, True)[0]


def _term(term: Term, notation: Notation, spaced: bool, top: bool) -> tuple[str, int]:
    """The text of a term and how tightly it binds."""
    if isinstance(term, Points):
        return "".join(term.names), _ATOM
    if isinstance(term, Symbol):
        return term.name, _ATOM
    if isinstance(term, Number):
        return _number(term.value, term.text)
    if isinstance(term, Text):
        return quote(term.value), _ATOM
    operator = OPERATORS.get(term.head)
    if operator is not None and notation != "call" and (notation == "infix" or term.notation == "infix"):
        count = len(term.args)
        if count == (1 if term.head == "Neg" else 2) or (count > 2 and term.head in ("Add", "Mul")):
            return _infix(term, operator[0], operator[1], notation, spaced, top), operator[1]
    parts = [_term(argument, notation, spaced, spaced)[0] for argument in term.args]
    return f"{term.head}({(', ' if spaced else ',').join(parts)})", _ATOM


def _infix(term: Call, sign: str, binding: int, notation: Notation, spaced: bool, top: bool) -> str:
    """An operator with its operands, each in brackets if it would be read otherwise without them."""
    operands = [_term(argument, notation, spaced, top) for argument in term.args]
    if term.head == "Neg":
        text, operand = operands[0]
        bare = operand > binding and not text.startswith("-")
        return f"-{text}" if bare else f"-({text})"
    if term.head == "Pow":
        (base, base_binding), (exponent, exponent_binding) = operands
        left = base if base_binding > binding else f"({base})"
        return f"{left}**{exponent if exponent_binding >= OPERATORS['Neg'][1] else f'({exponent})'}"
    words = []
    for position, (text, operand) in enumerate(operands):
        if position or binding == _COMPARISON:
            bare = operand > binding
        else:  # a sum in front of `+` would be read as part of it
            bare = operand > binding or (operand == binding and not _merges(term, term.args[0]))
        words.append(text if bare else f"({text})")
    return (f" {sign} " if top else sign).join(words)


def _merges(term: Call, first: Term) -> bool:
    """Whether ``first`` in front of the sign of ``term`` would be read as more of its operands."""
    return isinstance(first, Call) and first.head == term.head and term.head in ("Add", "Mul")


@lru_cache(maxsize=4096)
def _number(value: Fraction, text: str) -> tuple[str, int]:
    """A number as it was written, if that is its value; otherwise as a decimal or a quotient.

    Only values with a finite decimal of moderate length and not below 0 are literals of FGL; others
    print as the expression that has the value.
    """
    if text and _NUMERAL.fullmatch(text) and fraction(text) == value:
        return text, _ATOM
    if value < 0:
        return f"-{_number(-value, '')[0]}", OPERATORS["Neg"][1]
    if value.denominator == 1:
        return str(value.numerator), _ATOM
    for places in range(1, 30):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}", _ATOM
    return f"{value.numerator}/{value.denominator}", OPERATORS["Div"][1]


def quote(text: str) -> str:
    """A text as an FGL string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def title(name: str) -> str:
    """The name of a problem or a key: bare if it is a word or a number, in quotes otherwise."""
    return name if _TITLE.fullmatch(name) else quote(name)


def print_declaration(declaration: Declaration) -> str:
    """The declaration in the standard layout, without a line break at the end."""
    return "\n".join(fill(entries(unassemble(declaration))))


def print_file(declarations: Iterable[Declaration]) -> str:
    """A file of declarations; a blank line separates them unless both have a single line."""
    texts = [print_declaration(declaration) for declaration in declarations]
    lines: list[str] = []
    for position, text in enumerate(texts):
        if position and ("\n" in text or "\n" in texts[position - 1]):
            lines.append("")
        lines.append(text)
    return "\n".join(lines) + "\n" if lines else ""


def entries(raw: Raw) -> list[Entry]:
    """The lines of a declaration before wrapping: its head, then one entry for each clause."""
    head = raw.head
    theory = head.word not in ("problem", "solution")
    found = [Entry(0, "", [_head(head)], "", [head.span])]
    indent = 4
    for clause in raw.clauses:
        if isinstance(clause, Call):
            found.append(Entry(4, "", [print_term(clause)], "", [clause.span]))
        elif isinstance(clause, Claim):
            found.append(_claim(clause))
        elif clause.keyword == "branch":
            indent = 8
            found.append(Entry(4, "branch", [_value(clause.value, theory)], "", [clause.span]))
        else:
            bare = len(found) == 1  # further on, a bare text would join the text before it
            found.append(_clause(clause, 4 if clause.keyword == "sentence" else indent, theory, bare))
    if len(found) > 1 and not found[1].keyword and found[1].pieces[0].startswith('"'):
        # A sentence stays on the line of the head where the author put it there.
        short = head.word in ("construction", "basic", "operator", "goal", "pack")
        found[1].joins_previous = found[1].spans[0].line == head.span.line if head.span.line else short
    return found


def _claim(claim: Claim) -> Entry:
    pieces = [print_term(claim.fact)]
    if claim.reason is not None:
        pieces.append(f"by {print_term(claim.reason)}")
    return Entry(4, "claim", pieces, "", [claim.span] * len(pieces))


def _clause(clause: Clause, indent: int, theory: bool, bare: bool) -> Entry:
    if clause.keyword in ("sentence", "text", "meta"):
        key, text = clause.value
        if clause.keyword == "sentence":
            piece = quote(text) if key == "en" and bare else f"{key} {quote(text)}"
            return Entry(indent, "", [piece], "", [clause.span])
        value = text if clause.keyword == "meta" and _NUMERAL.fullmatch(text) else quote(text)
        return Entry(indent, f"{clause.keyword} {title(key)}", [value], "", [clause.span])
    items = clause.value if isinstance(clause.value, list) else [clause.value]
    spans = [item[0].span if isinstance(item, tuple) else item.span for item in items]
    spans[0] = clause.span if clause.span.line else spans[0]
    return Entry(indent, clause.keyword, [_value(item, theory) for item in items], ",", spans)


def _value(item: Term | tuple[Points, ...], theory: bool) -> str:
    if isinstance(item, tuple):
        return f"({', '.join(''.join(word.names) for word in item)})"
    return print_term(item, spaced=theory)


def _head(head: Head) -> str:
    return _HEADS.get(head.word, _predicate_head)(head) + ":"


def _parameters(parameters: Parameters) -> str:
    words = ", ".join("".join(word.names) for word in parameters.words)
    return f"({words}{'...' if parameters.variadic else ''})"


def _predicate_head(head: Head) -> str:
    return f"{head.word} {head.name}{_parameters(head.detail)}"


def _attribute_head(head: Head) -> str:
    parameters, symbol = head.detail
    return f"{head.word} {head.name}{_parameters(parameters)} symbol {symbol}"


def _form_head(head: Head) -> str:
    names, variadic = head.detail
    return f"{head.word} {head.name}({', '.join(names)}{'...' if variadic else ''})"


def _pack_head(head: Head) -> str:
    return f"{head.word} {head.name}" + (f" extends {', '.join(head.detail)}" if head.detail else "")


_HEADS: Final[dict[str, Callable[[Head], str]]] = {
    "attribute": _attribute_head,
    "operator": _form_head,
    "goal": _form_head,
    "pack": _pack_head,
    "problem": lambda head: f"problem {title(head.name)}",
    "solution": lambda head: f"solution of {title(head.name)}",
}
