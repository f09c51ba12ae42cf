"""What is read without the grammar's tables is what the grammar reads."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgps.lang.ast import Call, Number, Term
from fgps.lang.flat import read_flat
from fgps.lang.grammar import Failure, term_grammar

CORPUS = Path(__file__).parents[3] / "shared" / "formalgeo7k" / "problems"


def by_grammar(text: str) -> Term | Failure:
    grammar = term_grammar()
    found: Term | Failure = grammar.parse(grammar.scanner.tokens(text), "term")
    return found


def identical(one: Term, two: Term) -> bool:
    """Equal, spans and spellings included."""
    if one != two or one.span != two.span:
        return False
    if isinstance(one, Number) and isinstance(two, Number):
        return one.text == two.text
    if isinstance(one, Call) and isinstance(two, Call):
        return one.notation == two.notation and all(map(identical, one.args, two.args))
    return True


@pytest.mark.parametrize(
    "text",
    [
        "Shape(AB,BC,CA)",
        "Equal(MeasureOfAngle(ABC),x)",
        "Equal(LengthOfLine(A1B'), 12.50)",
        "triangle_property_angle_sum(1,ABC)",
        "Value(x)",
        "IsTangentOfCircle(PA,O)",
    ],
)
def test_the_common_shape(text: str) -> None:
    flat, tree = read_flat(text), by_grammar(text)
    assert flat is not None and not isinstance(tree, Failure)
    assert identical(flat, tree)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Shape",
        "Shape()",
        "Shape(AB",
        "Shape(AB,)",
        "Shape(AB) # why",
        "Shape(AB)\n",
        " Shape(AB)",
        "Equal(x+1,2)",
        "f(2x)",
        "f(ABx)",
        "f(x')",
        "f(1234567890123)",
        "f(g(1))",
        "f(α)",
        "f(AB)(CD)",
    ],
)
def test_anything_else_is_left_alone(text: str) -> None:
    assert read_flat(text) is None


pieces = st.sampled_from(
    [
        "f",
        "Equal",
        "(",
        "(",
        ")",
        ")",
        ",",
        ", ",
        "AB",
        "A1",
        "C'",
        "x",
        "y2",
        "pi",
        "12",
        "3.5",
        "g(AB)",
        "_",
    ]
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_never_another_tree_than_the_grammar(text: str) -> None:
    flat = read_flat(text)
    if flat is not None:
        tree = by_grammar(text)
        assert not isinstance(tree, Failure) and identical(flat, tree)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public data is not beside the checkout")
def test_sample_of_the_public_data() -> None:
    texts: set[str] = set()
    for path in random.Random(4).sample(sorted(CORPUS.glob("*.json")), 200):
        problem = json.loads(path.read_text("utf-8"))
        for key in ("construction_cdl", "text_cdl", "image_cdl", "theorem_seqs"):
            texts.update(problem[key])
    read = [(text, flat) for text in sorted(texts) if (flat := read_flat(text)) is not None]
    assert len(read) > 0.9 * len(texts)
    for text, flat in read:
        tree = by_grammar(text)
        assert not isinstance(tree, Failure) and identical(flat, tree)
