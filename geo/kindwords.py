"""Words that say what kind of place a name means: "Aleppo province", "city of Homs", «محافظة حلب»."""

from __future__ import annotations

import re

from geo.places import SETTLEMENTS
from geo.spelling import exact

_PROVINCE = frozenset({"province", "region"})
_FLYING = frozenset({"airport", "airbase"})
_MILITARY = frozenset({"base", "airbase", "airport"})

KIND_WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("city", "town", "village", "مدينة", "بلدة", "قرية"), SETTLEMENTS),
    **dict.fromkeys(("province", "governorate", "governate", "محافظة"), _PROVINCE),
    **dict.fromkeys(("countryside", "rural area", "ريف"), _PROVINCE | {"district"}),
    **dict.fromkeys(("district", "subdistrict", "ناحية"), frozenset({"district"})),
    **dict.fromkeys(("region", "area", "منطقة"), frozenset({"region", "district"})),
    **dict.fromkeys(("airport", "international airport", "مطار"), _FLYING),
    **dict.fromkeys(("airbase", "air base", "military airport", "base", "military base", "naval base", "قاعدة"), _MILITARY),
    **dict.fromkeys(("crossing", "border crossing", "معبر"), frozenset({"border_crossing"})),
    **dict.fromkeys(("hill", "mountain", "جبل", "تلة"), frozenset({"hill", "landmark"})),
    **dict.fromkeys(("neighbourhood", "neighborhood", "quarter", "حي"), frozenset({"neighbourhood"})),
}
"""Kinds of place (`geo.places.KINDS`) by the word or two that mean them; Arabic ones stand before the name."""

_ARABIC = re.compile("[\u0600-\u06ff]")
_LONGEST = 2


def split_kind(text: str) -> tuple[str, frozenset[str]]:
    """Return a name without the words that say its kind, and the kinds they mean; no kinds where there are no such words.

    >>> split_kind("Idlib's countryside")[0]
    'Idlib'
    """
    words = exact(text).split()
    if words and words[0].lower() == "the":
        words = words[1:]
    lower = [word.lower() for word in words]
    for length in range(_LONGEST, 0, -1):
        after, before = " ".join(lower[-length:]), " ".join(lower[:length])
        if len(words) > length and after in KIND_WORDS and not _ARABIC.search(after):
            return " ".join(words[:-length]).removesuffix("'s"), KIND_WORDS[after]
        if len(words) > length and before in KIND_WORDS and _ARABIC.search(before):
            return " ".join(words[length:]), KIND_WORDS[before]
        if len(words) > length + 1 and before in KIND_WORDS and lower[length] == "of":
            return " ".join(words[length + 1 :]), KIND_WORDS[before]
    return text, frozenset()
