"""Take a trade said plainly for the sender's own, wherever it stands, unless a word says it is another's.

"Can a foundry do good", "the bakery floods", "our patients tell the girl on the desk". Read last: what
frames and verbs say of the sender outright stands before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from knowledge_base.reading.doing import does, forms
from knowledge_base.reading.frames import Phrases, cut
from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed, table
from knowledge_base.reading.trades import Mention, words_of

_OURS = frozenset({"my", "our"})
_EVIDENT = frozenset({"work", "people", "signs", "goods", "verbs"})
_HOUSES = {
    "fabrik": "manufacturing",
    "fabriken": "manufacturing",
    "gießerei": "manufacturing",
    "gjuteri": "manufacturing",
    "snickeri": "manufacturing",
    "bageri": "food_drink",
    "bäckerei": "food_drink",
    "bryggeri": "food_drink",
    "brauerei": "food_drink",
    "recycling": "energy_environment",
}
_THINGS = frozenset({"products", "goods", "stems"})


def plainly_told(heard: Heard, told: Iterable[Mention]) -> Finding | None:
    """Return the first trade of the table that nothing in the message gives to somebody else."""
    message = heard.message
    if listed("plainly.private") & set(message.lows):
        return None
    covered = -1
    found = [*told, *_done(heard), *_compounds(message.lows)]
    for mention in sorted(found, key=lambda m: (m.start, -m.end, m.kind)):
        if mention.end <= covered:
            continue
        covered = mention.end
        if mention.start in heard.places:
            continue
        if mention.kind == "verbs" or _evident(heard, mention) or _said_alone(heard, mention):
            sector = mention.sector
            if sector == "manufacturing" and mention.kind in _THINGS and resold(heard):
                sector = "retail_wholesale"
            return Finding(sector, mention.start, mention.end)
    return None


@cache
def _verbs() -> Phrases:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for sector, kinds in table("sectors").items():
        for phrase in words_of(kinds.get("verbs")):
            first, *rest = cut(phrase)
            rows.setdefault(sector, []).extend((form, *rest) for form in forms(first))
    return Phrases(rows)


def _compounds(lows: list[str]) -> list[Mention]:
    """Find works named in one word, as in Swedish, Danish and German: "cykelfabrik", "surdegsbageri"."""
    return [
        Mention(at, at + 1, "signs", sector)
        for at, word in enumerate(lows)
        for last, sector in _HOUSES.items()
        if word.endswith(last) and len(word) > len(last) + 2
    ]


def _done(heard: Heard) -> list[Mention]:
    """Find verbs that fix the trade whatever their object: "they mould plastic lids", "we weave"."""
    turned = [
        Mention(at, at + 1, "verbs", "manufacturing")
        for at, word in enumerate(heard.message.lows)
        if word in {"turn", "turns", "turning"} and "into" in heard.message.after(at, 7) and does(heard, at)
    ]
    return turned + [
        Mention(start, end, "verbs", sector)
        for sector, spans in _verbs().find(heard.message.lows).items()
        for start, end in spans
        if does(heard, start) or _client_does(heard, start)
    ]


def _client_does(heard: Heard, start: int) -> bool:
    """Say whether "they" are the client told of before: "my client has 22 staff, they mould lids"."""
    message = heard.message
    return message.low(start - 1) in {"they", "he", "she"} and "client" in message.lows[:start]


def _evident(heard: Heard, mention: Mention) -> bool:
    """Say whether it is a trade by itself, and nobody else's."""
    if mention.kind not in _EVIDENT:
        return False
    if mention.kind != "signs" and heard.message.low(mention.end - 1) in listed("plainly.met"):
        return False
    return not _refused(heard, mention)


def _refused(heard: Heard, mention: Mention) -> bool:
    """Say whether a word right by it gives it to a customer, a neighbour, a relative, or the past."""
    message = heard.message
    if message.low(mention.end) in listed("plainly.not_after"):
        return True
    before = message.before(mention.start, 9)
    if before[:2] in (["my", "of"], ["our", "of"], ["a", ","]) or (
        mention.kind == "goods" and before[:1] == ["of"]
    ):
        return True
    others = listed("plainly.others")
    leads = listed("sector.leads") - _OURS - others
    nearest = [word for word in before if word not in leads][:1]
    if listed("plainly.sought") & set(before) or listed("plainly.sought_after") & set(
        message.after(mention.end, 4)
    ):
        return True
    if message.low(mention.start - 1) not in _OURS and listed("plainly.kin") & set(before):
        return True
    many = message.low(mention.end - 1).endswith("s") and mention.kind != "goods"
    if many and nearest and nearest[0] in {"for", "to", "with", "of", "at", "in"}:
        return True  # "meal kits for care homes"
    return bool(others & {*before[:2], *nearest})


def _said_alone(heard: Heard, mention: Mention) -> bool:
    """Say whether things or work are all that is said, up to whom for: "Ring-spun yarn."."""
    message = heard.message
    if mention.kind not in _THINGS or message.low(mention.end - 1) in listed("plainly.wanted"):
        return False
    start, end = mention.start, mention.end
    first = message.segment_start(start)
    if start - first > 3 or not all(word.isalpha() or word == "-" for word in message.lows[first:start]):
        return False
    if set(message.lows[first:start]) & (listed("sector.not_ours") | listed("plainly.leads_not")):
        return False
    last = end + 1 >= len(message)  # "… a tenner in profit. Soap."
    whole = first == 0 or (message.ends_clause(first - 1) and last)
    if message.low(end) == "for" and first == 0:
        return message.after_mark(end) != "?"
    closed = message.low(end) in {".", "!", ";", "–"} or (message.low(end) == "," and not whole)
    if message.low(end) == "," and whole:
        closed = end + 1 in heard.places or mention.kind == "goods"
    return closed and len(message) > 1 and (whole or (mention.kind == "stems" and bool(heard.places)))


def gone_or_elsewhere(heard: Heard, start: int, end: int) -> bool:
    """Say whether it is in a place's name, a machine wished for, what one has not, or shut by others."""
    message = heard.message
    before = message.before(start, 4)
    if heard.places >= set(range(start, end)):
        return True
    if message.low(end - 1) == "cnc" and before[:1] in (["a"], ["the"]):
        return True
    if before[:3] == ["a", "have", "don't"]:
        return True
    return "shutting" in message.after(end, 6) and "we" not in message.after(end, 6)


def resold(heard: Heard) -> bool:
    """Say whether the sender sells it and is nowhere said to make it."""
    lows = heard.message.lows
    sells = any(lows[at : at + 2] in (["we", "sell"], ["i", "sell"]) for at in range(len(lows)))
    return sells and not heard.at("own.make")
