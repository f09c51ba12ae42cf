"""Reading files that may be anything: size and depth limits, clear diagnostics, no exceptions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from fgps.lang.diagnostics import Diagnostic, error

#: A problem file of the public data has some kilobytes; an FGL file may hold many problems.
MAX_JSON_BYTES: Final = 1_000_000
MAX_TEXT_BYTES: Final = 4_000_000
MAX_JSON_DEPTH: Final = 24

_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')


def read_text(path: Path, limit: int = MAX_TEXT_BYTES) -> str | Diagnostic:
    """The text of a UTF-8 file, at most ``limit`` bytes."""
    try:
        if not path.exists():
            return error("io", f"{path}: no such file or directory", source_name=str(path))
        if not path.is_file():
            return error("io", f"{path} is not a file", source_name=str(path))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return error("io", f"{path}: {reason}", source_name=str(path))
    if len(data) > limit:
        return error("too-long", f"{path} is larger than {limit:,} bytes", source_name=str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        message = f"{path} is not a text file (byte {problem.start} is not UTF-8)"
        return error("not-text", message, source_name=str(path))


def parse_json(text: str, name: str) -> object | Diagnostic:
    """JSON text as Python values; depth is checked before it is parsed."""
    depth = deepest = 0
    for sign in _JSON_STRING.sub("", text):
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    if deepest > MAX_JSON_DEPTH:
        return error("too-deep", f"brackets are nested {deepest} deep in this JSON file", source_name=name)
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        return error("syntax", f"{name} is not JSON: {problem.msg} ({where})", source_name=name)
    except (ValueError, RecursionError) as problem:
        return error("syntax", f"{name} is not JSON: {problem}", source_name=name)
    return value
