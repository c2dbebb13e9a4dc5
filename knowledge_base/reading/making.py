"""Tell what a business makes from what others make: "we make gaskets", "the slates we make"."""

from __future__ import annotations

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.segments import opens

_MAKING = frozenset(
    {"make", "makes", "making", "makin", "mekin", "manufacture", "manufactures"}
    | {verb + end for verb in ("cast", "mould", "press", "stamp", "weld") for end in ("", "ing")}
    | {"cast", "forge", "forging", "assemble", "assembling", "weave", "weaving"}
)
_GROWING = frozenset({"grow", "grows", "growing"})
_STAFF = frozenset({"people", "ppl", "staff", "employees", "us", "workers", "fte"})
_REACH = 5  # words between making and the thing made


def makes(heard: Heard, start: int, end: int) -> bool:
    """Say whether the business is what makes the thing named."""
    message = heard.message
    if message.low(end) in {"we", "i"} and end + 1 in heard.starts("own.make"):
        return not {"could", "want", "can", "if"} & set(message.after(end, 2))
    for made, after in heard.around("own.make", start - _REACH, start):
        if message.low(made) in _GROWING:
            continue
        if (
            after <= start
            and start - after <= _REACH
            and not any(message.ends_clause(i) for i in range(after, start))
        ):
            between = set(message.lows[after:start])
            if _maker(heard, made, after) and not between & listed("sector.not_made"):
                return True
    return False


def _maker(heard: Heard, made: int, after: int) -> bool:
    """Say whether the business is what makes: "we make", "who also bakes", "maker of", "a firm making"."""
    message = heard.message
    lead = message.before(made, 3)
    if lead[:1] in (["a"], ["the"], ["an"]) and message.low(after - 1) != "of":
        return False  # "a mould tool", "the press"
    if message.low(after - 1) == "of":
        return opens(heard, made) or bool(
            {"a", "the"} & set(lead[:1]) and {"i'm", "we're", "are"} & set(lead)
        )
    subject = listed("sector.makers") & set(lead)
    if listed("sector.not_makers") & set(lead) or lead == ["who"]:
        return False
    if {"who", "that"} & set(lead) and listed("sector.sought") & set(message.before(made, 7)):
        return False
    if lead[:2] in (["be", "i'd"], ["be", "we'd"], ["be", "i'll"], ["be", "we'll"], ["be", "would"]):
        return True
    begins = made == 0 or message.ends_segment(made - 1) or _goes_on_making(heard, made)
    return bool(subject) or begins


def makes_something(heard: Heard) -> Finding | None:
    """Read "we make 300 brackets a day" where the thing made is on no list: things made are manufacturing."""
    message = heard.message
    for made, after in heard.at("own.make"):
        lead = message.before(made, 2)
        firm = lead[:1] in (["firm"], ["company"], ["business"]) and lead[1:2] in (["my"], ["our"], ["the"])
        ours = firm or lead[:1] in (["we"], ["i"], ["client"])
        if message.low(made).endswith(("ing", "in")):
            ours = _goes_on_making(heard, made) or lead in (["be", "i'd"], ["be", "we'd"], ["be", "i'll"])
        if message.low(made) not in _MAKING or not ours:
            continue
        if {"if", "when", "can", "could", "should", "do", "did"} & set(message.before(made, 3)):
            continue
        at = after
        while at < after + 3 and at < len(message) and not message.ends_segment(at):
            word = message.low(at)
            if word in listed("sector.never_made") or word in listed("sector.not_ours"):
                break
            if (
                word.endswith("s")
                and len(word) > 4
                and word.isalpha()
                and not word.endswith(("ss", "us", "ous"))
            ):
                food = listed("trades.kitchen") & set(message.lows)
                return Finding("food_drink" if food else "manufacturing", made, at + 1)
            at += 1
    return None


def _goes_on_making(heard: Heard, made: int) -> bool:
    """Say whether it goes on like "we are 14 people in Dudley making packaging"."""
    lead = set(heard.message.before(made, 8))
    told = ("#" in lead and bool(lead & _STAFF)) or bool(lead & listed("employees.firm"))
    others = listed("sector.not_ours") - {"in", "and", "with", "from", "at", "is", "has", "but", "near"}
    others |= listed("employees.met_with")
    return heard.message.low(made).endswith(("ing", "in")) and told and not lead & others
