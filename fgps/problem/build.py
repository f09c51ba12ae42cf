"""From a declaration to a `Problem`: construction, then givens and goal checked against it.

Statements that speak of figures that do not exist are left out with a warning, as are relations
between points that may not coincide; unknown names and wrong numbers of arguments are errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from fgps.lang.ast import (
    OPERATORS,
    Call,
    Number,
    Points,
    ProblemDeclaration,
    Span,
    Symbol,
    Term,
    Text,
    letters,
    symbols,
)
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean, error
from fgps.problem.construction import Construction, construct
from fgps.problem.facts import Fact, make_fact
from fgps.problem.model import Given, Goal, Problem
from fgps.problem.quantities import Quantities
from fgps.theory.instantiate import canonical, spell
from fgps.theory.model import CONSTRUCTIVE, Attribute, Predicate, Theory

#: Operators and functions of one or two arguments (of sums and products: two or more).
_ARITY: Final[Mapping[str, tuple[int, int]]] = {
    "Add": (2, 1000),
    "Mul": (2, 1000),
    "Sub": (2, 2),
    "Div": (2, 2),
    "Pow": (2, 2),
    "Neg": (1, 1),
    "Sqrt": (1, 1),
    "Sin": (1, 1),
    "Cos": (1, 1),
    "Tan": (1, 1),
    **dict.fromkeys(("sqrt", "sin", "cos", "tan", "asin", "acos", "atan"), (1, 1)),
}
_OF_ANGLES: Final = ("Sin", "Cos", "Tan")


def build_problem(
    declaration: ProblemDeclaration, theory: Theory, source_name: str = "", strict: bool = True
) -> Problem:
    """The problem that a declaration means under a theory.  Never raises on bad input.

    ``source_name`` goes into diagnostics.  With ``strict=False`` (public data with slips) a given that
    makes no sense is left out with a warning, where FGL gets an error.
    """
    construction = construct(declaration.construct, _named_circles(declaration, theory))
    builder = _Builder(theory, construction, Quantities(theory, construction), strict)
    givens = tuple(builder.givens(declaration))
    goal = builder.goal(declaration)
    return Problem(
        name=declaration.name,
        theory=theory,
        declaration=declaration,
        construction=construction,
        givens=givens,
        goal=goal,
        expected=declaration.answer,
        diagnostics=tuple(
            found if found.source_name else replace(found, source_name=source_name)
            for found in (*construction.diagnostics, *builder.found)
        ),
    )


def _named_circles(declaration: ProblemDeclaration, theory: Theory) -> list[str]:
    """Circles whose letter a given uses as a point: their centre."""
    circles = {letters(s)[0] for s in declaration.construct if s.head == "Cocircular" and letters(s)}
    named: dict[str, None] = {}
    for statement in (*declaration.given, *declaration.image):
        predicate = theory.predicates.get(statement.head)
        points = letters(statement)
        if predicate is None or len(points) != len(predicate.letters):
            continue
        for need in predicate.declaration.needs:
            if need.head == "Point":
                point = points[predicate.letters.index(letters(need)[0])]
                if point in circles:
                    named[point] = None
    return list(named)


@dataclass
class _Rejected(Exception):
    """A statement that cannot be used: thrown and caught in this module only."""

    diagnostic: Diagnostic


class _Builder:
    def __init__(
        self, theory: Theory, construction: Construction, quantities: Quantities, strict: bool
    ) -> None:
        self.theory = theory
        self.construction = construction
        self.quantities = quantities
        self.strict = strict
        self.found: list[Diagnostic] = []

    def givens(self, declaration: ProblemDeclaration) -> Iterator[Given]:
        """All usable givens, text before image, each once."""
        seen: set[Call | Fact] = set()
        for source, statements in (("text", declaration.given), ("image", declaration.image)):
            for statement in statements:
                if statement in seen:
                    continue
                seen.add(statement)
                try:
                    given = self._given(statement, source)
                except _Rejected as rejected:
                    found = rejected.diagnostic
                    # A name that no theory knows is no slip of the data: the theory is the wrong one.
                    if not self.strict and not found.code.startswith("unknown-"):
                        found = _as_warning(found)
                    self.found.append(_located(found, statement.span))
                    continue
                key: Call | Fact = given.term
                if given.fact is not None:
                    predicate = self.theory.predicates[given.fact[0]]
                    key = (given.fact[0], canonical(predicate, given.fact[1]))
                    if key in seen:
                        continue
                    seen.add(key)
                yield given

    def goal(self, declaration: ProblemDeclaration) -> Goal | None:
        """The goal, or None with an error."""
        term = declaration.find
        if term is None:
            self.found.append(error("bad-declaration", "the problem asks for nothing", declaration.span))
            return None
        try:
            return self._goal(term)
        except _Rejected as rejected:
            # A goal cannot be left out.
            found = replace(rejected.diagnostic, severity=Severity.ERROR, notes=())
            self.found.append(_located(found, term.span))
            return None

    def _given(self, statement: Call, source: str) -> Given:
        if statement.head == "Equal":
            return Given("equation", self._equation(statement), None, source)
        fact = self._fact(statement, mend=not self.strict)
        if fact[1] != letters(statement):
            statement = replace(spell(self.theory.predicates[fact[0]], fact[1]), span=statement.span)
        return Given("relation", statement, fact, source)

    def _goal(self, term: Term) -> Goal:
        if isinstance(term, Call):
            if term.head in ("Value", "Relation") and len(term.args) != 1:
                raise _Rejected(error("bad-arguments", f"{term.head} takes one argument", term.span))
            if term.head == "Value":
                return Goal("value", self._number(term.args[0]))
            if term.head == "Equal":
                return Goal("equation", self._equation(term))
            if term.head == "Relation":
                term = term.args[0]
                if not isinstance(term, Call):
                    raise _Rejected(error("bad-arguments", "Relation takes a relation", term.span))
                self._fact(term)
                return Goal("relation", term)
            if term.head in self.theory.predicates:
                self._fact(term)
                return Goal("relation", term)
        return Goal("value", self._number(term))

    def _fact(self, statement: Call, mend: bool = False) -> Fact:
        predicate = self.theory.predicates.get(statement.head)
        if predicate is None:
            raise _Rejected(self._unknown(statement, "predicate"))
        points = self._points(statement, predicate)
        problem = self.quantities.check_fact(predicate.name, points)
        if problem is None:
            return make_fact(predicate.name, points)
        readings = self._turned(predicate, points) if mend else []
        if len(readings) != 1:
            raise _Rejected(_as_warning(problem))
        message = f"{problem.headline}; it was read with the corners as {''.join(readings[0])}"
        self.found.append(Diagnostic("repaired", Severity.WARNING, message, statement.span))
        return make_fact(predicate.name, readings[0])

    def _turned(self, predicate: Predicate, points: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Other orders of the corners, for a relation between one polygon and something at its corner.

        The corner that both share fixes the order but for the direction, and only one of the two exists.
        """
        needed = [letters(need) for need in predicate.declaration.needs if need.head == "Polygon"]
        if len(needed) != 1 or not predicate.declaration.forms:
            return []
        found, start = [], 0
        for size in predicate.groups:
            end = start + size
            others = predicate.letters[:start] + predicate.letters[end:]
            word = predicate.letters[start:end]
            if word == needed[0] and not set(word).isdisjoint(others):
                corners = points[start:end]
                for row in (corners, corners[::-1]):
                    for k in range(size):
                        turned = (*points[:start], *row[k:], *row[:k], *points[end:])
                        if self.quantities.check_fact(predicate.name, turned) is None:
                            found.append(turned)
            start = end
        return found

    def _points(self, statement: Call, declared: Predicate | Attribute) -> tuple[str, ...]:
        for argument in statement.args:
            if not isinstance(argument, Points):
                message = f"{statement.head} takes points"
                raise _Rejected(error("bad-arguments", message, argument.span or statement.span))
        points = letters(statement)
        variadic = isinstance(declared, Predicate) and declared.variadic
        if len(points) != len(declared.letters) and not variadic:
            shown = _signature(declared)
            message = f"{statement.head} takes {len(declared.letters)} points, not {len(points)}"
            raise _Rejected(error("bad-arguments", message, statement.span, f"it is declared as {shown}"))
        return points

    def _equation(self, statement: Call) -> Call:
        if len(statement.args) != 2:
            raise _Rejected(error("bad-arguments", "Equal takes two terms", statement.span))
        arguments = tuple(self._number(argument) for argument in statement.args)
        return statement if arguments == statement.args else replace(statement, args=arguments)

    def _number(self, term: Term) -> Term:
        """A term that stands for a number, checked; returned as it is, or mended."""
        if isinstance(term, Number | Symbol):
            return term
        if isinstance(term, Points | Text):
            what = "".join(term.names) if isinstance(term, Points) else "a text"
            hint = "free symbols are lower-case" if isinstance(term, Points) else ""
            message = f"{what} stands where a number is needed"
            raise _Rejected(error("bad-arguments", message, term.span, hint))
        declared = self.theory.attributes.get(term.head)
        if declared is not None:
            quantity = self.quantities.quantity(declared.name, self._points(term, declared))
            if isinstance(quantity, Diagnostic):
                raise _Rejected(_as_warning(quantity))
            return term
        limits = _ARITY.get(term.head)
        if limits is None:
            raise _Rejected(self._unknown(term, "attribute"))
        if not limits[0] <= len(term.args) <= limits[1]:
            message = f"{term.head} takes {limits[0]} argument{'s' if limits[0] > 1 else ''}"
            raise _Rejected(error("bad-arguments", message, term.span))
        if term.head in _OF_ANGLES and isinstance(term.args[0], Points):
            return self._of_angle(term, term.args[0])
        arguments = tuple(self._number(argument) for argument in term.args)
        return term if arguments == term.args else replace(term, args=arguments)

    def _of_angle(self, term: Call, angle: Points) -> Term:
        """``Tan(BCA)``: the tangent of the angle's measure, whatever the theory calls it."""
        for name, declared in self.theory.attributes.items():
            needs = declared.declaration.needs
            if declared.kind == "angle" and needs == (Call("Angle", (Points(declared.letters),)),):
                measure = Call(name, (angle,), "call", angle.span)
                self.found.append(
                    Diagnostic(
                        "repaired",
                        Severity.WARNING,
                        f"{term.head}({''.join(angle.names)}) was read as the {term.head} of {name}",
                        term.span,
                    )
                )
                return replace(term, args=(self._number(measure),))
        raise _Rejected(error("bad-arguments", f"{term.head} takes a number", term.span))

    def _unknown(self, term: Call, wanted: str) -> Diagnostic:
        others = self.theory.attributes if wanted == "predicate" else self.theory.predicates
        if term.head in others or term.head in CONSTRUCTIVE:
            kind = "a quantity" if wanted == "predicate" else "a relation"
            needed = "a relation" if wanted == "predicate" else "a number"
            return error("bad-arguments", f"{term.head} is {kind}, but {needed} is needed", term.span)
        names = (*self.theory.predicates, *self.theory.attributes)
        names += tuple(_ARITY) if wanted == "attribute" else ("Equal",)
        if term.head in OPERATORS or term.head in self.theory.forms:
            return error("bad-arguments", f"{term.head} cannot stand here", term.span)
        hint = did_you_mean(term.head, names)
        return error(f"unknown-{wanted}", f"there is no {wanted} {term.head}", term.span, hint)


def _located(diagnostic: Diagnostic, span: Span) -> Diagnostic:
    return diagnostic if diagnostic.span.line else replace(diagnostic, span=span)


def _as_warning(diagnostic: Diagnostic) -> Diagnostic:
    """Existence and coincidence: the statement is left out, the problem remains usable."""
    return replace(diagnostic, severity=Severity.WARNING, notes=("the statement was left out",))


def _signature(declared: Predicate | Attribute) -> str:
    words, start = [], 0
    for size in declared.groups:
        words.append("".join(declared.letters[start : start + size]))
        start += size
    return f"{declared.name}({', '.join(words)})"


def free_symbols(problem: Problem) -> tuple[str, ...]:
    """All free symbols of givens and goal, in order of appearance (``pi`` is a constant)."""
    found: dict[str, None] = {}
    terms: list[Term] = [given.term for given in problem.givens]
    if problem.goal is not None:
        terms.append(problem.goal.term)
    for term in terms:
        for symbol in symbols(term):
            if symbol.name != "pi":
                found[symbol.name] = None
    return tuple(found)
