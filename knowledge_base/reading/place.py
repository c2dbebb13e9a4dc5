"""Read where the business is: not where it sells, is moving to, buys from, or is not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from knowledge_base.places import Place
from knowledge_base.reading.heard import Finding, Heard, mended
from knowledge_base.reading.lists import listed
from knowledge_base.records import Area


class FindsPlaces(Protocol):
    """What the reader needs of a gazetteer."""

    def find(self, text: str, near: Iterable[str] = ()) -> list[tuple[int, int, Place]]: ...

    def resolve(self, text: str, near: Iterable[str] = ()) -> Place: ...


CURRENCY_OF = {
    "uk": "GBP",
    "sweden": "SEK",
    "denmark": "DKK",
    "poland": "PLN",
    "hungary": "HUF",
    "germany": "EUR",
    "eu": "EUR",
}

_COUNTRY_LEVEL = frozenset({"uk", "eu", "england"})
_BETWEEN = frozenset({",", "in", "(", "–", "-", "/"})
_WE_LIVE: tuple[list[str], ...] = ([], ["i"], ["we"], ["and"], ["now"], ["still"], ["both"], [","])
_ITEM = frozenset({",", "(", "–", ":", "/", "and"})
_JOINED = frozenset({".", "@"})
_WELL = ([",", "well", ","], [",", "well"], [",", "or", "rather"], [",", "or", "rather", ","])
_NATIONS = frozenset(
    {"wales", "england", "scotland", "britain", "uk", "europe", "london", "ireland", "germany"}
)
_ADJECTIVES = {
    "welsh": "Wales",
    "english": "England",
    "scottish": "Scotland",
    "irish": "Northern Ireland",
    "swedish": "Sweden",
    "danish": "Denmark",
    "german": "Germany",
    "polish": "Poland",
    "hungarian": "Hungary",
}
_OPENINGS = (
    "based in",
    "located in",
    "we're in",
    "we are in",
    "i'm in",
    "i am in",
    "business is in",
    "situated in",
    "live in",
    "firm is in",
)


def place(
    heard: Heard,
    found: Sequence[tuple[int, int, Place]],
    areas: Mapping[str, Area],
    resolve: Callable[[str], Place],
) -> tuple[Finding | None, str | None]:
    """Return the place the business is in, or else a place it clearly names that we do not know.

    Of namesakes the words that tell them apart are kept: "Newport, Wales", also if Newport was told before.
    """
    mentions = [
        (_word_at(heard, start), _word_after(heard, end), told)
        for start, end, told in found
        if heard.message.text[start - 1 : start] not in _JOINED
    ]
    own: list[tuple[int, int, Place]] = []
    for at, mention in enumerate(mentions):
        if not _listed_elsewhere(heard, mention, mentions[at - 1] if at else None, own) and _own(
            heard, mention[0], mention[1], _broad(mention[2], areas)
        ):
            own.append(mention)
    chosen: tuple[int, int, Place] | None = None
    for mention in own:
        if (
            chosen is None
            or mended(heard.message, chosen[1], mention[0])
            or heard.message.lows[chosen[1] : mention[0]] in _WELL
            or _seated(heard, mention[0]) > _seated(heard, chosen[0])
            or (mention[0] - chosen[1] <= 1 and chosen[2].name != mention[2].name and _postcode(mention[2]))
        ):
            chosen = mention
    if chosen is not None and chosen[2].status != "unknown":
        return _told_apart(heard, chosen, mentions, resolve), None
    adjective = _which_one(heard, resolve)
    if adjective is not None:
        return adjective, None
    return None, None if mentions else _unheard_of(heard)


def _told_apart(
    heard: Heard,
    chosen: tuple[int, int, Place],
    mentions: Sequence[tuple[int, int, Place]],
    resolve: Callable[[str], Place],
) -> Finding:
    start, end, told = chosen
    for first, last, other in mentions if told.status == "ambiguous" else ():
        near = 0 <= first - end <= 2 and set(heard.message.lows[end:first]) <= _BETWEEN
        if near and (joined := _joined(told.name, other.name, resolve)) is not None:
            return Finding(joined, start, last)
    if (joined := _joined(_ambiguous(heard, resolve), told.name, resolve)) is not None:
        return Finding(joined, start, end)
    return Finding(told.name, start, end)


def _joined(name: str | None, wider: str, resolve: Callable[[str], Place]) -> str | None:
    """Return both names as one address if together they leave fewer areas than the first alone."""
    if not name or name == wider:
        return None
    alone, both = resolve(name), resolve(f"{name}, {wider}")
    sharper = both.status in {"known", "ambiguous"} and set(both.areas) < set(alone.areas)
    return f"{name}, {wider}" if sharper else None


def _ambiguous(heard: Heard, resolve: Callable[[str], Place]) -> str | None:
    """Return the place told before, if it may be several and the message is short enough to say which."""
    before = heard.profile.place if heard.profile is not None else None
    return before if before and heard.short and resolve(before).status == "ambiguous" else None


def _which_one(heard: Heard, resolve: Callable[[str], Place]) -> Finding | None:
    """Read "the Welsh one" of a place told before."""
    message = heard.message
    for at, word in enumerate(message.lows):
        points = message.low(at + 1) in {"one", "side"} or len(message) == 1
        if word not in _ADJECTIVES or not points or {"not", "isn't"} & set(message.before(at, 3)):
            continue
        if (name := _joined(_ambiguous(heard, resolve), _ADJECTIVES[word], resolve)) is not None:
            return Finding(name, at, min(at + 2, len(message)))
    return None


def _listed_elsewhere(
    heard: Heard,
    mention: tuple[int, int, Place],
    before: tuple[int, int, Place] | None,
    own: Sequence[tuple[int, int, Place]],
) -> bool:
    """Say whether it goes on a list of places that are not its own: "I deliver to Leeds, York and Hull"."""
    if before is None or not 0 < mention[0] - before[1] <= 2 or before in own[-1:]:
        return False
    between = set(heard.message.lows[before[1] : mention[0]])
    denied = "not" in heard.message.before(before[0], 2)
    if between == {","} and heard.message.low(mention[1]) not in {",", "and", "or"}:
        return False
    return between <= {",", "and", "or", "&", "/"} and not denied


def _part_of_a_name(heard: Heard, start: int, end: int) -> bool:
    """Say whether a name goes on after a place: "Dudley Zoo rang", "Cardiff Met did our prototype"."""
    message = heard.message
    if end >= len(message) or end in heard.places or message.low(start - 1) in {"in", "at", "near"}:
        return False
    word = message.words[end].text
    return word[:1].isupper() and word[1:].islower() and message.words[start].text[:1].isupper()


def _of_somebody_else(heard: Heard, start: int) -> bool:
    """Say whether it tells where some other thing is, as in "we use a foundry in Telford"."""
    before = heard.message.before(start, 12)
    if not before or before[0] not in {"in", "at", "near", "from"}:
        return False
    named = next((i for i, word in enumerate(before[1:6], 1) if word in listed("place.determiners")), None)
    if named is None or before[1] == "one":
        return False
    if before[named] in {"my", "our"}:
        return bool(listed("place.helpers") & set(before[1:named]))
    lead = before[named + 1 :]
    until = next((i for i, word in enumerate(lead) if word in _ITEM), len(lead))
    return bool(listed("place.elsewhere_verbs") & set(lead[:until]))


def _only_asked(heard: Heard, start: int) -> bool:
    """Say whether a question is about a place and not about a business there: "is the Derby event free"."""
    message = heard.message
    clause = message.before(start, 40)[::-1]
    asked = bool(clause) and clause[0] in listed("place.asking")
    return asked and not listed("place.mine") & set(clause)


def _own(heard: Heard, start: int, end: int, broad: bool) -> bool:
    message = heard.message
    before = message.before(start, 6)
    if message.low(start) in listed("place.months") and heard.asked != "place" and "based" not in before[:2]:
        return False
    opens = start == 0 or message.ends_clause(start - 1)
    if opens and message.low(end + 1) in {"is", "are", "was", "were"} and end < len(message):
        return False  # "Lancaster bombers are", "Worcester sauce is"
    if heard.asked != "place" and _part_of_a_name(heard, start, end):
        return False
    if heard.asked != "place" and _only_asked(heard, start):
        return False
    if before[:2] == ["of", "university"] or (
        {"miles", "mile"} & set(before) and {"off", "away"} & set(before)
    ):
        return False
    if before[:1] == ["of"] and not listed("place.sides") & set(before[1:3]):
        return False  # "a wedge of Caerphilly"
    if before[:1] == ["outside"] and message.low(start) in _NATIONS:
        return False
    if (before[:1] and before[0] in listed("place.not")) or (
        before[:2]
        and before[1:2]
        and before[1] in listed("place.not")
        and before[0] in {"in", "near", "from", "the"}
    ):
        return False
    if heard.asked == "place" and heard.short:
        return True
    if message.low(end) in listed("place.dont_count"):
        return False
    if {"there's", "there"} & set(before[:5]) and "a" in before[:4] and "#" not in before:
        return False
    if _of_somebody_else(heard, start):
        return False
    if listed("place.others") & set(before[: before.index(",")] if "," in before else before):
        return False
    if _seated(heard, start):
        return True
    if (
        before[:1] in (["in"], ["at"], ["from"], ["near"])
        and before[1:2]
        and before[1] in listed("place.people")
        and not _headcount(before[2:])
    ):
        return False
    if broad and not _opens(heard, start, end) and not _of_a_firm(before):
        return False
    stop = next((i for i, word in enumerate(before) if word in {",", "(", "–", ";"}), len(before))
    lead = set(before[:stop])
    if (
        before[:1] == ["in"]
        and "from" in before[1:5]
        and {"a", "my", "our", "the", "home"} & set(before[1:5])
    ):
        lead -= {"from", "sell", "selling"}
    if before[:1] == ["from"] and set(before[1:2]) & listed("employees.firm"):
        return True
    if before[:1] == ["from"] and listed("place.working") & set(before[1:4]):
        return True
    if before[:1] == ["from"]:
        return not lead & (listed("place.elsewhere") - {"from"}) and (
            stop == 1 or bool(lead & {"i'm", "we're", "are", "am", "client"})
        )
    if before[:1] == ["to"] and {"moved", "relocated"} & lead:
        return True
    if before[:1] == ["to"] or before[:1] == ["for"]:
        return False
    return not lead & listed("place.elsewhere")


def _headcount(before: Sequence[str]) -> bool:
    """Say whether the people before a place are the firm's own: "we are 12 people in Dudley"."""
    return before[:1] == ["#"] and (len(before) == 1 or before[1] in listed("place.counting"))


def _broad(told: Place, areas: Mapping[str, Area]) -> bool:
    """Say whether a place is a whole country, or none of our areas: often a market or a memory."""
    return told.status == "outside" or all(
        code in areas and set(areas[code].within) <= {"eu"} for code in told.areas
    )


def _opens(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    opens = start == 0 or message.ends_segment(start - 1)
    return opens and (end >= len(message) or message.ends_segment(end))


def _of_a_firm(before: Sequence[str]) -> bool:
    firms = {
        "firm",
        "company",
        "business",
        "shop",
        "factory",
        "bakery",
        "farm",
        "workshop",
        "studio",
        "client",
        "startup",
    }
    return before[:1] == ["in"] and before[1:2] != [] and before[1] in firms


def _seated(heard: Heard, start: int) -> int:
    """Say how surely the business sits there: 2 of "our unit is in", 1 of "I live in", 0 of no such words."""
    before = [word.removesuffix("'s") for word in heard.message.before(start, 6)]
    joins = {
        "in",
        "at",
        "near",
        "nr",
        "the",
        "just",
        "outside",
        "round",
        "around",
        "here",
        "over",
        "out",
        "of",
        "is",
        "only",
        "still",
    }
    at = next((i for i, word in enumerate(before[:5]) if word not in joins), None)
    if at is None or at == 0 or "not" in before[:4]:
        return 0
    if before[at] == "live" and before[at + 1 : at + 2] not in _WE_LIVE:
        return 0
    if before[at] in listed("place.seats") or ("is" in before[:at] and before[at] in listed("place.seats")):
        return 2
    return (
        1 if before[at] in listed("place.seated") and at < 4 else 1 if "is" in before[:at] and at == 1 else 0
    )


def _postcode(told: Place) -> bool:
    return any(character.isdigit() for character in told.name)


def _unheard_of(heard: Heard) -> str | None:
    """Return a place that was clearly told but that the gazetteer does not know."""
    message = heard.message
    if heard.asked == "place" and len(message) <= 5:
        kept = [
            w.text for w in message.words if w.text[:1].isalpha() and w.low not in listed("place.fillers")
        ]
        if kept and not any(w.low in listed("place.answers") for w in message.words):
            return " ".join(kept)[:80]
    for at in range(len(message)):
        two, three = " ".join(message.lows[at : at + 2]), " ".join(message.lows[at : at + 3])
        size = 2 if two in _OPENINGS else 3 if three in _OPENINGS else 0
        if size:
            name: list[str] = []
            for word in message.words[at + size : at + size + 4]:
                if (
                    not word.text[:1].isupper()
                    or not word.text[:1].isalpha()
                    or word.low in listed("place.fillers") | listed("place.months")
                ):
                    break
                name.append(word.text)
            if name:
                return " ".join(name)[:80]
    return None


def currency_at(told: Place | None, areas: Mapping[str, Area]) -> str | None:
    """Return the currency of the country a place lies in, as far as the areas say."""
    if told is None or told.status not in {"known", "ambiguous"}:
        return None
    seen: set[str] = set()
    waiting = [part for code in told.areas for part in code.split("&")]
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        if code in areas:
            waiting += areas[code].within
    return next((currency for code, currency in CURRENCY_OF.items() if code in seen), None)


def _word_at(heard: Heard, start: int) -> int:
    return bisect_right(heard.message.words, start, key=lambda word: word.end)


def _word_after(heard: Heard, end: int) -> int:
    return bisect_left(heard.message.words, end, key=lambda word: word.start)
