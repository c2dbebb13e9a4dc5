"""Read the language somebody asks to be helped in, not one they sell in or cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed

CODES = {
    "english": "en",
    "engelska": "en",
    "engelsk": "en",
    "englisch": "en",
    "saesneg": "en",
    "swedish": "sv",
    "svenska": "sv",
    "danish": "da",
    "dansk": "da",
    "german": "de",
    "deutsch": "de",
    "polish": "pl",
    "polski": "pl",
    "polsku": "pl",
    "hungarian": "hu",
    "magyarul": "hu",
    "welsh": "cy",
    "gymraeg": "cy",
    "cymraeg": "cy",
}
_IN = frozenset({"in", "på", "auf", "po", "yn"})
_OR = frozenset({"or", "and", "/", ","})


def languages(heard: Heard) -> Finding | None:
    """Return the codes asked for, in the order named."""
    message = heard.message
    named = [at for at, word in enumerate(message.words) if word.low in CODES]
    if not named:
        return None
    in_phrases = {at for start, end in heard.at("languages.request") for at in range(start, end)}
    asked = [at for at in named if _asked_for(heard, at, in_phrases)]
    asked += [at for at in named if at not in asked and _joined(heard, at, asked)]
    if not asked and heard.asked == "languages" and heard.short:
        asked = named
    codes = dict.fromkeys(CODES[message.low(at)] for at in sorted(asked))
    return Finding(list(codes), min(asked), max(asked) + 1) if codes else None


def _asked_for(heard: Heard, at: int, in_phrases: set[int]) -> bool:
    message = heard.message
    before, after = message.before(at, 30), message.after(at + 1, 30)
    around = {*before, *after}
    if message.low(at + 1) in listed("languages.of_things") or listed("languages.not") & set(before[:3]):
        return False
    if _polite(heard, at):
        return True
    hiring = bool(listed("languages.hiring") & around)
    if at in in_phrases:
        return not hiring
    if hiring or listed("languages.own") & around or listed("languages.making") & set(before):
        return False
    if before[:1] and before[0] in listed("languages.person"):  # "can somebody Swedish visit me"
        return True
    if at in heard.ends("languages.speaks") and listed("languages.person") & set(before[:6]):
        return True
    if not _closed(heard, at + 1):
        return False
    if _put_in(before):
        return bool(listed("languages.asking") & around)
    return at in heard.ends("languages.wish") and not listed("languages.asking_no") & set(before)


def _polite(heard: Heard, at: int) -> bool:
    """Say whether a whole clause is made of a language, "please" and their like: "Polish then, please"."""
    message = heard.message
    rest = set(message.lows[message.clause_start(at) : message.clause_end(at + 1)]) - CODES.keys()
    put = bool(listed("languages.please") & rest or _put_in(message.before(at, 2)))
    return put and rest <= listed("languages.filling")


def _put_in(before: list[str]) -> bool:
    """Say whether the words before a language are "in", or "in" and "only" or another language."""
    lead = next((word for word in before if word not in CODES and word not in _OR | {"only", "just"}), "")
    return lead in _IN


def _joined(heard: Heard, at: int, asked: list[int]) -> bool:
    """Say whether a language is one more of those asked for: "in German or Danish"."""
    near = list(_next_to(heard, at))
    return any(other in asked for other in near) and _closed(heard, at + 1)


def _next_to(heard: Heard, at: int) -> Iterator[int]:
    for step in (-2, 2):
        if heard.message.low(at + step // 2) in _OR and 0 <= at + step < len(heard.message):
            yield at + step


def _closed(heard: Heard, at: int) -> bool:
    """Say whether a language ends what it stands in: no noun follows that it would describe."""
    message = heard.message
    return at >= len(message) or message.ends_segment(at) or message.low(at) in listed("languages.following")
