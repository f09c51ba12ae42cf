"""The cache on disk: the same tree comes back, and damage does no harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgps.lang.parse import parse_file
from fgps.theory import cache, load
from fgps.theory.load import load_theory
from fgps.theory.resolve import Unit
from fgps.theory.sources import find_packs


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of the test's own, and no memory of other tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(load, "_loaded", {})
    yield tmp_path / "fgps" / "theories"


def units() -> tuple[Unit, ...]:
    packs, _ = find_packs("imo")
    return tuple(
        Unit(pack.name, file.name, parse_file(file.text, file.name).declarations)
        for pack in packs
        for file in pack.files
    )


def test_every_declaration_survives_the_codec() -> None:
    everything = units()
    assert sum(len(unit.declarations) for unit in everything) == 89 + 203 + 2
    assert cache.decode(cache.encode(everything)) == everything


def test_the_codec_keeps_spelling_and_places_of_declarations() -> None:
    text = 'theorem t(AB): "It is {AB}."\n    given Line(AB)\n    then Equal(LengthOfLine(AB), 0.50)'
    (declaration,) = parse_file(text).declarations
    (unit,) = cache.decode(cache.encode((Unit("p", "f", (declaration,)),)))
    (again,) = unit.declarations
    assert again.span == declaration.span
    conclusion = again.branches[0].then[0]
    assert conclusion.notation == "call"
    assert conclusion.args[1].text == "0.50"


def test_the_second_start_does_not_parse(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_theory("basic").theory
    assert len(list(own_cache.glob("*.json"))) == 1
    load._loaded.clear()
    monkeypatch.setattr(load, "_parse", lambda *_: pytest.fail("parsed again"))
    second = load_theory("basic").theory
    assert second is not first
    assert second == first
    assert first is not None and second is not None
    assert second.digest == first.digest


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"LengthOfLine", b"LengthOfLima", 1),
        lambda data: b"\xff\xfe" + data,
        lambda data: data.partition(b"\n")[2],
    ],
)
def test_a_damaged_file_counts_as_absent(own_cache: Path, damage: object) -> None:
    first = load_theory("basic").theory
    (file,) = own_cache.glob("*.json")
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    load._loaded.clear()
    assert load_theory("basic").theory == first


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b"[1,2,3]", b'["k","d",[[],[99]]]', b"[" * 100_000, b'["k","d",[[[4,"f","call",7]],[]]]'],
)
def test_foreign_content_with_a_right_checksum_counts_as_absent(own_cache: Path, body: bytes) -> None:
    import hashlib

    load_theory("basic")
    (file,) = own_cache.glob("*.json")
    file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body.replace(b'"k"', b'"k"'))
    assert cache.read(file.stem) is None


def test_an_entry_is_found_only_under_its_own_key(own_cache: Path) -> None:
    load_theory("basic")
    (file,) = own_cache.glob("*.json")
    other = cache.key_of(["another text"])
    os.rename(file, own_cache / f"{other}.json")
    assert cache.read(other) is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_theory("basic").theory is not None


def test_theories_with_mistakes_are_not_stored(own_cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "pack.fgl").write_text(
        'pack bad extends basic: "."\ntheorem t(A): "."\n given Nothing(A)\n then Point(A)'
    )
    assert load_theory(folder).theory is None
    assert list(own_cache.glob("*.json")) == []


def test_the_key_depends_on_where_one_text_ends() -> None:
    assert cache.key_of(["ab", "c"]) != cache.key_of(["a", "bc"])
