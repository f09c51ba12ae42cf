"""Declarations on disk: a JSON codec for syntax trees, and the user's cache folder.

The key of an entry is the hash of every text that it was made from, and of the language's own source
files, so an entry never goes stale.  A file that is damaged, truncated or foreign counts as absent, and a
folder that cannot be written is no error: the cache only saves time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fgps.lang.ast import (
    AttributeDeclaration,
    Branch,
    Call,
    FormDeclaration,
    Number,
    PackDeclaration,
    Parameters,
    Points,
    PredicateDeclaration,
    Span,
    Symbol,
    Text,
    TheoremDeclaration,
)
from fgps.theory.resolve import Unit

#: Kinds of node: the number in front of an encoded node is the position here.  Append only.
_NODES: Final[tuple[Any, ...]] = (
    tuple,
    Fraction,
    Span,
    Points,
    Number,
    Symbol,
    Text,
    Call,
    Parameters,
    PredicateDeclaration,
    AttributeDeclaration,
    FormDeclaration,
    Branch,
    TheoremDeclaration,
    PackDeclaration,
    Unit,
)
_NUMBER_OF: Final = {node: number for number, node in enumerate(_NODES)}
_FIELDS: Final[dict[Any, tuple[str, ...]]] = {
    node: tuple(field.name for field in fields(node)) for node in _NODES if is_dataclass(node)
}

#: Files of other theories are removed, oldest first, beyond this number.
_KEEP: Final = 50


def encode(value: object) -> Any:
    """A syntax tree as lists, strings, numbers and None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [0, *map(encode, value)]
    if isinstance(value, Fraction):
        return [1, str(value.numerator), str(value.denominator)]
    if isinstance(value, Span):
        return [2, value.start, value.end, value.line, value.column]
    return [_NUMBER_OF[type(value)], *(encode(getattr(value, name)) for name in _FIELDS[type(value)])]


def decode(data: Any) -> Any:
    """The inverse of `encode`; TypeError, ValueError, IndexError or KeyError on foreign data."""
    if type(data) is not list:
        return data
    kind = data[0]
    if kind == 0:
        return tuple([decode(item) for item in data[1:]])
    if kind == 2:
        return Span(data[1], data[2], data[3], data[4])
    if kind == 1:
        return Fraction(int(data[1]), int(data[2]))
    if type(kind) is not int or not 0 < kind < len(_NODES):
        raise ValueError("no such node")
    return _NODES[kind](*[decode(item) for item in data[1:]])


def key_of(texts: Sequence[str]) -> str:
    """The key of what is made from these texts by this version of the language."""
    total = hashlib.sha256(_language().encode())
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


@lru_cache(maxsize=1)
def _language() -> str:
    """A hash of the sources that turn text into declarations: grammar, parser, this package."""
    total = hashlib.sha256()
    package = Path(__file__).resolve().parent
    for folder in (package.parent / "lang", package):
        for file in sorted(folder.iterdir()):
            if file.suffix in (".py", ".lark"):
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def cache_folder() -> Path | None:
    """The folder of the cache, or None if the user has no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        root = Path(base) if os.path.isabs(base) else Path.home() / ".cache"
    except RuntimeError:
        return None
    return root / "fgps" / "theories"


def read(key: str) -> tuple[str, tuple[Unit, ...]] | None:
    """The digest and the units stored under ``key``, or None."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        checksum, _, body = (folder / f"{key}.json").read_bytes().partition(b"\n")
        if checksum.decode("ascii") != hashlib.sha256(body).hexdigest():
            return None
        stored_key, digest, encoded = json.loads(body)
        units = decode(encoded)
    except (OSError, ValueError, TypeError, IndexError, KeyError, RecursionError, ZeroDivisionError):
        return None
    sound = isinstance(units, tuple) and all(isinstance(unit, Unit) for unit in units)
    return (digest, units) if sound and stored_key == key and isinstance(digest, str) else None


def write(key: str, digest: str, units: tuple[Unit, ...]) -> None:
    """Store units under ``key``; does nothing where that is impossible."""
    folder = cache_folder()
    if folder is None:
        return
    body = json.dumps([key, digest, encode(units)], ensure_ascii=False, separators=(",", ":")).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A reader sees the whole file or none: it appears under its name when complete.
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(temporary, folder / f"{key}.json")
        except OSError:
            os.unlink(temporary)
            raise
        _prune(folder)
    except OSError:
        pass


def _prune(folder: Path) -> None:
    """Keep the newest files only."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[_KEEP:]:
        file.unlink(missing_ok=True)
