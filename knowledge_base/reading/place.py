"""Read where the business is: not where it sells, is moving to, buys from, or is not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from knowledge_base.places import Place
from knowledge_base.reading.heard import Finding, Heard, mended
from knowledge_base.reading.lists import listed
from knowledge_base.reading.own_place import is_own, seated
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
_JOINED = frozenset({".", "@"})
_WELL = ([",", "well", ","], [",", "well"], [",", "or", "rather"], [",", "or", "rather", ","])
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
        if not _listed_elsewhere(heard, mention, mentions[at - 1] if at else None, own) and is_own(
            heard, mention[0], mention[1], _broad(mention[2], areas)
        ):
            own.append(mention)
    chosen: tuple[int, int, Place] | None = None
    for mention in own:
        if (
            chosen is None
            or mended(heard.message, chosen[1], mention[0])
            or heard.message.lows[chosen[1] : mention[0]] in _WELL
            or seated(heard, mention[0]) > seated(heard, chosen[0])
            or _mostly(heard, chosen, mention)
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
    if heard.message.low(end) in {"one", "side"}:
        for _, last, other in mentions:
            if last < start and (pointed := _joined(other.name, told.name, resolve)) is not None:
                return Finding(pointed, start, end)
    if told.status == "ambiguous" and (which := _the_one(heard, told.name, resolve)) is not None:
        return which
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


def _mostly(heard: Heard, chosen: tuple[int, int, Place], mention: tuple[int, int, Place]) -> bool:
    """Say whether the finer place is named next: "in Neath Port Talbot, mostly Neath"."""
    between = heard.message.lows[chosen[1] : mention[0]]
    said = listed("place.mostly")
    if set(between) <= said | {",", "in", "(", "–", "around"} and said & set(between):
        return True
    return between == [","] and heard.message.low(mention[1]) in said


def _which_one(heard: Heard, resolve: Callable[[str], Place]) -> Finding | None:
    """Read "the Welsh one" of a place told before."""
    return _the_one(heard, _ambiguous(heard, resolve), resolve)


def _the_one(heard: Heard, told: str | None, resolve: Callable[[str], Place]) -> Finding | None:
    message = heard.message
    for at, word in enumerate(message.lows):
        points = message.low(at + 1) in {"one", "side"} or len(message) == 1
        if word not in _ADJECTIVES or not points or {"not", "isn't"} & set(message.before(at, 3)):
            continue
        if (name := _joined(told, _ADJECTIVES[word], resolve)) is not None:
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


def _broad(told: Place, areas: Mapping[str, Area]) -> bool:
    """Say whether a place is a whole country, or none of our areas: often a market or a memory."""
    return told.status == "outside" or all(
        code in areas and set(areas[code].within) <= {"eu"} for code in told.areas
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
