"""``python -m fgps.check PROBLEM.fgl PROOF.json [THEORY]``: exit status 0 valid, 1 not, 2 bad input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fgps.check.certificate import Verdict, check_certificate
from fgps.lang.ast import ProblemDeclaration
from fgps.lang.parse import parse_file
from fgps.theory.load import load_theory

MAX_BYTES = 50_000_000


def read_certificate(text: str) -> Any:
    """The JSON of a certificate; `ValueError` if it is none."""

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is no number of JSON")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=unique)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def show(verdict: Verdict) -> str:
    """The verdict in lines of text."""
    where = "" if verdict.first_bad_step is None else f" at step {verdict.first_bad_step}"
    lines = [verdict.kind + (f"{where}: {verdict.reason}" if verdict.reason else "")]
    lines += [f"  in the diagram: {fact}" for fact in verdict.diagram_facts]
    return "\n".join(lines + [f"  not shown: {hole}" for hole in verdict.holes])


def main(arguments: list[str]) -> int:
    """Check one certificate of an FGL problem."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    path, _, name = arguments[0].partition("#")
    try:
        if max(Path(p).stat().st_size for p in (path, arguments[1])) > MAX_BYTES:
            raise ValueError("the file is too large")
        parsed = parse_file(Path(path).read_text("utf-8"), path)
        certificate = read_certificate(Path(arguments[1]).read_text("utf-8"))
    except (OSError, ValueError) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    problems = [p for p in parsed.declarations if isinstance(p, ProblemDeclaration) and name in ("", p.name)]
    loaded = load_theory(arguments[2] if len(arguments) > 2 else "basic")
    if len(problems) != 1 or loaded.theory is None:
        print("one problem and a theory are needed", file=sys.stderr)
        return 2
    verdict = check_certificate(problems[0], loaded.theory, certificate)
    print(show(verdict))
    return 0 if verdict.accepted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
