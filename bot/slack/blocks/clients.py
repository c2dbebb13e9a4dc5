"""A broker's clients: the list, a page at a time, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, confirm, context, menu, section
from bot.slack.blocks.pages import within
from bot.slack.blocks.text import Block, Message, bold, cut, plain, told, whole
from bot.web.formats import day
from knowledge_base import labels
from knowledge_base.brokers.records import Client

PER_PAGE = 10
TEAM = "team"  # in place of what is looked for: the clients of the whole team
NO_CLIENTS = (
    "You have no clients here yet. Write `/fingerpost`, then what the client wants and the facts you know: "
    "`/fingerpost Example Metalworks Ltd: a grant for new machines, Dudley, 14 people`. "
    "The roadmap comes in a thread; write there to change it."
)
NO_CLIENTS_OF_TEAM = "Your team has no clients here yet."
NONE_FOUND = (
    "No client is found by that. `/fingerpost clients` lists all that are yours. "
    "What a new client wants is written without “client” before it."
)


def clients(
    found: Sequence[Client],
    *,
    page: Any = 1,
    search: str = "",
    holder: Callable[[str], str] | None = None,
    team: bool | None = None,
) -> Message:
    """List clients, ten a page, in the order given.

    ``search`` is what was looked for, and is carried by the buttons that turn pages; ``holder`` names a
    broker by id, where clients of several are listed. ``team`` says that it is the whole team's list, or
    (False) somebody's own; each has a button to the other, and None has none.
    """
    other = [] if team is None or search else [actions(_other_list(team))]
    if not found:
        words = NONE_FOUND if search else NO_CLIENTS if not team else NO_CLIENTS_OF_TEAM
        return Message(whole([words.replace("`", "")]), [section(words), *other])
    last = -(-len(found) // PER_PAGE)
    page = within(page, last)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    count = f"{len(found)} {'client' if len(found) == 1 else 'clients'}"
    about = f" for “{told(search, 80)}”" if search else " of the whole team" if team else ""
    blocks = [section(f"*{count}*{about}"), *(_client_block(each, holder) for each in shown)]
    if last > 1:
        carried = TEAM if team else cut(plain(search), 200)
        blocks.append(
            actions(
                button(f"‹ Page {page - 1}", verbs.CLIENTS, carried, str(page - 1)) if page > 1 else None,
                button(f"Page {page + 1} of {last} ›", verbs.CLIENTS, carried, str(page + 1))
                if page < last
                else None,
            )
        )
    text = [
        f"{count}{' of the whole team' if team else ''}{f', page {page} of {last}' if last > 1 else ''}:",
        *(cut(_client_words(each, holder), 1500) for each in shown),
    ]
    return Message(whole(text), [*blocks, *other])


def _other_list(team: bool) -> Block:
    """The button from the whole team's list to somebody's own, or the other way."""
    if team:
        return button("Only yours", verbs.CLIENTS, "", "mine")
    return button("The whole team's", verbs.CLIENTS, TEAM, TEAM)


def _client_block(client: Client, holder: Callable[[str], str] | None) -> Block:
    lines = [
        bold(_name(client), 150) + ("   archived" if client.archived else ""),
        told(_wants(client), 300),
        told(_state(client, holder), 250),
    ]
    kept = ("Take out of the archive", verbs.UNARCHIVE) if client.archived else ("Archive", verbs.ARCHIVE)
    choices = [
        ("Show the roadmap", verbs.OPEN),
        ("Edit facts", verbs.EDIT),
        ("Note", verbs.NOTE),
        kept,
        ("More …", verbs.CLIENT_MENU),
    ]
    return section("\n".join(line for line in lines if line), menu(verbs.CLIENT_MENU, "", choices, client.id))


def client_menu(client: Client) -> Message:
    """Show what can be done with one client; forgetting asks first, and the note opens for who presses."""
    name = _name(client)
    gone = "facts, note, roadmap and conversation are deleted."
    if client.referral:
        gone = "facts, note and conversation here are deleted. The referral and the owner's roadmap stay."
    sure = confirm(
        "Forget this client?",
        f"{cut(name, 120)}: {gone} This cannot be undone.",
        "Forget",
        danger=True,
    )
    id = client.id
    buttons = actions(
        button("Show the roadmap", verbs.OPEN, id),
        button("Needs", verbs.NEEDS, id),
        button("Edit facts", verbs.EDIT, id),
        button("Note", verbs.NOTE, id),
        button("Rename", verbs.RENAME, id),
        button("Hand over", verbs.HAND_OVER, id),
        button("Take out of the archive", verbs.UNARCHIVE, id)
        if client.archived
        else button("Archive", verbs.ARCHIVE, id),
        button("Forget", verbs.FORGET, id, style="danger", confirm=sure, spoken=f"Forget {name}"),
    )
    # Not the note: it is the team's, and this stands in threads that others read.
    lines = [bold(name, 150), told(_wants(client), 300)]
    text = [f"{name}. {_wants(client)}"]
    return Message(
        whole(text),
        [
            section("\n".join(line for line in lines if line)),
            buttons,
            context(told(_state(client, None), 250)),
        ],
    )


def _name(client: Client) -> str:
    return plain(client.name) or "A client without a name"


def _wants(client: Client) -> str:
    wanted = labels.joined(labels.needs(client.needs))
    return f"Wants {wanted}" if wanted else "What it wants is not told yet"


def _state(client: Client, holder: Callable[[str], str] | None) -> str:
    who = (f" · with {holder(client.broker)}" if client.broker else " · with nobody") if holder else ""
    made = "has a roadmap" if client.roadmap else "no roadmap yet"
    return f"{made} · last touched {day(client.touched.date())}{who}"


def _client_words(client: Client, holder: Callable[[str], str] | None) -> str:
    archived = " (archived)" if client.archived else ""
    return f"{_name(client)}{archived}: {_wants(client)}; {_state(client, holder)}."
