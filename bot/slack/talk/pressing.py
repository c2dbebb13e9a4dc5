"""What brokers press about an offer, a roadmap or a client: calls of the engine, never through Rasa."""

from __future__ import annotations

from collections.abc import Callable

from bot.slack import verbs
from bot.slack.blocks.clients import client_menu
from bot.slack.blocks.comparing import MOST_COMPARED, compare, nearly
from bot.slack.blocks.explaining import explain
from bot.slack.blocks.offers import offer_card
from bot.slack.blocks.text import Message, plain
from bot.slack.door import Asked
from bot.slack.files import as_file
from bot.slack.members import Member
from bot.slack.money_picture import funding_png, funding_words
from bot.slack.parts import SlackDoor
from bot.slack.pictures import timeline_png, timeline_words
from bot.slack.talk.finding import NOT_YOURS, Finding, archived_words
from bot.slack.talk.planning import Planned, Planning
from bot.slack.talk.saying import Room, Saying, line, room_of
from bot.slack.talk.sharing import Sharing
from bot.slack.verbs import Pressed
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.asked import offers_in, steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.nearly import nearly as nearly_fitting
from knowledge_base.offer_lookup import NoSuchOffer
from knowledge_base.profile import parse_profile
from knowledge_base.replanning import BadProgress, Happened
from knowledge_base.store.clients import NoSuchClient

BROKER = "broker"
MOST_NEAR = 60
NO_NEEDS = "It is not told yet what {name} wants. Write it here, or choose it with “Needs”."
NO_OFFER = "That offer is not in the records any more, so nothing was done."
TOO_LATE = "The form could not be opened in time. Press the button once more."
FORGOTTEN = (
    "That client is deleted: its facts, note, roadmap and conversation, and what I wrote about it in Slack. "
    "What people wrote in the thread themselves, and pictures, stay in Slack until deleted there."
)
FORGOTTEN_HERE = (
    "That client is deleted: its facts, note and conversation here, and what I wrote about it in Slack. "
    "What people wrote in the thread themselves, and pictures, stay in Slack until deleted there."
)
REFERRAL_STAYS = (
    "The referral {code} stays: who asked and for what, and what was written in its thread. No other client "
    "is made of it for whoever has it now."
)
ROADMAP_STAYS = "The roadmap stays too: it is the owner's own, and goes when they ask for that."
FORMS = (verbs.EDIT, verbs.NEEDS, verbs.NOTE, verbs.SHARE_NOTE, verbs.RENAME, verbs.HAND_OVER)
# What is still done with a client in the archive.
OF_ARCHIVED = (verbs.CLIENT_MENU, verbs.UNARCHIVE, verbs.ARCHIVE, verbs.FORGET, verbs.NOTE)


class Pressing:
    """Does what was pressed. Everything here blocks, and may be done twice."""

    def __init__(
        self,
        door: SlackDoor,
        advice: Advice,
        finding: Finding,
        forget_elsewhere: Callable[[str], object] | None = None,
    ) -> None:
        self.door = door
        self.advice = advice
        self.finding = finding
        self.planning = Planning(door, advice)
        self._forget_elsewhere = forget_elsewhere

    def press(self, asked: Asked, what: Pressed, member: Member) -> None:
        """Do what was pressed, for a client of the member's own team."""
        if what.verb == verbs.CLIENTS:
            self._turn_clients(asked, what, member)
            return
        client = self.finding.mine(what.id, member)
        if client is None:
            self.finding.not_here(asked, NOT_YOURS)
            return
        if client.archived and what.verb not in OF_ARCHIVED:
            self.finding.not_here(asked, archived_words(client))
            return
        one = One(self, asked, what, member, self.planning.caught_up(client))
        do = one.doing().get(what.verb)
        if do is None:
            return
        try:
            do()
        except NoSuchClient:
            self.finding.not_here(asked, NOT_YOURS)
            return
        except (NoSuchOffer, BadProgress):
            self.finding.not_here(asked, NO_OFFER)
            return
        self.finding.note(member, f"client_{what.verb}", client.id)

    def open(self, asked: Asked, client: Client, room: Room) -> None:
        """Show a client in its thread: its roadmap, or what is known of it."""
        saying = Saying(self.door, asked)
        now = self.planning.current(client)
        message = self.planning.shown(now.client, now.document) if now else client_menu(client)
        saying.put(room, "roadmap", message, client=client.id)

    def forget(self, client: Client, by: str) -> str:
        """Delete all that is kept of a client; return what went and what stays, in words.

        The conversation goes first: done twice, nothing is left.
        """
        now = self.planning.now
        if self._forget_elsewhere:
            self._forget_elsewhere(client.session)
        self.advice.clients.forget(client.id, client.team, now, by=by)
        kept = []
        if client.referral and self.advice.referrals.get(client.referral):
            kept.append(REFERRAL_STAYS.format(code=client.referral))
        if client.roadmap and self.advice.roadmaps.get(client.roadmap, now):
            kept.append(ROADMAP_STAYS)
        return "\n".join([FORGOTTEN_HERE, *kept]) if kept else FORGOTTEN

    def _turn_clients(self, asked: Asked, what: Pressed, member: Member) -> None:
        message = self.finding.listed(member, what.id, what.about or 1)
        room = room_of(asked)
        whole = None if room.only or not asked.direct else asked.ts
        Saying(self.door, asked).put(room, "clients", message, update_ts=whole)


class One:
    """One press about one client."""

    def __init__(
        self, pressing: Pressing, asked: Asked, what: Pressed, member: Member, client: Client
    ) -> None:
        self.pressing = pressing
        self.planning = pressing.planning
        self.advice = pressing.advice
        self.asked = asked
        self.offer = what.about
        self.member = member
        self.client = client
        self.room = room_of(asked)
        self.saying = Saying(pressing.door, asked)

    def doing(self) -> dict[str, Callable[[], object]]:
        """What each verb does."""
        offer = (self.offer,)
        return {
            verbs.WHY: self.why,
            verbs.CARD: self.card,
            verbs.SWAP: self.swap,
            verbs.DONE: lambda: self.happened(Happened(done=offer)),
            verbs.TURNED_DOWN: lambda: self.happened(Happened(turned_down=offer)),
            verbs.SKIP: lambda: self.happened(Happened(skipped=offer)),
            verbs.NO_LOANS: lambda: self.happened(Happened(refuses=("loan",))),
            verbs.CHEAPER: lambda: self.happened(Happened(prefer="cheaper")),
            verbs.SOONER: lambda: self.happened(Happened(prefer="sooner")),
            verbs.COMPARE: self.compare,
            verbs.NEARLY: self.nearly,
            verbs.PAGE: self.page,
            verbs.SHARE: self.share,
            verbs.PICTURE: self.picture,
            verbs.CLIENT_MENU: self.menu,
            verbs.ARCHIVE: self.archive,
            verbs.UNARCHIVE: self.unarchive,
            verbs.FORGET: self.forget,
            **dict.fromkeys(FORMS, self.late),
        }

    def say(self, name: str, words: str) -> None:
        self.saying.put(self.room, name, line(words), client=self.client.id)

    def current(self) -> Planned | None:
        """The client's roadmap; says so where there can be none."""
        now = self.planning.current(self.client)
        if now is None:
            self.say("no-needs", NO_NEEDS.format(name=self.name))
        return now

    @property
    def name(self) -> str:
        return plain(self.client.name) or "this client"

    def happened(self, happened: Happened) -> Planned | None:
        """Plan again, say what changed and why, and show the roadmap where it changed."""
        planned = self.planning.happen(self.client, happened)
        if planned is None:
            self.say("no-needs", NO_NEEDS.format(name=self.name))
            return None
        told = self.planning.told(planned, self.asked.again)
        for name, message in told.messages:
            self.saying.put(self.room, name, message, client=self.client.id)
        self.planning.told_of(planned, told)
        return planned

    def swap(self) -> None:
        """Leave an offer out, and say what came instead."""
        gone = self.advice.names([self.offer])[0]
        planned = self.happened(Happened(skipped=(self.offer,)))
        if planned is None or planned.same:
            return
        instead = labels.joined(planned.came)
        self.say(
            "instead", f"Instead of {gone}: {instead}." if instead else f"Nothing came instead of {gone}."
        )

    def why(self) -> None:
        now = self.current()
        if now is None or now.client.roadmap is None:
            return
        found = self.advice.explain_saved(
            now.client.roadmap,
            self.offer,
            on=self.planning.today,
            now=self.planning.now,
            audience=BROKER,
        )
        if found is not None:
            self.saying.put(self.room, "why", explain(found, now.client), client=self.client.id)

    def card(self) -> None:
        profile = parse_profile(self.client.profile)
        card = self.advice.card(self.offer, profile, on=self.planning.today, audience=BROKER)
        if card is None:
            self.say("no-offer", NO_OFFER)
            return
        self.saying.put(self.room, "card", offer_card(card, self.client), client=self.client.id)

    def compare(self) -> None:
        """Put the steps of one need side by side, where it has several; else the first ones."""
        now = self.current()
        if now is None:
            return
        steps = steps_of(now.document)
        of_need = [[step for step in steps if need in (step.get("needs") or ())] for need in now.client.needs]
        chosen = next((found for found in of_need if len(found) > 1), steps)[:MOST_COMPARED]
        profile = parse_profile(now.client.profile)
        cards = [
            self.advice.card(str(step["offer"]), profile, on=self.planning.today, audience=BROKER)
            for step in chosen
        ]
        message = compare([card for card in cards if card], now.client)
        self.saying.put(self.room, "compare", message, client=self.client.id)

    def nearly(self) -> None:
        now = self.current()
        saved = self.planning.saved(now.client) if now else None
        if saved is None:
            return
        near = nearly_fitting(self.advice.view(), saved.asked, MOST_NEAR, offers_in(saved.document))
        message = nearly(near, self.client, page=self.offer or 1)
        self._turned("nearly", message, turns=bool(self.offer))

    def page(self) -> None:
        now = self.current()
        if now is not None:
            number = int(self.offer) if self.offer.isascii() and self.offer.isdigit() else 1
            self._turned("page", self.planning.shown(now.client, now.document, number), turns=True)

    def _turned(self, name: str, message: Message, turns: bool) -> None:
        """Show another page in place of the one whose button was pressed."""
        instead = self.asked.ts if turns and self.asked.ts and not self.room.only else None
        self.saying.put(self.room, name, message, client=self.client.id, update_ts=instead)

    def share(self) -> None:
        now = self.current()
        message = Sharing(self.advice).shared(now.client) if now is not None else None
        if message is not None:
            self.saying.put(self.room, "share", message, client=self.client.id)

    def picture(self) -> None:
        """Upload the steps in time and who pays what, each with its words."""
        now = self.current()
        if now is None:
            return
        png = {
            "timeline": timeline_png(now.document, self.planning.today),
            "funding": funding_png(now.document),
        }
        said = {"timeline": timeline_words(now.document), "funding": funding_words(now.document)}
        titles = {"timeline": "The steps in time", "funding": "Who pays what"}
        for name, drawn in png.items():
            if drawn:
                file = as_file(f"{name}.png", drawn, title=f"{titles[name]}: {self.name}", alt=said[name])
                self.saying.put(self.room, name, line(titles[name]), client=self.client.id, file=file)

    def menu(self) -> None:
        self.saying.put(self.room, "menu", client_menu(self.client), client=self.client.id)

    def archive(self) -> None:
        self.advice.clients.archive(self.client.id, self.client.team, self.planning.now)
        self.say("archived", f"{self.name} is in the archive. It can be taken out again.")

    def unarchive(self) -> None:
        self.advice.clients.unarchive(self.client.id, self.client.team, self.planning.now)
        self.say("unarchived", f"{self.name} is out of the archive.")

    def forget(self) -> None:
        """Delete the client; it is said to whoever pressed alone, since the thread goes too."""
        words = self.pressing.forget(self.client, self.member.who)
        only = "" if self.asked.direct else self.asked.user
        room = Room(self.asked.channel, only=only)
        self.saying.put(room, "forgotten", line(words))

    def late(self) -> None:
        self.pressing.finding.not_here(self.asked, TOO_LATE)
