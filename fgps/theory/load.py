"""Reading a theory: find its packs, parse them, resolve, check; or take all that from the cache.

The chain on one page.  A cached theory equals the parsed one (the key is the hash of the texts), but its
terms have no spans; only theories without any diagnostic are cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.theory import cache
from fgps.theory.model import Theory
from fgps.theory.resolve import Unit, digest, resolve
from fgps.theory.sources import PackSource, find_packs
from fgps.theory.wellformed import check


@dataclass(frozen=True, slots=True)
class Loaded:
    """A theory, or None if it has an error; and all that is to be said about it."""

    theory: Theory | None
    diagnostics: tuple[Diagnostic, ...] = ()


#: Theories of this process by cache key.
_loaded: dict[str, Theory] = {}


def load_theory(name_or_dir: str | Path = "basic", use_cache: bool = True) -> Loaded:
    """The theory called ``name_or_dir``: a bundled pack, or a user's folder with ``.fgl`` files.

    Mistakes are diagnostics (codes ``unknown-pack``, ``io``, ``syntax``, ``bad-theory``, ``duplicate``,
    ``unknown-predicate``, ...), never exceptions.  With ``use_cache=False`` everything is read and parsed
    anew: for linting, which wants the place of every term, and for a checker that trusts no cache.
    """
    packs, problems = find_packs(name_or_dir)
    if problems:
        return Loaded(None, problems)
    key = cache.key_of([part for pack in packs for part in _identity(pack)])
    name = packs[-1].name
    if not use_cache:
        return _parse(name, packs)
    known = _loaded.get(key)
    if known is not None:
        return Loaded(known)
    stored = cache.read(key)
    if stored is not None:
        theory, problems = resolve(name, stored[1])
        if not problems:
            _loaded[key] = _with_digest(theory, stored[0])
            return Loaded(_loaded[key])
    fresh = _parse(name, packs, key)
    if fresh.theory is not None:
        _loaded[key] = fresh.theory
    return fresh


def _parse(name: str, packs: tuple[PackSource, ...], key: str = "") -> Loaded:
    """Parse, resolve and check; the result is stored under ``key`` if it is without diagnostics."""
    # The parser and the printer are imported only where the cache does not help: they take most of the start.
    from fgps.lang.parse import parse_file
    from fgps.lang.printer import print_declaration

    units: list[Unit] = []
    found: list[Diagnostic] = []
    for pack in packs:
        for file in pack.files:
            parsed = parse_file(file.text, file.name)
            found += parsed.diagnostics
            units.append(Unit(pack.name, file.name, parsed.declarations))
    theory, problems = resolve(name, units)
    found += problems
    if not _has_error(found):
        # An unreadable declaration would be followed by a flood of unknown names.
        found += check(theory)
    if _has_error(found):
        return Loaded(None, tuple(found))
    theory = _with_digest(theory, digest(units, print_declaration))
    if key and not found:
        cache.write(key, theory.digest, tuple(units))
    return Loaded(theory, tuple(found))


def _identity(pack: PackSource) -> tuple[str, ...]:
    """Every string that a pack's declarations depend on."""
    parts = [pack.name, *pack.extends]
    for file in pack.files:
        parts += [file.name, file.text]
    return tuple(parts)


def _with_digest(theory: Theory, text_digest: str) -> Theory:
    return Theory(
        theory.name,
        theory.packs,
        theory.predicates,
        theory.attributes,
        theory.theorems,
        theory.forms,
        text_digest,
    )


def _has_error(found: list[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)


__all__ = ["Loaded", "load_theory"]
