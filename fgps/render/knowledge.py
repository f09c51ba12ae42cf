"""What the working of a step knows: names of quantities, their values, terms with the values put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from fgps.algebra.exact import Exact, TooLarge
from fgps.algebra.functions import cos_degrees, sin_degrees, sqrt, tan_degrees
from fgps.algebra.poly import Monomial, Poly, coefficient
from fgps.algebra.system import System
from fgps.diagram.model import Diagram
from fgps.engine.equations import Equations
from fgps.lang.ast import Call, Number, Symbol, Term, Text
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities
from fgps.render.formulas import parse_exact
from fgps.render.numbers import shortest
from fgps.theory.instantiate import spell

_MAX_TERMS: Final = 40
_MAX_DEPTH: Final = 40
FUNCTIONS: Final = {"sin": sin_degrees, "cos": cos_degrees, "tan": tan_degrees}


@dataclass(frozen=True, slots=True)
class Excluded:
    """A solution that was left out; ``why``: ``positive``, ``range`` or ``model`` (read off the figure)."""

    value: Term
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """``chain`` is ``a = b = c``; it gives ``result`` (another chain, may be empty).

    ``references`` are numbers of steps whose statements enter here.
    """

    chain: tuple[Term, ...]
    result: tuple[Term, ...] = ()
    references: tuple[int, ...] = ()
    excluded: tuple[Excluded, ...] = ()


@dataclass(slots=True)
class Known:
    """What a variable is, by which line, and which variables that line used."""

    poly: Poly
    line: Line | None
    needs: tuple[int, ...]
    references: tuple[int, ...]


@dataclass
class Knowledge:
    """What is known of the variables of one problem."""

    problem: Problem
    diagram: Diagram | None
    known: dict[int, Known] = field(default_factory=dict)
    spelled: dict[int, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        construction = self.problem.construction
        quantities = Quantities(self.problem.theory, construction)
        self.system = System()
        self.equations = Equations(quantities, construction, self.system, lambda fact: 0)

    # Names ----------------------------------------------------------------------------------

    def note_names(self, term: Term) -> None:
        """Remember how the statements spell each variable."""
        for variable, spelling in self.atoms(term):
            self.spelled.setdefault(variable, spelling)

    def atoms(self, term: Term) -> Iterator[tuple[int, Term]]:
        """The variables of a term with their spelling there."""
        if isinstance(term, Symbol) and term.name != "pi":
            yield self.equations.symbol(term.name), term
        elif isinstance(term, Call):
            if term.head in self.problem.theory.attributes:
                variable = self.equations.attribute(term)
                if variable is not None:
                    yield variable, term
                return
            for argument in term.args:
                yield from self.atoms(argument)

    def name(self, variable: int) -> Term:
        """The variable as the statements spell it."""
        found = self.spelled.get(variable)
        if found is not None:
            return found
        formula = self.system.formulas.get(variable)
        if formula is not None:
            inner = tuple(self.term(poly) for poly in formula[1:])
            heads = {"quotient": "Div", "root": "sqrt"}
            return Call(heads.get(formula[0], formula[0].capitalize()), inner, "infix")
        meaning = self.equations.variables[variable]
        if isinstance(meaning, str):
            return Symbol(meaning)
        return spell(self.problem.theory.attributes[meaning.attribute], meaning.points)

    # Polynomials ----------------------------------------------------------------------------

    def variables(self, poly: Poly) -> Iterator[int]:
        """The variables of a polynomial and of the formulas of its auxiliary ones."""
        for variable in poly.variables():
            yield variable
            for inner in self.system.formulas.get(variable, ())[1:]:
                yield from self.variables(inner)

    def plug(self, poly: Poly, depth: int = 0) -> Poly:
        """The polynomial with everything known put in."""
        if depth > _MAX_DEPTH or len(poly.terms) > _MAX_TERMS:
            raise TooLarge("too long to be told")
        values = {v: self.value_of(v, depth) for v in poly.variables()}
        if all(value is None for value in values.values()):
            return poly
        total = Poly({})
        for mono, factor in poly.terms.items():
            product = Poly({(): factor})
            for variable in mono:
                value = values[variable]
                product = product * (Poly.variable(variable) if value is None else value)
            total = total + product
        return total

    def value_of(self, variable: int, depth: int = 0) -> Poly | None:
        """What is known of a variable, None if nothing is; ``depth`` guards against endless formulas."""
        found = self.known.get(variable)
        if found is not None:
            return self.plug(found.poly, depth + 1)
        formula = self.system.formulas.get(variable)
        if formula is None:
            return None
        inner = [self.plug(poly, depth + 1) for poly in formula[1:]]
        numbers = [None if (c := poly.as_constant()) is None else Exact.of(c) for poly in inner]
        last = numbers[-1]
        if last is None:
            return proportion(*inner) if formula[0] == "quotient" else None
        if formula[0] == "quotient":
            return inner[0].scale(coefficient(1 / last))
        return Poly.constant(coefficient(sqrt(last) if formula[0] == "root" else FUNCTIONS[formula[0]](last)))

    def seen(self, variable: int) -> float | None:
        """The variable in the first model of the diagram."""
        meaning = self.equations.variables.get(variable)
        if self.diagram is None or meaning is None:
            return None
        if isinstance(meaning, str):
            values = self.diagram.symbols.get(meaning)
        else:
            values = self.diagram.quantity(meaning.attribute, meaning.points)
        return None if values is None or not len(values) else float(values[0])

    def substituted(self, term: Term) -> Term:
        """A term as it stands, with everything known put in."""
        variable = self.variable_of(term)
        if variable is not None:
            value = self.value_of(variable)
            return self.name(variable) if value is None else self.term(value)
        if isinstance(term, Call) and not self.is_atom(term):
            return Call(term.head, tuple(map(self.substituted, term.args)), term.notation)
        return term

    def variable_of(self, term: Term) -> int | None:
        """The variable that a term is, if it is just that."""
        if isinstance(term, Symbol) or (isinstance(term, Call) and self.is_atom(term)):
            return next((variable for variable, _ in self.atoms(term)), None)
        return None

    def is_atom(self, term: Call) -> bool:
        return term.head in self.problem.theory.attributes

    def term(self, poly: Poly) -> Term:
        """A polynomial as a term."""
        items = sorted(poly.terms.items(), key=lambda item: (-len(item[0]), item[0]))
        parts = [self._monomial(mono, Exact.of(factor)) for mono, factor in items]
        if not parts:
            return Number(Fraction(0), "0")
        if len(parts) > 1 and _is_negative(parts[0]):
            first = next((k for k, part in enumerate(parts) if not _is_negative(part)), 0)
            parts.insert(0, parts.pop(first))
        return parts[0] if len(parts) == 1 else Call("Add", tuple(parts), "infix")

    def _monomial(self, mono: Monomial, factor: Exact) -> Term:
        words: list[Term] = []
        for variable in sorted(set(mono), key=lambda v: (self.system.kinds[v] == "ratio", mono.index(v))):
            name = self.name(variable)
            count = mono.count(variable)
            words.append(
                name if count == 1 else Call("Pow", (name, Number(Fraction(count), str(count))), "infix")
            )
        negative = factor.sign() < 0
        size = term_of(-factor if negative else factor)
        below: Term | None = None
        if words and isinstance(size, Call) and size.head == "Div":
            size, below = size.args
        if not words or size != Number(Fraction(1), "1"):
            words.insert(0, size)
        product: Term = words[0] if len(words) == 1 else Call("Mul", tuple(words), "infix")
        if below is not None:
            product = Call("Div", (product, below), "infix")
        return Call("Neg", (product,), "infix") if negative else product


def term_of(value: Exact) -> Term:
    """A number as a term, in a short spelling."""
    text = shortest(value.to_text())
    return parse_exact(text) or Text(text)


def proportion(top: Poly, bottom: Poly) -> Poly | None:
    """``top / bottom`` if that is a number whatever the variables are."""
    if not bottom.terms or set(top.terms) != set(bottom.terms):
        return None
    first = next(iter(bottom.terms))
    ratio = Exact.of(top.terms[first]) / Exact.of(bottom.terms[first])
    difference = top - bottom.scale(coefficient(ratio))
    return None if difference.terms else Poly.constant(coefficient(ratio))


def _is_negative(term: Term) -> bool:
    return isinstance(term, Call) and term.head == "Neg"
