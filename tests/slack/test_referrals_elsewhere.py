"""A referral goes elsewhere: what its owner hears, and what those read who get it, or decide who does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.web.people import People
from knowledge_base.store import referral_trail as trail
from tests.slack.block_kit_schema import message_faults
from tests.slack.held import direct, written
from tests.slack.referral_house import ReferralHouse, choice, text

# A chat that ends because the referral goes elsewhere.


@pytest.fixture
def talking(house: ReferralHouse, held: Any) -> SimpleNamespace:
    """Kim talks with the owner, whose last line waits; there is another team."""
    house.slack.channel("C0FAR")
    far = house.team("Example far team", "C0FAR", areas=["west-midlands"], position=9)
    fay = house.broker(far, "U0FAR", "Fay Example")
    written(house, held, "Good morning, I am Kim")
    hear(house, "My lease ends. When can you come?")
    return SimpleNamespace(**vars(held), far=far, fay=fay)


def hear(house: ReferralHouse, words: str) -> Any:
    """Write as the owner; None: the bot answers."""
    said = People(house.advice).hear("owner-session", words, words, None, house.now())
    house.quiet()
    return said


def ours(house: ReferralHouse) -> list[str]:
    """What the owner's page shows of us."""
    news = People(house.advice).news("owner-session", 0, house.now())
    return [line["text"] for line in news["lines"] if line["who"] == "Fingerpost"]


def test_an_owner_hears_that_their_chat_was_passed_on_and_the_next_team_reads_what_waits(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()

    told = [words for words in ours(house) if "passed your request" in words]
    assert told == [
        f"Your adviser here has passed your request ({talking.code}) on, and Fingerpost answers here again. "
        "You are told who takes it. What you wrote last goes to them."
    ]
    assert [m.text for m in house.slack.said("C0FAR", there.ts) if m.text.startswith("The owner:")] == [
        "The owner: My lease ends. When can you come?"
    ]
    assert hear(house, "Hello?") is None


def test_an_owner_whose_adviser_declines_in_the_middle_hears_so_and_who_takes_it_reads_what_waits(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("decline", talking.code, "U0KIM", text("why", "We are full"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()
    house.done_again()

    assert sum("passed your request" in words for words in ours(house)) == 1
    assert sum("My lease ends" in m.text for m in house.slack.said("C0FAR", there.ts)) == 1


def test_what_was_answered_is_not_shown_to_the_next_team(house: ReferralHouse, talking: Any) -> None:
    written(house, talking, "Tomorrow at ten")
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()

    assert not any("My lease ends" in m.text for m in house.slack.said("C0FAR", there.ts))
    [told] = [words for words in ours(house) if "passed your request" in words]
    assert "What you wrote last" not in told


def test_a_chat_that_goes_on_with_a_colleague_is_not_said_to_have_ended(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"broker:{talking.ben.id}"), ts=talking.card.ts)
    house.quiet()

    assert not any("passed your request" in words for words in ours(house))
    shown = [m.text for m in house.slack.said("C0TEAM", talking.card.ts) if "My lease ends" in m.text]
    assert len(shown) == 1
    assert hear(house, "Hello?") is not None


def test_who_never_wrote_to_the_owner_passes_on_without_a_word_to_them(
    house: ReferralHouse, held: Any
) -> None:
    house.form("decline", held.code, "U0KIM", text("why", "We are full"), ts=held.card.ts)
    house.quiet()

    assert not any("passed your request" in words for words in ours(house))


# What a lead and the next team are told of those who had it.


def test_a_lead_reads_who_declined_and_why_and_not_that_they_have_it(house: ReferralHouse) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.broker(house.team(lead_slack="U0LEAD"), "U0KIM", "Kim Example")
    code = house.asks()

    house.form("decline", code, "U0KIM", text("why", "Full until <January> & *busy*"), ts=house.card(code).ts)
    house.quiet()

    [lead] = direct(house, code)
    assert "It is with" not in lead.text
    assert lead.text.startswith(
        "A business asked for a person about money for your plans today, and has had no"
    )
    assert "The team Example near team declined it: “Full until &lt;January&gt; &amp; *busy*”." in lead.text
    assert message_faults(lead.text, lead.blocks) == []
    assert "<January>" not in str(lead.blocks)


def test_a_lead_reads_who_did_not_answer_in_time(house: ReferralHouse) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.team(lead_slack="U0LEAD", lead_after_days=2)
    code = house.asks()
    house.later(days=2, minutes=1)
    house.quiet()
    house.later(days=3, minutes=1)
    house.quiet()

    first, again = direct(house, code)
    assert "2 days ago, and has had no answer. The team Example near team had it and did not" in first.text
    assert "5 days ago, and has had no answer. The team Example near team had it and did not" in again.text


def test_a_lead_reads_that_the_team_was_shut_out_and_not_that_it_was_late(
    house: ReferralHouse, held: Any
) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.slack.channel("C0FAR")
    house.team("Example far team", "C0FAR", areas=["cardiff"], lead_slack="U0LEAD")
    house.advice.teams.change(held.team.id, active=False, now=house.now())
    house.quiet()

    [lead] = direct(house, "nobody") or direct(house, "has had no answer")
    assert "The team Example near team had it last. Whoever had it is no longer there." in lead.text
    assert "in time" not in lead.text


def test_a_lead_reads_that_it_was_handed_to_them_by_hand(house: ReferralHouse) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.team(lead_slack="U0LEAD")
    code = house.asks()
    house.advice.referrals.to_lead(code, "by hand", house.now(), by="cleo@hub.example.org")
    house.quiet()

    [lead] = direct(house, "has had no answer")
    assert "The team Example near team had it last, and it was given to you by hand." in lead.text
    assert "in time" not in lead.text


def test_a_lead_does_not_read_that_who_was_answered_was_not(house: ReferralHouse, held: Any) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.advice.teams.change(held.team.id, lead_slack="U0LEAD", now=house.now())
    written(house, held, "Good morning, I am Kim")
    house.form("decline", held.code, "U0KIM", text("why", "Not ours"), ts=held.card.ts)
    house.quiet()

    [lead] = direct(house, "declined it: “Not ours”")
    assert "and nobody has it now" in lead.text
    assert "no answer" not in lead.text


def test_a_card_that_was_passed_on_does_not_say_why_the_first_team_had_it(
    house: ReferralHouse, talking: Any
) -> None:
    why = next(e.detail for e in house.advice.referrals.trail(talking.code) if e.what == trail.ASSIGNED)
    before = house.card(talking.code).text
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")

    assert why
    assert why in before
    assert why not in there.text + str(there.blocks)
