"""Sentences of other conflicts, written without looking at the rules, are read as well as these floors say."""

from __future__ import annotations

import pytest
import scoring
from readers import article, context, unseen

from geo.reading.claims import read


@pytest.mark.parametrize(("half", "floor"), [("tune", 0.95), ("held", 0.84)])
def test_fresh_sentences_are_read_and_what_is_read_is_right(half: str, floor: float) -> None:
    score = scoring.score_unseen(half)
    assert score.right + score.missed >= 40
    assert score.f1 >= floor, "\n".join(score.misses)
    assert score.right / (score.right + score.made_up) >= 0.88, "\n".join(score.misses)
    assert scoring.share(score.extents) >= 0.9


CAUTIONS = [
    ("ukraine", "Bakhmut has fallen, Ukraine's General Staff said."),
    ("ukraine", "The loss of Avdiivka was a heavy blow."),
    ("ukraine", "Lyman was captured by fighters of an unknown group."),
    ("congo", "The army was driven out of Goma by rebels. They later took Sake."),
    ("congo", "The M23 said the army had abandoned Sake. It captured Minova on Monday."),
    ("ukraine", "Russian troops nearly took Kyiv."),
    ("ukraine", "Rumours that Kupiansk had been captured by Russian troops were false."),
    ("ukraine", "Ukraine is losing Bakhmut."),
    ("congo", "In 2012 the M23 seized Goma. The army retook the city weeks later."),
    ("congo", "Until last week the army held Minova."),
    ("ukraine", "Kyiv fell behind in the polls."),
    ("ukraine", "The Israeli army entered Lyman."),
    ("ukraine", "Russia has all but captured Bakhmut."),
    ("ukraine", "Ukraine prevented Russian troops from entering Kupiansk."),
]


@pytest.mark.parametrize(("story", "text"), CAUTIONS, ids=[text for _, text in CAUTIONS])
def test_nobody_is_given_a_place_that_the_words_do_not_give_them(story: str, text: str) -> None:
    found = read(article(text, story), context(story, fresh=True))
    assert not [claim for claim in found if claim.actor and claim.kind in ("captured", "controls", "entered")]


def test_floods_and_strikers_are_no_strikes() -> None:
    text = "Floods hit Kherson on Monday. An earthquake struck Kyiv. The strike by teachers in Kyiv went on."
    assert not read(article(text, "ukraine"), context("ukraine", fresh=True))


def test_who_says_that_his_own_place_has_not_fallen_denies_it() -> None:
    (claim,) = read(article("Bakhmut has not fallen, Ukraine's General Staff said.", "ukraine"), context("ukraine", fresh=True))
    assert (claim.kind, claim.place_id, claim.actor, claim.modality) == ("controls", "bakhmut", "ukraine", "denied")


def test_another_countrys_ministry_is_not_the_storys_own() -> None:
    text = "The Russian Defence Ministry claimed to have captured Bakhmut. Kyiv denied that the city had fallen."
    found = read(article(text, "ukraine"), context("ukraine", fresh=True))
    said = [(claim.kind, claim.place_id, claim.actor, claim.modality) for claim in found]
    assert said == [("captured", "bakhmut", "russia", "attributed"), ("controls", "bakhmut", "ukraine", "denied")]


def test_both_halves_hold_traps() -> None:
    for table in unseen()["cases"]:
        silent = [case for case in table["each"] if not case["claims"]]
        assert len(table["each"]) >= 60
        assert len(silent) >= len(table["each"]) // 4
