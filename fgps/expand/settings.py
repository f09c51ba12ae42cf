"""What an expansion is asked for: transformations, filters, caps, seed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

#: ``goal``: derived facts become goals; ``resample``: other numbers; ``swap``: givens replaced by
#: derived facts;
#: ``rename``: other names of points and symbols.
TRANSFORMATIONS: Final = ("goal", "resample", "swap", "rename")
#: What may be asked for: the value of a quantity of that kind or of a symbol, or a proof.
GOAL_KINDS: Final = ("length", "angle", "area", "symbol", "relation", "equation", "ratio")
#: Ratios of similar figures are seldom asked for by that name.
_USUAL: Final = GOAL_KINDS[:-1]


@dataclass(frozen=True, slots=True)
class Settings:
    """See the module; all counts are upper bounds for one source problem.

    ``per_source``: new problems kept; ``per_pattern``: of these, problems that differ in numbers only.
    ``variants``: figures with other numbers.  ``min_level`` and ``max_level`` bound the theorem steps of the
    trimmed solution.  ``goal_kinds`` as in `GOAL_KINDS`.  ``max_points`` skips larger sources (their
    saturation takes long).
    """

    transformations: tuple[str, ...] = TRANSFORMATIONS
    seed: int = 0
    per_source: int = 40
    per_pattern: int = 3
    variants: int = 3
    min_level: int = 2
    max_level: int = 30
    goal_kinds: tuple[str, ...] = _USUAL
    max_points: int = 12

    def has(self, transformation: str) -> bool:
        """Whether a transformation is wanted."""
        return transformation in self.transformations

    def as_json(self) -> dict[str, Any]:
        """The settings as a JSON object; `from_json` is the inverse."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Settings:
        """Settings from `as_json`.  Raises `ValueError` for unknown names or kinds."""
        lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
        try:
            found = Settings(**{**data, **lists})
        except TypeError as problem:
            raise ValueError(str(problem)) from problem
        return found.checked()

    def checked(self) -> Settings:
        """The settings themselves.  Raises `ValueError` for unknown transformations or kinds of goals."""
        for what, names, known in (
            ("transformation", self.transformations, TRANSFORMATIONS),
            ("kind of goal", self.goal_kinds, GOAL_KINDS),
        ):
            for name in names:
                if name not in known:
                    raise ValueError(f"unknown {what} {name!r}: one of {', '.join(known)}")
        if self.min_level > self.max_level:
            raise ValueError(f"no level is at least {self.min_level} and at most {self.max_level}")
        return self
