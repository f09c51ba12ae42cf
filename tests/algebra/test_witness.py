"""Every derivation has a witness that the checker accepts; a witness with one number changed is refused."""

from __future__ import annotations

import ast
import copy
import io
import json
import random
import re
import tokenize
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from systems import CASES
from verifying import verify

from fgps.algebra.poly import Poly
from fgps.algebra.witness import Witness, problem_data
from fgps.check import polynomials
from fgps.check import witness as rules

SMALL = (Fraction(1, 10**6), Fraction(1, 2), Fraction(-1, 3))
NUMERIC = re.compile(r"-?\d+(/\d+)?")


def certificate(name: str) -> tuple[Any, Any]:
    system, expression, _ = CASES[name]()
    found = system.value(expression)
    assert found is not None
    value, derivation = found
    problem = problem_data(system, expression - Poly.constant(value), derivation.sources)
    return json.loads(json.dumps(problem)), json.loads(json.dumps(derivation.witness.to_json()))


@pytest.mark.parametrize("name", CASES)
def test_accepted(name: str) -> None:
    problem, witness = certificate(name)
    assert verify(problem, witness) == (True, "", [])
    assert Witness.from_json(witness).to_json() == witness


def slots(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all numbers."""
    if isinstance(data, dict):
        return [p for key, value in data.items() for p in slots(value, (*path, key))]
    if isinstance(data, list):
        return [p for index, value in enumerate(data) for p in slots(value, (*path, index))]
    if isinstance(data, int) or (isinstance(data, str) and NUMERIC.fullmatch(data)):
        return [path]
    return []


def changed(data: Any, path: tuple[Any, ...], by: Fraction) -> Any:
    result = copy.deepcopy(data)
    place = result
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = old + int(by) if isinstance(old, int) else str(Fraction(old) + by)
    return result


def only_for_signs(witness: Any) -> set[int]:
    """Steps that only show something to be positive: another bound may serve as well, and is no forgery."""
    return {i for i, s in enumerate(witness["steps"]) if s["rule"] in ("bound", "positive", "sine")}


def test_mutations_are_refused() -> None:
    rng = random.Random(11)
    tried = 0
    for name in CASES:
        problem, witness = certificate(name)
        loose = only_for_signs(witness)
        for path in slots(witness):
            if path[0] == "steps" and path[1] in loose:
                continue
            for by in (1, -1, 2, -2, 3, rng.randint(4, 50), -rng.randint(4, 50), *SMALL):
                mutant = changed(witness, path, Fraction(by))
                if mutant == witness:
                    continue
                tried += 1
                accepted, why, _ = verify(problem, mutant)
                assert not accepted, (name, path, by)
                assert why
    assert tried > 2000


def test_another_claim_is_refused() -> None:
    for name in CASES:
        problem, witness = certificate(name)
        for path in slots(problem["claim"]):
            mutant = {**problem, "claim": changed(problem["claim"], path, Fraction(1))}
            assert not verify(mutant, witness)[0], (name, path)


def test_changed_givens_are_refused() -> None:
    for name in CASES:
        if name in ("range_of_roots", "equal_sines"):
            continue  # An equation may serve for a bound only; a slightly different one then serves too.
        problem, witness = certificate(name)
        for path in slots(problem["equations"]):
            mutant = {**problem, "equations": changed(problem["equations"], path, Fraction(1))}
            assert not verify(mutant, witness)[0], (name, path)


@pytest.mark.parametrize(
    "junk",
    [
        {},
        [],
        None,
        7,
        {"variables": [["root", [["1e999999999", []]]]], "steps": []},
        {"variables": [], "steps": None},
        {"variables": [["root", [["-1", []]]]], "steps": []},
        {"variables": [["root", [["2", []]]]], "steps": [{"rule": "run"}]},
    ],
)
def test_junk_is_refused(junk: Any) -> None:
    problem, _ = certificate("two_pythagoras")
    assert not verify(problem, junk)[0]
    assert not verify(junk, junk)[0]


def problem(kinds: list[Any], equation: Any, claim: Any) -> Any:
    return {"variables": kinds, "tangents": [], "equations": {"0": equation}, "bounds": {}, "claim": claim}


def run(stated: Any, *steps: Any, variables: Any = ()) -> tuple[bool, str, list[str]]:
    return verify(stated, {"variables": list(variables), "steps": [{"rule": "given", "source": 0}, *steps]})


def divided(result: Any, *factors: Any, power: int = 1) -> Any:
    return {"rule": "combine", "parts": [["1", [], 1]], "result": result, "factors": factors, "power": power}


def test_a_step_may_not_divide_by_what_may_vanish() -> None:
    stated = problem(["free", "free"], [["1", [0, 1]]], [["1", [1]]])
    accepted, why, _ = run(stated, divided([["1", [1]]], [[["1", [0]]], ""]))
    assert not accepted and "vanish" in why
    stated["variables"][0] = "length"
    assert run(stated, divided([["1", [1]]], [[["1", [0]]], ""])) == (True, "", [])


def test_a_root_may_not_be_dropped() -> None:
    equation = [["1", [0, 0]], ["-7", [0]], ["10", []]]
    stated = problem(["length"], equation, [["1", [0]], ["-2", []]])
    other, result = [["1", [0]], ["-5", []]], [["1", [0]], ["-2", []]]
    assert not run(stated, divided(result, [other, ""]))[0]
    assert run(stated, divided(result, [other, "figure"]))[::2] == (
        True,
        ["which of several solutions is meant"],
    )


def test_a_root_that_is_double_counts_once() -> None:
    equation = [["1", [0, 0]], ["-4", [0]], ["4", []]]
    stated = problem(["free"], equation, [["1", [0]], ["-2", []]])
    result = [["1", [0]], ["-2", []]]
    assert not run(stated, divided(result, [result, ""]))[0]
    assert run(stated, divided(result, power=2))[0]


def test_a_sum_is_positive_only_if_its_parts_are() -> None:
    """``x*x + y = 0`` is no contradiction for a symbol ``y``; ``(x + 1)**2 + 1`` is never zero."""
    stated = problem(["free", "free"], [["1", [0, 0, 1]], ["2", [0, 1]], ["2", [1]]], [["1", [1]]])
    factor = [["1", [0, 0]], ["2", [0]], ["2", []]]
    square = ["1", [["1", [0]], ["1", []]], 2]
    step = {"rule": "positive", "poly": factor, "parts": [], "sum": [square, ["1", [["1", []]], 1]]}
    assert run(stated, step, divided([["1", [1]]], [factor, ""]))[0]
    for wrong in ([square], [square, ["-1", [["1", []]], 1]], [["1", factor, 1]], [["1", factor, 3]]):
        assert not run(stated, {**step, "sum": wrong}, divided([["1", [1]]], [factor, ""]))[0]


def test_a_tangent_of_a_right_angle_proves_nothing() -> None:
    """``tan * cos = sin`` holds only where the cosine is not zero."""
    stated = problem(["angle"], [["1", [0]], ["-90", []]], [["1", []]])
    form = [["1", [0]]]
    steps = [
        {"rule": "sum", "name": name, "angles": [form, [], [["90", []]]], "sign": 1, "step": 1}
        for name in ("cos", "sin")
    ]
    define = {"rule": "define", "variable": 3, "how": ""}
    end = {"rule": "combine", "parts": [["-1", [], 4], ["1", [3], 2], ["-1", [], 3]]}
    functions = [["cos", form], ["sin", form], ["tan", form]]
    accepted, why, _ = run(stated, *steps, define, end, variables=functions)
    assert not accepted and "vanish" in why


def test_equal_cosines_leave_two_angles() -> None:
    form = [["1", [0]]]
    functions = [["cos", form]]
    stated = problem(["angle", *functions], [["1", [1]], ["-1/2", []]], [["1", [0]], ["-60", []]])
    step = {"rule": "angles", "name": "cos", "angles": [form, [["60", []]]], "step": 1}
    other, result = [["1", [0]], ["-300", []]], [["1", [0]], ["-60", []]]
    assert not run(stated, step, {**divided(result, [other, ""]), "parts": [["1", [], 2]]})[0]
    assert run(stated, step, {**divided(result, [other, "figure"]), "parts": [["1", [], 2]]})[0]


def lines_of_code(text: str) -> int:
    """Lines without comments, docstrings and blank lines."""
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped and not token.string.startswith('"""'):
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines)


def test_the_checker_is_small_and_stands_alone() -> None:
    """All that a witness needs: 300 lines of code."""
    allowed = {"__future__", "collections.abc", "fractions", "itertools", "math", "re", "typing"}
    size = 0
    for module in (polynomials, rules):
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        size += lines_of_code(text)
        imported = {
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert imported <= allowed | {"fgps.check.polynomials"}
    assert size <= 300
