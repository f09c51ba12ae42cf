"""What a worker can be asked: plain data in, plain data out.

Every function takes the request's object and the limits; mistakes of the caller are `BadRequest`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from fgps import __version__
from fgps.lang.diagnostics import to_json
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory
from fgps.verify import Budget, ProblemShelf, Session, feedback, verify
from fgps.verify.formalization import check_formalization, words
from fgps.verify.names import index_of

#: Longest list of steps or solutions in one request.
MAX_LIST: Final = 1000

Json = dict[str, Any]


class BadRequest(Exception):
    """The request cannot be worked on; ``details`` are diagnostics of the problem."""

    def __init__(self, message: str, details: list[dict[str, object]] | None = None) -> None:
        super().__init__(message)
        self.details = details or []


@dataclass
class Service:
    """What a worker keeps between requests: the theory and the problems it has seen."""

    theory: Theory
    shelf: ProblemShelf

    def problem(self, data: Mapping[str, Any]) -> Problem:
        """The problem of a request."""
        if "problem" not in data:
            raise BadRequest("the request has no `problem`")
        found = self.shelf.get(data["problem"])
        if found.problem is None:
            raise BadRequest(found.first_error(), [to_json(d) for d in found.diagnostics])
        return found.problem


def make_service(theory: str = "basic") -> Service:
    """A service for the theory of that name.  Raises `BadRequest` if it cannot be used."""
    loaded = load_theory(theory).theory
    if loaded is None:
        raise BadRequest(f"the theory {theory} cannot be used")
    return Service(loaded, ProblemShelf(loaded, files=False))


def run_task(service: Service, task: str, data: Mapping[str, Any], seconds: float) -> Json:
    """Do what is asked.  Raises `BadRequest` for what the caller got wrong."""
    function = _TASKS.get(task)
    if function is None:
        raise BadRequest(f"there is no task {task}")
    return function(service, data, seconds)


def _verify(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    problem = service.problem(data)
    budget = Budget(seconds, _whole(data, "searches", 12, 0, 100), bool(data.get("certify", False)))
    report = verify(problem, data.get("solution", ""), budget)
    level = _whole(data, "feedback", 2, 0, 2)
    return {**report.as_json(), "feedback": feedback(report, level)}


def _check_problem(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    if "problem" not in data:
        raise BadRequest("the request has no `problem`")
    report = check_formalization(data["problem"], service.theory, min(seconds, 5.0), files=False)
    return {**report.as_json(), "feedback": words(report)}


def _solve(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    from fgps import api

    outcome = api.solve(service.problem(data), timeout=0.8 * seconds)
    shown = {f.name: getattr(outcome, f.name) for f in fields(outcome) if f.repr and f.name != "frontier"}
    shown["steps"] = [asdict(step) for step in outcome.steps]
    if data.get("proof"):
        shown["certificate"] = outcome.certificate
    return shown


def _check(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    from fgps.check.certificate import check_certificate
    from fgps.proof.certificate import stated

    problem = service.problem(data)
    verdict = check_certificate(stated(problem), service.theory, data.get("proof"))
    return {**asdict(verdict), "accepted": verdict.accepted}


def _apply(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    """One step after others, or several to choose from."""
    problem = service.problem(data)
    steps = _texts(data, "steps")
    session = Session(problem, Budget(seconds, 4), steps)
    if "try" in data:
        return {"tried": [report.as_json() for report in session.try_many(_texts(data, "try"))]}
    step = data.get("step")
    if not isinstance(step, str):
        raise BadRequest("the request has no `step` (a text)")
    report = session.apply(step)
    return {"step": report.as_json(), "accepted": report.good, "reached": session.reached()}


def _search(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    query = data.get("q")
    if not isinstance(query, str) or not query.strip():
        raise BadRequest("the request has no `q` (words, or a name)")
    return search_theorems(service.theory, query, _whole(data, "limit", 5, 1, 50))


def search_theorems(theory: Theory, query: str, limit: int) -> Json:
    """Theorems by name or by what they say."""
    index = index_of(theory)
    exact = index.exact(query)
    found = index.nearest(query, limit) if exact is None else index.nearest(exact, limit)
    return {"query": query[:200], "theorems": [asdict(match) for match in found]}


def _about(service: Service, data: Mapping[str, Any], seconds: float) -> Json:
    return {"version": __version__, "theory": service.theory.name, "digest": service.theory.digest}


def _texts(data: Mapping[str, Any], key: str) -> list[str]:
    value = data.get(key, [])
    if not isinstance(value, list) or len(value) > MAX_LIST or not all(isinstance(v, str) for v in value):
        raise BadRequest(f"`{key}` is a list of at most {MAX_LIST} texts")
    return value


def _whole(data: Mapping[str, Any], key: str, default: int, low: int, high: int) -> int:
    value = data.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(f"`{key}` is a whole number")
    return max(low, min(high, value))


_TASKS: Final[Mapping[str, Callable[[Service, Mapping[str, Any], float], Json]]] = {
    "verify": _verify,
    "check-problem": _check_problem,
    "solve": _solve,
    "check": _check,
    "apply": _apply,
    "search": _search,
    "about": _about,
}
