"""Clients and referrals as a broker sees them in Slack."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import verbs
from bot.slack.blocks.clients import client_menu, clients
from bot.slack.blocks.helping import help_message, refusal
from bot.slack.blocks.referrals import escalation, referral_card, reminder, thread_line
from knowledge_base.brokers.records import STATES, Line
from tests.core.full import examples
from tests.slack.block_kit_schema import elements, message_faults
from tests.slack.made_up import NOW, asks_for_a_person, client, hostile_words
from tests.web.example import small_factory


def faults(message):
    return message_faults(message.text, message.blocks)


def shown(message):
    return html.unescape(str(message.blocks))


def verbs_of(message):
    """What can be pressed, by button or by menu."""
    found = []
    for each in elements(message.blocks, "action_id"):
        values = [option["value"] for option in each.get("options", [])] or [each.get("value", "")]
        found += [verbs.pressed(each["action_id"], value) for value in values]
    return [each.verb for each in found]


@pytest.mark.parametrize("count", [1, 10, 11, 95])
def test_every_client_is_listed_once_ten_a_page(count):
    theirs = [replace(client(f"Example {number} Ltd"), id=f"C{number}") for number in range(count)]

    seen, page = [], 1
    while True:
        message = clients(theirs, page=page)
        seen += [
            verbs.pressed(each["action_id"], each["options"][0]["value"]).id
            for each in elements(message.blocks, "options")
        ]
        assert faults(message) == []
        if f"clients:{page + 1}" not in str(message.blocks):
            break
        page += 1

    assert seen == [each.id for each in theirs]
    assert page == -(-count // 10)


def test_who_has_no_clients_is_told_how_to_begin():
    assert "/fingerpost Example Metalworks Ltd" in clients([]).text
    assert "No client is found" in clients([], search="Nobody").text


def test_a_list_that_was_looked_for_is_turned_with_what_was_looked_for():
    theirs = [replace(client(), id=f"C{number}") for number in range(11)]
    message = clients(theirs, search="Example <&>")
    [onward] = [each for each in elements(message.blocks, "value") if each.get("action_id") == "clients:2"]

    assert verbs.pressed(onward["action_id"], onward["value"]) == verbs.Pressed("clients", "2", "Example <&>")


def test_forgetting_a_client_asks_first_and_says_what_goes():
    message = client_menu(client())
    [forget] = [each for each in elements(message.blocks, "action_id") if each["action_id"] == "forget"]

    assert forget["style"] == "danger"
    assert "This cannot be undone" in forget["confirm"]["text"]["text"]
    assert faults(message) == []


def test_the_note_stands_in_no_thread_that_others_read():
    message = client_menu(replace(client(), note="They owe us an answer"))

    assert "owe us" not in message.text + str(message.blocks)
    assert "note" in verbs_of(message)


def test_an_archived_client_can_be_taken_out_again_and_not_archived_twice():
    message = client_menu(replace(client(), archived=NOW))

    assert "unarchive" in verbs_of(message)
    assert "archive" not in verbs_of(message)


def test_nobody_sees_who_it_is_before_it_is_taken():
    new = referral_card(asks_for_a_person(), areas=["Dudley"], document=small_factory())

    assert "Ada" not in shown(new) + new.text
    assert "ada@example.org" not in shown(new) + new.text
    assert "Example growth grant" in shown(new)
    assert "apply by 31 January 2027" in new.text
    assert verbs_of(new) == ["take", "pass_on", "decline"]


def test_whoever_took_it_sees_the_name_and_how_to_reach_them():
    taken = referral_card(asks_for_a_person(state="taken", broker="b1"), holder="Bo Broker")

    assert "Ada Example" in shown(taken)
    assert "ada@example.org" in shown(taken)
    assert "Taken by Bo Broker" in shown(taken)
    assert verbs_of(taken) == ["answer", "contacted", "outcome", "pass_on", "hand_back"]


def test_who_wanted_only_a_code_is_shown_as_that():
    taken = referral_card(asks_for_a_person(state="taken", name="", contact=""))

    assert "will quote the code" in shown(taken)


@pytest.mark.parametrize("state", STATES)
def test_what_can_be_done_with_a_referral_follows_its_state(state):
    message = referral_card(asks_for_a_person(state=state))

    assert faults(message) == []
    assert bool(verbs_of(message)) is (state in ("new", "taken", "in_contact"))
    assert ("take" in verbs_of(message)) is (state == "new")


def test_a_thread_that_reaches_the_owner_says_so_while_it_does():
    live = referral_card(asks_for_a_person(state="taken", live=True))

    assert "what you write in this thread goes to the owner" in shown(live)
    assert "goes to the owner" not in shown(referral_card(asks_for_a_person(state="helped", live=True)))


def test_an_owners_line_is_quoted_under_who_wrote_it():
    message = thread_line(Line(1, "FP", "owner", "", "Hello <b>\nAre you there?", NOW), "Ada Example")

    assert message.blocks[0]["text"]["text"] == "*Ada Example:*\n&gt; Hello &lt;b&gt;\n&gt; Are you there?"
    assert html.unescape(message.text) == "Ada Example: Hello <b>\nAre you there?"


def test_a_long_line_is_whole_in_the_plain_text():
    words = "word, " * 1500
    message = thread_line(Line(1, "FP", "owner", "", words, NOW), "Ada")

    assert message.text.count("word") == 1500
    assert faults(message) == []


def test_nothing_of_a_line_is_lost_where_it_is_broken():
    words = " ".join(f"word{number}," for number in range(400))
    message = thread_line(Line(1, "FP", "owner", "", words, NOW), "Ada")
    said = " ".join(block["text"]["text"] for block in message.blocks)

    assert all(f"word{number}" in said for number in range(400))


def test_reminders_and_the_lead_are_told_how_long_somebody_has_waited():
    assert "waited a day" in reminder(asks_for_a_person(), 1).text
    assert "waited 3 days" in reminder(asks_for_a_person(), 3).text
    assert "5 days ago" in escalation(asks_for_a_person(), 5, "Dudley advisers").text
    assert "no team we could find" in escalation(asks_for_a_person(), 5).text


def test_who_is_no_broker_is_told_whom_to_ask_and_their_own_member_id():
    message = refusal("U012AB3CD", "help@example.org")

    assert "help@example.org" in message.text
    assert "U012AB3CD" in message.text
    assert faults(message) == []


def test_the_help_names_every_command():
    message = help_message()

    assert all(words in message.text for words in ("/fingerpost", "clients", "referrals", "help"))
    assert faults(message) == []


@settings(deadline=None, max_examples=examples(200, 40))
@given(
    name=hostile_words,
    words=hostile_words,
    side=st.sampled_from(["owner", "broker", "us"]),
    state=st.sampled_from(STATES),
)
def test_hostile_words_of_people_are_shown_as_words(name, words, side, state):
    owner = replace(client(name), note=words)
    referral = asks_for_a_person(name=name, contact=words, words=words, recap=(name, words) * 9, state=state)
    made = [
        clients([owner] * 12, search=words, holder=lambda _: name),
        clients([owner] * 12, page=2, search=words),
        client_menu(owner),
        referral_card(referral, areas=[name], holder=name, why=words, note=words, url=words),
        thread_line(Line(1, "FP", side, "", words, NOW), name),
        reminder(referral, 2),
        escalation(referral, 5, name, words),
        refusal(name, words),
    ]

    assert [faults(each) for each in made] == [[] for _ in made]
