"""Every derivation has a witness that the checker accepts; a witness with one number changed is refused."""

from __future__ import annotations

import ast
import copy
import json
import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from systems import CASES

from fgps.algebra import verify_numbers, verify_witness
from fgps.algebra.poly import Poly
from fgps.algebra.verify_witness import verify
from fgps.algebra.witness import Witness, problem_data

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


def only_for_ranges(witness: Any) -> set[int]:
    """Steps that only bound something: a slightly different bound may serve as well, and is no forgery."""
    steps = witness["steps"]
    loose = {s["sum"] - 1 for s in steps if s["rule"] == "equal"}
    loose |= {s["step"] - 1 for s in steps if s["rule"] == "positive"}
    return loose | {i for i, s in enumerate(steps) if s["rule"] == "bound"}


def test_mutations_are_refused() -> None:
    rng = random.Random(11)
    tried = 0
    for name in CASES:
        problem, witness = certificate(name)
        loose = only_for_ranges(witness)
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
        {"atoms": [["root", "1e999999999"]], "steps": []},
        {"atoms": [], "steps": None},
        {"atoms": [["root", "-1"]], "steps": []},
    ],
)
def test_junk_is_refused(junk: Any) -> None:
    problem, _ = certificate("two_pythagoras")
    assert not verify(problem, junk)[0]
    assert not verify(junk, junk)[0]


def test_a_step_may_not_divide_by_what_may_vanish() -> None:
    x = [["1", [0]]]
    problem = {
        "equations": {"0": [["1", [0, 1]]]},
        "bounds": {},
        "kinds": [[0, "free"], [1, "free"]],
        "formulas": [],
        "atoms": [],
        "claim": [["1", [1]]],
    }
    steps = [
        {"rule": "given", "source": 0},
        {"rule": "combine", "parts": [["1", [], 1]], "divisor": x, "result": [["1", [1]]]},
    ]
    accepted, why, _ = verify(problem, {"atoms": [], "steps": steps})
    assert not accepted
    assert "quotient" in why


def test_a_root_may_not_be_dropped() -> None:
    problem = {
        "equations": {"0": [["1", [0, 0]], ["-7", [0]], ["10", []]]},
        "bounds": {},
        "kinds": [[0, "length"]],
        "formulas": [],
        "atoms": [],
        "claim": [["1", [0]], ["-2", []]],
    }
    step = {"rule": "root", "step": 1, "value": "2", "others": [["5", "range"]], "rest": [[["1", []]]]}
    steps = [{"rule": "given", "source": 0}, step]
    assert not verify(problem, {"atoms": [], "steps": steps})[0]
    step["others"] = [["5", "model"]]
    accepted, _, diagram = verify(problem, {"atoms": [], "steps": steps})
    assert accepted
    assert diagram == ["x0 is not another root"]


@pytest.mark.parametrize("module", [verify_witness, verify_numbers])
def test_the_checker_is_small_and_stands_alone(module: Any) -> None:
    text = Path(module.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    allowed = {"__future__", "fractions", "math", "typing", "fgps.algebra.verify_numbers"}
    assert imported <= allowed
