"""Figures on disk, so that a second run over the same problems need not find them again.

One SQLite file in the user's cache folder; FGPS_FIGURES names another one, or none where it is empty.  The
key of an entry is the hash of problem, theory and the source of everything that makes figures, so an entry
never goes stale.  Whatever is damaged or foreign counts as absent, and a folder that cannot be written is no
error: the store only saves time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fgps.theory.cache import cache_folder, decode, encode
from fgps.theory.model import Theory

if TYPE_CHECKING:
    import numpy as np

    from fgps.diagram.model import Diagram

#: Figures that are kept at most; of more, a tenth goes, the oldest first.
_KEPT: Final = 200_000
#: Seconds to wait for another process that writes.
_PATIENCE: Final = 0.2
_BAD: Final = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, AttributeError)
#: What the making of figures rests on.
_PACKAGES: Final = ("diagram", "problem", "theory", "lang", "check", "proof")


@dataclass(frozen=True, slots=True)
class Made:
    """A diagram that may serve as a filter (None: there is none), and its models that the checker accepts.

    ``final`` is false where the limit of time cut the search short: the next time it may end otherwise.
    """

    diagram: Diagram | None
    accepted: tuple[tuple[int, str], ...] = ()
    final: bool = True


class FigureStore:
    """The figures in one file."""

    def __init__(self, path: Path) -> None:
        self._base: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._base = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=OFF")
            self._base.execute("CREATE TABLE IF NOT EXISTS figures (key BLOB PRIMARY KEY, figure TEXT)")
        except (sqlite3.Error, OSError):
            self._base = None

    def get(self, key: bytes, theory: Theory) -> Made | None:
        """What is known of the key; None if nothing is."""
        try:
            if self._base is None:
                return None
            row = self._base.execute("SELECT figure FROM figures WHERE key = ?", (key,)).fetchone()
            return None if row is None else _restored(json.loads(row[0]), theory)
        except (sqlite3.Error, *_BAD):
            return None

    def put(self, key: bytes, made: Made) -> None:
        """Keep a figure; does nothing where that is impossible."""
        if self._base is None:
            return
        text = json.dumps(None if made.diagram is None else _plain(made), separators=(",", ":"))
        try:
            self._base.execute("INSERT OR IGNORE INTO figures VALUES (?, ?)", (key, text))
            (rows,) = self._base.execute("SELECT max(rowid) - min(rowid) FROM figures").fetchone()
            if rows > _KEPT:
                self._base.execute(
                    "DELETE FROM figures WHERE rowid IN (SELECT rowid FROM figures ORDER BY rowid LIMIT ?)",
                    (_KEPT // 10,),
                )
        except sqlite3.Error:
            pass


def figure_key(problem_digest: str, theory: Theory) -> bytes:
    """The key of a problem's figure."""
    return hashlib.sha256(f"{problem_digest} {theory.digest} {_makers()}".encode()).digest()


@lru_cache(maxsize=1)
def default_store() -> FigureStore | None:
    """The store of this user, opened once in a process."""
    named = os.environ.get("FGPS_FIGURES")
    if named is not None:
        return FigureStore(Path(named)) if named else None
    folder = cache_folder()
    return None if folder is None else FigureStore(folder.parent / "figures.sqlite")


@lru_cache(maxsize=1)
def _makers() -> str:
    """A hash of the sources that make figures, and of the library that does the sums."""
    import numpy

    total = hashlib.sha256(numpy.__version__.encode())
    package = Path(__file__).resolve().parent.parent
    for folder in _PACKAGES:
        for file in sorted((package / folder).iterdir()):
            if file.suffix in (".py", ".lark"):
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def _plain(made: Made) -> dict[str, Any]:
    figure = made.diagram
    assert figure is not None
    return {
        "accepted": made.accepted,
        "outcome": figure.outcome,
        "points": figure.points,
        "coordinates": figure.coordinates.tolist(),
        "circles": figure.circles,
        "centres": figure.centres.tolist(),
        "radii": figure.radii.tolist(),
        "symbols": {name: values.tolist() for name, values in figure.symbols.items()},
        "residual": float(figure.residual),
        "tolerance": float(figure.tolerance),
        "warnings": figure.warnings,
        "reread": encode(figure.reread),
        "clashes": [encode(tuple(clash.statement for clash in figure.clashes)), _errors(figure)],
    }


def _errors(figure: Diagram) -> list[float]:
    return [float(clash.error) for clash in figure.clashes]


def _restored(data: Any, theory: Theory) -> Made:
    if data is None:
        return Made(None)
    from fgps.diagram.model import Clash, Diagram

    points, circles = tuple(data["points"]), tuple(data["circles"])
    count = len(data["coordinates"])
    terms, errors = data["clashes"]
    diagram = Diagram(
        outcome=data["outcome"],
        points=points,
        coordinates=_array(data["coordinates"], (count, len(points), 2)),
        circles=circles,
        centres=_array(data["centres"], (count, len(circles), 2)),
        radii=_array(data["radii"], (count, len(circles))),
        symbols={str(name): _array(values, (count,)) for name, values in data["symbols"].items()},
        residual=float(data["residual"]),
        tolerance=float(data["tolerance"]),
        clashes=tuple(Clash(term, error) for term, error in zip(decode(terms), errors, strict=True)),
        warnings=tuple(data["warnings"]),
        reread=tuple(decode(data["reread"])),
        theory=theory,
    )
    accepted = tuple((int(number), str(precision)) for number, precision in data["accepted"])
    if any(not 0 <= number < count for number, _ in accepted):
        raise ValueError("there is no such model")
    return Made(diagram, accepted)


def _array(values: Sequence[Any], shape: tuple[int, ...]) -> np.ndarray:
    import numpy

    # Nothing was stored for no circles: their lists lose the inner dimensions.
    found = numpy.array(values, dtype=float).reshape(shape)
    if not numpy.isfinite(found).all():
        raise ValueError("a coordinate is no number")
    return found
