"""What a worker does with one source problem (see `fgps.batch.jobs`)."""

from __future__ import annotations

import json
import time

from fgps import api
from fgps.batch.executor import BatchError, Runner
from fgps.batch.jobs import Item, Job, Record
from fgps.expand.one import expand_problem
from fgps.expand.records import as_record
from fgps.expand.settings import Settings
from fgps.theory.load import load_theory

TASK = "expand"


def expand_job(theory: str, timeout: float, seed: int, memory_mb: int = 4096) -> Job:
    """The job for workers.  ``timeout`` in seconds is that of one source; what exceeds it is lost as a
    whole.
    """
    return Job(
        task=TASK,
        theory=theory,
        timeout=timeout,
        seed=seed,
        memory_mb=memory_mb,
        prepare="fgps.expand.work:prepare",
    )


def work_item(identity: int | str, source: str, settings: Settings) -> Item:
    """One source with the settings of the run."""
    return Item(identity, json.dumps({"source": source, "settings": settings.as_json()}))


def prepare(job: Job) -> Runner:
    """Load the theory; returns what expands one item.  Raises `BatchError` if the theory has an error."""
    loaded = load_theory(job.theory)
    theory = loaded.theory
    if theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))

    def run(item: Item) -> Record:
        started = time.process_time()
        work = json.loads(item.source)
        settings = Settings.from_json(work["settings"])
        record: Record = {"id": item.id, "task": job.task, "status": "error", "message": "", "cause": None}
        record["settings"] = work["settings"]
        problem = api.load(work["source"], theory=theory).problem
        if problem is None:
            record.update(message="the problem cannot be read", cause="not readable")
        else:
            expansion = expand_problem(problem, str(item.id), settings)
            status = "expanded" if expansion.found else "none"
            record.update(status=status, message=expansion.message, expansion=as_record(expansion, settings))
        record["seconds"] = round(time.process_time() - started, 6)
        return record

    return run
