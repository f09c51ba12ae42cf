"""FGPS: a symbolic solver and proof checker for plane geometry.

The chain of the program is in ``fgps.api``; this package re-exports its few names lazily,
so that ``import fgps`` stays fast.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

__all__ = ["Loaded", "Outcome", "StepRecord", "__version__", "load", "present", "replay", "solve"]


def __getattr__(name: str) -> object:
    """Resolve the public names from `fgps.api` at first use."""
    if name in __all__:
        return getattr(importlib.import_module("fgps.api"), name)
    raise AttributeError(f"module 'fgps' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
