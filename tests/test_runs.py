"""Runs of capitalised words say the same wherever and however often they are read, and the time grows with the length."""

from __future__ import annotations

import time

from readers import context

from geo.mentions import Finder
from geo.runbook import Runbook
from geo.runs import RUN, words_of

SENTENCE = "Rebels left Goma, took two towns near Sake and shelled the outskirts of Goma, officials in North Kivu said."


def test_what_was_read_before_changes_no_answer() -> None:
    known = context("congo")
    lines = [SENTENCE, f"{SENTENCE} {SENTENCE}", f"GOMA FALLS: {SENTENCE}", f"Mr. Goma spoke. “{SENTENCE}”"]
    used = Finder(known.gazetteer, known.lexicon)
    for line in lines:
        used.find(line)
    for number, line in enumerate(lines):
        text = f"{line} Item {number}."
        assert used.find(text) == Finder(known.gazetteer, known.lexicon).find(text)
        assert used.find(text)


def test_a_place_is_found_once_where_another_word_begins_with_its_name() -> None:
    found = context("congo").finder.find("They left Bukavu, she said, and camped near Bukavuu.")
    assert [mention.text for mention in found] == ["Bukavu", "Bukavuu"]


def test_a_run_says_where_a_name_of_a_place_may_begin() -> None:
    known = context("congo")
    book = Runbook(known.gazetteer, known.lexicon)
    assert book.run("The") is None
    run = book.run("The Goma")
    assert run is not None
    assert run.names == (4,)
    assert book.run("The Goma") is run


def test_a_run_keeps_links_possessives_and_initials() -> None:
    assert [found.group() for found in RUN.finditer("In Deir al-Zour the U.S. envoy met Goma's mayor.")] == [
        "In Deir al-Zour",
        "U.S.",
        "Goma's",
    ]
    word = next(words_of("Goma's"))
    assert (word.text, word.end, word.is_owner) == ("Goma", 4, True)


def test_a_text_with_new_names_only_takes_time_by_its_length() -> None:
    known = context("congo")

    def seconds(count: int) -> float:
        finder = Finder(known.gazetteer, known.lexicon)
        text = " ".join(f"near Gomb{number}a and Zq{number}" for number in range(count))
        begin = time.process_time()
        finder.find(text)
        return time.process_time() - begin

    seconds(100)
    assert seconds(8_000) < 24 * seconds(1_000) + 0.5
