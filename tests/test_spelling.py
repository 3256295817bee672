"""Spellings meet where they should, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.spelling import Level, are_alike, bare, exact, folded, is_abbreviation, key, keys, skeleton, sounds

ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and NUL among them


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dar‘a", "Dar'a"),
        ("Dar`a", "Darʿa"),
        ("Deir  ez-Zor ", "Deir\u00a0ez‑Zor"),
        ("Tartûs", "Tartu\u0302s"),
        ("\u200fحلب\u200e", "حلب"),
    ],
)
def test_exact_unifies_marks_spaces_and_composition(one: str, other: str) -> None:
    """Two spellings that look the same must be exactly equal."""
    assert exact(one) == exact(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SARAQIB", "Sarāqib"),
        ("Deir ez-Zor", "deir ez zor"),
        ("Dar'a", "Dara"),
        ("Ţarţūs", "Tartus"),
        ("Türkiye", "Turkiye"),
        ("Kızıltepe", "Kiziltepe"),
        ("Łódź", "Lodz"),
        ("إدلب", "ادلب"),
        ("أعزاز", "اعزاز"),
        ("السلمية", "السلميه"),
        ("نوى", "نوي"),
        ("حَلَب", "حـلـب"),
        ("الحسکه", "الحسكة"),
    ],
)
def test_folding_forgets_case_accents_and_arabic_variants(one: str, other: str) -> None:
    """Case, accents, hyphens, apostrophes and variants of Arabic letters must not part two spellings."""
    assert folded(one) == folded(other) != ""


def test_folding_keeps_words_apart() -> None:
    """Words must stay words: "I ran" is not Iran."""
    assert folded("I ran") != folded("Iran")


def test_folding_keeps_vowel_signs_of_indian_scripts() -> None:
    """Vowel signs that are letters' equals must stay: without them दिल्ली and दल would meet."""
    assert folded("दिल") != folded("दल")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Bab", "El Bab"),
        ("As-Salamiyah", "Salamiyah"),
        ("Deir al-Zor", "Deir ez-Zor"),
        ("Ash Shaddadi", "Shaddadi"),
        ("the Netherlands", "Netherlands"),
        ("الباب", "باب"),
    ],
)
def test_articles_do_not_part_spellings(one: str, other: str) -> None:
    """The article, however it is assimilated, must not part two spellings."""
    assert bare(one) == bare(other) != ""


def test_an_article_alone_is_no_name() -> None:
    """Nothing but articles must give no key."""
    assert bare("The") == bare("al-") == ""
    assert bare("ال") != ""  # too short to be an article and a noun


@pytest.mark.parametrize(
    "spellings",
    [
        ("Saraqeb", "Saraqib", "Sarakeb", "Seraqab"),
        ("Salamiya", "As-Salamiyah", "Salamieh", "Selemiyeh"),
        ("Deir ez-Zor", "Deir al-Zour", "Dayr az Zawr", "Deir Ezzor"),
        ("Muhrada", "Maharda", "Mhardeh", "Mahrada"),
        ("Latakia", "Lattakia", "Lataquié", "Latakiyah"),
        ("Sweida", "As-Suwayda", "Suwaida", "Soueïda"),
        ("Hasakah", "Al-Hasakah", "Hassakeh", "Haseke"),
        ("Manbij", "Menbij", "Munbej"),
        ("Kafr Nabl", "Kafranbel"),
        ("Khan Sheikhoun", "Khan Shaykhun", "Khan Cheikhoun"),
    ],
)
def test_transliterations_share_a_skeleton(spellings: tuple[str, ...]) -> None:
    """The usual transliterations of one name must have the same consonants."""
    assert {skeleton(spelling) for spelling in spellings} == {skeleton(spellings[0])} != {""}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saraqeb", "Seraqib"),
        ("Salamiya", "Selemiya"),
        ("Deir ez-Zor", "Der al-Zour"),
        ("Sweida", "Suwaida"),
        ("Mharda", "Maharda"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    """Two spellings that differ in few letters besides their vowels must be alike."""
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("place", "word"),
    [("Homs", "Hamas"), ("Humus", "Hamas"), ("Qunaytirah", "Country"), ("Al-Qardaha", "Kurdish"), ("Idlib", "Dalab")],
)
def test_other_words_are_not_taken_for_a_place(place: str, word: str) -> None:
    """A word that merely has a place's consonants must not be alike."""
    assert not are_alike(place, word)


@pytest.mark.parametrize("name", ["Hama", "Raqqa", "Nubl", "حلب", "Москва", "", "12345", "a-b"])
def test_short_names_and_other_scripts_have_no_skeleton(name: str) -> None:
    """Below three consonants or five letters, and out of Latin script, there must be no skeleton."""
    assert skeleton(name) == ""


def test_sounds_tell_vowels_from_consonants() -> None:
    """A semivowel must be a consonant before a vowel and a vowel elsewhere."""
    assert sounds("Suwayda") == "sVwVdV"
    assert sounds("Sweida") == "swVdV"


@pytest.mark.parametrize(("name", "is_one"), [("US", True), ("UAE", True), ("U.S.", True), ("us", False), ("HAMA", False)])
def test_abbreviations_are_found_only_as_they_stand(name: str, is_one: bool) -> None:
    """Two or three capitals must have an exact key and no other, so that "us" is no country."""
    assert is_abbreviation(name) is is_one
    assert (keys(name)[1] == "") is is_one
    assert key(name, Level.EXACT) == name


def test_closer_levels_are_greater() -> None:
    """Levels must order from the loosest to the closest."""
    assert sorted(Level) == [Level.SKELETON, Level.ARTICLE, Level.FOLDED, Level.EXACT]


@given(ANY_TEXT)
def test_folding_is_idempotent(text: str) -> None:
    """Folding what is folded must change nothing, for any text at all; the same for the exact form."""
    assert folded(folded(text)) == folded(text)
    assert exact(exact(text)) == exact(text)


@given(ANY_TEXT)
def test_levels_only_ever_merge(text: str) -> None:
    """What agrees closely must agree loosely: each key must be made from the closer one alone."""
    assert folded(exact(text)) == folded(text)
    assert keys(text) == tuple(key(text, level) for level in (Level.EXACT, Level.FOLDED, Level.ARTICLE))
    assert skeleton(folded(text)) == skeleton(text)


@given(ANY_TEXT, ANY_TEXT)
def test_likeness_is_mutual(one: str, other: str) -> None:
    """Which of two names comes first must not matter."""
    assert are_alike(one, other) == are_alike(other, one)
