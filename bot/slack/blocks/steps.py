"""One step of a roadmap as an adviser reads it in Slack: a few lines, and a menu of what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import menu, section
from bot.slack.blocks.text import Block, bold, cut, link, plain, told
from bot.web.roadmap_view import StepView

MARKS = {"likely": "✓", "unsure": "?", "unlikely": "✗", "ended": "✗"}
"""Beside its words, so that nothing hangs on a colour or on the sign."""

UNNAMED = ("Start", "Takes")  # their words say it all
ASKED = "You asked about"
WHEN = ("Held", "Where", "Book", "Apply by", "Start", "Takes", "Your time", "Open", "After")
MONEY = ("Costs you", "Who pays")
LONGEST_STEP = 3000


def verdict_mark(verdict: str, words: str) -> str:
    return f"{MARKS.get(verdict, '?')} {words}"


def step_block(view: StepView, step: Mapping[str, Any], client: str) -> Block:
    """Write a step; ``view`` holds its words, ``step`` is what the document says, ``client`` an id."""
    facts, lists = dict(view.facts), dict(view.lists)
    when = [_fact(name, facts[name], 140) for name in WHEN if facts.get(name)]
    money = [_fact(name, facts[name], 240) for name in MONEY if facts.get(name)]
    lines = [
        f"*{view.number}.* {link(view.source.url, view.name, 220)}   "
        f"{verdict_mark(view.verdict, view.verdict_words)}",
        told(view.subtitle, 200),
        f"⚠ {told(view.overdue, 200)}" if view.overdue else "",
        " · ".join(when[:5]),
        " · ".join(money),
        _listed("Because", _reason(lists.get("Why this one", ())), 320),
        _listed("Still open", lists.get("Still open", ()), 420),
        f"Should it fall through: {bold(view.reserve, 200)}" if view.reserve else "",
    ]
    return section("\n".join(line for line in lines if line), step_menu(view, step, client))


def step_menu(view: StepView, step: Mapping[str, Any], client: str) -> Block | None:
    """What can be done with a step; its page is the link of its name, as a menu holds five at most."""
    swap = [(f"Swap for {view.reserve}", verbs.SWAP)] if view.reserve else [("Its record", verbs.CARD)]
    choices = [
        ("Why this one", verbs.WHY),
        *swap,
        ("It is done", verbs.DONE),
        ("They turned us down", verbs.TURNED_DOWN),
        ("Skip it", verbs.SKIP),
    ]
    return menu(verbs.STEP_MENU, str(step.get("offer") or ""), choices, client)


def step_words(view: StepView, phase: str) -> str:
    """Tell all of a step in plain words: what counts most first, in case the end is cut."""
    parts = [
        f"{view.number}. {cut(plain(view.name), 300)}: {view.verdict_words}.",
        *(_said(name, words) for name, words in view.facts),
        f"{phase}. {cut(plain(view.subtitle), 300)}.",
        f"{view.overdue}." if view.overdue else "",
        f"Should it fall through: {cut(plain(view.reserve), 300)}." if view.reserve else "",
        *(f"{title}: {'; '.join(plain(item).rstrip('.') for item in items)}." for title, items in view.lists),
        f"Source: {cut(plain(view.source.title), 300)} {view.source.url or ''} {view.source.age}.",
    ]
    return cut(" ".join(" ".join(part.split()) for part in parts if part), LONGEST_STEP)


def _fact(name: str, words: Any, most: int) -> str:
    if name in UNNAMED:
        return told(words, most)
    return f"{name}: {bold(words, most) if name == 'Apply by' else told(words, most)}"


def _reason(reasons: Sequence[str]) -> Sequence[str]:
    """Choose the one reason that says most: that the client asked for it is known already."""
    return [each for each in reasons if not each.startswith(ASKED)][:1] or reasons[:1]


def _said(name: str, words: Any) -> str:
    told_of = cut(plain(words), 400)
    return f"{told_of}." if name in UNNAMED else f"{name}: {told_of}."


def _listed(title: str, items: Sequence[str], most: int) -> str:
    words = "; ".join(plain(item).rstrip(".") for item in items)
    return f"_{title}:_ {told(words, most)}" if words else ""
