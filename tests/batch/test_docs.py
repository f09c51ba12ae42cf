"""The page on runs does and prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "runs.md"


def test_the_tutorial(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    blocks = re.findall(r"```(sh|python)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    commands = "\n".join(text for kind, text in blocks if kind == "sh")
    code = "\n".join(text for kind, text in blocks if kind == "python")
    shim = tmp_path / "bin" / "fgps"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fgps "$@"\n')
    shim.chmod(0o755)
    path = f"{shim.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
    }

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    run("bash", "-ec", commands)
    for name in (
        "replay.parquet",
        "solve.parquet",
        "solve.manifest.json",
        "report.html",
        "report.md",
        "report.svg",
    ):
        assert (tmp_path / "results" / name).stat().st_size > 500, name
    lines = (tmp_path / "results" / "solve.jsonl").read_text().splitlines()
    assert len(lines) == len(set(lines)) > 5
    (tmp_path / "page.py").write_text(code, encoding="utf-8")
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
    assert len(expected) == len(re.findall(r"^print", code, re.MULTILINE)) == 6
    assert run(sys.executable, "page.py").stdout.splitlines() == expected
    assert (tmp_path / "results" / "both.html").stat().st_size > 5000
