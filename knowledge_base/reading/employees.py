"""Read how many people work in the business: not its beds, sites, vans, customers or years.

Two different numbers in one message, neither taken back, make the range between them. "Nine and apprentices"
is nine or more. Numbers somebody wants to reach, hire or train, or had once, are left alone.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal
from itertools import pairwise

from knowledge_base.reading.alone import company, counted_from, quantity_in
from knowledge_base.reading.heard import Finding, Heard, last_word
from knowledge_base.reading.in_short import opens_a_list
from knowledge_base.reading.lists import listed
from knowledge_base.reading.others_staff import others_staff, put_wrongly
from knowledge_base.reading.people import some_of_them, told_otherwise
from knowledge_base.reading.quantity import Quantity

Ends = tuple[Decimal | None, Decimal | None]

_GOES_ON = frozenset({"and", "who", "that", "but", "so", "looking", "making", "based", "which"})
_BIG = frozenset({"big", "bigger", "large", "larger", "huge", "giant"})
_ALL = frozenset({"staff", "employees", "people", "us", "workers", "fte", "altogether"})
_RIVALS = frozenset({"across", "opposite", "neighbour", "competitor", "competitors", "rival", "rivals"})
_FOR, _NONE, _ONE = frozenset({"for", "help", "support"}), frozenset[str](), frozenset({"a", "an"})
LARGEST = 1_000_000


def employees(heard: Heard) -> Finding | None:
    """Return a number or a range of people, as a profile writes it."""
    found = _seasons(heard) or _sums(heard) or [*_counted(heard), *company(heard)]
    found = found or told_otherwise(heard) or _couple(heard)
    if not found and heard.asked == "employees":
        found = _bare(heard)
    found += _mended_number(heard, found) or _put_right(heard, found)
    one, several = last_word(heard.message, found)
    if one is None and several:
        ends = [finding.value for finding in several]
        if any(low is None or high is None for low, high in ends):
            return None
        one = Finding((min(e[0] for e in ends), max(e[1] for e in ends)), several[0].start, several[-1].end)
    if one is None:
        return None
    low, high = one.value
    if any(end is not None and (end != end.to_integral_value() or end > LARGEST) for end in (low, high)):
        return None
    return Finding(_plain(low, high), one.start, one.end)


def _plain(low: Decimal | None, high: Decimal | None) -> int | dict[str, int | None]:
    if low is not None and low == high:
        return int(low)
    return {"from": None if low is None else int(low), "to": None if high is None else int(high)}


def _sums(heard: Heard) -> list[Finding]:
    found = []
    for start, end in heard.at("employees.sum"):
        parts = [w.quantity for w in heard.message.words[start:end] if w.quantity is not None]
        if not _about_others(heard, start) and all(p.exact is not None for p in parts):
            total = sum((p.exact for p in parts if p.exact is not None), Decimal(0))
            found.append(Finding((total, total), start, end))
    for start, end in heard.at("employees.plus_me"):
        quantity = quantity_in(heard, start, end)
        company_of, last = counted_from(heard, end - 1)
        listed_so = heard.message.low(end - 2) != "," or (company_of or 0) > 1
        if quantity and quantity.exact is not None and listed_so and not _about_others(heard, start):
            total = quantity.exact + (company_of or 1)
            found.append(Finding((total, total), start, max(end, last)))
    return found or _joined_groups(heard)


def _groups(heard: Heard) -> list[tuple[int, int, Quantity]]:
    """Return the groups of people told, in order: "22 lads on the floor", "5 in the office"."""
    ends = heard.starts("employees.group")
    where = heard.starts("employees.where")
    found = []
    for at, quantity in heard.message.counted():
        end = ends.get(at, at + 1)
        if quantity.kind == "count" and quantity.exact is not None and (at in ends or end in where):
            found.append((at, where.get(end, end), quantity))
    return found


def _joined_groups(heard: Heard) -> list[Finding]:
    """Add up groups that are joined: "62 carers and 4 in the office"."""
    groups, message = _groups(heard), heard.message
    strong = {
        at for at in heard.starts("employees.strong") if {message.low(at + 1), message.low(at + 2)} & _ALL
    }
    for (start, end, one), (second, last, other) in pairwise(groups):
        between = message.lows[end:second]
        added = between[-1:] and between[-1] in {"and", "plus", "+", "&"} and set(between[:-1]) <= {","}
        added = added or (between == [","] and start not in strong and second not in strong)
        whole = _bounded(heard, last) or message.low(last) in _GOES_ON
        if added and whole and not _about_others(heard, start) and one.exact and other.exact:
            return [Finding((one.exact + other.exact, one.exact + other.exact), start, last)]
    return []


def _seasons(heard: Heard) -> list[Finding]:
    """Read "four of us in winter and nine in summer" as the range between them."""
    seasons = heard.starts("employees.season")
    ends, told = heard.starts("employees.group"), []
    for at, quantity in heard.message.counted():
        end = ends.get(at, at + 1)
        if end in seasons and quantity.exact is not None and quantity.kind == "count":
            told.append((quantity.exact, at, seasons[end], at in ends))
    if len(told) == 2 and any(counted for *_, counted in told) and not _about_others(heard, told[0][1]):
        low, high = sorted(number for number, *_ in told)
        return [Finding((low, high), told[0][1], told[1][2])]
    return []


def _couple(heard: Heard) -> list[Finding]:
    """Read "husband and wife team" and "my sister and I run it" as two, where no number is told."""
    for start, end in heard.at("employees.couple"):
        if heard.message.low(end) not in {"for", "out"} and not _about_others(heard, start):
            return [Finding((Decimal(2), Decimal(2)), start, end)]
    return []


def _counted(heard: Heard) -> list[Finding]:
    spans: dict[int, tuple[int, int]] = {}
    for start, end in heard.at("employees.strong"):
        told_before = start > 0 and heard.message.low(start) != "#" and heard.message.low(start - 1) == "#"
        # "KTP for a 30 FTE food co" counts the firm that it is for.
        allowed = _FOR if heard.message.low(start - 1) in _ONE and _of_a_firm(heard, start, end) else _NONE
        if not told_before and not _about_others(heard, start, allowed):
            spans.setdefault(_place(heard, start, end), (start, end))
    owned = heard.ends("employees.own_cue")
    for start, end in heard.at("employees.weak"):
        went = {"went", "grew", "grown", "gone"} & set(heard.message.before(start, 3))
        # "I've two welders need coding" counts a trade, not everybody.
        trade = heard.message.low(end - 1) in listed("employees.roles")
        had = {"i've", "have", "got", "we've", "has"} & set(heard.message.before(start, 2))
        ours = (
            (start in owned and not (trade and had))
            or went
            or (_stands_alone(heard, start, end) and not some_of_them(heard, end))
            or _a_firm_with(heard, start, end)
        )
        if ours and not _about_others(heard, start):
            spans.setdefault(start, (start, end))
    for start, end in heard.at("employees.man"):
        ours = _of_a_firm(heard, start, end) or opens_a_list(heard, start, end)
        if ours and not _about_others(heard, start, _FOR):
            spans.setdefault(start, (start, end))
    for start, end in heard.at("employees.bare"):
        ends = _bounded(heard, end) or _and_apprentices(heard, end) or _goes_on(heard, end)
        if ends and not _about_others(heard, start):
            opened = heard.message.low(start) not in {"now", "make", "were"} or start == 0
            opened = opened or (heard.message.low(start) == "now" and _once(heard, start))
            if opened and heard.message.low(start) not in {"there's", "there"}:
                spans.setdefault(end - 1, (start, end))
    found = []
    if len(spans) > 1:
        # A family that runs it is part of the six who work there.
        spans = {at: span for at, span in spans.items() if heard.message.low(span[0]) != "family"}
    for at, (start, end) in sorted(spans.items()):
        if not _wholly_ours(heard, at, end):
            continue
        quantity = heard.message.words[at].quantity
        if quantity is not None:
            low, high = _now(heard, at, quantity)
            found.append(Finding((low, None if _and_apprentices(heard, end) else high), start, end))
    for start, end in heard.at("employees.none"):
        found.append(Finding((Decimal(0), Decimal(0)), start, end))
    return found if len(found) == 1 else [f for f in found if f.value != (0, 0)]


def _wholly_ours(heard: Heard, at: int, end: int) -> bool:
    """Leave out "the two of us that make saddles", "five of us mums", "11 of us used to", "12 → 30 FTE"."""
    message = heard.message
    following = message.low(end)
    of_us = message.lows[end - 2 : end] == ["of", "us"]
    some = message.low(at - 1) == "only" and message.low(at - 2) not in {"there's", "there", "are", "we're"}
    if of_us and (following in {"can", "know", "knows", "speak", "want"} or some):
        return following == "in"
    if message.low(at - 1) in {"→", ">"} or (following in {"used", "left", "who", "that"} and of_us):
        return False
    if (
        of_us
        and message.low(at - 1) == "the"
        and message.low(at - 2) not in {"there's", "just", "only", "are", "been"}
    ):
        return False
    return not (
        of_us and following.endswith("s") and following.isalpha() and following not in {"is", "this", "makes"}
    )


def _once(heard: Heard, start: int) -> bool:
    """Say whether another number was told of the past: "we used to be 40, now 22"."""
    earlier = heard.message.lows[max(0, start - 12) : start]
    return bool({"#"} & set(earlier)) and bool({"used", "were", "was", "started", "had"} & set(earlier))


def _goes_on(heard: Heard, end: int) -> bool:
    """Say whether another clause follows a bare number: "we're 22 and I don't want", "we're 16 not 14"."""
    message = heard.message
    if message.low(end) in {"not", "instead"}:
        return message.low(end + 1) in {"#", "of"}
    return message.low(end) in {"and", "but", "so"} and message.low(end + 1) in listed("employees.clause")


def _and_apprentices(heard: Heard, end: int) -> bool:
    after = heard.message.after(end, 2)
    return bool(after) and (
        "apprentices" in after[:1] or (after[0] in {"and", "plus", "&", "+"} and "apprentices" in after)
    )


def _now(heard: Heard, at: int, quantity: Quantity) -> Ends:
    """Return the ends, taking the later of "went from 6 to 26" and the sooner of "go from 9 to 15"."""
    before = heard.message.before(at, 4)
    if {"went", "gone", "grew", "grown", "doubled"} & set(before):
        return quantity.high, quantity.high
    growing = {"within", "in", "by", "over"} & set(heard.message.after(at + 1, 3)[1:])
    if before[:1] == ["from"] or (growing and "to" in heard.message.words[at].text.split()):
        return quantity.low, quantity.low
    return quantity.low, quantity.high


def _about_others(heard: Heard, start: int, allowed: AbstractSet[str] = frozenset()) -> bool:
    if others_staff(heard, start) or put_wrongly(heard, start):
        return True
    before = heard.message.before(start, 4)
    if "from" in before[:1] and {"to", "go", "going", "grow", "growing"} & set(before):
        return False
    said = set(before)
    if "," in before and _opens_item(heard, start):
        # "We need a grant, 14 of us": a wish before the comma says nothing of the people after it.
        cut = before.index(",")
        said = set(before[:cut]) | (set(before[cut:]) & listed("employees.others"))
        said |= set(heard.message.before(start, 9)) & listed("employees.others")
    if before[:2] == ["be", "should"]:
        said -= {"be"}
    hit = bool(listed("employees.not_ours_now") & (said - allowed))
    hit = hit or bool(_RIVALS & set(heard.message.before(start, 8)))
    hit = hit or bool(_BIG & set(heard.message.before(start, 5)))
    here = heard.message.low(start)
    past = "were" in before[:2] and len(before) > 1
    return hit or past or here in {"their", "they"} or before[:1] == ["to"]


def _opens_item(heard: Heard, start: int) -> bool:
    return heard.message.low(start - 1) == "," or heard.message.low(start - 2) == ","


def _stands_alone(heard: Heard, start: int, end: int) -> bool:
    """Say whether "17 people" is all that a segment says, as in "Consultancy, 17 people, Malmö"."""
    message = heard.message
    opens = start == 0 or message.ends_segment(start - 1) or message.low(start - 1) == "–"
    if _bounded(heard, end) and not opens:
        opens = _after_a_firm(heard, start)
    aged = message.low(end) == "," and message.low(end + 1) in {"age", "aged"}
    return opens and _bounded(heard, end) and not aged


def _after_a_firm(heard: Heard, start: int) -> bool:
    """Say whether it comes right after a firm or its place: "knitwear factory Leicester 40 machinists"."""
    before = heard.message.low(start - 1)
    return before in listed("employees.firm") or (
        start - 1 in heard.places and not {"in", "to", "from", "for"} & set(heard.message.before(start, 4))
    )


def _a_firm_with(heard: Heard, start: int, end: int) -> bool:
    """Say whether it ends "we're a garage in Telford with 6 people", which says who works there."""
    message = heard.message
    if message.low(start - 1) != "with":
        return False
    firms = listed("employees.firm")
    if _bounded(heard, end):
        return bool((firms | {"we're", "we", "i", "i'm", "ours", "our"}) & set(message.lows[:start]))
    lead = set(message.before(start - 1, 6))
    return message.low(end) in _GOES_ON and bool(firms & lead) and not lead & listed("employees.met_with")


def _bounded(heard: Heard, end: int) -> bool:
    message = heard.message
    if message.lows[end : end + 2] == ["in", "the"] and message.low(end + 2) in listed("employees.firm"):
        return True
    if message.low(end) == "and" and message.low(end + 1) in listed("employees.trades"):
        end += 2
    return (
        end >= len(message)
        or message.ends_segment(end)
        or (
            message.low(end) in listed("employees.bounds")
            and not (message.low(end) == "in" and message.low(end + 1) in {"#", "#th", "the", "a"})
        )
    )


def _of_a_firm(heard: Heard, start: int, end: int) -> bool:
    after = heard.message.after(end, 4)
    firm = next((i for i, word in enumerate(after) if word in listed("employees.firm")), None)
    if firm is not None:
        return not any(word in {"for", "to", "from", "at", "in"} for word in after[:firm])
    return False


def _place(heard: Heard, start: int, end: int) -> int:
    return next(at for at in range(start, end) if heard.message.words[at].quantity is not None)


def _bare(heard: Heard) -> list[Finding]:
    counts = [(at, q) for at, q in heard.message.counted() if q.kind == "count"]
    if len(counts) == 1 and heard.short:
        at, quantity = counts[0]
        follows = heard.message.low(at + 1)
        if (
            at + 1 >= len(heard.message)
            or heard.message.ends_segment(at + 1)
            or follows in listed("employees.fill_after") | listed("employees.kin")
        ):
            return [Finding((quantity.low, quantity.high), at, at + 1)]
    if heard.message.low(0) in {"none", "nobody", "zero", "nil"} and len(heard.message) <= 3 and not counts:
        return [Finding((Decimal(0), Decimal(0)), 0, 1)]
    return []


def _put_right(heard: Heard, found: list[Finding]) -> list[Finding]:
    """Read "sorry, 19 not 9" where 9 is what the profile says."""
    known = heard.profile.employees if heard.profile is not None else None
    if found or known is None or known.low is None or known.low != known.high or not heard.short:
        return []
    message = heard.message
    counts = [(at, q.exact) for at, q in message.counted() if q.kind == "count"]
    if len(counts) != 2 or known.low not in {counts[0][1], counts[1][1]}:
        return []
    (first, one), (second, other) = counts
    between = [word for word in message.lows[first + 1 : second] if word != ","]
    if not _bounded(heard, second + 1):
        return []
    if other == known.low and one is not None and between in (["not"], ["instead", "of"], ["rather", "than"]):
        return [Finding((one, one), first, first + 1)]
    taken_back = "not" in message.before(first, 2)
    if (
        one == known.low
        and other is not None
        and taken_back
        and between in ([], ["but"], ["it's"], ["we're"])
    ):
        return [Finding((other, other), second, second + 1)]
    return []


def _mended_number(heard: Heard, found: list[Finding]) -> list[Finding]:
    """Take the number in "14 staff, sorry, 15" as what was meant."""
    out = []
    for finding in found:
        for at in range(finding.end + 1, min(finding.end + 5, len(heard.message))):
            quantity = heard.message.words[at].quantity
            gap = heard.message.lows[finding.end : at]
            closed = _bounded(heard, at + 1) or heard.message.low(at + 1) in {"since", "people"}
            taken_back = {"sorry", "no", "actually", "mean"} & set(gap)
            if quantity and quantity.kind == "count" and closed and taken_back:
                out.append(Finding((quantity.low, quantity.high), at, at + 1))
    return out
