"""Read which kinds of help somebody refuses, takes after all or asks for, and what they will not tell."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_KINDS = {
    "loan": "loan loans debt debts borrow borrowing borrowed lender lenders overdraft "
    "lån pożyczki pożyczek kredyt kredytu kredytów kredite kredit darlehen kölcsön hitel",
    "equity": "equity shares stake stakes investor investors dilution dilute shareholder shareholders",
    "grant": "grant grants",
    "guarantee": "guarantee guarantees",
    "voucher": "voucher vouchers",
    "training": "course courses training classroom classrooms workshops classes lessons",
    "network": "network networks networking",
    "event": "event events seminar seminars webinar webinars conferences",
    "mentoring": "mentor mentors mentoring coach coaches coaching",
    "advice": "adviser advisers advisor advisors consultants consultant",
    "award": "award awards",
    "toolkit": "toolkit toolkits",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_PLAIN_NO = frozenset({"no", "without", "never", "not", "avoid", "avoiding", "hate", "except", "nor"})
_OUTRIGHT = frozenset({"won't", "don't", "shan't", "refuse"})
_FINE = frozenset({"fine", "ok", "okay", "alright", "acceptable", "welcome"})
_FUNDING = ("grant", "loan", "guarantee", "equity")
_WITH_IT = {"loan": {"guarantee"}, "guarantee": {"loan"}}  # a guarantee is a bank's promise of a loan


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
        elif _refuses(heard, at) or (
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


def _refuses(heard: Heard, at: int) -> bool:
    """Say whether the kind named at a place is one the owner will not have."""
    message = heard.message
    before, after = message.before(at, 8), message.after(at + 1, 6)
    if (after[:1] and after[0] in listed("refusals.lacking")) or (after[:1] == ["for"] and "us" in after):
        return False
    if before[:1] and before[0] in {"many", "what", "which", "much", "whose"}:
        return False
    if "without" in before and listed("refusals.unable") & {*message.before(at, 12), *after}:
        return False  # "without a loan we can't buy it"
    ends = {at - skipped for skipped in range(len(before) + 1) if _qualifying(before[:skipped])}
    barring = bool(ends & heard.ends("refusal.barring")) and not listed("refusals.unable") & set(after)
    if barring or _out_after(heard, at):
        lead = [word for word in before if word not in listed("refusals.qualifying")]
        return not listed("refusals.doubting") & set(lead)
    return _plain_no(before) or _wont(before[:6])


def _qualifying(words: list[str]) -> bool:
    return set(words) <= listed("refusals.qualifying")


def _out_after(heard: Heard, at: int) -> bool:
    """Say whether a kind is waved away after its name: "loans are out", "courses? no thanks"."""
    start = at + 1 + (heard.message.low(at + 1) in {"?", ":", ",", "–", "-"})
    end = heard.starts("refusal.barred").get(start)
    return end is not None and heard.message.low(end) not in {"?", "of", "again"}


def _plain_no(before: list[str]) -> bool:
    """Say whether a kind follows a plain no, with only words of the kind between: "no more bank loans"."""
    no = next((i for i, word in enumerate(before) if word not in listed("refusals.qualifying")), None)
    if no is None or before[no] not in _PLAIN_NO:
        return False
    if before[no + 1 : no + 2] in (["i've"], ["we've"], ["how"], ["whether"]):
        return False
    return not listed("refusals.no_refusal") & set(before[no + 1 : no + 4])


def _wont(before: list[str]) -> bool:
    """Say whether a kind follows words that will not have it: "we won't take on any", "sick of"."""
    wont = next((i for i, word in enumerate(before) if word in listed("refusals.wont")), None)
    if wont is None or (not (between := before[:wont]) and before[wont] not in _OUTRIGHT):
        return False
    if listed("refusals.no_refusal") & set(before[: wont + 2]):
        return False
    if listed("refusals.others") & set(before[wont + 1 : wont + 3]):  # "the bank won't give us a loan"
        return False
    return (
        bool(listed("refusals.will") & set(between))
        or before[wont] in {"won't", "wouldn't", "shan't"}
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


def does_not_know(heard: Heard, asked: str | None) -> bool:
    """Say whether the answer to the question asked, of a fact or of the needs, is "no idea"."""
    return asked is not None and bool(heard.at("refusal.unknowing")) and len(heard.message) <= 14
