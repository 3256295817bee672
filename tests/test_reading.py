"""Claims are read where a text makes them, of the right place, actor, day and claimant, and nowhere else."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from conftest import bundled
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import article, cases, context

from geo.claims import KINDS
from geo.reading.claims import read
from geo.reading.proposals import ProposedClaim
from geo.wordlists import rules

FIELDS = {"first": "date_start", "last": "date_end"}
WORDS = {"A": "M23 fighters", "B": "government troops", "PLACE": "Goma"}


def _said(claim: ProposedClaim) -> str:
    return f"{claim.kind} {claim.place_id or '~'} {claim.actor or '-'}"


@pytest.mark.parametrize("case", cases("claims"), ids=lambda case: case["text"][:70])
def test_a_sentence_makes_these_claims_and_no_others(case: dict[str, Any]) -> None:
    found = read(article(case["text"], case["story"], case.get("published", "2024-12-05")), context(case["story"]))
    wanted = {heading.strip(): fields for heading, _, fields in (claim.partition("|") for claim in case["claims"])}
    assert sorted(map(_said, found)) == sorted(wanted)
    for claim in found:
        for field in wanted[_said(claim)].split():
            name, _, value = field.partition("=")
            assert str(getattr(claim, FIELDS.get(name, name))) == value


EXAMPLES = [(text, said) for rule in rules("verbs")["rules"] for text, said in rule.get("examples", {}).items()]


@pytest.mark.parametrize(("text", "said"), EXAMPLES)
def test_a_rule_does_what_its_example_says(text: str, said: str) -> None:
    sentence = re.sub(r"\b(?:A|B|PLACE)\b", lambda found: WORDS[found.group()], text)
    found = read(article(sentence[0].upper() + sentence[1:], "congo"), context("congo"))
    kinds = {f"{claim.kind} {'A' if claim.actor == 'm23' else 'B'}" for claim in found if claim.place_id == "goma"}
    assert said in kinds if said else not kinds


def test_a_pronoun_stands_for_who_spoke_or_acted_before() -> None:
    text = "The Congolese army said it was outnumbered. It withdrew from Goma on Monday."
    (claim,) = read(article(text, "congo"), context("congo"))
    assert (claim.kind, claim.actor, claim.place_id, claim.date_end) == ("withdrew", "fardc", "goma", "2024-12-02")


def test_the_city_is_the_one_spoken_of_last() -> None:
    text = "Fighting neared Sake and Minova. M23 rebels entered Bukavu on Tuesday. On Wednesday they captured the city."
    claims = read(article(text, "congo"), context("congo"))
    assert [claim.place_id for claim in claims if claim.kind == "captured"] == ["bukavu"]


def test_the_agency_that_an_article_relays_speaks_in_its_voice() -> None:
    relayed = replace(article("M23 rebels captured Goma.", "congo"), source="paper", agency="The Wire")
    (claim,) = read(relayed, context("congo"))
    assert (claim.claimant, claim.modality) == ("wire", "asserted")


def test_a_named_place_near_which_something_happens_is_not_where_it_happens() -> None:
    (claim,) = read(article("M23 rebels attacked a base near Goma.", "congo"), context("congo"))
    assert claim.place_id is None
    assert claim.precision == 2


def _check(body: str, claims: list[ProposedClaim]) -> None:
    for claim in claims:
        assert body[claim.start : claim.end] == claim.text
        assert claim.kind in KINDS
        assert claim.date_end <= claim.reported
        assert claim.date_start is None or claim.date_start <= claim.date_end


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.dates())
def test_any_text_can_be_read(text: str, day: date) -> None:
    _check(text, read(replace(article(text), published=day), context("seeds")))


def test_articles_with_letters_and_words_out_of_place_can_be_read() -> None:
    pick = random.Random(11)  # noqa: S311 - a fixed order, not a secret
    bodies = [item.body for item in bundled().articles.values()]
    odd = [
        "“",
        "?",
        "\n",
        "\u200f",
        "İ",
        "if",
        "denied",
        "the city",
        "since 2016 when",
        "31 November",
        "حلب",
        "of of",
        "\x00",
        "it",
    ]
    for number in range(600):
        body = pick.choice(bodies)
        at = pick.randrange(len(body))
        letters = list(body[at : at + pick.randrange(20, 500)])
        for _ in range(pick.randrange(1, 12)):
            letters.insert(pick.randrange(len(letters) + 1), pick.choice([*odd, chr(pick.randrange(32, 0x800))]))
        text = "".join(letters)
        published = pick.choice([date(2024, 12, 5), date(2024, 2, 29), date.min, date.max])
        _check(text, read(replace(article(text), published=published, article_id=str(number)), context("seeds")))
