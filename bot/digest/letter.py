"""Write what is due as a letter: the same in plain text, in HTML and for Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from bot.web.formats import day
from knowledge_base.assurance import DUE, FINDING, NEVER, OVERDUE, Due

MOST_LINES = 15  # of one heading; the page holds the rest
HEADINGS = {
    OVERDUE: "Overdue",
    DUE: "Due soon",
    FINDING: "Something was found on the source",
    NEVER: "Shown to businesses, never checked",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One day's digest, in the three forms it is sent in."""

    subject: str
    text: str
    html: str
    slack: str


def letter(due: Sequence[Due], on: date, hub: str, address: str) -> Letter | None:
    """Write the digest of a day; None where nothing is due. ``address`` is the console's page of it."""
    if not due:
        return None
    count = "1 record" if len(due) == 1 else f"{len(due)} records"
    subject = f"{' '.join(hub.split())}: {count} to check, {day(on)}"
    parts = [(HEADINGS[each], [d for d in due if d.standing == each]) for each in HEADINGS]
    parts = [(heading, found) for heading, found in parts if found]
    footer = "Nothing due, no letter. The addresses it goes to are in the hub's settings (digest_recipients)."
    return Letter(
        subject,
        _text(subject, parts, address, footer),
        _html(subject, parts, address, footer),
        _slack(subject, parts, address),
    )


Parts = Sequence[tuple[str, list[Due]]]


def _text(subject: str, parts: Parts, address: str, footer: str) -> str:
    lines = [subject, ""]
    for heading, found in parts:
        lines += [f"{heading} ({len(found)})"]
        for each in found[:MOST_LINES]:
            lines += [f"- {each.name}: {_why(each)}"]
            lines += [f"  {each.source}"] if each.source else []
        lines += [*_more(found), ""]
    return "\n".join([*lines, f"Look at them and vouch for them: {address}", "", footer, ""])


def _html(subject: str, parts: Parts, address: str, footer: str) -> str:
    body = [f"<h1>{escape(subject)}</h1>"]
    for heading, found in parts:
        body += [f"<h2>{escape(heading)} ({len(found)})</h2>", "<ul>"]
        for each in found[:MOST_LINES]:
            name = escape(each.name)
            if each.source and each.source.startswith(("https://", "http://")):
                name = f'<a href="{escape(each.source)}">{name}</a>'
            body.append(f"<li>{name}: {escape(_why(each))}</li>")
        body += [*(f"<li>{escape(line)}</li>" for line in _more(found)), "</ul>"]
    link = escape(address)
    body += [f'<p><a href="{link}">Look at them and vouch for them</a></p>', f"<p>{escape(footer)}</p>"]
    head = f'<head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
    return f'<!doctype html>\n<html lang="en-GB">{head}<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _slack(subject: str, parts: Parts, address: str) -> str:
    lines = [f"*{_plain(subject)}*"]
    for heading, found in parts:
        lines.append(f"\n*{heading}* ({len(found)})")
        lines += [f"• {_plain(each.name)}: {_plain(_why(each))}" for each in found[:MOST_LINES]]
        lines += _more(found)
    return "\n".join([*lines, f"\n{address}"])


def _why(due: Due) -> str:
    by = f"; last checked by {due.assured.by} on {day(due.assured.on)}" if due.assured else ""
    return f"{due.words}{by}"


def _more(found: Sequence[Due]) -> list[str]:
    more = len(found) - MOST_LINES
    return [f"… and {more} more"] if more > 0 else []


def _plain(text: str) -> str:
    """Escape what Slack would take for a link, a mention or a mark."""
    told = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return told.translate({ord(mark): None for mark in "*_~`"})
