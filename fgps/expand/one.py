"""The new problems of one source: the transformations in turn, filters, no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from fgps.expand.admit import Admitted, Draft, admit, minimal
from fgps.expand.canonical import canonical_key
from fgps.expand.goals import Conclusion, choose, conclusions
from fgps.expand.plain import asking, plain_declaration
from fgps.expand.rename import renamed
from fgps.expand.resample import variants
from fgps.expand.saturate import Saturation, saturate
from fgps.expand.settings import Settings
from fgps.expand.swap import swaps
from fgps.lang.ast import Call, ProblemDeclaration, letters
from fgps.problem.build import build_problem
from fgps.problem.model import Problem

#: Drafts that are tried for each problem that is wanted.
_TRIES = 2
#: Of a rich figure only this part of the problems is asked for: each takes long.
_RICH_SHARE = 3


@dataclass(frozen=True, slots=True)
class NewProblem:
    """An admitted problem, the transformations that made it, and its keys (see `canonical_key`)."""

    admitted: Admitted
    path: tuple[str, ...]
    key: str
    pattern: str


@dataclass
class Expansion:
    """The new problems of one source; ``refused`` counts drafts by the reason; ``key`` is the source's
    own.
    """

    source: str
    key: str = ""
    found: list[NewProblem] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    message: str = ""


def expand_problem(problem: Problem, source: str, settings: Settings) -> Expansion:
    """New problems from one.  ``source`` identifies it: with the seed it settles all random choices."""
    return _Expander(problem, source, settings).run()


def restates_given(problem: Problem) -> bool:
    """Whether the goal says of the same lines or figures what a given says of them."""
    goal = problem.goal
    if goal is None or goal.kind != "relation":
        return False
    assert isinstance(goal.term, Call)
    asked = _carriers(problem, goal.term)
    return any(
        given.term.head == goal.term.head and _carriers(problem, given.term) == asked
        for given in problem.givens
    )


def _carriers(problem: Problem, statement: Call) -> frozenset[frozenset[str]]:
    """The arguments as sets of points, two points as all points of their line."""
    words = []
    for argument in statement.args:
        word = frozenset(letters(argument))
        lines = [frozenset(line) for line in problem.construction.collinear if word <= frozenset(line)]
        words.append(lines[0] if lines and len(word) == 2 else word)
    return frozenset(words)


class _Expander:
    def __init__(self, problem: Problem, source: str, settings: Settings) -> None:
        self.theory = problem.theory
        self.settings = settings
        self.seed = f"{settings.seed}/{source}"
        plain = build_problem(plain_declaration(problem), problem.theory)
        self.problem = plain
        self.expansion = Expansion(source)
        self.patterns: Counter[str] = Counter()
        self.keys: set[str] = set()

    def run(self) -> Expansion:
        """All of it."""
        expansion, settings = self.expansion, self.settings
        if self.problem.diagnostics or self.problem.goal is None:
            expansion.message = "the problem cannot be used as it is stated"
            return expansion
        if len(self.problem.construction.points) > settings.max_points:
            expansion.message = f"more than {settings.max_points} points"
            return expansion
        expansion.key = canonical_key(self.problem)
        self.keys.add(expansion.key)
        base = saturate(self.problem, settings.seed)
        if base is None:
            expansion.message = "no exact figure"
            return expansion
        share = max(1, settings.per_source // (1 + settings.variants))
        own = (
            settings.per_source - share * settings.variants
            if settings.has("resample")
            else settings.per_source
        )
        self.use(base, (), own)
        if settings.has("resample"):
            found = variants(self.problem, base.diagram, settings.variants, f"{self.seed}/numbers")
            for number, variant in enumerate(found):
                saturated = saturate(variant, settings.seed)
                if saturated is not None:
                    self.use(saturated, ("resample",), share, f"{number}")
        return expansion

    def use(self, base: Saturation, path: tuple[str, ...], wanted: int, name: str = "") -> None:
        """At most ``wanted`` problems from one saturated figure."""
        if base.rich:
            wanted = -(-wanted // _RICH_SHARE)
        tries = _TRIES * wanted
        before = len(self.expansion.found)
        for draft in islice(self.drafts(base, path, tries, name), tries):
            self.try_draft(draft, f"{self.seed}/{name}")
            if len(self.expansion.found) - before >= wanted:
                return

    def drafts(self, base: Saturation, path: tuple[str, ...], count: int, name: str) -> Iterator[Draft]:
        """Drafts of one figure, the transformations taking turns."""
        settings = self.settings
        declaration = plain_declaration(base.problem)
        known = conclusions(base, settings)
        chosen = choose(known, count, f"{self.seed}/{name}/goals")
        streams: list[Iterator[Draft]] = []
        if path:
            own = [item for item in known if item.find == declaration.find]
            support = own[0].support if own else None
            streams.append(iter([Draft(declaration, path, support)]))
        if settings.has("goal"):
            streams.append(
                Draft(asking(declaration, item.find), (*path, "goal"), item.support) for item in chosen
            )
        if settings.has("swap"):
            streams.append(self.swapped(declaration, path, known, chosen, name))
        while streams:
            for stream in list(streams):
                draft = next(stream, None)
                if draft is None:
                    streams.remove(stream)
                else:
                    yield draft

    def swapped(
        self,
        declaration: ProblemDeclaration,
        path: tuple[str, ...],
        known: list[Conclusion],
        chosen: list[Conclusion],
        name: str,
    ) -> Iterator[Draft]:
        """Swaps for the problem's own goal, then for the goals that were chosen."""
        goals: list[tuple[Conclusion | None, tuple[str, ...]]] = []
        own = next((item for item in known if item.find == declaration.find), None)
        goals.append((own, path))
        if self.settings.has("goal"):
            goals += [(item, (*path, "goal")) for item in chosen]
        streams = []
        for number, (goal, so_far) in enumerate(goals):
            base = declaration if goal is None else asking(declaration, goal.find)
            made = swaps(base, self.theory, goal, known, f"{self.seed}/{name}/swap{number}")
            streams.append((made, so_far))
        while streams:
            for stream in list(streams):
                made, so_far = stream
                changed = next(made, None)
                if changed is None:
                    streams.remove(stream)
                else:
                    yield Draft(changed, (*so_far, "swap"))

    def try_draft(self, draft: Draft, seed: str) -> None:
        """Admit a draft, unless it is known or fails."""
        small = minimal(draft, self.theory, self.settings)
        if small is None:
            self.expansion.refused["the goal does not follow"] += 1
            return
        problem = build_problem(small, self.theory)
        key = canonical_key(problem)
        if key in self.keys:
            self.expansion.refused["known"] += 1
            return
        self.keys.add(key)
        if restates_given(problem):
            self.expansion.refused["the goal restates a given"] += 1
            return
        path = draft.path
        if self.settings.has("rename"):
            small, path = renamed(small, f"{seed}/{key}"), (*path, "rename")
        admitted = admit(small, self.theory, self.settings)
        if isinstance(admitted, str):
            self.expansion.refused[admitted] += 1
            return
        self.keep(admitted, path, key)

    def keep(self, admitted: Admitted, path: tuple[str, ...], tried: str) -> None:
        """Add an admitted problem, unless it became one that is there."""
        key = canonical_key(admitted.problem)
        pattern = canonical_key(admitted.problem, numbers=False)
        if key != tried and key in self.keys:
            self.expansion.refused["known"] += 1
            return
        if self.patterns[pattern] >= self.settings.per_pattern:
            self.expansion.refused["same but for numbers"] += 1
            return
        self.keys.add(key)
        self.patterns[pattern] += 1
        self.expansion.found.append(NewProblem(admitted, path, key, pattern))
