"""The checker: a certificate against the source of problem and theory.

Every statement is taken from the problem's declaration or from a theorem's branch; the certificate only says
which one, with which points, resting on which earlier steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fgps.check.figure import Figure
from fgps.check.polynomials import Poly, Refused, need, whole
from fgps.check.reading import Reading
from fgps.check.statements import Compiler, answer_term
from fgps.check.table import Table, parsed
from fgps.check.witness import Algebra
from fgps.lang.ast import Call, Points, ProblemDeclaration, calls, letters
from fgps.lang.printer import print_term
from fgps.theory.instantiate import bind, consequences, instance
from fgps.theory.model import Theory

VERSION = 2
MAX_STEPS = 3000
OTHERWISE = "a given that the figure reads otherwise"
_FIELDS = set(
    "version problem theory set_aside left_out polygons numbers variables steps answer model".split()
)
#: What each rule names besides its id and what it says.
_KEYS = {
    "given": {"given"},
    "construction": set(),
    "algebra": {"from", "witness"},
    "meaning": {"means", "from"},
    "theorem": {"theorem", "branch", "points", "then", "from"},
}
_MALFORMED = (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker says: ``first_bad_step`` counts from 1; ``diagram_facts`` were read off the figure;
    ``holes`` were neither proved nor read."""

    kind: str  # valid, valid in the diagram, incomplete, invalid
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
    says: list[Call] = []
    try:
        return _Check(declaration, theory, certificate, says).run()
    except Refused as refused:
        reason = str(refused)
    except (ArithmeticError, *_MALFORMED) as error:
        reason = f"malformed: {type(error).__name__} {str(error)[:100]}"
    return Verdict("invalid", len(says) + 1, reason)


class _Check:
    def __init__(self, declaration: ProblemDeclaration, theory: Theory, data: Any, says: list[Call]) -> None:
        self.declaration, self.theory, self.data, self.says = declaration, theory, data, says
        self.givens = (*declaration.given, *declaration.image)
        self.figure, self.algebra = Figure(declaration.construct), Algebra()
        self.table = Table(theory, self.figure, self.algebra)
        self.polys: dict[int, Poly] = {}
        goal = declaration.find
        self.goal = goal.args[0] if isinstance(goal, Call) and goal.head == "Relation" else goal

    def run(self) -> Verdict:
        data = self.data
        need(isinstance(data, dict) and set(data) == _FIELDS, "this is no certificate")
        need(data["version"] == VERSION and type(data["version"]) is int, "a certificate of another version")
        own = data["problem"] == problem_digest(self.declaration)
        need(own, "the certificate belongs to another problem")
        digest = [self.theory.name, self.theory.digest]
        need(data["theory"] == digest, "the certificate rests on another theory")
        for corners, cells in data["polygons"]:
            need(self.figure.add_polygon(tuple(corners), cells), f"no polygon {''.join(corners)}")
        need(len(data["steps"]) <= MAX_STEPS and len(data["variables"]) <= MAX_STEPS, "the proof is too long")
        otherwise = [[self.given(k) for k in data[name]] for name in ("set_aside", "left_out")]
        self.reading = Reading(self.table, data["model"], self.givens, *otherwise)
        for what in data["variables"]:
            self.table.define(what)
        self.compiler = Compiler(
            self.algebra, self.table.variable, [*map(self.algebra.poly, data["numbers"])]
        )
        self.answer = None if data["answer"] is None else answer_term(data["answer"])
        # A tangent that the problem speaks of is defined, like its quotients.
        for term in (*self.givens, *([] if self.goal is None else [self.goal])):
            for call in calls(term):
                if call.head in ("Tan", "tan"):
                    self.algebra.defined.update(v for mono in self.compiler.close(call) for v in mono)
        for position, step in enumerate(data["steps"], start=1):
            rule = step["rule"]
            need(set(step) == {"id", "rule", "says", *_KEYS[rule]}, f"malformed {rule} step")
            need(step["id"] == position and type(step["id"]) is int, "steps are not numbered in order")
            sources = step.get("from", [])
            need(all(type(i) is int and 0 < i < position for i in sources), "a step rests on no earlier step")
            statement: Call = getattr(self, "on_" + rule)(step, [self.says[i - 1] for i in sources])
            shown = print_term(statement, "call")
            need(step["says"] == shown, f"the step shows {shown}")
            self.says.append(statement)
        return self.conclude()

    def given(self, position: Any) -> Call:
        return self.givens[whole(position, 0, len(self.givens) - 1)]

    def conclude(self) -> Verdict:
        """The last step must be what the problem asks; a term is asked for its value."""
        goal, reading, heads = self.goal, self.reading, ("Equal", "Value", *self.theory.predicates)
        need(goal is not None and self.says, "nothing is asked, or nothing proved")
        assert goal is not None
        wanted = goal if isinstance(goal, Call) and goal.head in heads else Call("Value", (goal,))
        need(self.table.same(self.says.pop(), wanted), "the goal is not reached")
        need((self.answer is None) == (wanted.head != "Value"), "an answer to another question")
        unread = reading.model is None and (reading.data or reading.aside or reading.left_out)
        need(not unread, "a figure that nothing is read from")
        facts, holes = tuple(reading.read), tuple(reading.holes)
        kind = "incomplete" if holes else "valid in the diagram" if facts else "valid"
        return Verdict(kind, None, (*holes, "")[0], facts, holes)

    # Steps ----------------------------------------------------------------------------------

    def on_given(self, step: Any, sources: Sequence[Call]) -> Call:
        given = self.table.stated(self.given(step["given"]))
        need(given.head in self.theory.predicates or given not in self.reading.aside, OTHERWISE)
        return given

    def on_construction(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = parsed(step["says"])
        need(all(isinstance(word, Points) for word in statement.args), "no construction fact")
        need(self.figure.holds(statement.head, letters(statement)), "the construction has no such fact")
        return statement

    def on_theorem(self, step: Any, sources: Sequence[Call]) -> Call:
        theorem = self.theory.theorems[step["theorem"]]
        branch = theorem.branches[whole(step["branch"], 1, 1000)]
        known = all(name in self.figure.points for points in step["points"] for name in points)
        need(known, "an unknown point")
        names = bind(theorem, [tuple(points) for points in step["points"]])
        need(isinstance(names, dict), "wrong arguments")
        assert isinstance(names, dict)
        need(len(branch.given) == len(sources), "the number of premises is wrong")
        for premise, source in zip(branch.given, sources, strict=True):
            wanted = instance(premise, names)
            need(self.table.same(wanted, source), f"a premise is missing: {print_term(wanted, 'infix')}")
        for guard in branch.where:
            self.reading.guard(instance(guard, names))
        return self.table.stated(instance(branch.then[whole(step["then"], 0, len(branch.then) - 1)], names))

    def on_meaning(self, step: Any, sources: Sequence[Call]) -> Call:
        (source,) = sources
        found = consequences(self.theory, self.theory.predicates[source.head], letters(source))
        statement, guards = found[whole(step["means"], 0, len(found) - 1)]
        for guard in guards:
            self.reading.guard(guard)
        false = source in self.reading.aside and not self.reading.coordinates().holds(statement)
        need(not false, OTHERWISE)
        return self.table.stated(statement)

    def on_algebra(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = parsed(step["says"])
        if statement.head == "Value":
            need(self.answer is not None and len(statement.args) == 1, "no value is given")
            assert self.answer is not None
            claim = self.compiler.value(statement.args[0], self.answer)
        else:
            claim = self.compiler.equation(statement)
        cited: set[int] = set()

        def cite(source: Any) -> Call:
            need(source in step["from"], "the witness uses a step that is not named")
            cited.add(source)
            said: Call = self.says[source - 1]
            return said

        def equation(source: Any) -> Poly:
            said = cite(source)
            if source not in self.polys:
                self.polys[source] = self.compiler.equation(said)
            return self.polys[source]

        self.algebra.start(equation, lambda source: self.table.corners(cite(source)), self.reading.settles)
        self.reading.read.update(dict.fromkeys(self.algebra.run(step["witness"], claim)))
        need(cited == set(step["from"]), "the witness does not use all steps that are named")
        return statement
