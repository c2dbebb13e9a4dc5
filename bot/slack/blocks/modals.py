"""The small forms of clients and referrals, and what comes back from each.

Every field's block_id is named here, and is read with `profile_form.typed`, `chosen` and `chosen_all`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import (
    field_of,
    modal,
    multi_select,
    option,
    radios,
    section,
    select,
    text_input,
)
from bot.slack.blocks.profile_form import VALUE, chosen_all
from bot.slack.blocks.text import Block, told
from bot.web.formats import sentence
from knowledge_base import labels
from knowledge_base.brokers.records import HELPED, NOT_FOR_US, UNREACHABLE, Client, Referral
from knowledge_base.store.roadmap_notes import LONGEST_WORDS, RoadmapNote
from knowledge_base.words import NEEDS

NEEDS_FIELD, NOTE_FIELD, NAME_FIELD, TO_FIELD = "needs", "note", "name", "to"
SHARE_NOTE_FIELD = "share_note"
OUTCOME_FIELD, WHY_FIELD, ANSWER_FIELD = "outcome", "why", "answer"
TEAM, BROKER = "team", "broker"
MOST_NOTE, MOST_NAME, MOST_WHY, MOST_ANSWER = 3000, 150, 500, 3000
OUTCOME_WORDS = {
    HELPED: ("They were helped", "We talked, and they know what to do next"),
    NOT_FOR_US: ("Not for us", "They need somebody else, and know whom"),
    UNREACHABLE: ("Could not be reached", "We tried, and nobody answered"),
}


def needs_modal(client: Client, keep: str | None = None) -> Block:
    """Ask what a client wants, first things first."""
    options = [option(sentence(labels.need(need)), need) for need in NEEDS]
    field = multi_select(VALUE, options, client.needs, "What it is about")
    return modal(
        verbs.NEEDS,
        "What the client wants",
        [field_of(NEEDS_FIELD, "Needs, the most important first", field, optional=False)],
        keep=client.id if keep is None else keep,
        submit="Plan",
    )


def read_needs(state: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read the needs chosen, and faults in plain words by ``block_id``."""
    found = tuple(need for need in chosen_all(state, NEEDS_FIELD) if need in NEEDS)
    return found, {} if found else {NEEDS_FIELD: "Choose at least one: a roadmap is for something."}


def note_modal(client: Client, keep: str | None = None) -> Block:
    """Ask for the note on a client, which only the team sees."""
    field = text_input(VALUE, initial=client.note, most=MOST_NOTE, lines=True)
    hint = "Only your team sees it. It is no part of the roadmap, and is deleted with the client."
    return modal(
        verbs.NOTE,
        "Note",
        [field_of(NOTE_FIELD, "Note", field, hint=hint)],
        keep=client.id if keep is None else keep,
    )


def share_note_modal(client: Client, note: RoadmapNote | None = None, keep: str | None = None) -> Block:
    """Ask what to write to the client on its roadmap page; left empty, nothing stands there."""
    field = text_input(VALUE, initial=note.words if note else "", most=LONGEST_WORDS, lines=True)
    hint = (
        "Everybody with the address of the page can read it, with your name and team, apart from what "
        "comes from records. Leave it empty to take it away."
    )
    return modal(
        verbs.SHARE_NOTE,
        "Note for the client",
        [field_of(SHARE_NOTE_FIELD, "Your own word to the client", field, hint=hint)],
        keep=client.id if keep is None else keep,
    )


def rename_modal(client: Client, keep: str | None = None) -> Block:
    """Ask what a client is called."""
    field = text_input(VALUE, initial=client.name, hint="Example Metalworks Ltd", most=MOST_NAME)
    return modal(
        verbs.RENAME,
        "Rename",
        [field_of(NAME_FIELD, "What the client is called here", field, optional=False)],
        keep=client.id if keep is None else keep,
        submit="Rename",
    )


def hand_over_modal(client: Client, colleagues: Iterable[tuple[str, str]], keep: str | None = None) -> Block:
    """Ask which colleague, by id and name, takes a client over."""
    options = [option(name, id) for id, name in colleagues if id != client.broker]
    keep = client.id if keep is None else keep
    if not options:
        alone = "There is nobody else in your team yet. Whoever runs Fingerpost at the hub can add them."
        return modal(verbs.HAND_OVER, "Hand over", [section(alone)], keep=keep, submit="OK")
    field = field_of(TO_FIELD, "To whom", select(VALUE, options), optional=False)
    return modal(verbs.HAND_OVER, "Hand over", [field], keep=keep, submit="Hand over")


def pass_on_modal(
    referral: Referral,
    teams: Sequence[tuple[str, str]],
    colleagues: Sequence[tuple[str, str]] = (),
    keep: str | None = None,
) -> Block:
    """Ask who takes a referral instead: a colleague or another team, by id and name.

    What comes back is ``broker:<id>`` or ``team:<id>``; see `read_to`.
    """
    people = [option(name, f"{BROKER}:{id}") for id, name in colleagues if id != referral.broker]
    others = [option(f"The team {name}", f"{TEAM}:{id}") for id, name in teams if id != referral.team]
    keep = referral.code if keep is None else keep
    if not people and not others:
        nobody = (
            "There is no other team or colleague yet. Say that it is not for you, and the hub's lead decides."
        )
        return modal(verbs.PASS_ON, "Pass on", [section(nobody)], keep=keep, submit="OK")
    fields = [
        field_of(TO_FIELD, "To whom", select(VALUE, [*people, *others]), optional=False),
        field_of(WHY_FIELD, "Why, for whoever takes it", text_input(VALUE, most=MOST_WHY, lines=True)),
    ]
    return modal(verbs.PASS_ON, "Pass on", fields, keep=keep, submit="Pass on")


def read_to(value: str | None) -> tuple[str, str] | None:
    """Read what `pass_on_modal` gave: (team or broker, id); None where it is neither."""
    what, _, id = (value or "").partition(":")
    return (what, id) if what in (TEAM, BROKER) and id else None


def outcome_modal(referral: Referral, keep: str | None = None) -> Block:
    """Ask how a referral ended."""
    options = [option(words, outcome, hint) for outcome, (words, hint) in OUTCOME_WORDS.items()]
    return modal(
        verbs.OUTCOME,
        "How it ended",
        [
            section(
                f"Referral {told(referral.code, 60)}. The owner sees on the roadmap page that it is closed."
            ),
            field_of(OUTCOME_FIELD, "Outcome", radios(VALUE, options), optional=False),
        ],
        keep=referral.code if keep is None else keep,
        submit="Close it",
    )


def decline_modal(referral: Referral, keep: str | None = None) -> Block:
    """Ask why a team does not take a referral; it then goes to the next, or to the hub's lead."""
    why = text_input(VALUE, hint="We are full until January", most=MOST_WHY, lines=True)
    hint = "The next team reads it, and the owner does not."
    return modal(
        verbs.DECLINE,
        "Not for us",
        [field_of(WHY_FIELD, "Why not", why, optional=False, hint=hint)],
        keep=referral.code if keep is None else keep,
        submit="Decline",
    )


def answer_modal(referral: Referral, keep: str | None = None) -> Block:
    """Ask what to write to the owner, in the chat the owner came from."""
    words = text_input(VALUE, most=MOST_ANSWER, lines=True)
    hint = "The owner reads it in the web chat, with your name."
    return modal(
        verbs.ANSWER,
        "Answer the owner",
        [field_of(ANSWER_FIELD, "Your message", words, optional=False, hint=hint)],
        keep=referral.code if keep is None else keep,
        submit="Send",
    )
