"""The files of a theory: packs by name or folder, in the order of what they build on.

A bundled pack ``p`` is ``predicates/p/*.fgl`` and ``theorems/p/*.fgl`` of the data folders; a user's pack
is a folder with ``.fgl`` files, one of which has a ``pack`` declaration.  A pack that ``extends`` others
finds them among the bundled packs, then among the folders beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.resources import data_folder

#: Limits on what one pack may hold: a folder given by mistake must not be read for minutes.
MAX_FILES: Final = 500
MAX_CHARACTERS: Final = 8_000_000

_KINDS: Final = ("predicates", "theorems")

# A declaration starts at column 1, so the header can be found without the parser.
_HEADER = re.compile(r"^pack\s+(\w+)(?:\s+extends\s+(\w+(?:\s*,\s*\w+)*))?\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One FGL file: ``name`` is short and the same on every machine (``theorems/basic/lines.fgl``)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PackSource:
    """The texts of one pack, files in order of their names."""

    name: str
    extends: tuple[str, ...]
    files: tuple[SourceFile, ...]


def bundled_packs() -> tuple[str, ...]:
    """The names of the packs that ship with FGPS, sorted."""
    names = set()
    for folder in map(data_folder, _KINDS):
        if folder.is_dir():
            names |= {entry.name for entry in folder.iterdir() if any(entry.glob("*.fgl"))}
    return tuple(sorted(names))


def find_packs(name_or_dir: str | Path) -> tuple[tuple[PackSource, ...], tuple[Diagnostic, ...]]:
    """The packs of a theory, those that others build on first; no packs if there are diagnostics."""
    finder = _Finder()
    finder.visit(str(name_or_dir), beside=None, path=())
    return (() if finder.problems else tuple(finder.found)), tuple(finder.problems)


class _Finder:
    """A depth-first walk along ``extends``."""

    def __init__(self) -> None:
        self.found: list[PackSource] = []
        self.problems: list[Diagnostic] = []

    def visit(self, wanted: str, beside: Path | None, path: tuple[str, ...]) -> None:
        located = self._locate(wanted, beside)
        if located is None:
            return
        pack, folder = located
        if pack.name in path:
            circle = " -> ".join((*path, pack.name))
            self.problems.append(error("bad-theory", f"packs extend each other in a circle: {circle}"))
            return
        if any(known.name == pack.name for known in self.found):
            return
        for name in pack.extends:
            self.visit(name, folder.parent if folder else beside, (*path, pack.name))
        self.found.append(pack)

    def _locate(self, wanted: str, beside: Path | None) -> tuple[PackSource, Path | None] | None:
        """The pack that is called ``wanted``, and its folder if it is a user's."""
        if wanted in bundled_packs():
            folders = [(f"{kind}/{wanted}", data_folder(kind) / wanted) for kind in _KINDS]
            pack = self._pack(wanted, folders)
            return None if pack is None else (pack, None)
        folder = Path(wanted) if beside is None else beside / wanted
        if _is_folder(folder):
            pack = self._pack(None, [(folder.resolve().name, folder)])
            return None if pack is None else (pack, folder.resolve())
        hint = did_you_mean(wanted, bundled_packs())
        hint = hint or f"the packs are {', '.join(bundled_packs())}; any folder with .fgl files can be one"
        self.problems.append(error("unknown-pack", f"there is no pack {wanted[:80]}", hint=hint))
        return None

    def _pack(self, name: str | None, folders: list[tuple[str, Path]]) -> PackSource | None:
        """Read the folders; ``name`` is what the header must say (None: whatever it says)."""
        files: list[SourceFile] = []
        for label, folder in folders:
            files += self._read(label, folder)
        headers = [match for file in files for match in _HEADER.finditer(file.text)]
        where = folders[-1][1] if name is None else f"pack {name}"
        if len(headers) != 1:
            many = "no pack declaration" if not headers else "more than one pack declaration"
            hint = 'one file must begin with a line such as: pack mine extends basic: "My theorems."'
            self.problems.append(error("bad-theory", f"{where}: {many}", hint=hint))
            return None
        found = headers[0].group(1)
        if name is not None and found != name:
            self.problems.append(error("bad-theory", f"the folder {name} declares pack {found}"))
            return None
        extends = tuple(re.findall(r"\w+", headers[0].group(2) or ""))
        return PackSource(found, extends, tuple(files))

    def _read(self, label: str, folder: Path) -> list[SourceFile]:
        files: list[SourceFile] = []
        characters = 0
        try:
            # One level of subfolders: a pack may keep predicates and theorems apart.
            paths = sorted([*folder.glob("*.fgl"), *folder.glob("*/*.fgl")])
        except OSError as trouble:
            self.problems.append(error("io", f"cannot read {label}: {_reason(trouble)}"))
            return []
        for file in paths:
            name = f"{label}/{file.relative_to(folder).as_posix()}"
            try:
                characters += file.stat().st_size
                if len(files) >= MAX_FILES or characters > MAX_CHARACTERS:
                    limit = f"{MAX_FILES} files or {MAX_CHARACTERS} bytes"
                    self.problems.append(error("too-long", f"the pack in {label} has more than {limit}"))
                    return []
                text = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as trouble:
                self.problems.append(error("io", f"cannot read {name}: {_reason(trouble)}"))
                continue
            files.append(SourceFile(name, text))
        return files


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # for instance a name that is too long
        return False


def _reason(trouble: OSError | UnicodeDecodeError) -> str:
    return "it is not UTF-8 text" if isinstance(trouble, UnicodeDecodeError) else str(trouble.strerror)
