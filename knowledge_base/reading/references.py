"""Find the offers a message points at among those just shown: "the second one", "step 2", "that grant"."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.offer_names import Mention
from knowledge_base.reading.quantity import Quantity
from knowledge_base.reading.refusals import KIND_OF
from knowledge_base.records import Catalogue

_ORDINALS = {
    "first": 1,
    "next": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "last": 0,
}
_NUMBERED = frozenset({"step", "option", "number", "offer", "no", "steps", "options"})
_ANY_KIND = frozenset({"one", "offer", "programme", "program", "scheme", "option", "step", "thing"})
_SEVERAL = frozenset({"steps", "ones", "options", "offers", "things", "please", "already"})
_SAID = frozenset({"the", "that", "this", "your", "about", "did", "done"})


def references(heard: Heard, shown: Sequence[str], catalogue: Catalogue) -> list[Mention]:
    """Return what is pointed at; nothing where the words could mean two of the offers shown, or none."""
    found: list[Mention] = []
    if not shown:
        return found
    for at, word in enumerate(heard.message.words):
        mention = _by_order(heard, at, shown) or _by_number(heard, at, shown)
        if mention is None and word.low in {"that", "this"}:
            offer = _only(shown, heard.message.low(at + 1), catalogue)
            mention = Mention((offer,), at, at + 2) if offer else None
        if mention is None and word.low == "the" and at in heard.ends("progress.declined"):
            offer = _only(shown, heard.message.low(at + 1), catalogue)
            mention = Mention((offer,), at, at + 2) if offer else None
        if mention is None and word.low == "both" and len(shown) == 2:
            mention = Mention(tuple(shown), at, at + 1)
        if mention is not None:
            found.append(mention)
    return found


def _by_order(heard: Heard, at: int, shown: Sequence[str]) -> Mention | None:
    """Read "the second one", "the last step" and "the first two"."""
    message = heard.message
    quantity = message.words[at].quantity
    place = _ORDINALS.get(message.low(at))
    if quantity is not None and quantity.kind == "ordinal" and quantity.exact is not None:
        place = int(quantity.exact)
    if place is None or place > len(shown):
        return None
    lead, following = message.low(at - 1), message.low(at + 1)
    said = at == 0 or lead in _SAID
    if said and place in {0, 1} and (count := _count(heard, at + 1)) and count <= len(shown):
        return Mention(tuple(shown[:count] if place else shown[-count:]), at, at + 2)
    if following in listed("references.nouns"):
        return Mention((shown[place - 1],), at, at + 2) if said or following != "thing" else None
    closed = _closed(heard, at + 1) or following in {"and", "please", "already"}
    return Mention((shown[place - 1],), at, at + 1) if closed and lead in {"the", "your"} else None


def _by_number(heard: Heard, at: int, shown: Sequence[str]) -> Mention | None:
    """Read "step 2", "option 3" and "no 1."."""
    message = heard.message
    nth = _whole(message.words[at + 1].quantity) if at + 1 < len(message) else 0
    if message.low(at) not in _NUMBERED or not 1 <= nth <= len(shown):
        return None
    if message.low(at) == "no" and not _closed(heard, at + 2):
        return None
    return Mention((shown[nth - 1],), at, at + 2)


def _count(heard: Heard, at: int) -> int:
    """Return the number in "the first two", or nothing where it counts something else."""
    message = heard.message
    counted = _whole(message.words[at].quantity) if at < len(message) else 0
    return counted if _closed(heard, at + 1) or message.low(at + 1) in _SEVERAL else 0


def _closed(heard: Heard, at: int) -> bool:
    return at >= len(heard.message) or heard.message.ends_segment(at)


def _whole(quantity: Quantity | None) -> int:
    """Return a plain count below a hundred, or 0."""
    if quantity is None or quantity.kind != "count" or quantity.exact is None or quantity.exact > 99:
        return 0
    return int(quantity.exact) if quantity.exact == quantity.exact.to_integral_value() else 0


def _only(shown: Sequence[str], noun: str, catalogue: Catalogue) -> str | None:
    """Return the one offer shown that "that grant" can mean, or "that one" when one alone was shown."""
    if noun in _ANY_KIND:
        return shown[0] if len(shown) == 1 else None
    kind = KIND_OF.get(noun)
    alike = [id for id in shown if id in catalogue.offers and catalogue.offers[id].kind == kind]
    return alike[0] if kind and len(alike) == 1 else None
