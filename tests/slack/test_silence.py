"""An owner whom nobody answers: the broker is called in the thread, and told when the bot answers again."""

from __future__ import annotations

from datetime import timedelta

from bot.web.people import People


def test_a_broker_who_falls_silent_is_called_and_the_thread_says_when_the_bot_answers_again(house):
    team = house.team()
    kim = house.broker(team, "U1", "Kim Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U1")
    house.becomes(code, "taken")
    house.writes("Hello, Kim here.", "U1", card)
    house.becomes(code, "in_contact")
    people = People(house.advice)
    people.hear("owner-session", "When can you come?", "m-1", None, house.now())
    house.quiet()

    def thread() -> list[str]:
        return [each.text for each in house.slack.said("C0TEAM") if each.thread_ts == card.ts]

    before = thread()
    house.ahead += timedelta(hours=25)
    house.quiet()
    [called] = [each for each in thread() if each not in before]
    house.ahead += timedelta(days=2)
    house.quiet()
    [told] = [each for each in thread() if each not in before and each != called]

    assert "The owner: When can you come?" in before
    assert called.startswith(f"<@{kim.slack_user}>")
    assert "more than a day ago, and nobody has answered" in called
    assert told.startswith("Nobody has answered the owner here for 3 days")
    assert people.hear("owner-session", "And now?", "m-2", None, house.now()) is None
