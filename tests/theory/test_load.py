"""Loading: what the bundled packs hold, packs of users, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgps.lang.diagnostics import Severity
from fgps.theory import load
from fgps.theory.load import load_theory
from fgps.theory.resolve import close

USER_PACK = """
pack mine extends basic: "My theorems."

relation IsFootOfPoint(F, PAB):
    "{F} is the foot of the perpendicular from {P} to {AB}."
    needs Point(F), Line(AB), Line(PF)
    same (F, PBA)
    forms (F, PAB)
    holds dot(PF, AB) = 0, cross(AB, AF) = 0

theorem foot_of_point_judgment(F, PAB):
    "{PF} is perpendicular to {AB}."
    given Collinear(AFB), Line(PF), MeasureOfAngle(AFP) = 90
    then IsFootOfPoint(F, PAB)
"""


def write(folder: Path, text: str, name: str = "pack.fgl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def codes(folder: Path) -> list[str]:
    loaded = load_theory(folder)
    assert loaded.theory is None
    return [d.code for d in loaded.diagnostics]


@pytest.mark.parametrize(("name", "entries", "theorems"), [("basic", 88, 196), ("imo", 89, 203)])
def test_bundled_packs_hold_what_the_public_data_needs(name: str, entries: int, theorems: int) -> None:
    loaded = load_theory(name)
    assert loaded.diagnostics == ()
    theory = loaded.theory
    assert theory is not None
    assert len(theory.predicates) + len(theory.attributes) + len(theory.forms) == entries
    assert len(theory.theorems) == theorems


def test_the_88_entries_by_category() -> None:
    theory = load_theory("basic").theory
    assert theory is not None
    categories = [p.category for p in theory.predicates.values()]
    categories += [form.category for form in theory.forms.values()]
    counts = {category: categories.count(category) for category in categories}
    assert counts == {"construction": 3, "basic": 6, "entity": 12, "relation": 30, "operator": 13, "goal": 3}
    assert len(theory.attributes) == 21


def test_symmetries_are_closed_and_begin_with_the_identity() -> None:
    theory = load_theory("imo").theory
    assert theory is not None
    for declared in (*theory.predicates.values(), *theory.attributes.values()):
        if declared.symmetries:
            assert declared.symmetries[0] == tuple(range(len(declared.letters)))
            assert close(len(declared.letters), declared.symmetries) == declared.symmetries
    congruent = theory.predicates["CongruentBetweenTriangle"].symmetries
    assert congruent == ((0, 1, 2, 3, 4, 5), (1, 2, 0, 4, 5, 3), (2, 0, 1, 5, 3, 4))
    assert theory.predicates["ParallelBetweenLine"].symmetries == ((0, 1, 2, 3), (3, 2, 1, 0))
    assert theory.predicates["Polygon"].symmetries == ()


def test_a_group_is_generated_by_its_spellings() -> None:
    assert close(3, [(1, 2, 0)]) == ((0, 1, 2), (1, 2, 0), (2, 0, 1))
    assert close(8, [(1, 2, 3, 4, 5, 6, 7, 0), (1, 0, 2, 3, 4, 5, 6, 7)]) is None


def test_a_users_pack_builds_on_a_bundled_one(tmp_path: Path) -> None:
    loaded = load_theory(write(tmp_path / "mine", USER_PACK))
    assert loaded.diagnostics == ()
    assert loaded.theory is not None
    assert loaded.theory.packs == ("basic", "mine")
    assert loaded.theory.theorems["foot_of_point_judgment"].pack == "mine"
    assert loaded.theory.predicates["IsFootOfPoint"].symmetries == ((0, 1, 2, 3), (0, 1, 3, 2))
    assert len(loaded.theory.theorems) == 197


def test_packs_of_users_find_each_other_side_by_side(tmp_path: Path) -> None:
    write(tmp_path / "mine", USER_PACK)
    loaded = load_theory(write(tmp_path / "more", 'pack more extends mine: "More."'))
    assert loaded.theory is not None
    assert loaded.theory.packs == ("basic", "mine", "more")


def test_the_digest_is_of_the_statements_and_not_of_the_layout(tmp_path: Path) -> None:
    def digest(folder: Path) -> str:
        theory = load_theory(folder).theory
        assert theory is not None
        return theory.digest

    first = digest(write(tmp_path / "a", USER_PACK))
    assert first == digest(write(tmp_path / "b", "# a remark\n" + USER_PACK.replace(", ", ",  ")))
    head, relation, theorem = USER_PACK.split("\n\n")
    write(tmp_path / "c", theorem, "1.fgl")
    write(tmp_path / "c", head, "2.fgl")
    assert first == digest(write(tmp_path / "c", relation, "3.fgl"))
    assert first != digest(write(tmp_path / "d", USER_PACK.replace("AFP) = 90", "AFP) = 91")))
    assert digest(Path("basic")) != digest(Path("imo"))


def test_the_digest_does_not_depend_on_the_cache() -> None:
    cached, parsed = load_theory("basic").theory, load_theory("basic", use_cache=False).theory
    assert cached is not None and parsed is not None
    assert cached.digest == parsed.digest
    assert cached == parsed


def test_a_theory_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_theory("basic").theory
    monkeypatch.setattr(load.cache, "read", lambda key: pytest.fail("read again"))
    assert load_theory("basic").theory is first


def test_an_unknown_pack_is_reported_with_a_near_name() -> None:
    assert load_theory("b" * 10_000).diagnostics[0].code == "unknown-pack"
    assert load_theory("b\0").diagnostics[0].code == "unknown-pack"
    loaded = load_theory("basik")
    assert loaded.theory is None
    assert [(d.code, d.hint) for d in loaded.diagnostics] == [("unknown-pack", "did you mean basic?")]


def test_folders_that_are_no_packs(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["bad-theory"]
    assert codes(write(tmp_path / "two", 'pack a: "A."\npack b: "B."\n')) == ["bad-theory"]
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "pack.fgl").write_bytes(b'pack latin: "\xe9"')
    assert codes(tmp_path / "latin") == ["io", "bad-theory"]
    assert codes(write(tmp_path / "lost", 'pack lost extends nowhere: "."')) == ["unknown-pack"]


def test_packs_that_extend_each_other_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "one", 'pack one extends two: "."')
    assert codes(write(tmp_path / "two", 'pack two extends one: "."')) == ["bad-theory"]


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("given IsMidpontOfLine(M, AB)\n    then Collinear(AMB)", "unknown-predicate"),
        ("given Collinear(AMB)\n    then LengthOfLin(AM) = 1", "unknown-attribute"),
        ("given Collinear(AMB)\n    then LengthOfLine(AMB) = 1", "bad-arguments"),
        ("given IsMidpointOfLine(MA, B)\n    then Collinear(AMB)", "bad-arguments"),
        ("given IsMidpointOfLine(M, AC)\n    then Collinear(AMB)", "unknown-point"),
        ("given Collinear(AMB)\n    then LengthOfLine(AM) > 1", "bad-theory"),
        ("given Collinear(AMB)\n    then LengthOfLine(AM) = t", "bad-theory"),
        ("given Collinear(AMB)\n    then distance(A, M) = 1", "bad-theory"),
        ("given Collinear(AMB)\n    where distance(A, M) = 1\n    then Line(AM)", "bad-theory"),
        ("given Collinear(AMB)\n    where cross(A, MB) > 0\n    then Line(AM)", "bad-arguments"),
        ("given Collinear(AMB)\n    where angle(A, M) > 0\n    then Line(AM)", "bad-arguments"),
        ("given Collinear(AMB)\n    then Line(AM), Sqrt(LengthOfLine(AM), 2) = 1", "bad-arguments"),
        (
            "branch 2\n given Line(AB)\n then Line(AM)\n branch 2\n given Line(AB)\n then Line(AM)",
            "bad-theory",
        ),
    ],
)
def test_a_theorem_that_is_not_well_formed_is_refused(tmp_path: Path, clause: str, code: str) -> None:
    text = f'pack bad extends basic: "."\n\ntheorem bad(M, AB):\n    "."\n    {clause}\n'
    loaded = load_theory(write(tmp_path / "bad", text))
    assert loaded.theory is None
    assert {d.code for d in loaded.diagnostics} <= {code, "bad-declaration"}
    assert all(d.source_name == "bad/pack.fgl" and d.span.line for d in loaded.diagnostics)


def test_near_names_are_suggested(tmp_path: Path) -> None:
    theorem = 'theorem bad(M, AB):\n    "."\n    given IsMidpontOfLine(M, AB)\n    then Line(AB)'
    text = f'pack bad extends basic: "."\n\n{theorem}\n'
    (found,) = load_theory(write(tmp_path / "bad", text)).diagnostics
    assert found.hint == "did you mean IsMidpointOfLine?"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            'relation Twice(AB): "."\n holds x(A) = x(B)\n\nrelation Twice(AB): "."\n holds x(A) = x(B)',
            "duplicate",
        ),
        ('attribute Other(AB) symbol ll: "."\n    kind length\n    value distance(A, B)', "duplicate"),
        ('relation Wrong(AB): "."\n    same (AC)\n    holds x(A) = x(B)', "bad-theory"),
        ('relation Wrong(AB): "."\n    same (A, B)\n    holds x(A) = x(B)', "bad-theory"),
        ('relation Wrong(AB...): "."\n    same (BA)', "bad-theory"),
        ('relation Wrong(AB): "."\n    needs Lin(AB)\n    holds x(A) = x(B)', "unknown-predicate"),
        ('relation Wrong(AB): "."\n    forms (A, B)\n    holds x(A) = x(B)', "bad-arguments"),
        ('relation Wrong(AB): "."\n    holds x(AB) = x(B)', "bad-arguments"),
        ("problem p:\n    construct Shape(AB,BC,CA)\n    find LengthOfLine(AB)", "bad-theory"),
        ("theorem t(AB", "syntax"),
        ('relation P(AB): "."\n means Q(AB)\nrelation Q(AB): "."\n means P(AB)', "cyclic"),
        (
            'attribute P(AB) symbol pp: "."\n kind length\n value 2 * Q(AB)\n'
            'attribute Q(AB) symbol qq: "."\n kind length\n value P(AB) / 2',
            "cyclic",
        ),
    ],
)
def test_declarations_that_contradict_each_other_are_refused(tmp_path: Path, text: str, code: str) -> None:
    loaded = load_theory(write(tmp_path / "bad", f'pack bad extends basic: "."\n\n{text}\n'))
    assert loaded.theory is None
    assert code in {d.code for d in loaded.diagnostics}
    assert any(d.severity is Severity.ERROR for d in loaded.diagnostics)
