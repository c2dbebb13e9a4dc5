"""A client or a referral that changed hands: nothing goes back to who had it, and nothing untrue is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.slack import announcing
from bot.slack.announcing import Announcing
from bot.slack.referring import Referring
from bot.slack.talk.finding import AWAY
from bot.slack.talk.pressing import REFERRAL_STAYS, ROADMAP_STAYS
from knowledge_base.asked import steps_of
from knowledge_base.brokers.handing_on import take
from knowledge_base.brokers.records import Broker, Client, Place
from knowledge_base.profile import parse_profile
from knowledge_base.replanning import Happened
from tests.slack.referral_house import ReferralHouse, choice
from tests.slack.signing import message, press, submission
from tests.slack.talking import DUDLEY, NOW, TODAY, Talking
from tests.slack.workspace import TEAM

DIRECT = "D0KIM"


class Handed:
    """A referral of Kim's team that Kim took, with its client, and Ben beside her."""

    def __init__(self, talk: Talking) -> None:
        self.talk, self.advice = talk, talk.advice
        facts = parse_profile({"place": "Dudley", "employees": 14})
        plan = self.advice.plan(["finance"], facts, on=TODAY, now=NOW, session="owner-session")
        self.roadmap = plan.id
        self.code = self.advice.refer(
            session="owner-session",
            contact={"name": "Ada Example", "email": "ada@example.org"},
            needs=["finance"],
            profile=facts,
            roadmap=plan.id,
            now=NOW,
        )
        if self.advice.referrals.get(self.code).team != talk.team.id:  # type: ignore[union-attr]
            lead: dict[str, Any] = {"by": "lead@example.org", "now": NOW, "as_lead": True}
            self.advice.referrals.pass_on(self.code, to_team=talk.team.id, **lead)
        take(self.advice, self.code, talk.kim.id, NOW)
        talk.slack.person("U0BEN", "Ben Example")
        self.ben: Broker = talk.broker(talk.team, "Ben Example", "U0BEN")
        self.looking = Referring(talk.door, self.advice)
        self.look()

    def look(self) -> None:
        self.looking.look()
        self.talk.quiet()

    @property
    def client(self) -> Client | None:
        return self.advice.clients.of_referral(self.code)

    def owner_reads(self) -> list[str]:
        return [line.text for line in self.advice.relay.since(self.code, 0, 99)]


@pytest.fixture
def handed(talk: Talking) -> Handed:
    return Handed(talk)


def said_in(talk: Talking, channel: str) -> str:
    return "\n".join(each.text for each in talk.slack.said() if each.channel == channel)


def begun_alone(talk: Talking) -> Client:
    """Let Kim begin a client in her direct conversation with us."""
    words, channel = f"Example Metalworks Ltd: {DUDLEY}", talk.slack._direct("U0KIM").id
    root = talk.slack.write(channel, words, "U0KIM")
    talk.post(message(words, channel=channel, channel_type="im", ts=root.ts))
    return talk.client()


def told_deleted(talk: Talking) -> str:
    """What is said of a deletion; its own press is forgotten with the client, so it counts as done before."""
    told = lambda: [m for m in talk.slack.said(DIRECT) if m.text.startswith("That client is deleted")]  # noqa: E731
    found = talk.slack.wait_for(told)
    return str(found[0].text)


def test_a_look_that_began_before_a_referral_was_passed_on_gives_nothing_back(
    house: ReferralHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.stop_looking()
    house.slack.channel("C0FAR")
    near, far = house.team(), house.team("Example far team", "C0FAR", areas=["cardiff"])
    kim = house.broker(near, "U0KIM", "Kim Example")
    fay = house.broker(far, "U0FAR", "Fay Example")
    code = house.asks()
    take(house.advice, code, kim.id, house.now())
    listing: Any = house.advice.referrals.list

    def meanwhile() -> Any:
        found = listing()
        house.advice.referrals.pass_on(code, to_broker=fay.id, by=kim.id, now=house.now())
        take(house.advice, code, fay.id, house.now())
        client = house.advice.clients.of_referral(code)
        assert client is not None
        house.advice.clients.note(client.id, far.id, "Fay's own note", house.now())
        house.advice.clients.bind(Place(TEAM, "C0FAR", "9.9"), client=client.id)
        return found

    monkeypatch.setattr(house.advice.referrals, "list", meanwhile)
    Referring(house.door, house.advice).look()

    client = house.advice.clients.of_referral(code)
    assert client is not None
    assert (client.team, client.broker, client.note) == (far.id, fay.id, "Fay's own note")
    assert house.advice.clients.threads_of(client.id) == [Place(TEAM, "C0FAR", "9.9")]
    told = [line.text for line in house.advice.relay.since(code, 0, 9)]
    assert [words.split(" (")[0] for words in told] == ["Kim Example", "Fay Example"]


def test_who_hands_over_a_referrals_client_hands_over_the_referral_and_neither_comes_back(
    talk: Talking, handed: Handed
) -> None:
    client = handed.client
    assert client is not None
    talk.post(press("hand_over", client.id, channel=DIRECT))
    view = talk.slack.views[-1]
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    talk.post(submission("hand_over", choice("to", handed.ben.id), **told))
    handed.look()
    handed.advice.relay.begin(handed.code, talk.clock())
    Referring(talk.door, talk.advice).look()  # the gateway starts again
    talk.quiet()

    now, referral = handed.client, handed.advice.referrals.get(handed.code)
    assert now is not None
    assert referral is not None
    assert (now.broker, referral.broker) == (handed.ben.id, handed.ben.id)
    assert f"So is the referral {handed.code}." in said_in(talk, DIRECT)
    assert "ada@example.org" in said_in(talk, "D0BEN")
    assert "ada@example.org" not in said_in(talk, DIRECT)
    assert handed.owner_reads()[-1].startswith("Ben Example (Black Country advisers) has your request")


def test_a_deleted_client_of_a_referral_stays_deleted_and_what_stays_is_said(
    talk: Talking, handed: Handed
) -> None:
    client = handed.client
    assert client is not None
    talk.post(press("forget", client.id, channel=DIRECT))
    words = told_deleted(talk)
    handed.advice.relay.begin(handed.code, NOW)
    handed.look()
    Referring(talk.door, talk.advice).look()  # the gateway starts again
    talk.quiet()

    assert handed.client is None
    assert REFERRAL_STAYS.format(code=handed.code) in words
    assert ROADMAP_STAYS in words
    assert "facts, note, roadmap" not in words
    assert handed.advice.roadmaps.get(handed.roadmap, NOW) is not None
    assert handed.advice.referrals.get(handed.code).name == "Ada Example"  # type: ignore[union-attr]


def test_a_client_of_the_brokers_own_is_deleted_with_its_roadmap_and_nothing_is_said_to_stay(
    talk: Talking,
) -> None:
    client = begun_alone(talk)
    talk.post(press("forget", client.id, channel=DIRECT))

    words = told_deleted(talk)
    assert "facts, note, roadmap and conversation" in words
    assert "referral" not in words
    assert talk.advice.roadmaps.get(str(client.roadmap), NOW) is None


def test_what_is_written_in_the_thread_of_a_client_that_went_away_begins_no_other(
    talk: Talking, handed: Handed
) -> None:
    client = handed.client
    assert client is not None
    talk.post(press("open_client", client.id, channel=DIRECT))
    channel, thread = talk.thread(client)
    handed.advice.referrals.decline(handed.code, talk.kim.id, "full", NOW)
    for words in ("they are 30 people", "they want export"):
        talk.post(message(words, channel=channel, channel_type="im", thread=thread))

    assert talk.advice.clients.list(talk.team.id) == []
    assert [each.text for each in talk.slack.said(channel, thread)[-2:]] == [AWAY, AWAY]
    take(handed.advice, handed.code, talk.kim.id, NOW)
    talk.post(message("they are 30 people", channel=channel, channel_type="im", thread=thread))
    assert talk.client_now(client).profile["employees"] == 30


def test_what_changed_for_a_client_handed_over_is_read_by_who_has_it_who_goes_on_there(
    talk: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = begun_alone(talk)
    [place] = talk.advice.clients.threads_of(client.id)
    talk.slack.person("U0BEN", "Ben Example")
    ben = talk.broker(talk.team, "Ben Example", "U0BEN")
    talk.advice.clients.hand_over(client.id, talk.team.id, ben.id, NOW)
    talk.advice.brokers.change(talk.kim.id, now=NOW, active=False)
    before = said_in(talk, DIRECT)
    first = str(steps_of(talk.document(client))[0]["offer"])
    talk.advice.progress(str(client.roadmap), Happened(done=(first,)), on=NOW.date(), now=NOW)
    monkeypatch.setattr(announcing, "SETTLED", timedelta())

    told = Announcing(talk.door, talk.advice).look()
    talk.quiet()
    begun, *_ = talk.advice.clients.threads_of(client.id)
    talk.post(message("they are 30 people", user="U0BEN", channel=begun.channel, channel_type="im",
                      thread=begun.thread))  # fmt: skip

    assert place.person == "U0KIM"
    assert told == 1
    assert said_in(talk, DIRECT) == before
    assert (begun.channel, begun.person) == ("D0BEN", "U0BEN")
    assert any(m.text.startswith("What changed for Example Metalworks Ltd") for m in talk.slack.said())
    assert talk.client_now(client).profile["employees"] == 30


def test_what_a_broker_who_is_shut_out_had_answered_is_called_out_to_the_team_again(
    house: ReferralHouse,
) -> None:
    team = house.team(remind_days=(1,), lead_after_days=2, lead_slack="U0LEAD")
    kim = house.broker(team, "U0KIM", "Kim Example")
    house.slack.person("U0LEAD", "Lou Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.writes("Good morning, I am Kim.", "U0KIM", card)
    house.becomes(code, "in_contact")
    house.quiet()

    house.advice.brokers.change(kim.id, now=house.now(), active=False)
    house.quiet()
    again = [m.text for m in house.slack.said("C0TEAM", card.ts)]
    house.later(days=2, minutes=1)
    house.quiet()

    assert any("It is with your team again, and nobody has taken it." in words for words in again)
    assert any("no longer yours" in m.text for m in house.slack.said("D0KIM"))
    assert any(code in m.text for m in house.slack.said("D0LEAD"))
    assert house.advice.referrals.get(code).state == "new"  # type: ignore[union-attr]
