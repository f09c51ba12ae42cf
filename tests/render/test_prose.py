"""Proofs in words: English, Chinese, Markdown, LaTeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fgps.engine.records import Application
from fgps.render.prose import compose
from fgps.render.reading import Reading
from fgps.render.show import Shown
from fgps.render.wording import LANGUAGES, Wording, phrases
from fgps.render.working import renames
from fgps.theory.model import Theory

Solved = Callable[[str], Shown]
HOSTILE = 'Find <script>alert("1")</script> $x$ \\input{/etc/passwd} *b* [l](javascript:1) & 100% #_^~'


def hostile(shown: Shown) -> Reading:
    """The proof of a problem whose name and text are full of markup."""
    problem = shown.reading.problem
    declaration = replace(problem.declaration, texts=(("en", HOSTILE),))
    return replace(shown.reading, problem=replace(problem, name=HOSTILE, declaration=declaration))


def test_english(proof_of: Solved) -> None:
    text = proof_of("demo.fgl").to("text")
    assert "Since AB = AC (1), triangle ABC is isosceles." in text
    assert "triangle ABC is isosceles, so its base angles are equal: ∠ABC = ∠BCA." in text
    assert "70° + 70° + ∠CAB = 180°, so ∠CAB = 40°" in text
    assert text.rstrip().endswith("The answer is ∠CAB = 40°.")


def test_chinese(proof_of: Solved) -> None:
    shown = proof_of("demo.fgl")
    text = Shown(shown.reading, "zh", shown.diagram).to("text")
    assert "因为AB = AC（1），所以三角形ABC是等腰三角形。" in text
    assert text.rstrip().endswith("答案为∠CAB = 40°。")


def test_a_proof_ends_with_what_was_to_be_proved(proof_of: Solved) -> None:
    text = proof_of("proofs.fgl#tile_is_a_square").to("text")
    assert "Prove that ABCD is a square." in text
    assert text.rstrip().endswith("This was to be proved.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_steps_are_told(proof_of: Solved, own_problem: str, language: str) -> None:
    shown = proof_of(own_problem)
    text = Shown(shown.reading, language, shown.diagram).to("text")
    for step in shown.reading.steps:
        assert f"({step.number}) " in text
    assert "{" not in text and "None" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theorem_and_relation_reads(theory: Theory, language: str) -> None:
    wording = Wording(theory, language)
    for theorem in theory.theorems.values():
        application = Application(theorem.name, 1, theorem.letters, theorem.groups)
        sentence = wording.theorem(application)
        assert sentence.text and "{" not in sentence.text and not sentence.text.endswith((".", "。"))
        if language == "en":
            for word in ("it", "they", "its", "their"):
                assert word not in re.findall(r"[a-z]+", sentence.conclusion)


ALTITUDE = """problem altitude:
    construct Shape(AB,BD,DA), Shape(AD,DC,CA), Collinear(BDC)
    given PerpendicularBetweenLine(AD,CD), LengthOfLine(AD) = 3, LengthOfLine(BC) = 8
    find  AreaOfTriangle(ABC)
"""


def test_a_sentence_says_nothing_twice(proof_of_text: Solved) -> None:
    text = " ".join(proof_of_text(ALTITUDE).to("text").split())
    assert "so it is an altitude of triangle" in text and "; that is, AD = h(A,△" in text
    assert not re.search(r"so it is an altitude of triangle \w+: ", text)


def test_no_working_that_only_repeats_the_claim(proof_of: Solved) -> None:
    shown = proof_of("hard.fgl#parallel_through_the_incentre")
    story = compose(shown.reading, Wording(shown.reading.problem.theory), shown.diagram)
    assert any(paragraph.working for paragraph in story.steps)
    for paragraph in story.steps:
        if len(paragraph.working) == 1:
            assert paragraph.working[0].partition("  ")[0] != paragraph.claim


def test_languages_have_the_same_phrases() -> None:
    one, other = phrases("en"), phrases("zh")
    for section, entries in one.items():
        if isinstance(entries, dict):
            assert set(entries) == set(other[section]), section
            for key, template in entries.items():
                if isinstance(template, str):
                    slots = sorted(re.findall(r"\{\d\}", template))
                    assert slots == sorted(re.findall(r"\{\d\}", other[section][key])), (section, key)


def test_unknown_language(theory: Theory) -> None:
    with pytest.raises(ValueError, match="language"):
        Wording(theory, "../../secret")


def test_markdown_is_escaped(proof_of: Solved) -> None:
    text = Shown(hostile(proof_of("demo.fgl"))).to("md")
    assert "<script" not in text.replace("\\<script", "")
    assert "[l](" not in text.replace("\\]", "")
    assert re.search(r"^1\. AB = AC\.$", text, re.MULTILINE)


def test_latex_is_escaped_and_balanced(proof_of: Solved) -> None:
    text = Shown(hostile(proof_of("demo.fgl"))).to("tex")
    body = text[text.index(r"\begin{document}") :]
    assert r"\input" not in body
    assert len(re.findall(r"(?<!\\)\$", body)) % 2 == 0
    assert not re.search(r"(?<!\\)[#&]", body)
    for name in re.findall(r"\\begin\{(\w+)\}", text):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("source", ["hard.fgl#tangent_at_the_end_of_a_diameter", "hostile"])
def test_latex_compiles(proof_of: Solved, source: str, tmp_path: Path) -> None:
    shown = Shown(hostile(proof_of("demo.fgl"))) if source == "hostile" else proof_of(source)
    (tmp_path / "proof.tex").write_text(shown.to("tex"), "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "proof.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120
    )
    assert done.returncode == 0, done.stdout[-1500:]


def test_the_same_written_another_way(proof_of: Solved) -> None:
    shown = proof_of("proofs.fgl#midpoints_make_a_parallelogram")
    text = shown.to("text")
    found = [step for step in shown.reading.steps if renames(shown.reading.problem, step)]
    assert found and f"({found[0].references[0]}) says the same, written another way: " in text
    chinese = Shown(shown.reading, "zh", shown.diagram).to("text")
    assert f"与（{found[0].references[0]}）相同" in chinese
    for step in shown.reading.steps:
        if step.kind == "algebra" and len(step.references) > 1:
            assert not renames(shown.reading.problem, step)
