"""Terms and statements as formulas: ``∠ABC + 2x = 180°``.

How an attribute or relation is written comes from its ``notation`` in the theory.  Angles are
numbers of degrees in FGL; here a number that stands for degrees gets its sign back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from fgps.lang.ast import OPERATORS, Call, Number, Points, Symbol, Term, Text, calls, letters, symbols
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.render.dialects import Dialect
from fgps.theory.instantiate import canonical
from fgps.theory.model import Theory
from fgps.theory.primitives import PRIMITIVES

_COMPARE: Final = {
    "Equal": "=",
    "NotEqual": "≠",
    "Less": "<",
    "Greater": ">",
    "LessEqual": "≤",
    "GreaterEqual": "≥",
}
_ANGULAR: Final = ("angle", "arc")
_TRIG: Final = {"Sin": "sin", "Cos": "cos", "Tan": "tan", "sin": "sin", "cos": "cos", "tan": "tan"}
_INVERSE: Final = {"acos": "arccos", "asin": "arcsin", "atan": "arctan"}
#: Primitives that are read off the figure, unlike roots and sines of numbers.
_MEASURED: Final = frozenset(
    name for name, signature in PRIMITIVES.items() if signature.arguments != ("number",)
)
_SUM, _PRODUCT, _FACTOR, _ATOM = 1, 2, 3, 4
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")
_NOTATION: Final = re.compile(
    r"_\[(?P<index>[^\]]*)\]|⌒\{(?P<arc>[^{}]*)\}|\{(?P<word>[^{}]*)\}|(?P<sign>.)", re.S
)


def parse_exact(text: str) -> Term | None:
    """The printed form of an exact number (``2*sqrt(3)``, ``10*sin(43°)``) as a term."""
    found = parse_statement(text.replace("°", ""))
    return found if isinstance(found, Points | Number | Symbol | Call) else None


def words_of(text: str, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The points that a word of parameters stands for."""
    return tuple(mapping.get(name, name) for name in _POINT.findall(text))


class Formulas:
    """Spells terms and statements of one theory in one dialect; the results are bare formulas."""

    def __init__(self, theory: Theory, dialect: Dialect) -> None:
        self.theory = theory
        self.dialect = dialect

    # Statements -----------------------------------------------------------------------------

    def statement(self, statement: Call) -> str | None:
        """An equation, comparison or relation with a notation as a formula; None for other relations."""
        sign = _COMPARE.get(statement.head)
        if sign is not None and len(statement.args) == 2:
            left, right = statement.args
            degrees = self.is_angle(left) or self.is_angle(right)
            return self._sign(self.term(left, degrees), sign, self.term(right, degrees))
        predicate = self.theory.predicates.get(statement.head)
        if predicate is None or not predicate.declaration.notation:
            return None
        mapping = dict(zip(predicate.letters, letters(statement), strict=False))
        return self.fill(predicate.declaration.notation, mapping)

    def value(self, term: Term, value: Term | str) -> str:
        """``term = value``; the value as a term, or as text where it has no form as a term."""
        degrees = self.is_angle(term)
        right = self.dialect.text(value) if isinstance(value, str) else self.term(value, degrees)
        return self._sign(self.term(term, degrees), "=", right)

    def _sign(self, left: str, sign: str, right: str) -> str:
        return f"{left} {self.dialect.sign(sign)} {right}"

    def fill(self, notation: str, mapping: Mapping[str, str]) -> str:
        """A notation with the points put in."""
        parts: list[str] = []
        for found in _NOTATION.finditer(notation):
            if found["index"] is not None:
                parts.append(self.dialect.index(self.fill(found["index"], mapping)))
            elif found["arc"] is not None:
                parts.append(self.dialect.arc(self.points(words_of(found["arc"], mapping))))
            elif found["word"] is not None:
                parts.append(self.points(words_of(found["word"], mapping)))
            elif found["sign"].isalpha() and found["sign"].isascii():
                parts.append(self.dialect.point(found["sign"]))
            else:
                parts.append(self.dialect.sign(found["sign"]))
        return "".join(parts)

    def points(self, names: tuple[str, ...]) -> str:
        """A word of points."""
        return "".join(map(self.dialect.point, names))

    # Terms ----------------------------------------------------------------------------------

    def is_angle(self, term: Term) -> bool:
        """Whether a term is a number of degrees, as far as its attributes say."""
        if not isinstance(term, Call):
            return False
        attribute = self.theory.attributes.get(term.head)
        if attribute is not None:
            return attribute.kind == "angle"
        if term.head in _ANGULAR:
            return True
        if term.head in ("Add", "Sub", "Neg", "Value", "abs"):
            return any(map(self.is_angle, term.args))
        if term.head == "Mul":
            others = [argument for argument in term.args if not self.is_angle(argument)]
            return len(others) == len(term.args) - 1 and all(map(self._is_pure, others))
        if term.head == "Div" and len(term.args) == 2:
            return self.is_angle(term.args[0]) and self._is_pure(term.args[1])
        return False

    def _is_pure(self, term: Term) -> bool:
        """Made of numbers and symbols only."""
        return not any(call.head in self.theory.attributes or call.head in _MEASURED for call in calls(term))

    def term(self, term: Term, degrees: bool = False) -> str:
        """A term; ``degrees``: what stands for itself in it is a number of degrees."""
        return self._term(term, degrees)[0]

    def _term(self, term: Term, degrees: bool) -> tuple[str, int]:
        """The formula, and how tightly it binds."""
        if degrees and self._is_pure(term) and not isinstance(term, Points | Text):
            return self._degrees(term)
        if isinstance(term, Points):
            return self.points(term.names), _ATOM
        if isinstance(term, Symbol):
            return self.dialect.symbol(term.name), _ATOM
        if isinstance(term, Number):
            return self._number(term)
        if isinstance(term, Text):
            return self.dialect.text(term.value), _ATOM
        return self._call(term, degrees)

    def _degrees(self, term: Term) -> tuple[str, int]:
        """A number of degrees.  Exact arc cosines come as ``180*acos(c)/pi``, a number of degrees."""
        if isinstance(term, Call) and term.head == "Div" and term.args[1] == Symbol("pi"):
            top = term.args[0]
            if isinstance(top, Call) and top.head == "Mul" and isinstance(top.args[0], Number):
                return self._turns(top.args[0].value / 180, Call("Mul", top.args[1:]))
        if isinstance(term, Call) and term.head == "Div" and all(isinstance(a, Number) for a in term.args):
            top_text = self.dialect.degrees(self.term(term.args[0]))
            bottom_text = self.term(term.args[1])
            return self.dialect.fraction(top_text, bottom_text, True, True), self._fraction_binding
        if isinstance(term, Call) and term.head in ("Add", "Sub") and not _has_unknowns(term):
            return self._sum(term, True)
        text, binding = self._term(term, False)
        bare = binding >= _ATOM or (isinstance(term, Call) and term.head in ("sqrt", "Mul"))
        return self.dialect.degrees(text if bare else f"({text})"), _FACTOR

    def _turns(self, factor: Fraction, product: Call) -> tuple[str, int]:
        """A multiple of arc cosines."""
        words = (Number(Fraction(factor.numerator)),) if factor.numerator != 1 else ()
        above = Call("Mul", (*words, *product.args))
        if factor.denominator == 1:
            return self._product(above, False)
        return self._quotient(Call("Div", (above, Number(Fraction(factor.denominator)))), False)

    def _number(self, term: Number) -> tuple[str, int]:
        if term.value.denominator != 1 and not term.text:
            top, bottom = str(term.value.numerator), str(term.value.denominator)
            return self.dialect.fraction(top, bottom, True, True), self._fraction_binding
        text = print_term(term)
        if text.startswith("-"):
            return self.dialect.sign("−") + self.dialect.number(text[1:]), _SUM
        return self.dialect.number(text), _ATOM

    def _call(self, term: Call, degrees: bool) -> tuple[str, int]:
        attribute = self.theory.attributes.get(term.head)
        if attribute is not None:
            points = letters(term)
            if len(attribute.groups) > 1 and len(points) == len(attribute.letters):
                points = canonical(attribute, points)  # one ratio has one name, whichever corner comes first
            mapping = dict(zip(attribute.letters, points, strict=False))
            notation = (
                attribute.declaration.notation or f"{attribute.symbol}({{{''.join(attribute.letters)}}})"
            )
            return self.fill(notation, mapping), _ATOM
        method = _METHODS.get(term.head)
        if method is not None and term.args:
            return method(self, term, degrees)
        if term.head in PRIMITIVES:
            return self._primitive(term), _ATOM
        inner = self.statement(term)
        if inner is not None:
            return f"({inner})", _ATOM
        arguments = ", ".join(self._term(argument, False)[0] for argument in term.args)
        return f"{self.dialect.word(term.head)}({arguments})", _ATOM

    def _bracketed(self, term: Term, degrees: bool, least: int) -> str:
        text, binding = self._term(term, degrees)
        return text if binding >= least else f"({text})"

    def _sum(self, term: Call, degrees: bool) -> tuple[str, int]:
        sign = "+" if term.head == "Add" else "−"
        words = []
        for position, argument in enumerate(term.args):
            if position and isinstance(argument, Call) and argument.head == "Neg" and sign == "+":
                words.append(
                    f" {self.dialect.sign('−')} {self._bracketed(argument.args[0], degrees, _PRODUCT)}"
                )
                continue
            least = _SUM if position == 0 or (sign == "+" and not _is_negative(argument)) else _PRODUCT
            text = self._bracketed(argument, degrees, least)
            words.append(f" {self.dialect.sign(sign)} {text}" if position else text)
        return "".join(words), _SUM

    def _product(self, term: Call, degrees: bool) -> tuple[str, int]:
        factors = sorted(_grouped(term.args), key=_rank)
        if len(factors) == 1:
            return self._term(factors[0], degrees)
        result, before = "", None
        for position, argument in enumerate(factors):
            angular = degrees and not self._is_pure(argument)
            negative = position == 0 and _is_negative(argument)
            least = _FACTOR if position else _SUM if negative else _PRODUCT
            text = self._bracketed(argument, angular, least)
            if _is_function(argument) and position < len(factors) - 1:
                text = f"({text})"
            if before is not None:
                result += self._between(before, argument)
            result += text
            before = argument
        return result, _SUM if _is_negative(factors[0]) else _PRODUCT

    def _between(self, left: Term, right: Term) -> str:
        """The sign of a product; nothing between a number or symbol and a name or root."""
        if _is_negative(left):
            assert isinstance(left, Call)
            left = left.args[0]
        if left == Number(Fraction(1)):
            return self.dialect.times
        if isinstance(left, Number) and left.value.denominator == 1 and not _starts_with_digit(right):
            return self.dialect.space if _is_function(right) else ""
        if isinstance(left, Symbol) or (isinstance(left, Call) and left.head in ("sqrt", "Sqrt")):
            return "" if isinstance(right, Symbol) else self.dialect.times
        return self.dialect.times

    @property
    def _fraction_binding(self) -> int:
        """A quotient on one line binds like a product; one above the other needs no brackets."""
        return _FACTOR if self.dialect.stacks else _PRODUCT

    def _quotient(self, term: Call, degrees: bool) -> tuple[str, int]:
        positive = _without_sign(term.args[0])
        if positive is not None:
            text, _ = self._quotient(Call("Div", (positive, term.args[1])), degrees)
            return self.dialect.sign("−") + text, _SUM
        top, top_binding = self._term(term.args[0], degrees)
        bottom, bottom_binding = self._term(term.args[1], False)
        single = bottom_binding >= _FACTOR and not (
            isinstance(term.args[1], Call) and term.args[1].head == "Div"
        )
        text = self.dialect.fraction(top, bottom, top_binding >= _PRODUCT, single)
        return text, self._fraction_binding

    def _power(self, term: Call, degrees: bool) -> tuple[str, int]:
        base, binding = self._term(term.args[0], False)
        exponent = self._term(term.args[1], False)[0]
        single = binding >= _ATOM
        return self.dialect.power(base if single else f"({base})", exponent), _FACTOR

    def _negative(self, term: Call, degrees: bool) -> tuple[str, int]:
        return self.dialect.sign("−") + self._bracketed(term.args[0], degrees, _PRODUCT), _SUM

    def _root(self, term: Call, degrees: bool) -> tuple[str, int]:
        inside, binding = self._term(term.args[0], False)
        return self.dialect.root(inside, binding >= _ATOM), _FACTOR

    def _function(self, term: Call, degrees: bool) -> tuple[str, int]:
        name = _TRIG[term.head]
        text, binding = self._term(term.args[0], True)
        inner = text if binding >= _PRODUCT else f"({text})"
        space = "" if inner.startswith("(") or self.dialect.name == "latex" else self.dialect.space
        return f"{self.dialect.word(name)}{space}{inner}", _FACTOR

    def _inverse(self, term: Call, degrees: bool) -> tuple[str, int]:
        inner = self._term(term.args[0], False)[0]
        return f"{self.dialect.word(_INVERSE[term.head])}({inner})", _FACTOR

    def _primitive(self, term: Call) -> str:
        """A number read off the figure, as the figure's notation has it."""
        names = letters(term)
        if term.head == "distance" and len(names) == 2:
            return self.points(names)
        if term.head == "angle" and len(names) == 3:
            return self.dialect.sign("∠") + self.points(names)
        if term.head == "arc" and len(names) == 3:
            return self.dialect.arc(self.points(names[1:]))
        arguments = ", ".join(self._term(argument, False)[0] for argument in term.args)
        return f"{self.dialect.word(term.head)}({arguments})"


def _is_negative(term: Term) -> bool:
    return isinstance(term, Call) and term.head == "Neg"


def _without_sign(term: Term) -> Term | None:
    """What a term is the negative of, if it begins with the sign."""
    if isinstance(term, Call) and term.head == "Mul" and _is_negative(term.args[0]):
        first = term.args[0]
        assert isinstance(first, Call)
        return Call("Mul", (*first.args, *term.args[1:]), "infix")
    return term.args[0] if isinstance(term, Call) and term.head == "Neg" else None


def _grouped(arguments: tuple[Term, ...]) -> Iterator[Term]:
    """The factors of a product, those of inner products among them, equal quantities as powers."""
    flat: list[Term] = []
    for argument in arguments:
        inner = isinstance(argument, Call) and argument.head == "Mul"
        flat += _grouped(argument.args) if inner and isinstance(argument, Call) else (argument,)
    for factor in dict.fromkeys(flat):
        count = flat.count(factor)
        if count == 1 or not isinstance(factor, Call) or factor.head in OPERATORS:
            yield from [factor] * count
        else:
            yield Call("Pow", (factor, Number(Fraction(count), str(count))), "infix")


def _rank(factor: Term) -> int:
    """The place of a factor: numbers, then quantities, then functions, which need no brackets at the end."""
    if _is_numeric(factor):
        return 0 if isinstance(factor, Number) or _is_negative(factor) else 1
    return 3 if _is_function(factor) else 2


def _is_numeric(term: Term) -> bool:
    """A number, root or fraction of numbers."""
    if isinstance(term, Call):
        return term.head in ("Div", "Mul", "Neg", "sqrt") and all(map(_is_numeric, term.args))
    return isinstance(term, Number)


def _has_unknowns(term: Term) -> bool:
    return any(symbol.name != "pi" for symbol in symbols(term))


def _is_function(term: Term) -> bool:
    return isinstance(term, Call) and (term.head in _TRIG or term.head in _INVERSE)


def _starts_with_digit(term: Term) -> bool:
    """Whether the formula of a factor begins with a digit, so that it needs a sign before it."""
    if isinstance(term, Number):
        return True
    if isinstance(term, Call) and term.head in ("Pow", "Div", "Mul", "Add", "Sub") and term.args:
        return _starts_with_digit(term.args[0]) or term.head == "Div"
    return False


_METHODS: Final = {
    "Add": Formulas._sum,
    "Sub": Formulas._sum,
    "Mul": Formulas._product,
    "Div": Formulas._quotient,
    "Pow": Formulas._power,
    "Neg": Formulas._negative,
    **dict.fromkeys(("Sqrt", "sqrt"), Formulas._root),
    **dict.fromkeys(_TRIG, Formulas._function),
    **dict.fromkeys(_INVERSE, Formulas._inverse),
}
