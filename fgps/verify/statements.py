"""Reading one statement that somebody else wrote: FGL if it is, else mended where one reading is left.

A statement may have several readings (a parallel in either direction); the caller lets the figure decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from fgps.data.cdl import read_line
from fgps.lang.ast import Call, Points, Symbol, Term, calls
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement
from fgps.problem.quantities import Quantities
from fgps.theory.model import Attribute, Predicate, Theory
from fgps.verify.names import entry_hint, plain
from fgps.verify.notation import notation_of, synonyms
from fgps.verify.solution import Readings, Repair

#: Signs of mathematics that have one meaning everywhere.
_SIGNS: Final = {
    "，": ",", "、": ",", "；": ";", "。": ".", "：": ":", "（": "(", "）": ")", "【": "[", "】": "]",
    "＝": "=", "＋": "+", "－": "-", "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "∙": "*", "⋅": "*",
    "＊": "*", "÷": "/", "／": "/", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2",
    "³": "**3", "½": "(1/2)", "π": "pi", "′": "'", "’": "'", "‘": "'", "^\\circ": "", "^{\\circ}": "",
    "\\circ": "", "°": "", "˚": "", "º": "", "\\cdot": "*", "\\times": "*", "\\pi": "pi", "\\left": "",
    "\\right": "", "$": "", "\u00a0": " ", "\u3000": " ", "\u200b": "", "==": "=",
}  # fmt: skip
_FRACTION: Final = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT: Final = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_SMALL_ROOT: Final = re.compile(r"√\s*([0-9]+(?:\.[0-9]+)?|[a-z])")
_PRODUCT: Final = re.compile(r"(?<=[0-9a-z)])\s*(?=√|sqrt\b)")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?=\s*\()")
_FUNCTIONS: Final = ("sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "Sqrt", "Sin", "Cos", "Tan")
_ARITHMETIC: Final = frozenset(
    ("Equal", "NotEqual", "Less", "Greater", "LessEqual", "GreaterEqual", "Add", "Sub", "Mul", "Div", "Neg")
    + ("Pow", "Mod", "Value", "Relation", "pi")
)


@dataclass(frozen=True, slots=True)
class Read:
    """Facts that a text states, each with its possible readings; empty with a ``problem`` if none."""

    facts: tuple[Readings, ...]
    repairs: tuple[Repair, ...] = ()
    problem: str = ""
    hint: str = ""


class StatementReader:
    """Reads statements under a theory; ``quantities`` of a problem narrow the readings of formulas."""

    def __init__(self, theory: Theory, quantities: Quantities | None = None) -> None:
        self._theory = theory
        self._quantities = quantities
        self._declared: dict[str, Predicate | Attribute] = {**theory.predicates, **theory.attributes}
        self._names: dict[str, str] | None = None

    def read(self, text: str) -> Read:
        """One statement, or a chain of equations."""
        text = text.strip()
        if not text:
            return Read((), problem="the statement is empty")
        term = parse_statement(text)
        if isinstance(term, Call) and self._is_plain(term):
            return self._checked(term, [])
        repairs: list[Repair] = []
        mended = self._mend(text, repairs)
        relation = self._relation(mended, repairs)
        if relation:
            return Read((relation,), tuple(repairs))
        mended = notation_of(self._theory).quantities(mended)
        facts: list[Readings] = []
        parts = _chain(mended)
        if len(parts) > 1:
            repairs.append(Repair("statement", "a chain of equal things was split into equations"))
        for part in parts:
            read = self._one(part, repairs)
            if read.problem:
                return replace(read, repairs=tuple(repairs))
            facts += read.facts
        if mended != text and not any(r.code in ("signs", "notation", "case") for r in repairs):
            repairs.append(Repair("notation", f"{_short(text)} was read as {_short(mended)}"))
        return Read(tuple(facts), tuple(dict.fromkeys(repairs)))

    def term(self, text: str) -> tuple[Term | None, tuple[Repair, ...], str]:
        """An answer or another number: a term, what was mended, and why there is none."""
        text = text.strip().rstrip(".。")
        term = parse_statement(text)
        if not isinstance(term, Diagnostic) and (not isinstance(term, Call) or self._is_plain(term)):
            return term, (), ""
        repairs: list[Repair] = []
        mended = notation_of(self._theory).quantities(self._mend(text, repairs))
        read = parse_statement(mended)
        if isinstance(read, Diagnostic):
            return None, tuple(repairs), read.headline
        if not repairs:
            repairs.append(Repair("signs", f"{_short(text)} was read as {_short(mended)}"))
        return self._tree(read, repairs), tuple(repairs), ""

    # Parts ----------------------------------------------------------------------------------

    def _one(self, text: str, repairs: list[Repair]) -> Read:
        line = read_line(text)
        if not line.statements:
            return Read((), problem=line.problem)
        repairs += [Repair("statement", message) for message in line.repairs]
        facts: list[Readings] = []
        for statement in line.statements:
            mended = self._tree(statement, repairs)
            assert isinstance(mended, Call)
            read = self._checked(mended, repairs)
            if read.problem:
                return read
            facts += read.facts
        return Read(tuple(facts))

    def _checked(self, call: Call, repairs: list[Repair]) -> Read:
        """A statement whose names are known and whose outermost form is that of a statement."""
        while call.head in ("Relation", "Value") and len(call.args) == 1 and isinstance(call.args[0], Call):
            call = call.args[0]
        for inner in calls(call):
            if not self._is_known(inner.head):
                hint = entry_hint(self._theory, inner.head)
                return Read((), tuple(repairs), f"there is no predicate or attribute {inner.head}", hint)
        if call.head == "Equal" and len(call.args) > 2:
            pairs = zip(call.args, call.args[1:], strict=False)
            return Read(tuple((replace(call, args=pair),) for pair in pairs), tuple(repairs))
        if call.head == "Equal" and len(call.args) == 2 or call.head in self._theory.predicates:
            return Read(((call,),), tuple(repairs))
        problem = f"{call.head} makes no statement: an equation or a relation is needed"
        return Read((), tuple(repairs), problem)

    def _relation(self, text: str, repairs: list[Repair]) -> Readings:
        found: list[Call] = []
        for call in notation_of(self._theory).relations(text):
            points = tuple(name for word in call.args if isinstance(word, Points) for name in word.names)
            if self._quantities is None or self._quantities.check_fact(call.head, points) is None:
                found.append(call)
        readings = tuple(dict.fromkeys(found))
        if readings:
            repairs.append(Repair("notation", f"{_short(text)} was read as {_spelled(readings[0])}"))
        return readings

    def _mend(self, text: str, repairs: list[Repair]) -> str:
        """Signs and spellings, on the text."""
        mended = text
        for other, sign in synonyms():
            if other in mended:
                mended = mended.replace(other, sign)
        for _ in range(4):
            mended = _FRACTION.sub(r"((\1)/(\2))", _ROOT.sub(r"sqrt(\1)", mended))
        mended = _PRODUCT.sub("*", mended)
        mended = _SMALL_ROOT.sub(r"sqrt(\1)", mended).replace("√", "sqrt")
        for sign, plainly in _SIGNS.items():
            if sign in mended:
                mended = mended.replace(sign, plainly)
        mended = re.sub(r"\^(?=[\d(a-z])", "**", mended).replace("[", "(").replace("]", ")")
        mended = mended.rstrip(" .;,")
        if mended != text:
            repairs.append(Repair("signs", f"{_short(text)} was read as {_short(mended)}"))
        cased = _NAME.sub(lambda match: self._spelling(match[0]), mended)
        if cased != mended:
            repairs.append(Repair("case", f"{_short(mended)} was read as {_short(cased)}"))
        return cased

    def _spelling(self, name: str) -> str:
        """The declared name that ``name`` is up to case, or itself."""
        if self._is_known(name):
            return name
        if self._names is None:
            self._names = {}
            for declared in (*self._declared, *_ARITHMETIC, *_FUNCTIONS):
                self._names.setdefault(plain(declared), declared)
        return self._names.get(plain(name), name)

    def _tree(self, term: Term, repairs: list[Repair]) -> Term:
        """Lower-case points become points, points in the place of a number the quantity they stand for."""
        if not isinstance(term, Call):
            return term
        arguments: list[Term] = []
        for argument in term.args:
            if term.head in self._declared and isinstance(argument, Symbol) and argument.name.isalpha():
                repairs.append(Repair("case", f"the points {argument.name} were written in capitals"))
                argument = Points(tuple(argument.name.upper()), argument.span)
            elif term.head in _ARITHMETIC and isinstance(argument, Points):
                bare = notation_of(self._theory).bare.get(len(argument.names))
                if bare is not None:
                    shown = "".join(argument.names)
                    repairs.append(Repair("notation", f"{shown} was read as {bare}({shown})"))
                    argument = Call(bare, (argument,), "call", argument.span)
            else:
                argument = self._tree(argument, repairs)
            arguments.append(argument)
        changed = tuple(arguments)
        return term if changed == term.args else replace(term, args=changed)

    def _is_known(self, name: str) -> bool:
        return name in self._declared or name in _ARITHMETIC or name in _FUNCTIONS

    def _is_plain(self, term: Term) -> bool:
        """FGL that needs no mending: names known, points where points belong."""
        for call in calls(term):
            if not self._is_known(call.head):
                return False
            declared = call.head in self._declared
            if any(isinstance(argument, Points) is not declared for argument in call.args) and call.head != (
                "Relation"
            ):
                return False
        return True


def _chain(text: str) -> list[str]:
    """``a = b = c`` as its equations; any other text as it is."""
    depth, cuts = 0, [-1]
    for i, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "=" and depth == 0 and (i == 0 or text[i - 1] not in "<>!="):
            cuts.append(i)
    if len(cuts) < 3:
        return [text]
    cuts.append(len(text))
    sides = [text[start + 1 : end].strip() for start, end in zip(cuts, cuts[1:], strict=False)]
    return [f"{left} = {right}" for left, right in zip(sides, sides[1:], strict=False)]


def _spelled(call: Call) -> str:
    words = ("".join(word.names) for word in call.args if isinstance(word, Points))
    return f"{call.head}({','.join(words)})"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
