"""A certificate: the proof of a solved problem as plain data that `fgps.check` verifies by itself.

Every entry that the goal rests on becomes one step; the algebra steps carry witnesses over one table of
variables and one table of irrational atoms.  Coordinates of a model are added where a step reads from
the figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from fgps.algebra.compile import compile_number
from fgps.algebra.exact import Exact
from fgps.algebra.functions import sqrt
from fgps.algebra.nodes import Node
from fgps.algebra.terms import TooLarge, Undecided
from fgps.algebra.witness import Builder, pruned
from fgps.algebra.witness_data import NoWitness, Writer
from fgps.check import Verdict, check_certificate, problem_digest
from fgps.check.certificate import VERSION
from fgps.engine.records import Entry, GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call, ProblemDeclaration, Term, calls, letters, symbols
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.theory.instantiate import canonical, consequences, instance, spell

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


def make_certificate(state: State, goal: GoalResult, whole: Problem | None = None) -> Json:
    """The certificate of a goal that was reached; `NoWitness` if a step cannot be written down.

    ``whole`` is the problem itself if the state holds only a consistent part of its givens.
    """
    return _Maker(state, whole or state.problem).make(goal)


def certify(state: State, goal: GoalResult, whole: Problem | None = None) -> tuple[Json | None, Verdict]:
    """The certificate of a goal that was reached, and what the checker says to it."""
    try:
        certificate = make_certificate(state, goal, whole)
    except (NoWitness, TooLarge, Undecided) as reason:
        return None, Verdict("incomplete", reason=f"a step has no witness: {reason}", holes=(str(reason),))
    checked, model, entries = stated(whole or state.problem), certificate["model"], state.store.entries
    assert goal.entry is not None
    guarded = any(entries[number].origin.checked for number in used_entries(entries, goal.entry))
    if model is not None and not guarded:
        # A quotient may or may not need the figure to be defined: then it is not carried in vain.
        bare = {**certificate, "model": None, "set_aside": [], "left_out": []}
        if _verdict(checked, state, bare).kind == "valid":
            certificate, model = bare, None
    verdict = _verdict(checked, state, certificate)
    if not verdict.accepted and model is not None and state.diagram and state.diagram.tolerance:
        # Rounded data: the enclosures of the coordinates may be too narrow for the rounding.
        model["precision"] = f"{min(0.02, 4 * state.diagram.tolerance):.3e}"
        verdict = _verdict(checked, state, certificate)
    return certificate, verdict


def _verdict(declaration: ProblemDeclaration, state: State, certificate: Json) -> Verdict:
    # The checker sees what a reader of the file would see.
    return check_certificate(declaration, state.theory, json.loads(dump_certificate(certificate)))


def dump_certificate(certificate: Json) -> str:
    """The certificate as JSON text, always the same bytes for the same proof."""
    return json.dumps(certificate, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


class _Maker:
    def __init__(self, state: State, problem: Problem) -> None:
        self.state, self.diagram = state, state.diagram
        self.declaration = stated(problem)
        self.givens = (*self.declaration.given, *self.declaration.image)
        self.writer = Writer()
        self.steps: list[Json] = []
        self.place: dict[int, int] = {}
        self.used: set[int] = set()
        self.roots: dict[str, Any] = {}
        self.polygons: dict[tuple[str, ...], tuple[int, ...]] = {}

    def make(self, goal: GoalResult) -> Json:
        assert goal.entry is not None
        entries = self.state.store.entries
        used = used_entries(entries, goal.entry)
        read = False
        for number in used:
            entry = entries[number]
            step = self.step(entry)
            self.place[number] = len(self.steps) + 1
            self.steps.append(
                {"id": len(self.steps) + 1, "says": print_term(entry.statement, "call"), **step}
            )
            read = read or bool(entry.origin.checked)
        answer = None
        if goal.value is not None:
            answer = {"text": goal.value.to_text(), "value": self.writer.number(goal.value)}
            self.note_roots(goal.value)
        variables = self.variables()
        read = read or any(_reads(step.get("witness", ())) for step in self.steps)
        return {
            "version": VERSION,
            "problem": problem_digest(self.declaration),
            "theory": [self.state.theory.name, self.state.theory.digest],
            "left_out": self.left_out() if read else [],
            "set_aside": self.set_aside() if read else [],
            "polygons": [[list(corners), list(cells)] for corners, cells in self.polygons.items()],
            "atoms": self.writer.atoms,
            "roots": list(self.roots.values()),
            "variables": variables,
            "steps": self.steps,
            "answer": answer,
            "model": self.model() if read and self.diagram is not None else None,
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
        witness = self.witness(origin.derivation.node)
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

    def witness(self, node: Node) -> list[Json]:
        builder = _Sharing(self.state.system, self.writer)
        steps = builder.steps_of(node, self.place)
        self.used |= builder.variables(steps)
        return steps

    # Tables ---------------------------------------------------------------------------------

    def need(self, statement: Call) -> None:
        """Note what a statement speaks of: polygons, roots of numbers, variables."""
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
                if call.head in theory.attributes:
                    self.attribute(call)
            elif call.head in ("Sqrt", "sqrt", "Pow"):
                self.constant_root(call)
        if statement.head == "Equal":
            self.state.equations.equation(statement)
        for symbol in symbols(statement):
            if symbol.name != "pi":
                self.used.add(self.state.equations.symbol(symbol.name))

    def attribute(self, call: Call) -> None:
        variable = self.state.equations.attribute(call)
        if variable is not None:
            self.used.add(variable)

    def polygon(self, points: tuple[str, ...]) -> None:
        construction = self.state.construction
        derivation = construction.facts.get(("Polygon", points))
        if derivation is not None:
            least = canonical(self.state.theory.predicates["Polygon"], points)
            cells = tuple(construction.regions[k].statement for k in derivation.cells)
            self.polygons.setdefault(least, cells)

    def constant_root(self, call: Call) -> None:
        number = compile_number(call)
        if isinstance(number, Exact):
            self.root(number)

    def root(self, number: Exact) -> None:
        if number.sign() > 0:
            data = self.writer.number(number)
            self.roots.setdefault(json.dumps(data), data)

    def note_roots(self, value: Exact) -> None:
        """The roots that the printed form of an answer contains."""
        for terms in (value.num, value.den or {}):
            for n, h, _, atoms in terms:
                self.root(sqrt(Exact.of(n)))
                if h % 2:
                    self.root(sqrt(Exact.pi()))
                for atom in atoms:
                    if atom.kind == "root":
                        self.root(sqrt(atom.square))
                    self.note_roots(atom.square)

    def variables(self) -> list[Any]:
        """The table of the variables used, with the formulas that they need, in increasing order."""
        system = self.state.system
        while True:
            before = len(self.used)
            for v, (name, *polys) in system.formulas.items():
                inner = {w for poly in polys for mono in poly.terms for w in mono}
                if v in self.used:
                    self.used |= inner
                elif name in ("sin", "cos", "tan") and inner <= self.used:
                    self.used.add(v)
            if len(self.used) == before:
                break
        table = []
        for v in sorted(self.used):
            formula = system.formulas.get(v)
            if formula is not None:
                table.append([v, [formula[0], *(self.writer.poly(poly) for poly in formula[1:])]])
                continue
            meaning = self.state.equations.variables[v]
            if isinstance(meaning, str):
                table.append([v, meaning])
            else:
                call = spell(self.state.theory.attributes[meaning.attribute], meaning.points)
                self.need(call)
                table.append([v, print_term(call, "call")])
        return table

    def model(self) -> Json:
        """The first model of the diagram; coordinates with all digits of a double."""
        diagram = self.diagram
        assert diagram is not None
        points = zip(diagram.points, diagram.coordinates[0].tolist(), strict=True)
        circles = zip(diagram.circles, diagram.centres[0].tolist(), diagram.radii[0].tolist(), strict=True)
        return {
            "precision": f"{EXACT if diagram.outcome == 'exact' else max(EXACT, diagram.tolerance):.3e}",
            "points": {name: [repr(x), repr(y)] for name, (x, y) in points},
            "circles": {name: [repr(x), repr(y), repr(r)] for name, (x, y), r in circles},
            "symbols": {name: repr(float(values[0])) for name, values in diagram.symbols.items()},
        }


class _Sharing(Builder):
    """Writes witnesses whose atoms belong to the whole certificate."""

    def __init__(self, system: Any, writer: Writer) -> None:
        super().__init__(system)
        self._writer = writer

    def steps_of(self, node: Node, place: Mapping[int, int]) -> list[Json]:
        """The steps, their sources numbered as the certificate numbers them."""
        self._emit_all(node)
        if self._place[node] != len(self._steps):
            self._steps.append({"rule": "combine", "parts": [["1", [], self._place[node]]]})
        steps = pruned(self._steps)
        return [{**step, "source": place[step["source"]]} if "source" in step else step for step in steps]

    @staticmethod
    def variables(steps: Iterable[Json]) -> set[int]:
        """The variables that the steps name."""
        found: set[int] = set()
        for step in steps:
            found.update([step["variable"]] if "variable" in step else step.get("variables", []))
            if step["rule"] == "combine":
                found.update(v for _, mono, _ in step["parts"] for v in mono)
            for poly in (step.get("divisor"), step.get("result"), step.get("other"), *step.get("rest", ())):
                if isinstance(poly, list):
                    found.update(v for _, mono in poly for v in mono)
        return found


def _reads(witness: Iterable[Json]) -> bool:
    """Whether a witness leaves something to the figure."""
    return any(
        step["rule"] == "define"
        or step.get("other") == "model"
        or any(why == "model" for _, why in step.get("others", ()))
        for step in witness
    )
