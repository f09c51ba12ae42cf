"""The checker works without engine, search, algebra and diagram, and imports none of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from solved_problems import ROOT

from fgps import api
from fgps.proof.certificate import dump_certificate
from fgps.theory.model import Theory

DEMO = ROOT / "datasets" / "own" / "demo.fgl"
LOOK = """
import sys
from fgps.check.__main__ import main
status = main(sys.argv[1:])
heavy = {"numpy", "sympy", "scipy", "flint", "networkx", "mpmath"} & set(sys.modules)
allowed = ("check", "lang", "theory", "resources")
own = {n for n in sys.modules if n.startswith("fgps.") and n.split(".")[1] not in allowed}
print(sorted(heavy | own))
sys.exit(status)
"""


def proof_of_the_demo(theory: Theory, folder: Path) -> Path:
    loaded = api.load(str(DEMO), theory)
    assert loaded.problem is not None
    certificate = api.solve(loaded.problem).certificate
    assert certificate is not None
    path = folder / "proof.json"
    path.write_text(dump_certificate(certificate), "utf-8")
    return path


def run(arguments: list[str], package: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PYTHONPATH": str(package), "PATH": "", "FGPS_CACHE": str(cwd / "cache")},
    )


def test_a_copy_without_the_engine_checks(basic: Theory, tmp_path: Path) -> None:
    package = tmp_path / "lib"
    shutil.copytree(ROOT / "fgps", package / "fgps", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("predicates", "theorems"):
        shutil.copytree(ROOT / folder, package / "fgps" / "_data" / folder)
    for name in ("engine", "search", "algebra", "diagram"):
        shutil.rmtree(package / "fgps" / name)
    proof = proof_of_the_demo(basic, tmp_path)
    done = run(["-m", "fgps.check", str(DEMO), str(proof)], package, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("valid")
    certificate = json.loads(proof.read_text("utf-8"))
    certificate["steps"][0]["says"] = "Point(Q)"
    proof.write_text(json.dumps(certificate), "utf-8")
    done = run(["-m", "fgps.check", str(DEMO), str(proof)], package, tmp_path)
    assert done.returncode == 1 and "invalid at step 1" in done.stdout
    looked = run(["-c", LOOK, str(DEMO), str(proof)], package, tmp_path)
    assert looked.stdout.splitlines()[-1] == "[]", looked.stdout + looked.stderr


def test_bad_input_has_a_status_of_its_own(tmp_path: Path) -> None:
    for arguments in (
        [],
        [str(DEMO)],
        [str(DEMO), "absent.json"],
        ["absent.fgl", str(DEMO)],
        [str(DEMO), str(DEMO)],
    ):
        done = run(["-m", "fgps.check", *arguments], ROOT, tmp_path)
        assert done.returncode == 2 and "Traceback" not in done.stderr
