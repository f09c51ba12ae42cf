"""A proof as a graph: steps, what rests on what, its measures, and equality of proofs up to order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from fgps.engine.records import Entry
from fgps.lang.printer import print_term
from fgps.proof.steps import ProofStep, proof_steps


@dataclass(frozen=True, slots=True)
class Measures:
    """How large a proof is.

    ``reasoning`` counts steps beyond givens and construction; ``depth`` is the longest chain, ``width`` the
    most steps at one distance from the givens; ``theorems`` counts applications by name.
    """

    steps: int
    reasoning: int
    depth: int
    width: int
    theorems: tuple[tuple[str, int], ...]


class ProofGraph:
    """The trimmed proof of one entry: nodes are step numbers, edges run from premise to conclusion."""

    def __init__(self, steps: Sequence[ProofStep]) -> None:
        self.steps = {step.number: step for step in steps}
        self.graph: nx.DiGraph[int] = nx.DiGraph()
        self.graph.add_nodes_from(self.steps)
        self.graph.add_edges_from((premise, step.number) for step in steps for premise in step.premises)

    @staticmethod
    def of(entries: Sequence[Entry], goal: int) -> ProofGraph:
        """The proof of an entry of the engine."""
        return ProofGraph(proof_steps(entries, goal))

    def layers(self) -> list[list[int]]:
        """Steps by the longest chain below them: a step comes after all that it rests on."""
        return [sorted(layer) for layer in nx.topological_generations(self.graph)]

    def reading_order(self) -> list[ProofStep]:
        """Steps in an order to read: each comes as late as what rests on it allows.

        Depth first from the goal, so that a step stands near the step that needs it.
        """
        goals = [node for node in sorted(self.graph) if not self.graph.out_degree(node)]
        order: list[int] = []
        seen: set[int] = set()
        stack = [(goal, False) for goal in reversed(goals)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(premise, False) for premise in reversed(self.steps[node].premises)]
        return [self.steps[node] for node in order]

    def measures(self) -> Measures:
        """Depth, width, theorems used."""
        layers = self.layers()
        used = Counter(s.application.theorem for s in self.steps.values() if s.application is not None)
        reasoning = sum(step.kind not in ("given", "construction") for step in self.steps.values())
        return Measures(
            steps=len(self.steps),
            reasoning=reasoning,
            depth=len(layers),
            width=max(map(len, layers), default=0),
            theorems=tuple(sorted(used.items())),
        )

    def signature(self) -> frozenset[Any]:
        """The proof without its numbering: two proofs are equal up to order if their signatures are."""
        keys: dict[int, Any] = {}
        for node in nx.topological_sort(self.graph):
            step = self.steps[node]
            says = frozenset(print_term(statement, "call") for statement in step.conclusions)
            keys[node] = hash_of(step.kind, step.rule, says, frozenset(keys[p] for p in step.premises))
        return frozenset(keys.values())

    def same_proof(self, other: ProofGraph) -> bool:
        """Whether both are the same proof up to the order of steps."""
        return self.signature() == other.signature()


def hash_of(*parts: Any) -> str:
    """A name for a step that depends on its content and its premises only (the same in every process)."""
    from hashlib import sha256

    text = repr([sorted(part) if isinstance(part, frozenset) else part for part in parts])
    return sha256(text.encode()).hexdigest()
