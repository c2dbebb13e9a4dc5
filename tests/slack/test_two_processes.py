"""Two gateways on one database answer each thing once, whichever of them hears of it, and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from knowledge_base.store.database import Database
from tests.slack.gateway import post
from tests.slack.kept import posts, work
from tests.slack.processes import gateways
from tests.slack.signing import mention, message, press
from tests.slack.stand_in import BOT_USER, StandIn
from tests.store.conftest import address, database  # noqa: F401  (SQLite and PostgreSQL)


def test_what_both_hear_at_once_is_answered_once(slack: StandIn, database: Database, address: str):  # noqa: F811
    asked = [slack.write("C0TEAM", f"bakery {n}", "U0KIM") for n in range(15)]
    requests = [mention(each.text, ts=each.ts) for each in asked]
    twins = [message(f"<@{BOT_USER}> {each.text}", ts=each.ts, thread=asked[0].ts) for each in asked[1:]]

    with gateways(slack, address, {}, {}) as both:
        with ThreadPoolExecutor(8) as many:
            told = [
                many.submit(post, process.url, request, headers={"x-slack-retry-num": str(retry)})
                for request in (*requests, *twins)
                for retry, process in enumerate((*both, *both))
            ]
            codes = {each.result().status_code for each in told}
        slack.wait_for(lambda: len(slack.said()) >= len(asked), 40)
        slack.wait_for(lambda: {state for state, _ in posts(database).values()} == {"done"}, 20)

    assert codes == {200}
    assert sorted(each.text for each in slack.said()) == sorted(f"Heard: {each.text}" for each in asked)
    assert set(work(database).values()) == {"done"}


def test_a_thread_is_answered_in_order_though_both_work_on_it(
    slack: StandIn,
    database: Database,  # noqa: F811
    address: str,  # noqa: F811
):
    root = slack.write("C0TEAM", "roadmap", BOT_USER)
    said = [f"line {n}" for n in range(10)]

    with gateways(slack, address, {"handle_seconds": 0.05}, {"handle_seconds": 0.01}) as both:
        for number, words in enumerate(said):
            reply = slack.write("C0TEAM", words, "U0KIM", root.ts)
            post(both[number % 2].url, message(words, ts=reply.ts, thread=root.ts))
        slack.wait_for(lambda: len(slack.said("C0TEAM", root.ts)) >= len(said), 40)

    assert [each.text for each in slack.said("C0TEAM", root.ts)] == [f"Heard: {words}" for words in said]


def test_a_button_pressed_into_both_is_pressed_once(slack: StandIn, database: Database, address: str):  # noqa: F811
    card = slack.write("C0TEAM", "referral", BOT_USER)
    request = press("take", "FP-1234", ts=card.ts)

    with gateways(slack, address, {}, {}) as both:
        with ThreadPoolExecutor(6) as many:
            codes = {
                each.status_code for each in many.map(lambda n: post(both[n % 2].url, request), range(12))
            }
        slack.wait_for(lambda: slack.said("C0TEAM", card.ts))
        slack.wait_for(lambda: set(work(database).values()) == {"done"})

    assert codes == {200}
    assert len(slack.said("C0TEAM", card.ts)) == 1
