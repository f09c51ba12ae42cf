"""Proof graphs: DOT text, themes, Graphviz present and absent."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from fgps.render.graph import THEMES, VIEWS, GraphvizMissing, to_dot
from fgps.render.show import Shown

Solved = Callable[[str], Shown]
NEEDS_DOT = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def test_proof_graph_has_a_node_for_each_step(proof_of: Solved, own_problem: str) -> None:
    reading = proof_of(own_problem).reading
    dot = to_dot(reading)
    assert reading.runs == ()
    assert len(re.findall(r'id="node-\d+"', dot)) == len(reading.steps)
    edges = {(int(a), int(b)) for a, b in re.findall(r"n(\d+) -> n(\d+) ", dot)}
    assert edges == {(number, step.number) for step in reading.steps for number in step.references}
    assert len(re.findall('class="goal"', dot)) == 1


def test_a_run_of_facts_is_one_node(long_proof: Shown) -> None:
    reading = long_proof.reading
    (run,) = reading.runs
    dot = to_dot(reading)
    assert len(re.findall(r'id="node-\d+"', dot)) == len(reading.steps) - len(run) + 1
    assert f"Facts of the figure: ({run[0].number})–({run[-1].number})" in dot
    edges = re.findall(r"n(\d+) -> n(\d+) ", dot)
    assert len(edges) == len(set(edges))
    assert {int(a) for a, _ in edges} & {step.number for step in run} == {run[0].number}


def test_hypertree_joins_statements_by_applications(proof_of: Solved) -> None:
    reading = proof_of("demo.fgl").reading
    dot = to_dot(reading, "hypertree")
    statements = sum(len(step.statements) + len(step.meanings) for step in reading.steps)
    assert len(re.findall(r"^  s\d+ \[", dot, re.MULTILINE)) == statements
    assert len(re.findall(r"^  r\d+ \[", dot, re.MULTILINE)) == len(reading.derived)


@NEEDS_DOT
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", VIEWS)
def test_svg(proof_of: Solved, view: str, theme: str) -> None:
    svg = proof_of("demo.fgl").to("svg", view, theme)
    assert svg.startswith("<svg") and svg.rstrip().endswith("</svg>")
    assert "∠CAB = 40°" in svg


@NEEDS_DOT
def test_labels_are_quoted(proof_of: Solved) -> None:
    reading = proof_of("demo.fgl").reading
    name = 'x"]; evil [label="\\'
    svg = Shown(replace(reading, problem=replace(reading.problem, name=name))).to("svg")
    assert "evil" not in re.sub(r"<title>.*?</title>|<!--.*?-->", "", svg, flags=re.DOTALL)


def test_without_graphviz(proof_of: Solved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    shown = proof_of("demo.fgl")
    assert shown.to("dot").startswith("digraph")
    with pytest.raises(GraphvizMissing, match="apt install graphviz"):
        shown.to("svg")
    assert "apt install graphviz" in shown.to("html")


@pytest.mark.parametrize("wrong", [{"view": "tree"}, {"theme": "../x"}])
def test_unknown_names(proof_of: Solved, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        proof_of("demo.fgl").to("dot", **wrong)
