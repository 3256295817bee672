"""The laws of control: who says so decides what a claim makes of a place, and nothing known later changes what was known."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import bundled
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.claims import EVENTS, KINDS, Claim
from geo.control import Spell, control_table, spells, state_on
from geo.laws import Laws

START = date(2024, 12, 1)
LAWS = Laws(bundled().settings)


def claim(kind: str = "captured", day: int = 0, **changes: object) -> Claim:
    """Return a claim on Hama by the opposition, in Reuters' own voice, reported on its day, with some fields changed."""
    last = START + timedelta(days=day)
    made = Claim(
        claim_id=f"{kind}-{day}-{changes.get('claimants', '')}-{changes.get('actor', '')}",
        article="a",
        start=0,
        end=1,
        text="x",
        place="hama",
        kind=kind,
        actor="opposition",
        against=("government",),
        extent="",
        first=last,
        last=last,
        precision="day",
        standing="",
        implied=False,
        reported=last,
        claimants=("reuters",),
        modality="asserted",
        relation="originating",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def background(holder: str = "government") -> Claim:
    return claim("controls", -5, actor=holder, against=(), claimants=("public_references",), background=True, claim_id="bg")


def last_of(*claims: Claim) -> Spell:
    return spells(claims, LAWS)[-1]


@pytest.mark.parametrize(
    ("claimants", "status"),
    [
        (("reuters",), "control"),
        (("itv",), "control"),
        (("jpost",), "control"),
        (("sohr",), "control"),
        (("sun",), "reported"),
        (("newsbytes",), "reported"),
        (("iraqi_syrian_sources",), "reported"),
        (("rebels",), "claimed"),
        (("anadolu",), "claimed"),
        (("syrian_army",), "control"),
        (("rebels", "sohr"), "control"),
    ],
)
def test_who_says_that_a_place_was_taken_decides_its_status(claimants: tuple[str, ...], status: str) -> None:
    spell = last_of(background(), claim(claimants=claimants))
    assert (spell.status, spell.holder, spell.held_before, spell.background) == (status, "opposition", "government", False)


def test_two_weaker_outlets_that_report_separately_make_control() -> None:
    assert last_of(claim(claimants=("sun",)), claim(claimants=("newsbytes",))).status == "control"


def test_a_relay_of_a_report_already_counted_corroborates_nothing() -> None:
    assert last_of(claim(claimants=("sun",)), claim(claimants=("newsbytes",), relation="relay")).status == "reported"


def test_a_gain_takes_effect_on_its_last_possible_day_and_may_have_happened_before() -> None:
    found = spells([background(), claim(day=3, first=START)], LAWS)
    assert [(spell.first.day, spell.holder, spell.possible_from and spell.possible_from.day) for spell in found] == [
        (26, "government", None),
        (1, "government", 1),
        (4, "opposition", 1),
    ]


def test_an_entry_is_contested_on_an_independent_word_and_an_attack_on_the_attackers() -> None:
    assert last_of(background(), claim("entered")).status == "contested"
    assert last_of(background(), claim("entered", claimants=("syrian_army",))).status == "contested"
    attacked = last_of(background(), claim("entered", claimants=("rebels",)))
    assert (attacked.status, attacked.holder, attacked.contender) == ("under_attack", "government", "opposition")


def test_an_attack_beaten_back_on_the_day_disputes_the_attackers_word() -> None:
    repelled = claim("repelled", actor="government", against=("opposition",), claimants=("state_media",))
    assert last_of(background(), claim("entered", claimants=("rebels",)), repelled).disputed_by == ("government",)


@pytest.mark.parametrize("kind", ["clashes", "besieges"])
def test_fighting_leaves_the_holder_and_names_the_attacker(kind: str) -> None:
    spell = last_of(background(), claim(kind))
    assert (spell.status, spell.holder, spell.contender) == ("under_attack", "government", "opposition")


def test_undated_fighting_is_no_status() -> None:
    assert last_of(background(), claim("clashes", day=5, first=START)).background


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_an_event_never_gives_a_status(kind: str) -> None:
    assert spells([claim(kind)], LAWS) == []


def test_a_denial_takes_the_day_of_what_it_denies_and_undoes_nothing() -> None:
    denial = claim("controls", 2, actor="government", against=("opposition",), claimants=("syrian_army",), modality="denied")
    spell = last_of(background(), claim(), denial)
    assert (spell.status, spell.holder, spell.disputed_by, spell.since) == ("control", "opposition", ("government",), START)


def test_a_loser_who_concedes_the_place_by_name_makes_control_and_ends_the_dispute() -> None:
    denial = claim("controls", 1, actor="government", against=("opposition",), claimants=("syrian_army",), modality="denied")
    left = claim("withdrew", 3, actor="government", against=("opposition",), claimants=("syrian_army",))
    found = spells([background(), claim(claimants=("rebels",)), denial, left], LAWS)
    assert [(spell.status, spell.disputed_by) for spell in found[-2:]] == [("claimed", ("government",)), ("control", ())]


def test_a_holder_who_leaves_is_not_replaced_by_anybody_whom_no_one_named() -> None:
    spell = last_of(background(), claim("withdrew", actor="government", against=(), claimants=("syrian_army",)))
    assert (spell.status, spell.holder, spell.held_before) == ("unknown", "", "government")


def test_an_enemys_word_that_a_holder_left_changes_nothing() -> None:
    assert last_of(
        background(), claim("withdrew", actor="government", claimants=("rebels",), against=("opposition",))
    ).background


def test_a_day_of_fighting_that_ends_in_withdrawal_and_capture_passes_from_the_holder_to_the_one_who_took_it() -> None:
    fought = claim("clashes", actor="government", against=("opposition",))
    entered = claim("entered", claimants=("rebels",))
    left = claim("withdrew", actor="government", against=("opposition",), claimants=("syrian_army",))
    spell = last_of(background(), fought, entered, left, claim())
    assert (spell.status, spell.holder, spell.held_before) == ("control", "opposition", "government")
    assert left.claim_id in spell.basis


def test_a_weaker_extent_never_downgrades_a_stronger_one() -> None:
    found = last_of(claim(extent="most"), claim(day=1, extent="much", claimants=("sun",)))
    assert found.extent == "most"
    assert last_of(claim(extent="most"), claim(day=1, extent="whole")).extent == ""


def test_the_extent_is_that_of_the_best_word() -> None:
    assert last_of(claim(extent="much", claimants=("sun",)), claim(extent="whole", claimants=("rebels",))).extent == "much"


def test_part_of_a_place_on_an_independent_word_is_contest_while_another_holds_it() -> None:
    spell = last_of(background(), claim(extent="part"))
    assert (spell.status, spell.holder, spell.contender) == ("contested", "government", "opposition")


def test_a_holder_is_named_only_as_exactly_as_every_claim_names_it() -> None:
    assert last_of(claim(actor="hts_led")).holder == "hts_led"
    assert last_of(claim(actor="hts_led"), claim(day=1)).holder == "opposition"


def test_who_cannot_hold_ground_never_holds_any() -> None:
    assert spells([claim(actor="russia"), claim(actor="lebanon")], LAWS) == []


def test_a_gaining_sides_word_does_not_displace_a_holder_confirmed_on_the_same_day() -> None:
    held = claim("controls", actor="government", against=("opposition",))
    spell = last_of(background(), held, claim(claimants=("rebels",)))
    assert (spell.status, spell.holder, spell.contender) == ("under_attack", "government", "opposition")


def test_a_report_outranks_the_background_whichever_comes_first() -> None:
    lasting = claim("controls", 2, actor="government", first=date(2011, 1, 1), standing="throughout")
    assert not last_of(background(), lasting).background
    assert not last_of(background("opposition"), lasting).background


def test_fighting_between_two_who_do_not_hold_a_place_changes_nothing() -> None:
    third = claim("clashes", actor="sna", against=("sdf",))
    assert last_of(background(), third).background


def test_nothing_is_confirmed_later_than_the_day_shown() -> None:
    table = control_table(bundled())
    for day in bundled().days:
        assert (state_on(table, day)["last_confirmed"] <= pd.Timestamp(day)).all()


def test_places_without_a_status_have_no_row() -> None:
    """Countries, the Golan, and places that articles only name."""
    found = set(control_table(bundled())["place_id"])
    assert not found & {"syria", "golan-heights", "muhrada", "menagh", "nasib", "rastan", "talbiseh", "hill-north-of-hama"}


def test_two_attackers_at_once_are_both_named() -> None:
    spell = last_of(background(), claim("clashes"), claim("clashes", 1, actor="sdf"))
    assert (spell.status, spell.holder, spell.contender) == ("under_attack", "government", "sdf")
    assert spell.contenders == ("opposition", "sdf")


def test_fighting_between_two_others_leaves_a_holder_alone() -> None:
    assert last_of(background(), claim("clashes", actor="sna", against=("sdf",))).background


def test_an_attacker_that_fights_two_enemies_is_one_contender() -> None:
    spell = last_of(background(), claim("clashes", actor="sna", against=("government", "sdf")))
    assert (spell.contender, spell.contenders) == ("sna", ("sna",))


def test_a_place_taken_by_a_third_side_as_its_holder_leaves_passes_to_the_third() -> None:
    left = claim("withdrew", actor="government", against=(), claimants=("syrian_army",))
    found = spells([background(), left, claim("captured", 0, actor="sdf", against=())], LAWS)
    assert [(spell.status, spell.holder, spell.held_before) for spell in found[1:]] == [("control", "sdf", "government")]
    later = spells([background(), left, claim("captured", 1, actor="sdf", against=())], LAWS)
    assert [(spell.status, spell.holder) for spell in later[1:]] == [("unknown", ""), ("control", "sdf")]


def test_most_of_a_place_grows_to_the_whole_and_never_shrinks_on_a_weaker_word() -> None:
    found = spells([claim(extent="most"), claim("controls", 1, extent="whole"), claim("controls", 2, extent="much")], LAWS)
    assert [(spell.extent, spell.since) for spell in found] == [("most", START), ("", START), ("", START)]


def test_a_crossing_that_one_side_holds_and_another_closes_stays_with_its_holder() -> None:
    closed = claim("border_closed", 1, actor="jordan", against=(), place="nasib")
    assert [spell.holder for spell in spells([claim(place="nasib"), closed], LAWS)] == ["opposition"]


def test_two_sides_that_gain_on_one_day_by_equal_words_reported_at_one_time_contest_the_place() -> None:
    one, other = claim(), claim(actor="sdf", against=("government",))
    spell = last_of(background(), one, other)
    assert (spell.status, spell.holder, spell.contenders, spell.law) == (
        "contested",
        "government",
        ("opposition", "sdf"),
        "rival gains",
    )
    later = last_of(background(), one, replace(other, reported=START + timedelta(days=1)))
    assert (later.status, later.holder) == ("control", "sdf")
    weaker = last_of(background(), one, replace(other, claimants=("sun",)))
    assert (weaker.status, weaker.holder) == ("control", "opposition")


ACTORS = ["opposition", "hts_led", "government", "sna", "sdf", "russia"]


@st.composite
def some_claims(draw: st.DrawFn) -> list[Claim]:
    made = []
    for number in range(draw(st.integers(1, 8))):
        last = draw(st.integers(0, 8))
        length = draw(st.integers(0, 4))
        actor, other = draw(st.sampled_from(ACTORS)), draw(st.sampled_from(ACTORS))
        made.append(
            claim(
                draw(st.sampled_from(sorted(KINDS))),
                last,
                claim_id=f"c{number}",
                first=START + timedelta(days=last - length),
                reported=START + timedelta(days=last + draw(st.integers(0, 3))),
                actor=actor,
                against=(other,) if other != actor else (),
                claimants=(draw(st.sampled_from(sorted(LAWS.settings.sources))),),
                modality=draw(st.sampled_from(["asserted", "attributed", "denied"])),
                relation=draw(st.sampled_from(["originating", "relay"])),
                extent=draw(st.sampled_from(["", "part", "much", "most", "whole"])),
                standing=draw(st.sampled_from(["", "", "throughout"])),
                precision=draw(st.sampled_from(["day", "by_pub"])),
            )
        )
    return made


@given(some_claims(), st.randoms())
@settings(max_examples=400, deadline=None)
def test_the_order_of_arrival_does_not_matter(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert spells(shuffled, LAWS) == spells(claims, LAWS)


@given(some_claims())
@settings(max_examples=400, deadline=None)
def test_no_day_has_two_states_and_no_state_is_without_a_basis(claims: list[Claim]) -> None:
    found = spells(claims, LAWS)
    ids = {made.claim_id for made in claims}
    for before, after in itertools.pairwise(found):
        assert before.last == after.first
    for spell in found:
        assert spell.basis
        assert set(spell.basis) <= ids
        assert spell.last is None or spell.first < spell.last


@given(some_claims())
@settings(max_examples=300, deadline=None)
def test_a_corroborating_relay_changes_no_status(claims: list[Claim]) -> None:
    relays = [replace(made, claim_id=f"{made.claim_id}r", relation="relay") for made in claims]

    def told(found: list[Spell]) -> list[tuple[object, ...]]:
        return [(spell.first, spell.status, spell.holder, spell.contender) for spell in found]

    assert told(spells([*claims, *relays], LAWS)) == told(spells(claims, LAWS))


@given(some_claims())
@settings(max_examples=300, deadline=None)
def test_a_denial_by_an_interested_side_flips_no_status(claims: list[Claim]) -> None:
    denial = claim("controls", 12, actor="government", against=("opposition",), claimants=("syrian_army",), modality="denied")

    def told(found: list[Spell], day: date) -> list[tuple[object, ...]]:
        held = [spell for spell in found if spell.first <= day and (spell.last is None or day < spell.last)]
        return [(spell.status, spell.holder, spell.contender) for spell in held]

    plain, denied = spells(claims, LAWS), spells([*claims, denial], LAWS)
    for offset in range(-5, 12):
        day = START + timedelta(days=offset)
        assert told(plain, day) == told(denied, day)
