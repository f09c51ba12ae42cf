"""The export: what examples say is true, and the files depend on nothing but what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable
from pathlib import Path

import numpy as np
import pytest
from learn_sample import OPTIONS, PAGE, sample

import fgps
from fgps.batch.executor import BatchError, InProcess
from fgps.batch.items import items_of
from fgps.batch.jobs import Item, Job, Record
from fgps.batch.pool import LocalPool
from fgps.interactive.records import Learned
from fgps.interactive.session import Session, load
from fgps.learn.arrays import CONCLUSION, PREMISE, Example, collate
from fgps.learn.export import MANIFEST, RECORDS, RUN, export
from fgps.learn.reader import Export, open_export
from fgps.learn.renaming import SPLITS
from fgps.learn.schema import EXAMPLES, PROBLEMS
from fgps.learn.vocabulary import NODE_TYPES, RULES
from fgps.learn.worker import packed, unpacked


def everything(export: Export) -> list[Example]:
    return [example for split in SPLITS for example in export.examples(split)]


def by_problem(export: Export) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in everything(export):
        found.setdefault(example.problem, []).append(example)
    return found


def test_the_targets_are_a_proof_and_the_candidates_apply(exported: Path) -> None:
    with open_export(exported) as opened:
        sources = {str(item.id): item.source for item in sample()}
        for name, examples in by_problem(opened).items():
            session = load(sources[name])
            assert isinstance(session, Session)
            for example in examples:
                assert not session.goal.reached
                other = (example.target + 7) % len(example.candidate_branch)
                tried = Session(session.problem, diagram=session.diagram)
                for step in (*session.history, example.application(other, opened.vocabulary)):
                    assert isinstance(tried.apply(step), Learned), step
                assert isinstance(
                    session.apply(example.application(example.target, opened.vocabulary)), Learned
                )
            assert session.goal.reached
            assert [example.steps_left for example in examples] == list(range(len(examples), 0, -1))


def test_a_state_is_a_hypergraph_that_grows(exported: Path) -> None:
    with open_export(exported) as opened:
        theorem = RULES.index("theorem")
        for examples in by_problem(opened).values():
            for example, later in zip(examples, examples[1:], strict=False):
                count, edges = len(example.node_type), example.edges.shape[1]
                assert later.texts[:count] == example.texts
                assert (later.edges[:, :edges] == example.edges).all()
                rules = later.hyper_rule[len(example.hyper_rule) :]
                assert (rules == theorem).sum() == 1  # the step that was taken
            for example in examples:
                nodes = len(example.node_type)
                assert example.edges.max() < nodes and example.hyper_nodes[1].max(initial=0) < nodes
                assert NODE_TYPES[example.node_type[example.goal_node]] == "goal"
                for edge in range(len(example.hyper_rule)):
                    of = example.hyper_nodes[0] == edge
                    premises = example.hyper_nodes[1][of & (example.hyper_side == PREMISE)]
                    conclusions = example.hyper_nodes[1][of & (example.hyper_side == CONCLUSION)]
                    assert len(conclusions) and premises.max(initial=-1) < conclusions.min()
                assert example.useful[example.target] and example.useful.sum() <= example.steps_left


def test_known_values_are_those_of_the_problem(exported: Path, tmp_path: Path) -> None:
    with open_export(exported) as opened:
        seen = 0
        for example in everything(opened):
            known = {
                example.texts[i]: value for i, value in enumerate(example.node_value) if not np.isnan(value)
            }
            for text in example.texts:
                stated = re.fullmatch(r"(\w+\(\w+\)) = ([0-9.]+)", text)
                if stated and stated[1] in known:
                    assert known[stated[1]] == pytest.approx(float(stated[2]))
                    seen += 1
        assert seen > 20


def test_the_bytes_are_the_same_for_any_workers_and_after_a_break(exported: Path, tmp_path: Path) -> None:
    class Broken:
        """Ends after four records, as Ctrl-C does."""

        def run(self, job: Job, items: Iterable[Item]) -> Generator[Record, None, None]:
            for number, record in enumerate(InProcess().run(job, reversed(list(items)))):
                if number == 4:
                    raise KeyboardInterrupt
                yield record

    folder = tmp_path / "again"
    first = export(OPTIONS, sample(), Broken(), folder)
    assert first.manifest is None and first.done == 4 and (folder / RUN).exists()
    with (folder / RECORDS).open("a") as file:
        file.write('{"id": "torn')
    with pytest.raises(BatchError, match="--resume"):
        export(OPTIONS, sample(), InProcess(), folder)
    counts: list[int] = []
    export(OPTIONS, sample(), LocalPool(2), folder, resume=True, started=counts.append)
    assert counts == [4]
    names = sorted(path.name for path in exported.iterdir())
    assert names == sorted(path.name for path in folder.iterdir())
    for name in names:
        assert (folder / name).read_bytes() == (exported / name).read_bytes(), name


def test_an_export_is_not_mixed_with_another(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="finished"):
        export(OPTIONS, sample(), InProcess(), exported)
    (tmp_path / RUN).write_text('{"seed": 5}')
    with pytest.raises(BatchError, match="other options"):
        export(OPTIONS, sample(), InProcess(), tmp_path, resume=True)
    (tmp_path / RUN).write_text("{")
    with pytest.raises(BatchError, match="damaged"):
        export(OPTIONS, sample(), InProcess(), tmp_path, resume=True)


def test_the_manifest_tells_the_whole(exported: Path, theory: fgps.theory.model.Theory) -> None:
    manifest = json.loads((exported / MANIFEST).read_text())
    assert manifest["theory"] == {"name": "basic", "digest": theory.digest}
    assert sum(manifest["statuses"].values()) == manifest["problems"] == len(sample())
    with open_export(exported) as opened:
        problems = opened.problems()
        for split in SPLITS:
            counts = manifest["splits"][split]
            assert opened.count(split) == counts["examples"]
            assert sum(row["split"] == split for row in problems) == counts["problems"]
        assert [row["problem"] for row in problems] == [str(item.id) for item in sample()]
        assert opened.example("train", 3).step == list(opened.examples("train"))[3].step
        with pytest.raises(IndexError):
            opened.example("train", 10**6)
        with pytest.raises(ValueError, match="split"):
            opened.count("dev")
        shuffled = [(x.problem, x.step) for x in opened.examples("train", shuffle=1)]
        assert shuffled == [(x.problem, x.step) for x in opened.examples("train", shuffle=1)]
        plain = [(x.problem, x.step) for x in opened.examples("train")]
        assert shuffled != plain and sorted(shuffled) == sorted(plain)


def test_a_cap_keeps_what_the_proof_uses(exported: Path, tmp_path: Path) -> None:
    capped = export(
        OPTIONS.__class__("own", timeout=60.0, seed=3, max_candidates=9), sample()[:4], InProcess(), tmp_path
    )
    assert capped.manifest is not None
    with open_export(exported) as whole, open_export(tmp_path) as opened:
        full = {(x.problem, x.step): x for x in everything(whole)}
        cut = 0
        for example in everything(opened):
            other = full[example.problem, example.step]
            names = [example.application(i, opened.vocabulary) for i in range(len(example.candidate_branch))]
            all_names = [other.application(i, whole.vocabulary) for i in range(len(other.candidate_branch))]
            assert names[example.target] == all_names[other.target]
            assert [name for name in all_names if name in names] == names
            assert example.useful.sum() == other.useful.sum()
            cut += len(names) < len(all_names)
        assert cut > 3


def test_annotated_solutions_give_examples_too(tmp_path: Path) -> None:
    options = OPTIONS.__class__("own", proofs="annotated", timeout=60.0)
    chosen = [item for item in items_of("own") if item.level][:3]
    done = export(options, chosen, InProcess(), tmp_path)
    assert done.manifest is not None and done.manifest["statuses"] == {"solved": 3}
    with open_export(tmp_path) as opened:
        for item in chosen:
            written = {str(call.head) for call in fgps.load(item.source).solution_sequence}
            steps = by_problem(opened)[str(item.id)]
            used = {opened.vocabulary.branches[x.candidate_branch[x.target]][0] for x in steps}
            assert used and used <= written


def test_a_batch_is_one_graph(exported: Path) -> None:
    with open_export(exported) as opened:
        examples = everything(opened)[:5]
    batch = collate(examples)
    assert len(batch["node_type"]) == sum(len(x.node_type) for x in examples)
    for i, example in enumerate(examples):
        nodes = np.flatnonzero(batch["node_example"] == i)
        inside = batch["node_example"][batch["edges"][0]] == i
        assert (batch["edges"][:, inside] - nodes[0] == example.edges).all()
        candidates = np.flatnonzero(batch["candidate_example"] == i)
        assert batch["target"][i] - candidates[0] == example.target
        assert batch["node_type"][batch["goal_node"][i]] == NODE_TYPES.index("goal")
        assert batch["useful"][candidates].tolist() == example.useful.tolist()
        of = batch["candidate_example"][batch["candidate_premise_nodes"][0]] == i
        shift = np.array([[candidates[0]], [nodes[0]]])
        assert (batch["candidate_premise_nodes"][:, of] - shift == example.candidate_premise_nodes).all()


def test_damaged_folders_and_traces_are_refused(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="cannot be read"):
        open_export(tmp_path)
    (tmp_path / MANIFEST).write_text('{"kind": "other"}')
    with pytest.raises(BatchError, match="no finished export"):
        open_export(tmp_path)
    manifest = json.loads((exported / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "version": 99}))
    with pytest.raises(BatchError, match="version 99"):
        open_export(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    (tmp_path / "vocabulary.json").write_text("[]")
    with pytest.raises(BatchError, match="vocabulary"):
        open_export(tmp_path)
    assert unpacked(packed({"a": [1, "ü"]})) == {"a": [1, "ü"]}
    for text in ("", "????", packed([1])[:-8], "AAAA"):
        with pytest.raises(ValueError):
            unpacked(text)


def test_the_page_lists_every_column() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for column in (*EXAMPLES, *PROBLEMS):
        assert f"| `{column.name}` | `{column.type}` | {column.about} |" in page, column.name
