"""The proof as a graph: trimmed, ordered, measured, compared up to order."""

from __future__ import annotations

from fgps.engine.records import Application
from fgps.lang.ast import Call, Symbol
from fgps.proof.dag import ProofGraph
from fgps.proof.steps import ProofStep


def step(number: int, name: str, *premises: int, theorem: str = "") -> ProofStep:
    application = Application(theorem, 1, ("A",), (1,)) if theorem else None
    rule = str(application) if application else "given"
    kind = "theorem" if theorem else "given"
    return ProofStep(number, kind, rule, premises, (Call("P", (Symbol(name),)),), application=application)  # type: ignore[arg-type]


PROOF = [step(1, "a"), step(2, "b"), step(3, "c", 1, theorem="t"), step(4, "d", 2, 3, theorem="t")]
OTHER = [step(1, "b"), step(2, "a"), step(3, "c", 2, theorem="t"), step(4, "d", 1, 3, theorem="t")]


def test_measures() -> None:
    measures = ProofGraph(PROOF).measures()
    assert (measures.steps, measures.reasoning, measures.depth, measures.width) == (4, 2, 3, 2)
    assert measures.theorems == (("t", 2),)


def test_layers_and_reading_order() -> None:
    graph = ProofGraph(PROOF)
    assert graph.layers() == [[1, 2], [3], [4]]
    order = [s.number for s in graph.reading_order()]
    assert order == [2, 1, 3, 4]
    assert sorted(order) == [1, 2, 3, 4]


def test_proofs_are_equal_up_to_order() -> None:
    assert ProofGraph(PROOF).same_proof(ProofGraph(OTHER))
    shorter = [*PROOF[:3], step(4, "d", 3, theorem="t")]
    assert not ProofGraph(PROOF).same_proof(ProofGraph(shorter))
