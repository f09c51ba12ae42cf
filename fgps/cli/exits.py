"""Exit statuses of the command line."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What a command's exit status says."""

    YES = 0
    NO = 1
    BAD_INPUT = 2
    OUT_OF_BUDGET = 3
    INTERRUPTED = 130


_STATUSES: Final = {
    "solved": Exit.YES,
    "valid": Exit.YES,
    "timeout": Exit.OUT_OF_BUDGET,
    "memory": Exit.OUT_OF_BUDGET,
}


def exit_for(status: str) -> Exit:
    """The exit status for the status of an outcome; whatever is neither a yes nor a limit is a no."""
    return _STATUSES.get(status, Exit.NO)
