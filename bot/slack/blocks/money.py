"""Who pays for a client's project, in a few lines: the sums the roadmap holds, and the cash to carry."""

from __future__ import annotations

from typing import Any

from bot.slack.blocks.text import bold, cut, plain, told
from bot.web.formats import sentence
from bot.web.funding_view import FundingView, funding_view

MOST_LINES = 6


def funding_lines(funding: Any) -> list[str]:
    """Return the lines for mrkdwn, at most some 2,500 characters; none where there is no money in it."""
    view = funding_view(funding)
    if view is None:
        return []
    found = ["*Who pays for what*" + (f"   It costs {told(view.cost, 80)}" if view.cost else "")]
    if view.words:
        found.append(told(view.words, 300))
    for group, name, sum_, notes in _lines(view)[:MOST_LINES]:
        note = f" ({told(notes[0], 120)})" if notes else ""
        found.append(f"• {told(group, 40)}: {bold(name, 90)} {told(sum_, 60)}{note}")
    more = len(_lines(view)) - MOST_LINES
    if more > 0:
        found.append(f"• and {more} more on the roadmap's page")
    found += [f"{label}: {bold(value, 60)}" for label, value in view.totals]
    if view.cash is not None:
        found.append(f"Cash to carry meanwhile: {told(view.cash.words, 120)}")
    return found


def funding_words(funding: Any) -> list[str]:
    """Tell all of it in plain words, the months one by one."""
    view = funding_view(funding)
    if view is None:
        return []
    found = [f"Who pays for what. It costs {view.cost}." if view.cost else "Who pays for what."]
    found += [f"{sentence(view.words).rstrip('.')}."] if view.words else []
    found += [
        f"{group}: {cut(plain(name), 200)}: {cut(plain(sum_), 100)}. {cut(plain('. '.join(notes)), 300)}"
        for group, name, sum_, notes in _lines(view)
    ]
    found += [f"{label}: {value}." for label, value in view.totals]
    if view.cash is not None:
        found.append(f"Cash to carry meanwhile: {view.cash.words}. Month by month: {view.cash.spoken}.")
    found += [f"{cut(plain(words), 300)}." for words in view.taken]
    return [cut(line, 3000) for line in found]


def _lines(view: FundingView) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(group.name, line.name, line.sum, line.notes) for group in view.groups for line in group.lines]
