"""A certificate: the proof of a solved problem as plain data that `fgps.check` verifies by itself.

Every entry that the goal rests on becomes one step; the algebra steps carry witnesses over one table of
variables and one table of irrational atoms.  Coordinates of a model are added where a step reads from
the figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from fgps.algebra.nodes import Node
from fgps.algebra.witness import Builder
from fgps.algebra.witness_data import Growing, Kernel, NoWitness, convert, data_of
from fgps.check import Verdict, check_certificate, problem_digest
from fgps.check.certificate import VERSION
from fgps.check.figure import Figure
from fgps.check.polynomials import Poly, Refused
from fgps.check.statements import answer_term
from fgps.check.table import Table
from fgps.diagram.model import Diagram
from fgps.engine.records import Entry, GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call, ProblemDeclaration, Symbol, Term, calls, letters
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.theory.instantiate import canonical, consequences, instance, spell
from fgps.theory.model import Theory

Json = dict[str, Any]
#: The part of the figure's size by which a coordinate of an exact model may be off.
EXACT: Final = 1e-8


def stated(problem: Problem) -> ProblemDeclaration:
    """The declaration as it was understood: slips of the data mended, unusable givens left out.

    A declaration without slips is returned as it is.
    """
    declaration, goal = problem.declaration, problem.goal
    written = (*declaration.given, *declaration.image)
    usable = {given.term for given in problem.givens}
    asked = declaration.find
    if goal is not None:
        asked = Call("Value", (goal.term,)) if goal.kind == "value" else goal.term
    plain = asked in (declaration.find, _argument(declaration.find)) or _argument(asked) == declaration.find
    if set(written) == usable and plain:
        return declaration
    text = tuple(given.term for given in problem.givens if given.source == "text")
    image = tuple(given.term for given in problem.givens if given.source == "image")
    return replace(declaration, given=text, image=image, find=asked)


def _argument(term: Term | None) -> Term | None:
    """``t`` of ``Value(t)`` and ``Relation(t)``."""
    return term.args[0] if isinstance(term, Call) and term.head in ("Value", "Relation") else None


def make_certificate(
    state: State, goal: GoalResult, whole: Problem | None = None, diagram: Diagram | None = None
) -> Json:
    """The certificate of a goal that was reached; `NoWitness` if a step cannot be written down.

    ``whole`` is the problem that was asked if the state's is another: the state may hold a consistent part of
    its givens.  ``diagram`` is for guards that a state without one took for granted.
    """
    return _Maker(state, whole or state.problem, diagram or state.diagram).make(goal)


def certify(
    state: State, goal: GoalResult, whole: Problem | None = None, diagram: Diagram | None = None
) -> tuple[Json | None, Verdict]:
    """The certificate that `make_certificate` makes, and what the checker says to it."""
    diagram = diagram or state.diagram
    try:
        certificate = make_certificate(state, goal, whole, diagram)
    except (NoWitness, Refused, ArithmeticError) as reason:
        return None, Verdict("incomplete", reason=f"a step has no witness: {reason}", holes=(str(reason),))
    checked, model, entries = stated(whole or state.problem), certificate["model"], state.store.entries
    assert goal.entry is not None
    guarded = any(entries[number].origin.guards for number in used_entries(entries, goal.entry))
    if model is not None and not guarded:
        # A quotient may or may not need the figure to be defined: then it is not carried in vain.
        bare = {**certificate, "model": None, "set_aside": [], "left_out": []}
        if _verdict(checked, state, bare).kind == "valid":
            certificate, model = bare, None
    verdict = _verdict(checked, state, certificate)
    if model is not None and diagram and diagram.outcome == "exact":
        # Regions need not lie the right way round in every model.
        for k in range(1, len(diagram.coordinates)):
            if not verdict.accepted:
                certificate = {**certificate, "model": model_of(diagram, k)}
                verdict = _verdict(checked, state, certificate)
    if model is not None and diagram and diagram.tolerance:
        # Rounded data: enclosures of the coordinates as narrow as will do; in wide ones points coincide.
        for precision in precisions(diagram)[1:]:
            if not verdict.accepted:
                model["precision"] = precision
                verdict = _verdict(checked, state, certificate)
    return certificate, verdict


def _verdict(declaration: ProblemDeclaration, state: State, certificate: Json) -> Verdict:
    # The checker sees what a reader of the file would see.
    return check_certificate(declaration, state.theory, json.loads(dump_certificate(certificate)))


def dump_certificate(certificate: Json) -> str:
    """The certificate as JSON text, always the same bytes for the same proof."""
    return json.dumps(certificate, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


class _Maker:
    def __init__(self, state: State, problem: Problem, diagram: Diagram | None) -> None:
        self.state, self.diagram = state, diagram
        self.declaration = stated(problem)
        self.givens = (*self.declaration.given, *self.declaration.image)
        self.kernel = Kernel()
        table = _GrowingTable(self.state.theory, Figure(self.declaration.construct), self.kernel, self.need)
        self.compiler = Growing(self.kernel, table.variable, self.kernel.numbers)
        self.table = table
        self.answer: Term | None = None
        self.steps: list[Json] = []
        self.says: list[Call] = []
        self.place: dict[int, int] = {}
        self.variables: dict[int, Poly] = {}
        self.polygons: dict[tuple[str, ...], tuple[int, ...]] = {}

    def make(self, goal: GoalResult) -> Json:
        assert goal.entry is not None
        entries = self.state.store.entries
        used = used_entries(entries, goal.entry)
        read = False
        text = None if goal.value is None else goal.value.to_text()
        self.answer = None if text is None else answer_term(text)
        self.tangents()
        for number in used:
            entry = entries[number]
            step = self.step(entry)
            self.place[number] = len(self.steps) + 1
            self.says.append(entry.statement)
            self.steps.append(
                {"id": len(self.steps) + 1, "says": print_term(entry.statement, "call"), **step}
            )
            read = read or bool(entry.origin.guards)
        read = read or any(_reads(step.get("witness", ())) for step in self.steps)
        return {
            "version": VERSION,
            "problem": problem_digest(self.declaration),
            "theory": [self.state.theory.name, self.state.theory.digest],
            "left_out": self.left_out() if read else [],
            "set_aside": self.set_aside() if read else [],
            "polygons": [[list(corners), list(cells)] for corners, cells in self.polygons.items()],
            "numbers": list(map(data_of, self.kernel.numbers)),
            "variables": self.kernel.table,
            "steps": self.steps,
            "answer": text,
            "model": model_of(self.diagram, 0) if read and self.diagram is not None else None,
        }

    # Steps ----------------------------------------------------------------------------------

    def step(self, entry: Entry) -> Json:
        origin = entry.origin
        sources = [self.place[number] for number in origin.premises]
        self.need(entry.statement)
        if origin.kind == "given":
            return {"rule": "given", "given": self.givens.index(entry.statement)}
        if origin.kind == "construction":
            return {"rule": "construction"}
        if origin.kind == "theorem":
            return {"rule": "theorem", "from": sources, **self.application(entry)}
        if origin.kind == "meaning":
            return {"rule": "meaning", "from": sources, "means": self.meaning(entry)}
        assert origin.derivation is not None
        witness = self.witness(entry.statement, origin.derivation.node)
        cited = sorted({step["source"] for step in witness if "source" in step})
        return {"rule": "algebra", "from": cited, "witness": witness}

    def set_aside(self) -> list[int]:
        """Givens that the figure reads the other way round."""
        if self.diagram is None:
            return []
        part = {given.term for given in self.state.problem.givens}
        false = (k for k, g in enumerate(self.givens) if g in part and self.diagram.holds(g) is False)
        return list(false)

    def left_out(self) -> list[int]:
        """Givens that contradict the others: the figure does not satisfy them."""
        kept = {given.term for given in self.state.problem.givens}
        return [k for k, given in enumerate(self.givens) if given not in kept]

    def application(self, entry: Entry) -> Json:
        applied = entry.origin.application
        assert applied is not None
        theorem = self.state.theory.theorems[applied.theorem]
        branch = theorem.branches[applied.branch]
        names = dict(zip(theorem.letters, applied.points, strict=True))
        words, start = [], 0
        for size in applied.groups:
            words.append(list(applied.points[start : start + size]))
            start += size
        then = [instance(template, names) for template in branch.then].index(entry.statement)
        for template in branch.given:
            self.need(instance(template, names))
        return {"theorem": applied.theorem, "branch": applied.branch, "points": words, "then": then}

    def meaning(self, entry: Entry) -> int:
        source = self.state.store.entries[entry.origin.premises[0]].statement
        found = consequences(self.state.theory, self.state.theory.predicates[source.head], letters(source))
        return [statement for statement, _ in found].index(entry.statement)

    def witness(self, statement: Call, node: Node) -> list[Json]:
        """The steps of an algebra step; they end with what it says."""
        if statement.head == "Value":
            assert self.answer is not None
            claim = self.compiler.value(statement.args[0], self.answer)
        else:
            claim = self.compiler.equation(statement)
        self.kernel.start(self.equation, self.bounds, lambda kind, poly: True)
        builder = Builder(self.state.system, self.kernel, self.variable)
        steps = builder.build(node, claim)
        return [{**s, "source": self.place[s["source"]]} if "source" in s else s for s in steps]

    def equation(self, source: int) -> Poly:
        """What an earlier step says, as the checker sees it."""
        return self.compiler.equation(self.says[self.place[source] - 1])

    def bounds(self, source: int) -> list[Poly]:
        """The angles that an earlier step bounds."""
        return self.table.corners(self.says[self.place[source] - 1])

    def variable(self, v: int) -> Poly:
        """The checker's variable for one of the algebra's."""
        if v not in self.variables:
            formula = self.state.system.formulas.get(v)
            if formula is not None:
                parts = (convert(self.kernel, self.variable, part) for part in formula[1:])
                self.variables[v] = self.kernel.formula(formula[0], *parts)
            else:
                meaning = self.state.equations.variables.get(v)
                if meaning is None:
                    raise NoWitness("a variable that stands for nothing in the figure")
                term: Term = (
                    Symbol(meaning)
                    if isinstance(meaning, str)
                    else spell(self.state.theory.attributes[meaning.attribute], meaning.points)
                )
                self.variables[v] = {(self.table.variable(term),): 1}
        return self.variables[v]

    # Tables ---------------------------------------------------------------------------------

    def tangents(self) -> None:
        """Tangents that the problem speaks of are defined."""
        asked = self.declaration.find
        for term in (*self.givens, *([asked] if asked is not None else [])):
            for call in calls(term):
                if call.head in ("Tan", "tan"):
                    self.kernel.defined.update(v for mono in self.compiler.close(call) for v in mono)

    def need(self, statement: Call) -> None:
        """Note the polygons that a statement speaks of."""
        theory = self.state.theory
        for call in calls(statement):
            declared = theory.predicates.get(call.head) or theory.attributes.get(call.head)
            points = letters(call)
            if call.head == "Polygon":
                self.polygon(points)
            elif declared is not None and len(points) == len(declared.letters):
                names = dict(zip(declared.letters, points, strict=True))
                for required in declared.declaration.needs:
                    if required.head == "Polygon":
                        self.polygon(letters(instance(required, names)))

    def polygon(self, points: tuple[str, ...]) -> None:
        construction = self.state.construction
        derivation = construction.facts.get(("Polygon", points))
        if derivation is not None:
            least = canonical(self.state.theory.predicates["Polygon"], points)
            cells = tuple(construction.regions[k].statement for k in derivation.cells)
            self.polygons.setdefault(least, cells)


def model_of(diagram: Diagram, k: int) -> Json:
    """Model ``k`` of a diagram; coordinates with all digits of a double."""
    points = zip(diagram.points, diagram.coordinates[k].tolist(), strict=True)
    circles = zip(diagram.circles, diagram.centres[k].tolist(), diagram.radii[k].tolist(), strict=True)
    return {
        "precision": precisions(diagram)[0],
        "points": {name: [repr(x), repr(y)] for name, (x, y) in points},
        "circles": {name: [repr(x), repr(y), repr(r)] for name, (x, y), r in circles},
        "symbols": {name: repr(float(values[k])) for name, values in diagram.symbols.items()},
    }


def precisions(diagram: Diagram) -> tuple[str, ...]:
    """How far coordinates may be off, relative to the figure: what may do, to be tried in this order."""
    if diagram.outcome == "exact":
        return (f"{EXACT:.3e}",)
    wide = (4 * diagram.residual, 4 * diagram.tolerance)
    errors = (max(EXACT, diagram.tolerance), *(min(0.02, max(EXACT, error)) for error in wide))
    return tuple(f"{error:.3e}" for error in errors)


class _GrowingTable(Table):
    """The checker's table of quantities; what is missing is added."""

    algebra: Kernel

    def __init__(self, theory: Theory, figure: Figure, kernel: Kernel, note: Callable[[Call], None]) -> None:
        super().__init__(theory, figure, kernel)
        self.kernel, self.note = kernel, note

    def variable(self, term: Term) -> int:
        key, kind = self.key(term)
        found = self.variables.get(key)
        if found is None:
            if isinstance(term, Call):
                self.note(term)
            found = self.variables[key] = self.kernel.add(print_term(term, "call"), kind)
        return found


def _reads(witness: Iterable[Json]) -> bool:
    """Whether a witness leaves something to the figure."""
    return any(
        step.get("how") == "figure" or any(how == "figure" for _, how in step.get("factors", ()))
        for step in witness
    )
