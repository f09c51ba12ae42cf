"""Annotating a data set: workers find the solutions, the parent writes a file for each.

A record holds ``id, task, status, answer, value, seconds, steps, message, cause`` and, where there is one,
the solution (``theorem_seqs``, ``theorem_seqs_dag``).  Files are made from records alone, so that a run that
was cut off between the two loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fgps import api
from fgps.annotate.annotation import Annotation, annotate
from fgps.annotate.write import form_of, with_solution
from fgps.batch.executor import BatchError, Runner
from fgps.batch.jobs import Item, Job, Record
from fgps.data.sources import read_source
from fgps.lang.ast import Call
from fgps.lang.diagnostics import Severity
from fgps.lang.parse import parse_application
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

#: The results file in the folder that a run writes to; not where it would be taken for problems.
RESULTS: Final = "run/annotations.jsonl"


def annotate_job(theory: str = "basic", timeout: float = 10.0, seed: int = 0, memory_mb: int = 4096) -> Job:
    """The job for workers."""
    return Job(
        task="annotate",
        theory=theory,
        timeout=timeout,
        seed=seed,
        memory_mb=memory_mb,
        prepare="fgps.batch.annotation:prepare",
    )


def theory_of(job: Job) -> Theory:
    """The theory of a job.  Raises `BatchError` if it cannot be used."""
    loaded = load_theory(job.theory)
    if loaded.theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))
    return loaded.theory


def prepare(job: Job) -> Runner:
    """Load the theory; returns what annotates one item."""
    theory = theory_of(job)

    def run(item: Item) -> Record:
        started = time.perf_counter()
        loaded = api.load(item.source, theory=theory)
        record: Record = {"id": item.id, "task": job.task, "status": "error", "level": item.level}
        if loaded.problem is None:
            errors = [d for d in loaded.diagnostics if d.severity is Severity.ERROR]
            record.update(message=str(errors[0]) if errors else "not readable", cause="not readable")
        else:
            record.update(_fields(annotate(loaded.problem, job.timeout, job.seed)))
        return {**record, "seconds": round(time.perf_counter() - started, 6)}

    return run


def _fields(found: Annotation) -> Record:
    done = found.status == "annotated"
    return {
        "status": found.status,
        "answer": found.answer,
        "value": found.value,
        "steps": len(found.steps),
        "message": found.message,
        "cause": None if done else found.status,
        "theorem_seqs": list(found.sequence) if done else None,
        "theorem_seqs_dag": {step: list(users) for step, users in found.graph} if done else None,
    }


class Folder:
    """The folder that receives the annotated problems: ``problems/ID.json`` or ``.fgl``, and the records."""

    def __init__(self, root: Path, items: Sequence[Item], theory: Theory) -> None:
        """Raises `BatchError` if a file would take the place of a problem that is read."""
        self.root = root
        self.results = root / RESULTS
        self._theory = theory
        self._sources = {str(item.id): item.source for item in items}
        inner = (root / "problems").resolve()
        for item in items:
            path = Path(item.source)
            path = path if path.exists() else Path(item.source.rpartition("#")[0])
            if path.resolve().parent == inner or path.resolve() == root.resolve():
                raise BatchError(f"{root} holds the problems themselves; name another folder")

    def write(self, record: Record) -> Path | None:
        """Write the problem of a record with its solution; None if the record has none.

        Raises `BatchError` if it cannot be written.
        """
        annotation = annotation_of(record)
        source = self._sources.get(str(record["id"]))
        read = read_source(source) if annotation is not None and source is not None else None
        if annotation is None or read is None or read.declaration is None:
            return None
        form = form_of(Path(), read)
        path = self.root / "problems" / f"{quote(str(record['id']), safe=' ')}.{form}"
        neighbour = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            neighbour.write_text(with_solution(read, annotation, form, self._theory.predicates), "utf-8")
            neighbour.replace(path)
        except OSError as error:
            raise BatchError(f"cannot write {path}: {error.strerror}") from error
        return path

    def complete(self, records: Iterable[Record]) -> None:
        """Write the files of earlier records that are not there."""
        for record in records:
            name = quote(str(record["id"]), safe=" ")
            if not any((self.root / "problems" / f"{name}.{form}").exists() for form in ("json", "fgl")):
                self.write(record)


def annotation_of(record: Record) -> Annotation | None:
    """The annotation in a record; None if it holds none."""
    if record.get("status") != "annotated":
        return None
    steps = [parse_application(text) for text in record["theorem_seqs"]]
    graph = tuple((step, tuple(users)) for step, users in record["theorem_seqs_dag"].items())
    calls = tuple(step for step in steps if isinstance(step, Call))
    return Annotation("annotated", calls, graph, record.get("answer"), record.get("value"))
