"""What a worker answers, as bytes that pass through the server unread."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: ``body`` is a JSON document, the result or ``{"error": {"code", "message", "details"}}``.

    ``status`` is ``ok`` or the error's code.  ``final``: the same request would get the same bytes again.
    """

    status: str
    body: bytes
    seconds: float = 0.0
    final: bool = False


def failed(code: str, message: str, details: list[Any] | None = None) -> Reply:
    """The reply to a request that went wrong."""
    error = {"code": code, "message": message, "details": details or []}
    return Reply(code, json.dumps({"error": error}, ensure_ascii=False).encode())
