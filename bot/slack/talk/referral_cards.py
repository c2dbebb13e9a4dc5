"""Keep a referral's messages in Slack as the referral is: its card, the lead's note, its broker's slip.

Everything here may be done again and again, by several processes: each message has a key made from what it
tells of, and is put into the outbox once. All of it blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, context, section
from bot.slack.blocks.referrals import STATES, escalation, referral_card, reminder
from bot.slack.blocks.text import Message, bold, plain, sections, told, whole
from bot.slack.parts import SlackDoor
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import card_key, reminder_keys
from knowledge_base.brokers.records import NEW, Broker, Client, Entry, Place, Referral, Team
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.clients import NoSuchClient
from knowledge_base.store.queues import DONE, GIVEN_UP

LATE = "Nobody answered in time."  # the detail of what was overdue
ROOT, SLIP, DIRECT = "referral", "referral-slip", "referral-direct"
MOST_LOOKS = 5
HOW = (
    "What whoever has it writes in this thread goes to the owner's chat, under their name. "
    "A line that begins with // or with a mention stays among colleagues; so do files, reactions, and what "
    "anybody else writes."
)

WAY_BACK = "What you write in a thread under this message goes to the owner's chat."


def lead_key(code: str, times: int) -> str:
    """The key of the message to a lead who has a referral for the so-manieth time."""
    return f"{ROOT}:{code}:lead-{times}"


def slip_key(code: str, broker: str, times: int) -> str:
    """The key of the direct message that tells a broker whom they took."""
    return f"{SLIP}:{code}:{broker}:{times}"


def direct_key(code: str, name: str, broker: str) -> str:
    """The key of what is told a broker in a direct message, since no channel is there for it.

    Of its broker too, since it may be somebody else's by the time it can be sent.
    """
    return f"{DIRECT}:{code}:{name}:{broker}"


def code_of_root(key: str) -> str | None:
    """Return the code of the referral whose root message has a key; None where it is no root of ours."""
    kind, _, rest = key.partition(":")
    code, _, where = rest.partition(":")
    alone = kind == ROOT and ":" not in where
    return code if where and (alone or kind in (SLIP, DIRECT)) else None


class Cards:
    """Writes what Slack shows of referrals."""

    def __init__(self, door: SlackDoor, advice: Advice) -> None:
        self.door = door
        self.advice = advice

    def bring_up_to_date(self, code: str) -> Referral | None:
        """Have every message about a referral say how it is now; return it, or None where it is gone."""
        shown, referral = None, self.advice.referrals.get(code)
        # What changes while it is being shown may have been shown already, by somebody quicker.
        for _ in range(MOST_LOOKS):
            if referral is None or (shown and shown.version == referral.version):
                break
            shown = referral
            self._show(referral)
            referral = self.advice.referrals.get(code)
        return referral  # where it is gone, what was in Slack of it is taken down with it

    def _show(self, referral: Referral) -> None:
        done = self.advice.referrals.trail(referral.code)
        teams = {team.id: team for team in self.advice.teams.all()}
        holder = self.advice.brokers.get(referral.broker) if referral.broker else None
        for id in dict.fromkeys(entry.team for entry in done if entry.team):
            if id in teams:
                self._card(referral, teams[id], done, holder, teams)
        self._lead(referral, done, teams)
        self._slips(referral, done, holder)

    def place_of(self, referral: Referral) -> tuple[Team, str] | None:
        """Return the team that has a referral, and the key of its card; None where none has one in Slack."""
        team = self.advice.teams.get(referral.team) if referral.team else None
        if team is None or not team.channel or team.slack_team not in ("", self.door.identity.team):
            return None
        return team, card_key(referral.code, team.id)

    def in_thread(self, referral: Referral, name: str, message: Message) -> bool:
        """Say something, once for each ``name``, in the thread of the card, else to whoever has it.

        What Slack refused in the thread goes to whoever has it.

        Returns:
            Whether it is in Slack already.
        """
        place = self.place_of(referral)
        if place is not None:
            team, key = place
            name_there = f"{key}:{name}"
            self._put(name_there, team.channel, message, referral.code, after_key=key)
            state = self.door.outbox.state_of(name_there)
            if state != GIVEN_UP:
                return state == DONE
        holder = self.advice.brokers.get(referral.broker) if referral.broker else None
        if holder is None or not holder.slack_user:
            return False
        direct = direct_key(referral.code, name, holder.id)
        self._put(direct, holder.slack_user, _with_way_back(message, referral), referral.code)
        return self.door.outbox.state_of(direct) == DONE

    def bind(self, key: str, channel: str, ts: str) -> None:
        """Tie the thread under a root message to its referral."""
        code = code_of_root(key)
        if code is None:
            return
        try:
            self.advice.clients.bind(Place(self.door.identity.team, channel, ts), referral=code)
        except NoSuchClient:
            return  # forgotten meanwhile; its message is taken down

    def contact_slip(self, referral: Referral, client: Client | None) -> Message:
        """Say who asked and how to reach them; for whoever took it, and nobody else."""
        who = f"{bold(referral.name, 200) or 'no name'}, {told(referral.contact, 300)}"
        if referral.code_only:
            who = "They left no name or number, and will quote the code when they call or write."
        lines = [f"You have the referral {told(referral.code, 40)}.", who]
        open_it = button("Open their roadmap", verbs.OPEN, client.id) if client else None
        blocks = [section(part) for part in sections(lines)]
        if open_it:
            blocks.append(actions(open_it))
        alone = "Only you see this. It is taken away when the referral is no longer yours."
        blocks.append(context(f"{alone} {WAY_BACK}" if referral.session else alone))
        name = plain(referral.name) or "no name"
        text = who if referral.code_only else f"{name}, {plain(referral.contact)}"
        return Message(whole([f"You have the referral {referral.code}.", text]), blocks)

    def _card(
        self,
        referral: Referral,
        team: Team,
        done: Sequence[Entry],
        holder: Broker | None,
        teams: dict[str, Team],
    ) -> None:
        key = card_key(referral.code, team.id)
        if team.slack_team not in ("", self.door.identity.team):
            return  # the channel is another workspace's
        if not team.channel and self.door.outbox.state_of(key) is None:
            return
        mine = referral.team == team.id
        if not mine:
            if self.door.outbox.state_of(key) is not None:
                self._update(key, team.channel, referral, moved_on(referral, teams))
            return
        if self._put(key, team.channel, self.card(referral, done, holder), referral.code):
            return
        moves = [entry for entry in done if entry.what in trail.MOVES]
        if not (referral.state == NEW and referral.reminded == 0 and _times_with(done, team.id) == 1):
            self._update(key, team.channel, referral, self.card(referral, done, holder))
        again = _times_with(done, team.id)
        if again > 1 and referral.state == NEW and moves and moves[-1].team == team.id:
            words = f"{_called(team)}It is with your team again, and nobody has taken it."
            self._put(f"{key}:again-{again}", team.channel, _small(words), referral.code, after_key=key)

    def card(self, referral: Referral, done: Sequence[Entry], holder: Broker | None) -> Message:
        """Write the card of the team that has a referral; who it is stays with whoever took it."""
        view = self.advice.view()
        now = self.door.clock()
        saved = self.advice.roadmaps.get(referral.roadmap_id, now) if referral.roadmap_id else None
        known = view.catalogue.areas
        given = [e for e in done if e.what in (trail.ASSIGNED, trail.PASSED_ON) and e.team == referral.team]
        # Why another team had it before says nothing of why this one has it.
        why = given[-1].detail if given and given[-1].what == trail.ASSIGNED else ""
        notes = [
            f"{self._by(entry.by)} wrote: {entry.detail}"
            for entry in done
            if entry.what == trail.DECLINED and entry.detail
        ]
        if referral.open and referral.state != NEW:
            notes.append(HOW)
        return referral_card(
            referral,
            areas=[known[code].name if code in known else code for code in referral.areas],
            document=saved.document if saved else None,
            url=self.advice.url_of(saved.id) if saved else "",
            holder=holder.name if holder else "",
            why=why,
            note=" ".join(notes),
            private=True,
        )

    def _lead(self, referral: Referral, done: Sequence[Entry], teams: dict[str, Team]) -> None:
        """Tell the lead of what no team has; say so in the same message once somebody has."""
        times = sum(entry.what in (trail.TO_LEAD, trail.DECLINED) for entry in done)
        before = [id for entry in done if (id := entry.team) in teams]
        lead = lead_of(teams, before)
        if lead is None:
            return
        key = lead_key(referral.code, times)
        with_lead = held_by_lead(referral)
        if with_lead:
            message = self._escalation(referral, done, teams, self.door.clock())
            self._put(key, lead.lead_slack, message, referral.code)
        for number in range(times + 1):
            old = lead_key(referral.code, number)
            if (number < times or not with_lead) and self.door.outbox.state_of(old) is not None:
                self._update(old, lead.lead_slack, referral, moved_on(referral, teams))

    def _slips(self, referral: Referral, done: Sequence[Entry], holder: Broker | None) -> None:
        """Give the broker who has a referral the contact, and take it from those who had it."""
        got = [entry for entry in done if entry.broker and entry.what in (trail.TAKEN, trail.PASSED_ON)]
        now_mine = holder is not None and referral.open
        for number, entry in enumerate(got, 1):
            broker = self.advice.brokers.get(str(entry.broker))
            if broker is None or not broker.slack_user:
                continue
            key = slip_key(referral.code, broker.id, number)
            if now_mine and holder is not None and number == len(got) and broker.id == holder.id:
                client = self.advice.clients.of_referral(referral.code)
                mine = client if client and client.team == holder.team else None
                self._put(key, broker.slack_user, self.contact_slip(referral, mine), referral.code)
            elif self.door.outbox.state_of(key) is not None:
                words = f"The referral {referral.code} is no longer yours, so who it is about is gone here."
                if not referral.open:
                    words = f"The referral {referral.code} is closed, so who it is about is gone here."
                self._put(f"{key}:over", broker.slack_user, _small(words), referral.code, update_key=key)

    def notices(self, referral: Referral) -> None:
        """Say in Slack what was said to be due: each reminder, by name to who has it."""
        done = self.advice.referrals.trail(referral.code)
        place = self.place_of(referral)
        if place is None:
            if held_by_lead(referral):
                self._remind_lead(referral, done)
            else:
                self._remind_directly(referral, done)
            return
        team, key = place
        for number in trail.reminders(done):
            entry = done[number]
            message = reminder(referral, _days(referral, entry))
            name, alone = reminder_keys(referral.code, team.id, number)
            broker = self.advice.brokers.get(referral.broker) if referral.broker else None
            person = broker.slack_user if broker else ""
            called = f"<@{person}> " if person else _called(team)
            if called:  # or nobody would be told of a line in a thread
                message = Message(f"{called}{message.text}", [section(called.strip()), *message.blocks])
                self._put(name, team.channel, message, referral.code, after_key=key)
            else:
                self._put(alone, team.channel, message, referral.code)

    def _remind_directly(self, referral: Referral, done: Sequence[Entry]) -> None:
        """Remind who has it, or everybody who may take it, where their team has no channel here."""
        holder = self.advice.brokers.get(referral.broker) if referral.broker else None
        to = [holder] if holder else self.advice.brokers.all(referral.team, active=True)
        for number in trail.reminders(done):
            entry = done[number]
            if entry.broker != referral.broker:
                continue  # said to others, before somebody took it
            message = reminder(referral, _days(referral, entry))
            for broker in to:
                if broker.slack_user and broker.slack_team in ("", self.door.identity.team):
                    key = direct_key(referral.code, f"remind-{number}", broker.id)
                    self._put(key, broker.slack_user, message, referral.code)

    def _remind_lead(self, referral: Referral, done: Sequence[Entry]) -> None:
        """Say again to the lead, in a message of its own, what no team has."""
        teams = {team.id: team for team in self.advice.teams.all()}
        before = [id for entry in done if (id := entry.team) in teams]
        lead = lead_of(teams, before)
        if lead is None:
            return
        for number in trail.reminders(done):
            key = f"{ROOT}-lead:{referral.code}:remind-{number}"
            message = self._escalation(referral, done, teams, done[number].at)
            self._put(key, lead.lead_slack, message, referral.code)

    def _escalation(
        self, referral: Referral, done: Sequence[Entry], teams: dict[str, Team], at: datetime
    ) -> Message:
        """Say to a lead what no team has, and what became of it with the one that had it last."""
        last = next((teams[e.team].name for e in reversed(done) if e.team and e.team in teams), "")
        moved = next((e for e in reversed(done) if e.what in (trail.DECLINED, trail.TO_LEAD)), None)
        declined = moved is not None and moved.what == trail.DECLINED
        return escalation(
            referral,
            max(0, (at - referral.consent_at).days),
            last,
            self.advice.url_of(referral.roadmap_id) if referral.roadmap_id else "",
            declined=declined,
            why=moved.detail if moved and (declined or moved.detail != LATE) else "",
        )

    def _by(self, by: str) -> str:
        broker = self.advice.brokers.get(by)
        team = self.advice.teams.get(broker.team) if broker else None
        return f"{broker.name} ({team.name})" if broker and team else "A colleague"

    def _update(self, key: str, channel: str, referral: Referral, message: Message) -> None:
        self._put(key, channel, message, referral.code, update_key=key, order=referral.version)

    def _put(
        self,
        key: str,
        channel: str,
        message: Message,
        code: str,
        *,
        after_key: str | None = None,
        update_key: str | None = None,
        order: int | None = None,
    ) -> bool:
        new = self.door.outbox.put(
            key,
            channel,
            text=message.text,
            blocks=message.blocks,
            after_key=after_key,
            update_key=update_key,
            about=code,
            order=order,
            now=self.door.clock(),
        )
        if new:
            self.door.wake_deliverer()
        return new


def held_by_lead(referral: Referral) -> bool:
    """Whether no team has an open referral."""
    return referral.open and referral.team is None and referral.broker is None


def lead_of(teams: dict[str, Team], before: Sequence[str | None]) -> Team | None:
    """The team whose lead decides: the one that had it last, else the first that names somebody in Slack."""
    last = [teams[id] for id in reversed(before) if id in teams]
    named = [team for team in (*last, *teams.values()) if team.lead_slack and team.active]
    return named[0] if named else None


def moved_on(referral: Referral, teams: dict[str, Team]) -> Message:
    """What stays in the place of a card where a referral is no longer: nothing of the business."""
    team = teams.get(referral.team or "")
    if not referral.open:
        words = f"{STATES[referral.state]}."
    elif team is not None:
        words = f"It is with {told(team.name, 200)} now."
    else:
        words = "It is with the hub's lead now."
    return _small(f"Referral {referral.code}. {words}")


def _times_with(done: Sequence[Entry], team: str) -> int:
    """How often a team was given a referral that somebody in it has yet to take."""
    given = (trail.ASSIGNED, trail.PASSED_ON)
    return sum(entry.team == team and entry.broker is None and entry.what in given for entry in done)


def _called(team: Team) -> str:
    """The mention of a team's user group, "" where it has none."""
    return f"<!subteam^{team.slack_group}> " if team.slack_group else ""


def _days(referral: Referral, entry: Entry) -> int:
    """For how many days a team had had a referral when something was done."""
    return max(1, (entry.at - (referral.since or referral.consent_at)).days)


def _with_way_back(message: Message, referral: Referral) -> Message:
    """Add how the owner is answered, where a direct message is the conversation's place."""
    if not referral.session or not referral.open:
        return message
    return Message(f"{message.text} {WAY_BACK}", [*message.blocks, context(WAY_BACK)])


def _small(words: str) -> Message:
    """A line of our own words; a mention of a person or a group at its beginning stays one."""
    return Message(words, [section(words)])
