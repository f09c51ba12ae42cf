"""Checking the statement of a problem: what a model that formalises texts calls to mend its own output.

Syntax, names, entities, whether a figure exists, whether it fixes the goal and agrees with the answer, and
what nothing uses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from fgps.lang.ast import Call, ProblemDeclaration, Term, calls, letters, symbols
from fgps.lang.diagnostics import Diagnostic, Severity, error, to_json
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.theory.model import Theory
from fgps.verify.problems import load_problem

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: ``ok``: a figure exists and fixes the goal.  ``unreadable``: errors of syntax, names or entities.
#: ``inconsistent``: no figure satisfies the statements.  ``no-figure``: none was found in the time.
#: ``undetermined``: figures differ in what is asked.  ``disagrees``: the answer is not the figure's value.
Verdict = Literal["ok", "unreadable", "inconsistent", "no-figure", "undetermined", "disagrees"]

#: Codes of the findings of this module beside those of `fgps.lang.diagnostics.CODES`.
UNUSED: Final = "unused"
#: Relative error up to which an answer agrees with the figure.
_TOLERANCE: Final = 1e-4
_RADIANS: Final = frozenset(("sin", "cos", "tan", "asin", "acos", "atan"))


@dataclass(frozen=True, slots=True)
class Formalization:
    """What is right and wrong with a statement.

    ``value`` is the goal's value in the figure (None if it is not fixed); ``agrees`` compares the answer
    with it.  ``clashes`` are the statements that no figure satisfies together, worst first.
    """

    verdict: Verdict
    name: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    figure: str = ""
    value: float | None = None
    agrees: bool | None = None
    clashes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the statement can be used as it is."""
        return self.verdict == "ok"

    def as_json(self) -> dict[str, Any]:
        """As plain data; the keys are a public format."""
        return {
            "verdict": self.verdict,
            "name": self.name,
            "diagnostics": [to_json(diagnostic) for diagnostic in self.diagnostics],
            "figure": self.figure,
            "value": self.value,
            "agrees": self.agrees,
            "clashes": list(self.clashes),
            "warnings": list(self.warnings),
        }


def check_formalization(
    source: object, theory: Theory, seconds: float = 5.0, files: bool = True
) -> Formalization:
    """Check a problem given as FGL text or as an object in the released layout (see `load_problem`)."""
    loaded = load_problem(source, theory, files)
    problem, found = loaded.problem, loaded.diagnostics
    if problem is None:
        if not any(d.severity is Severity.ERROR for d in found):
            found = (*found, error("bad-declaration", "there is no problem to check"))
        return Formalization("unreadable", diagnostics=found)
    from fgps.diagram.synthesize import synthesize

    diagram = synthesize(problem, seed=0, budget=seconds)
    found = (*found, *unused(problem))
    clashes = tuple(print_term(clash.statement, "infix") for clash in diagram.clashes[:6])
    verdict, value, agrees = _judge(problem, diagram)
    return Formalization(
        verdict, problem.name, found, diagram.outcome, value, agrees, clashes, diagram.warnings
    )


def _judge(problem: Problem, diagram: Diagram) -> tuple[Verdict, float | None, bool | None]:
    if diagram.outcome == "inconsistent":
        return "inconsistent", None, None
    if diagram.outcome == "none":
        return "no-figure", None, None
    goal = problem.goal
    assert goal is not None
    if goal.kind != "value":
        assert isinstance(goal.term, Call)
        holds = diagram.holds(goal.term)
        return ("disagrees" if holds is False else "ok"), None, holds
    value = diagram.determined(goal.term)
    if value is None:
        return "undetermined", None, None
    value = float(f"{value:.9g}")
    said = _answer(problem.expected, diagram)
    if said is None:
        return "ok", value, None
    tolerance = max(_TOLERANCE, 4 * diagram.tolerance)
    agrees = abs(said - value) <= tolerance * max(1.0, abs(value))
    return ("ok" if agrees else "disagrees"), value, agrees


def _answer(term: Term | None, diagram: Diagram) -> float | None:
    """The annotated answer as a number; None where there is none, or where its angles are in radians."""
    if term is None or any(call.head in _RADIANS for call in calls(term)):
        return None
    return diagram.determined(term)


def unused(problem: Problem) -> tuple[Diagnostic, ...]:
    """Points that one statement of the construction has and nothing else, symbols that stand alone."""
    told = problem.declaration
    found = []
    places: Counter[str] = Counter()
    for statement in told.construct:
        places.update(set(letters(statement)))
    told_points = {point for term in _stated(told) for point in letters(term)}
    for point in problem.construction.points:
        if places[point] <= 1 and point not in told_points and point not in problem.construction.circles:
            message = (
                f"the point {point} stands in one statement of the construction only, and nothing uses it"
            )
            found.append(Diagnostic(UNUSED, Severity.NOTE, message))
    names = Counter(symbol.name for term in _stated(told) for symbol in symbols(term) if symbol.name != "pi")
    asked = {symbol.name for symbol in symbols(told.find)} if told.find is not None else set()
    for name, count in names.items():
        if count == 1 and name not in asked:
            message = f"the symbol {name} occurs once and is not asked for"
            found.append(Diagnostic(UNUSED, Severity.NOTE, message))
    return tuple(found)


def _stated(told: ProblemDeclaration) -> tuple[Term, ...]:
    goal = () if told.find is None else (told.find,)
    extra = tuple(statement for statement in told.image if statement not in told.given)
    return (*told.given, *extra, *goal)


def words(report: Formalization) -> str:
    """The report for whoever shall mend the statement."""
    lines = [_HEADLINES[report.verdict]]
    for diagnostic in report.diagnostics:
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        lines.append(f"{diagnostic.severity.value}: {diagnostic.headline}{hint}")
    if report.clashes:
        lines.append(f"These statements clash: {'; '.join(report.clashes)}")
    lines += [f"warning: {warning}" for warning in report.warnings]
    return "\n".join(lines)


_HEADLINES: Final = {
    "ok": "The statement is consistent and fixes what is asked.",
    "unreadable": "The statement cannot be used.",
    "inconsistent": "No figure satisfies the statement.",
    "no-figure": "No figure was found in the time.",
    "undetermined": "The statement does not fix what is asked.",
    "disagrees": "The answer is not what the figure shows.",
}
