"""The state: what enters, what an application needs, what it refuses."""

from fractions import Fraction

from fgps.engine.records import Applied, Refusal
from fgps.engine.state import State
from fgps.lang.ast import Call, ProblemDeclaration
from fgps.lang.parse import parse_file, parse_statement
from fgps.problem.build import build_problem
from fgps.theory.load import load_theory

SIMILAR = """
problem similar:
    construct Shape(AD,DE,EA), Shape(DB,BC,CE,ED), Collinear(ADB), Collinear(AEC)
    given ParallelBetweenLine(DE,BC), LengthOfLine(AD) = 3, LengthOfLine(DB) = 6, LengthOfLine(DE) = 4
    find  LengthOfLine(BC)
    answer 12
"""

STEPS = [
    "line_addition(1,AD,DB)",
    "parallel_property_corresponding_angle(1,DE,BC,A)",
    "similar_triangle_judgment_aa(1,EAD,CAB)",
    "similar_triangle_property_line_ratio(1,ADE,ABC)",
    "similar_triangle_property_line_ratio(1,EAD,CAB)",
]


def state_of(text: str) -> State:
    parsed = parse_file(text, "test")
    assert not parsed.diagnostics
    declaration = parsed.declarations[0]
    assert isinstance(declaration, ProblemDeclaration)
    theory = load_theory("basic").theory
    assert theory is not None
    problem = build_problem(declaration, theory)
    assert problem.valid, problem.diagnostics
    return State(problem)


def apply(state: State, text: str) -> Applied | Refusal:
    call = parse_statement(text)
    assert isinstance(call, Call)
    return state.apply(call)


def test_a_whole_solution_reaches_the_goal() -> None:
    state = state_of(SIMILAR)
    assert not state.goal().reached
    for step in STEPS:
        assert isinstance(apply(state, step), Applied), step
    goal = state.goal()
    assert goal.reached
    assert goal.value is not None
    assert goal.value == Fraction(12)


def test_every_needed_step_is_needed() -> None:
    for missing in range(len(STEPS)):
        state = state_of(SIMILAR)
        outcomes = [apply(state, step) for i, step in enumerate(STEPS) if i != missing]
        refused = any(isinstance(outcome, Refusal) for outcome in outcomes)
        assert refused or not state.goal().reached, STEPS[missing]


def test_premises_are_proved_not_trusted() -> None:
    state = state_of(SIMILAR)
    outcome = apply(state, STEPS[2])
    assert isinstance(outcome, Refusal)
    assert outcome.kind == "premise-missing"
    assert outcome.premise == parse_statement("MeasureOfAngle(ADE) = MeasureOfAngle(ABC)")


def test_a_missing_relation_is_named() -> None:
    outcome = apply(state_of(SIMILAR), STEPS[3])
    assert isinstance(outcome, Refusal)
    assert "SimilarBetweenTriangle" in outcome.message


def test_unknown_names_and_bad_arguments() -> None:
    state = state_of(SIMILAR)
    kinds = {
        "no_such_theorem(1,ABC)": "unknown-theorem",
        "line_addition(7,AD,DB)": "bad-arguments",
        "line_addition(AD,DB)": "bad-arguments",
        "line_addition(1,AD)": "bad-arguments",
        "line_addition(1,AD,EB)": "bad-arguments",
        "line_addition(1,AD,DE)": "premise-missing",
    }
    for text, kind in kinds.items():
        outcome = apply(state, text)
        assert isinstance(outcome, Refusal), text
        assert outcome.kind == kind, text


def test_premises_come_before_what_rests_on_them() -> None:
    state = state_of(SIMILAR)
    for step in STEPS:
        apply(state, step)
    state.goal()
    for entry in state.store.entries:
        assert all(premise < entry.id for premise in entry.origin.premises)


def test_guards_without_a_diagram_are_marked_as_assumed() -> None:
    state = state_of(
        """
problem straight:
    construct Shape(AB,BC,CA), Shape(AC,CD), Collinear(BCD)
    given MeasureOfAngle(ACD) = 110
    find  MeasureOfAngle(BCA)
"""
    )
    outcome = apply(state, "adjacent_complementary_angle(1,BCA,ACD)")
    assert isinstance(outcome, Applied)
    assert outcome.assumed == (parse_statement("MeasureOfAngle(BCA) < 180"),)


def test_a_relation_brings_its_meaning() -> None:
    state = state_of(
        """
problem square:
    construct Shape(AB,BC,CD,DA)
    given Square(ABCD)
    find  MeasureOfAngle(ABC)
"""
    )
    goal = state.goal()
    assert goal.reached
    assert goal.value == Fraction(90)


def test_contradictory_givens_are_noticed() -> None:
    state = state_of(
        """
problem clash:
    construct Shape(AB,BC,CA)
    given LengthOfLine(AB) = 3, LengthOfLine(BC) = 4, LengthOfLine(AB) = LengthOfLine(BC)
    find  LengthOfLine(CA)
"""
    )
    assert state.system.clashes
    assert len(state.system.clashes[0].sources) == 3
