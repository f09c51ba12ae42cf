"""Where the data folders are: in the checkout of an editable install, else inside the wheel."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_NAMES_FGPS = re.compile(r'^name\s*=\s*"fgps"\s*$', re.MULTILINE)


@lru_cache(maxsize=1)
def data_root() -> Path:
    """The folder that holds ``predicates``, ``theorems``, ``datasets`` and ``viz``.

    It is the checkout if the ``pyproject.toml`` beside the package names fgps, else ``fgps/_data``.
    """
    return root_of(_PACKAGE)


def root_of(package: Path) -> Path:
    """The data root that belongs to the package folder ``package``."""
    project = package.parent / "pyproject.toml"
    try:
        if _NAMES_FGPS.search(project.read_text(encoding="utf-8")):
            return package.parent
    except (OSError, UnicodeDecodeError):
        pass
    return package / "_data"


def data_folder(name: str) -> Path:
    """The folder ``name`` (``predicates``, ``theorems``, ``datasets/own``, ``viz``); it may be absent."""
    return data_root() / name
