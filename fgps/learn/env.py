"""An environment for `gymnasium`: solve a problem by applying one theorem instance after the other.

    import gymnasium, fgps.learn.env
    env = gymnasium.make("fgps/Theorems-v0", dataset="own")
    observation, info = env.reset(seed=1, options={"problem": "own#demo"})

An action is the index of a candidate: ``info["candidates"]`` in words, ``observation["action_mask"]`` as a
mask.  What a step is worth is for the verifier to say, which keeps a record of its own: nothing that the
observation was computed from enters it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, SupportsInt

import numpy as np
from numpy.typing import NDArray

from fgps import api
from fgps.batch.items import items_of
from fgps.learn.episode import Episode, Limits
from fgps.learn.observe import observe
from fgps.learn.padding import Sizes, bounds, padded
from fgps.learn.tables import INSTALL
from fgps.learn.trace import Proof, find_proof
from fgps.learn.vocabulary import vocabulary_of
from fgps.problem.model import Problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

try:
    import gymnasium
    from gymnasium import spaces
except ImportError as missing:
    raise ImportError(f"the environment needs gymnasium: {INSTALL}") from missing

ID: Final = "fgps/Theorems-v0"
#: Problems drawn one after the other until one has a figure and something to do.
_DRAWS: Final = 100

Observation = dict[str, Any]
Info = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rewards:
    """What a step is worth, added up.

    ``goal``: the verifier says that the goal follows.  ``step``: every step.  ``invalid``: an index that is
    no candidate, or a step that the verifier refuses.  ``redundant``: a step that gives nothing new to the
    verifier.  ``progress`` times the change of the share of a known proof that is done: potential-based, so
    it does not change which policy is best; it costs a search at each reset, and is off by default.
    """

    goal: float = 1.0
    step: float = 0.0
    invalid: float = -0.1
    redundant: float = -0.05
    progress: float = 0.0


class FgpsEnv(gymnasium.Env[Observation, Any]):
    """See the module.

    ``dataset``: a folder of problems, or the name of a bundled one; ``problems`` names PROBLEM arguments
    instead.
    ``certify``: the goal counts only if the independent checker accepts the proof.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}

    def __init__(
        self,
        dataset: str = "own",
        problems: Sequence[str] | None = None,
        theory: str | Theory = "basic",
        sizes: Sizes | None = None,
        limits: Limits | None = None,
        rewards: Rewards | None = None,
        certify: bool = False,
        render_mode: str | None = None,
    ) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f"unknown render mode {render_mode!r}: ansi, or none")
        loaded = load_theory(theory).theory if isinstance(theory, str) else theory
        if loaded is None:
            raise ValueError(f"the theory {theory} cannot be used")
        self.theory = loaded
        self.vocabulary = vocabulary_of(loaded)
        self.sizes, self.limits, self.rewards = sizes or Sizes(), limits or Limits(), rewards or Rewards()
        self.certify = certify
        self.render_mode = render_mode
        self._dataset = dataset
        self._sources = tuple(problems) if problems is not None else None
        self._shapes = bounds(self.sizes, self.vocabulary)
        self.action_space = spaces.Discrete(self.sizes.candidates)
        self.observation_space = self._space()
        self._episode: Episode | None = None

    # gymnasium ------------------------------------------------------------------------------

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Start an episode: ``options["problem"]`` is a PROBLEM argument or a `Problem`; else one is drawn.

        ValueError if that problem cannot be used, or no problem of the data set can.
        """
        super().reset(seed=seed)
        wanted = None if options is None else options.get("problem")
        self._episode = self._drawn() if wanted is None else self._opened(wanted)
        return self._observed(None, "")

    def step(self, action: SupportsInt) -> tuple[Observation, float, bool, bool, Info]:
        """Apply a candidate.  An index that is none changes nothing and costs ``rewards.invalid``."""
        episode = self._running()
        verdict, message = episode.take(int(action), self.sizes.candidates)
        reward = self.rewards.step + episode.progress() * self.rewards.progress
        if verdict not in ("ok", "redundant"):
            reward += self.rewards.invalid
        elif verdict == "redundant":
            reward += self.rewards.redundant
        observation, info = self._observed(verdict, message)
        if episode.outcome == "solved":
            reward += self.rewards.goal
        done = episode.outcome in ("solved", "saturated", "unconfirmed")
        return observation, float(reward), done, episode.outcome == "truncated", info

    def render(self) -> str | None:  # type: ignore[override]
        """The episode in words (``ansi``)."""
        if self.render_mode is None:
            return None
        return "" if self._episode is None else self._episode.text()

    def action_masks(self) -> NDArray[np.bool_]:
        """Which actions are candidates, in the shape that masked policies ask for."""
        mask = np.zeros(self.sizes.candidates, dtype=np.bool_)
        mask[: len(self._running().choices)] = True
        return mask

    # Tree search ----------------------------------------------------------------------------

    @property
    def history(self) -> tuple[str, ...]:
        """The applications of this episode that were accepted."""
        return tuple(map(str, self._running().history))

    def fork(self) -> FgpsEnv:
        """An environment of its own that stands where this one stands."""
        other = FgpsEnv(
            self._dataset,
            self._sources,
            self.theory,
            self.sizes,
            self.limits,
            self.rewards,
            self.certify,
            self.render_mode,
        )
        other._episode = self._running().replayed(len(self._running().history))
        return other

    def undo(self, steps: int = 1) -> tuple[Observation, Info]:
        """Take back the last accepted applications (as many as there are at most)."""
        episode = self._running()
        self._episode = episode.replayed(max(0, len(episode.history) - max(0, steps)))
        return self._observed(None, "")

    # Inside ---------------------------------------------------------------------------------

    def _running(self) -> Episode:
        if self._episode is None:
            raise gymnasium.error.ResetNeeded("call reset() first")
        return self._episode

    def _drawn(self) -> Episode:
        if self._sources is None:
            self._sources = tuple(item.source for item in items_of(self._dataset))
        for _ in range(_DRAWS):
            source = self._sources[int(self.np_random.integers(len(self._sources)))]
            try:
                episode = self._opened(source)
            except ValueError:
                continue
            if episode.outcome is None:
                return episode
        raise ValueError(f"none of {_DRAWS} problems drawn from {self._dataset} can be used")

    def _opened(self, wanted: object) -> Episode:
        problem = wanted
        if not isinstance(problem, Problem):
            opened = api.load(str(wanted), theory=self.theory)
            problem = opened.problem
            if problem is None:
                raise ValueError("; ".join(str(diagnostic) for diagnostic in opened.diagnostics[:3]))
        proof = None
        if self.rewards.progress:
            found = find_proof(api.Loaded(problem, (), ()), "auto", self.limits.step_seconds, 0)
            proof = found if isinstance(found, Proof) else None
        return Episode(problem, self.limits, self.certify, proof)

    def _observed(self, verdict: str | None, message: str) -> tuple[Observation, Info]:
        episode = self._running()
        example = observe(episode.builder, episode.choices, episode.problem.name, len(episode.history))
        arrays, clipped = padded(example, self.sizes, self._shapes)
        observation: Observation = dict(arrays)
        observation["goal_node"] = np.int64(min(example.goal_node, self.sizes.nodes - 1))
        observation["step"] = np.array([min(episode.taken, self.limits.steps)], dtype=np.int32)
        shown = episode.choices[: self.sizes.candidates]
        info: Info = {
            "problem": episode.problem.name,
            "goal": example.texts[example.goal_node],
            "state": episode.known(),
            "candidates": [str(choice.application) for choice in shown],
            "candidates_total": len(episode.choices),
            "clipped": clipped,
            "verdict": verdict,
            "message": message,
            "outcome": episode.outcome,
            "answer": episode.answer,
        }
        return observation, info

    def _space(self) -> spaces.Dict:
        found: dict[str, spaces.Space[Any]] = {}
        for name, bound in self._shapes.items():
            if bound.binary:
                found[name] = spaces.MultiBinary(bound.shape[0])
            else:
                found[name] = spaces.Box(bound.low, bound.high, bound.shape, bound.dtype)
        found["goal_node"] = spaces.Discrete(self.sizes.nodes)
        found["step"] = spaces.Box(0, self.limits.steps, (1,), np.int32)
        return spaces.Dict(found)


if ID not in gymnasium.registry:
    gymnasium.register(id=ID, entry_point="fgps.learn.env:FgpsEnv")
