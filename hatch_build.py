"""Build hook: ship the data folders inside the wheel as ``fgps/_data/``.

An editable install reads them from the checkout instead (``fgps/resources.py``), so the
map is added for real wheels only: a copy made for an editable install would go stale unseen.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("predicates", "theorems", "datasets/own", "viz")


class DataFolders(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the data folders to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build; ``version`` is ``standard`` or ``editable``."""
        if version == "standard":
            for folder in FOLDERS:
                build_data["force_include"][folder] = f"fgps/_data/{folder}"
