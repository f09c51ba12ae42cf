"""``fgps show`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fgps.cli.main import app
from fgps.resources import data_folder

DEMO = str(data_folder("datasets/own") / "demo.fgl")
runner = CliRunner()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the demo."""
    path = tmp_path_factory.mktemp("proofs") / "demo.json"
    assert runner.invoke(app, ["solve", DEMO, "--proof", str(path)]).exit_code == 0
    return path


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "demo\n===="),
        ("md", "# demo"),
        ("tex", "\\documentclass"),
        ("dot", "digraph"),
        ("html", "<!doctype"),
    ],
)
def test_forms(form: str, start: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = runner.invoke(app, ["show", DEMO, "--to", form, "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text("utf-8").startswith(start)
    assert str(out) in done.stderr


def test_standard_output_and_language() -> None:
    done = runner.invoke(app, ["show", DEMO, "--lang", "zh"])
    assert done.exit_code == 0 and "已知" in done.stdout


def test_a_certificate_instead_of_solving(certificate: Path) -> None:
    direct = runner.invoke(app, ["show", DEMO]).stdout
    assert runner.invoke(app, ["show", DEMO, str(certificate)]).stdout == direct
    assert runner.invoke(app, ["show", str(certificate)]).stdout == direct


def test_a_forged_certificate_is_not_shown(certificate: Path, tmp_path: Path) -> None:
    document = json.loads(certificate.read_text("utf-8"))
    document["steps"][-1]["says"] = document["steps"][0]["says"]
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(document), "utf-8")
    done = runner.invoke(app, ["show", DEMO, str(forged)])
    assert done.exit_code == 1 and done.stdout == "" and "invalid" in done.stderr


def test_a_certificate_of_an_unknown_problem(certificate: Path, tmp_path: Path) -> None:
    document = json.loads(certificate.read_text("utf-8"))
    document["problem"] = "0" * 64
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document), "utf-8")
    done = runner.invoke(app, ["show", str(other)])
    assert done.exit_code == 2 and "fgps show PROBLEM" in done.stderr


def test_bad_input(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    assert runner.invoke(app, ["show", DEMO, str(broken)]).exit_code == 2
    assert runner.invoke(app, ["show", str(tmp_path / "nothing.fgl")]).exit_code == 2
    assert runner.invoke(app, ["show", DEMO, "-o", str(tmp_path)]).exit_code == 2


def test_no_proof(tmp_path: Path) -> None:
    problem = tmp_path / "open.fgl"
    problem.write_text("problem open:\n    construct Shape(AB,BC,CA)\n    find LengthOfLine(AB)\n", "utf-8")
    done = runner.invoke(app, ["show", str(problem), "--timeout", "3"])
    assert done.exit_code == 1 and "No proof was found" in done.stdout
    assert runner.invoke(app, ["show", str(problem), "--to", "dot", "--timeout", "3"]).exit_code == 1
