"""What Slack is shown around the clients: how it works, and who may not use it."""

from __future__ import annotations

from bot.slack.blocks.elements import section
from bot.slack.blocks.text import Message, plain, told, whole

HELP = (
    (
        "`/fingerpost` and what a client wants",
        "a roadmap in a thread: what to do first, who pays, by when, why",
    ),
    (
        "In that thread, write as you would speak",
        "“they are 14 people in Dudley”, “no loans”, “why not the loan?”",
    ),
    ("`/fingerpost clients`", "your clients; a name after it looks for one"),
    ("`/fingerpost clients team`", "your whole team's, to cover for a colleague"),
    ("`/fingerpost client` and a name", "that client's roadmap, in a thread"),
    ("`/fingerpost referrals`", "who asked for a person, and waits"),
    ("`/fingerpost help`", "this"),
)
PROMISE = (
    "The client would get the same roadmap in the web chat. Every amount, date and link comes from a record, "
    "with its source and its age. Only you and your team see your clients."
)


def help_message() -> Message:
    """Say in a few lines what can be done."""
    rows = [f"• {what}: {does}" for what, does in HELP]
    text = [f"{what.replace('`', '')}: {does}." for what, does in HELP]
    heading = "*Fingerpost finds a client's way to support, in order.*"
    return Message(
        whole(["Fingerpost finds a client's way to support, in order.", *text, PROMISE]),
        [section("\n".join([heading, *rows, PROMISE]))],
    )


def refusal(member: str, ask: str = "") -> Message:
    """Say politely that somebody is no broker here, whom to ask, and the member id they need for it.

    ``ask`` is who looks after the brokers: a name or an e-mail address.
    """
    whom = plain(ask) or "whoever runs Fingerpost at the hub"
    words = f"Fingerpost is for the hub's advisers. Ask {whom} to add you, with your Slack member id: "
    return Message(whole([f"{words}{plain(member)}."]), [section(f"{told(words, 600)} {told(member, 60)}.")])
