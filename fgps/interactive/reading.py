"""Applications as people write them: read, mended where there is one meaning, and put right where not."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fgps.engine.arguments import last_wins
from fgps.engine.match import BranchMatcher
from fgps.engine.numeric import NumericView
from fgps.engine.state import State
from fgps.interactive.records import WhyNot
from fgps.lang.ast import Branch, Call, Number, letters
from fgps.lang.diagnostics import Diagnostic, near
from fgps.lang.parse import parse_statement
from fgps.lang.printer import print_term
from fgps.search.agenda import Candidate
from fgps.search.methods import usable_plans
from fgps.theory.instantiate import bind, instance
from fgps.theory.model import Theorem, Theory

#: Suggested orders of the arguments: how many, and the seconds for looking.
_ORDERS = 3
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An application understood: the call, its branch, the points of its letters.

    ``read_as`` says how it was mended; empty if it was right as written.
    """

    call: Call
    branch: Branch
    binding: Mapping[str, str]
    read_as: str = ""


def read_application(theory: Theory, text: str) -> Reading | WhyNot:
    """Understand ``name(branch,args)``.  A theorem with one branch may be written without its number."""
    call = parse_statement(text)
    if isinstance(call, Diagnostic):
        return WhyNot("syntax", call.headline, (), (call.hint,) if call.hint else ())
    if not isinstance(call, Call):
        return WhyNot("syntax", "write a theorem with its arguments, such as name(1,ABC)")
    theorem = theory.theorems.get(call.head)
    if theorem is None:
        if call.head in theory.predicates or call.head in theory.attributes or call.notation == "infix":
            return WhyNot("unknown-theorem", "this is a fact; facts come from theorems (ask `why` it holds)")
        return WhyNot(
            "unknown-theorem", f"there is no theorem {call.head}", (), near(call.head, theory.theorems)
        )
    numbered = _with_number(theorem, call)
    if isinstance(numbered, WhyNot):
        return numbered
    number = numbered.args[0]
    assert isinstance(number, Number)
    branch = theorem.branches.get(int(number.value)) if number.value.denominator == 1 else None
    if branch is None:
        known = ", ".join(map(str, theorem.branches))
        return WhyNot("bad-arguments", f"{theorem.name} has the branches {known}", (), (signature(theorem),))
    return _bound(theory, theorem, branch, numbered, mended=numbered is not call)


def _with_number(theorem: Theorem, call: Call) -> Call | WhyNot:
    if call.args and isinstance(call.args[0], Number):
        return call
    if len(theorem.branches) == 1:
        number = next(iter(theorem.branches))
        return Call(call.head, (Number(Fraction(number)), *call.args), call.notation, call.span)
    known = ", ".join(map(str, theorem.branches))
    message = f"the first argument is the number of a branch: {known}"
    return WhyNot("bad-arguments", message, (), (signature(theorem),))


def _bound(theory: Theory, theorem: Theorem, branch: Branch, call: Call, mended: bool) -> Reading | WhyNot:
    words = tuple(letters(argument) for argument in call.args[1:])
    binding = bind(theorem, words)
    if isinstance(binding, Diagnostic):
        again = last_wins(theory, call)
        if again is None:
            return WhyNot("bad-arguments", binding.headline, (), (signature(theorem),))
        call, mended = again, True
        binding = bind(theorem, tuple(letters(argument) for argument in call.args[1:]))
        assert not isinstance(binding, Diagnostic)
    return Reading(call, branch, binding, print_term(call) if mended else "")


def signature(theorem: Theorem) -> str:
    """How a theorem is written: its name and parameters."""
    words = ["".join(word.names) for word in theorem.declaration.parameters.words]
    return f"{theorem.name}({','.join(['BRANCH', *words])})"


def working_orders(state: State, view: NumericView | None, reading: Reading) -> tuple[str, ...]:
    """Instances of the same theorem on the same points that would be accepted."""
    points = set(reading.binding.values())
    deadline = time.perf_counter() + _SECONDS
    found: dict[str, None] = {}
    for plan in usable_plans(state):
        if plan.theorem != reading.call.head:
            continue
        for row in BranchMatcher(state.theory, plan, state.store, view).all():
            if len(found) == _ORDERS or time.perf_counter() > deadline:
                return tuple(found)
            if set(row) != points:
                continue
            names = dict(zip(plan.registers, row, strict=True))
            if all(isinstance(state.establish(instance(t, names)), int) for t in plan.branch.given):
                found[str(Candidate(plan, row).application())] = None
    return tuple(found)
