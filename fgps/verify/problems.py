"""Problems as the verifier's callers name them: a PROBLEM argument, FGL text, or an object.

A shelf keeps those that were used last, so that many solutions to one problem are cheap.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fgps.data.formalgeo import Read, read_problem
from fgps.data.sources import read_fgl_text, read_source
from fgps.lang.diagnostics import Diagnostic, Severity, error
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory

#: Longest text of a problem, and how many problems a shelf keeps.
MAX_TEXT: Final = 200_000
KEPT: Final = 8192


@dataclass(frozen=True, slots=True)
class LoadedProblem:
    """A problem (None if it cannot be used), what is to be said about it, and what was read."""

    problem: Problem | None
    diagnostics: tuple[Diagnostic, ...] = ()
    read: Read | None = None

    def first_error(self) -> str:
        """Why there is no problem, in one line."""
        found = [d for d in self.diagnostics if d.severity is Severity.ERROR] or list(self.diagnostics)
        return f"{found[0].headline}" if found else "the problem cannot be used"


def load_problem(source: object, theory: Theory, files: bool = True) -> LoadedProblem:
    """A problem from a PROBLEM argument (only with ``files``), from FGL text, or from an object.

    The object is in the released layout (``construction_cdl``, ``text_cdl``, ``goal_cdl``, ...), or holds FGL
    text under the key ``fgl``.  Nothing raises for what the source holds.
    """
    read = _read(source, files)
    if isinstance(read, Diagnostic):
        return LoadedProblem(None, (read,))
    found = list(read.diagnostics)
    problem = None
    if read.declaration is not None:
        problem = build_problem(read.declaration, theory, read.source_name, read.strict)
        found += problem.diagnostics
    if any(d.severity is Severity.ERROR for d in found):
        problem = None
    return LoadedProblem(problem, tuple(found), read)


def _read(source: object, files: bool) -> Read | Diagnostic:
    if isinstance(source, Mapping):
        text = source.get("fgl")
        if isinstance(text, str):
            return _fgl(text)
        if len(json.dumps(source, default=str)) > MAX_TEXT:
            return error("too-long", f"a problem may have {MAX_TEXT:,} characters at most")
        return read_problem(source, "<problem>")
    if not isinstance(source, str):
        return error("bad-arguments", "a problem is FGL text or an object with construction_cdl and goal_cdl")
    if "\n" in source or source.lstrip().startswith("problem "):
        return _fgl(source)
    if source.lstrip().startswith("{"):
        try:
            return _read(json.loads(source[:MAX_TEXT]), files)
        except (ValueError, RecursionError):
            return error("syntax", "the problem is not JSON")
    if not files:
        return error("io", "problems are given by their text here, not by a file's name")
    return read_source(source)


def _fgl(text: str) -> Read | Diagnostic:
    if len(text) > MAX_TEXT:
        return error("too-long", f"a problem may have {MAX_TEXT:,} characters at most")
    return read_fgl_text(text, "", "<problem>")


class ProblemShelf:
    """Loaded problems of one theory, the least recently used dropped first."""

    def __init__(self, theory: Theory, files: bool = True, kept: int = KEPT) -> None:
        self.theory = theory
        self._files = files
        self._kept = kept
        self._loaded: OrderedDict[str, LoadedProblem] = OrderedDict()

    def get(self, source: object) -> LoadedProblem:
        """The problem that ``source`` holds or names."""
        key = _key(source)
        known = self._loaded.get(key)
        if known is None:
            known = self._loaded[key] = load_problem(source, self.theory, self._files)
            if len(self._loaded) > self._kept:
                self._loaded.popitem(last=False)
        else:
            self._loaded.move_to_end(key)
        return known


def _key(source: object) -> str:
    text = source if isinstance(source, str) else json.dumps(source, sort_keys=True, default=str)
    return text if len(text) < 100 else hashlib.sha256(text.encode(errors="replace")).hexdigest()
