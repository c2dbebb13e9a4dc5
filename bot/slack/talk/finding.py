"""Find a client for whoever asks: their own team's alone, and never a word about another's."""

from __future__ import annotations

from bot.slack.blocks.clients import TEAM, clients
from bot.slack.blocks.helping import refusal
from bot.slack.blocks.text import Message, plain
from bot.slack.door import Asked
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.talk.saying import Room, Saying, line, room_of
from bot.slack.talk.words import WISH, Told, told, wish_in
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client, Place
from knowledge_base.store.audit import Audit

NOT_YOURS = "That is no client of your team: it was deleted, or it is another team's."
OTHER_TEAMS = "This thread is about another team's client, so I say nothing about it here."
AWAY = (
    "This thread's client has gone to others with its referral, so nothing was done here. "
    "To begin another client, write outside this thread."
)
ARCHIVED = (
    "{name} is in the archive, so nothing was done. Take it out first: `/fingerpost clients {name}` lists it."
)
MOST_LISTED = 1000


class Finding:
    """Looks for clients. Everything here blocks."""

    def __init__(self, door: SlackDoor, advice: Advice) -> None:
        self.door = door
        self.advice = advice

    def mine(self, id: str, member: Member) -> Client | None:
        """Return a client of somebody's team; None where it is not there, or another team's."""
        return self.advice.clients.get(id, member.team.id) if id else None

    def away(self, asked: Asked) -> bool:
        """Say whether something is asked in the thread of a client that went away with its referral."""
        return self.advice.clients.away(Place(asked.team, asked.channel, asked.thread))

    def searched(self, member: Member, search: str) -> list[Client]:
        """Return the clients somebody asks for: their own, or those of the team that a search finds.

        A search finds what is in the archive too, after the others. What nobody has, since a member of the
        team's user group began it, stands after somebody's own.
        """
        kept = self.advice.clients
        if search:
            both = (kept.list(member.team.id, search=search, archived=archived) for archived in (False, True))
            return [each for found in both for each in found][:MOST_LISTED]
        if member.broker is None:
            return kept.list(member.team.id, limit=MOST_LISTED)
        own = kept.list(member.team.id, broker=member.broker.id, limit=MOST_LISTED)
        nobodys = kept.list(member.team.id, nobodys=True, limit=MOST_LISTED)
        return [*own, *nobodys][:MOST_LISTED]

    def listed(self, member: Member, search: str, page: int | str = 1) -> Message:
        """Write the list of clients; `TEAM` lists the whole team's, so that one may cover for another."""
        whole = plain(search).casefold() == TEAM
        if whole:
            found = self.advice.clients.list(member.team.id, limit=MOST_LISTED)
        else:
            found = self.searched(member, search)
        names = {each.id: each.name for each in self.advice.brokers.all()}
        several = len({each.broker for each in found}) > 1 or bool(search) or member.broker is None
        return clients(
            found,
            page=page,
            search="" if whole else search,
            holder=(lambda id: names.get(id, "")) if several else None,
            team=None if member.broker is None else whole,
        )

    def called(self, member: Member, name: str) -> list[Client]:
        """Return the clients of a name: the one called exactly so, else those it is a part of."""
        found = self.searched(member, name)
        exact = [each for each in found if plain(each.name).casefold() == plain(name).casefold()]
        return exact or found

    def meant(self, member: Member, words: str) -> Told:
        """Tell a command from a wish: what finds no client and reads as a wish is one."""
        said = told(words)
        wish = wish_in(said, words)
        return Told(WISH, wish) if wish and not self.searched(member, said.words) else said

    def refuse(self, asked: Asked) -> None:
        """Say politely that somebody is no broker here: once in each thread, and to each command."""
        contact = self.advice.hub.contact
        whom = ", ".join(part for part in (contact.name, contact.email) if part) if contact else ""
        words = refusal(asked.user, whom)
        if asked.thread:
            once = f"refused:{asked.team}:{asked.channel}:{asked.thread}:{asked.user}"
            Saying(self.door, asked).once(once, _alone(asked), words)
        else:
            Saying(self.door, asked).put(_alone(asked), "refused", words)

    def not_here(self, asked: Asked, words: str) -> None:
        """Say in one line, to whoever asked alone, why nothing is done."""
        Saying(self.door, asked).put(_alone(asked), "not-here", line(words))

    def note(self, member: Member, what: str, about: str) -> None:
        """Keep who did what to which client: ids alone."""
        Audit(self.door.database).note(member.who, what, about, self.door.clock())


def archived_words(client: Client) -> str:
    """Say that a client is in the archive, and how it comes out."""
    return ARCHIVED.format(name=plain(client.name) or "This client")


def _alone(asked: Asked) -> Room:
    """Where only whoever asked reads the answer: with us, everybody is alone already.

    A command may come from the direct conversation of two other people, where we are not.
    """
    room = room_of(asked)
    shared = asked.channel and not asked.direct
    return Room(room.channel, room.thread, only=asked.user) if shared else room


__all__ = ["NOT_YOURS", "OTHER_TEAMS", "Finding", "archived_words"]
