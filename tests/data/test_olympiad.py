"""The public olympiad problems: their annotated solutions replay under the pack imo."""

from pathlib import Path

import pytest

from fgps import api

DATA = Path(__file__).parents[3] / "shared" / "formalgeo-imo"
IDS = (1, 3, 5, 7, 9, 11, 13, 15, 17)


@pytest.mark.corpus
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/formalgeo-imo")
@pytest.mark.parametrize("number", IDS)
def test_annotated_solutions_replay(number: int) -> None:
    loaded = api.load(f"{DATA}#{number}", "imo")
    assert loaded.problem is not None
    outcome = api.replay(loaded.problem, loaded.solution_sequence)
    assert outcome.status == "valid", outcome.message
