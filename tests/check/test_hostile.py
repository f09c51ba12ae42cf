"""Whatever is handed in, the checker answers, soon, and with a verdict."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from solved_problems import Solved

from fgps.check import check_certificate
from fgps.check.__main__ import read_certificate


def nested(depth: int) -> Any:
    result: Any = []
    for _ in range(depth):
        result = [result]
    return result


@pytest.mark.parametrize(
    "data",
    [None, 0, "", [], {}, {"version": 1}, float("nan"), nested(5000), {"steps": nested(5000)}, "x" * 10**6],
    ids=lambda data: type(data).__name__,
)
def test_no_certificate_at_all(proofs: list[Solved], data: Any) -> None:
    verdict = check_certificate(proofs[0].declaration, proofs[0].theory, data)
    assert verdict.kind == "invalid" and verdict.reason


def spoiled(certificate: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    forged = copy.deepcopy(certificate)
    forged[field] = value
    return forged


VALUES: list[Any] = [None, 1, -1, True, "", "9" * 10**6, [], {}, [[]], [[1, 2]], nested(3000), float("inf")]


@pytest.mark.parametrize("field", ["numbers", "variables", "polygons", "answer", "set_aside", "left_out"])
def test_tables_of_the_wrong_kind(proofs: list[Solved], field: str) -> None:
    proof = next(p for p in proofs if p.certificate["variables"] and p.certificate["polygons"])
    for value in VALUES:
        if value == proof.certificate[field]:
            continue
        forged = spoiled(proof.certificate, field, value)
        verdict = check_certificate(proof.declaration, proof.theory, forged)
        assert not verdict.accepted or not proof.certificate[field]


def test_costly_numbers_are_refused_soon(proofs: list[Solved]) -> None:
    proof = proofs[0]
    count = len(proof.certificate["variables"])
    huge = [[f"{k}/7", [v, v]] for k in range(1, 50) for v in range(count)]
    root = ["root", [["1" + "0" * 399, []]]]
    cosines = [["cos", [[f"{k}/{'9' * 300}", []]]] for k in range(1, 1000)]
    nest = [root, *(["root", [["-1/3", []], ["1", [count + k]]]] for k in range(1000))]
    started = time.process_time()
    for forged in (
        spoiled(proof.certificate, "numbers", [huge] * 500),
        *(
            spoiled(proof.certificate, "variables", [*proof.certificate["variables"], *more])
            for more in (
                [root] * 1000,
                cosines,
                nest,
                [["sin", huge]] * 2000,
                [["quotient", huge, huge]] * 2000,
            )
        ),
    ):
        check_certificate(proof.declaration, proof.theory, forged)
    assert time.process_time() - started < 20


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": 1, "a": 2}', "[" * 100_000, '{"x": Infinity}'])
def test_files_that_are_no_certificates(text: str) -> None:
    with pytest.raises(ValueError):
        read_certificate(text)
