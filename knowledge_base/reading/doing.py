"""Find what a business says it does, in verbs: "we brew", "I've been fitting kitchens", "who mend clocks".

A verb counts when the business stands right before it. "Can you fit a kitchen" and "they bake" tell nothing.
"""

from __future__ import annotations

from functools import cache

from knowledge_base.reading.frames import Phrases, expand
from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed, table
from knowledge_base.reading.trades import words_of

_DOUBLED = frozenset({"fit", "cut", "run", "let", "dig", "plan"})
_REACH = 4
_PEOPLE = frozenset({"people", "persons", "staff", "workers", "women", "men", "lads", "girls", "employees"})


@cache
def _verbs() -> Phrases:
    rows: dict[str, list[tuple[str, ...]]] = {}
    taken: set[tuple[str, ...]] = set()
    for sector, kinds in table("sectors").items():
        for phrase in words_of(kinds.get("does")):
            for first, *rest in expand(phrase, {}):
                if rest and rest[-1] in listed("doing.describing"):
                    continue
                rest = [word for word in rest if word not in listed("doing.describing")]
                if (first, *rest) not in taken:
                    taken.add((first, *rest))
                    rows.setdefault(sector, []).extend((form, *rest) for form in forms(first))
    return Phrases(rows)


def forms(verb: str) -> tuple[str, str, str]:
    """Return a verb plain, of a third person, and in -ing: "fit", "fits", "fitting"."""
    third = verb + ("es" if verb.endswith(("ch", "sh", "x", "ss", "o")) else "s")
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye")) else verb
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third = verb[:-1] + "ies"
    return verb, third, (verb + verb[-1] if verb in _DOUBLED else stem) + "ing"


def doings(heard: Heard) -> list[tuple[int, int, str]]:
    """Return where it is told and in which sector: start, end (excluded), sector."""
    lows = heard.message.lows
    kept = [at for at, word in enumerate(lows) if word not in listed("doing.describing")]
    found = []
    for sector, spans in _verbs().find([lows[at] for at in kept]).items():
        for start, end in spans:
            first, last = kept[start], kept[end - 1] + 1
            if last - first <= end - start + 3 and does(heard, first):
                found.append((first, last, sector))
    for first, last, sector in _with_a_word_between(lows, kept):
        if does(heard, first):
            found.append((first, last, sector))
    return found


@cache
def _objects() -> dict[str, dict[str, str]]:
    """Return for each form of a verb of two words its objects, each with the sector."""
    objects: dict[str, dict[str, str]] = {}
    for sector, kinds in table("sectors").items():
        for phrase in words_of(kinds.get("does")):
            for words in expand(phrase, {}):
                if len(words) == 2 and words[1] not in listed("doing.describing"):
                    for form in forms(words[0]):
                        objects.setdefault(form, {}).setdefault(words[1], sector)
    return objects


def _with_a_word_between(lows: list[str], kept: list[int]) -> list[tuple[int, int, str]]:
    """Find verb and object with one word we do not know between: "publish cycling guides"."""
    found = []
    for place, at in enumerate(kept[:-2]):
        objects = _objects().get(lows[at])
        if (
            objects
            and lows[kept[place + 1]].isalpha()
            and lows[kept[place + 1]] not in listed("doing.parting")
        ):
            sector = objects.get(lows[kept[place + 2]])
            if sector:
                found.append((at, kept[place + 2] + 1, sector))
    return found


def does(heard: Heard, at: int) -> bool:
    """Say whether the business is what does the verb at a place."""
    message = heard.message
    if message.low(at - 1) in {"'", "’"}:
        return False
    if "hobby" in message.after(at, 8):
        return False
    lead = message.before(at, _REACH + 4)
    skipped = 0
    while lead and lead[0] in listed("doing.adverbs") and skipped < _REACH:
        lead, skipped = lead[1:], skipped + 1
    if message.low(at).endswith("ing"):
        return _is_doing(heard, at, lead)
    same = lead[1 : lead.index(",", 1)] if "," in lead[1:] else lead[1:]
    subject, before = lead[:1], set(same[:3])
    if subject == [","] and message.low(at) not in {"clean", "press"}:
        return bool({"i'm", "we're"} & set(lead)) and not listed("doing.asking") & set(lead[:3])
    if before & listed("doing.asking"):
        return False
    if subject in (["we"], ["i"], ["jag"], ["vi"]) or _me_and(lead):
        return True
    if subject == ["client"] or subject in (["company"], ["business"], ["firm"]):
        return bool({"my", "our", "client", "the"} & {*lead[1:2], *subject})
    if subject in (["who"], ["that"], ["which"], ["and"]):
        ours = {"we", "we're", "i", "i'm", "our", "client", "are", "am", "us"}
        near = message.before(at, 14)
        return bool(ours & set(near)) and not listed("doing.others") & set(near)
    return False


def _is_doing(heard: Heard, at: int, lead: list[str]) -> bool:
    message = heard.message
    if _counted(message.before(at, 12)):
        return True
    if listed("doing.not_yet") & set(lead[:5]):
        return False
    if lead[:1] and lead[0] in listed("doing.being"):
        return not listed("doing.others") & set(message.before(at, 6))
    opens = at == 0 or message.ends_segment(at - 1)
    if at == 0 and {"from", "since"} & set(message.after(at, 10)):
        return True
    return opens and bool({"we", "i", "we're", "i'm", "#", "us"} & set(message.lows[max(0, at - 8) : at]))


def _counted(lead: list[str]) -> bool:
    """Say whether people are counted right before: "seven of us fitting", "women cooperative of 7 sewing"."""
    lead = lead[1:] if lead[:1] == [","] else lead
    if lead[:1] == ["us"] or (lead[:1] and lead[0] in _PEOPLE and lead[1:2] == ["#"]):
        return "#" in lead[:5] and not {"met", "than", "from", "need", "want", "looking"} & set(lead[1:])
    return lead[:2] == ["#", "of"] and bool({"cooperative", "operative", "team"} & set(lead[2:3]))


def _me_and(lead: list[str]) -> bool:
    """Say whether the owner and another do it: "me and our kid lay", "my brother and me fit"."""
    ours = listed("employees.kin") | {
        "my",
        "our",
        "the",
        "and",
        "an",
        "&",
        "kid",
        "me",
        "i",
        "mate",
        "partner",
    }
    at = next((i for i, word in enumerate(lead) if word not in ours), len(lead))
    return at > 1 and bool({"me", "i"} & set(lead[:at])) and bool({"and", "an", "&"} & set(lead[:at]))
