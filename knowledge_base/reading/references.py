"""Find the offers a message points at among those just shown: "the second one", "step 2", "that grant"."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.offer_names import Mention
from knowledge_base.reading.refusals import KIND_OF
from knowledge_base.records import Catalogue

_ORDINALS = {w: n for n, w in enumerate("first second third fourth fifth sixth seventh".split(), 1)} | {"last": 0}
_NOUNS = frozenset("one option step offer thing programme program scheme course grant loan item suggestion idea".split())
_NUMBERED = frozenset({"step", "option", "number", "offer", "no", "steps", "options"})
_ANY_KIND = frozenset({"one", "offer", "programme", "program", "scheme", "option", "step", "thing"})


def references(heard: Heard, shown: Sequence[str], catalogue: Catalogue) -> list[Mention]:
    """Return what is pointed at; nothing where the words could mean two of the offers shown, or none."""
    message = heard.message
    found: list[Mention] = []
    if not shown:
        return found
    for at, word in enumerate(message.words):
        low, following = word.low, message.low(at + 1)
        place = _ORDINALS.get(low)
        if word.quantity is not None and word.quantity.kind == "ordinal" and word.quantity.exact is not None:
            place = int(word.quantity.exact)
        if place is not None and place <= len(shown):
            said = message.low(at - 1) in {"the", "that", "this", "your", "about", "did", "done"} or at == 0
            closed = at + 1 >= len(message) or message.ends_segment(at + 1) or following in {"and", "please", "already"}
            if following in _NOUNS and (said or following != "thing") or said and closed and message.low(at - 1) in {"the", "your"}:
                found.append(Mention((shown[place - 1],), at, at + 1 + (following in _NOUNS)))
            elif following == "#" and message.words[at + 1].quantity is not None and said and (
                at + 2 >= len(message) or message.ends_segment(at + 2) or message.low(at + 2) in _NOUNS | {"steps", "ones", "options"}
            ):
                count = message.words[at + 1].quantity.exact or 0
                several = shown[-int(count) :] if low == "last" else shown[: int(count)]
                if low in {"first", "last"} and 0 < count <= len(shown):
                    found.append(Mention(tuple(several), at, at + 2))
        elif low in _NUMBERED and at + 1 < len(message) and (quantity := message.words[at + 1].quantity) is not None:
            nth = quantity.exact
            if quantity.kind == "count" and nth is not None and nth == nth.to_integral_value() and 1 <= nth <= len(shown):
                if low != "no" or message.low(at + 2) in {".", ","} or at + 2 >= len(message):
                    found.append(Mention((shown[int(nth) - 1],), at, at + 2))
        elif low in {"that", "this"} and following in KIND_OF | dict.fromkeys(_ANY_KIND):
            offer = _only(shown, following, catalogue)
            if offer:
                found.append(Mention((offer,), at, at + 2))
        elif low == "both" and len(shown) == 2:
            found.append(Mention(tuple(shown), at, at + 1))
    return found


def _only(shown: Sequence[str], noun: str, catalogue: Catalogue) -> str | None:
    if noun in _ANY_KIND:
        return shown[0] if len(shown) == 1 else None
    alike = [id for id in shown if id in catalogue.offers and catalogue.offers[id].kind == KIND_OF[noun]]
    return alike[0] if len(alike) == 1 else None
