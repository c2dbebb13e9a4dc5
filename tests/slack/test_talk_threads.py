"""A thread is a client: begun by a command, a mention or a message, and gone on with in that thread."""

from __future__ import annotations

from tests.slack.signing import command
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
    assert client.roadmap
    assert roadmap.text.startswith("Roadmap for Example Metalworks Ltd")
    assert f"/roadmap/{client.roadmap}" in roadmap.text
    assert talk.rasa.sent[0]["message"] == DUDLEY
    assert talk.rasa.sent[0]["metadata"]["role"] == "broker"
