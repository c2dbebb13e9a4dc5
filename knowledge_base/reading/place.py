"""Read where the business is: not where it sells, is moving to, buys from, or is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from knowledge_base.places import Place
from knowledge_base.reading.heard import Finding, Heard, mended
from knowledge_base.records import Area


class FindsPlaces(Protocol):
    """What the reader needs of a gazetteer."""

    def find(self, text: str, near: Iterable[str] = ()) -> list[tuple[int, int, Place]]: ...

    def resolve(self, text: str, near: Iterable[str] = ()) -> Place: ...


CURRENCY_OF = {
    "uk": "GBP", "sweden": "SEK", "denmark": "DKK", "poland": "PLN", "hungary": "HUF", "germany": "EUR", "eu": "EUR",
}

_SEATED = frozenset({"based", "live", "located", "situated", "we're", "i'm", "are", "am", "premises", "shop", "unit", "here", "office"})
_ELSEWHERE = frozenset(
    "export exports exporting sell sells selling sold import imports importing ship ships shipping buyers buyer customers customer "
    "clients competitor competitors supplier suppliers visit visiting trip relocate relocating expand expanding open opening cousins "
    "cousin landed contact contacts agent agents distributor distributors market markets trade tender holiday flying studied "
    "moving move opened launch launching second school from father brother sister mother friend mate solicitor court fair".split()
)
_NOT = frozenset({"not", "isn't", "aren't", "outside", "left", "near-not", "nowhere", "no-longer", "never"})
_DONT_COUNT = frozenset({"university", "uni", "council", "road", "street", "show", "market", "festival", "cheese", "chamber", "hospital"})
_COUNTRY_LEVEL = frozenset({"uk", "eu", "england"})
_OPENINGS = ("based in", "located in", "we're in", "we are in", "i'm in", "i am in", "business is in", "situated in", "live in", "firm is in")


def place(heard: Heard, found: Sequence[tuple[int, int, Place]]) -> tuple[Finding | None, str | None]:
    """Return the place the business is in, by the gazetteer's name for it, and a place told that is on no map of ours."""
    mentions = [(_word_at(heard, start), _word_after(heard, end), told) for start, end, told in found]
    own = [m for m in mentions if _own(heard, m[0], m[1])]
    chosen: tuple[int, int, Place] | None = None
    for mention in own:
        if chosen is None or mended(heard.message, chosen[1], mention[0]) or _seated(heard, mention[0]) and not _seated(heard, chosen[0]):
            chosen = mention
        elif mention[0] - chosen[1] <= 1 and chosen[2].name != mention[2].name and _postcode(mention[2]):
            chosen = mention
    if chosen is not None and chosen[2].status != "unknown":
        return Finding(chosen[2].name, chosen[0], chosen[1]), None
    return None, None if mentions else _unheard_of(heard)


def _own(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    before = message.before(start, 6)
    if before[:1] and before[0] in _NOT or before[:2] and before[1:2] and before[1] in _NOT and before[0] in {"in", "near", "from", "the"}:
        return False
    if heard.asked == "place" and heard.short:
        return True
    if message.low(end) in _DONT_COUNT:
        return False
    if _seated(heard, start):
        return True
    stop = next((i for i, word in enumerate(before) if word in {",", "(", "–", ";"}), len(before))
    lead = set(before[:stop])
    if before[:1] == ["from"]:
        return not lead & (_ELSEWHERE - {"from"}) and (stop == 1 or bool(lead & {"i'm", "we're", "are", "am", "client"}))
    if before[:1] == ["to"] or before[:1] == ["for"]:
        return False
    return not lead & _ELSEWHERE


def _seated(heard: Heard, start: int) -> bool:
    before = heard.message.before(start, 4)
    joins = {"in", "at", "near", "nr", "the", "just", "outside", "round", "around", "here", "over", "out"}
    at = next((i for i, word in enumerate(before) if word not in joins), None)
    return at is not None and at > 0 and before[at] in _SEATED and "not" not in before


def _postcode(told: Place) -> bool:
    return any(character.isdigit() for character in told.name)


def _unheard_of(heard: Heard) -> str | None:
    """Return a place that was clearly told but that the gazetteer does not know."""
    message = heard.message
    if heard.asked == "place" and len(message) <= 5:
        kept = [w.text for w in message.words if w.text[:1].isalpha() and w.low not in _FILLERS]
        if kept and not any(w.low in _ANSWERS for w in message.words):
            return " ".join(kept)[:80]
    for at in range(len(message)):
        two, three = " ".join(message.lows[at : at + 2]), " ".join(message.lows[at : at + 3])
        size = 2 if two in _OPENINGS else 3 if three in _OPENINGS else 0
        if size:
            name: list[str] = []
            for word in message.words[at + size : at + size + 4]:
                if not word.text[:1].isupper() or not word.text[:1].isalpha() or word.low in _FILLERS | _MONTHS:
                    break
                name.append(word.text)
            if name:
                return " ".join(name)[:80]
    return None


_FILLERS = frozenset("in near the we're i'm we are i am it's is based a at from just outside of".split())
_MONTHS = frozenset("january february march april may june july august september october november december q b2b it hr ai".split())
_ANSWERS = frozenset(
    "no yes not don't dunno why what skip pass private rather know idea sure same none nope yeah never who how nowhere everywhere "
    "online stop help cancel thanks hello hi".split()
)


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
    return next((at for at, word in enumerate(heard.message.words) if word.end > start), len(heard.message))


def _word_after(heard: Heard, end: int) -> int:
    return next((at for at, word in enumerate(heard.message.words) if word.start >= end), len(heard.message))
