"""Read the sector from plain words for what a business does. Its first own activity wins.

A word counts when the message says it of the business itself: after "we run a", "our", "I'm a", or opening
a fragment such as "Bakery in Dudley". "We sell to manufacturers" and "our accountant" do not count.
"""

from __future__ import annotations

from knowledge_base.reading.doing import doings
from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.in_short import WANTED, opens_with_a_trade
from knowledge_base.reading.lists import listed
from knowledge_base.reading.making import makes, makes_something
from knowledge_base.reading.own_trade import somebody_elses, turned_round
from knowledge_base.reading.plainly import gone_or_elsewhere, plainly_told, resold
from knowledge_base.reading.segments import closes, opens
from knowledge_base.reading.trades import Mention, mentions

_AT_HOME = frozenset({"garage", "bar", "chapel", "church"})
_WORKS = frozenset({"factory", "manufacturer", "manufacturers", "mfr", "foundry"})
_REACH = 7
_VAGUE = frozenset({"small", "family", "independent", "based", "got", "as"})
_NOBODY_OURS = frozenset(
    {"accountant", "landlord", "members", "are", "lad", "girl", "bloke", "manager", "running"}
)


def sector(heard: Heard) -> Finding | None:
    """Return the sector of the first activity the message says is the business's own."""
    told = list(mentions(heard.message.lows))
    if heard.of_client:
        told = [each for each in told if " ".join(heard.message.lows[each[0] : each[1]]) not in WANTED]
    found = [mention for mention in told if mention.kind != "signs"]
    found += [Mention(start, end, "does", name) for start, end, name in doings(heard)]
    covered, last = -1, (-1, -1)
    for start, end, kind, name in sorted(found, key=lambda m: (m[0], -m[1], m[2:])):
        seen, last = end <= covered and (start, end) != last, (start, end)
        covered = max(covered, end)
        if not seen and _own(heard, Mention(start, end, kind, name)):
            if kind == "products" and name == "manufacturing" and start < 3 and resold(heard):
                name = "retail_wholesale"
            return Finding("manufacturing" if _joinery_making(heard, start, end) else name, start, end)
        if not seen and kind == "products" and name == "manufacturing" and _sold_on(heard, start):
            return Finding("retail_wholesale", start, end)
    return makes_something(heard) or plainly_told(heard, told)


def _own(heard: Heard, mention: Mention) -> bool:
    """Say whether what is named is the business's own activity, or the bare answer to what it does."""
    start, end, kind, sector = mention
    message = heard.message
    if kind == "does" or _labelled(heard, start):
        return True
    asked = heard.asked == "sector"
    if not asked:
        if somebody_elses(heard, start, end) or gone_or_elsewhere(heard, start, end):
            return False
        if kind == "field":
            return _just_it(heard, start, end)
        if opens_with_a_trade(heard, start, end):
            return True
    if kind == "people" and not asked:
        own = _is_one(heard, start, end)
    elif kind in {"products", "goods"}:
        own = makes(heard, start, end) or _in_short(heard, start, end) or _an_item(heard, start, end)
        own = own or _does(heard, start, end)
    elif kind == "stems":
        own = _an_item(heard, start, end) or _does(heard, start, end, kind)
    elif kind == "premises":
        own = (
            opens(heard, start) and closes(heard, end) and message.low(start - 1) not in {"my", "our", "the"}
        )
    else:
        own = _runs(heard, start, end) or (message.low(start - 1) == "doing" and _does(heard, start, end))
    if own or turned_round(heard, start, end, kind, sector):
        return True
    return asked and heard.short and not listed("sector.not_ours") & set(heard.message.before(start, 2))


def _sold_on(heard: Heard, start: int) -> bool:
    """Say whether things are sold by who is nowhere said to make them: "I sell bath bombs"."""
    before = [
        word
        for word in heard.message.before(start, 5)
        if word not in listed("sector.leads") or word in "i we"
    ]
    sold = before[:2] in (
        ["sell", "i"],
        ["sell", "we"],
        ["selling", "i'm"],
        ["resell", "i"],
        ["resell", "we"],
    )
    return (
        sold and not heard.at("own.make") and not {"invented", "patent", "designed"} & set(heard.message.lows)
    )


def _labelled(heard: Heard, start: int) -> bool:
    """Say whether a word is given as on a form: "Industry: food manufacturing", "sector is logistics"."""
    message, fields = heard.message, listed("trades.fields")
    before, earlier = message.low(start - 1), message.low(start - 2)
    return (before in fields and earlier in {",", ".", "our", ";"}) or (
        before in {":", "is", "=", "–"} and earlier in fields
    )


def _just_it(heard: Heard, start: int, end: int) -> bool:
    """Say whether "IT" is written as the trade, and is all a segment says."""
    word = heard.message.words[start]
    asked = heard.message.low(end) == "?"
    return (
        word.text == "IT"
        and not asked
        and end == start + 1
        and len(heard.message) > 1
        and _alone(heard, start, end)
    )


def _alone(heard: Heard, start: int, end: int) -> bool:
    """Say whether a word ends a segment it opens or "a" leads to: "hosiery, Leicester", "I run a barbers"."""
    closed = end >= len(heard.message) or heard.message.ends_segment(end)
    return closed and (heard.message.low(start - 1) == "a" or opens(heard, start))


def _an_item(heard: Heard, start: int, end: int) -> bool:
    """Say whether it is all an item says, where a place or people are told: "Groundworks. Nine men, Leek"."""
    message = heard.message
    stated = {"ltd", "limited", "start", "startup", "since", "est", "established", "trader"} & set(
        message.lows
    )
    told = bool(heard.places or stated) or any(
        heard.at(f"employees.{label}") for label in ("group", "strong", "alone")
    )
    closed = end >= len(message) or message.ends_segment(end) or message.low(end) == "–"
    if message.low(end) in {"and", "&", "n"}:  # "badges and medals."
        closed = any(at >= len(message) or message.ends_segment(at) for at in range(end + 2, end + 5))
    opens = start == 0 or message.ends_segment(start - 1) or message.low(start - 1) == "–"
    item = opens and closed and message.low(end) != "?" and len(message) > end - start
    listing = message.low(end) == "," and message.low(start - 1) == ","
    return told and item and len(message) <= 40 and (not listing or len(message) <= 16)


def _does(heard: Heard, start: int, end: int, kind: str = "work") -> bool:
    """Say whether "we do" stands before it: "we do cloud software", "12 people doing tarpaulins"."""
    before = heard.message.before(start, 6)
    if before[:1] == ["doing"] and not listed("doing.not_yet") & set(before[1:3]):
        people = {"people", "us", "staff", "we're", "i'm", "been", "we", "#"} & set(before[1:4])
        return bool(people) or heard.message.ends_segment(start - 2)
    at = before.index("do") if "do" in before[:3] else None
    done = (
        kind == "stems"
        or heard.message.low(end) in {"and", "for", "&", "mostly", "mainly", "n"}
        or closes(heard, end)
    )
    return (
        at is not None
        and done
        and before[at + 1 : at + 2] in (["we"], ["i"])
        and not {"what", "how", "if", "can", "could", "should"} & set(before[:4])
    )


def _in_short(heard: Heard, start: int, end: int) -> bool:
    """Say whether a message opens a sentence with what is made and where: "Hinges, Gnosjö"."""
    message = heard.message
    opens = start == 0 or message.ends_clause(start - 1)
    return opens and message.low(end) == "," and end + 1 in heard.places


def _joinery_making(heard: Heard, start: int, end: int) -> bool:
    """Say whether a joinery is told to make things, as in "our joinery makes sash windows"."""
    makes = heard.starts("own.make")
    follows = end in makes or (heard.message.low(end) in {"that", "which"} and end + 1 in makes)
    return heard.message.lows[start:end] == ["joinery"] and follows


def _runs(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    before = message.before(start, _REACH)
    following = message.low(end)
    if following in listed("sector.not_after") or (following.endswith("ing") and opens(heard, start)):
        return False
    if following in {"owner", "owners"} and not (opens(heard, start) and closes(heard, end + 1)):
        return False
    if {"who'd", "who"} & set(message.after(end, 4)[:3]) and message.low(end - 1).endswith("s"):
        return False
    if message.low(start) in _AT_HOME and _at_home(before):
        return False
    if before[:1] in (["home"], ["in"], ["my"]) and before[1:2] == ["in"]:
        return False
    gap = _own_gap(heard, "have", start)
    if gap is not None:
        between = message.lows[start - gap : start]
        unlike = listed("sector.not_ours") | _NOBODY_OURS
        if not unlike & set(between) and not {"members", "customers", "clients", "suppliers"} & set(before):
            return True
        return "," in between and _heads(heard, start, end)
    return _heads(heard, start, end) or _for_ours(heard, start)


def _at_home(before: list[str]) -> bool:
    """Say whether a garage or a chapel is only something they have: "12 bikes, a garage"."""
    at_work = before[1:2] and before[1] in {
        "run",
        "own",
        "we're",
        "are",
        "i'm",
        "am",
        "is",
        "inherited",
        "from",
    }
    return before[:1] == ["my"] or (before[:1] == ["a"] and len(before) > 1 and not at_work)


def _heads(heard: Heard, start: int, end: int) -> bool:
    """Say whether a word heads a segment; of several ("Shops want 12 months") it must also be all it says."""
    if heard.message.low(start - 1) in {"second", "third", "another", "new"}:
        return False
    if _some_works(heard, start, end):
        return True
    several = heard.message.low(end - 1).endswith("s") and heard.message.low(end) not in {"and", "&", "for"}
    return opens(heard, start) and (not several or closes(heard, end))


def _some_works(heard: Heard, start: int, end: int) -> bool:
    """Say whether one word we do not know says what a works makes: "clock factory in Leominster"."""
    message = heard.message
    unknown = message.low(start - 1)
    if message.low(end - 1) not in _WORKS or not unknown.isalpha() or not closes(heard, end):
        return False
    odd = listed("sector.not_ours") | listed("sector.sought") | {"my", "our", "the", "a", "own"}
    return unknown not in odd and opens(heard, start - 1)


def _for_ours(heard: Heard, start: int) -> bool:
    """Say whether help is asked for it: "is there any help for a small florist in Stourbridge"."""
    for _, end in heard.around("own.for", start - 4, start):
        if 0 <= start - end <= 4 and set(heard.message.lows[end:start]) <= listed("sector.leads"):
            return True
    return False


def _is_one(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    lead = message.before(start, 6)
    at = next(
        (
            i
            for i, word in enumerate(lead)
            if word in {"i'm", "am", "we're", "are", "as", "being", "client", "jestem"}
        ),
        None,
    )
    if (
        at is not None
        and at <= 4
        and not listed("sector.not_ours") & set(lead[:at])
        and "not" not in lead[: at + 1]
    ):
        if lead[at] == "as" and {"work", "working", "worked", "job", "train", "lads", "them"} & {
            *lead[at:],
            *message.before(start, 10),
        }:
            return False
        return not (lead[at] == "are" and lead[at + 1 : at + 2] not in (["we"], ["you"]))
    described = next((i for i, word in enumerate(lead) if word not in listed("sector.leads")), len(lead))
    if lead[described : described + 2] in (["is", "client"], ["am", "i"]) or lead[:2] == ["a", "now"]:
        return True
    if _for_ours(heard, start):
        return True
    if message.low(start - 1) in {"my", "our", "#"}:
        return False
    if (message.low(end) == "here" and opens(heard, start)) or message.lows[end : end + 2] == [
        "by",
        "trade",
    ]:
        return True
    return opens(heard, start) and closes(heard, end)


def _own_gap(heard: Heard, label: str, start: int) -> int | None:
    """Count the words since the nearest own cue, if only describing words stand between."""
    best = None
    for cue, end in heard.around(f"own.{label}", start - _REACH, start):
        gap = start - end
        if 0 <= gap <= _REACH and not any(heard.message.ends_clause(i) for i in range(end, start)):
            between = set(heard.message.lows[end:start])
            if heard.message.low(start).endswith("s") and heard.message.low(cue) in {"our", "my"}:
                if any(word.endswith("s") and word not in listed("sector.leads") for word in between):
                    continue  # "our software tells dentists when"
                if heard.message.low(cue - 1) == "of":
                    continue  # "two of my hairdressers"
            vague = heard.message.low(cue) in _VAGUE and heard.message.low(cue - 1) in listed("sector.among")
            if vague:
                continue
            if heard.message.low(cue) == "running" and not _they_run(heard, cue):
                continue
            if heard.message.low(start) in _AT_HOME and heard.message.low(cue) in {"my", "i've", "got", "i"}:
                continue
            if {"that", "who", "people", "not", "don't", "if", "their", "my", "accountant", "never"} & set(
                heard.message.before(cue, 2)
            ):
                continue
            best = gap if best is None else min(best, gap)
    return best


def _they_run(heard: Heard, cue: int) -> bool:
    """Say whether it is the owner who is running it, not "a lad running the shop"."""
    before = heard.message.low(cue - 1)
    return cue == 0 or heard.message.ends_segment(cue - 1) or before in listed("sector.running")
