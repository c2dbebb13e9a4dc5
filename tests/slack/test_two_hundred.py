"""A client's thread of two hundred messages, as Slack may deliver them: each is answered once, in order."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import pytest

from bot.slack import delivery, verbs
from tests.slack.kept import posts, work
from tests.slack.signing import command, mention, message, press, signed
from tests.slack.talking import DUDLEY, Talking
from tests.slack.workspace import BOT_USER

MESSAGES = 200
AT_ONCE = 4  # Slack delivers as many beside each other, in any order
EVERY = 10  # messages, after which a button is pressed
SHARED = "What the client may see"


def told(number: int) -> str:
    """What Kim writes: now and then how many people there are, which plans anew, else no fact."""
    return f"{20 + number} people" if number % AT_ONCE == 0 else f"they ask about item {number}"


class Broker:
    """Kim, whose words come to the door as Slack sends them."""

    def __init__(self, talk: Talking, channel: str, thread: str) -> None:
        self.talk, self.channel, self.thread = talk, channel, thread
        self.chance = Random("a long thread")
        self.http = httpx.Client(timeout=30)
        self.came: list[str] = []
        self.codes: set[int] = set()
        self.to_come_again: list[tuple[str, str]] = []

    def writes(self, texts: list[str]) -> None:
        """Write some messages at once: they come in any order, some twice, and one as a mention too."""
        requests = []
        for text in texts:
            ts = self.talk.slack.write(self.channel, text, "U0KIM", self.thread).ts
            requests.append((text, message(text, channel=self.channel, thread=self.thread, ts=ts)))
            if self.chance.random() < 0.1:
                named = message(f"<@{BOT_USER}> {text}", channel=self.channel, thread=self.thread, ts=ts)
                requests[-1] = (text, named)
                requests.append((text, mention(text, channel=self.channel, thread=self.thread, ts=ts)))
        self.chance.shuffle(requests)
        for text, request in requests:
            self.sends(request)
            self.came += [text] if text not in self.came else []
            if self.chance.random() < 0.15:
                self.sends(request, retry=1)
            elif self.chance.random() < 0.15:
                self.to_come_again.append(request)
        if self.to_come_again and self.chance.random() < 0.5:
            self.sends(self.to_come_again.pop(0), retry=2)

    def presses(self, client: str) -> None:
        """Press a button in the thread; Slack's network may deliver that twice as well."""
        ts = self.talk.slack.said(self.channel, self.thread)[0].ts
        request = press(verbs.SHARE, client, channel=self.channel, thread=self.thread, ts=ts)
        self.sends(request)
        self.sends(request, retry=1)
        self.came.append(SHARED)

    def sends(self, request: tuple[str, str], retry: int = 0) -> None:
        body, content_type = request
        again = {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_timeout"} if retry else {}
        headers = {**signed(body, content_type), **again}
        self.codes.add(self.http.post(self.talk.url, content=body.encode(), headers=headers).status_code)


def test_each_of_two_hundred_messages_is_answered_once_in_its_thread_in_order(
    talk: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "UNCERTAIN_SECONDS", 0.2)
    planned = talk.rasa.answer

    def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
        words = body["message"]
        return [{"text": f"Heard: {words}"}] if words.startswith("they ask") else planned(body)

    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    talk.post(command("Example Bakery: bakery in Leicester with 6 staff wants funding"))
    metalworks, bakery = talk.client("Metalworks"), talk.client("Bakery")
    others = (bakery, [(each.ts, each.text, each.edited) for each in talk.told(bakery)])
    begun, heard = len(talk.told(metalworks)), len(talk.rasa.sent)
    broker = Broker(talk, *talk.thread(metalworks))
    monkeypatch.setattr(talk.rasa, "answer", answer)

    for first in range(0, MESSAGES, AT_ONCE):
        if first == MESSAGES // 2:  # one arrives though Slack never says so
            talk.slack.trouble("chat.postMessage", drop=True, stored=True)
        broker.writes([told(number) for number in range(first, first + AT_ONCE)])
        if first % EVERY < AT_ONCE:
            broker.presses(metalworks.id)
    for request in broker.to_come_again:
        broker.sends(request, retry=3)
    talk.quiet(120)

    said = talk.told(metalworks)[begun:]
    answers = [each.text.removeprefix("Heard: ") for each in said if each.text.startswith("Heard: ")]
    mixed = [
        SHARED if each.text.startswith(SHARED) else each.text.removeprefix("Heard: ")
        for each in said
        if each.text.startswith(("Heard: ", SHARED))
    ]
    assert broker.codes == {200}
    assert sorted(answers) == sorted(told(number) for number in range(MESSAGES))
    assert mixed == broker.came
    assert len(talk.rasa.sent) - heard == MESSAGES
    assert len({each.key for each in said}) == len(said)
    people = [each.partition(" ")[0] for each in answers if each.endswith(" people")]
    assert talk.client_now(metalworks).profile["employees"] == int(people[-1])
    assert sum(each.text.startswith("Roadmap for") for each in said) == len(people)
    assert set(work(talk.database).values()) == {"done"}
    assert {state for state, _ in posts(talk.database).values()} == {"done"}
    assert (talk.client_now(bakery), [(e.ts, e.text, e.edited) for e in talk.told(bakery)]) == others
