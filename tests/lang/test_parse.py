"""Reading statements, applications and files."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fgps.lang.ast import (
    Call,
    Claim,
    FormDeclaration,
    Number,
    Points,
    ProblemDeclaration,
    SolutionDeclaration,
    Span,
    Symbol,
    Term,
    Text,
    TheoremDeclaration,
    calls,
)
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_application, parse_file, parse_statement
from fgps.lang.printer import print_term


def n(value: int | str) -> Number:
    return Number(Fraction(value))


def s(name: str) -> Symbol:
    return Symbol(name)


def c(head: str, *args: Term) -> Call:
    return Call(head, args)


a, b, x = s("a"), s("b"), s("x")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a+b+x", c("Add", a, b, x)),
        ("(a+b)+x", c("Add", c("Add", a, b), x)),
        ("a+(b+x)", c("Add", a, c("Add", b, x))),
        ("a-b-x", c("Sub", c("Sub", a, b), x)),
        ("a-b+x", c("Add", c("Sub", a, b), x)),
        ("a+b-x", c("Sub", c("Add", a, b), x)),
        ("a*b*x", c("Mul", a, b, x)),
        ("a*b/x", c("Div", c("Mul", a, b), x)),
        ("a/b*x", c("Mul", c("Div", a, b), x)),
        ("a/b/x", c("Div", c("Div", a, b), x)),
        ("a**b**x", c("Pow", a, c("Pow", b, x))),
        ("-a**b", c("Neg", c("Pow", a, b))),
        ("a**-b", c("Pow", a, c("Neg", b))),
        ("-a*b", c("Mul", c("Neg", a), b)),
        ("a*-b", c("Mul", a, c("Neg", b))),
        ("-a+b", c("Add", c("Neg", a), b)),
        ("a = b", c("Equal", a, b)),
        ("a != b", c("NotEqual", a, b)),
        ("a+b <= x", c("LessEqual", c("Add", a, b), x)),
        ("f(a = b)", c("f", c("Equal", a, b))),
        ("Add(a,b)", c("Add", a, b)),
        ("2*x**2-10", c("Sub", c("Mul", n(2), c("Pow", x, n(2))), n(10))),
        ("1/2*X+12", c("Add", c("Mul", c("Div", n(1), n(2)), Points(("X",))), n(12))),
        ("-3+sqrt(37)", c("Add", c("Neg", n(3)), c("sqrt", n(37)))),
        ("6.86", n("6.86")),
        ("0.50", n("0.5")),
        ("pi", s("pi")),
        ("α", s("α")),
        ("DAe", s("DAe")),
        ("A1B'O''", Points(("A1", "B'", "O''"))),
        ('"a \\"b\\" \\\\ \\n"', Text('a "b" \\ \n')),
        ("Shape(RS, ST ,\n TR)", c("Shape", Points(("R", "S")), Points(("S", "T")), Points(("T", "R")))),
        ("f (a) # note", c("f", a)),
        ("a -- note", a),
        ("a - -b", c("Sub", a, c("Neg", b))),
        ("a--b", c("Sub", a, c("Neg", b))),
    ],
)
def test_terms(text: str, tree: Term) -> None:
    assert parse_statement(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "Equal(LengthOfLine(TR),x+21)",
        "Value(Sub(MeasureOfAngle(ABC),2*(x+5)-7))",
        "180*asin(5/6)/pi",
        "2**(3/4)*sqrt(3)",
        "tan(I*(log(85)-log(-36+77*I))/2)",
        "f(a,(b=x)+1,-(-a),(-a)**2,(a**b)**x,a-(b-x),a/(b*x),(a/b)*x,a*(b/x),(a*b)*x)",
    ],
)
def test_compact_statements_survive_printing(text: str) -> None:
    term = parse_statement(text)
    assert not isinstance(term, Diagnostic)
    # Brackets that the grammar does not need vanish; here only `(a/b)*x` has them.
    printed = print_term(term).replace("f(", "f(").replace(",a/b*x,", ",(a/b)*x,")
    assert printed.replace(" ", "") == text


def test_notations() -> None:
    term = parse_statement("Add(a,b) = 2*x")
    assert not isinstance(term, Diagnostic)
    assert print_term(term) == "Add(a,b) = 2 * x"
    assert print_term(term, "infix") == "a + b = 2 * x"
    assert print_term(term, "call") == "Equal(Add(a,b),Mul(2,x))"
    assert print_term(c("f", c("Add", a, b)), "infix", spaced=True) == "f(a + b)"


@pytest.mark.parametrize(
    ("value", "text"), [("3/4", "0.75"), ("1/3", "1/3"), ("-2", "-2"), ("-1/3", "-1/3"), ("100", "100")]
)
def test_numbers_without_a_spelling(value: str, text: str) -> None:
    assert print_term(Number(Fraction(value))) == text
    assert print_term(Number(Fraction(value), "99")) == text  # a spelling that lies is not used
    power = print_term(c("Pow", Number(Fraction(value)), x), "infix")
    assert not isinstance(parse_statement(power), Diagnostic)


def test_spans_point_into_the_text() -> None:
    text = "  Equal( LengthOfLine(AB), (x+1)*2 )"
    term = parse_statement(text)
    assert isinstance(term, Call)
    spelled = [text[call.span.start : call.span.end] for call in calls(term)]
    assert spelled == ["Equal( LengthOfLine(AB), (x+1)*2 )", "LengthOfLine(AB)", "(x+1)*2", "(x+1)"]
    assert term.span == Span(2, len(text), 1, 3)


def test_applications() -> None:
    call = parse_application("angle_addition(1,ABC,CBD)")
    assert call == c("angle_addition", n(1), Points(("A", "B", "C")), Points(("C", "B", "D")))
    for text in ("angle_addition(ABC)", "f(0,AB)", "f(1.5)", "a+b", "AB", "f(1"):
        assert isinstance(parse_application(text, "here"), Diagnostic), text
    wrong = parse_application("f(AB)", "here")
    assert isinstance(wrong, Diagnostic) and wrong.source_name == "here" and wrong.code == "bad-application"


SOURCE = """\
# a comment
operator Add(a, b...): "the sum"

theorem t(AB, CD):
    "Sentence one." zh "二"
    branch 2
        given f(AB) = 1,   # why
              g(CD)
        where f(AB) < 180
        then  h(AB, CD)
    branch 4 then h(AB, CD)

problem p_1:
    text en "Find" " y."
    meta level 3
    construct Shape(AB,BC,CA)
    given f(AB) = x, g(CD)
    given value(AB) = 2
    find  value
    answer -3+sqrt(37)

solution of p_1:
    t(2,AB,CD)
    claim f(AB) = 1 by t(2,AB,CD)
    claim f(AB) = 1 by algebra
    claim g(CD)
"""


def test_file() -> None:
    parsed = parse_file(SOURCE, "s.fgl")
    assert parsed.ok and not parsed.diagnostics and not parsed.partial
    form, theorem, problem, solution = parsed.declarations
    assert isinstance(form, FormDeclaration) and form.parameters == ("a", "b") and form.variadic
    assert isinstance(theorem, TheoremDeclaration)
    assert theorem.sentences == (("en", "Sentence one."), ("zh", "二"))
    assert [(br.number, len(br.given), len(br.where), len(br.then)) for br in theorem.branches] == [
        (2, 2, 1, 1),
        (4, 0, 0, 1),
    ]
    assert isinstance(problem, ProblemDeclaration)
    assert problem.texts == (("en", "Find y."),) and problem.meta == (("level", "3"),)
    assert len(problem.given) == 3 and problem.find == s("value")
    assert problem.answer == c("Add", c("Neg", n(3)), c("sqrt", n(37)))
    assert isinstance(solution, SolutionDeclaration)
    assert [type(step) for step in solution.steps] == [Call, Claim, Claim, Claim]
    assert isinstance(solution.steps[2], Claim) and solution.steps[2].reason == s("algebra")
    for declaration in parsed.declarations:
        span = declaration.span
        assert SOURCE[span.start :].startswith(("operator", "theorem", "problem", "solution"))
        assert SOURCE.count("\n", 0, span.start) + 1 == span.line and span.column == 1
    fact = problem.given[2]
    assert SOURCE[fact.span.start : fact.span.end] == "value(AB) = 2"
    assert SOURCE.split("\n")[fact.span.line - 1][fact.span.column - 1 :].startswith("value(AB)")


def test_white_space_and_line_ends_do_not_matter() -> None:
    assert parse_file(SOURCE.replace("\n", "\r\n")).declarations == parse_file(SOURCE).declarations
    assert parse_file("\ufeff" + SOURCE).declarations == parse_file(SOURCE).declarations
    assert parse_file("").declarations == () and parse_file("").ok
    assert parse_file("# only a comment").ok
    one_line = 'basic Line(AB): "x" same (BA) needs f(AB)'
    assert parse_file(one_line).ok
