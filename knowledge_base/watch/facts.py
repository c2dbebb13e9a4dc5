"""Read out of a page what a record may quote: closing and opening days, sums, shares, an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from knowledge_base.watch import cues
from knowledge_base.watch.amounts import FoundAmount, amounts_in
from knowledge_base.watch.dates import FoundDate, dates_in, is_range
from knowledge_base.watch.page_text import Block, PageText

MOST_FACTS = 200
LONGEST_MATTER = 200_000  # characters of a page's own matter that are looked at
LONGEST_QUOTE = 240
LONGEST_FRAME = 200
LABEL = 60
NEAR = 60
MOST_IN_A_SENTENCE = 30  # more dates than that are a calendar, not a deadline
DATE_ROLES = ("opens", "closes", "day")
SUM_ROLES = ("max", "min", "sum", "other")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a page says, with the words it stands in.

    ``role`` is opens, closes, day (of no known meaning), max, min, sum, other (a sum nobody is paid), rate,
    closed or missing. ``frame`` is its sentence with every date and sum taken out: it stays while only they
    change. ``was`` holds what stood in the frame at earlier visits; ``new`` that no earlier visit saw it.
    """

    role: str
    value: str
    frame: str
    quote: str
    under: str = ""
    strong: bool = False
    was: tuple[str, ...] = ()
    new: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the fact as it is kept with a visit."""
        return {
            "role": self.role, "value": self.value, "frame": self.frame, "quote": self.quote,
            "under": self.under, "strong": self.strong, "was": list(self.was), "new": self.new,
        }  # fmt: skip


def fact_of(raw: dict[str, Any]) -> Fact:
    """Return a fact that `Fact.as_json` wrote."""
    return Fact(**{**raw, "was": tuple(raw["was"])})


def facts_of(page: PageText) -> list[Fact]:
    """Return what the page's own matter says, in order; menus, banners, news and events are left out."""
    found = list(_marks(page))
    header: list[str] = []
    before, looked_at = "", 0
    for block in page.blocks:
        if block.aside:
            before = ""
            continue
        cells = block.text.split(" | ")
        if len(cells) > 1 and not re.search(r"\d", block.text):
            header = cells
        for sentence in sentences(block.text):
            found += _dates(sentence, block, before, header)
            found += _amounts(sentence, block)
            found += _closed(sentence, block)
        before = block.text if len(block.text) <= LABEL and not re.search(r"\d{3}", block.text) else ""
        looked_at += len(block.text)
        if len(found) > 3 * MOST_FACTS or looked_at > LONGEST_MATTER:
            break
    telling = [each for each in found if each.role not in ("day", "sum", "other")]
    rest = [each for each in found if each.role in ("day", "sum", "other")]
    return (telling + rest)[:MOST_FACTS]


_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-ÞĀ-Ž„“\"'(])")


def sentences(text: str) -> list[str]:
    """Cut a block into sentences; a full stop within a date or after a number ends none."""
    inside = {at for found in dates_in(text) for at in range(found.start, found.end + 1)}
    out, start = [], 0
    for match in _END.finditer(text):
        word = re.search(r"[^\s.]*$", text[: match.start()])
        short = word is not None and len(word[0]) <= 2 and not word[0].isdigit()
        if (match.start() in inside and text[match.start() - 1 : match.start()].isdigit() is False) or short:
            continue
        if match.start() + 1 in inside:
            continue
        out.append(text[start : match.start() + 1])
        start = match.end()
    return [*out, text[start:]]


def _fact(role: str, value: str, sentence: str, block: Block, frame: str, strong: bool) -> Fact:
    return Fact(role, value, frame, sentence.strip()[:LONGEST_QUOTE], block.heading[:120], strong)


def _frame(sentence: str) -> str:
    """Return a sentence without its dates and sums, in lower case."""
    spans = [(each.start, each.end) for each in dates_in(sentence)]
    spans += [(each.start, each.end) for each in amounts_in(sentence)]
    out, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            out += [sentence[at:start], "#"]
            at = end
    return re.sub(r"\W*#[\s.]*", " # ", "".join([*out, sentence[at:]])).lower().strip()[:LONGEST_FRAME]


def _marks(page: PageText) -> Iterator[Fact]:
    first = [block.text for block in page.blocks if not block.aside][:2]
    for words in (page.title, *first):
        if len(words) <= 120 and cues.missing().search(words):
            yield Fact("missing", "missing", "", words[:LONGEST_QUOTE], "", True)
            return


@dataclass(frozen=True, slots=True)
class _Cued:
    """Where in a sentence the words stand that say what a date is, looked for once for all of its dates."""

    roles: tuple[tuple[int, int, str], ...]
    stamps: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Cued:
        found = [
            (m.start(), m.end(), name) for name in ("opens", "closes") for m in cues.cue(name).finditer(text)
        ]
        return cls(tuple(sorted(found)), tuple(m.start() for m in cues.cue("stamped").finditer(text)))

    def nearest(self, start: int, end: int) -> str:
        """Return closes or opens, whichever word stands nearest: before a date, or else right after it."""
        earlier = [each for each in self.roles if start - 4 * NEAR <= each[0] and each[1] <= start]
        if earlier:
            return max(earlier, key=lambda each: each[1])[2]
        return next((name for begins, _, name in self.roles if end <= begins <= end + NEAR), "")


def _dates(sentence: str, block: Block, before: str, header: list[str]) -> Iterator[Fact]:
    found = dates_in(sentence)[:MOST_IN_A_SENTENCE]
    if not found:
        return
    frame = _frame(sentence)
    cued = _Cued.of(sentence)
    around = f"{block.heading} {sentence}"
    event = _of_others(sentence, around)
    extended = cues.cue("extended").search(sentence) is not None and len(found) > 1
    for at, each in enumerate(found):
        stamped = any(each.start - 40 <= start < each.start for start in cued.stamps)
        opens_range = at + 1 < len(found) and is_range(sentence, each, found[at + 1])
        ends_range = at > 0 and is_range(sentence, found[at - 1], each)
        if extended and opens_range:
            continue  # "extended from the 1st to the 30th": the first holds no more
        if stamped or event:
            role, strong = "", False
        elif opens_range or ends_range:
            role, strong = _of_range(around, before, opens_range and not extended)
        else:
            role, strong = _of_date(sentence, each, cued, block, before, header)
        if not stamped:
            yield _fact(role or "day", each.value, sentence, block, frame, strong)


def _of_others(sentence: str, around: str) -> bool:
    """Say whether a sentence is about an event, another scheme, the project's own days or the decision."""
    if cues.cue("events").search(around) or cues.cue("elsewhere").search(sentence):
        return True
    return bool(cues.cue("later").search(sentence) and not cues.cue("asking").search(sentence))


def _of_range(around: str, before: str, opens: bool) -> tuple[str, bool]:
    told = f"{before} {around}"
    speaks = any(each.search(told) for each in (cues.cue("period"), cues.cue("closes"), cues.cue("applying")))
    return ("opens" if opens else "closes", True) if speaks else ("", False)


def _of_date(
    sentence: str, found: FoundDate, cued: _Cued, block: Block, before: str, header: list[str]
) -> tuple[str, bool]:
    """Say what a date is by the word right before it, the nearest cue, its column, its label, its heading."""
    pre, post = sentence[max(0, found.start - NEAR) : found.start], sentence[found.end :][:NEAR]
    cue = cued.nearest(found.start, found.end)
    small = ""
    if cues.beside("closes_before").search(pre) or cues.beside("closes_after").search(post):
        small = "closes"
    elif cues.beside("opens_before").search(pre) or cues.beside("opens_after").search(post):
        small = "opens"
    if small and (cue or cues.cue("applying").search(f"{block.heading} {sentence}")):
        return small, bool(cue)
    if cue:
        return cue, True
    column = sentence.count(" | ", 0, found.start)
    labels = [header[column] if column < len(header) and sentence.count(" | ") else "", before, block.heading]
    for label in labels:
        if label and len(label) <= LABEL:
            told = _Cued.of(label).nearest(len(label), len(label))
            if told:
                return told, True
    return "", False


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _amounts(sentence: str, block: Block) -> Iterator[Fact]:
    found = amounts_in(sentence)[:MOST_IN_A_SENTENCE]
    if not found:
        return
    frame = _frame(sentence)
    paid = not cues.cue("not_paid").search(sentence) and not cues.cue("elsewhere").search(sentence)
    around = f"{block.heading} {sentence}"
    for each in found:
        if each.unit == "%":
            if (
                cues.cue("share").search(around)
                and not cues.cue("not_share").search(sentence)
                and each.side != "low"
            ):
                yield _fact("rate", each.value, sentence, block, frame, True)
            continue
        role = _of_sum(sentence, each) if paid else "other"
        yield _fact(role, each.value, sentence, block, frame, role in ("max", "min"))


def _of_sum(sentence: str, found: FoundAmount) -> str:
    if found.side:
        return "min" if found.side == "low" else "max"
    pre, post = sentence[max(0, found.start - 40) : found.start], sentence[found.end :][:20]
    if cues.beside("most_after").match(post):
        return "max"
    most, least = _last(cues.cue("most"), pre), _last(cues.cue("least"), pre)
    if most and (not least or most.start() >= least.start()):
        return "max"
    return "min" if least else "sum"


def _closed(sentence: str, block: Block) -> Iterator[Fact]:
    if len(sentence) > 600:
        return
    for pattern in cues.closed():
        match = pattern.search(sentence)
        if match and not cues.cue("not_closed").search(sentence[: match.end() + 30]):
            yield _fact("closed", "closed", sentence, block, _frame(sentence), True)
            return


def with_earlier(now: list[Fact], earlier: list[Fact] | None) -> list[Fact]:
    """Return the facts with what stood in their place at the visit before; None where there was none.

    The same frame is the same place; what is left over is matched when only one of its role went and one
    came, or when their frames share most of their words.
    """
    if earlier is None:
        return now
    out: list[Fact | None] = [None] * len(now)
    left = list(earlier)
    for exactly in (True, False):
        for at, fact in enumerate(now):
            if out[at] is None:
                other = next((e for e in left if e.role == fact.role and e.frame == fact.frame
                              and (e.value == fact.value or not exactly)), None)  # fmt: skip
                if other is not None:
                    left.remove(other)
                    out[at] = _after(fact, other)
    for role in ("closes", "opens", "max", "min", "rate"):
        gone = [each for each in left if each.role == role]
        here = {each.value for each in now if each.role == role}
        came = [at for at, each in enumerate(now) if out[at] is None and each.role == role]
        for at in came:
            alike = [each for each in gone if each.value == now[at].value] or [
                each for each in gone
                if each.value not in here
                and (len(came) == len(gone) == 1 or _share(each.frame, now[at].frame) >= 0.5)
            ]  # fmt: skip
            if alike:
                gone.remove(alike[0])
                out[at] = _after(now[at], alike[0])
    return [each or replace(now[at], new=True) for at, each in enumerate(out)]


def _after(fact: Fact, earlier: Fact) -> Fact:
    was = earlier.was if fact.value == earlier.value else (*earlier.was, earlier.value)
    return replace(fact, was=tuple(dict.fromkeys(was))[-4:], new=earlier.new)


def _share(one: str, other: str) -> float:
    a, b = set(re.findall(r"\w{3,}", one)), set(re.findall(r"\w{3,}", other))
    return len(a & b) / max(1, min(len(a), len(b)))
