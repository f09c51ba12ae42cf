"""What a worker of a batch run does with one problem: its examples, as one record.

A record has the keys of every batch record and ``digest``, ``construction`` (see
`fgps.learn.renaming`) and ``trace``: the plain data of `fgps.learn.trace.Trace`, deflated and in base 64, so
that a record stays one short line wherever it travels.
"""

from __future__ import annotations

import base64
import json
import time
import zlib
from typing import Any, Final

from fgps import api
from fgps.batch.executor import BatchError, Runner
from fgps.batch.jobs import Item, Job, Record, record_for
from fgps.learn.renaming import renaming_digest
from fgps.learn.trace import NoProof, find_proof, trace
from fgps.learn.vocabulary import vocabulary_of
from fgps.theory.load import load_theory

TASK: Final = "examples"
PREPARE: Final = "fgps.learn.worker:prepare"
#: How an item can end.  ``solved``: it gave examples (or needs no theorem); the others say why not.
STATUSES: Final = (
    "solved",
    "saturated",
    "timeout",
    "memory",
    "inconsistent",
    "error",
    "refused",
    "invalid",
    "no-solution",
    "no-figure",
    "unreadable",
)
_MAX_BYTES: Final = 1 << 28


def prepare(job: Job) -> Runner:
    """Load the theory once; ``job.method`` is a method of search or ``annotated``.

    Raises `BatchError` if the theory has an error.
    """
    loaded = load_theory(job.theory)
    theory = loaded.theory
    if theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))
    vocabulary = vocabulary_of(theory)

    def run(item: Item) -> Record:
        start = time.perf_counter()
        opened = api.load(item.source, theory=theory)
        fields: dict[str, Any] = {}
        if opened.problem is not None:
            fields["digest"] = renaming_digest(opened.problem)
            fields["construction"] = renaming_digest(opened.problem, "construction")
        proof = find_proof(opened, job.method, job.timeout, job.seed)
        found = proof if isinstance(proof, NoProof) else trace(proof, vocabulary, job.timeout)
        seconds = round(time.perf_counter() - start, 6)
        if isinstance(found, NoProof):
            fields["message"] = found.message[:500]
            return record_for(job, item, found.status, seconds=seconds, cause=found.status, **fields)
        fields.update(answer=found.answer, steps=len(found.steps), trace=packed(found.to_json()))
        return record_for(job, item, "solved", seconds=seconds, **fields)

    return run


def packed(document: Any) -> str:
    """A document as text for one line, the same for the same document."""
    raw = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.b64encode(zlib.compress(raw, 6)).decode("ascii")


def unpacked(text: str) -> Any:
    """The inverse of `packed`; ValueError for anything else."""
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(base64.b64decode(text, validate=True), _MAX_BYTES)
    except zlib.error as problem:
        raise ValueError("the trace is damaged") from problem
    if stream.unconsumed_tail or not stream.eof:
        raise ValueError("the trace is damaged or too long")
    return json.loads(raw)
