"""The manifest beside a results file: what was run, with what, on what, and what came out.

``results.jsonl`` gets ``results.manifest.json``, written when a run begins and again when it ends, so that
a run that was killed leaves one too.  Its keys: ``format``, ``complete``, ``job`` (task, method, limits,
seed), ``theory`` (name, digest), ``data`` (data set, number of problems, digest), ``counts``, ``files``
(name, rows, digest), and ``runs``: one entry for each time that somebody started or resumed it, with times,
command, executor, versions and machine. Digests are hexadecimal SHA-256.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import fgps
from fgps.batch.executor import BatchError
from fgps.batch.jobs import Item, Job
from fgps.batch.summary import Summary
from fgps.theory.load import load_theory

FORMAT: Final = "fgps-run/1"
#: What a resumed run may not change; limits of memory and the number of workers it may.
_FIXED: Final = ("task", "theory", "method", "strategy", "timeout", "seed")
#: Libraries that results may depend on.
_LIBRARIES: Final = (
    "lark",
    "sympy",
    "python-flint",
    "numpy",
    "scipy",
    "networkx",
    "mpmath",
    "ray",
    "pyarrow",
)

Manifest = dict[str, Any]


def manifest_path(out: Path) -> Path:
    """Where the manifest of the results file ``out`` is."""
    return out.with_suffix(".manifest.json")


def table_path(out: Path) -> Path:
    """Where the Parquet file of the results file ``out`` is."""
    return out.with_suffix(".parquet")


def read_manifest(out: Path) -> Manifest | None:
    """The manifest of a results file; None if there is none that can be read."""
    try:
        document = json.loads(manifest_path(out).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("format") == FORMAT else None


def begin(
    job: Job, items: Sequence[Item], executor: dict[str, Any], dataset: str, command: Sequence[str], done: int
) -> Manifest:
    """The manifest of a run that starts now; ``done`` records are there already.

    Raises `BatchError` if the theory cannot be loaded.
    """
    return {
        "format": FORMAT,
        "complete": False,
        "job": {key: value for key, value in job.as_json().items() if key not in ("prepare", "theory")},
        "theory": {"name": job.theory, "digest": _theory_digest(job.theory)},
        "data": {"name": dataset, "problems": len(items), "sha256": digest_of_items(items)},
        "counts": {},
        "files": {},
        "runs": [
            {
                "started": _now(),
                "finished": None,
                "resumed_after": done,
                "command": list(command),
                "executor": executor,
                "versions": versions(),
                "machine": machine(),
            }
        ],
    }


def continued(new: Manifest, old: Manifest | None, out: Path) -> Manifest:
    """``new`` with the history of the run that it resumes.

    Raises `BatchError` if the earlier records answer another question than the new ones would.
    """
    if old is None:
        return new
    before, after = _question(old), _question(new)
    for key in (*_FIXED, "theory digest"):
        if before.get(key) != after.get(key):
            raise BatchError(
                f"{out} holds a run with {key} {before.get(key)}, not {after.get(key)}:"
                " take another file, or start anew without resuming"
            )
    earlier = old.get("runs")
    return {**new, "runs": [*(earlier if isinstance(earlier, list) else []), *new["runs"]]}


def _question(manifest: Manifest) -> dict[str, Any]:
    job, theory = manifest.get("job") or {}, manifest.get("theory") or {}
    known = {key: job.get(key) for key in _FIXED}
    return {**known, "theory": theory.get("name"), "theory digest": theory.get("digest")}


def ended(manifest: Manifest, summary: Summary, complete: bool, files: dict[str, Path]) -> Manifest:
    """The manifest of a run that ended, with the counts and the digests of what it wrote."""
    *earlier, last = manifest["runs"]
    return {
        **manifest,
        "complete": complete,
        "counts": summary.as_json(),
        "files": {
            kind: {"name": path.name, "rows": summary.total, "sha256": digest_of_file(path)}
            for kind, path in files.items()
        },
        "runs": [*earlier, {**last, "finished": _now()}],
    }


def write_manifest(out: Path, manifest: Manifest) -> Path:
    """Write the manifest of ``out`` in one stroke: whoever reads sees the old one or the new one."""
    path = manifest_path(out)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(fresh, path)
    return path


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of_items(items: Sequence[Item]) -> str:
    """SHA-256 over the ids and contents of the items, whatever folder they are in and in whatever order."""
    known: dict[str, str] = {}
    lines = []
    for item in items:
        name, _, rest = item.source.partition("#")
        if name not in known:
            known[name] = digest_of_file(Path(name)) if os.path.isfile(name) else _digest(item.source)
        lines.append(f"{item.id}\t{rest}\t{known[name]}\n")
    return _digest("".join(sorted(lines)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _theory_digest(name: str) -> str:
    loaded = load_theory(name)
    if loaded.theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))
    return loaded.theory.digest


def versions() -> dict[str, str]:
    """Versions of the program, of Python and of the libraries, as far as they are installed."""
    found = {"fgps": fgps.__version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """The machine as far as it matters for times: no name, no user."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else None
    return {
        "system": platform.system(),
        "release": platform.release(),
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "memory_mb": None if pages is None else pages // 2**20,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
