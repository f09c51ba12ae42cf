"""Where the data folders are, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

from fgps.resources import data_folder, data_root, root_of


def test_the_checkout_is_used_if_its_project_is_fgps(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "fgps"\n')
    assert root_of(tmp_path / "fgps") == tmp_path


def test_another_project_or_none_means_the_wheel(tmp_path: Path) -> None:
    package = tmp_path / "fgps"
    assert root_of(package) == package / "_data"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert root_of(package) == package / "_data"
    (tmp_path / "pyproject.toml").write_bytes(b"\xff\xfe")
    assert root_of(package) == package / "_data"


def test_this_installation_has_its_data() -> None:
    assert data_folder("predicates").parent == data_root()
    assert list(data_folder("predicates").rglob("*.fgl"))
    assert list(data_folder("theorems").rglob("*.fgl"))
