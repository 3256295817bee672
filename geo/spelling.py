"""Spellings: the keys under which two writings of one name meet, from exact to consonants only.

Names from Arabic and other scripts reach English in many spellings (Saraqeb, Saraqib, Sarâqeb). Each level of the
cascade forgets a little more; a name is looked up at the closest level first. All functions are pure and take any text.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

LONGEST = 200
"""Characters of the longest name that is looked up; no name of a place comes near."""


class Level(IntEnum):
    """How closely two spellings agree; a greater level is a closer one.

    SKELETON : the same consonants in the same order (Latin script only)
    ARTICLE : the same but for articles (al-, ash-, the, ال)
    FOLDED : the same but for case, accents, hyphens, apostrophes and variants of Arabic letters
    EXACT : the same but for the form of spaces, hyphens and apostrophes
    """

    SKELETON = 1
    ARTICLE = 2
    FOLDED = 3
    EXACT = 4


_ARTICLES = "al el ul il ar er as es ash esh ech at et ett ath eth ad ed adh edh az ez an en aj ej ess enn the"
ARTICLES = frozenset(_ARTICLES.split())
"""The Arabic article in its assimilated forms, in English and in French writing, and the English one."""

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻʿʾ`´′‵ʹʽˈ＇"), "'")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_PLAIN = str.maketrans(_APOSTROPHES | _HYPHENS)
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

# Letters that carry no separable mark in Unicode, and the variants of Arabic, Persian and Kurdish writing.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("əǝ", "a"),
        **{"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"},
        **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "ڪ": "ك", "ء": None, "ـ": None},
        **dict.fromkeys("'`.·", None),
    }
)
_NO_LETTER = re.compile(r"\W|_")
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{3})")
_GAP = re.compile(r"[\W_]+", re.ASCII)
_ABBREVIATION = re.compile(r"[A-Z]{2,3}|(?:[A-Z]\.){2,4}")


def exact(name: str) -> str:
    """Return a name in NFC, with plain hyphens and apostrophes, single spaces and nothing invisible."""
    if name.isascii():
        return " ".join(name.replace("`", "'").split())
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", name)).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", text).split())


def folded(name: str) -> str:
    """Return a name without case, accents, apostrophes and hyphens, its words parted by one space.

    Arabic letters are unified: the forms of alef, yeh and kaf, teh marbuta with heh; hamza, tatweel and vowel
    signs go. Folding what is folded changes nothing.
    """
    if name.isascii():
        if name.replace(" ", "").isalpha():  # most names are nothing but letters
            return " ".join(name.lower().split())
        return _GAP.sub(" ", name.lower().translate(_LETTERS)).strip()
    text = exact(name)
    # Twice: taking a letter apart can yield one that case folding changes, and the other way round.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).translate(_PLAIN)).casefold()
    text = "".join([letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)])
    return " ".join(_NO_LETTER.sub(_unless_mark, text.translate(_LETTERS)).split())


def _unless_mark(found: re.Match[str]) -> str:
    # Vowel signs of Indian scripts are marks that the letters cannot do without.
    return found.group() if unicodedata.category(found.group())[0] == "M" else " "


def bare(name: str) -> str:
    """Return a folded name without its articles, "" where nothing else would stand."""
    return _without_articles(folded(name))


def _without_articles(text: str) -> str:
    if " " in text:
        text = " ".join([word for word in text.split() if word not in ARTICLES])
    elif text in ARTICLES:
        return ""
    return _ARABIC_ARTICLE.sub("", text) if "ال" in text else text


def keys(name: str) -> tuple[str, str, str]:
    """Return a name's keys at the levels EXACT, FOLDED and ARTICLE; the last two are "" for an abbreviation."""
    text = exact(name)
    if _ABBREVIATION.fullmatch(text):
        return text, "", ""
    plain = folded(text)
    return text, plain, _without_articles(plain)


def is_abbreviation(name: str) -> bool:
    """Return whether a name is two or three capitals (US, UAE), or more with stops (U.S.).

    Such a name is found only as it stands: folded, "US" would be the word "us".
    """
    return _ABBREVIATION.fullmatch(name.strip()) is not None


# Letters and groups that transliterations of one sound use, to one sign each. Measured on the spellings GeoNames lists
# for 308 Syrian places, each found again through the others: taking kh with h, dh with z, s with sh or p with b finds no
# more of them (all within 1 %) and takes more English words for names.
_GROUPS = {
    **dict.fromkeys(("tch", "sch", "sh", "ch"), "S"),
    **dict.fromkeys(("dsch", "dzh", "dj"), "j"),
    **dict.fromkeys(("kh", "x"), "X"),
    **dict.fromkeys(("q", "c", "ck"), "k"),
    **{"gh": "g", "dh": "d", "th": "t", "ph": "f"},
}
_GROUP = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
_SILENT = re.compile(r"(?<=q)u(?=[aeiouy])|(?<=[aeiouy])h$")
_SOFT_C = re.compile(r"c(?=[eiy])")
_GLIDE_W = re.compile(r"(?:ou|[uwv])(?=[aeiou])")
_GLIDE_Y = re.compile(r"[iy](?=[aeou])")
_VOWELS = re.compile(r"w(?![aeiou])|y(?![aeou])|[aeiou]+")
_DOUBLED = re.compile(r"([^V])\1+|(V)V+")
_FEWEST, _SHORTEST = 3, 5
_ALIKE, _SHORT_ALIKE = 0.6, 0.7


def sounds(name: str) -> str:
    """Return how a name in Latin script sounds: a sign a consonant, V for any vowels, "" for another script.

    Articles and doubling go; q, k and hard c meet, sh and ch, gh and g, dh and d, dj and j, and ou, u, v and w before
    a vowel.
    """
    text = bare(name).replace(" ", "")
    if not (text.isascii() and text.isalpha()):
        return ""
    if text.startswith("rh"):  # French writing of gh
        text = "g" + text[2:]
    text = _SOFT_C.sub("s", _SILENT.sub("", text))
    text = _GLIDE_Y.sub("y", _GLIDE_W.sub("w", text))
    text = _GROUP.sub(lambda found: _GROUPS[found.group()], text)
    return _DOUBLED.sub(lambda found: found.group(1) or "V", _VOWELS.sub("V", text))


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """Return the consonants of a name in Latin script; "" below three of them, below five letters, in another script.

    A vowel at the start is kept as one sign (Idlib is not Dalab). A skeleton of only three consonants also keeps where
    vowels stand after the second, since short ones meet too easily (Homs is not Hamas).
    """
    text = sounds(name)
    if len(text) < _FEWEST or len(bare(name).replace(" ", "")) < _SHORTEST:
        return ""
    consonants = text.replace("V", "")
    if len(consonants) < _FEWEST:
        return ""
    key = ("V" if text[0] == "V" else "") + consonants
    if len(consonants) > _FEWEST:
        return key
    tail = text[text.index(consonants[1], text.index(consonants[0]) + 1) :]
    return f"{key} {tail}"


def are_alike(one: str, other: str) -> bool:
    """Return whether two names share a skeleton and are also close as they are written.

    Close is a Levenshtein distance of at most 0.4 of the longer one, 0.3 where the skeleton has but three consonants,
    articles and spaces left out. It keeps "Country" from being Qunaytirah; the bounds were measured as the groups of
    letters were: they lose 3 % of the spellings found and four fifths of the English words taken for names.
    """
    shared = skeleton(one)
    if not shared or skeleton(other) != shared:
        return False
    first, second = (bare(name).replace(" ", "") for name in (one, other))
    longer = max(len(first), len(second))
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        above, row[0] = row[0], i
        for j, against in enumerate(second, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != against))
    return row[-1] <= (1 - (_SHORT_ALIKE if " " in shared else _ALIKE)) * longer


def key(name: str, level: Level) -> str:
    """Return the key under which a name is found at a level, "" where it has none."""
    if level is Level.SKELETON:
        return "" if is_abbreviation(name) else skeleton(name)
    return keys(name)[Level.EXACT - level]
