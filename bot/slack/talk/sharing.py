"""What a broker shares with a client: the page, the document, the dates, and a word of the broker's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, section
from bot.slack.blocks.modals import SHARE_NOTE_FIELD, share_note_modal
from bot.slack.blocks.text import Block, Message, plain, sections, told, whole
from bot.slack.members import Member
from bot.slack.talk.saying import line
from bot.slack.talk.shown import merged_words, with_shown
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client
from knowledge_base.store.roadmap_notes import BadNote, NoSuchRoadmap, RoadmapNote

KEPT = "Your note is on the client's roadmap page now, signed {signed}: {url}"
STAYS = "Nothing was changed in the note. It stays on the client's roadmap page, signed {signed}: {url}"
NOT_KEPT = "Your note was not kept."
TAKEN_AWAY = "There is no note on the client's roadmap page any more."
NO_ROADMAP = "There is no roadmap yet that a note could stand on. Plan one first."
NOBODY = (
    "Your name is not known here, so the note has nobody to sign it. Whoever looks after brokers adds you."
)


class Sharing:
    """Writes what is shared, and keeps the note on it. Everything here blocks."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def shared(self, client: Client) -> Message | None:
        """Say where a client finds its roadmap, and what it reads of the broker; None without a roadmap."""
        if client.roadmap is None:
            return None
        url, note = self.advice.url_of(client.roadmap), self.advice.notes.get(client.roadmap)
        days = self.advice.hub.retention_days["roadmaps"]
        lines = [
            f"What the client may see, for {days} days:",
            f"The roadmap: {url}",
            f"As a document to print: {url}.pdf",
            f"Its dates for a calendar: {url}.ics",
            *([f"With a note, from {note.signed}: {note.words}"] if note else []),
        ]
        add = button("Change the note" if note else "Add a note for the client", verbs.SHARE_NOTE, client.id)
        blocks = [section(part) for part in sections(told(each, 2500) for each in lines)]
        return Message(whole(lines), [*blocks, actions(add)])

    def form(self, client: Client, keep: str) -> Block:
        """The form for the note, with the one that is there, and a mark of what it shows."""
        return with_shown(share_note_modal(client, self._on(client), keep))

    def faults(
        self, client: Client, member: Member, state: Mapping[str, Any], kept: Mapping[str, str]
    ) -> dict[str, str]:
        """Why a note cannot be kept, in plain words by field; ``kept`` is what its form carried."""
        if client.roadmap is None:
            return {SHARE_NOTE_FIELD: NO_ROADMAP}
        if not member.broker:
            return {SHARE_NOTE_FIELD: NOBODY}
        return self._told(client, self._on(client), state, kept)[1]

    def keep(
        self,
        client: Client,
        member: Member,
        state: Mapping[str, Any],
        kept: Mapping[str, str],
        now: datetime,
    ) -> Message:
        """Keep what the form says, signed by whoever changed it; an empty note is taken away.

        What was not changed in the form stays as it is now, with its name. Doing it twice changes nothing.
        """
        if client.roadmap is None or member.broker is None:
            return line(NOBODY if client.roadmap else NO_ROADMAP)
        before, url = self._on(client), self.advice.url_of(client.roadmap)
        words, faults = self._told(client, before, state, kept)
        if faults:
            return line(" ".join((NOT_KEPT, *faults.values())))
        if before and words == before.words:
            own = before.by_name == member.broker.name
            return line((KEPT if own else STAYS).format(signed=before.signed, url=url))
        if not plain(words):
            self.advice.notes.remove(client.roadmap)
            return line(TAKEN_AWAY)
        try:
            note = self.advice.notes.put(
                client.roadmap, words, member.broker.name, now, team=member.team.name
            )
        except (BadNote, NoSuchRoadmap) as bad:
            return line(str(bad))
        return line(KEPT.format(signed=note.signed, url=url))

    def _told(
        self, client: Client, note: RoadmapNote | None, state: Mapping[str, Any], kept: Mapping[str, str]
    ) -> tuple[str, dict[str, str]]:
        """The words a form leaves on the page, and what stands in their way."""
        view = share_note_modal(client, note)
        now = f" (it is signed {note.signed} now)" if note else " (it was taken away)"
        return merged_words(SHARE_NOTE_FIELD, note.words if note else "", state, view, kept, now)

    def _on(self, client: Client) -> RoadmapNote | None:
        return self.advice.notes.get(client.roadmap) if client.roadmap else None
