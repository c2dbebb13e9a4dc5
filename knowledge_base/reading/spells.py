"""Find spells of time ("six and a half years", "two decades") and say which are told as time in business.

"I've had this caff for 4 years", "twelve years we've been here", "it's six years since we opened". What was
bought, borrowed, waited for or suffered that long is no business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.quantity import Quantity
from knowledge_base.reading.text import Message

UNITS = {
    **dict.fromkeys(("year", "years", "yrs", "yr", "jahre", "jahren", "lat", "lata", "év", "éve"), 12),
    **dict.fromkeys(("month", "months", "mths", "mth", "mos", "monaten", "miesięcy"), 1),
    **dict.fromkeys(("decade", "decades"), 120),
}
_HALF = Decimal("0.5")
_MINE = frozenset({"i've", "we've", "i", "we", "we're", "i'm"})
_AUXILIARY = frozenset({"have", "now", "had", "also", "only", "just", "already"})

Spell = tuple[int, int, Quantity, int]


def spells(message: Message) -> Iterator[Spell]:
    """Yield each spell: where it starts and ends, how many, and the months of its unit."""
    for at, quantity in message.counted():
        end = at + 1 + (message.low(at + 1) == "-")
        if quantity.kind != "count":
            continue
        halved = message.lows[at + 1 : at + 4] == ["and", "a", "half"]
        unit = UNITS.get(message.low(at + 4 if halved else end))
        if unit is None:
            continue
        end = at + 5 if halved else end + 1
        if message.lows[end : end + 3] == ["and", "a", "half"] and unit == 12:
            halved, end = True, end + 3
        more = _months_more(message, end) if unit == 12 else None
        if more is not None:  # "3 yrs 2 months"
            quantity, end, unit = _plus(_times(quantity, 12), more[0]), more[1], 1
        yield at, end, _plus(quantity, _HALF) if halved else quantity, unit
    for at, low in enumerate(message.lows):
        if (
            low == "a"
            and UNITS.get(message.low(at + 1), 1) > 1
            and message.low(at - 1) not in {"half", "per"}
        ):
            one = Quantity(Decimal(1), Decimal(1), at, at + 2)
            if message.lows[at + 2 : at + 5] == ["and", "a", "half"] and message.low(at + 1) == "year":
                yield at, at + 5, _plus(one, _HALF), 12
            elif message.low(at + 1) == "decade":
                yield at, at + 2, one, 120


def _months_more(message: Message, at: int) -> tuple[Decimal, int] | None:
    """Read "2 months" or "and 2 months" after years."""
    at += message.low(at) in {"and", ","}
    more = message.words[at].quantity if at < len(message) else None
    if more is None or more.kind != "count" or more.exact is None or not 0 < more.exact < 12:
        return None
    return (more.exact, at + 2) if UNITS.get(message.low(at + 1)) == 1 else None


def _times(quantity: Quantity, factor: int) -> Quantity:
    low, high, said = (
        None if n is None else n * factor for n in (quantity.low, quantity.high, quantity.said)
    )
    return replace(quantity, low=low, high=high, said=said)


def _plus(quantity: Quantity, more: Decimal) -> Quantity:
    low, high, said = (None if n is None else n + more for n in (quantity.low, quantity.high, quantity.said))
    return replace(quantity, low=low, high=high, said=said)


def told(heard: Heard, at: int, end: int) -> bool:
    """Say whether the words round a spell make it the time the sender has been in business."""
    return (
        _fronted(heard, at, end)
        or _kept(heard, at, end)
        or _since_founding(heard, end)
        or _after(heard, at, end)
        or _summed(heard, at, end)
        or _in_tongues(heard, at, end)
    )


def _fronted(heard: Heard, at: int, end: int) -> bool:
    """Read "thirty-one year I've been here" and "20 yrs we have been doing this"."""
    message = heard.message
    ahead = message.after(end + (message.low(end) in {"now", "that", ","}), 8)
    if ahead[:1] not in (["i've"], ["we've"], ["i"], ["we"]) or not {"been", "bin"} & set(ahead[1:4]):
        return False
    alone = at == 0 or message.ends_segment(at - 1) or message.low(at - 1) in {"for", "it's", "is", "that's"}
    return alone and bool(listed("trading.being_in_business") & set(ahead[2:]))


def _kept(heard: Heard, at: int, end: int) -> bool:
    """Read "I've had this caff for 4 years" and "we have run our pub ten years"."""
    message = heard.message
    lead = [
        low for low in message.before(at, 9) if low not in {"for", "nearly", "almost", "now", "about", "over"}
    ]
    who = next((i for i, low in enumerate(lead) if low in _MINE), None)
    if who is None or who < 2 or any(message.ends_segment(i) for i in range(at - who - 1, at)):
        return False
    words = [low for low in lead[:who][::-1] if low not in _AUXILIARY - {"have", "had"}]
    ran = bool({"run", "owned", "managed", "running"} & set(words[:3]))
    had = bool({"had", "have", "owned"} & set(words[:2])) and words[-1] in listed("trading.held")
    if not (had or (ran and words[-1] not in {"run", "owned", "managed", "running"})):
        return False
    past = lead[who] in {"i", "we"} and "have" not in words[:1] and not had
    return not past and not listed("trading.never_held") & set(words)


def _since_founding(heard: Heard, end: int) -> bool:
    """Read "it's six years since I put the sign up" and "two years since we opened"."""
    message = heard.message
    ahead = message.after(end, 7)
    if ahead[:1] not in (["since"], ["ago"]) or ahead[1:2] not in (["i"], ["we"]):
        return False
    verb = next((low for low in ahead[2:4] if low not in {"first", "actually"}), "")
    if verb in {"started", "began", "set"}:
        rest = ahead[ahead.index(verb) + 1 :]
        return not rest or rest[0] in listed("trading.founding") or message.ends_segment(end + len(ahead))
    if verb == "put":
        return "sign" in ahead
    return verb in {"opened", "founded", "launched", "registered", "incorporated"} and not {
        "second",
        "new",
    } & {*ahead}


def _after(heard: Heard, at: int, end: int) -> bool:
    """Read "after eight months we've more orders than hours", where the clause opens so."""
    message = heard.message
    if message.low(at - 1) != "after" or not (at == 1 or message.ends_clause(at - 2)):
        return False
    ahead = message.after(end + (message.low(end) == ","), 4)
    now = ahead[:1] in (["we've"], ["i've"], ["we're"], ["i'm"]) or ahead[1:2] in (
        ["still"],
        ["have"],
        ["are"],
    )
    return now and ahead[:1] != ["the"] and not {"been", "got", "had", "finally"} & set(ahead[1:3])


def _summed(heard: Heard, at: int, end: int) -> bool:
    """Read "so eleven years in all" and "it's three years now" of a firm the clause names."""
    message = heard.message
    before = set(message.before(at, 25))
    named = before & (
        listed("trading.held") | {"start-up", "startup", "trading", "self-employed", "freelance"}
    )
    firm = bool(named or "account" in before or any(start < at for start, _ in heard.at("trading.startup")))
    in_all = (
        message.lows[end : end + 2] in (["in", "all"], ["all", "told"]) or message.low(end) == "altogether"
    )
    if in_all:
        return firm and not listed("trading.borrowed") & set(message.before(at, 4))
    closes = message.low(end) == "now" and (end + 1 >= len(message) or message.ends_segment(end + 1))
    return closes and message.low(at - 1) in {"it's", "is", "been"} and firm


def _in_tongues(heard: Heard, at: int, end: int) -> bool:
    """Read "seit 12 Jahren am Markt", "od 12 lat", "company is existing 5 years", "going on nine years"."""
    message = heard.message
    lead = message.before(at, 5)
    if lead[:1] in (["seit"], ["od"]):
        return message.low(end - 1) in {"jahren", "lat", "monaten", "miesięcy"} and not {
            "hat",
            "ma",
            "mam",
            "mamy",
            "habe",
            "haben",
        } & set(lead)
    if lead[:1] == ["for"]:
        lead = lead[1:]
    if lead[:1] in (["existing"], ["exist"], ["exists"], ["existed"]) or lead[:1] + lead[1:2] == [
        "market",
        "on",
    ]:
        return True
    if lead[:3] == ["market", "the", "on"]:
        return True
    ours = lead[2:3] in (["we're"], ["are"], ["i'm"], ["been"]) or (
        message.lows[end : end + 1] == ["now"]
        and lead[2:3] in (["business"], ["shop"], ["firm"], ["company"])
    )
    return lead[:2] == ["on", "going"] and ours
