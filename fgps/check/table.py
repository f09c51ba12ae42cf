"""What the statements of a certificate speak of: existence, spellings, and the table of variables."""

from __future__ import annotations

from typing import Any

from fgps.check.figure import Figure
from fgps.check.polynomials import Poly, Polynomials, Refused, need
from fgps.lang.ast import Call, Points, Symbol, Term, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.theory.instantiate import canonical, instance
from fgps.theory.model import Attribute, Predicate, Theory


def parsed(text: Any) -> Call:
    """A statement of the certificate."""
    term = parse_term(text)
    need(isinstance(term, Call), "no statement")
    return term  # type: ignore[return-value]


def parse_term(text: Any) -> Term:
    """A statement or term of the certificate."""
    need(isinstance(text, str) and len(text) < 4000, "no statement")
    term = parse_statement(text)
    need(not isinstance(term, Diagnostic), "a statement that cannot be read")
    return term  # type: ignore[return-value]


class Table:
    """Figures and quantities of one problem; quantities and formulas become variables of ``algebra``."""

    def __init__(self, theory: Theory, figure: Figure, algebra: Polynomials) -> None:
        self.theory, self.figure, self.algebra = theory, figure, algebra
        self.variables: dict[object, int] = {}
        self.terms: dict[int, Term] = {}

    def same(self, one: Call, two: Call) -> bool:
        """Whether two statements are one, up to equivalent spellings of a relation."""
        declared = self.theory.predicates.get(one.head)
        if declared is None or one.head != two.head:
            return one == two
        return canonical(declared, letters(one)) == canonical(declared, letters(two))

    def stated(self, statement: Call) -> Call:
        """The statement, if its figures exist and only such points coincide as may."""
        declared = self.theory.predicates.get(statement.head)
        if declared is not None:
            self.exists(declared, statement)
        return statement

    def exists(self, declared: Predicate | Attribute, call: Call) -> None:
        """Refuse unless what a relation or quantity speaks of is there."""
        points = letters(call)
        single = all(isinstance(word, Points) and len(set(word.names)) == len(word) for word in call.args)
        need(single, "a point twice")
        need(len(points) == len(declared.letters), "wrong number of points")
        forms = [[letter for word in form for letter in word.names] for form in declared.declaration.forms]
        pattern = [points.index(point) for point in points]
        need(not forms or pattern in [[form.index(p) for p in form] for form in forms], "points coincide")
        names = dict(zip(declared.letters, points, strict=True))
        for required in declared.declaration.needs:
            fact = instance(required, names)
            need(self.figure.holds(fact.head, letters(fact)), f"there is no {print_term(fact, 'call')}")

    def key(self, term: Term) -> tuple[object, str]:
        """What identifies a quantity, and its kind: an angle is known by its rays."""
        if isinstance(term, Symbol):
            return term.name, "free"
        assert isinstance(term, Call)
        attribute, points = self.theory.attributes[term.head], letters(term)
        if self.is_angle(attribute):
            a, v, b = points
            return (term.head, self.figure.ray(v, a), v, self.figure.ray(v, b)), attribute.kind
        return (term.head, *canonical(attribute, points)), attribute.kind

    @staticmethod
    def is_angle(attribute: Attribute) -> bool:
        """Whether the attribute is the measure of an angle."""
        return attribute.declaration.needs == (Call("Angle", (Points(attribute.letters),)),)

    def define(self, what: Any) -> None:
        """One line of the table of variables: a quantity, a free symbol, or a formula."""
        if isinstance(what, list):
            self.algebra.define(what[0], *map(self.algebra.poly, what[1:]))
            return
        term = parse_term(what)
        key, kind = self.key(term)
        if isinstance(term, Call):
            self.exists(self.theory.attributes[term.head], term)
        need(key not in self.variables, "a quantity has two variables")
        variable = self.variables[key] = self.algebra.quantity(kind)
        self.terms[variable] = term

    def variable(self, term: Term) -> int:
        """The variable of a quantity or free symbol."""
        found = self.variables.get(self.key(term)[0])
        if found is None:
            raise Refused(f"the certificate has no variable for {print_term(term, 'call')}")
        return found

    def corners(self, polygon: Call) -> list[Poly]:
        """The angles of a triangle are below 180 degrees."""
        points = letters(polygon)
        need(polygon.head == "Polygon" and len(points) == 3, "only triangles bound angles")
        found: list[Poly] = []
        for attribute in filter(self.is_angle, self.theory.attributes.values()):
            for k in range(3):
                call = Call(attribute.name, (Points((points[k - 1], points[k], points[(k + 1) % 3])),))
                variable = self.variables.get(self.key(call)[0])
                found += [] if variable is None else [{(): 180, (variable,): -1}]
        return found
