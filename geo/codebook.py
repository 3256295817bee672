"""The words of the data's description: what each column holds and what each code means, for people who did not make it.

Which columns and codes there are, the modules that read them say; `geo.schema` puts the two together.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Column(NamedTuple):
    """A column: its title and description, its Table Schema type, and what its cells must keep to."""

    title: str
    description: str
    type: str = "string"
    constraints: dict[str, Any] = {}  # noqa: RUF012 - a default that nothing changes


_NEEDED = {"required": True}
_ID = {"required": True, "unique": True}
_DAY = "A day in the story's time zone, as 2024-12-05."
_DEGREES = "Decimal degrees, WGS 84 (EPSG:4326)"
_DATE_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})"

PLACES = {
    "place_id": Column(
        "Place id",
        "The story's own id, or “gn” and the GeoNames id. Where places.csv and gazetteer.csv have the same id, or the same "
        "GeoNames id, the row of places.csv stands.",
        constraints=_ID,
    ),
    "name": Column("Name", "The spelling that the story uses.", constraints=_NEEDED),
    "arabic": Column("Arabic name", "The name in Arabic script; empty where none is known."),
    "kind": Column(
        "Kind",
        "What sort of place it is. acledGeoPrecision: the best that it allows, by precision.geographic.",
        constraints=_NEEDED,
    ),
    "lat": Column("Latitude", f"{_DEGREES}, north positive.", "number", {"required": True, "minimum": -90, "maximum": 90}),
    "lon": Column("Longitude", f"{_DEGREES}, east positive.", "number", {"required": True, "minimum": -180, "maximum": 180}),
    "country": Column(
        "Country", "ISO 3166-1 alpha-2, as SY; empty for what lies in no one country.", constraints={"pattern": "[A-Z]{2}"}
    ),
    "admin1": Column("Province", "GeoNames code of the first-level division, as 09; empty where unknown. Not a number."),
    "aliases": Column("Other names", "Other spellings, in any script, with | between them."),
    "geonameid": Column("GeoNames id", "Empty where GeoNames does not have the place.", "integer", {"minimum": 0}),
    "precision": Column(
        "Precision of the position", "How exactly it is known where the place lies.", "integer", {"required": True}
    ),
    "population": Column("Inhabitants", "People, after GeoNames; 0 or empty where unknown.", "integer", {"minimum": 0}),
    "near": Column("Drawn near", "place_id of the place by which a vague place is drawn; empty for all others."),
    "source": Column("Source", "Where the position and the name come from."),
}
CLAIMS = {
    "claim_id": Column("Claim id", "One claim is what one passage of one article says of one place.", constraints=_ID),
    "article": Column(
        "Article", "Id of the article that makes the claim, as its file in articles/ is called.", constraints=_NEEDED
    ),
    "start": Column(
        "Start",
        "Where the words begin, in Unicode code points from the start of the article's body, from 0.",
        "integer",
        {"required": True, "minimum": 0, "maximum": 999_999_999},
    ),
    "end": Column(
        "End",
        "Where the words end, in code points; the code point at this offset is no longer part of them.",
        "integer",
        {"required": True, "minimum": 0, "maximum": 999_999_999},
    ),
    "text": Column("Words", "The words of the article's body that the claim rests on, from start to end.", constraints=_NEEDED),
    "place": Column(
        "Place",
        "place_id of the place it is about. The place stands in places.csv or, if not there, in gazetteer.csv; since it may be "
        "either, no foreign key is declared.",
        constraints=_NEEDED,
    ),
    "kind": Column(
        "Kind",
        "What is said to have happened. changesControl: it can change who controls the place.",
        constraints=_NEEDED,
    ),
    "actor": Column(
        "Actor",
        "Id of who does it. Needed where the kind can change control; empty where nobody is named. In a denial: who holds the "
        "place by the word of the one who denies.",
    ),
    "against": Column("Against", "Ids of the actors it is done to, with ; between them; the codes are those of actor."),
    "extent": Column("Extent", "How much of the place it concerns; empty where the article does not say."),
    "date_start": Column("First possible day", f"{_DAY} Empty where the article sets no earliest day.", "date"),
    "date_end": Column(
        "Last possible day",
        f"{_DAY} Not before date_start, and not after the article's publication unless the claim is an announcement. A gain "
        "takes effect on this day.",
        "date",
        _NEEDED,
    ),
    "date_precision": Column(
        "Basis of the days",
        "What the two days rest on. acledTimePrecision: the best that it allows, by precision.time.",
        constraints=_NEEDED,
    ),
    "standing": Column("Standing", "Whether it lasted through the days; empty: it happened once, on one of them."),
    "implied": Column(
        "Implied", "Whether only the words around the passage name the place or the actor; empty: it names them."
    ),
    "claimant": Column(
        "Claimant",
        "Ids of the sources that say so, with ; between them; the article's own voice is one.",
        constraints=_NEEDED,
    ),
    "modality": Column("Modality", "How it is said.", constraints=_NEEDED),
    "relation": Column("Relation", "Whether it adds a report of its own.", constraints=_NEEDED),
    "reviewed_by": Column("Reviewed by", "Who read the claim against the article; empty: nobody yet, and no reader sees it."),
    "reviewed_at": Column(
        "Reviewed at",
        "The day or moment of that reading; empty: nobody yet, and no reader sees it.",
        constraints={"pattern": rf"(\d{{4}}-\d{{2}}-\d{{2}}|{_DATE_TIME})"},
    ),
    "note": Column("Note", "The editor's remark on how the passage was read."),
}
CORRECTIONS = {
    "corrected_at": Column(
        "Corrected at",
        "The moment with its offset from UTC, as 2024-12-07T09:30+03:00: a text, since seconds may be left out.",
        constraints={"required": True, "pattern": _DATE_TIME},
    ),
    "claim_id": Column("Claim", "claim_id of the claim; a corrected claim keeps its row in claims.csv.", constraints=_NEEDED),
    "action": Column("Action", "What was done to the claim.", constraints=_NEEDED),
    "field": Column("Field", "The column of claims.csv that was amended; empty otherwise."),
    "before": Column("Before", "What the field said until then, written as in claims.csv; empty unless it was amended."),
    "after": Column("After", "What it says from then on, written as in claims.csv; empty unless it was amended."),
    "why": Column("Why", "The reason that readers are given.", constraints=_NEEDED),
}
CONTROL = {
    "place_id": Column("Place id", PLACES["place_id"].description, constraints=_NEEDED),
    "name": PLACES["name"],
    "lat": PLACES["lat"],
    "lon": PLACES["lon"],
    "precision": PLACES["precision"],
    "valid_from": Column("Holds from", f"{_DAY} The first day on which the row holds.", "date", _NEEDED),
    "valid_to": Column("Holds until", f"{_DAY} The row no longer holds on it; empty where it still holds.", "date"),
    "status": Column(
        "Status", "Who holds the place, how well that is founded, and whether it is fought over.", constraints=_NEEDED
    ),
    "holder": Column("Holder", "Id of the actor that holds the place; empty where nobody is reported to."),
    "contender": Column("Contender", "Id of the actor that attacks, or is inside without holding it; empty where none does."),
    "contenders": Column(
        "All contenders", "Ids of all who attack or are inside, the contender among them, with ; between them."
    ),
    "extent": Column("Extent", "How much of the place the holder has; empty for all of it, or where no report says."),
    "possible_from": Column(
        "Possible from", f"{_DAY} The change may have come as early as this; empty where its day is known.", "date"
    ),
    "background": Column(
        "Background",
        "Whether it comes from public references on the time before the first report.",
        "boolean",
        _NEEDED,
    ),
    "since": Column(
        "Since", f"{_DAY} Since when the state has been of this kind: held so by that side, or fought over.", "date"
    ),
    "held_before": Column("Held before", "Id of the actor that held it before; empty where unknown."),
    "last_confirmed": Column("Last confirmed", f"{_DAY} The last day of which a claim confirms the row.", "date"),
    "law": Column("Law", "The rule by which the place came to this state."),
    "disputed_by": Column("Disputed by", "Ids of the sides that deny it, with ; between them; empty where none does."),
    "basis": Column("Basis", "claim_ids of the claims that the row rests on, with ; between them.", constraints=_NEEDED),
}

PLACE_TABLES = {
    "places": "The story's own places. A row here stands instead of a row of the gazetteer with the same id or GeoNames id.",
    "gazetteer": "Populated places, provinces and countries that articles may name, from GeoNames.",
}
PLACE_KINDS = {
    "city": "A city: a large populated place, or a capital.",
    "town": "A town.",
    "village": "A village or smaller populated place.",
    "province": "A first-level division of a country; its point stands for the whole of it.",
    "district": "A lower division; its point stands for the whole of it.",
    "region": "A stretch of country without borders of its own; its point stands for the whole of it.",
    "country": "A country; its point stands for the whole of it, and it never has a status.",
    "continent": "A continent or the like; its point stands for the whole of it, and it never has a status.",
    "border_crossing": "A crossing between two countries.",
    "airport": "A civil airport.",
    "airbase": "A military airfield.",
    "base": "Another military base, a naval one for instance.",
    "hill": "A hill or height.",
    "landmark": "A building or site that has a name.",
    "neighbourhood": "A part of a town or city.",
}
PLACE_PRECISIONS = {
    1: "Exact: the position is the place's own.",
    2: "Near: the article says only near which named place it is.",
    3: "Vague: the article says only in which region; the point stands for that region.",
}
CLAIM_KINDS = {
    "captured": "The actor took the place.",
    "controls": "The actor holds the place.",
    "entered": "The actor's forces came in; the place is not said to have fallen.",
    "clashes": "The actor fought at the place.",
    "repelled": "The actor beat an attack back.",
    "withdrew": "The actor left the place.",
    "besieges": "The actor surrounds the place.",
    "advancing": "The actor moved towards the place.",
    "strike": "The actor struck the place from the air or from afar.",
    "reinforced": "The actor sent forces to the place.",
    "border_closed": "The actor closed the crossing or border.",
    "border_opened": "The actor opened the crossing or border.",
    "presence": "The actor's forces are there; they are not said to hold it.",
    "displaced": "People fled the place.",
}
EXTENTS = {
    "part": "Part of the place.",
    "much": "Much of it.",
    "most": "Most of it.",
    "whole": "The whole of it, in so many words.",
}
DATE_PRECISIONS = {
    "day": "The article names the day.",
    "pub": "The day of publication: the article speaks of that day, or of how things stand on it.",
    "range": "The article names an interval.",
    "week": "The article names a week.",
    "by_pub": "At some time up to publication; the article gives no day.",
    "anaphoric": "A day that the article names elsewhere, and refers back to.",
    "standing": "A state that lasts; the article does not say when it began, or says so in years.",
    "none": "Nothing in the article gives a day.",
}
STANDINGS = {
    "throughout": "It held on each day from the first to the last.",
    "since": "It has held on each day since the first.",
    "first_since": "It happened once, for the first time since an earlier year that the article names.",
}
IMPLIED = {"yes": "The words around the passage are needed to name the place or the actor."}
MODALITIES = {
    "asserted": "The article says it in its own voice.",
    "attributed": "The article says who says so.",
    "announced": "The actor says that it will do so; it has not happened yet.",
    "denied": "The claimant says that it is not so.",
}
RELATIONS = {
    "originating": "A report of its own.",
    "relay": "It repeats a report that is already counted, and corroborates nothing.",
    "corroborating": "A second report that bears out an earlier one.",
}
ACTIONS = {
    "withdrawn": "The claim was taken back: from that moment it counts no more.",
    "amended": "One field of the claim was changed from that moment on.",
    "added": "The claim came in late: readers were told it only from that moment on.",
}
SOURCE_CLASSES = {
    "agency": "A news agency with reporters of its own.",
    "broadcaster": "A broadcaster with correspondents of its own.",
    "newspaper": "A newspaper.",
    "tabloid": "A tabloid, whose own voice counts as one weaker outlet.",
    "aggregator": "A publication that relays others.",
    "state agency": "A state's news agency or state media.",
    "monitor": "An organisation that monitors the conflict.",
    "party": "A party to the conflict, or who speaks for one.",
    "unnamed": "A source that the article does not name.",
    "reference": "Public references, for the time before the story only.",
}
ACLED_TIME = {
    1: "The day itself is reported.",
    2: "Reports place it within a week or about as long.",
    3: "Reports place it within a month or so, or less exactly.",
}
ACLED_PLACE = {
    1: "A populated place or site with its own position.",
    2: "Near a named place, or in a small part of a region: the point is that of a place close by.",
    3: "Only a larger region: the point stands for all of it.",
}
PROVIDERS = {
    "GeoNames": (
        {"title": "GeoNames", "path": "https://www.geonames.org"},
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0: the places whose source is GeoNames",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        },
    ),
    "Natural Earth": (
        {"title": "Natural Earth", "path": "https://www.naturalearthdata.com"},
        {
            "name": "other-pd",
            "title": "Public domain: borders, provinces and the positions whose source is Natural Earth",
            "path": "https://www.naturalearthdata.com/about/terms-of-use/",
        },
    ),
}
"""Who else's data a story may hold: by the word that its attribution or a place's source has, the source and its licence."""
