"""Questions to a state: what can be applied, what would help, why something holds.

They may add entries to the state (proved premises), so they get a copy of the session's.
"""

from __future__ import annotations

import time
from itertools import islice

from fgps.engine.cost import Stage
from fgps.engine.match import BranchMatcher
from fgps.engine.near import missing, quantities
from fgps.engine.numeric import NumericView
from fgps.engine.records import GoalResult, Origin
from fgps.engine.state import State
from fgps.interactive.records import Candidates, OpenGoal, Option, Reasons, WhyNot
from fgps.lang.ast import OPERATORS, Call, Number, Symbol, Term, letters
from fgps.lang.diagnostics import Diagnostic, near
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.proof.steps import proof_steps
from fgps.search.agenda import Candidate
from fgps.search.backward import Goal, GoalTree
from fgps.search.backward import Option as AndNode
from fgps.search.methods import usable_plans
from fgps.search.outcome import OutOfBudget, SearchBudget
from fgps.search.providers import statement_key
from fgps.theory.instantiate import instance

#: Options shown for a goal, and goals beside the first.
_OPTIONS = 8
_GOALS = 6


def candidates_of(
    state: State, view: NumericView | None, theorem: str | None, limit: int, seconds: float
) -> Candidates:
    """Instances whose premises are established and that give something new, in the order of the theory.

    Of several that give the same, the first; those about reflex angles come last.
    """
    state.effort = 0
    deadline = time.perf_counter() + seconds
    found: dict[tuple[object, ...], tuple[str, tuple[str, ...]]] = {}
    reflex: dict[tuple[object, ...], tuple[str, tuple[str, ...]]] = {}
    for plan in usable_plans(state):
        if theorem not in (None, plan.theorem):
            continue
        for row in BranchMatcher(state.theory, plan, state.store, view).all():
            if len(found) >= limit or time.perf_counter() > deadline:
                return Candidates(tuple(found.values()), False)
            names = dict(zip(plan.registers, row, strict=True))
            if any(isinstance(state.establish(instance(t, names)), str) for t in plan.branch.given):
                continue
            gives = tuple(instance(t, names) for t in plan.branch.then)
            fresh = [statement for statement in gives if _is_new(state, statement)]
            if fresh:
                texts = tuple(print_term(statement, "infix") for statement in fresh)
                key = tuple(statement_key(state, statement) for statement in fresh)
                table = reflex if all(_is_reflex(state, statement) for statement in fresh) else found
                table.setdefault(key, (str(Candidate(plan, row).application()), texts))
    everything = (*found.values(), *reflex.values())
    return Candidates(everything[:limit], len(everything) <= limit)


def _is_reflex(state: State, statement: Call) -> bool:
    """Whether it speaks of an angle beyond 180 degrees, which is seldom what is wanted."""
    for term in quantities(statement):
        if isinstance(term, Call) and state.diagram is not None:
            declared = state.theory.attributes.get(term.head)
            values = state.diagram.value(term) if declared is not None and declared.kind == "angle" else None
            if values is not None and bool((values > 180.001).any()):
                return True
    return False


def _is_new(state: State, statement: Call) -> bool:
    """Whether a conclusion has a meaning here and is not known."""
    if statement.head in state.theory.predicates:
        if state.quantities.check_fact(statement.head, letters(statement)) is not None:
            return False
    elif isinstance(state.equations.equation(statement), str):
        return False
    return isinstance(state.establish(statement), str)


def open_goals(
    state: State, view: NumericView | None, goal: GoalResult, seconds: float
) -> tuple[OpenGoal, ...]:
    """The goal with its options; then the premises that they want, with theirs."""
    if state.problem.goal is None:
        return ()
    root = print_term(state.problem.goal.term, "infix")
    answer = None if goal.value is None else goal.value.to_text()
    if goal.reached:
        return (OpenGoal(root, True, answer),)
    tree = GoalTree(state, usable_plans(state), view, SearchBudget(seconds))
    found = [OpenGoal(root, False)]
    try:
        tree.expand(tree.root)
        shown = _options(tree, tree.root)
        found[0] = OpenGoal(root, False, None, tuple(map(_option, shown)))
        wanted = {id(goal): goal for option in shown for goal in option.premises if not goal.done}
        for node in islice(wanted.values(), _GOALS):
            tree.expand(node)
            options = tuple(map(_option, _options(tree, node)))
            found.append(OpenGoal(print_term(node.statement, "infix"), False, None, options))
    except OutOfBudget:
        pass
    return tuple(found)


def _options(tree: GoalTree, goal: Goal) -> list[AndNode]:
    """The options of a goal that would give something new, those that want least first."""
    useful: dict[tuple[object, ...], tuple[bool, int, int, AndNode]] = {}
    for position, option in enumerate(goal.options):
        plan, row = option.candidate.plan, option.candidate.row
        names = dict(zip(plan.registers, row, strict=True))
        fresh = [s for s in (instance(t, names) for t in plan.branch.then) if _is_new(tree.state, s)]
        if not fresh:
            continue
        key = (
            *(statement_key(tree.state, s) for s in fresh),
            *(g.statement for g in option.premises if not g.done),
        )
        # Trigonometry applies nearly everywhere, and is seldom what a person looks for.
        last = plan.stage is Stage.TRIGONOMETRIC or all(_is_reflex(tree.state, s) for s in fresh)
        wants = sum(not g.done for g in option.premises)
        useful.setdefault(key, (last, wants, position, option))
    return [option for *_, option in sorted(useful.values(), key=lambda item: item[:3])][:_OPTIONS]


def _option(option: AndNode) -> Option:
    known = tuple(print_term(g.statement, "infix") for g in option.premises if g.done)
    wanted = tuple(print_term(g.statement, "infix") for g in option.premises if not g.done)
    return Option(str(option.candidate.application()), known, wanted)


def explain(state: State, text: str) -> Reasons | WhyNot:
    """The proof of a statement, or of the value of a term."""
    term = parse_statement(text)
    if isinstance(term, Diagnostic):
        return WhyNot("syntax", term.headline, (), (term.hint,) if term.hint else ())
    theory = state.theory
    if isinstance(term, Call):
        unknown = not (term.head in theory.predicates or term.head in theory.attributes)
        if unknown and term.notation != "infix" and term.head not in theory.forms:
            names = (*theory.predicates, *theory.attributes)
            return WhyNot(
                "unknown", f"there is no predicate or attribute {term.head}", (), near(term.head, names)
            )
        if term.head in theory.predicates:
            bad = state.quantities.check_fact(term.head, letters(term))
            if bad is not None:
                return WhyNot("bad-arguments", bad.headline, (), (bad.hint,) if bad.hint else ())
            return _of_statement(state, term)
        if term.head == "Equal":
            return _of_statement(state, term)
        if OPERATORS.get(term.head, ("", 9))[1] == OPERATORS["Equal"][1]:
            return _comparison(state, term)
    if isinstance(term, Call | Symbol | Number):
        return _of_value(state, term)
    return WhyNot("bad-arguments", "write a fact, an equation, or a term that has a value")


def _of_statement(state: State, statement: Call) -> Reasons | WhyNot:
    entry = state.establish(statement)
    if isinstance(entry, str):
        lack = missing(state, statement, entry)
        return WhyNot("unknown", f"{lack.premise}: {entry}", (lack,))
    return Reasons(proof_steps(state.store.entries, entry))


def _comparison(state: State, statement: Call) -> WhyNot:
    """Inequalities are never derived."""
    verdict = None if state.diagram is None else state.diagram.holds(statement)
    said = {True: "it is true there", False: "it is false there", None: "it cannot be read off"}[verdict]
    return WhyNot("unknown", f"comparisons are not derived but read off the figure; {said}")


def _of_value(state: State, term: Term) -> Reasons | WhyNot:
    poly = state.equations.term(term)
    if isinstance(poly, str):
        return WhyNot("bad-arguments", poly)
    found = state.system.value(poly)
    shown = print_term(term, "infix")
    if found is None:
        seen = None if state.diagram is None else state.diagram.determined(term)
        figure = "" if seen is None else f"; in the figure it is about {seen:.6g}"
        return WhyNot("unknown", f"the value of {shown} does not follow from what is known{figure}")
    value, derivation = found
    origin = Origin("algebra", derivation.sources, None, derivation, value.to_text())
    entry = state.store.record(Call("Value", (term,)), None, origin)
    return Reasons(proof_steps(state.store.entries, entry), value.to_text())
