"""Single statements of the formalgeo CDL: parsed, and mended where they have one possible reading.

`read_line` returns the statement, or None, and says in words what was mended.  Points of the CDL are
single capital letters.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from fgps.lang.ast import Call, Number, Points, Symbol, Term
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_application, parse_statement

#: Slips of the keyboard, tried in this order on a line that does not parse.
_LEXICAL: Final = (
    (re.compile("，"), ",", "a full-width comma was replaced"),
    (re.compile("（"), "(", "a full-width parenthesis was replaced"),
    (re.compile("）"), ")", "a full-width parenthesis was replaced"),
    (re.compile(r"(?<=[A-Z])\.(?=[A-Z])"), ",", "a dot was read as a comma"),
    (re.compile(r",+(?=\))"), "", "a comma before a parenthesis was left out"),
    (re.compile(r"(?<![A-Za-z0-9])0(?=[A-Z])"), "O", "the digit 0 was read as the point O"),
    (re.compile(r"(?<=\d)(?=[a-z])"), "*", "a multiplication sign was put in"),
)
_ARITHMETIC: Final = frozenset(("Equal", "Value", "Add", "Sub", "Mul", "Div", "Pow", "Neg", "Sqrt", "Mod"))


class Line(NamedTuple):
    """A statement read: None if nothing could be made of the text.

    ``repairs`` say what was mended, ``problem`` why there is no statement.
    """

    statements: tuple[Call, ...]
    repairs: tuple[str, ...] = ()
    problem: str = ""


def read_line(text: str) -> Line:
    """A construction statement, fact, equation or goal; one text may hold several equations."""
    repairs: list[str] = []
    term = _parse(text, repairs)
    if isinstance(term, Diagnostic):
        return Line((), (), term.headline)
    if not isinstance(term, Call):
        return Line((), (), "this is no statement")
    if term.notation == "call" and term.head not in _ARITHMETIC:
        return Line((_with_points(term, repairs),), tuple(repairs))
    mended = _with_symbols(term, repairs)
    if mended.head == "Value" and len(mended.args) > 1:
        repairs.append("only the first argument of Value counts")
        mended = replace(mended, args=mended.args[:1])
    if mended.head == "Equal" and len(mended.args) > 2:
        repairs.append("a chain of equal things was split into equations")
        pairs = zip(mended.args, mended.args[1:], strict=False)
        return Line(tuple(replace(mended, args=pair) for pair in pairs), tuple(repairs))
    return Line((mended,), tuple(repairs))


def read_expression(text: str) -> Term | Diagnostic:
    """An answer: any closed expression."""
    return parse_statement(text)


def read_application(text: str) -> tuple[Call | None, tuple[str, ...], str]:
    """A theorem application: the call or None, what was mended, what is wrong."""
    result = parse_application(text)
    if isinstance(result, Diagnostic):
        return None, (), result.headline
    repairs: list[str] = []
    call = replace(result, args=tuple(_as_points(argument, repairs) for argument in result.args))
    if all(isinstance(argument, (Number, Points)) for argument in call.args):
        return call, tuple(repairs), ""
    return None, (), "the arguments of a theorem are points"


def _parse(text: str, repairs: list[str]) -> Term | Diagnostic:
    term = parse_statement(text)
    if not isinstance(term, Diagnostic):
        return term
    for pattern, replacement, message in _LEXICAL:
        changed = pattern.sub(replacement, text)
        if changed != text:
            text = changed
            repairs.append(message)
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
        repairs.append("a parenthesis too many was left out")
    mended = parse_statement(text)
    return term if isinstance(mended, Diagnostic) else mended


def _with_points(call: Call, repairs: list[str]) -> Call:
    """A relation or shape whose arguments are points; lower-case letters become points."""
    if all(isinstance(argument, Points) for argument in call.args):
        return call
    return replace(call, args=tuple(_as_statement_argument(argument, repairs) for argument in call.args))


def _as_statement_argument(argument: Term, repairs: list[str]) -> Term:
    # Relation(...) and Value(...) of relations hold a relation.
    if isinstance(argument, Call):
        return _with_points(argument, repairs)
    return _as_points(argument, repairs)


def _as_points(term: Term, repairs: list[str]) -> Term:
    if isinstance(term, Symbol) and term.name.isascii() and term.name.isalpha():
        repairs.append(f"the points {term.name} were written in capitals")
        return Points(tuple(term.name.upper()), term.span)
    return term


def _with_symbols(call: Call, repairs: list[str]) -> Call:
    """An equation or value: a single capital where a number belongs is a free symbol."""
    arguments = tuple(_operand(argument, repairs) for argument in call.args)
    return call if arguments == call.args else replace(call, args=arguments)


def _operand(term: Term, repairs: list[str]) -> Term:
    if isinstance(term, Points) and len(term.names) == 1 and len(term.names[0]) == 1:
        name = term.names[0].lower()
        repairs.append(f"the symbol {term.names[0]} was read as {name}")
        return Symbol(name, term.span)
    if isinstance(term, Call):
        if term.notation == "infix" or term.head in _ARITHMETIC:
            return _with_symbols(term, repairs)
        if term.head[0].isupper() and any(isinstance(argument, Symbol) for argument in term.args):
            return _attribute(term, repairs)
    return term


def _attribute(term: Call, repairs: list[str]) -> Term:
    """``LengthOfLine(Ao)``: an attribute of points, unless it is a function of a symbol (``Sin(x)``)."""
    arguments = tuple(
        _as_points(argument, repairs) if isinstance(argument, Symbol) and len(argument.name) > 1 else argument
        for argument in term.args
    )
    return replace(term, args=arguments)
