"""Declarations on disk: a JSON codec for syntax trees, and the user's cache folder.

The key of an entry is the hash of every text that it was made from, and of the language's own source
files, so an entry never goes stale.  A file that is damaged, truncated or foreign counts as absent, and a
folder that cannot be written is no error: the cache only saves time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import fields
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
    Term,
    Text,
    TheoremDeclaration,
)
from fgps.theory.resolve import Unit

#: Kinds of declaration and their parts: the number of an encoded node is the position here.  Append only.
_NODES: Final[tuple[Any, ...]] = (
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
_FIELDS: Final = {node: tuple(field.name for field in fields(node)) for node in _NODES}

#: In front of the items of a tuple, of the numbers of a span, and of a term's place in the table.
_TUPLE, _SPAN, _TERM = -1, -2, -3
_POINTS, _NUMBER, _SYMBOL, _TEXT, _CALL = range(5)

#: Files of other theories are removed, oldest first, beyond this number.
_KEEP: Final = 50


def encode(value: object) -> list[Any]:
    """Declarations as lists, strings, numbers and None: a table of terms, then the tree.

    Equal terms are stored once and lose their spans (declarations and branches keep theirs).
    """
    table: dict[tuple[Any, ...], int] = {}
    tree = _encode(value, table)
    return [list(table), tree]


def decode(data: Any) -> Any:
    """The inverse of `encode`; TypeError, ValueError, IndexError or KeyError on foreign data."""
    entries, tree = data
    terms: list[Term] = []
    for entry in entries:
        terms.append(_decode_term(entry, terms))
    return _decode(tree, terms)


def _encode(value: object, table: dict[tuple[Any, ...], int]) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [_TUPLE, *(_encode(item, table) for item in value)]
    if isinstance(value, Span):
        return [_SPAN, value.start, value.end, value.line, value.column]
    if isinstance(value, Term):
        return [_TERM, _encode_term(value, table)]
    return [_NUMBER_OF[type(value)], *(_encode(getattr(value, name), table) for name in _FIELDS[type(value)])]


def _encode_term(term: Term, table: dict[tuple[Any, ...], int]) -> int:
    """The place of a term in the table; what it consists of comes before it."""
    entry: tuple[Any, ...]
    if isinstance(term, Points):
        entry = (_POINTS, *term.names)
    elif isinstance(term, Number):
        entry = (_NUMBER, str(term.value.numerator), str(term.value.denominator), term.text)
    elif isinstance(term, Symbol):
        entry = (_SYMBOL, term.name)
    elif isinstance(term, Text):
        entry = (_TEXT, term.value)
    else:
        entry = (_CALL, term.head, term.notation, *(_encode_term(a, table) for a in term.args))
    return table.setdefault(entry, len(table))


def _decode_term(entry: list[Any], terms: list[Term]) -> Term:
    kind = entry[0]
    if kind == _CALL:
        return Call(entry[1], tuple([terms[i] for i in entry[3:]]), entry[2])
    if kind == _POINTS:
        return Points(tuple(entry[1:]))
    if kind == _NUMBER:
        return Number(Fraction(int(entry[1]), int(entry[2])), entry[3])
    if kind == _SYMBOL:
        return Symbol(entry[1])
    if kind == _TEXT:
        return Text(entry[1])
    raise ValueError("no such term")


def _decode(data: Any, terms: list[Term]) -> Any:
    if type(data) is not list:
        return data
    kind = data[0]
    if kind == _TERM:
        return terms[data[1]]
    if kind == _TUPLE:
        return tuple([_decode(item, terms) for item in data[1:]])
    if kind == _SPAN:
        return Span(data[1], data[2], data[3], data[4])
    if type(kind) is not int or not 0 <= kind < len(_NODES):
        raise ValueError("no such node")
    return _NODES[kind](*[_decode(item, terms) for item in data[1:]])


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
    import tempfile  # takes as long to import as reading the cache

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
