"""A problem with the certificate of its proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgps import api
from fgps.lang.ast import ProblemDeclaration
from fgps.proof.certificate import dump_certificate, stated
from fgps.theory.model import Theory

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "formalgeo7k"


@dataclass(frozen=True)
class Solved:
    """A problem and its certificate as a reader of the file gets it."""

    name: str
    declaration: ProblemDeclaration
    theory: Theory
    certificate: dict[str, Any]
    verdict: str


def solved(source: str, theory: Theory) -> tuple[Solved | None, str]:
    """The certificate of a problem that is solved, and the outcome's cause."""
    loaded = api.load(source, theory)
    if loaded.problem is None:
        return None, "not readable"
    outcome = api.solve(loaded.problem, timeout=10)
    if outcome.certificate is None or outcome.status != "solved":
        return None, outcome.cause
    text = dump_certificate(outcome.certificate)
    declaration = stated(loaded.problem)
    return Solved(source, declaration, theory, json.loads(text), str(outcome.verdict)), ""
