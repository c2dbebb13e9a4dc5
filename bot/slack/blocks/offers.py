"""One offer in full, and what only an adviser can use: always marked as such."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, context, section
from bot.slack.blocks.steps import MARKS, verdict_mark
from bot.slack.blocks.text import Message, cut, link, plain, sections, told, whole
from bot.web.formats import sentence
from knowledge_base import labels
from knowledge_base.brokers.records import Client
from knowledge_base.cards import OfferCard

FOR_YOU = "For you as adviser"
NOT_SHARED = "not part of what the client sees"
MOST_SHOWN = 5


def offer_card(card: OfferCard, client: Client | None = None) -> Message:
    """Show one offer: what it is, whether it fits and why, what it costs, and how old its record is."""
    verdict = "ended" if card.ended else card.verdict
    words = f"ended{card.ended_words}" if card.ended else card.verdict_words
    under = " · ".join(part for part in (sentence(labels.kind(card.kind)), card.provider) if part)
    lines = [
        f"{link(_address(card), card.name, 250)}   {verdict_mark(verdict, told(sentence(words), 120))}",
        told(under, 250),
        told(card.summary, 600),
        told(card.now_words, 300) if card.ended else "",
        f"When: {told(card.when_words, 300)}",
        f"Costs: {told(card.cost_words, 300)}",
        *(f"• {told(reason, 250)}" for reason in card.reasons[:10]),
        f"_Have ready:_ {told('; '.join(card.prepare), 500)}" if card.prepare else "",
    ]
    blocks = [section(part) for part in sections(line for line in lines if line)]
    blocks.append(context(told(card.age_words, 300)))
    if client is not None:
        blocks.append(actions(button("Why, or why not", verbs.WHY, client.id, card.id)))
    return Message(whole(_card_words(card, words)), blocks)


def adviser_lines(cards: Sequence[OfferCard]) -> list[str]:
    """Return the lines of what only the adviser can use; none where there is nothing."""
    if not cards:
        return []
    lines = [f"*{FOR_YOU}* ({NOT_SHARED})"]
    for card in cards[:MOST_SHOWN]:
        mark = MARKS.get(card.verdict, "?")
        lines.append(
            f"• {mark} {link(_address(card), card.name, 200)}: {told(card.provider, 100)}, "
            f"{told(card.when_words, 150)}; {told(card.cost_words, 150)}"
        )
    more = len(cards) - MOST_SHOWN
    return [*lines, f"• and {more} more"] if more > 0 else lines


def adviser_words(cards: Sequence[OfferCard]) -> list[str]:
    """The same in plain words."""
    if not cards:
        return []
    told_of = [
        f"{cut(plain(card.name), 300)}, {cut(plain(card.provider), 200)}: "
        f"{cut(plain(card.when_words), 300)}; {cut(plain(card.cost_words), 300)}."
        for card in cards[:MOST_SHOWN]
    ]
    more = len(cards) - MOST_SHOWN
    return [f"{FOR_YOU} ({NOT_SHARED}):", *told_of, f"And {more} more." if more > 0 else ""]


def for_adviser(cards: Sequence[OfferCard]) -> Message:
    """Show what only the adviser can use, as a message of its own."""
    lines = adviser_lines(cards) or [f"*{FOR_YOU}*   We hold nothing that is for advisers alone just now."]
    return Message(
        whole(adviser_words(cards) or ["We hold nothing that is for advisers alone just now."]),
        [section(part) for part in sections(lines)],
    )


def _address(card: OfferCard) -> str | None:
    source = card.document.get("source")
    url = source.get("url") if isinstance(source, dict) else None
    return str(url) if url else None


def _card_words(card: OfferCard, verdict: str) -> list[str]:
    return [
        cut(f"{plain(card.name)}: {plain(verdict)}.", 600),
        cut(f"{labels.kind(card.kind)}, {plain(card.provider)}. {plain(card.summary)}", 2000),
        cut(f"{plain(card.now_words)}", 600) if card.ended else "",
        cut(f"When: {plain(card.when_words)}. Costs: {plain(card.cost_words)}.", 2000),
        *(f"{cut(plain(reason), 600)}." for reason in card.reasons[:30]),
        *(f"Have ready: {cut(plain(each), 400)}." for each in card.prepare[:20]),
        cut(f"Source: {plain(card.source_words)}; {plain(card.age_words)}.", 1500),
    ]
