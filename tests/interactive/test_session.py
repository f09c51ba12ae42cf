"""A session: what applications answer, what is missing, undoing, asking."""

import pytest

from fgps.interactive.complete import complete
from fgps.interactive.records import Learned, Reasons, WhyNot
from fgps.interactive.session import Session, load
from fgps.lang.printer import print_term

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


@pytest.fixture
def session(tmp_path) -> Session:  # type: ignore[no-untyped-def]
    path = tmp_path / "similar.fgl"
    path.write_text(SIMILAR)
    opened = load(str(path))
    assert isinstance(opened, Session)
    return opened


def learned(session: Session, text: str) -> Learned:
    result = session.apply(text)
    assert isinstance(result, Learned), result
    return result


def refused(result: object) -> WhyNot:
    assert isinstance(result, WhyNot), result
    return result


def test_steps_tell_what_became_known(session: Session) -> None:
    first = learned(session, STEPS[0])
    assert [fact.statement for fact in first.facts] == [
        "LengthOfLine(AB) = LengthOfLine(AD) + LengthOfLine(DB)"
    ]
    assert first.values == ("LengthOfLine(AB) = 9",)
    assert not first.reached
    results = [learned(session, step) for step in STEPS[1:]]
    assert [result.reached for result in results] == [False, False, False, True]
    assert results[-1].answer == "12"
    assert session.history == tuple(STEPS)


def test_a_missing_premise_is_named_with_what_comes_close(session: Session) -> None:
    why = refused(session.apply(STEPS[2]))
    assert why.kind == "premise-missing"
    assert [lack.premise for lack in why.missing] == ["MeasureOfAngle(ADE) = MeasureOfAngle(ABC)"]
    assert why.missing[0].in_figure is True
    assert "parallel_property_corresponding_angle(1,DE,BC,A)" in why.missing[0].given_by
    [lack] = refused(session.apply("isosceles_triangle_judgment_line_equal(1,ADE)")).missing
    assert lack.in_figure is False
    assert lack.close == ("LengthOfLine(AD) = 3",)


def test_the_order_of_arguments_that_would_work(session: Session) -> None:
    why = refused(session.apply("parallel_property_corresponding_angle(1,BC,DE,A)"))
    assert "parallel_property_corresponding_angle(1,DE,BC,A)" in why.suggestions


def test_mistakes_are_answers(session: Session) -> None:
    kinds = {
        "line_additon(1,AD,DB)": "unknown-theorem",
        "line_addition(9,AD,DB)": "bad-arguments",
        "line_addition(1,AD)": "bad-arguments",
        "line_addition(1.5,AD,DB)": "bad-arguments",
        "parallel_property_corresponding_angle(DE,BC,A)": "bad-arguments",
        "line_addition(1,AD,DE)": "premise-missing",
        "line_addition(": "syntax",
        "": "syntax",
        "12": "syntax",
        "LengthOfLine(AD) = 3": "unknown-theorem",
        "(" * 500: "too-deep",
    }
    for text, kind in kinds.items():
        assert refused(session.apply(text)).kind in (kind, "syntax"), text
    assert refused(session.apply("line_additon(1,AD,DB)")).suggestions[0] == "line_addition"
    assert session.history == ()


def test_a_lone_branch_may_be_left_out(session: Session) -> None:
    assert learned(session, "line_addition(AD,DB)").read_as == "line_addition(1,AD,DB)"


def test_undo_runs_the_history_anew(session: Session) -> None:
    before = session.facts()
    learned(session, STEPS[0])
    after = session.facts()
    learned(session, STEPS[1])
    assert session.undo() == (STEPS[1],)
    assert session.facts() == after
    assert session.undo(5) == (STEPS[0],)
    assert session.facts() == before
    assert session.undo() == ()


def test_asking_changes_nothing(session: Session) -> None:
    learned(session, STEPS[0])
    before, entries = session.facts(), len(session.state.store.entries)
    session.candidates(), session.goals(), session.frontier(), session.why("LengthOfLine(AB)")
    session.what_if(STEPS[2]), session.solve(), session.apply(STEPS[3])
    assert (session.facts(), len(session.state.store.entries)) == (before, entries)


def test_candidates_are_accepted_and_new(session: Session) -> None:
    found = session.candidates("line_addition")
    assert found.complete
    assert "line_addition(1,AD,DB)" in [application for application, _ in found.found]
    learned(session, STEPS[0])
    assert "line_addition(1,AD,DB)" not in [text for text, _ in session.candidates("line_addition").found]
    for application, gives in session.candidates().found[:12]:
        result = learned(session, application)
        assert gives and set(gives) <= {fact.statement for fact in result.facts}, application
        session.undo()


def test_goals_name_what_would_help(session: Session) -> None:
    for step in STEPS[:2]:
        learned(session, step)
    goal, *others = session.goals()
    assert goal.statement == "LengthOfLine(BC)" and not goal.reached
    wanted = {statement for option in goal.options for statement in option.wanted}
    assert any(statement.startswith("SimilarBetweenTriangle") for statement in wanted)
    assert {other.statement for other in others} <= wanted
    for step in STEPS[2:]:
        learned(session, step)
    assert [(g.reached, g.answer) for g in session.goals()] == [(True, "12")]


def test_why_gives_the_proof(session: Session) -> None:
    learned(session, STEPS[0])
    found = session.why("LengthOfLine(AB)")
    assert isinstance(found, Reasons) and found.value == "9"
    assert STEPS[0] in [step.rule for step in found.steps]
    by_number = session.why(session.facts("LengthOfLine(AB)")[0].number)
    assert isinstance(by_number, Reasons)
    assert print_term(by_number.steps[-1].conclusions[0], "infix").startswith("LengthOfLine(AB) =")
    assert "about 12" in refused(session.why("LengthOfLine(BC)")).message
    for text in (
        "LengthOfLine(AD) = 4",
        "Nothing(AB)",
        "AB",
        "((",
        "LengthOfLine(AZ)",
        "99999999999",
        "1/0",
        '"a"',
    ):
        refused(session.why(text))


def test_what_if_supposes_what_the_figure_shows(session: Session) -> None:
    result = session.what_if(STEPS[3])
    assert isinstance(result, Learned)
    assert result.supposed == ("SimilarBetweenTriangle(ADE,ABC)",)
    assert session.history == ()
    assert (
        refused(session.what_if("isosceles_triangle_property_angle_equal(1,ADE)")).missing[0].in_figure
        is False
    )


def test_solve_and_take_over(session: Session) -> None:
    learned(session, STEPS[0])
    found = session.solve()
    assert (found.status, found.answer) == ("solved", "12")
    assert STEPS[0] not in found.to_apply
    for step in found.to_apply:
        learned(session, step)
    assert session.goal.reached
    certificate = session.certificate()
    assert isinstance(certificate, tuple) and certificate[0].startswith("{")


def test_an_unreached_goal_has_no_certificate(session: Session) -> None:
    assert session.certificate() == "the goal is not reached yet"


def test_completion(session: Session) -> None:
    commands = ("apply", "candidates", "why", "undo")

    def texts(line: str) -> list[str]:
        return [found.text for found in complete(session, line, commands)]

    assert texts("cand")[0] == "candidates"
    assert "line_addition(" in texts("line_add")
    assert texts("apply line_addition(1,A")[0].startswith("1,A")
    assert texts("line_addition(1,") == ["1,AD,DB)", "1,AE,EC)"]
    assert "DB," in texts("line_addition(1,D")
    assert "DE)" in texts("why LengthOfLine(D")
    assert texts("candidates line_a") == ["line_addition"]
    assert texts("nothing_like_it(") == []
    assert texts("undo ") == []


def test_a_problem_that_cannot_be_read() -> None:
    assert not isinstance(load("/nowhere.fgl"), Session)


def test_data_without_a_figure_can_be_worked_on(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "p.fgl"
    path.write_text(
        "problem p:\n    construct Shape(AB,BC,CA)\n"
        "    given MeasureOfAngle(ABC) = 60, MeasureOfAngle(BCA) = 70, MeasureOfAngle(CAB) = 70\n"
        "    find MeasureOfAngle(ABC)\n"
    )
    opened = load(str(path))
    assert isinstance(opened, Session)
    assert opened.diagram.outcome == "inconsistent"
    assert learned(opened, "triangle_property_angle_sum(1,ABC)")
    assert opened.frontier().clashes
