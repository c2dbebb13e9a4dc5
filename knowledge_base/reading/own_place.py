"""Say whether a place that is named is where the business sits.

It is, unless something says otherwise: a market, a supplier, a visit, an event's name, somebody else's place.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.others_place import of_others

_WE_LIVE: tuple[list[str], ...] = ([], ["i"], ["we"], ["and"], ["now"], ["still"], ["both"], [","])
_ITEM = frozenset({",", "(", "–", ":", "/", "and"})
_NEAR = frozenset({"in", "at", "near", "nr", "around", "round"})
_BE = frozenset({"is", "are", "was", "were"})
_US = frozenset({"we", "i", "we're", "i'm", "we've", "i've", "it", "here"})
_TAKEN_OVER = frozenset({"inherited", "inheriting", "took", "taking", "taken", "bought"})
_NATIONS = frozenset(
    {"wales", "england", "scotland", "britain", "uk", "europe", "london", "ireland", "germany"}
)
_WE_TOO = (
    ["we", "are", "there"],
    ["we", "are", "here"],
    ["we're", "there"],
    ["i'm", "there"],
    ["i", "am", "there"],
    ["so", "are", "we"],
    ["so", "am", "i"],
    ["as", "are", "we"],
    ["where", "we", "are"],
    ["where", "we're"],
    ["where", "i", "am"],
    ["where", "i'm"],
    ["same", "town", "as"],
)


def is_own(heard: Heard, start: int, end: int, broad: bool) -> bool:
    """Say whether the business sits at words ``start`` to ``end``; ``broad`` places are whole countries."""
    message, asked = heard.message, heard.asked == "place"
    before = message.before(start, 6)
    if message.low(start) in listed("place.months") and not asked and "based" not in before[:2]:
        return False
    if _told_of(heard, start, end):
        return False
    if not asked and (_part_of_a_name(heard, start, end) or _event(heard, start, end)):
        return False
    if not broad and (_we_too(heard, end) or _taken_over(heard, start) or _addressed(before)):
        return True
    if not asked and _only_asked(heard, start):
        return False
    if _far_or_denied(heard, start, end, before):
        return False
    if asked and heard.short:
        return True
    if _on_a_market(heard, start, end):
        return not broad
    if message.low(end) in listed("place.dont_count") or _there_is(before):
        return False
    if _of_somebody_else(heard, start) or of_others(heard, start, end) or _one_more(heard, start):
        return False
    if listed("place.others") & set(before[: before.index(",")] if "," in before else before):
        return False
    if before[:1] == ["is"] and set(before[1:3]) & listed("place.helpers"):
        return False  # "our supplier is Sheffield based"
    if seated(heard, start) or (before[:2] == ["in", "client's"] and before[2:3] in ([], ["my"], ["the"])):
        return True
    if _peopled(before) and not _headcount(before[2:]) and not _served_here(heard, start):
        return False
    if broad and not _opens(heard, start, end) and not _of_a_firm(before):
        return False
    return _by_its_lead(heard, start, end, before)


def seated(heard: Heard, start: int) -> int:
    """Say how surely the business sits there: 2 of "our unit is in", 1 of "I live in", 0 of no such words."""
    before = [word.removesuffix("'s") for word in heard.message.before(start, 6)]
    if "ourselves" in before[:3] and set(before[: before.index("ourselves")]) <= {",", ":", "in", "at", "–"}:
        return 3
    if before[:1] in (["we're"], ["i'm"]):
        return 1
    if listed("place.extra") & set(before):
        return 0
    at = next((i for i, word in enumerate(before[:5]) if word not in listed("place.seat_joins")), None)
    if at is None or at == 0 or "not" in before[:4]:
        return 0
    if before[at] == "live" and before[at + 1 : at + 2] not in _WE_LIVE:
        return 0
    if before[at] in listed("place.seats") or ("is" in before[:at] and before[at] in listed("place.seats")):
        return 2
    return (
        1 if before[at] in listed("place.seated") and at < 4 else 1 if "is" in before[:at] and at == 1 else 0
    )


def _by_its_lead(heard: Heard, start: int, end: int, before: Sequence[str]) -> bool:
    """Judge a place by the words of its segment that lead to it."""
    message = heard.message
    stop = next((i for i, word in enumerate(before) if word in {",", "(", "–", ";"}), len(before))
    lead = set(before[:stop])
    if (
        before[:1] == ["in"]
        and "from" in before[1:5]
        and {"a", "my", "our", "the", "home"} & set(before[1:5])
    ):
        lead -= {"from", "sell", "selling"}
    if before[:1] == ["from"]:
        return _from_there(heard, start, end, lead, stop)
    if before[:1] == ["to"]:
        return bool({"moved", "relocated"} & lead) or _arrived(heard, start, end)
    if before[:1] == ["for"]:
        return False
    if _sold_there(heard, start):
        lead -= {"sell", "selling"}
    if _first_opened(before):
        lead -= {"open", "opening", "launch"}
    if {"stall", "pitch"} & set(before):
        lead -= {"market"}
    if before[1:2] and before[1] in listed("place.streets") and "from" in before[2:5]:
        lead -= listed("place.outwards") | {"from"}
    if message.before(start, 40)[-3:] in (["market", "a", "there"], ["there", "is"]) or (
        "market" in lead and {"is", "there"} <= set(message.before(start, 20)[-4:])
    ):
        lead -= {"market", "markets"}
    return not lead & listed("place.elsewhere")


def _from_there(heard: Heard, start: int, end: int, lead: set[str], stop: int) -> bool:
    message = heard.message
    before = message.before(start, 9)
    if set(before[1:2]) & listed("employees.firm") or listed("place.working") & set(before[1:4]):
        return True
    if listed("place.by_wire") & set(before[1:9]) or _sent_out(before):
        return True
    if lead & (listed("place.elsewhere") - {"from"}):
        return False
    if stop == 1 or lead & {"i'm", "we're", "are", "am", "client"}:
        return True
    # "Sausage from Gyula. The old house has rooms like a castle."
    short = len(before) <= 5 and (end >= len(message) or message.ends_segment(end))
    theirs = listed("place.received") | listed("place.people") | listed("place.elsewhere_verbs") | _BE
    return short and not theirs & set(before) and not listed("place.mine") & set(before)


def _sent_out(before: Sequence[str]) -> bool:
    """Read "we ship all over Europe from Ebbw Vale"."""
    at = next((i for i, word in enumerate(before) if word in listed("place.outwards")), None)
    return at is not None and before[at + 1 : at + 2] in (["we"], ["i"], ["and"])


def _first_opened(before: Sequence[str]) -> bool:
    """Read "I want to open a nursery in Blaenavon", not one more shop of a firm that sits elsewhere."""
    at = next((i for i, word in enumerate(before) if word in {"open", "opening", "launch"}), None)
    if at is None or before[0] not in _NEAR or before[at - 1] not in {"a", "an", "my", "our"}:
        return False
    return not (listed("place.extra") | listed("place.outposts")) & set(before)


def _one_more(heard: Heard, start: int) -> bool:
    """Read "we want to open a second shop in Bridgend"."""
    before = heard.message.before(start, 12)
    more = before[:1] and before[0] in _NEAR and listed("place.extra") & set(before[1:5])
    return bool(more) and bool({"open", "opening", "launch", "launching", "opened"} & set(before))


def _on_a_market(heard: Heard, start: int, end: int) -> bool:
    """Read "Walsall market." and "a stall on Leicester market", not of a market to sell to."""
    message = heard.message
    if message.low(end) != "market" or listed("place.aims") & set(message.before(start, 8)):
        return False
    if message.low(end + 1) in listed("place.stalls"):
        return True
    before = message.before(start, 6)
    if before[:1] == ["on"]:
        return True
    if before[:1] in (["at"], ["in"]):
        return bool(listed("place.stalls") & set(before[1:]))
    opens = not before or message.ends_segment(start - 1)
    return opens and (
        end + 1 >= len(message) or message.ends_segment(end + 1) or message.low(end + 1) == "since"
    )


def _peopled(before: Sequence[str]) -> bool:
    """Say whether a person stands before a place: "a man in Leeds", "my aunt, now in Leeds"."""
    if not before or before[0] not in _NEAR | {"from"} or not set(before[1:2]) & listed("place.people"):
        return False
    if before[1] == "mine":
        return before[2:3] == ["of"]
    if before[1] == "now":
        person = listed("place.people") | listed("place.relatives") | {"he", "she", "they"}
        return bool(person & set(before[2:6])) and bool({"my", "a", "our", "is", "who"} & set(before[2:7]))
    return True


def _served_here(heard: Heard, start: int) -> bool:
    """Read "every Thursday we feed 90 people in Rhymney", which they do where they are."""
    before = heard.message.before(start, 10)
    at = next((i for i, word in enumerate(before) if word in listed("place.serving")), None)
    return at is not None and bool({"we", "i", "and"} & set(before[at + 1 : at + 3]))


def _arrived(heard: Heard, start: int, end: int) -> bool:
    """Read "I came to Växjö from Syria" and "I come back after eight years abroad to Tychy"."""
    message = heard.message
    before = message.before(start, 14)
    at = next((i for i, word in enumerate(before) if word in {"came", "come", "returned", "settled"}), None)
    if at is None or not {"i", "we", "i've", "we've"} & set(before[at + 1 : at + 3]):
        return False
    visiting = {"for", "on", "every", "often", "to", "visit", "see"} & set(message.after(end, 2))
    return not visiting and not listed("place.aims") & set(before[: at + 3])


def _sold_there(heard: Heard, start: int) -> bool:
    """Say whether it reads "we sell Polish groceries in Leicester", which a shop there says."""
    before = heard.message.before(start, 6)
    at = next((i for i, word in enumerate(before) if word in {"sell", "selling"}), None)
    if at is None or before[0] not in {"in", "at"} or not 2 <= at <= 4:
        return False
    plain = not {"to", "most", "mostly", "lot", "more", "well", "best", "online", "direct"} & set(
        before[1:at]
    )
    return plain and before[at + 1 : at + 2] in (["we"], ["i"]) and len(before) == at + 2


def _told_of(heard: Heard, start: int, end: int) -> bool:
    """Say whether the place is what a clause is about: "Lancaster bombers are", "Barcs was the old one"."""
    message = heard.message
    if start and not message.ends_clause(start - 1):
        return False
    if message.low(end) in {"was", "were"}:
        return True
    named = message.low(end).isalpha() and message.low(end) not in _US | _BE | {"that", "this"}
    return named and message.low(end + 1) in _BE


def _part_of_a_name(heard: Heard, start: int, end: int) -> bool:
    """Say whether a name goes on after a place: "Dudley Zoo rang", "Cardiff Met did our prototype"."""
    message = heard.message
    if end >= len(message) or end in heard.places or message.low(start - 1) in {"in", "at", "near"}:
        return False
    word = message.words[end].text
    return word[:1].isupper() and word[1:].islower() and message.words[start].text[:1].isupper()


def _event(heard: Heard, start: int, end: int) -> bool:
    """Say whether it only names an event or a scheme: "the Aston innovation voucher", "the Derby fair"."""
    message = heard.message
    if message.low(start - 1) in {"in", "near", "nr", "outside"}:
        return False
    pointed = message.low(start - 1) in {"the", "that", "this", "your", "those"}
    kinds = listed("place.events") | (listed("place.funds") if pointed else frozenset())
    for at in range(end, min(end + 4, len(message))):
        word = message.low(at)
        if not word.isalpha() or word in listed("place.stops") or at in heard.places:
            return False
        if word in kinds:
            return True
    return False


def _we_too(heard: Heard, end: int) -> bool:
    """Say whether the next words put the business there as well: "A professor in Lund … We are there too"."""
    lows = heard.message.lows[end : end + 16]
    return any(lows[at : at + len(words)] == words for at in range(len(lows)) for words in _WE_TOO)


def _taken_over(heard: Heard, start: int) -> bool:
    """Read "I took over mother's weaving mill in Ulricehamn"."""
    before = heard.message.before(start, 10)
    at = next((i for i, word in enumerate(before) if word in _TAKEN_OVER), None)
    if (
        at is None
        or before[0] not in _NEAR
        or not ({"i", "we", "i've", "we've"} & set(before[at + 1 : at + 3]) or at + 1 == len(before))
    ):
        return False
    over = before[at].startswith("inherit") or before[at - 1 : at] == ["over"]
    return over and not listed("place.aims") & set(before)


def _addressed(before: Sequence[str]) -> bool:
    """Read "the address is from now in Nagyatád"."""
    return before[:1] in (["in"], ["is"]) and "address" in before and "not" not in before


def _of_somebody_else(heard: Heard, start: int) -> bool:
    """Say whether it tells where some other thing is, as in "we use a foundry in Telford"."""
    before = heard.message.before(start, 12)
    if not before or before[0] not in {"in", "at", "near", "from"}:
        return False
    named = next((i for i, word in enumerate(before[1:6], 1) if word in listed("place.determiners")), None)
    if named is None or before[1] == "one":
        return False
    if before[named] in {"my", "our"}:
        if {"started", "founded", "built", "began"} & set(before[1:named]):
            return False  # "my dad started the forge in Clun"
        return bool(listed("place.helpers") & set(before[1:named]))
    lead = before[named + 1 :]
    until = next((i for i, word in enumerate(lead) if word in _ITEM), len(lead))
    return bool(listed("place.elsewhere_verbs") & set(lead[:until]))


def _only_asked(heard: Heard, start: int) -> bool:
    """Say whether a question is about a place and not about a business there: "is the Derby event free"."""
    message = heard.message
    clause = message.before(start, 40)[::-1]
    if not clause or clause[0] not in listed("place.asking") or listed("place.mine") & set(clause):
        return False
    sought = clause[1:2] == ["there"] or clause[0] in listed("place.asking_help")
    there = clause[-1] in {"in", "near", "nr", "around", "round"} and "the" not in clause[1:-1]
    return not (sought and there and not listed("place.chatter") & set(clause))


def _far_or_denied(heard: Heard, start: int, end: int, before: Sequence[str]) -> bool:
    message = heard.message
    if before[:2] == ["of", "university"] or (
        {"miles", "mile"} & set(before) and {"off", "away"} & set(before)
    ):
        return True
    if before[:1] == ["of"] and not listed("place.sides") & set(before[1:3]):
        return True  # "a wedge of Caerphilly"
    if before[:1] == ["outside"] and message.low(start) in _NATIONS:
        return True
    if before[:1] and before[0] in listed("place.beyond") and not {"just", "we're"} & set(before[1:3]):
        return True
    if message.low(end) == "to" and end + 1 in heard.places:
        return True  # "after eight years in England to Tychy"
    if before[:1] and before[0] in listed("place.not"):
        return True
    return bool(
        before[1:2] and before[1] in listed("place.not") and before[0] in {"in", "near", "from", "the"}
    )


def _there_is(before: Sequence[str]) -> bool:
    """Say whether it reads "there's a fair in Derby"; "is there a grant in Derby" asks for oneself."""
    at = next((i for i, word in enumerate(before[:5]) if word in {"there's", "there"}), None)
    if at is None or "a" not in before[:4] or "#" in before:
        return False
    return before[at + 1 : at + 2] not in (["is"], ["are"])


def _headcount(before: Sequence[str]) -> bool:
    """Say whether the people before a place are the firm's own: "we are 12 people in Dudley"."""
    return before[:1] == ["#"] and (
        len(before) == 1 or before[1] in listed("place.counting") | {"–", "(", ":", ","}
    )


def _opens(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    opens = start == 0 or message.ends_segment(start - 1)
    return opens and (end >= len(message) or message.ends_segment(end))


def _of_a_firm(before: Sequence[str]) -> bool:
    return before[:1] == ["in"] and bool(set(before[1:2]) & listed("place.firms"))
