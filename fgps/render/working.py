"""The algebra of a step worked out as one would do it by hand.

This is a solver of its own, weak and readable: put known numbers in, solve what has one unknown left,
express one quantity by others where nothing else helps.  It sees only the equations of the step's
premises.  If that does not reach what the step says, its lines are what can be solved one by one, the
equations that are left, and the result, which the checker has verified in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from fgps.algebra.exact import Exact
from fgps.algebra.functions import acos_degrees, asin_degrees, atan_degrees
from fgps.algebra.nodes import Node
from fgps.algebra.poly import Monomial, Poly, coefficient, common_monomial, divide_monomial
from fgps.algebra.univariate import solve_univariate
from fgps.diagram.model import Diagram
from fgps.lang.ast import Call, Term, Text
from fgps.problem.model import Problem
from fgps.render.formulas import parse_exact
from fgps.render.knowledge import FUNCTIONS, Excluded, Knowledge, Known, Line, term_of
from fgps.render.numbers import FAILURES, shortest
from fgps.render.reading import Step

_MAX_EQUATIONS: Final = 100
#: Longer numbers, and expressions of more terms, are not told.
_MAX_NUMBER: Final = 60
_MAX_EXPRESSION: Final = 8
_TURN: Final = Fraction(360)


@dataclass(slots=True)
class _Equation:
    statement: Call
    poly: Poly
    number: int


def work_out(problem: Problem, step: Step, diagram: Diagram | None = None) -> tuple[Line, ...]:
    """The lines of an algebra step; empty for other steps and where the working does not succeed."""
    if step.kind != "algebra" or not step.premises or len(step.premises) > _MAX_EQUATIONS:
        return ()
    try:
        lines = _Working(problem, diagram).run(step)
        return lines if lines is not None else _Working(problem, diagram).collect(step)
    except FAILURES:
        return ()


def renames(problem: Problem, step: Step) -> bool:
    """Whether a step says what its only premise says, by other names of the same parts."""
    if step.kind != "algebra" or len(step.premises) != 1 or step.same:
        return False
    try:
        equations = Knowledge(problem, None).equations
        claim = equations.equation(step.statements[0])
        premise = equations.equation(step.premises[0].statement)
    except FAILURES:
        return False
    if not isinstance(claim, Poly) or not isinstance(premise, Poly):
        return False
    return not (claim - premise).terms or not (claim + premise).terms


class _Working(Knowledge):
    """One step's equations, solved where that is easy."""

    #: The variables of the claim itself: if it asks for a sine, the angle need not be found.
    asked: frozenset[int] = frozenset()

    def run(self, step: Step) -> tuple[Line, ...] | None:
        """Solve until the claim is settled; None if that does not succeed."""
        claim, waiting = step.statements[0], self._equations(step)
        is_value = claim.head == "Value"
        poly = self.equations.term(claim.args[0]) if is_value else self.equations.equation(claim)
        if not isinstance(poly, Poly):
            return ()
        self.asked = frozenset(poly.variables())
        wanted = set() if is_value else set(self.variables(poly))
        try:
            while not self._settled(poly, is_value):
                if not (self._solve_one(waiting) or self._express_one(waiting, wanted)):
                    return None
        except FAILURES:
            return None
        return self._told(claim, poly)

    def collect(self, step: Step) -> tuple[Line, ...]:
        """What can be solved one by one, what is left then, and the claim."""
        claim, waiting = step.statements[0], self._equations(step)
        while self._solve_one(waiting):
            pass
        lines = [known.line for known in self.known.values() if known.line is not None]
        for equation in waiting:
            shown = self.substituted(equation.statement)
            used = [self.known[v] for v in self.variables(equation.poly) if v in self.known]
            references = [equation.number, *(n for k in used if k.line is None for n in k.references)]
            if isinstance(shown, Call):
                lines.append(Line(shown.args, (), tuple(dict.fromkeys(references))))
        if claim.head == "Value":
            return (*lines, Line((), (claim.args[0], _answer(step.value))))
        return (*lines, Line((), claim.args))

    def _equations(self, step: Step) -> list[_Equation]:
        """The premises as polynomials; the claim's spelling of a quantity is the one that is shown."""
        claim = step.statements[0]
        self.note_names(claim.args[0] if claim.head == "Value" else claim)
        found = []
        for premise in step.premises:
            poly = self.equations.equation(premise.statement)
            if isinstance(poly, Poly):
                self.note_names(premise.statement)
                found.append(_Equation(premise.statement, poly, premise.number))
                self.system.ranges.equation(Node("equation", poly.terms, data=premise.number))
        self.system.ranges.tighten()
        return found

    def _settled(self, poly: Poly, is_value: bool) -> bool:
        left = self.plug(poly)
        return left.as_constant() is not None if is_value else not left.terms

    def _reduced(self, equation: _Equation) -> Poly:
        """An equation with everything known put in, divided by what is positive anyway."""
        poly = self.plug(equation.poly)
        shared = [v for v in common_monomial(poly.terms) if self.system.is_positive(v)]
        divisor: Monomial = tuple(shared)
        return Poly({divide_monomial(mono, divisor): c for mono, c in poly.terms.items()})

    # Solving --------------------------------------------------------------------------------

    def _solve_one(self, waiting: list[_Equation]) -> bool:
        """Find an equation with one unknown and solve it."""
        for equation in list(waiting):
            poly = self._reduced(equation)
            variables = poly.variables()
            if not variables:
                waiting.remove(equation)
            elif len(variables) == 1 and self._solve(equation, poly, variables[0]):
                waiting.remove(equation)
                return True
        return False

    def _solve(self, equation: _Equation, poly: Poly, variable: int) -> bool:
        roots = solve_univariate({len(mono): factor for mono, factor in poly.terms.items()})
        chosen = self._choose(variable, roots or [])
        if chosen is None:
            return False
        root, excluded = chosen
        if len(shortest(root.to_text())) > _MAX_NUMBER:
            return False
        formula = self.system.formulas.get(variable)
        if formula is not None and formula[0] in FUNCTIONS and variable not in self.asked:
            return self._invert(equation, formula, root)
        self._learn(equation, variable, root, excluded)
        return True

    def _invert(self, equation: _Equation, formula: tuple[object, ...], value: Exact) -> bool:
        """From the sine, cosine or tangent of an angle to the angle."""
        name, angle = formula
        assert isinstance(angle, Poly)
        inner = self.plug(angle).variables()
        if len(inner) != 1 or self.plug(angle).terms != Poly.variable(inner[0]).terms:
            return False
        if name == "cos":
            first = acos_degrees(value)
            candidates = [first, _TURN - first]
        else:
            first = asin_degrees(value) if name == "sin" else atan_degrees(value)
            candidates = [first, 180 - first if name == "sin" else first + 180, first + _TURN]
        inside = [a for a in candidates if a.sign() > 0 and (a - _TURN).sign() < 0]
        chosen = self._choose(inner[0], sorted(set(inside)))
        if chosen is None:
            return False
        self._learn(equation, inner[0], *chosen)
        return True

    def _choose(self, variable: int, roots: Sequence[Exact]) -> tuple[Exact, list[Excluded]] | None:
        """The root that sign, range or figure leave, and why the others are out."""
        excluded: list[Excluded] = []
        left: list[Exact] = []
        bounds = self.system.ranges.of[variable]
        for root in roots:
            if self.system.is_positive(variable) and root.sign() <= 0:
                excluded.append(Excluded(term_of(root), "positive"))
            elif bounds.excludes(root):
                excluded.append(Excluded(term_of(root), "range"))
            else:
                left.append(root)
        if len(left) > 1:
            seen = self.seen(variable)
            if seen is None:
                return None
            best = min(left, key=lambda root: abs(float(root) - seen))
            excluded += [Excluded(term_of(root), "model") for root in left if root is not best]
            left = [best]
        return (left[0], excluded) if left else None

    def _express_one(self, waiting: list[_Equation], wanted: set[int]) -> bool:
        """Express a variable by others, best one that the claim does not speak of."""
        candidates = []
        for position, equation in enumerate(waiting):
            poly = self._reduced(equation)
            for variable in poly.variables():
                alone = (variable,)
                if alone not in poly.terms or sum(variable in mono for mono in poly.terms) > 1:
                    continue
                if variable in self.system.formulas or len(poly.terms) > _MAX_EXPRESSION + 1:
                    continue
                sides = [self.variable_of(side) for side in equation.statement.args]
                natural = sides.index(variable) if variable in sides else len(sides)
                rank = (natural, variable in wanted, len(poly.terms), poly.degree(), position, variable)
                candidates.append((rank, equation, poly, variable))
        if not candidates:
            return False
        _, equation, poly, variable = min(candidates, key=lambda candidate: candidate[0])
        factor = poly.terms[(variable,)]
        rest = Poly({mono: c for mono, c in poly.terms.items() if mono != (variable,)})
        self._learn(equation, variable, rest.scale(coefficient(-1 / Exact.of(factor))), [])
        waiting.remove(equation)
        return True

    def _learn(
        self, equation: _Equation, variable: int, value: Exact | Poly, excluded: list[Excluded]
    ) -> None:
        """Note a variable's value and the line that tells how it came about."""
        used = tuple(v for v in self.variables(equation.poly) if v != variable and v in self.known)
        references = [equation.number]
        for v in used:
            known = self.known[v]
            references += known.references if known.line is None else ()
        name = self.name(variable)
        poly = value if isinstance(value, Poly) else Poly.constant(coefficient(value))
        result = (name, self.term(poly))
        shown = self.substituted(equation.statement)
        assert isinstance(shown, Call)
        chain: tuple[Term, ...] = shown.args
        if isinstance(value, Poly) and name in chain:
            result = (name, chain[1] if chain[0] == name else chain[0])
            chain = result
        line = None
        if used or excluded or chain not in (result, result[::-1]):
            plain = chain in (result, result[::-1])
            numbers = tuple(dict.fromkeys(references))
            line = Line(result if plain else chain, () if plain else result, numbers, tuple(excluded))
        self.known[variable] = Known(poly, line, used, (equation.number,))

    # Telling --------------------------------------------------------------------------------

    def _told(self, claim: Call, poly: Poly) -> tuple[Line, ...]:
        """The lines that the claim rests on, and a last one that states it."""
        needed: dict[int, None] = {}
        stack = list(self.variables(poly))
        while stack:
            variable = stack.pop()
            if variable in self.known and variable not in needed:
                needed[variable] = None
                stack += self.known[variable].needs
                stack += self.variables(self.known[variable].poly)
        lines = [known.line for v, known in self.known.items() if v in needed and known.line is not None]
        direct = {v: self.known[v] for v in self.variables(poly) if v in self.known}
        references = tuple(
            sorted({n for known in direct.values() if known.line is None for n in known.references})
        )
        last = (lines[-1].result or lines[-1].chain) if lines else ()
        if claim.head == "Value":
            chain = self._chain(claim.args[0])
            return tuple(lines) if last == (chain[0], chain[-1]) else (*lines, Line(chain, (), references))
        left, right = (self._chain(side) for side in claim.args)
        if last in ((left[0], right[0]), (right[0], left[0])):
            return tuple(lines)
        if left[-1] == right[-1]:
            right = right[:-1]
        return (*lines, Line(_without_repeats((*left, *right[::-1])), (), references))

    def _chain(self, term: Term) -> tuple[Term, ...]:
        """A term, the term with what is known put in, and what that amounts to."""
        variable = self.variable_of(term)
        known = None if variable is None else self.known.get(variable)
        if variable is not None:
            term = self.name(variable)
        inside = self.substituted(term)
        if known is not None and known.line is None:
            inside = self.term(known.poly)
        poly = self.equations.term(term)
        end = self.term(self.plug(poly)) if isinstance(poly, Poly) else inside
        return _without_repeats((term, inside, end))


def _answer(text: str) -> Term:
    short = shortest(text)
    return parse_exact(short) or Text(short)


def _without_repeats(chain: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(chain))
