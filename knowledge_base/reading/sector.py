"""Read the sector from plain words for what a business does. Its first own activity wins.

A word counts when the message says it of the business itself: after "we run a", "our", "I'm a", or opening
a fragment such as "Bakery in Dudley". "We sell to manufacturers" and "our accountant" do not count.
"""

from __future__ import annotations

from functools import cache

from knowledge_base.reading.frames import Phrases, cut
from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed, table

_MAKERS = (
    "maker",
    "makers",
    "manufacturer",
    "manufacturers",
    "manufacturing",
    "factory",
    "producer",
    "producers",
    "firm",
    "company",
    "making",
    "mfr",
    "mfg",
)
_FIELDS = ("sector", "industry", "trade")
_AT_HOME = frozenset({"garage", "bar", "chapel", "church"})
_REACH = 7
_STAFF = frozenset({"people", "ppl", "staff", "employees", "us", "workers", "fte"})


@cache
def _trades() -> Phrases:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for sector, kinds in table("sectors").items():
        work = rows.setdefault(f"work.{sector}", [])
        for kind, words in kinds.items():
            names = [cut(word.strip()) for word in words.split(",")] if isinstance(words, str) else []
            names += [many for name in names if (many := _plural(name))]
            rows.setdefault(f"{kind}.{sector}", []).extend(names)
            endings = {"products": _MAKERS, "field": _FIELDS}.get(kind, ())
            work += [(*name, ending) for name in names for ending in endings]
    return Phrases(rows)


def _plural(name: tuple[str, ...]) -> tuple[str, ...] | None:
    last = name[-1]
    if last.endswith("s") or not last.isascii():
        return None
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return (*name[:-1], last[:-1] + "ies")
    return (*name[:-1], last + ("es" if last.endswith(("ch", "sh", "x")) else "s"))


def sector(heard: Heard) -> Finding | None:
    """Return the sector of the first activity the message says is the business's own."""
    mentions: list[tuple[int, int, str, str]] = []
    for label, spans in _trades().find(heard.message.lows).items():
        kind, _, name = label.partition(".")
        mentions += [(start, end, kind, name) for start, end in spans]
    covered, last = -1, (-1, -1)
    for start, end, kind, name in sorted(mentions, key=lambda m: (m[0], -m[1], m[2:])):
        again = (start, end) == last and _alone(heard, start, end)
        if (end <= covered and not again) or (kind == "field" and heard.asked != "sector"):
            continue
        if kind == "people" and heard.asked != "sector":
            own = _is_one(heard, start, end)
        elif kind == "products":
            own = _makes(heard, start)
        else:
            own = _runs(heard, start, end)
        if own or (
            heard.asked == "sector"
            and heard.short
            and not listed("sector.not_ours") & set(heard.message.before(start, 2))
        ):
            return Finding("manufacturing" if _joinery_making(heard, start, end) else name, start, end)
        covered, last = max(covered, end), (start, end)
    return None


def _alone(heard: Heard, start: int, end: int) -> bool:
    """Say whether a word ends a segment it opens or "a" leads to: "hosiery, Leicester", "I run a barbers"."""
    closed = end >= len(heard.message) or heard.message.ends_segment(end)
    return closed and (heard.message.low(start - 1) == "a" or _opens(heard, start))


def _joinery_making(heard: Heard, start: int, end: int) -> bool:
    """Say whether a joinery is told to make things, as in "our joinery makes sash windows"."""
    makes = heard.starts("own.make")
    follows = end in makes or (heard.message.low(end) in {"that", "which"} and end + 1 in makes)
    return heard.message.lows[start:end] == ["joinery"] and follows


def _runs(heard: Heard, start: int, end: int) -> bool:
    message = heard.message
    before = message.before(start, _REACH)
    if message.low(end) in {
        "next",
        "audience",
        "owner",
        "owners",
        "software",
        "shop",
        "down",
        "said",
        "says",
        "industry",
        "waste",
        "course",
        "floor",
        "ones",
        "leavers",
        "holidays",
        "tap",
        "boxes",
        "client",
        "clients",
        "customer",
        "flat",
        "tour",
        "door",
    }:
        return False
    if {"who'd", "who"} & set(message.after(end, 4)[:3]) and message.low(end - 1).endswith("s"):
        return False
    if before[:1] == ["my"] and message.low(start) in _AT_HOME:
        return False
    if before[:1] in (["home"], ["in"], ["my"]) and before[1:2] == ["in"]:
        return False
    gap = _own_gap(heard, "have", start)
    if gap is not None:
        between = message.lows[start - gap : start]
        return not listed("sector.not_ours") & set(between) and not {"accountant", "landlord"} & set(between)
    return _opens(heard, start)


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
        return not (lead[at] == "are" and lead[at + 1 : at + 2] not in (["we"], ["you"]))
    if message.low(end) == "here" or message.lows[end : end + 2] == ["by", "trade"]:
        return True
    return _opens(heard, start) and (
        end >= len(message) or message.ends_segment(end) or message.low(end) in {"in", "near", "nr", "based"}
    )


def _makes(heard: Heard, start: int) -> bool:
    message = heard.message
    for made, end in heard.at("own.make"):
        if end <= start and start - end <= 5 and not any(message.ends_clause(i) for i in range(end, start)):
            lead = message.before(made, 3)
            subject = {
                "we",
                "i",
                "we've",
                "who",
                "client",
                "company",
                "business",
                "and",
                "been",
                "that",
                "jag",
                "vi",
            } & set(lead)
            past = {
                "customers",
                "customer",
                "clients",
                "they",
                "he",
                "she",
                "to",
                "could",
                "want",
                "would",
            } & set(lead[:3])
            between = set(message.lows[end:start])
            verb = message.low(made)
            if verb in {
                "sell",
                "sells",
                "selling",
                "fit",
                "fits",
                "fitting",
                "install",
                "installs",
                "installing",
                "repair",
                "repairs",
                "repairing",
                "machine",
                "print",
            }:
                continue
            opens = made == 0 or message.ends_segment(made - 1) or _goes_on_making(heard, made)
            if (
                (subject or opens)
                and not past
                and not between
                & (listed("sector.not_ours") | {"money", "sense", "sure", "use", "out", "living"})
            ):
                return True
    return False


def _goes_on_making(heard: Heard, made: int) -> bool:
    """Say whether it goes on like "we are 14 people in Dudley making packaging"."""
    lead = set(heard.message.before(made, 8))
    told = ("#" in lead and bool(lead & _STAFF)) or bool(lead & listed("employees.firm"))
    others = listed("sector.not_ours") - {"in", "and", "with", "from", "at", "is", "has", "but", "near"}
    others |= listed("employees.met_with")
    return heard.message.low(made).endswith("ing") and told and not lead & others


def _own_gap(heard: Heard, label: str, start: int) -> int | None:
    """Count the words since the nearest own cue, if only describing words stand between."""
    best = None
    for cue, end in heard.at(f"own.{label}"):
        gap = start - end
        if 0 <= gap <= _REACH and not any(heard.message.ends_clause(i) for i in range(end, start)):
            if heard.message.low(start) in _AT_HOME and heard.message.low(cue) in {"my", "i've", "got", "i"}:
                continue
            if {"that", "who", "people", "not", "don't", "if", "their", "my", "accountant"} & set(
                heard.message.before(cue, 2)
            ):
                continue
            best = gap if best is None else min(best, gap)
    return best


def _opens(heard: Heard, start: int) -> bool:
    """Say whether only describing words stand between the start of a segment and a word."""
    message = heard.message
    at = start - 1
    while at >= 0 and not message.ends_segment(at):
        if message.low(at) not in listed("sector.leads"):
            return False
        at -= 1
    return True
