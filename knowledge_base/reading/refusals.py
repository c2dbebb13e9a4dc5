"""Read which kinds of help somebody refuses, takes after all or asks for, and what they will not tell."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_KINDS = {
    "loan": "loan loans debt debts borrow borrowing lån pożyczki",
    "equity": "equity shares stake investors investor dilution dilute",
    "grant": "grant grants",
    "guarantee": "guarantee guarantees",
    "voucher": "voucher vouchers",
    "training": "course courses training classroom classrooms workshops",
    "network": "network networks networking",
    "event": "event events seminar seminars webinar webinars conferences",
    "mentoring": "mentor mentors mentoring coach coaches coaching",
    "advice": "adviser advisers advisor advisors consultants",
    "award": "award awards",
    "toolkit": "toolkit toolkits",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_PLAIN_NO = frozenset({"no", "without", "never", "not", "avoid", "avoiding", "hate", "except"})
_FINE = frozenset({"fine", "ok", "okay", "alright", "acceptable", "welcome"})
_FUNDING = ("grant", "loan", "guarantee", "equity")
_WITH_IT = {"loan": {"guarantee"}, "guarantee": {"loan"}}  # a guarantee is a bank's promise of a loan
_FACT_WORDS = {
    "turnover": "turnover revenue sales takings income turn",
    "employees": "staff employees headcount employ",
    "place": "postcode address location",
    "amount": "amount budget",
    "deadline": "deadline",
    "trading_months": "age",
    "legal_form": "structure",
    "sector": "sector industry trade",
    "subsidy_received": "subsidy subsidies grants",
    "languages": "language languages",
    "stage": "stage",
}
FACT_OF = {word: fact for fact, words in _FACT_WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of offer by what was said of them, in the order named, with the words the refusals stand at."""

    refused: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    at: tuple[int, ...] = ()


def kinds(heard: Heard) -> Kinds:
    """Sort the kinds named in a message into refused, allowed and wanted."""
    message = heard.message
    refused: dict[str, int] = {}
    allowed: dict[str, int] = {}
    wanted: dict[str, int] = {}
    last_refused = -9
    for at, word in enumerate(message.words):
        kind = KIND_OF.get(word.low)
        if kind is None:
            continue
        before, after = message.before(at, 6), message.after(at + 1, 4)
        if _allows(before, after):
            allowed[kind] = at
        elif _refuses(before, after) or (
            at - last_refused <= 3 and {"or", "and", ",", "nor"} & set(before[:2]) and _chained(before)
        ):
            refused[kind] = at
            last_refused = at
        elif listed("refusals.wanting") & set(before[:4]) and not {"not", "don't", "no"} & set(before[:5]):
            wanted[kind] = at
        elif heard.asked == "refuses" and heard.short and "?" not in message.lows:
            refused[kind] = at
    only, at = _only(heard)
    if only:
        kept = {kind for one in only for kind in {one, *_WITH_IT.get(one, ())}}
        refused = {k: where for k, where in refused.items() if k not in only}
        refused |= {kind: at for kind in _FUNDING if kind not in kept and kind not in refused}
        wanted |= dict.fromkeys(only, at)
        before_now = heard.profile.refuses if heard.profile is not None else ()
        allowed |= dict.fromkeys([kind for kind in only if kind in before_now], at)
    return Kinds(
        tuple(k for k in refused if k not in allowed),
        tuple(allowed),
        tuple(k for k in wanted if k not in refused),
        tuple(sorted(refused.values())),
    )


def _only(heard: Heard) -> tuple[tuple[str, ...], int]:
    """Return the kinds of funding that alone are welcome ("grants only", "nothing but grants"), and where.

    All the words of the clause must be ones such a wish is made of; then help that is paid back or paid for
    with shares is out. What need not be paid back, as vouchers and tax relief, is left alone.
    """
    message = heard.message
    start = 0 if {"only", "just", "nothing"} & set(message.lows) else len(message)
    while start < len(message):
        end = start
        while end < len(message) and not message.ends_segment(end):
            end += 1
        words = message.lows[start:end]
        named = [start + i for i, word in enumerate(words) if KIND_OF.get(word) in _FUNDING]
        if named and message.low(end) != "?" and _is_only(message.lows, start, named, end):
            return tuple(dict.fromkeys(KIND_OF[message.low(at)] for at in named)), named[0]
        start = end + 1
    return (), 0


def _is_only(lows: list[str], start: int, named: list[int], end: int) -> bool:
    lead, between = lows[start : named[0]], lows[named[0] + 1 : named[-1]]
    tail = lows[named[-1] + 1 : end]
    if not set(between) <= {*KIND_OF, "and", "or", "&", "/"} or lead[-1:] in (["a"], ["an"]):
        return False
    polite = listed("refusals.polite")
    if tail[:1] == ["only"] and set(lead) <= polite | listed("refusals.wishing"):
        return set(tail[1:]) <= polite
    if not set(tail) <= polite:
        return False
    while lead and lead[-1] in listed("refusals.wishing"):
        lead = lead[:-1]
    cue = 2 if lead[-2:] == ["nothing", "but"] else 1 if lead[-1:] in (["only"], ["just"]) else 0
    return bool(cue) and set(lead[:-cue]) <= polite | listed("refusals.wishing")


def _chained(before: list[str]) -> bool:
    return before[0] in {"or", "and", ",", "nor"} or before[:2] == ["no", ","]


def _refuses(before: list[str], after: list[str]) -> bool:
    near = before[:3]
    if (after[:1] and after[0] in listed("refusals.lacking")) or (after[:1] == ["for"] and "us" in after):
        return False
    apart = next((i for i in (1, 2) if before[i : i + 1] in (["anything"], ["everything"])), 0)
    if apart and before[apart - 1] in {"but", "bar", "besides"} and before[:1] != ["just"]:
        return True
    if before[:3] in (["than", "other", "anything"], ["than", "other", "everything"]):
        return True
    if (near[:1] and near[0] in _PLAIN_NO) or near[:2] in (
        ["a", "not"],
        ["more", "no"],
        ["another", "not"],
        ["bloody", "no"],
        ["an", "not"],
    ):
        return not listed("refusals.no_refusal") & set(before[1:4])
    if near[:2] in (["stand", "can't"], ["abide", "can't"], ["face", "can't"], ["bear", "can't"]):
        return True
    if near[:2] == ["with", "not"]:
        return True
    if "nothing" in before and {"giving", "involving", "means", "involves"} & set(before):
        return True
    wont = next((i for i, word in enumerate(before) if word in listed("refusals.wont")), None)
    if wont is None or (
        not (between := before[:wont]) and before[wont] != "won't" and before[wont] != "don't"
    ):
        return False
    if listed("refusals.no_refusal") & set(before[: wont + 2]):
        return False
    return (
        bool(listed("refusals.will") & set(between))
        or before[wont] in {"won't", "wont", "wouldn't"}
        or before[wont : wont + 2] in (["sick"], ["fed"])
    )


def _allows(before: list[str], after: list[str]) -> bool:
    if after[:2] == ["after", "all"] or (
        _FINE & set(after[:3]) and not {"not", "isn't", "aren't", "n't"} & set(after[:3])
    ):
        return True
    early = set(before[:4])
    if "mind" in early and {"don't", "wouldn't", "dont"} & set(before):
        return True
    return bool(early & {"happy", "open", "consider", "willing"}) and not {
        "not",
        "don't",
        "never",
        "won't",
        "wouldn't",
    } & set(before)


def silences(heard: Heard) -> tuple[str, ...]:
    """Return the facts the owner declines to tell: the one named, or the one asked."""
    message = heard.message
    facts: list[str] = []
    for start, end in heard.at("refusal.silence"):
        near = message.after(end, 6) + message.before(start, 6)
        own = message.lows[start:end]
        named = next((FACT_OF[word] for word in [*near, *own] if word in FACT_OF), None)
        if named is None and heard.asked is not None:
            named = heard.asked
        if named is not None:
            facts.append(named)
    waved_on = message.low(0) in {"skip", "pass", "next", "private"} or message.lows[:2] == ["no", "thanks"]
    if not facts and heard.asked is not None and waved_on and len(message) <= 3:
        facts.append(heard.asked)
    return tuple(dict.fromkeys(facts))


def does_not_know(heard: Heard, asked: str | None) -> bool:
    """Say whether the answer to the question asked, of a fact or of the needs, is "no idea"."""
    return asked is not None and bool(heard.at("refusal.unknowing")) and len(heard.message) <= 14
