"""What can be pressed in Slack: each verb once, how it is written into an element, and how it is read back.

A button carries its verb and what it is about in ``action_id`` (``why:example-grant``, ``cheaper``) and the
client's id, or the referral's code, in ``value``. A menu is one element for several verbs: its ``action_id``
says only what it is about (``step:example-grant``), and each option's value is the verb and the id
(``why:K3Q7``). `pressed` reads both, so that nobody else has to know.
"""

from __future__ import annotations

from dataclasses import dataclass

# About one offer of a client's roadmap.
WHY, CARD, SWAP, DONE, TURNED_DOWN, SKIP = "why", "card", "swap", "done", "turned_down", "skip"
# About a client's roadmap.
NO_LOANS, CHEAPER, SOONER, COMPARE, NEARLY = "no_loans", "cheaper", "sooner", "compare", "nearly"
PAGE, SHARE, SHARE_NOTE, PICTURE = "page", "share", "share_note", "picture"
# About a client; the menu is a message of its own, or the three dots beside a name.
CLIENT_MENU = "client_menu"
OPEN, EDIT, NEEDS, NOTE = "open_client", "edit", "needs", "note"
RENAME, HAND_OVER, ARCHIVE, UNARCHIVE, FORGET = "rename", "hand_over", "archive", "unarchive", "forget"
CLIENTS = "clients"  # about a page of the list
# About a referral.
TAKE, PASS_ON, DECLINE, ANSWER = "take", "pass_on", "decline", "answer"
CONTACTED, OUTCOME, HAND_BACK = "contacted", "outcome", "hand_back"
# Nothing is done: the element only opens a page, which Slack tells of all the same.
LINK = "link"

STEP_MENU = "step"
MENUS = (STEP_MENU, CLIENT_MENU)

STEP_VERBS = (WHY, CARD, SWAP, DONE, TURNED_DOWN, SKIP)
ROADMAP_VERBS = (NO_LOANS, CHEAPER, SOONER, COMPARE, NEARLY, PAGE, SHARE, SHARE_NOTE, PICTURE)
CLIENT_VERBS = (
    CLIENT_MENU, OPEN, EDIT, NEEDS, NOTE, RENAME, HAND_OVER, ARCHIVE, UNARCHIVE, FORGET, CLIENTS
)  # fmt: skip
REFERRAL_VERBS = (TAKE, PASS_ON, DECLINE, ANSWER, CONTACTED, OUTCOME, HAND_BACK)
VERBS = (*STEP_VERBS, *ROADMAP_VERBS, *CLIENT_VERBS, *REFERRAL_VERBS, LINK)

MODALS = (EDIT, NEEDS, NOTE, SHARE_NOTE, RENAME, HAND_OVER, PASS_ON, OUTCOME, DECLINE, ANSWER)
"""What opens a modal; the verb is its ``callback_id`` too. Each needs its trigger within three seconds."""

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed: a verb, what it is about (an offer, a page, or ""), and a client's id or a code."""

    verb: str
    about: str
    id: str


def action_id(verb: str, about: str = "") -> str:
    """Write a verb, and what it is about, into an element."""
    return f"{verb}:{about}" if about else verb


def pressed(action: str, value: str) -> Pressed | None:
    """Read what was pressed from its ``action_id`` and the button's or chosen option's value.

    None where it is none of ours.
    """
    name, _, about = action.partition(":")
    verb, id = name, value
    if name in MENUS and ":" in value:
        verb, _, id = value.partition(":")
    return Pressed(verb, about, "" if id == NOTHING else id) if verb in VERBS else None
