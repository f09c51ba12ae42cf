"""A proof whose algebra is too large to be written down counts as none, and raises nothing."""

import fgps
from fgps.search.predictor import FrequencyPredictor


def test_a_witness_that_is_too_large_is_said_to_be_missing() -> None:
    problem = fgps.load("own#lighthouse").problem
    assert problem is not None
    # The law of cosines alone leads to roots of roots here.
    only = FrequencyPredictor({"cosine_theorem": 50})
    outcome = fgps.solve(problem, method="forward", predictor=only)
    assert outcome.status in ("solved", "saturated")
    if outcome.status == "saturated":
        assert outcome.cause == "certificate refused" and outcome.answer is None
    else:
        assert outcome.verdict is not None
