"""The environment keeps gymnasium's rules, and what it pays is what the verifier says."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from fgps import api
from fgps.learn.env import ID, FgpsEnv, Rewards
from fgps.learn.episode import Limits
from fgps.learn.padding import Sizes
from fgps.learn.trace import Proof, find_proof
from fgps.verify import verify

PROBLEM = "own#demo"
SMALL = Sizes(nodes=96, edges=256, hyperedges=32, members=96, candidates=24, tokens=8)


@pytest.fixture(scope="module")
def proof() -> Proof:
    found = find_proof(api.load(PROBLEM), "auto", 30.0, 0)
    assert isinstance(found, Proof) and len(found.applications) > 2
    return found


def action_for(env: FgpsEnv, info: dict[str, Any], proof: Proof) -> int:
    """The candidate that does the next step of a proof that is not done yet."""
    episode = env._running()
    position = episode.position
    step = next(step for step in proof.applications if not position.has(step))
    return next(i for i, c in enumerate(episode.choices) if c.key == position.key_of(step))


def play(env: FgpsEnv, proof: Proof) -> tuple[list[float], dict[str, Any], bool]:
    _, info = env.reset(seed=0, options={"problem": PROBLEM})
    rewards, done = [], False
    while not done:
        _, reward, done, truncated, info = env.step(action_for(env, info, proof))
        assert not truncated
        rewards.append(reward)
    return rewards, info, done


def test_the_checker_of_gymnasium_has_no_complaint() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = gymnasium.make(ID, render_mode="ansi", problems=[PROBLEM, "own#tent_pole"])
        check_env(made.unwrapped)
        made = gymnasium.make(ID, problems=[PROBLEM], sizes=SMALL, limits=Limits(steps=5))
        check_env(made.unwrapped)


def test_a_proof_earns_the_goal_and_the_verifier_agrees(proof: Proof) -> None:
    env = FgpsEnv(problems=[PROBLEM], certify=True)
    rewards, info, _ = play(env, proof)
    assert rewards[:-1] == [0.0] * (len(rewards) - 1) and rewards[-1] == 1.0
    assert info["outcome"] == "solved" and info["answer"] == proof.answer
    report = verify(proof.problem, list(env.history))
    assert report.accepted
    assert env.render() is None
    env.render_mode = "ansi"
    shown = env.render()
    assert shown is not None and shown.endswith("solved: 40")
    assert all(step in shown for step in env.history)


def test_a_look_that_is_too_dear_does_not_hide_the_goal(
    proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgps.learn.position._LOOK_STEPS", 0)
    _, info, _ = play(FgpsEnv(problems=[PROBLEM]), proof)
    assert info["outcome"] == "solved"


def test_every_candidate_is_a_step_that_the_verifier_takes() -> None:
    env = FgpsEnv(problems=[PROBLEM])
    _, info = env.reset(seed=0)
    for number, name in enumerate(info["candidates"]):
        fork = env.fork()
        _, _, _, _, after = fork.step(number)
        assert after["verdict"] == "ok", name
        assert fork.history == (name,) and env.history == ()


def test_an_index_that_is_no_candidate_changes_nothing() -> None:
    env = FgpsEnv(problems=[PROBLEM])
    before, info = env.reset(seed=0)
    wrong = len(info["candidates"])
    assert before["action_mask"].sum() == wrong == env.action_masks().sum()
    after, reward, terminated, truncated, again = env.step(wrong)
    assert reward == Rewards().invalid and not terminated and not truncated
    assert again["verdict"] == "bad-arguments" and again["candidates"] == info["candidates"]
    assert env.history == ()
    same = {name for name in before if np.array_equal(before[name], after[name])}
    assert same == set(before) - {"step"}


def test_episodes_end_by_steps_by_time_and_when_nothing_is_left(tmp_path: Any) -> None:
    env = FgpsEnv(problems=[PROBLEM], limits=Limits(steps=2))
    _, info = env.reset(seed=0)
    out = len(info["candidates"])
    assert env.step(out)[2:4] == (False, False)
    _, _, terminated, truncated, info = env.step(out)
    assert (terminated, truncated, info["outcome"]) == (False, True, "truncated")
    env = FgpsEnv(problems=[PROBLEM], limits=Limits(seconds=0.0))
    env.reset(seed=0)
    assert env.step(out)[3]
    open_problem = tmp_path / "open.fgl"
    open_problem.write_text(
        "problem open:\n    construct Shape(AB,BC,CA)\n    given MeasureOfAngle(ABC) = 50\n"
        "    find MeasureOfAngle(BCA)\n"
    )
    env = FgpsEnv(problems=[str(open_problem)], limits=Limits(steps=500))
    _, info = env.reset(seed=0)
    terminated = truncated = False
    while not (terminated or truncated):
        _, reward, terminated, truncated, info = env.step(0)
        assert reward <= 0
    assert terminated and info["outcome"] == "saturated" and info["candidates"] == []


def test_progress_pays_as_much_as_it_takes_back(proof: Proof) -> None:
    env = FgpsEnv(problems=[PROBLEM], rewards=Rewards(progress=0.5))
    rewards, _, _ = play(env, proof)
    assert all(reward > 0 for reward in rewards)
    # The potential is 1 at the goal, whatever the way.
    assert sum(rewards) == pytest.approx(1.0 + 0.5)


def test_undo_and_fork_restore_the_state(proof: Proof) -> None:
    env = FgpsEnv(problems=[PROBLEM])
    first, info = env.reset(seed=0)
    env.step(action_for(env, info, proof))
    second, _, _, _, info = env.step(action_for(env, env._observed(None, "")[1], proof))
    fork = env.fork()
    third = env.step(0)[0]
    assert len(fork.history) == 2 and len(env.history) == 3
    back, again = env.undo()
    assert again["candidates"] == info["candidates"]
    for name, array in second.items():
        assert np.array_equal(back[name], array), name
    assert not all(np.array_equal(third[name], second[name]) for name in second)
    start, _ = env.undo(99)
    assert env.history == ()
    assert all(np.array_equal(start[name], first[name]) for name in first)


def test_the_same_seed_and_actions_give_the_same_episode() -> None:
    def episode(seed: int) -> list[Any]:
        env = FgpsEnv("own", limits=Limits(steps=6))
        observation, info = env.reset(seed=seed)
        draw, told = np.random.default_rng(seed), [info]
        for _ in range(6):
            observation, reward, terminated, truncated, info = env.step(
                draw.choice(np.flatnonzero(observation["action_mask"]))
            )
            told += [reward, info, observation["node_tokens"].tobytes()]
            if terminated or truncated:
                break
        return told

    assert episode(4) == episode(4)
    assert episode(4)[0]["problem"] != episode(5)[0]["problem"]


def test_what_does_not_fit_is_said() -> None:
    env = FgpsEnv(problems=[PROBLEM], sizes=Sizes(nodes=30, edges=40, candidates=3, tokens=4))
    observation, info = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    assert {"nodes", "edges", "candidates", "tokens"} <= set(info["clipped"])
    assert len(info["candidates"]) == 3 and info["candidates_total"] == 3 + info["clipped"]["candidates"]
    assert env.step(3)[4]["verdict"] == "bad-arguments"


def test_vector_environments_run() -> None:
    made = gymnasium.make_vec(ID, num_envs=2, vectorization_mode="sync", problems=[PROBLEM])
    observations, _ = made.reset(seed=1)
    for _ in range(3):
        observations, rewards, terminated, truncated, _ = made.step(np.array([0, 511]))
    assert observations["action_mask"].shape == (2, 512)
    assert rewards.shape == terminated.shape == truncated.shape == (2,)
    assert rewards[1] <= Rewards().invalid < rewards[0]
    made.close()


def test_problems_that_cannot_be_used_are_named(tmp_path: Any) -> None:
    env = FgpsEnv(problems=[str(tmp_path / "absent.fgl")])
    with pytest.raises(ValueError, match="none of"):
        env.reset(seed=0)
    with pytest.raises(ValueError, match="absent"):
        env.reset(seed=0, options={"problem": str(tmp_path / "absent.fgl")})
    with pytest.raises(gymnasium.error.ResetNeeded):
        FgpsEnv(problems=[PROBLEM]).step(0)
    with pytest.raises(ValueError, match="render"):
        FgpsEnv(render_mode="human")
    with pytest.raises(ValueError, match="theory"):
        FgpsEnv(theory="nowhere")
