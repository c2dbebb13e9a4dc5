"""Read what Rasa says to a broker: its words, the roadmap, the offers told of, and the client's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base import labels

MOST_OFFERS = 4
COULD_WRITE = "You could write: "


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: ``texts`` in order, ``roadmap`` as its document, ``offers`` by id, and the record.

    ``unchanged`` says that the roadmap was shown before; ``client`` holds what a message changed in the
    record, and is empty where it changed nothing.
    """

    texts: tuple[str, ...] = ()
    roadmap: Mapping[str, Any] | None = None
    roadmap_id: str | None = None
    unchanged: bool = False
    offers: tuple[str, ...] = ()
    client: Mapping[str, Any] | None = None

    @property
    def words(self) -> str:
        return "\n".join(self.texts)


def read_heard(messages: Iterable[Mapping[str, Any]]) -> Heard:
    """Read Rasa's messages; what the roadmap itself shows in Slack is not said a second time."""
    texts: list[str] = []
    before = 0  # how many texts came before the roadmap
    client: dict[str, Any] = {}
    shown: Mapping[str, Any] | None = None
    id: str | None = None
    unchanged = False
    offers: list[str] = []
    for message in messages:
        if text := _text(message):
            texts.append(text)
        custom = message.get("custom")
        custom = custom if isinstance(custom, Mapping) else {}
        if isinstance(custom.get("client"), Mapping):
            client |= custom["client"]
        cards = custom.get("offers")
        for card in cards if isinstance(cards, list) else ():
            if isinstance(card, Mapping) and isinstance(card.get("offer"), str):
                offers.append(card["offer"])
                if texts and card.get("summary") and str(card["summary"]) in texts[-1]:
                    texts.pop()  # the same in words: its card says it
        found = custom.get("roadmap")
        if isinstance(found, Mapping) and isinstance(found.get("phases"), list) and found.get("id"):
            shown = {k: v for k, v in found.items() if k not in ("id", "url", "unchanged")}
            id, unchanged, before = str(found["id"]), found.get("unchanged") is True, len(texts)
    if shown is not None:
        client |= {"needs": shown.get("needs"), "profile": shown.get("profile")}
        if not unchanged:
            texts = _beside(texts, before, shown, id or "")
    unique = tuple(dict.fromkeys(offers))[:MOST_OFFERS]
    return Heard(tuple(texts), shown, id, unchanged, unique, client or None)


def _beside(texts: list[str], before: int, document: Mapping[str, Any], id: str) -> list[str]:
    """The texts that say more than the roadmap's own message does."""
    first, after = texts[:before], texts[before:]
    if first:
        first.pop()  # its steps as lines
    if first and first[-1].rstrip().endswith(":"):
        first.pop()  # what announced them
    said = [str(gap.get("words") or gap.get("reason")) for gap in document.get("gaps") or ()]
    question = document.get("next_question")
    fact = question.get("fact") if isinstance(question, Mapping) else None
    said += [labels.fact(fact)] if isinstance(fact, str) else []
    said.append(f"/{id}")  # its address
    return [*first, *(text for text in after if not any(words and words in text for words in said))]


def _text(message: Mapping[str, Any]) -> str:
    """The words of a message; what a business would press is what a broker may write."""
    text = message.get("text")
    text = text.strip() if isinstance(text, str) else ""
    buttons = message.get("buttons")
    titles = [
        str(each["title"])
        for each in (buttons if isinstance(buttons, list) else ())
        if isinstance(each, Mapping) and each.get("title")
    ]
    could = f"{COULD_WRITE}{' · '.join(titles)}" if titles else ""
    return "\n".join(part for part in (text, could) if part)
