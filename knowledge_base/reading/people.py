"""Count the people of a business where no set phrase does: "twelve of them", "so five, not six"."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.others_staff import put_wrongly
from knowledge_base.reading.quantity import Quantity
from knowledge_base.reading.trades import mentions

_CLIENT = frozenset({"client", "client's", "clients"})
_THEY_ARE = (["they", "are"], ["they", "employ"], ["they", "have"], ["they", "number"])
_TEAM = frozenset({"team", "staff", "headcount", "firm", "crew", "business", "company", "us"})
_LEADING = frozenset({"so", "now", "makes", "leaves", "that's", "to", "only", "us", "we're", "just", "are"})
_ONCE = frozenset({"were", "was", "had", "started", "used", "from"})
_US = frozenset({"us", "people", "staff", "team", "lads", "men", "employees", "started", "workers"})
_HAVE = frozenset({"i've", "we've", "have", "got", "we're"})
_RUN = frozenset({"run", "own", "do", "work"})
_IN_SHORT = frozenset({"ppl", "pers", "anst", "emp", "emps"})
_FIRMS = frozenset({"micro", "sme", "firm", "co", "company", "ltd", "cic", "startup"})
_OWNERS = frozenset({"founders", "co-founders", "directors", "earners"})
_TOGETHER = frozenset({"together", "altogether", "told", "total"})
_SPREAD = frozenset({"in", "on", "across", "between"})


def told_otherwise(heard: Heard) -> list[Finding]:
    """Return the people counted in one of these ways, the first that fits."""
    for at, quantity in _counts(heard):
        end = (
            _client_s(heard, at)
            or _the_lot_of_us(heard, at)
            or _at_work(heard, at)
            or _after_leaving(heard, at)
            or _now(heard, at)
            or _in_brackets(heard, at)
            or _all_told(heard, at)
            or _full_time(heard, at)
            or _put_right(heard, at)
        )
        if end:
            # "Started with 2, up to 11 now": what they have grown to, and no bound.
            grown = quantity.high if quantity.low is None else quantity.low
            return [Finding((grown, quantity.high), at, end)]
    return _relatives(heard) or _on_ones_own(heard)


def some_of_them(heard: Heard, end: int) -> bool:
    """Say whether those counted are not all who work there: "startup, two founders", "ten fee earners"."""
    return heard.message.low(end - 1) in _OWNERS


def _counts(heard: Heard) -> Iterator[tuple[int, Quantity]]:
    for at, quantity in heard.message.counted():
        if quantity.kind == "count":
            yield at, quantity


def _closes(heard: Heard, end: int) -> bool:
    return end >= len(heard.message) or heard.message.ends_segment(end)


def _opens(heard: Heard, at: int) -> bool:
    return at == 0 or heard.message.ends_segment(at - 1)


def _client_s(heard: Heard, at: int) -> int:
    """Read "client in Kington, twelve of them" and "my client: they are 38 and grow", as a broker writes."""
    message = heard.message
    if heard.of_client and message.low(at + 1) in _IN_SHORT and _after_a_client(heard, at):
        return at + 2
    if not (heard.of_client or _CLIENT & set(message.lows[max(0, at - 25) : at])):
        return 0
    whole = _opens(heard, at) or set(message.lows[at - 1 : at]) <= {"are", "there's", "just", "only"}
    if message.lows[at + 1 : at + 3] == ["of", "them"] and whole and _closes(heard, at + 3):
        return at + 3
    if message.low(at - 1) in {"they're", "they've"} or message.lows[at - 2 : at] in _THEY_ARE:
        end = heard.starts("employees.strong").get(at) or heard.starts("employees.weak").get(at) or at + 1
        plain = end == at + 1 and message.low(at - 1) == "have"
        if not plain and (_closes(heard, end) or message.low(end) in {"and", "but", "in", "now"}):
            return end
    return 0


def _after_a_client(heard: Heard, at: int) -> bool:
    """Say whether a number opens a segment, or stands right after a trade, a place or a kind of firm."""
    message = heard.message
    named = at - 1 in heard.places or message.low(at - 1) in _FIRMS
    return _opens(heard, at) or named or any(trade.end == at for trade in mentions(message.lows))


def _the_lot_of_us(heard: Heard, at: int) -> int:
    """Read "the thirty of us in Sävsjö are afraid" and "our 52 people"; not "the two of us who own it"."""
    message = heard.message
    if message.lows[at + 1 : at + 3] == ["of", "us"] and message.low(at - 1) in {"the", "all"}:
        goes_on = message.low(at + 3) in listed("employees.us_do")
        return at + 3 if goes_on or _closes(heard, at + 3) else 0
    end = heard.starts("employees.weak").get(at) or heard.starts("employees.strong").get(at)
    ours = message.low(at - 1) == "our" and end is not None and end <= at + 3
    return end if ours and end and message.low(end - 1) in listed("employees.everybody") else 0


def _at_work(heard: Heard, at: int) -> int:
    """Read "Twenty-five people moulding bath plugs" and "Sixteen in the yard"."""
    message = heard.message
    if not (at == 0 or message.ends_clause(at - 1)):
        return 0
    where = heard.starts("employees.where").get(at + 1)
    if where is not None and (_closes(heard, where) or message.low(where) in {"and", "but"}):
        return where
    end = heard.starts("employees.weak").get(at)
    if end is None or message.low(end - 1) not in listed("employees.everybody"):
        return 0
    doing = message.low(end)
    working = doing.endswith("ing") and len(doing) > 4 and doing not in listed("employees.milling_about")
    return end if working and message.after_mark(end) != "?" else 0


def _after_leaving(heard: Heard, at: int) -> int:
    """Read "Jade's left. so five, not six" and "two joined, so that makes 14"."""
    message = heard.message
    lead = message.lows[max(0, at - 12) : at]
    if not listed("employees.comings") & set(lead) or message.low(at - 1) not in _LEADING:
        return 0
    if message.low(at - 1) == "to" and message.low(at - 2) not in {"down", "up"}:
        return 0
    tail = message.lows[at + 1 : at + 3]
    return at + 1 if _closes(heard, at + 1) or tail[:1] in (["now"], ["left"]) or tail == ["of", "us"] else 0


def _now(heard: Heard, at: int) -> int:
    """Read the later number of "there were 9 of us before, six now" and "started with 2, up to 11 now"."""
    message = heard.message
    if message.low(at + 1) != "now" and message.low(at - 1) != "now":
        return 0
    end = at + 2 if message.low(at + 1) == "now" else at + 1
    lead = message.lows[max(0, at - 14) : at]
    told = "#" in lead and bool(_ONCE & set(lead)) and bool(_US & set(lead))
    led = message.low(at - 1) in {",", "and", "now", "to", "but", "just", "only", ".", "–"} | _HAVE
    fewer = bool(_HAVE & set(lead[-2:]) and listed("employees.comings") & set(message.after(end, 5)))
    goes_on = message.low(end) in {"and", "but", "since"}
    return end if (told or fewer) and led and (_closes(heard, end) or goes_on) else 0


def _in_brackets(heard: Heard, at: int) -> int:
    """Read "Tiny team (4)"."""
    message = heard.message
    team = message.low(at - 1) == "(" and message.low(at - 2) in _TEAM
    return at + 1 if team and message.low(at + 1) == ")" else 0


def _all_told(heard: Heard, at: int) -> int:
    """Read "there's fourteen on the shop floor and office together"."""
    message = heard.message
    if message.low(at + 1) not in _SPREAD or not listed("employees.rooms") & set(message.after(at + 2, 5)):
        return 0
    if "#" in message.before(at, 8):
        return 0  # "3 machines on the floor and 2 in the yard together"
    after = message.after(at + 1, 9)
    total = next((i for i, word in enumerate(after) if word in _TOGETHER), None)
    return at + total + 2 if total is not None else 0


def _full_time(heard: Heard, at: int) -> int:
    """Read "Cider press, five full time"."""
    message = heard.message
    end = at + 3 + (message.low(at + 2) == "-")
    told = message.low(at + 1) == "full" and message.low(end - 1) in {"time", "timers"}
    return end if told and _opens(heard, at) and _closes(heard, end) else 0


def _put_right(heard: Heard, at: int) -> int:
    """Read the second number of "your form says 5 staff. It's 8." and "not 20 staff, 24"."""
    message = heard.message
    led = message.low(at - 1) in {"it's", "we're", "is", "are", ",", "but", "actually", "just", "only"}
    if not led or not _closes(heard, at + 1):
        return 0
    staff = {**heard.starts("employees.weak"), **heard.starts("employees.strong")}
    return at + 1 if any(0 < at - last <= 6 and put_wrongly(heard, one) for one, last in staff.items()) else 0


def _relatives(heard: Heard) -> list[Finding]:
    """Count "mum, dad and me run it" and "my wife and I have a letting agency"."""
    message = heard.message
    for at, word in enumerate(message.lows):
        if word not in {"me", "i"} or message.low(at - 1) not in {"and", "&"}:
            continue
        firm = message.low(at + 1) == "have" and listed("employees.firm") & set(message.after(at, 8))
        if message.low(at + 1) not in _RUN and not firm:
            continue
        named, back = 0, at - 2
        while back >= 0 and message.low(back) in listed("employees.kin") | {",", "my", "our", "the", "and"}:
            named += message.low(back) in listed("employees.kin")
            back -= 1
        if named and (back < 0 or message.ends_segment(back) or message.low(back) in {"it's", "and", "so"}):
            return [Finding((Decimal(named + 1), Decimal(named + 1)), back + 1, at + 1)]
    return []


def _on_ones_own(heard: Heard) -> list[Finding]:
    """Read "I'm a chartered surveyor on my own in Stafford" and "On my own in a rented room"."""
    message = heard.message
    for at in range(len(message) - 2):
        if message.lows[at : at + 3] != ["on", "my", "own"]:
            continue
        before = message.before(at, 8)
        said = not before or message.ends_segment(at - 1) or {"i'm", "am"} & set(before)
        ends = _closes(heard, at + 3) or message.low(at + 3) in {"in", "at", "with", "from", "and"}
        if said and ends and not listed("employees.not_alone") & set(before):
            return [Finding((Decimal(1), Decimal(1)), at, at + 3)]
    return []
