"""Random syntax trees and declarations that FGL can write down."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from fgps.lang.ast import (
    OPERATORS,
    AttributeDeclaration,
    Branch,
    Call,
    Claim,
    FormDeclaration,
    Number,
    PackDeclaration,
    Parameters,
    Points,
    PredicateDeclaration,
    ProblemDeclaration,
    SolutionDeclaration,
    Symbol,
    Term,
    Text,
    TheoremDeclaration,
)

point_names = st.from_regex(r"[A-Z][0-9]{0,2}'{0,2}", fullmatch=True)
points = st.lists(point_names, min_size=1, max_size=5).map(lambda names: Points(tuple(names)))
numerals = st.one_of(
    st.integers(0, 10**6).map(str),
    st.from_regex(r"[0-9]{1,4}\.[0-9]{1,4}", fullmatch=True),
)
numbers = numerals.map(lambda text: Number(Fraction(text), text))
#: Clause words are ordinary words inside terms, so they take part.
words = st.sampled_from(
    "x y a α β pi x1 x' given value find by of branch then DAo kind symbol a_b θ2 basic problem".split()
)
symbols = words.map(Symbol)
heads = st.sampled_from(
    "Collinear LengthOfLine f area value given by Value sqrt Equal Neg where A1 AB claim x_1".split()
)
strings = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\\\"#'("), max_size=20)
texts = strings.map(Text)
leaves = st.one_of(points, numbers, symbols, texts)


@st.composite
def _calls(draw: st.DrawFn, arguments: st.SearchStrategy[Term]) -> Call:
    if draw(st.booleans()):
        head = draw(st.sampled_from(sorted(OPERATORS)))
        most = 4 if head in ("Add", "Mul") else 2
        count = 1 if head == "Neg" else draw(st.integers(2, most))
        notation = draw(st.sampled_from(("infix", "infix", "call")))
    else:
        head, count, notation = draw(heads), draw(st.integers(1, 4)), "call"
    return Call(head, tuple(draw(arguments) for _ in range(count)), notation)


terms = st.recursive(leaves, _calls, max_leaves=25)
calls = _calls(terms)


def tuples(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    """Tuples of up to ``most`` values."""
    return st.lists(strategy, max_size=most).map(tuple)


names = st.sampled_from("Collinear angle_addition given basic A1B f2 sentence".split())
parameters = st.builds(Parameters, st.lists(points, min_size=1, max_size=3).map(tuple), st.booleans())
languages = st.sampled_from(("en", "zh", "fr"))
sentences = tuples(st.tuples(languages, strings))
spellings = tuples(st.lists(points, min_size=1, max_size=3).map(tuple), 2)
bare_names = st.sampled_from("imo basic geometry3k_1 AB x' text of extends".split())
titles = st.one_of(bare_names, st.sampled_from(("1", "17.5", "a-b", "two words", "", '"', "A'x", "数")))
pairs = tuples(st.tuples(titles, strings))

notations = st.just("") | strings

predicates = st.builds(
    PredicateDeclaration,
    st.sampled_from("construction basic entity relation".split()),
    names,
    parameters,
    sentences,
    tuples(calls),
    spellings,
    spellings,
    tuples(calls),
    tuples(calls),
    notation=notations,
)
attributes = st.builds(
    AttributeDeclaration,
    names,
    parameters,
    bare_names,
    sentences,
    st.sampled_from("length angle area ratio".split()),
    tuples(calls),
    spellings,
    spellings,
    st.none() | terms,
    notation=notations,
)
forms = st.builds(
    FormDeclaration,
    st.sampled_from(("operator", "goal")),
    names,
    st.lists(words, min_size=1, max_size=3).map(tuple),
    st.booleans(),
    sentences,
)
branches = st.builds(
    Branch,
    st.integers(1, 99),
    tuples(calls),
    tuples(calls),
    st.lists(calls, min_size=1, max_size=2).map(tuple),
)
theorems = st.builds(
    TheoremDeclaration,
    names,
    parameters,
    sentences,
    st.lists(branches, min_size=1, max_size=3, unique_by=lambda branch: branch.number).map(tuple),
)
packs = st.builds(PackDeclaration, bare_names, tuples(bare_names), sentences)
problems = st.builds(
    ProblemDeclaration,
    titles,
    pairs,
    pairs,
    tuples(calls),
    tuples(calls),
    tuples(calls),
    st.none() | terms,
    st.none() | terms,
)
applications = st.builds(
    lambda name, branch, rest: Call(name, (Number(Fraction(branch), str(branch)), *rest)),
    st.sampled_from("angle_addition f given x1".split()),
    st.integers(1, 20),
    tuples(leaves),
)
claims = st.builds(Claim, calls, st.none() | symbols | applications)
solutions = st.builds(SolutionDeclaration, titles, tuples(applications | claims, 4))
declarations = st.one_of(predicates, attributes, forms, theorems, packs, problems, solutions)
