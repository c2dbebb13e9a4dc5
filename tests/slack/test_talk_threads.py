"""A thread is a client: begun by a command, a mention or a message, and gone on with in that thread."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

from knowledge_base.store.audit import Audit
from knowledge_base.store.broker_tables import SlackOutboxRow
from tests.slack.kept import posts
from tests.slack.signing import command, mention, message
from tests.slack.talking import DUDLEY, Talking


def test_a_command_begins_a_client_whose_roadmap_comes_in_a_thread(talk: Talking) -> None:
    answer = talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))

    client = talk.client("Example Metalworks Ltd")
    root = next(each for each in talk.slack.said("C0TEAM") if each.ts == talk.thread(client)[1])
    roadmap = talk.told(client)[-1]
    assert answer.status_code == 200
    assert "Example Metalworks Ltd" in root.text
    assert "Dudley" not in root.text
    assert client.needs == ("digital_adoption", "finance")
    assert client.profile["employees"] == 14
    assert client.broker == talk.kim.id
    assert roadmap.text.startswith("Roadmap for Example Metalworks Ltd")
    assert f"/roadmap/{client.roadmap}" in roadmap.text
    assert talk.rasa.sent[0]["message"] == DUDLEY
    assert talk.rasa.sent[0]["metadata"]["role"] == "broker"


def test_what_is_written_in_a_thread_goes_on_with_its_client(talk: Talking) -> None:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    client = talk.client()
    channel, thread = talk.thread(client)

    talk.post(message("they are 30 people and want to export", channel=channel, thread=thread))

    now = talk.client_now(client)
    sent = talk.rasa.sent[1]
    assert now.profile["employees"] == 30
    assert now.needs == ("digital_adoption", "finance", "export_markets")
    assert now.roadmap == client.roadmap
    assert sent["sender"] == client.session
    assert sent["metadata"]["client"] == {
        "needs": ["digital_adoption", "finance"],
        "profile": client.profile,
        "roadmap": client.roadmap,
        # What the roadmap rests on goes along, so that what somebody else told since is not undone.
        "planned": {"needs": ["digital_adoption", "finance"], "profile": client.profile},
    }
    assert "export" in talk.told(client)[-1].text


def test_a_mention_begins_a_client_in_its_own_thread_and_a_second_one_goes_on(talk: Talking) -> None:
    asked = talk.slack.write("C0TEAM", DUDLEY, "U0KIM")
    talk.post(mention(DUDLEY, ts=asked.ts))
    client = talk.client()
    said = len(talk.told(client))

    talk.post(mention("no loans, 20 people", ts="", thread=asked.ts))

    assert talk.thread(client) == ("C0TEAM", asked.ts)
    assert len(talk.told(client)) > said
    assert talk.client_now(client).profile["employees"] == 20


def test_a_direct_message_begins_a_client_and_its_thread_goes_on_with_it(talk: Talking) -> None:
    channel = talk.slack._direct("U0KIM").id
    first = talk.slack.write(channel, DUDLEY, "U0KIM")
    talk.post(message(DUDLEY, channel=channel, channel_type="im", ts=first.ts))
    other = talk.slack.write(channel, "lean, 9 people in Leicester", "U0KIM")
    talk.post(message("lean, 9 people in Leicester", channel=channel, channel_type="im", ts=other.ts))
    talk.post(message("energy too", channel=channel, channel_type="im", thread=first.ts))

    clients = talk.advice.clients.list(talk.team.id)
    assert {each.needs for each in clients} == {
        ("digital_adoption", "finance", "sustainability"),
        ("process_improvement",),
    }
    assert {place.thread for each in clients for place in talk.advice.clients.threads_of(each.id)} == {
        first.ts,
        other.ts,
    }


def test_a_command_where_we_are_not_is_answered_in_a_direct_message(talk: Talking) -> None:
    url = talk.slack.response_url("elsewhere")
    talk.post(command(DUDLEY, channel="C0OTHER", response_url=url))

    client = talk.client()
    assert talk.thread(client)[0] == "D0KIM"
    assert talk.told(client)[-1].text.startswith("Roadmap for")
    assert "not in this channel" in talk.slack.responses[0]["text"]
    assert not talk.slack.said("C0OTHER")


def test_a_client_without_a_name_is_called_by_its_trade_and_its_place(talk: Talking) -> None:
    talk.post(command("bakery in Leicester with 6 staff wants funding"))
    talk.post(command("new client: wants a grant"))

    names = {each.name for each in talk.advice.clients.list(talk.team.id)}
    assert "Client of 22 November 2026" in names
    assert any(name.endswith(", Leicester") for name in names)


def test_talk_of_others_in_threads_that_are_no_clients_is_left_alone(talk: Talking) -> None:
    root = talk.slack.write("C0TEAM", "who is in on Friday?", "U0KIM")
    talk.post(message("I am, 14 people in Dudley", thread=root.ts))

    assert talk.rasa.sent == []
    assert talk.slack.said() == []
    assert talk.advice.clients.list(talk.team.id) == []


def test_somebody_who_is_no_broker_is_told_whom_to_ask_once_in_each_thread(talk: Talking) -> None:
    talk.post(command(DUDLEY))
    channel, thread = talk.thread(talk.client())
    said = len(talk.slack.said())

    for text in ("what is this?", "hello?"):
        talk.post(message(text, user="U0SAM", channel=channel, thread=thread))
    talk.post(command("a grant", user="U0SAM"))

    refused = [each for each in talk.slack.ephemerals if each["user"] == "U0SAM"]
    assert [each["thread_ts"] for each in refused] == [thread, None]
    assert all("U0SAM" in each["text"] for each in refused)
    assert len(talk.slack.said()) == said
    assert len(talk.rasa.sent) == 1


def test_help_and_nothing_at_all_say_what_can_be_done(talk: Talking) -> None:
    talk.post(command("help"))
    talk.post(command(""))
    asked = talk.slack.write("C0TEAM", "", "U0KIM")
    talk.post(mention("", ts=asked.ts))

    assert ["/fingerpost" in each["text"] for each in talk.slack.ephemerals] == [True, True]
    assert "/fingerpost" in talk.slack.said("C0TEAM", asked.ts)[0].text
    assert talk.rasa.sent == []


def test_nothing_is_lost_while_rasa_wakes(talk: Talking) -> None:
    talk.rasa.failing = 1
    talk.post(command(DUDLEY))

    client = talk.client()
    assert [each.text.partition(":")[0] for each in talk.told(client)][-1].startswith("Roadmap for")
    assert len(talk.rasa.sent) == 1
    assert len(talk.slack.said("C0TEAM")) == 1 + len(talk.told(client))


def test_what_was_said_is_noted_by_ids_alone(talk: Talking) -> None:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))

    client = talk.client()
    deed = Audit(talk.database).list(1)[0]
    assert (deed.by, deed.what, deed.about, deed.detail) == (talk.kim.id, "client_message", client.id, {})


def test_two_hundred_messages_cost_the_database_no_more_each_than_the_first_ones(talk: Talking) -> None:
    talk.post(command(DUDLEY))
    client = talk.client()
    channel, thread = talk.thread(client)
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    def costs(number: int) -> int:
        asked.clear()
        talk.post(message(f"{20 + number % 2} people", channel=channel, thread=thread))
        return len([each for each in asked if "slack_" not in each])

    event.listen(Engine, "before_cursor_execute", note)
    early = [costs(number) for number in range(5)][1:]
    with talk.database.writing() as transaction:
        for number in range(400):
            transaction.add(
                SlackOutboxRow(
                    key=f"said:{number}",
                    channel=channel,
                    lane="x",
                    about=client.id,
                    thread_ts=thread,
                    payload=None,
                    ts=f"{number}.1",
                    state="done",
                    at=talk.clock(),
                    due_at=talk.clock(),
                    tries=1,
                    why="",
                )
            )
    late = [costs(number) for number in range(4)]
    event.remove(Engine, "before_cursor_execute", note)

    assert len(posts(talk.database)) > 400
    assert max(late) <= max(early)
