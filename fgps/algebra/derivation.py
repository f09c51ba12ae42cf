"""What the algebra hands out: derivations, clashes, and the choices that it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fgps.algebra.exact import Exact
from fgps.algebra.nodes import Excluded, Node, RootChoice, reachable, sources
from fgps.algebra.poly import Poly

if TYPE_CHECKING:
    from fgps.algebra.system import System
    from fgps.algebra.witness import Witness


@dataclass(frozen=True, slots=True)
class Clash:
    """Equations that contradict each other: the ids of their sources."""

    sources: tuple[int, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Added:
    """What an equation brought: variables that are known now, contradictions that showed."""

    known: tuple[int, ...]
    clashes: tuple[Clash, ...]
    redundant: bool


class Derivation:
    """Why an equation holds: ``sources`` are the ids of the equations used, increasing."""

    __slots__ = ("_system", "_witness", "node", "sources")

    def __init__(self, node: Node, system: System) -> None:
        self.node = node
        self.sources = sources(node)
        self._system = system
        self._witness: Witness | None = None

    @property
    def witness(self) -> Witness:
        """The checkable form (built when first asked for); `NoWitness` where there is none."""
        if self._witness is None:
            from fgps.algebra.witness import build

            self._witness = build(self.node, self._system)
        return self._witness

    def problem(self, claim: Poly) -> dict[str, Any]:
        """The trusted side for the checker of the witness, with ``claim = 0`` as what is proved."""
        from fgps.algebra.witness import problem_data

        return problem_data(self._system, claim, self.sources)

    @property
    def rounded(self) -> bool:
        """Does it rest on data that clash with other data (so the value is as good as the rounding)?

        It never rests on all equations of a clash: the one that showed it was not entered.
        """
        used = set(self.sources)
        return any(used.intersection(clash.sources) for clash in self._system.clashes)

    @property
    def by_model(self) -> bool:
        """Was a root chosen by the numeric models only?"""
        return any(isinstance(n.data, RootChoice) and n.data.by_model for n in reachable(self.node))

    def __repr__(self) -> str:
        return f"Derivation(sources={self.sources})"


@dataclass(slots=True)
class Open:
    """A variable (or form of angles) with several roots that sign and range allow."""

    form: Poly
    node: Node
    roots: list[Exact]
    excluded: tuple[Excluded, ...]
    because: tuple[Node, ...]
    name: str
