"""A wheel and an editable install both find the data folders, and add no other importable package."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROBE = """
import importlib.util, json
import fgps
from fgps.resources import data_folder
from fgps.theory.load import load_theory
folders = ("predicates", "theorems", "datasets/own", "viz")
foreign = ("datasets", "viz", "predicates", "theorems", "tests")
print(json.dumps({
    "package": fgps.__file__,
    "folders": {name: data_folder(name).is_dir() for name in folders},
    "theorems": len(load_theory("imo").theory.theorems),
    "importable": [n for n in foreign if importlib.util.find_spec(n)],
}))
"""


def probe(python: str, cwd: Path) -> dict:
    done = subprocess.run([python, "-c", PROBE], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    result: dict = json.loads(done.stdout)
    assert all(result["folders"].values()), result
    assert result["theorems"] >= 203
    assert result["importable"] == []
    return result


def test_the_editable_install(tmp_path: Path) -> None:
    result = probe(sys.executable, tmp_path)
    assert Path(result["package"]).parent == ROOT / "fgps"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"fgps"}
    assert "fgps/_data/theorems/basic/lines.fgl" in names
    assert "fgps/_data/datasets/own/demo.fgl" in names
    assert any(name.endswith(".lark") for name in names)
    assert "fgps/py.typed" in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    scripts = tmp_path / "venv" / "bin"
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    # The dependencies come from this environment.  Its own .pth files are not read through a
    # .pth line, so its editable install stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--force-reinstall"]
    subprocess.run([*install, *options, str(wheel)], check=True, capture_output=True)
    result = probe(str(scripts / "python"), tmp_path)
    assert Path(result["package"]).parent == site / "fgps"
    done = subprocess.run([scripts / "fgps", "theory", "list"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "theorem (" in done.stdout
