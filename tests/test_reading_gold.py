"""Reading agrees with the annotator as well as these floors say; PYTHONPATH=. python tests/scoring.py tells more."""

from __future__ import annotations

import pytest
import scoring

ANNOTATED = pytest.mark.skipif(
    not scoring.GOLD.exists(), reason="the annotated articles are not beside the project (../shared/gold)"
)


@ANNOTATED
def test_the_annotated_texts_are_those_that_the_floors_were_set_on() -> None:
    assert scoring.digest() == scoring.DIGEST


@ANNOTATED
def test_places_are_found_and_resolved_and_nothing_else_is_taken_for_one() -> None:
    score = scoring.score_places()
    assert score.f1 >= 0.98, "\n".join(score.misses)
    assert scoring.share(score.exact) >= 0.98, "\n".join(score.misses)
    assert scoring.share(score.provinces) == 1, "\n".join(score.misses)
    assert score.traps == 0, "\n".join(score.misses)


@ANNOTATED
def test_claims_are_read_with_their_days_claimants_extents_and_disputes() -> None:
    score = scoring.score_claims()
    assert score.f1 >= 0.92, "\n".join(score.misses)
    assert score.traps == 0, "\n".join(score.misses)
    assert scoring.share(score.days) >= 0.95
    assert scoring.share(score.intervals) >= 0.9
    assert scoring.share(score.claimants) >= 0.88
    assert scoring.share(score.extents) >= 0.95
    assert scoring.share(score.disputes) >= 0.8


def test_the_bundled_digests_are_read_much_as_their_editor_read_them() -> None:
    score = scoring.score_digests()
    assert score.f1 >= 0.8, "\n".join(score.misses)
    assert score.right / (score.right + score.made_up) >= 0.9, "\n".join(score.misses)
