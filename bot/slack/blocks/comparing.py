"""Two to four offers side by side, and all that nearly fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, columns, context, section
from bot.slack.blocks.pages import pages, within
from bot.slack.blocks.steps import verdict_mark
from bot.slack.blocks.text import Block, Message, cut, link, plain, told, whole
from bot.web.formats import sentence
from knowledge_base import labels
from knowledge_base.brokers.records import Client
from knowledge_base.cards import OfferCard
from knowledge_base.nearly import NearFit

MOST_COMPARED = 4
PER_PAGE = 12
TOO_FEW = "There is nothing to compare: name two offers of this roadmap, or plan one with two steps."


def compare(cards: Sequence[OfferCard], client: Client) -> Message:
    """Show two to four offers side by side: two in columns, more one under the other."""
    cards = cards[:MOST_COMPARED]
    if len(cards) < 2:
        return Message(whole([TOO_FEW]), [section(TOO_FEW)])
    rows = [_aspects(card) for card in cards]
    names = [f"{link(_address(card), card.name, 200)}" for card in cards]
    if len(cards) == 2:
        fields = names + [
            f"_{aspect}_\n{told(row[number][1], 500)}"
            for number, (aspect, _) in enumerate(rows[0])
            for row in rows
        ]
        blocks = [columns(fields[:10]), *([columns(fields[10:])] if fields[10:] else [])]
    else:
        blocks = [
            section("\n".join([name, *(f"_{aspect}:_ {told(words, 400)}" for aspect, words in row if words)]))
            for name, row in zip(names, rows, strict=True)
        ]
    ask = (
        button(f"Why {number}", verbs.WHY, client.id, card.id, spoken=f"Why, or why not, {plain(card.name)}")
        for number, card in enumerate(cards, 1)
    )
    text = [
        cut(f"{plain(card.name)}: " + " ".join(f"{aspect}: {plain(words)}." for aspect, words in row), 4000)
        for card, row in zip(cards, rows, strict=True)
    ]
    return Message(whole([f"{len(cards)} offers compared.", *text]), [*blocks, actions(*ask)])


def _aspects(card: OfferCard) -> list[tuple[str, str]]:
    """Say each aspect of an offer; all of them, in one order, so that columns stay level."""
    verdict = f"ended{card.ended_words}" if card.ended else card.verdict_words
    open_ = [reason for reason in card.reasons if not reason.endswith(": yes")]
    return [
        ("Fit", verdict_mark("ended" if card.ended else card.verdict, sentence(verdict))),
        ("What it is", f"{sentence(labels.kind(card.kind))}, {plain(card.provider)}"),
        ("When", sentence(card.when_words)),
        ("What it costs", sentence(card.cost_words)),
        ("Still open", "; ".join(open_[:3]) or "nothing that its record tells of"),
        ("Have ready", "; ".join(card.prepare[:3]) or "nothing that its record tells of"),
    ]


def _address(card: OfferCard) -> str | None:
    source = card.document.get("source")
    return str(source["url"]) if isinstance(source, dict) and source.get("url") else None


def nearly(near: Sequence[NearFit], client: Client, *, page: Any = 1) -> Message:
    """List what nearly fits a client, nearest first, and what is missing; a page at a time."""
    name = plain(client.name) or "this client"
    if not near:
        none = "Nothing else nearly fits: what is not in the roadmap misses more than a few conditions."
        return Message(whole([none]), [section(told(none))])
    groups = [[_near_block(number, each, client)] for number, each in enumerate(near, 1)]
    heading = section(f"*What nearly fits {told(name, 150)}*   {len(near)} in all, nearest first")
    around = [heading, _turning(client, 2, 3), context("x" * 100)]
    parts = [part for whole_ in pages(groups, around) for part in _chunks(whole_)]
    page = within(page, len(parts))
    shown = parts[page - 1]
    turning = [_turning(client, page, len(parts))] if len(parts) > 1 else []
    blocks = [heading, *(groups[number][0] for number in shown), *turning]
    text = [
        f"What nearly fits {name}, page {page} of {len(parts)}:",
        *(_near_words(number + 1, near[number]) for number in shown),
    ]
    return Message(whole(text), blocks)


def _chunks(numbers: list[int]) -> list[list[int]]:
    return [numbers[at : at + PER_PAGE] for at in range(0, len(numbers), PER_PAGE)]


def _near_block(number: int, near: NearFit, client: Client) -> Block:
    offer = near.offer
    missing = labels.joined(each.words for each in near.missing)
    lines = [
        f"*{number}.* {link(offer.source.url, offer.name, 200)}   "
        f"{verdict_mark(near.verdict, told(sentence(labels.verdict(near.verdict)), 60))}",
        told(sentence(labels.kind(offer.kind)), 60),
        f"_Missing:_ {told('; '.join(near.failed), 400)}" if near.failed else "",
        f"It would fit if {told(missing, 500)}." if missing else "",
    ]
    why = button("Why", verbs.WHY, client.id, offer.id, spoken=f"Why {plain(offer.name)} is no step")
    return section("\n".join(line for line in lines if line), why)


def _near_words(number: int, near: NearFit) -> str:
    missing = labels.joined(each.words for each in near.missing)
    return cut(f"{number}. {plain(near.offer.name)}: it would fit if {plain(missing)}.", 2500)


def _turning(client: Client, page: int, last: int) -> Block:
    return actions(
        button(f"‹ Page {page - 1}", verbs.NEARLY, client.id, str(page - 1)) if page > 1 else None,
        button(f"Page {page + 1} of {last} ›", verbs.NEARLY, client.id, str(page + 1))
        if page < last
        else None,
    )


__all__ = ["compare", "nearly"]
