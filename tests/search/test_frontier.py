"""Why not: facts one premise away, what would close the goal, what clashes."""

from dataclasses import replace

from fgps import api
from fgps.engine.state import State
from fgps.lang.ast import ProblemDeclaration
from fgps.lang.parse import parse_file
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.search.clashes import clash_words, contradictions
from fgps.search.frontier_records import Frontier, frontier_words
from fgps.theory.load import load_theory

TRIANGLE = "    construct Shape(AB,BC,CA)\n"
LINES = "    construct Shape(AD,DE,EA), Shape(DB,BC,CE,ED), Collinear(ADB), Collinear(AEC)\n"


def problem_of(clauses: str) -> Problem:
    theory = load_theory("basic").theory
    assert theory is not None
    declaration = parse_file(f"problem p:\n{clauses}", "test").declarations[0]
    assert isinstance(declaration, ProblemDeclaration)
    problem = build_problem(declaration, theory)
    assert problem.valid, problem.diagnostics
    return problem


def frontier_of(clauses: str) -> tuple[api.Outcome, Frontier]:
    outcome = api.solve(problem_of(clauses), timeout=60, explain=True, explain_seconds=60)
    assert outcome.frontier is not None, outcome
    return outcome, outcome.frontier


def test_a_value_that_would_close_the_goal() -> None:
    outcome, found = frontier_of(
        TRIANGLE + "    given MeasureOfAngle(ABC) = 60\n    find MeasureOfAngle(BCA)\n"
    )
    assert outcome.status == "saturated"
    assert found.unknown == ("MeasureOfAngle(BCA)",)
    assert found.determined is False and len(found.values) == 2
    assert found.would_close == ("MeasureOfAngle(CAB)",)
    assert any("the data leaves the goal open" in line for line in frontier_words(found))


def test_what_closes_really_closes() -> None:
    """Each fact that is said to settle the goal is given: then the problem is solved."""
    clauses = TRIANGLE + "    given MeasureOfAngle(ABC) = 60{more}\n    find MeasureOfAngle(BCA)\n"
    _, found = frontier_of(clauses.format(more=""))
    facts = [missing.fact for missing in found.missing if missing.closes]
    assert len(facts) >= 2
    for fact in facts:
        assert api.solve(problem_of(clauses.format(more=f", {fact}"))).status == "solved", fact


def test_a_forgotten_relation_is_found() -> None:
    clauses = LINES + (
        "    given LengthOfLine(AD) = 3, LengthOfLine(DB) = 6, LengthOfLine(DE) = 4{more}\n"
        "    find LengthOfLine(BC)\n"
    )
    _, found = frontier_of(clauses.format(more=""))
    facts = {missing.fact: missing for missing in found.missing}
    similar = facts["SimilarBetweenTriangle(ABC,ADE)"]
    assert similar.closes and similar.in_figure is False
    assert any("LengthOfLine(BC)" in gives for step in similar.steps for gives in step.gives)
    # What contradicts the data is not told: the triangles have different sides.
    assert not any(fact.startswith("CongruentBetweenTriangle") for fact in facts)
    more = ", SimilarBetweenTriangle(ABC,ADE)"
    assert api.solve(problem_of(clauses.format(more=more))).answer == "12"


def test_a_relation_to_be_proved() -> None:
    _, found = frontier_of(
        "    construct Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)\n"
        "    given IsBisectorOfAngle(AD,CAB)\n"
        "    find Relation(PerpendicularBetweenLine(BD,AD))\n"
    )
    assert [missing.fact for missing in found.missing] == ["MeasureOfAngle(BDA) = 90"]


def test_a_premise_that_is_true_but_not_proved() -> None:
    """With most theorems kept out nothing proves the premise, but the figure shows it."""
    problem = problem_of(
        TRIANGLE + "    given LengthOfLine(AB) = LengthOfLine(AC), MeasureOfAngle(ABC) = 70\n"
        "    find MeasureOfAngle(BCA)\n"
    )
    from fgps.diagram.synthesize import synthesize
    from fgps.search.frontier import frontier

    state = State(problem, synthesize(problem))
    found = frontier(state)
    told = {missing.fact: missing for missing in found.missing}
    assert told["IsoscelesTriangle(ABC)"].in_figure is True
    assert told["IsoscelesTriangle(ABC)"].closes is True
    assert found.determined is True
    assert state.effort is None


def test_nothing_is_said_about_what_is_solved() -> None:
    problem = problem_of(TRIANGLE + "    given MeasureOfAngle(ABC) = 60\n    find MeasureOfAngle(ABC)\n")
    assert api.solve(problem, explain=True).frontier is None
    open_ = problem_of(TRIANGLE + "    find MeasureOfAngle(ABC)\n")
    assert api.solve(open_).frontier is None


def test_contradictory_statements_are_named() -> None:
    outcome, found = frontier_of(
        TRIANGLE + "    given MeasureOfAngle(ABC) = 60, MeasureOfAngle(BCA) = 70, MeasureOfAngle(CAB) = 80,\n"
        "          LengthOfLine(AB) = 5\n    find LengthOfLine(BC)\n"
    )
    assert outcome.status == "inconsistent"
    for given in ("MeasureOfAngle(ABC) = 60", "MeasureOfAngle(BCA) = 70", "MeasureOfAngle(CAB) = 80"):
        assert given in outcome.message
        assert given in found.clashes[0].givens
    assert "LengthOfLine(AB) = 5" not in found.clashes[0].givens
    assert set(found.faults) == set(found.clashes[0].givens)
    assert found.missing == ()


def test_the_equations_name_what_clashes_without_a_figure() -> None:
    state = State(
        problem_of(
            TRIANGLE + "    given LengthOfLine(AB) = 3, LengthOfLine(BC) = 4, LengthOfLine(CA) = 6,\n"
            "          IsoscelesTriangle(BCA)\n    find LengthOfLine(AC)\n"
        )
    )
    [clash] = contradictions(state)
    assert set(clash.givens) == {"LengthOfLine(BC) = 4", "LengthOfLine(AB) = 3", "IsoscelesTriangle(BCA)"}
    assert "contradict each other" in clash_words(state)


def test_the_frontier_is_deterministic() -> None:
    clauses = LINES + "    given LengthOfLine(AD) = 3\n    find LengthOfLine(BC)\n"
    first, second = frontier_of(clauses)[1], frontier_of(clauses)[1]
    # Whether the time sufficed depends on the machine; what was found must not.
    assert replace(first, complete=True) == replace(second, complete=True)
