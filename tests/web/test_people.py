"""A person in the owner's chat: the bot keeps quiet, and both sides' lines arrive once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from bot.web.app import create_app
from bot.web.people import People
from bot.web.people_words import wants_bot, wants_deletion
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import move_due, say_closed, spoken_to, take
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import BrokerRow
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from tests.web.conftest import ROOMY
from tests.web.example import small_factory
from tests.web.fakes import TODAY, House

PACK = Path(__file__).resolve().parents[1] / "pack"
PROFILE = {"place": "Dudley", "employees": 14}


@dataclass
class Chat:
    """An owner's chat with a real store, and a bot that repeats what it hears."""

    http: TestClient
    advice: Advice
    house: House
    now: list[datetime]

    def says(self, message: str, session: str | None = None, **more: Any) -> dict[str, Any]:
        answer = self.http.post("/api/chat", json={"session": session, "message": message, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def news(self, session: str, after: Any = 0) -> Any:
        return self.http.get("/api/chat/news", params={"session": session, "after": after})

    def referral(self, session: str, **more: Any) -> str:
        contact = {"name": "Ada Example", "email": "ada@example.org"}
        told = {"contact": contact, "needs": ["finance"], "roadmap": None, "now": self.now[0], **more}
        return self.advice.refer(session=session, profile=parse_profile(PROFILE), **told)

    def taken(self) -> tuple[str, str, str]:
        """A session whose request Kim took; its code, and Kim's id."""
        session = self.says("Hello")["session"]
        team = self.advice.teams.add(name="Example near team", areas=["dudley"], now=self.now[0])
        kim = self.advice.brokers.add(team=team.id, name="Kim Example", now=self.now[0])
        code = self.referral(session)
        take(self.advice, code, kim.id, self.now[0])
        return session, code, kim.id

    def answered(self) -> tuple[str, str, str]:
        """The same, once Kim has written."""
        session, code, kim = self.taken()
        self.writes(code, kim, "Good morning, Kim here.")
        return session, code, kim

    def writes(self, code: str, kim: str, text: str) -> None:
        self.advice.relay.begin(code, self.now[0])
        key = f"kim:{len(self.advice.relay.since(code, 0, 1000))}"
        self.advice.relay.say(code, "broker", kim, text, key, self.now[0])


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    database = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    database.migrate()
    advice = Advice(database, read_hub("default"), "http://testserver")
    advice.records.load_pack(PACK, now=TODAY)
    house = House.with_roadmap(small_factory())
    now = [TODAY]
    services = replace(
        house.services,
        chats=Chats(database),
        people=People(advice),
        forget_elsewhere=lambda session: advice.forget(session),
        clock=lambda: now[0],
    )
    with TestClient(create_app(ROOMY, services)) as http:
        yield Chat(http, advice, house, now)
    database.close()


def test_who_asked_for_nobody_is_answered_as_before(chat):
    answer = chat.says("Hello")

    assert list(answer) == ["session", "replies"]
    assert chat.news(answer["session"]).json() == {"lines": [], "person": None}


def test_while_nobody_wrote_yet_the_bot_answers_and_says_who_has_the_request(chat):
    session, _, _ = chat.taken()

    answer = chat.says("And meanwhile?", session)

    assert answer["replies"] == [{"text": "You said: And meanwhile?"}]
    assert answer["person"] == {"name": "Kim Example (Example near team)", "state": "taken", "live": False}


def test_once_the_broker_has_written_the_bot_keeps_quiet_and_the_broker_gets_it(chat):
    session, _code, _ = chat.answered()
    heard = len(chat.house.rasa.sent)
    shown = chat.news(session).json()["lines"][-1]

    answer = chat.says("Thank you, when?", session, after=shown["id"], message_id="m-1")

    assert (shown["who"], shown["text"]) == ("Kim Example", "Good morning, Kim here.")
    assert answer["replies"] == [{"text": "Kim Example has your message; the answer comes here."}]
    assert len(chat.house.rasa.sent) == heard
    assert [line.text for line in chat.advice.relay.unsent("owner", 10)] == ["Thank you, when?"]


def test_a_second_message_is_answered_by_nobody_but_the_broker(chat):
    session, code, kim = chat.answered()
    last = chat.news(session).json()["lines"][-1]["id"]
    chat.says("One", session, after=last)

    nothing = chat.says("Two", session, after=last)
    chat.writes(code, kim, "Tomorrow at ten.")
    then = chat.says("Three", session, after=last)

    assert nothing["replies"] == []
    assert [(r["who"], r["text"]) for r in then["replies"]] == [("Kim Example", "Tomorrow at ten.")]


def test_who_does_not_say_what_was_shown_gets_what_came_since_their_own_last_line(chat):
    session, code, kim = chat.answered()

    first = chat.says("One", session)
    chat.writes(code, kim, "Tomorrow at ten.")
    second = chat.says("Two", session)

    assert [r["text"] for r in first["replies"]][-1] == "Good morning, Kim here."
    assert [r["text"] for r in second["replies"]] == ["Tomorrow at ten."]


def test_the_same_message_sent_again_reaches_the_broker_once(chat):
    session, _, _ = chat.answered()

    answers = [chat.says("Only once", session, message_id="m-1") for _ in range(3)]

    assert answers[0]["replies"] == answers[1]["replies"] == answers[2]["replies"]
    assert [line.text for line in chat.advice.relay.unsent("owner", 10)] == ["Only once"]


@pytest.mark.parametrize("words", ["Back to Fingerpost", "let me talk to the bot again", "back to the bot"])
def test_the_owner_goes_back_to_the_bot_by_saying_so(chat, words):
    session, _code, _ = chat.answered()
    last = chat.news(session).json()["lines"][-1]["id"]

    said = chat.says(words, session, after=last)
    then = chat.says("What grants are there?", session)

    assert [r["who"] for r in said["replies"]] == ["Fingerpost"]
    assert "answers here again" in said["replies"][0]["text"]
    assert said["person"]["live"] is False
    assert then["replies"] == [{"text": "You said: What grants are there?"}]
    assert "went back to Fingerpost" in the_one_word_to_the_broker(chat)


FOR_THE_BROKER = [
    "We want to go back to work",
    "Our robot is back again",
    "talk to you",
    "I don't want to talk to the bot, please call me on 01234 567890",
    "Please don't hand me back to the bot",
    "never back to the bot",
    "Do I have to talk to the bot again?",
    "Back to the bot? I would rather have you",
    "You can delete me from the mailing list but call me",
    "Please don't delete my data",
    "Delete everything after page 2 of my quote",
    "Will you delete my data after the grant is paid?",
    "The old machine lost all our data, it was deleted",
    "forget me not is the name of our shop",
]


@pytest.mark.parametrize("words", FOR_THE_BROKER)
def test_whatever_says_more_than_a_wish_for_the_bot_reaches_the_broker(chat, words):
    session, code, _ = chat.answered()

    answer = chat.says(words, session)

    assert [line.text for line in chat.advice.relay.unsent("owner", 10)] == [words]
    assert answer["person"]["live"] is True
    assert chat.advice.referrals.get(code).live


@pytest.mark.parametrize(
    "words",
    ["Back to Fingerpost", "back to the bot!", "Can I talk to the bot again, please?",
     "I’d like to go back to the bot now",
     "OK, let me speak with Fingerpost", "switch back to the robot"],
)  # fmt: skip
def test_a_plain_wish_for_the_bot_is_one(words):
    assert wants_bot(words)
    assert not wants_deletion(words)


@pytest.mark.parametrize(
    "words",
    ["Delete my data", "please delete everything you know about me", "Forget me.", "I want my data deleted",
     "Can you delete all of my data from your systems now?", "Please erase this conversation",
     "I want you to delete my data", "Could you please remove my personal details"],
)  # fmt: skip
def test_a_plain_wish_to_be_forgotten_is_one(words):
    assert wants_deletion(words)
    assert not wants_bot(words)


def the_one_word_to_the_broker(chat: Chat) -> str:
    """What the thread is told of the owner: in our own words, and nothing else."""
    [line] = chat.advice.relay.unsent("owner", 10)
    assert line.ours
    return line.text


def test_the_broker_hands_the_chat_back(chat):
    session, code, _ = chat.answered()

    spoken_to(chat.advice, code, TODAY)

    assert chat.says("Hello again", session)["replies"] == [{"text": "You said: Hello again"}]
    assert "answers here again" in chat.news(session).json()["lines"][-1]["text"]


def test_a_wish_about_the_owners_own_data_is_never_left_to_the_broker(chat):
    session, _code, _ = chat.answered()

    answer = chat.says("Please delete my data", session)

    assert answer["replies"] == [{"text": "You said: Please delete my data"}]
    assert "asks to have their data deleted" in the_one_word_to_the_broker(chat)
    assert [line["who"] for line in chat.news(session).json()["lines"]] == ["Fingerpost", "Kim Example"]


def test_what_was_deleted_is_gone_from_here_too(chat):
    session, code, _ = chat.answered()

    assert chat.http.post("/api/forget", json={"session": session}).status_code == 200

    assert chat.news(session).status_code == 404
    assert chat.advice.referrals.get(code) is None
    assert chat.advice.relay.unsent("broker", 10) == []


def test_news_is_told_from_a_line_on_and_only_once(chat):
    session, code, kim = chat.answered()
    lines = chat.news(session).json()["lines"]
    chat.writes(code, kim, "One more thing.")

    assert [line["who"] for line in lines] == ["Fingerpost", "Kim Example"]
    assert [line["text"] for line in chat.news(session, lines[-1]["id"]).json()["lines"]] == [
        "One more thing."
    ]


def test_the_chat_says_for_a_day_how_a_request_ended(chat):
    session, code, kim = chat.answered()
    say_closed(chat.advice, chat.advice.referrals.close(code, "helped", kim, TODAY), TODAY)

    soon = chat.news(session).json()
    chat.now[0] += timedelta(days=2)
    later = chat.news(session).json()

    assert soon["person"]["state"] == "helped"
    assert "is closed" in soon["lines"][-1]["text"]
    assert later == {"lines": [], "person": None}


@pytest.mark.parametrize("session", ["", "no-such-session", "x" * 5000, "a' OR 1=1 --", "\u0000\ud800"[0]])
def test_the_news_of_an_unknown_session_is_not_found(chat, session):
    answer = chat.news(session)

    assert answer.status_code == 404
    assert answer.json()["error"] == "unknown_session"


@pytest.mark.parametrize("after", ["-1", "one", "1.5", str(2**70), "1; drop"])
def test_a_line_that_cannot_be_one_is_refused_in_words(chat, after):
    session = chat.says("Hello")["session"]

    answer = chat.news(session, after)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("after")


def test_one_sessions_news_is_no_other_sessions(chat):
    chat.answered()
    stranger = chat.says("Hello")["session"]

    assert chat.news(stranger).json() == {"lines": [], "person": None}


def test_news_asked_for_without_a_pause_is_slowed_and_never_cached(chat):
    session = chat.says("Hello")["session"]
    answers = [chat.news(session) for _ in range(40)]

    assert answers[0].headers["cache-control"] == "no-store"
    assert {answer.status_code for answer in answers} == {200, 429}
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_while_the_store_is_away_the_message_is_not_lost_silently(chat, monkeypatch):
    session, _code, _ = chat.answered()

    def away(*_: Any, **__: Any) -> None:
        raise RuntimeError("(OperationalError) 'my secret'")

    monkeypatch.setattr(chat.advice.relay, "say", away)
    failed = chat.http.post("/api/chat", json={"session": session, "message": "Secret", "message_id": "m"})
    monkeypatch.undo()
    again = chat.says("Secret", session, message_id="m")

    assert failed.json()["error"] == "not_kept"
    assert "my secret" not in failed.text
    assert again["replies"]
    assert [line.text for line in chat.advice.relay.unsent("owner", 10)] == ["Secret"]


def test_the_roadmaps_page_says_how_the_request_stands_and_nothing_of_who_asked(chat):
    _session, code, kim = chat.taken()
    roadmap = chat.http.post("/api/roadmaps", json={"needs": ["finance"], "profile": PROFILE}).json()["id"]
    with_it = chat.referral("another session", roadmap=roadmap)

    new = chat.http.get(f"/roadmap/{roadmap}").text
    take(chat.advice, with_it, kim, TODAY)
    taken = chat.http.get(f"/roadmap/{roadmap}").text
    chat.advice.referrals.close(with_it, "unreachable", kim, TODAY)
    closed = chat.http.get(f"/roadmap/{roadmap}").text

    assert "Waiting for somebody to take it, since 21 November 2026" in new
    assert "If nobody has by 26 November 2026, the hub&#39;s lead is told." in new
    assert "Kim Example (Example near team)" in taken
    assert "They get in touch with you" in taken
    assert "Closed: you could not be reached, on 21 November 2026" in closed
    assert all(with_it in each and code not in each for each in (new, taken, closed))
    assert all("ada@example.org" not in each and "Ada" not in each for each in (new, taken, closed))


def test_a_roadmap_nobody_asked_about_says_nothing_of_a_person(chat):
    roadmap = chat.http.post("/api/roadmaps", json={"needs": ["finance"], "profile": PROFILE}).json()["id"]

    assert "Your request for a person" not in chat.http.get(f"/roadmap/{roadmap}").text


def test_a_request_no_team_has_says_who_decides_and_to_call(chat):
    session = chat.says("Hello")["session"]
    chat.referral(session, roadmap="r1")

    panel = People(chat.advice).of_roadmap("r1", None, TODAY.date())

    assert panel.who == chat.advice.hub.name
    assert "decides who takes it" in panel.next
    assert "quote the code" in panel.next


def test_an_owner_who_comes_back_to_a_silent_broker_is_told_so_once_with_a_way_to_the_bot(chat):
    session, _code, _ = chat.answered()
    last = chat.news(session).json()["lines"][-1]["id"]
    chat.now[0] += timedelta(days=40)

    first = chat.says("Are you there?", session, after=last)
    second = chat.says("Hello?", session, after=first["replies"][-1]["line"])
    back = chat.says(first["replies"][-1]["buttons"][0]["payload"], session, after=last)

    [told] = first["replies"]
    assert told["text"].startswith(
        "Kim Example has your message, and has written nothing here since 21 November"
    )
    assert told["buttons"] == [{"title": "Back to Fingerpost", "payload": "Back to Fingerpost"}]
    assert second["replies"] == []
    assert "answers here again" in back["replies"][-1]["text"]
    assert [line.text for line in chat.advice.relay.unsent("owner", 10)][:2] == ["Are you there?", "Hello?"]


def test_a_broker_who_writes_again_ends_the_silence(chat):
    session, code, kim = chat.answered()
    chat.now[0] += timedelta(days=2)
    chat.says("Are you there?", session)
    chat.writes(code, kim, "Here I am.")
    last = chat.news(session).json()["lines"][-1]["id"]

    at_once = chat.says("Good.", session, after=last)
    chat.now[0] += timedelta(days=2)
    later = chat.says("And now?", session, after=last)

    assert at_once["replies"] == []
    assert "since 23 November" in later["replies"][0]["text"]


def test_after_three_days_without_an_answer_the_bot_answers_again_and_the_thread_is_told(chat):
    session, code, _ = chat.answered()
    chat.says("When can you come?", session)
    chat.now[0] += timedelta(days=3)

    answer = chat.says("What grants are there?", session)
    pressed = chat.says("Back to Fingerpost", session)

    assert answer["replies"] == [{"text": "You said: What grants are there?"}]
    assert answer["person"]["live"] is False
    assert not chat.advice.referrals.get(code).live
    assert "Nobody has answered you here" in chat.news(session).json()["lines"][-1]["text"]
    asked, told = chat.advice.relay.unsent("owner", 10)
    assert (asked.text, asked.ours) == ("When can you come?", False)
    assert told.ours
    assert "for 3 days" in told.text
    assert "grants" not in told.text
    assert pressed["replies"] == [{"text": "Fingerpost answers here."}]


def test_a_line_nobody_answered_for_a_day_is_reminded_of_once_and_for_three_given_to_the_bot(chat):
    session, code, kim = chat.answered()
    chat.says("When can you come?", session)

    assert move_due(chat.advice, TODAY + timedelta(hours=23)) == []
    assert move_due(chat.advice, TODAY + timedelta(hours=25)) == [code]
    assert move_due(chat.advice, TODAY + timedelta(hours=26)) == []
    assert move_due(chat.advice, TODAY + timedelta(days=3)) == [code]
    assert move_due(chat.advice, TODAY + timedelta(days=4)) == []

    reminders = [each for each in chat.advice.referrals.trail(code) if each.what == trail.REMINDED]
    assert [each.broker for each in reminders] == [kim]
    assert not chat.advice.referrals.get(code).live
    assert chat.news(session).json()["person"]["live"] is False


def test_a_line_that_was_answered_is_reminded_of_by_nobody(chat):
    session, code, kim = chat.answered()
    chat.says("When can you come?", session)
    chat.writes(code, kim, "Tomorrow.")

    assert move_due(chat.advice, TODAY + timedelta(days=30)) == []
    assert chat.advice.referrals.get(code).live


@pytest.mark.parametrize("whose", ["broker", "team"])
def test_the_chat_of_a_broker_who_is_shut_out_goes_back_to_the_bot_and_the_owner_is_told(chat, whose):
    session, code, kim = chat.answered()
    team = chat.advice.brokers.get(kim).team
    stays = chat.advice.brokers.add(team=team, name="Lee Example", now=TODAY)
    chat.advice.brokers.change(stays.id, active=False, now=TODAY)
    assert chat.advice.referrals.get(code).live

    if whose == "broker":
        chat.advice.brokers.change(kim, active=False, now=TODAY)
    else:
        chat.advice.teams.change(team, active=False, now=TODAY)

    assert not chat.advice.referrals.get(code).live
    assert chat.says("Hello?", session)["replies"] == [{"text": "You said: Hello?"}]
    told = chat.news(session).json()["lines"][-1]
    assert (told["who"], "no longer there to answer" in told["text"]) == ("Fingerpost", True)


def test_who_holds_a_chat_and_cannot_answer_is_said_with_a_way_to_the_bot(chat):
    session, code, kim = chat.answered()
    # Whoever is shut out holds nothing from then on; here they do, as a database from before may have it.
    with chat.advice.database.writing() as transaction:
        transaction.execute(update(BrokerRow).where(BrokerRow.id == kim).values(active=False))

    [*_, told] = chat.says("Hello?", session)["replies"]
    again = chat.says("Hello?", session, after=told["line"])

    assert "cannot answer here" in told["text"]
    assert code in told["text"]
    assert told["buttons"][0]["payload"] == "Back to Fingerpost"
    assert again["replies"] == []
