"""The checker: a certificate against the source of problem and theory.

Every statement is taken from the problem's declaration or from a theorem's branch; the certificate only says
which one, with which points, resting on which earlier steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Q
from typing import Any, Literal

from fgps.check.coordinates import read_model, verify_model
from fgps.check.figure import Figure
from fgps.check.numbers import Number, Refused, need, whole
from fgps.check.numeric import Model, Value, add, div, mul, root
from fgps.check.statements import Compiler, answer_term
from fgps.check.witness import Algebra, Bound, Poly
from fgps.lang.ast import Call, Points, ProblemDeclaration, Symbol, Term, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.theory.instantiate import bind, canonical, consequences, instance
from fgps.theory.model import Attribute, Predicate, Theory

VERSION = 1
MAX_STEPS = 3000
_KEYS = {
    "given": {"given"},
    "construction": set(),
    "theorem": {"theorem", "branch", "points", "then", "from"},
    "meaning": {"means", "from"},
    "algebra": {"from", "witness"},
}  # type: dict[str, set[str]]

Kind = Literal["valid", "valid in the diagram", "incomplete", "invalid"]
_BAD_INPUT = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker says: ``first_bad_step`` counts from 1; ``diagram_facts`` were read off the figure;
    ``holes`` were neither proved nor read."""

    kind: Kind
    first_bad_step: int | None = None
    reason: str = ""
    diagram_facts: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the proof stands."""
        return self.kind in ("valid", "valid in the diagram")


def problem_digest(declaration: ProblemDeclaration) -> str:
    """SHA-256 of what a problem states and asks (not of its name, wording or annotated answer)."""
    parts = (declaration.construct, declaration.given, declaration.image, (declaration.find,))
    text = "\n\n".join("\n".join(print_term(t, "call") for t in part if t is not None) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def check_certificate(declaration: ProblemDeclaration, theory: Theory, certificate: Any) -> Verdict:
    """Check a certificate (parsed JSON, not trusted).  Never raises."""
    check = None
    try:
        check = _Check(declaration, theory, certificate)
        return check.run()
    except Refused as refused:
        reason = str(refused)
    except _BAD_INPUT as error:
        reason = f"malformed: {type(error).__name__} {str(error)[:100]}"
    return Verdict("invalid", len(check.says) + 1 if check and check.says is not None else None, reason)


class _Check:
    def __init__(self, declaration: ProblemDeclaration, theory: Theory, data: Any) -> None:
        self.says: list[Call] = []
        self.declaration, self.theory, self.data = declaration, theory, data
        self.declared: dict[str, Predicate | Attribute] = {**theory.predicates, **theory.attributes}
        self.givens = (*declaration.given, *declaration.image)
        self.figure = Figure(declaration.construct)
        self.model: Model | None = None
        self.read: dict[str, None] = {}
        self.holes: dict[str, None] = {}
        self.polys: dict[int, Poly] = {}
        self.variables: dict[object, int] = {}
        self.terms: dict[int, Term] = {}

    def run(self) -> Verdict:
        data = self.data
        keys = {
            "version",
            "problem",
            "theory",
            "steps",
            "answer",
            "polygons",
            "atoms",
            "roots",
            "variables",
            "model",
            "set_aside",
            "left_out",
        }
        need(
            isinstance(data, dict) and set(data) == keys and data["version"] == VERSION,
            "no certificate of this version",
        )
        need(
            data["problem"] == problem_digest(self.declaration), "the certificate belongs to another problem"
        )
        need(
            data["theory"] == [self.theory.name, self.theory.digest],
            "the certificate rests on another theory",
        )
        for corners, cells in data["polygons"]:
            need(self.figure.add_polygon(tuple(corners), cells), f"no polygon {''.join(corners)}")
        need(len(data["steps"]) <= MAX_STEPS and len(data["variables"]) <= MAX_STEPS, "the proof is too long")
        self.aside, self.left_out = (
            [self.givens[whole(k, 0, len(self.givens) - 1)] for k in data[name]]
            for name in ("set_aside", "left_out")
        )
        self.algebra = Algebra(data["atoms"], self.settles)
        for variable, what in data["variables"]:
            self.define(variable, what)
        self.compiler = Compiler(self.algebra, self.variable, data["roots"])
        self.answer: Number | None = None
        if data["answer"] is not None:
            self.answer = self.algebra.parse(data["answer"]["value"])
            shown = self.compiler.close(answer_term(data["answer"]["text"]))
            need(not self.algebra.minus(shown, {(): self.answer}), "the answer's text is not its value")
        for position, step in enumerate(data["steps"], start=1):
            rule = step["rule"]
            need(set(step) == {"id", "rule", "says", *_KEYS[rule]}, f"malformed {rule} step")
            need(step["id"] == position and type(step["id"]) is int, "steps are not numbered in order")
            sources = step.get("from", [])
            need(all(type(i) is int and 0 < i < position for i in sources), "a step rests on no earlier step")
            statement: Call = getattr(self, "on_" + rule)(step, [self.says[i - 1] for i in sources])
            need(
                step["says"] == print_term(statement, "call"),
                f"the step shows {print_term(statement, 'call')}",
            )
            self.says.append(statement)
        return self.conclude()

    def chosen(self, positions: Any) -> list[Call]:
        """Givens by their positions."""
        return [self.givens[whole(k, 0, len(self.givens) - 1)] for k in positions]

    def conclude(self) -> Verdict:
        """The last step must be what the problem asks."""
        goal = self.declaration.find
        if isinstance(goal, Call) and goal.head == "Relation":
            goal = goal.args[0]
        proves = isinstance(goal, Call) and (
            goal.head in ("Equal", "Value") or goal.head in self.theory.predicates
        )
        wanted = (
            goal
            if isinstance(goal, Call) and proves
            else Call("Value", (goal,))
            if goal is not None
            else None
        )
        last = self.says.pop() if self.says else None
        need(wanted is not None and last is not None and self.same(last, wanted), "the goal is not reached")
        need(
            (self.answer is None) == (wanted is None or wanted.head != "Value"),
            "an answer to another question",
        )
        need(self.model or not (self.aside or self.left_out), "a given is set aside without need")
        kind: Kind = "incomplete" if self.holes else "valid in the diagram" if self.read else "valid"
        return Verdict(kind, None, next(iter(self.holes), ""), tuple(self.read), tuple(self.holes))

    # Steps ----------------------------------------------------------------------------------

    def on_given(self, step: Any, sources: Sequence[Call]) -> Call:
        return self.stated(self.givens[whole(step["given"], 0, len(self.givens) - 1)])

    def on_construction(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = self.parsed(step["says"])
        assert isinstance(statement, Call)
        need(all(isinstance(word, Points) for word in statement.args), "no construction fact")
        need(self.figure.holds(statement.head, letters(statement)), "the construction has no such fact")
        return statement

    def on_theorem(self, step: Any, sources: Sequence[Call]) -> Call:
        theorem = self.theory.theorems[step["theorem"]]
        branch = theorem.branches[whole(step["branch"], 1, 1000)]
        names = bind(theorem, [self.word(points) for points in step["points"]])
        need(not isinstance(names, Diagnostic), "wrong arguments")
        assert not isinstance(names, Diagnostic)
        premises = [instance(premise, names) for premise in branch.given]
        need(len(premises) == len(sources), "the number of premises is wrong")
        for premise, source in zip(premises, sources, strict=True):
            need(self.same(premise, source), f"a premise is missing: {print_term(premise, 'infix')}")
        for guard in branch.where:
            self.guard(instance(guard, names))
        return self.stated(instance(branch.then[whole(step["then"], 0, len(branch.then) - 1)], names))

    def on_meaning(self, step: Any, sources: Sequence[Call]) -> Call:
        (source,) = sources
        found = consequences(self.theory, self.theory.predicates[source.head], letters(source))
        statement, guards = found[whole(step["means"], 0, len(found) - 1)]
        for guard in guards:
            self.guard(guard)
        return self.stated(statement)

    def on_algebra(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = self.parsed(step["says"])
        assert isinstance(statement, Call)
        if statement.head == "Value":
            need(self.answer is not None and len(statement.args) == 1, "no value is given")
            assert self.answer is not None
            claim = self.algebra.minus(self.compiler.close(statement.args[0]), {(): self.answer})
        else:
            claim = self.compiler.equation(statement)
        allowed, cited = set(step["from"]), set()

        def equation(source: Any) -> Poly:
            need(source in allowed, "the witness uses a step that is not named")
            cited.add(source)
            if source not in self.polys:
                self.polys[source] = self.compiler.equation(self.says[source - 1])
            return self.polys[source]

        def bounds(source: Any) -> list[Bound]:
            need(source in allowed, "the witness uses a step that is not named")
            cited.add(source)
            return self.corners(self.says[source - 1])

        self.read.update(dict.fromkeys(self.algebra.run(step["witness"], equation, bounds, claim)))
        need(cited == allowed, "the witness does not use all steps that are named")
        return statement

    # Statements -----------------------------------------------------------------------------

    def parsed(self, text: Any) -> Term:
        need(isinstance(text, str) and len(text) < 4000, "no statement")
        term = parse_statement(text)
        need(not isinstance(term, Diagnostic), "a statement that cannot be read")
        assert not isinstance(term, Diagnostic)
        return term

    def word(self, names: Any) -> tuple[str, ...]:
        need(all(name in self.figure.points for name in names), "an unknown point")
        return tuple(names)

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
        need(
            all(isinstance(word, Points) and len(set(word.names)) == len(word) for word in call.args),
            "a point twice",
        )
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
        return attribute.declaration.needs == (Call("Angle", (Points(attribute.letters),)),)

    def define(self, variable: int, what: Any) -> None:
        """One line of the table of variables: a quantity, a free symbol, or a formula."""
        if isinstance(what, list):
            self.algebra.formula(variable, what[0], what[1:])
            return
        term = self.parsed(what)
        key, kind = self.key(term)
        if isinstance(term, Call):
            self.exists(self.theory.attributes[term.head], term)
        self.algebra.quantity(variable, kind)
        need(key not in self.variables, "a quantity has two variables")
        self.variables[key], self.terms[variable] = variable, term

    def variable(self, term: Term) -> int:
        found = self.variables.get(self.key(term)[0])
        need(found is not None, f"the certificate has no variable for {print_term(term, 'call')}")
        return found  # type: ignore[return-value]

    def corners(self, polygon: Call) -> list[Bound]:
        """The angles of a triangle are below 180 degrees."""
        points = letters(polygon)
        need(polygon.head == "Polygon" and len(points) == 3, "only triangles bound angles")
        found: list[Bound] = []
        for attribute in filter(self.is_angle, self.theory.attributes.values()):
            for k in range(3):
                call = Call(attribute.name, (Points((points[k - 1], points[k], points[(k + 1) % 3])),))
                variable = self.variables.get(self.key(call)[0])
                found += [] if variable is None else [(variable, Q(0), Q(180))]
        return found

    # The figure -----------------------------------------------------------------------------

    def guard(self, guard: Call) -> None:
        """A strict inequality that is read off the coordinates."""
        text = print_term(guard, "infix")
        if self.data["model"] is None:
            self.holes[text] = None
        else:
            need(self.coordinates().holds(guard), f"not so in the figure: {text}")
            self.read[text] = None

    def settles(self, kind: str, poly: Poly) -> bool:
        """What an algebra step asks the figure: is the polynomial not zero, or not negative?"""
        need(self.data["model"] is not None, "there is no figure to read from")
        self.coordinates()
        value, error = self.measure(poly)
        return abs(value) > error if kind == "different" else value > -error

    def measure(self, poly: Poly) -> Value:
        assert self.model is not None
        total: Value = (0.0, 0.0)
        for mono, number in poly.items():
            low, high = (self.algebra.span(part, 60) for part in number)
            product = div((float(sum(low)) / 2, 1e-15 * abs(float(sum(low)))), (float(sum(high)) / 2, 0.0))
            for variable in mono:
                product = mul(product, self.measured(variable))
            total = add(total, product)
        return total

    def measured(self, variable: int) -> Value:
        assert self.model is not None
        if variable in self.terms:
            return self.model.term(self.terms[variable])
        name, one, two = self.algebra.formulas[variable]
        inside = self.measure(one)
        if name == "quotient":
            return div(inside, self.measure(two))
        return root(inside) if name == "root" else self.model.arithmetic(name, [inside])

    def coordinates(self) -> Model:
        """The figure, once it is seen to satisfy construction and givens."""
        if self.model is None:
            self.model, rounded = read_model(self.theory, self.data["model"])
            kept = [given for given in self.givens if given not in (*self.aside, *self.left_out)]
            self.read.update(
                {f"read the other way round: {print_term(g, 'infix')}": None for g in self.aside}
            )
            self.holes.update(
                {f"the figure leaves out {print_term(g, 'infix')}": None for g in self.left_out}
            )
            self.read.update(dict.fromkeys(verify_model(self.model, self.figure, kept, self.aside)))
            self.read.update({rounded: None} if rounded else {})
        return self.model
