"""What FGL does not say of a released JSON file, carried word for word in ``meta``.

A problem goes to FGL as it was understood: slips repaired, statements without a reading left out.  So that
the way back loses nothing, whatever the rebuilt JSON object would have otherwise is put into ``meta``:

    meta "json construction_cdl[1:2]" "Shape(BD,DA.AB)"     # instead of statements 1:2 (a Python slice)
    meta "json text_cdl[2:3]" '["...", "..."]'              # several lines, or none: a JSON list
    meta "json problem_id" "\\"007\\""                        # a whole value, as JSON
    meta "json absent" "annotation problem_text_en"         # keys that the file did not have
    meta dag "START: 1 2; 1: 3"                             # theorem_seqs_dag, steps by number

Such a line counts only as long as it still means what the FGL says: who edits a statement in the FGL file
gets the edited statement, not the old line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

PREFIX: Final = "json "
ABSENT: Final = "json absent"
DAG: Final = "dag"
#: Where the points are in the drawing that the problem comes from (y upwards): a figure is looked for there
#: first.
COORDINATES: Final = "coordinates"
DAG_KEY: Final = "theorem_seqs_dag"
START: Final = "START"

_SLICE: Final = re.compile(r"json (.+)\[([0-9]{1,6}):([0-9]{1,6})\]", re.DOTALL)
#: Characters that the texts of an FGL file cannot or should not hold: controls and lone surrogates.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufeff]")

Meta = tuple[tuple[str, str], ...]


def printable(text: str) -> str:
    """The text without characters that a text file would not keep (replaced by blanks)."""
    return _UNPRINTABLE.sub(" ", text)


def same_json(one: object, other: object) -> bool:
    """Whether two JSON values are the same; ``1``, ``1.0`` and ``true`` are not."""
    return _canonical(one) == _canonical(other)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def differences(raw: Mapping[str, object], rebuilt: Mapping[str, object]) -> Meta:
    """The ``meta`` entries that turn ``rebuilt`` into ``raw``, keys in the order of ``raw``."""
    found: list[tuple[str, str]] = []
    for key, value in raw.items():
        if key in rebuilt and same_json(value, rebuilt[key]):
            continue
        other = rebuilt.get(key)
        if _is_lines(value) and _is_lines(other):
            found += _slices(key, value, other)  # type: ignore[arg-type]
        else:
            found.append((f"{PREFIX}{_safe(key)}", _canonical(value)))
    absent = [key for key in rebuilt if key not in raw]
    if absent:
        found.append((ABSENT, " ".join(absent)))
    return tuple(found)


def _is_lines(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _slices(key: str, value: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    matcher = SequenceMatcher(None, other, value, autojunk=False)
    for tag, start, stop, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        if stop - start == last - first:  # line for line
            for k in range(stop - start):
                found.append(_slice(key, start + k, start + k + 1, value[first + k : first + k + 1]))
        else:
            found.append(_slice(key, start, stop, value[first:last]))
    return found


def _slice(key: str, start: int, stop: int, lines: Sequence[str]) -> tuple[str, str]:
    plain = len(lines) == 1 and lines[0][:1] != "[" and printable(lines[0]) == lines[0]
    return f"{PREFIX}{key}[{start}:{stop}]", lines[0] if plain else json.dumps(list(lines))


def _safe(key: str) -> str:
    """A key as it can stand in a file; odd ones as JSON text."""
    plain = key and key == printable(key) and key != "absent" and not key.endswith("]") and key[0] != '"'
    return key if plain else json.dumps(key)


def apply(rebuilt: Mapping[str, Any], meta: Meta) -> dict[str, Any]:
    """``rebuilt`` with the differences that ``meta`` carries; entries that make no sense are left alone."""
    values = dict(rebuilt)
    slices: list[tuple[str, int, int, list[str]]] = []
    for name, text in meta:
        if name == ABSENT:
            for key in text.split():
                values.pop(key, None)
        elif match := _SLICE.fullmatch(name):
            lines = _lines(text)
            if lines is not None:
                slices.append((match[1], int(match[2]), int(match[3]), lines))
        elif name.startswith(PREFIX):
            whole_key = _key(name[len(PREFIX) :])
            value = _loaded(text)
            if whole_key is not None and value is not _NOTHING:
                values[whole_key] = value
    # From the end, so that the numbers of the others stay right.
    for key, start, stop, lines in sorted(slices, key=lambda entry: entry[1:3], reverse=True):
        whole = values.get(key)
        if isinstance(whole, list) and start <= stop <= len(whole):
            values[key] = [*whole[:start], *lines, *whole[stop:]]
    return values


_NOTHING: Final = object()


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING


def _lines(text: str) -> list[str] | None:
    if not text.startswith("["):
        return [text]
    value = _loaded(text)
    return value if isinstance(value, list) and _is_lines(value) else None


def _key(text: str) -> str | None:
    if not text.startswith('"'):
        return text
    value = _loaded(text)
    return value if isinstance(value, str) else None


def dag_to_text(dag: Mapping[str, Sequence[str]], steps: object) -> str | None:
    """A dependency graph by numbers of steps (from 1); None if it names a step that is not there."""
    if not isinstance(steps, list | tuple) or not all(isinstance(step, str) for step in steps):
        return None
    number = {step: position for position, step in enumerate(steps, start=1)}
    if len(number) != len(steps):
        return None
    rows = []
    for step, users in dag.items():
        if (step != START and step not in number) or any(user not in number for user in users):
            return None
        name = START if step == START else str(number[step])
        rows.append(" ".join([f"{name}:", *(str(number[user]) for user in users)]))
    return "; ".join(rows)


def dag_from_text(text: str, steps: object) -> dict[str, tuple[str, ...]]:
    """The inverse; empty if the text speaks of steps that are not there."""
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(steps, list | tuple):
        return found
    for row in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, users = row.partition(":")
        numbers = [name.strip(), *users.split()] if colon else [""]
        known = [n.isascii() and n.isdecimal() and len(n) < 7 and 0 < int(n) <= len(steps) for n in numbers]
        if not all(known[1:]) or not (known[0] or numbers[0] == START):
            return {}
        words = [START if n == START else steps[int(n) - 1] for n in numbers]
        found[words[0]] = tuple(words[1:])
    return found
