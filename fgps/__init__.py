"""FGPS: a symbolic solver and proof checker for plane geometry.

The chain of the program is in ``fgps.api``, runs over data sets are in ``fgps.batch``; this package
re-exports their few names lazily, so that ``import fgps`` stays fast.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_HOME = {"bench": "fgps.batch.run", "report": "fgps.batch.report.show"}

__all__ = [
    "Loaded",
    "Outcome",
    "StepRecord",
    "__version__",
    "bench",
    "load",
    "present",
    "replay",
    "report",
    "solve",
]


def __getattr__(name: str) -> object:
    """Resolve the public names at first use."""
    if name in __all__:
        return getattr(importlib.import_module(_HOME.get(name, "fgps.api")), name)
    raise AttributeError(f"module 'fgps' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
