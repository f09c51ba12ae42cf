"""Are the terms of a theory well formed?  Names known, arguments right, letters bound, no circles.

A theory with an error here is not given out: the rest of FGPS may rely on every name and every
argument count.  Matters of taste and doubt are in `lint.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from fgps.lang.ast import (
    NOWHERE,
    AttributeDeclaration,
    Branch,
    Call,
    Number,
    Points,
    PredicateDeclaration,
    Span,
    Symbol,
    Term,
    Text,
    TheoremDeclaration,
)
from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.theory.cycles import numeric_cycles
from fgps.theory.model import Attribute, Predicate, Theory
from fgps.theory.primitives import ARITHMETIC, COMPARISONS, PRIMITIVES, STRICT

#: The constant that formulas may name; other symbols have no value in a theory.
CONSTANT: Final = "pi"

_WANTED: Final = {"vector": "two points such as AB", "circle": "the letter of a circle", "point": "one point"}


def check(theory: Theory) -> tuple[Diagnostic, ...]:
    """Every error in the clauses of the theory, in the order of its declarations."""
    found: list[Diagnostic] = []
    for predicate in theory.predicates.values():
        found += _Checker(theory, predicate.source, predicate.letters).predicate(predicate.declaration)
    for attribute in theory.attributes.values():
        found += _Checker(theory, attribute.source, attribute.letters).attribute(attribute.declaration)
    for theorem in theory.theorems.values():
        found += _Checker(theory, theorem.source, theorem.letters).theorem(theorem.declaration)
    return (*found, *numeric_cycles(theory))


def span_of(term: Term, otherwise: Span) -> Span:
    """Where a term stands; ``otherwise`` if the tree came without places."""
    return term.span if term.span != NOWHERE else otherwise


@dataclass
class _Checker:
    """The clauses of one declaration."""

    theory: Theory
    source: str
    parameters: tuple[str, ...]
    span: Span = NOWHERE
    found: list[Diagnostic] = field(default_factory=list)

    # Declarations ---------------------------------------------------------------------------

    def predicate(self, declaration: PredicateDeclaration) -> list[Diagnostic]:
        self.span = declaration.span
        self._needs(declaration.needs)
        self._forms(declaration.forms, declaration.parameters.groups)
        for fact in declaration.means:
            self._fact(fact)
        for condition in declaration.holds:
            self._condition(condition, COMPARISONS)
        return self.found

    def attribute(self, declaration: AttributeDeclaration) -> list[Diagnostic]:
        self.span = declaration.span
        self._needs(declaration.needs)
        self._forms(declaration.forms, declaration.parameters.groups)
        if declaration.value is not None:
            self._number(declaration.value, numeric=True)
        return self.found

    def theorem(self, declaration: TheoremDeclaration) -> list[Diagnostic]:
        for branch in declaration.branches:
            self.span = branch.span if branch.span != NOWHERE else declaration.span
            self._branch(declaration.name, branch)
        return self.found

    def _branch(self, name: str, branch: Branch) -> None:
        for fact in (*branch.given, *branch.then):
            self._fact(fact)
        for guard in branch.where:
            self._condition(guard, STRICT)
        for clause, facts in (("given", branch.given), ("then", branch.then)):
            if not facts:
                self._report("bad-theory", f"{name}, branch {branch.number} has no `{clause}`", None)

    def _needs(self, facts: Iterable[Call]) -> None:
        for fact in facts:
            if fact.head in self.theory.predicates:
                self._points(fact, self.theory.predicates[fact.head])
            else:
                self._unknown_predicate(fact, self.theory.predicates)

    def _forms(self, forms: Iterable[tuple[Points, ...]], groups: tuple[int, ...]) -> None:
        for form in forms:
            if tuple(len(word) for word in form) != groups:
                shown = ", ".join("".join(word.names) for word in form)
                headline = f"the form ({shown}) does not have the parameters' lengths"
                self._report("bad-arguments", headline, form[0])
            for word in form:
                self._letters(word)

    # Statements -----------------------------------------------------------------------------

    def _fact(self, fact: Call) -> None:
        """A relation, or an equation of quantities."""
        predicate = self.theory.predicates.get(fact.head)
        if predicate is not None:
            self._points(fact, predicate)
        elif fact.head == "Equal":
            self._count(fact, 2)
            for side in fact.args:
                self._number(side, numeric=False)
        elif fact.head in COMPARISONS:
            hint = "inequalities are guards: write them under `where`, or under `holds` in a predicate"
            self._report("bad-theory", "a fact is a relation or an equation", fact, hint)
        else:
            self._unknown_predicate(fact, self.theory.predicates)

    def _condition(self, condition: Call, allowed: tuple[str, ...]) -> None:
        """A comparison of numbers of the figure."""
        if condition.head not in COMPARISONS:
            hint = "write a comparison such as `cross(AB, CD) > 0`"
            self._report("bad-theory", f"{condition.head} is no comparison", condition, hint)
            return
        if condition.head not in allowed:
            hint = "an equation is not read off a diagram: make it a premise, or compare with `<`, `>`, `!=`"
            self._report("bad-theory", "a guard is a strict inequality", condition, hint)
        self._count(condition, 2)
        for side in condition.args:
            self._number(side, numeric=True)

    def _number(self, term: Term, numeric: bool) -> None:
        """A quantity; ``numeric`` where the primitives of the figure are allowed."""
        if isinstance(term, Number):
            return
        if isinstance(term, Symbol):
            if term.name != CONSTANT:
                self._report("bad-theory", f"the symbol {term.name} has no value here", term)
            return
        if isinstance(term, Points | Text):
            self._report("bad-arguments", "a number is wanted here, not points or a text", term)
            return
        attribute = self.theory.attributes.get(term.head)
        if attribute is not None:
            self._points(term, attribute)
        elif term.head in ARITHMETIC or term.head in self.theory.forms:
            self._form(term, numeric)
        elif term.head in PRIMITIVES:
            self._primitive(term, numeric)
        else:
            known = [*self.theory.attributes, *ARITHMETIC, *self.theory.forms, *PRIMITIVES]
            self._unknown_attribute(term, known)

    def _form(self, term: Call, numeric: bool) -> None:
        signature = ARITHMETIC.get(term.head)
        form = self.theory.forms.get(term.head)
        if signature is not None:
            fits = signature.accepts(len(term.args))
        else:
            assert form is not None
            wanted = len(form.parameters)
            fits = len(term.args) == wanted or (form.variadic and len(term.args) > wanted)
        if not fits:
            self._report("bad-arguments", f"{term.head} has the wrong number of arguments", term)
        for argument in term.args:
            self._number(argument, numeric)

    def _primitive(self, term: Call, numeric: bool) -> None:
        signature = PRIMITIVES[term.head]
        if not numeric and "number" not in signature.arguments:
            hint = "the equations of facts speak of attributes"
            self._report("bad-theory", f"{term.head} is a number of the figure, not a quantity", term, hint)
            return
        if not signature.accepts(len(term.args)):
            self._report("bad-arguments", f"{term.head} has the wrong number of arguments", term)
            return
        for position, argument in enumerate(term.args):
            self._argument(argument, signature.kind(position), term.head, numeric)

    def _argument(self, argument: Term, kind: str, head: str, numeric: bool) -> None:
        if kind == "number":
            self._number(argument, numeric)
        elif isinstance(argument, Points) and len(argument) == (2 if kind == "vector" else 1):
            self._letters(argument)
        elif kind == "point" and isinstance(argument, Call) and argument.head == "centre":
            self._primitive(argument, numeric)
        else:
            self._report("bad-arguments", f"an argument of {head} is {_WANTED[kind]}", argument)

    # Points and names -----------------------------------------------------------------------

    def _points(self, call: Call, declared: Predicate | Attribute) -> None:
        """Arguments of a predicate or attribute: words of points, grouped as declared."""
        groups: list[int] = []
        for argument in call.args:
            if not isinstance(argument, Points):
                self._report("bad-arguments", f"the arguments of {call.head} are points", argument)
                return
            groups.append(len(argument))
            self._letters(argument)
        wanted = list(declared.groups)
        fits = groups == wanted
        if isinstance(declared, Predicate) and declared.variadic and len(groups) == len(wanted):
            fits = groups[:-1] == wanted[:-1] and groups[-1] >= wanted[-1]
        if not fits:
            shown = ", ".join("".join(word.names) for word in declared.declaration.parameters.words)
            hint = f"it is declared as {call.head}({shown})"
            self._report("bad-arguments", f"{call.head} has the wrong number of points", call, hint)

    def _letters(self, word: Points) -> None:
        for letter in word.names:
            if letter not in self.parameters:
                hint = "every point of a clause must stand among the parameters"
                self._report("unknown-point", f"the letter {letter} is no parameter", word, hint)

    def _count(self, call: Call, wanted: int) -> None:
        if len(call.args) != wanted:
            self._report("bad-arguments", f"{call.head} has {len(call.args)} arguments, not {wanted}", call)

    def _unknown_predicate(self, call: Call, known: Iterable[str]) -> None:
        hint = did_you_mean(call.head, known)
        self._report("unknown-predicate", f"there is no predicate {call.head}", call, hint)

    def _unknown_attribute(self, call: Call, known: Iterable[str]) -> None:
        hint = did_you_mean(call.head, known)
        self._report("unknown-attribute", f"there is no attribute or function {call.head}", call, hint)

    def _report(self, code: str, headline: str, term: Term | None, hint: str = "") -> None:
        span = self.span if term is None else span_of(term, self.span)
        diagnostic = error(code, headline, span, hint, self.source)
        if diagnostic not in self.found:
            self.found.append(diagnostic)


def clauses(theorem: TheoremDeclaration) -> Iterator[tuple[Branch, str, Call]]:
    """Every statement of a theorem with its branch and the clause that it stands in."""
    for branch in theorem.branches:
        for name, statements in (("given", branch.given), ("where", branch.where), ("then", branch.then)):
            for statement in statements:
                yield branch, name, statement
