"""Places are found in text where they are meant, resolved to the right ones, and nowhere else."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from conftest import bundled
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import cases, context

from geo.mentions import Finder

IDS = {"iran": "gn130758", "uk": "gn2635167", "us": "gn6252001", "jordan": "gn248816", "lebanon": "gn272103"}


@pytest.mark.parametrize("case", cases("places"), ids=lambda case: case["text"][:60])
def test_a_sentence_names_these_places_and_no_others(case: dict[str, Any]) -> None:
    found = context(case["story"]).finder.find(case["text"])
    named = [mention.place.place_id if mention.place else f"?{mention.text}" for mention in found if not mention.is_vague]
    assert named == [IDS.get(place, place) if case["story"] == "seeds" else place for place in case["places"]]


@pytest.mark.parametrize(
    ("text", "words", "kind", "precision"),
    [
        ("Shells fell on three villages near Goma.", "three villages near Goma", "village", 2),
        ("They reached a strategic hill just north of Goma.", "a strategic hill just north of Goma", "hill", 2),
        ("One of the main crossings into Rwanda is shut.", "One of the main crossings into Rwanda", "border_crossing", 3),
        ("People left the outskirts of Goma.", "the outskirts of Goma", "neighbourhood", 2),
    ],
)
def test_a_vague_place_leans_on_a_named_one_and_gets_no_name(text: str, words: str, kind: str, precision: int) -> None:
    vague = next(mention for mention in context("congo").finder.find(text) if mention.is_vague)
    assert (vague.text, vague.place, vague.kind, vague.precision) == (words, None, kind, precision)
    assert vague.near is not None
    assert vague.near.name in words


def test_a_province_is_never_the_city_of_its_name() -> None:
    (mention,) = context("ukraine").finder.find("Villages in Bakhmut province were hit.")[-1:]
    assert mention.place is None
    assert mention.kind == "province"


def test_the_same_words_mean_the_same_whatever_was_read_before() -> None:
    known = context("congo")
    text = "M23 fighters left Sake for Goma.\nFor the sake of Goma, they said."
    fresh = Finder(known.gazetteer, known.lexicon)
    first = fresh.find(text)
    fresh.find("Sake. Goma. Ray Goma and the Goma Post.")
    assert fresh.find(text) == first == known.finder.find(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_and_every_mention_stands_where_it_says(text: str) -> None:
    for mention in context("seeds").finder.find(text):
        assert text[mention.start : mention.end] == mention.text


def test_time_grows_with_length_and_no_faster() -> None:
    words = " ".join(article.body for article in bundled().articles.values()).split(" ")
    pick = random.Random(7)  # noqa: S311 - a fixed order, not a secret

    def seconds(count: int) -> float:
        text = " ".join(pick.choice(words) for _ in range(count))
        begin = time.process_time()
        context("seeds").finder.find(text)
        return time.process_time() - begin

    seconds(5_000)
    assert seconds(40_000) < 12 * seconds(10_000) + 0.2
