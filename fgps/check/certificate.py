"""The checker: a certificate against the source of problem and theory.

Every statement is taken from the problem's declaration or from a theorem's branch; the certificate only says
which one, with which points, resting on which earlier steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fgps.check.figure import Figure
from fgps.check.numbers import Number, Refused, need, whole
from fgps.check.polynomials import Poly
from fgps.check.reading import Reading
from fgps.check.statements import Compiler, answer_term
from fgps.check.table import Table, parsed
from fgps.check.witness import Algebra, Bound, Sources
from fgps.lang.ast import Call, Points, ProblemDeclaration, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.printer import print_term
from fgps.theory.instantiate import bind, consequences, instance
from fgps.theory.model import Theory

VERSION = 1
MAX_STEPS = 3000
_KEYS: dict[str, set[str]] = {
    "given": {"given"},
    "construction": set(),
    "theorem": {"theorem", "branch", "points", "then", "from"},
    "meaning": {"means", "from"},
    "algebra": {"from", "witness"},
}

_FIELDS = {
    *("version", "problem", "theory", "set_aside", "left_out", "polygons", "atoms", "roots", "variables"),
    *("steps", "answer", "model"),
}
Kind = Literal["valid", "valid in the diagram", "incomplete", "invalid"]
_BAD_INPUT = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
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
    return Verdict("invalid", len(check.says) + 1 if check is not None else None, reason)


class _Check:
    def __init__(self, declaration: ProblemDeclaration, theory: Theory, data: Any) -> None:
        self.says: list[Call] = []
        self.declaration, self.theory, self.data = declaration, theory, data
        self.givens = (*declaration.given, *declaration.image)
        self.figure = Figure(declaration.construct)
        self.polys: dict[int, Poly] = {}

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
        self.algebra = Algebra(data["atoms"])
        self.table = Table(self.theory, self.figure, self.algebra)
        otherwise = [self.chosen(data[name]) for name in ("set_aside", "left_out")]
        self.reading = Reading(self.table, data["model"], self.givens, *otherwise)
        for variable, what in data["variables"]:
            self.table.define(variable, what)
        self.compiler = Compiler(self.algebra, self.table.variable, data["roots"])
        self.answer: Number | None = None
        if data["answer"] is not None:
            self.answer = self.algebra.parse(data["answer"]["value"])
            text = self.compiler.close(answer_term(data["answer"]["text"]))
            need(not self.algebra.minus(text, {(): self.answer}), "the answer's text is not its value")
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

    def chosen(self, positions: Any) -> list[Call]:
        """Givens by their positions."""
        return [self.givens[whole(k, 0, len(self.givens) - 1)] for k in positions]

    def conclude(self) -> Verdict:
        """The last step must be what the problem asks."""
        goal = self.declaration.find
        if isinstance(goal, Call) and goal.head == "Relation":
            goal = goal.args[0]
        need(goal is not None and self.says, "nothing is asked, or nothing proved")
        assert goal is not None
        wanted = goal if isinstance(goal, Call) and self.proves(goal.head) else Call("Value", (goal,))
        last, reading = self.says.pop(), self.reading
        need(self.table.same(last, wanted), "the goal is not reached")
        need((self.answer is None) == (wanted.head != "Value"), "an answer to another question")
        used = reading.model is not None
        need(
            used or not (reading.data or reading.aside or reading.left_out),
            "a figure that nothing is read from",
        )
        kind: Kind = "incomplete" if reading.holes else "valid in the diagram" if reading.read else "valid"
        return Verdict(kind, None, next(iter(reading.holes), ""), tuple(reading.read), tuple(reading.holes))

    def proves(self, head: str) -> bool:
        """Whether a goal with this head is a statement (else it is a term, and its value is asked for)."""
        return head in ("Equal", "Value") or head in self.theory.predicates

    # Steps ----------------------------------------------------------------------------------

    def on_given(self, step: Any, sources: Sequence[Call]) -> Call:
        return self.table.stated(self.givens[whole(step["given"], 0, len(self.givens) - 1)])

    def on_construction(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = parsed(step["says"])
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
            need(self.table.same(premise, source), f"a premise is missing: {print_term(premise, 'infix')}")
        for guard in branch.where:
            self.reading.guard(instance(guard, names))
        return self.table.stated(instance(branch.then[whole(step["then"], 0, len(branch.then) - 1)], names))

    def on_meaning(self, step: Any, sources: Sequence[Call]) -> Call:
        (source,) = sources
        found = consequences(self.theory, self.theory.predicates[source.head], letters(source))
        statement, guards = found[whole(step["means"], 0, len(found) - 1)]
        for guard in guards:
            self.reading.guard(guard)
        return self.table.stated(statement)

    def on_algebra(self, step: Any, sources: Sequence[Call]) -> Call:
        statement = parsed(step["says"])
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
            return self.table.corners(self.says[source - 1])

        seen = self.algebra.run(step["witness"], Sources(equation, bounds, self.reading.settles), claim)
        self.reading.read.update(dict.fromkeys(seen))
        need(cited == allowed, "the witness does not use all steps that are named")
        return statement

    def word(self, names: Any) -> tuple[str, ...]:
        """Points of the construction."""
        need(all(name in self.figure.points for name in names), "an unknown point")
        return tuple(names)
