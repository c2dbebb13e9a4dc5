"""Read the stage a business names ("not started yet", "we're a start-up", "an established firm").

Years are no name: what they imply is read apart. Under 24 months of trading is start_up and three years or
more is established, as is a firm in its second generation or later; between the two we do not say.
"""

from __future__ import annotations

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed

YOUNG_BELOW, ESTABLISHED_FROM = 24, 36  # months

_VENTURES = listed("trading.ventures")
_ABOUT_STARTUPS = listed("trading.about_startups")


def stage(heard: Heard, months: Finding | None, trade: Finding | None = None) -> Finding | None:
    """Return the stage the words name.

    ``months``: where the time traded was read, ``trade``: where a sector was.
    """
    for label, name in (
        ("not_started", "pre_start"),
        ("scale_up", "scale_up"),
        ("growing_fast", "scale_up"),
        ("just_started", "start_up"),
        ("new_firm", "start_up"),
    ):
        for start, end in heard.at(f"trading.{label}"):
            before = set(heard.message.before(start, 3))
            if label == "growing_fast" and not _closed(heard, end):
                continue
            if label == "just_started" and not _of_the_firm(heard, end):
                continue
            if not before & listed("trading.not_the_firm"):
                return Finding(name, start, end)
    return (
        _going_to_start(heard, months, trade) or _a_startup(heard) or _answered(heard) or _established(heard)
    )


def implied_stage(heard: Heard, months: Finding | None) -> Finding | None:
    """Return the stage that the time traded, or the generations a firm has seen, let one suppose."""
    if months is not None:
        name = stage_after(months.value)
        return Finding(name, months.start, months.end) if name else None
    for start, end in heard.at("trading.generations"):
        if not set(heard.message.before(start, 3)) & listed("trading.others"):
            return Finding("established", start, end)
    return None


def stage_after(months: int | dict[str, int]) -> str | None:
    """Name the stage of a business that has traded so many months, or a range of them."""
    low, high = (months, months) if isinstance(months, int) else (months.get("from"), months.get("to"))
    if high is not None and high < YOUNG_BELOW:
        return "start_up"
    return "established" if low is not None and low >= ESTABLISHED_FROM else None


def _of_the_firm(heard: Heard, end: int) -> bool:
    """Say whether what was just started is the firm: "just opened our cafe", not "just started a course"."""
    if _closed(heard, end) or heard.message.low(end) in listed("trading.going_alone"):
        return True
    ahead = heard.message.after(end, 5)
    firm = next((i for i, word in enumerate(ahead) if word in _VENTURES), None)
    return firm is not None and not set(ahead[:firm]) & listed("trading.no_venture")


def _going_to_start(heard: Heard, months: Finding | None, trade: Finding | None) -> Finding | None:
    """Read "thinking of starting a bakery", "starting up" and "pre-revenue" of a firm not known to trade."""
    before = heard.profile
    if months is not None or (
        before is not None
        and (before.trading_months is not None or before.stage in {"established", "scale_up"})
    ):
        return None
    message = heard.message
    for start, end in heard.at("trading.going_to_start"):
        ahead = message.after(end, 4)
        firm = next((i for i, word in enumerate(ahead) if word in _VENTURES), None)
        venture = firm is not None and not set(ahead[:firm]) & {",", "for", "in", "with", "to"}
        ours = {"we", "we'd", "we're"} & set(message.before(start, 3))  # who may trade already
        own_trade = trade is not None and 0 <= trade.start - end <= 3 and not ours
        new_one = firm is not None and ours and ahead[firm] not in listed("trading.a_firm")
        if ((venture and not new_one) or own_trade) and not {
            "second",
            "another",
            "third",
            "customers",
            "they",
        } & {
            *ahead[:3],
            *message.before(start, 3),
        }:
            return Finding("pre_start", start, end)
    for start, end in [*heard.at("trading.starting_up"), *heard.at("trading.pre_revenue")]:
        opens = (
            start == 0 or message.ends_segment(start - 1) or message.low(start) in {"i'm", "we're", "i", "we"}
        )
        own = opens or bool({"we're", "are", "i'm", "am", "still"} & set(message.before(start, 2)))
        brief = any(
            _closed(heard, at) for at in (end, end + 1, end + 2)
        )  # "pre-revenue biotech, three of us"
        if own and (_closed(heard, end) or (brief and message.low(start) == "pre")):
            return Finding("pre_start", start, end)
    return None


def _a_startup(heard: Heard) -> Finding | None:
    for start, end in heard.at("trading.startup"):
        lead, after = heard.message.before(start, 3), heard.message.low(end)
        own = {"we're", "we", "i'm", "am", "are", "my", "our", "client", "is"} & set(lead) or _fragment(
            heard, start
        )
        if own and after not in _ABOUT_STARTUPS and not {"not", "isn't", "no", "aren't", "past"} & set(lead):
            return Finding("start_up", start, end)
    return None


def _answered(heard: Heard) -> Finding | None:
    named = _named(heard) if heard.asked == "stage" and heard.short else None
    return Finding(named, 0, len(heard.message)) if named else None


def _established(heard: Heard) -> Finding | None:
    message = heard.message
    for start, end in heard.at("trading.established"):
        if not set(message.before(start, 3)) & (listed("trading.others") | listed("trading.becoming")):
            return Finding("established", start, end)
    if message.lows == ["growing"]:
        return Finding("scale_up", 0, 1)
    for at, word in enumerate(message.lows):
        if word == "established" and _says_established(heard, at):
            return Finding("established", at, at + 1)
    return None


def _says_established(heard: Heard, at: int) -> bool:
    """Say whether "established" is said of a firm, or is an item of a list: "Ltd, established, 14 staff"."""
    message = heard.message
    ahead = message.after(at + 1, 3)
    firm = next((i for i, word in enumerate(ahead) if word in _VENTURES), None)
    of_a_firm = firm is not None and "," not in ahead[:firm]
    begin = at - (message.low(at - 1) in {"well", "long"})
    described = message.before(begin, 2)
    if described[:1] in (["a"], ["an"]) and described[1:] in (["we're"], ["are"], ["i'm"], ["am"], ["as"]):
        return True
    opens = begin == 0 or message.ends_segment(begin - 1)
    item = opens and len(message) > 1 and _closed(heard, at + 1) and message.low(at + 1) != "?"
    unsaid = listed("trading.others") | listed("trading.becoming")
    return (of_a_firm or item) and not set(message.before(at, 3)) & unsaid


def _closed(heard: Heard, at: int) -> bool:
    return (
        at >= len(heard.message) or heard.message.ends_segment(at) or heard.message.low(at) in {"and", "but"}
    )


def _named(heard: Heard) -> str | None:
    words = set(heard.message.lows)
    if "not" in words:
        return None
    if "growing" in words and {"fast", "rapidly", "quickly"} & words:
        return "scale_up"
    for name, signs in (
        ("pre_start", {"idea", "thinking", "planning", "pre-start"}),
        ("scale_up", {"scaling", "scale-up", "scaleup"}),
        ("established", {"established", "running", "trading"}),
        ("start_up", {"startup", "start-up", "new"}),
        ("start_up", {"just"} if words & {"started", "opened", "begun", "launched", "going"} else set()),
        ("pre_start", {"starting", "pre"}),
        ("scale_up", {"growing"}),
    ):
        if words & signs:
            return name
    return None


def _fragment(heard: Heard, start: int) -> bool:
    """Say whether a segment such as "Telehealth startup, Newport" opens with at most two words before."""
    before = heard.message.before(start, 3)
    lead = next((i for i, word in enumerate(before) if word in {",", ":", "(", "–"}), len(before))
    if before[:2] == ["-", "early"] or before[:3] == ["stage", "-", "early"]:
        return True
    return lead < 3 and not set(before[:lead]) & {"for", "a", "the", "any", "other", "of", "like", "to"}
