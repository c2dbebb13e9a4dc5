"""Read the language somebody asks to be helped in, not one they sell in or cannot read."""

from __future__ import annotations

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed

CODES = {
    "english": "en",
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


def languages(heard: Heard) -> Finding | None:
    """Return the codes asked for, in the order named."""
    codes: list[str] = []
    where: list[int] = []
    for start, end in heard.at("languages.request"):
        if listed("languages.not") & set(heard.message.before(start, 3)) or {
            "plain",
            "market",
            "shop",
            "food",
        } & set(heard.message.after(end, 1)):
            continue
        codes += [CODES[w] for w in heard.message.lows[start:end] if w in CODES]
        where += [start, end]
    if not codes and heard.asked == "languages" and heard.short:
        named = [(CODES[w.low], at) for at, w in enumerate(heard.message.words) if w.low in CODES]
        codes, where = [code for code, _ in named], [place for _, at in named for place in (at, at + 1)]
    return Finding(list(dict.fromkeys(codes)), min(where), max(where)) if codes else None
