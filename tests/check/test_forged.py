"""Forged certificates are refused, whatever was spoiled."""

from __future__ import annotations

import os
import random

import pytest
from mutate import MUTATORS, forgeries, meaning
from solved_problems import CORPUS, Solved, solved

from fgps.check import check_certificate
from fgps.theory.model import Theory

#: Forgeries of one proof.
COUNT = 2 * len(MUTATORS)


def accepted_with_another_meaning(
    proofs: list[Solved], seed: int, count: int = COUNT
) -> tuple[list[str], dict[str, int], int]:
    """Forgeries that were accepted though they claim something else; counts by kind; how many are refused."""
    rng = random.Random(seed)
    wrong: list[str] = []
    made: dict[str, int] = {}
    refused = 0
    for proof in proofs:
        claimed = meaning(proof.certificate, proof.theory)
        for kind, forged in forgeries(proof.certificate, rng, count):
            made[kind] = made.get(kind, 0) + 1
            verdict = check_certificate(proof.declaration, proof.theory, forged)
            if not verdict.accepted:
                refused += 1
                assert verdict.reason
            elif meaning(forged, proof.theory) != claimed:
                wrong.append(f"{proof.name}: {kind}")
    return wrong, made, refused


def test_forgeries_of_bundled_proofs(proofs: list[Solved]) -> None:
    wrong, made, refused = accepted_with_another_meaning(proofs, 1)
    assert wrong == []
    assert sum(made.values()) > 3000
    # Some forgeries of evidence are other proofs of the same; nearly all are no proofs at all.
    assert refused > 0.95 * sum(made.values())
    assert set(made) == {mutator.__name__ for mutator in MUTATORS}


@pytest.mark.corpus
def test_forgeries_of_public_proofs(public: list[tuple[Solved | None, str]]) -> None:
    wrong, made, _ = accepted_with_another_meaning([proof for proof, _ in public if proof is not None], 2)
    assert wrong == []
    assert sum(made.values()) > 1500


@pytest.mark.corpus
@pytest.mark.skipif(os.environ.get("FGPS_FORGE") != "1", reason="takes ten minutes: FGPS_FORGE=1")
def test_ten_thousand_forgeries_of_three_hundred_public_proofs(basic: Theory) -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"the public data is not at {CORPUS}")
    ids = sorted(path.stem for path in (CORPUS / "problems").glob("*.json"))
    found = (solved(f"{CORPUS}#{name}", basic)[0] for name in random.Random(1).sample(ids, 340))
    proofs = [proof for proof in found if proof is not None]
    assert len(proofs) >= 300
    wrong, made, refused = accepted_with_another_meaning(proofs, 3, 36)
    print(f"{len(proofs)} proofs, {sum(made.values())} forgeries, {refused} refused")
    assert wrong == []
    assert sum(made.values()) >= 10_000


def test_a_certificate_of_another_problem(proofs: list[Solved]) -> None:
    for one, two in zip(proofs, proofs[1:], strict=False):
        verdict = check_certificate(one.declaration, one.theory, two.certificate)
        assert verdict.kind == "invalid"
        # Even with the right digest the proof is not one of this problem.
        forged = {**two.certificate, "problem": one.certificate["problem"]}
        assert not check_certificate(one.declaration, one.theory, forged).accepted


def test_the_mirror_image_is_refused(proofs: list[Solved]) -> None:
    tried = 0
    for proof in proofs:
        model = proof.certificate["model"]
        if model is None or proof.verdict == "valid":
            continue
        turned = {
            **model,
            "points": {p: [f"{-float(x)!r}", y] for p, (x, y) in model["points"].items()},
            "circles": {c: [f"{-float(x)!r}", y, r] for c, (x, y, r) in model["circles"].items()},
        }
        verdict = check_certificate(proof.declaration, proof.theory, {**proof.certificate, "model": turned})
        assert not verdict.accepted
        tried += 1
    assert tried > 10


def test_without_coordinates_guards_are_holes(proofs: list[Solved]) -> None:
    guarded = [p for p in proofs if p.verdict == "valid in the diagram"]
    kinds = {
        check_certificate(p.declaration, p.theory, {**p.certificate, "model": None}).kind for p in guarded
    }
    assert kinds <= {"incomplete", "invalid"} and "incomplete" in kinds
