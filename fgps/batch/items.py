"""The items of a data set: which problems a folder holds, and which of them a run takes.

A data set is whatever `fgps.data.sources.open_dataset` knows.  Of folders in the released formalgeo layout
and of FGL files only what identifies and judges a problem is read here (id, level, expected answer);
loading it is the worker's business.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fgps.batch.executor import BatchError
from fgps.batch.jobs import Item
from fgps.data.files import MAX_JSON_BYTES, parse_json, read_text
from fgps.data.sources import has_own_layout, open_dataset
from fgps.lang.ast import ProblemDeclaration, SolutionDeclaration
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_file
from fgps.lang.printer import print_term
from fgps.resources import data_folder


def items_of(dataset: str) -> list[Item]:
    """All items of the data set in the order of their ids (numbers by value).

    Raises `BatchError` if the folder does not exist or holds no problems, or if an id occurs twice.
    A file that cannot be read still is an item: its record will say what is wrong.
    """
    root = Path(dataset)
    if not root.exists() and len(root.parts) == 1:
        root = data_folder(f"datasets/{root}")
    if not root.exists():
        raise BatchError(f"{dataset} is not a folder")
    items: list[Item] = []
    if root.is_dir() and not has_own_layout(root):
        inner = root / "problems"
        folder = inner if inner.is_dir() else root
        items = [item for path in sorted(folder.glob("*.json")) for item in _json_item(path)]
        if not items:
            items = [item for path in sorted(root.rglob("*.fgl")) for item in _fgl_items(path)]
    if not items:
        items = _other_items(root)
    seen: dict[str, Item] = {}
    for item in items:
        other = seen.setdefault(str(item.id), item)
        if other is not item:
            raise BatchError(f"two problems have the id {item.id}: {other.source} and {item.source}")
    return sorted(items, key=_order)


def _other_items(root: Path) -> list[Item]:
    """The problems of any other format, each read once."""
    opened = open_dataset(root)
    if opened.diagnostics:
        raise BatchError(opened.diagnostics[0].headline)
    items = []
    for problem_id in opened.ids:
        read = opened.read(problem_id)
        answer = None if read.declaration is None else read.declaration.answer
        items.append(
            Item(
                id=int(problem_id) if _is_number(problem_id) else problem_id,
                source=f"{root}#{problem_id}",
                level=len(read.theorem_sequence) or None,
                expected=None if answer is None else print_term(answer),
            )
        )
    return items


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19 and str(int(text)) == text


def _order(item: Item) -> tuple[int, int, str]:
    text = str(item.id)
    return (0, int(text), text) if text.isdecimal() and len(text) < 19 else (1, 0, text)


def _json_item(path: Path) -> Iterator[Item]:
    text = read_text(path, MAX_JSON_BYTES)
    data = parse_json(text, str(path)) if isinstance(text, str) else None
    if not isinstance(data, dict):
        yield Item(path.stem, str(path))
        return
    number = data.get("problem_id")
    level = data.get("problem_level")
    answer = data.get("problem_answer")
    yield Item(
        id=number if isinstance(number, int | str) and not isinstance(number, bool) else path.stem,
        source=str(path),
        level=level if isinstance(level, int) and not isinstance(level, bool) else None,
        expected=answer
        if isinstance(answer, str)
        else str(answer)
        if isinstance(answer, int | float)
        else None,
    )


def _fgl_items(path: Path) -> Iterator[Item]:
    text = read_text(path)
    if isinstance(text, Diagnostic):
        yield Item(path.stem, str(path))
        return
    parsed = parse_file(text, str(path))
    everything = (*parsed.declarations, *parsed.partial)
    problems = [d for d in everything if isinstance(d, ProblemDeclaration)]
    if not problems and not parsed.ok:
        yield Item(path.stem, str(path))
    steps = {d.problem: len(d.steps) for d in everything if isinstance(d, SolutionDeclaration)}
    for problem in problems:
        answer = None if problem.answer is None else print_term(problem.answer)
        level = dict(problem.meta).get("level", "")
        yield Item(
            id=problem.name,
            source=f"{path}#{problem.name}",
            level=int(level) if re.fullmatch(r"[0-9]{1,6}", level) else steps.get(problem.name),
            expected=answer,
        )


def read_ids(path: Path) -> list[str]:
    """The ids in a file: one a line (or separated by blanks or commas), or a JSON list.

    ``#`` starts a comment.

    Raises `BatchError` if the file cannot be read or holds none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(f"cannot read {path}: {error}") from error
    if text.lstrip().startswith("["):
        try:
            listed: Any = json.loads(text)
        except ValueError as error:
            raise BatchError(f"{path} is not a JSON list: {error}") from error
        ids = [str(entry) for entry in listed]
    else:
        ids = re.sub(r"#.*", "", text).replace(",", " ").split()
    if not ids:
        raise BatchError(f"{path} holds no ids")
    return list(dict.fromkeys(ids))


def choose(items: Sequence[Item], ids: Sequence[str] | None, sample: int | None, seed: int) -> list[Item]:
    """Those of ``items`` named by ``ids`` (all for None), then a seeded draw of ``sample`` among them.

    The order of ``items`` is kept.  Raises `BatchError` for ids that are not there.
    """
    chosen = list(items)
    if ids is not None:
        known = {str(item.id) for item in items}
        missing = [name for name in ids if name not in known]
        if missing:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise BatchError(f"not in the data set: {', '.join(missing[:5])}{more}")
        wanted = set(ids)
        chosen = [item for item in items if str(item.id) in wanted]
    if sample is not None and sample < len(chosen):
        picked = sorted(random.Random(seed).sample(range(len(chosen)), sample))
        chosen = [chosen[index] for index in picked]
    return chosen
