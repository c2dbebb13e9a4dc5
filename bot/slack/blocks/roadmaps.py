"""A client's roadmap as one message in Slack: compact, in order, with the reasons and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.slack import verbs
from bot.slack.blocks import limits
from bot.slack.blocks.elements import actions, button, context, divider, header, section
from bot.slack.blocks.money import funding_lines, funding_words
from bot.slack.blocks.offers import adviser_lines, adviser_words
from bot.slack.blocks.pages import pages, within
from bot.slack.blocks.steps import step_block, step_words
from bot.slack.blocks.text import Block, Message, bold, cut, link, plain, sections, size, told, whole
from bot.web.changes_view import MARKS as CHANGE_MARKS
from bot.web.formats import as_day, day
from bot.web.roadmap_view import RoadmapView, document_view
from knowledge_base import labels
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.cards import OfferCard
from knowledge_base.change_words import NOTHING
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.recap import said_back

SIGNS = {"good": "✓", "new": "+", "gone": "–", "other": "•"}
MOST_CHANGES = 12


def roadmap(
    document: Mapping[str, Any],
    client: Client,
    *,
    today: date | None = None,
    url: str = "",
    name_of: Callable[[str], str] = str,
    adviser: Sequence[OfferCard] = (),
    page: int = 1,
) -> Message:
    """Write a client's roadmap.

    Args:
        today: the day it is read on, for badges; its own day where none is given.
        url: its page, which the client may see.
        name_of: names an offer that is no step, such as a reserve.
        adviser: what only advisers can use; shown beside it, and no part of what the client sees.
        page: which page, where it is too long for one message; the nearest there is.
    """
    on = as_day(document.get("on")) or today or date.min
    view = document_view(document, on, today or on, name_of)
    groups, spoken = _groups(document, view, client)
    tail = [*_tail(document, view), *_adviser(adviser)]
    top, foot = _top(document, view, client), _foot(document, view, client, url)
    around = [*top, *foot, _turning(client.id, 2, 3)]
    parts = pages([*groups, *([block] for block in tail)], around)
    page = within(page, len(parts))
    units = [*groups, *([block] for block in tail)]
    shown = [block for number in parts[page - 1] for block in units[number]]
    turning = [_turning(client.id, page, len(parts))] if len(parts) > 1 else []
    heard = [words for number in parts[page - 1] if number < len(groups) for words in spoken[number]]
    last = page == len(parts)
    after = [*_tail_words(document, view), *adviser_words(adviser)] if last else []
    text = [*_top_words(document, view, client, page, len(parts)), *heard, *after, *_foot_words(view, url)]
    return Message(whole(text), [*top, *shown, *turning, *foot])


def changes(document: Mapping[str, Any], client: Client) -> Message:
    """Say what changed when a roadmap was planned again, and why."""
    found = [each for each in document.get("changes") or () if isinstance(each, Mapping)]
    told_of = [
        (SIGNS[CHANGE_MARKS.get(str(each.get("kind")), "other")], plain(each.get("words"))) for each in found
    ]
    lines = [f"{sign} {told(words, 500)}" for sign, words in told_of[:MOST_CHANGES]] or [NOTHING]
    if len(told_of) > MOST_CHANGES:
        lines.append(f"• and {len(told_of) - MOST_CHANGES} more changes")
    heading = f"*What changed and why*   {told(_label(client), 120)}"
    text = [f"What changed for {_label(client)}, and why:", *(words for _, words in told_of)]
    blocks = [section(part) for part in sections([heading, *lines])]
    return Message(whole(text if told_of else [*text, NOTHING]), blocks)


def _label(client: Client) -> str:
    return plain(client.name) or "This client"


def _groups(
    document: Mapping[str, Any], view: RoadmapView, client: Client
) -> tuple[list[list[Block]], list[list[str]]]:
    """Return a group of blocks for each step, a phase's first one with its heading; and the same spoken."""
    raw = iter(steps_of(document))
    groups, spoken = [], []
    for phase in view.phases:
        for number, each in enumerate(phase.steps):
            heading = [section(f"*{told(phase.name, 100)}*   {told(phase.intro, 150)}")] if not number else []
            groups.append([*heading, step_block(each, next(raw), client.id)])
            spoken.append([step_words(each, phase.name)])
    return groups, spoken


def _top(document: Mapping[str, Any], view: RoadmapView, client: Client) -> list[Block]:
    name, needs = _label(client), view.needs
    together = f"{name}: {needs}"
    fits = needs and size(together) <= limits.HEADER
    lines = [
        "" if fits or not needs else bold(needs, 600),
        f"_Rests on:_ {told(_facts(document), 900)}",
        *([] if view.steps else [f"Nothing we hold fits, as things stood on {view.on}."]),
        told(document.get("limit_reached"), 300) if document.get("limit_reached") else "",
    ]
    return [header(together if fits else name), section("\n".join(line for line in lines if line))]


def _facts(document: Mapping[str, Any]) -> str:
    """Say what was told, and what would rather not be said."""
    raw = document.get("profile")
    raw = raw if isinstance(raw, Mapping) else {}
    try:
        profile = parse_profile(raw)
        found, refused = [*said_back(profile).values()], list(profile.refused)
    except BadProfile:
        found, refused = labels.told(raw), []
    done = [plain(each.get("name")) for each in document.get("done_steps") or () if isinstance(each, Mapping)]
    if done:
        found.append(f"done: {labels.joined(done)}")
    if refused:
        found.append(f"would rather not say {labels.joined(labels.fact(each) for each in refused)}")
    return "; ".join(found) or "nothing told yet but what is wanted"


def _tail(document: Mapping[str, Any], view: RoadmapView) -> list[Block]:
    """The gaps, the money and the next question, a block each, so that they may go over to another page."""
    gaps = [f"• *{told(need, 150)}:* {told(words, 500)}" for need, words in view.gaps]
    found = [section(part) for part in sections(["*No step for*", *gaps])] if gaps else []
    found += [section(part) for part in sections(funding_lines(document.get("funding")))]
    if view.next_question:
        found.append(section(_sharper(document, told(view.next_question, 200), "*")))
    return found


def _sharper(document: Mapping[str, Any], fact: str, mark: str = "") -> str:
    question = document.get("next_question")
    settles = question.get("settles") if isinstance(question, Mapping) else None
    open_ = f": it settles {settles} open conditions" if isinstance(settles, int) and settles > 1 else ""
    return f"{mark}What would sharpen this{mark}   {fact}{open_}. Write it in this thread."


def _adviser(cards: Sequence[OfferCard]) -> list[Block]:
    lines = adviser_lines(cards)
    return [divider(), *(section(part) for part in sections(lines))] if lines else []


def _turning(client: str, page: int, last: int) -> Block:
    """The buttons that turn pages."""
    return actions(
        button(f"‹ Page {page - 1}", verbs.PAGE, client, str(page - 1)) if page > 1 else None,
        button(f"Page {page + 1} of {last} ›", verbs.PAGE, client, str(page + 1)) if page < last else None,
    )


def _foot(document: Mapping[str, Any], view: RoadmapView, client: Client, url: str) -> list[Block]:
    id = client.id
    choices = actions(
        button("No loans", verbs.NO_LOANS, id),
        button("Cheaper", verbs.CHEAPER, id),
        button("Sooner", verbs.SOONER, id),
        button("Compare", verbs.COMPARE, id) if view.steps > 1 else None,
        button("Nearly fit", verbs.NEARLY, id),
        button("Edit facts", verbs.EDIT, id, spoken=f"Edit the facts of {_label(client)}"),
        button("Share", verbs.SHARE, id),
        button("Picture", verbs.PICTURE, id) if view.dated else None,
        button("Client …", verbs.CLIENT_MENU, id, spoken=f"More for {_label(client)}"),
    )
    page = link(url, "What the client sees", 60) if url else ""
    return [choices, context(f"As of {told(view.on, 60)}. {_ages(document)}", page)]


def _ages(document: Mapping[str, Any]) -> str:
    """Say how old the records behind the steps are."""
    steps = steps_of(document)
    seen = sorted(found for found in (as_day(step.get("source_checked")) for step in steps) if found)
    if not seen:
        return "No page of these steps has a day it was seen on." if steps else ""
    between = f" to {day(seen[-1])}" if seen[-1] != seen[0] else ""
    unseen = len(steps) - len(seen)
    return f"Pages seen {day(seen[0])}{between}{f'; {unseen} without a day' if unseen else ''}."


def _top_words(
    document: Mapping[str, Any], view: RoadmapView, client: Client, page: int, last: int
) -> list[str]:
    steps = f"{view.steps} {'step' if view.steps == 1 else 'steps'}"
    return [
        cut(f"Roadmap for {_label(client)}: {view.needs}. {steps}, as of {view.on}.", 1500),
        f"Page {page} of {last}." if last > 1 else "",
        cut(f"It rests on: {plain(_facts(document))}.", 2000),
        cut(plain(document.get("limit_reached")), 300),
    ]


def _tail_words(document: Mapping[str, Any], view: RoadmapView) -> list[str]:
    return [
        *(cut(f"No step for {plain(need)}: {plain(words)}", 600) for need, words in view.gaps),
        *funding_words(document.get("funding")),
        _sharper(document, view.next_question) if view.next_question else "",
    ]


def _foot_words(view: RoadmapView, url: str) -> list[str]:
    return [f"The page the client sees: {url}" if url else ""]


__all__ = ["changes", "roadmap"]
