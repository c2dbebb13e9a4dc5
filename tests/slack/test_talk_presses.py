"""Every verb does what it says, once, for a client of the broker's own team, and never through Rasa."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import verbs, worker
from bot.slack.talk.planning import Planning
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.store.audit import Audit
from tests.slack.signing import command, message, press
from tests.slack.talking import DUDLEY, NOW, Talking


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    talk.rasa.sent.clear()
    return talk.client()


def pressing(talk: Talking, client: Client, verb: str, about: str = "", **more: Any) -> list[str]:
    """Press a button of a client's roadmap; return what is said in the thread then."""
    channel, thread = talk.thread(client)
    before = len(talk.told(client))
    ts = talk.told(client)[-1].ts
    talk.post(press(verbs.action_id(verb, about), client.id, channel=channel, ts=ts, thread=thread, **more))
    return [each.text for each in talk.told(client)[before:]]


def a_step(talk: Talking, client: Client, reserve: bool = False) -> dict[str, Any]:
    return next(step for step in steps_of(talk.document(client)) if step.get("reserve") or not reserve)


def test_why_answers_with_each_condition_of_an_offer(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks)

    said = pressing(talk, metalworks, verbs.WHY, step["offer"])

    assert len(said) == 1
    assert said[0].startswith(f"{step['name']}: step ")
    assert talk.rasa.sent == []


def test_a_step_menu_is_read_by_its_chosen_option(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks)
    chosen = {"type": "overflow", "selected_option": {"value": f"{verbs.WHY}:{metalworks.id}"}}
    channel, thread = talk.thread(metalworks)
    before = len(talk.told(metalworks))

    request = press(f"step:{step['offer']}", None, channel=channel, thread=thread, action=chosen)
    talk.post(request)

    assert step["name"] in talk.told(metalworks)[before].text


def test_the_card_of_an_offer_shows_all_of_its_record(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks)

    (said,) = pressing(talk, metalworks, verbs.CARD, step["offer"])

    assert said.startswith(f"{step['name']}: ")
    assert "Source: " in said


def test_swapping_a_step_says_what_came_instead(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks, reserve=True)
    before = {each["offer"] for each in steps_of(talk.document(metalworks))}

    changed, roadmap, instead = pressing(talk, metalworks, verbs.SWAP, step["offer"])

    after = talk.document(metalworks)
    came = [each["name"] for each in steps_of(after) if each["offer"] not in before]
    assert after["skipped"] == [step["offer"]]
    assert changed.startswith("What changed for Example Metalworks Ltd")
    assert roadmap.startswith("Roadmap for Example Metalworks Ltd")
    assert step["name"] in instead
    assert came
    assert all(name in instead for name in came)


@pytest.mark.parametrize(
    ("verb", "key"), [(verbs.DONE, "done_steps"), (verbs.TURNED_DOWN, "turned_down"), (verbs.SKIP, "skipped")]
)
def test_what_happened_to_a_step_is_kept_and_planned_for(
    talk: Talking, metalworks: Client, verb: str, key: str
) -> None:
    step = a_step(talk, metalworks)

    changed, roadmap = pressing(talk, metalworks, verb, step["offer"])

    document = talk.document(metalworks)
    assert step["offer"] in str(document[key])
    assert step["offer"] not in {each["offer"] for each in steps_of(document)}
    assert "and why" in changed
    assert "Roadmap for" in roadmap
    assert talk.client_now(metalworks).profile == document["profile"]


def test_no_loans_is_kept_in_the_clients_record(talk: Talking, metalworks: Client) -> None:
    pressing(talk, metalworks, verbs.NO_LOANS)

    now = talk.client_now(metalworks)
    assert now.profile["refuses"] == ["loan"]
    assert now.roadmap == metalworks.roadmap
    assert "loan" not in [step["kind"] for step in steps_of(talk.document(metalworks))]


@pytest.mark.parametrize("verb", [verbs.CHEAPER, verbs.SOONER])
def test_a_wish_for_cheaper_or_sooner_is_planned_for(talk: Talking, metalworks: Client, verb: str) -> None:
    said = pressing(talk, metalworks, verb)

    saved = talk.advice.roadmaps.get(str(metalworks.roadmap), talk.clock())
    assert saved
    assert saved.asked.prefer == verb
    assert said[0].startswith("What changed for")


def test_a_button_pressed_twice_does_one_thing(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks)
    first = pressing(talk, metalworks, verbs.SKIP, step["offer"], trigger="7.press")
    again = pressing(talk, metalworks, verbs.SKIP, step["offer"], trigger="7.press")
    anew = pressing(talk, metalworks, verbs.SKIP, step["offer"], trigger="8.press")

    assert len(first) == 2
    assert again == []
    assert anew == [anew[0]]
    assert "Nothing has changed" in anew[0]
    assert talk.document(metalworks)["skipped"] == [step["offer"]]


class _Cut(Exception):
    """What a kill is to whoever reads the code: nothing after it happens."""


@pytest.mark.parametrize("last", ["changes", "roadmap", "nothing"])
def test_a_press_cut_off_after_planning_tells_the_change_once_when_it_is_done_again(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr(worker, "wait_before", lambda tries, most: 0.02)
    step, put, cuts = a_step(talk, metalworks), talk.door.outbox.put, iter([True])

    def cut_off(key: str, channel: str, **what: Any) -> bool:
        if last == "nothing" and key.endswith(":changes") and next(cuts, False):
            raise _Cut
        done = put(key, channel, **what)
        if key.endswith(f":{last}") and next(cuts, False):
            raise _Cut
        return done

    monkeypatch.setattr(talk.door.outbox, "put", cut_off)

    said = pressing(talk, metalworks, verbs.SKIP, step["offer"])

    assert next(cuts, False) is False
    assert [each.partition(" for ")[0] for each in said] == ["What changed", "Roadmap"]
    assert step["name"] in said[0]
    assert "Nothing has changed" not in said[0]
    assert talk.advice.news.untold(str(metalworks.roadmap)) == []
    assert talk.document(metalworks)["skipped"] == [step["offer"]]


def test_words_cut_off_after_planning_still_show_the_roadmap_when_they_are_heard_again(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "wait_before", lambda tries, most: 0.02)
    note, cuts = Planning.note, iter([True])

    def cut_off(self: Planning, *what: Any) -> Client:
        if next(cuts, False):
            raise _Cut
        return note(self, *what)

    monkeypatch.setattr(Planning, "note", cut_off)
    channel, thread = talk.thread(metalworks)
    before = len(talk.told(metalworks))

    talk.post(message("they want to export too", channel=channel, thread=thread))

    said = [each.text for each in talk.told(metalworks)[before:]]
    assert next(cuts, False) is False
    assert sum(each.startswith("Roadmap for") for each in said) == 1
    assert "export_markets" in talk.client_now(metalworks).needs


def test_comparing_puts_the_steps_of_one_need_side_by_side(talk: Talking, metalworks: Client) -> None:
    (said,) = pressing(talk, metalworks, verbs.COMPARE)

    names = [step["name"] for step in steps_of(talk.document(metalworks))]
    assert "offers compared" in said
    assert sum(name in said for name in names) >= 2


def test_what_nearly_fits_is_listed_and_its_pages_are_turned_in_place(
    talk: Talking, metalworks: Client
) -> None:
    (said,) = pressing(talk, metalworks, verbs.NEARLY)
    shown = talk.told(metalworks)[-1]

    more = pressing(talk, metalworks, verbs.NEARLY, "2")

    assert "nearly fits" in said
    assert more == []
    assert shown.edited == 1


def test_another_page_of_a_roadmap_takes_the_place_of_the_first(talk: Talking, metalworks: Client) -> None:
    shown = talk.told(metalworks)[-1]

    assert pressing(talk, metalworks, verbs.PAGE, "2") == []
    assert pressing(talk, metalworks, verbs.PAGE, "nine") == []
    assert shown.edited == 2


def test_sharing_gives_the_page_the_document_and_the_calendar(talk: Talking, metalworks: Client) -> None:
    (said,) = pressing(talk, metalworks, verbs.SHARE)

    url = f"http://hub.example.org/roadmap/{metalworks.roadmap}"
    assert f"{url}\n" in said
    assert f"{url}.pdf" in said
    assert f"{url}.ics" in said


def test_a_picture_of_the_steps_is_uploaded_with_its_words(talk: Talking, metalworks: Client) -> None:
    pressing(talk, metalworks, verbs.PICTURE)

    timeline = next(file for file in talk.slack.files if file["name"].startswith("timeline"))
    names = [step["name"] for step in steps_of(talk.document(metalworks))]
    assert timeline["data"].startswith(b"\x89PNG")
    assert all(name[:20] in timeline["alt_txt"] for name in names)


def test_what_only_advisers_can_use_is_beside_the_roadmap_and_never_in_it(
    talk: Talking, metalworks: Client
) -> None:
    cards = talk.advice.for_advisers(
        ["understand_innovation"], talk_profile(metalworks), on=talk.clock().date()
    )
    talk.advice.clients.keep(
        metalworks.id,
        needs=["understand_innovation"],
        profile=metalworks.profile,
        roadmap=None,
        version=metalworks.version,
        now=talk.clock(),
    )

    channel, thread = talk.thread(metalworks)
    talk.post(press(verbs.OPEN, metalworks.id, channel=channel, thread=thread))

    document = talk.document(metalworks)
    assert cards
    assert cards[0].name in talk.told(metalworks)[-1].text
    assert cards[0].id not in str(document)


def talk_profile(client: Client) -> Any:
    from knowledge_base.profile import parse_profile

    return parse_profile(client.profile)


def test_every_press_is_noted_with_ids_alone(talk: Talking, metalworks: Client) -> None:
    step = a_step(talk, metalworks)
    for verb, about in ((verbs.WHY, step["offer"]), (verbs.SHARE, ""), (verbs.NO_LOANS, "")):
        pressing(talk, metalworks, verb, about)

    deeds = Audit(talk.database).list(3, metalworks.id)
    assert [(each.by, each.what, each.detail) for each in deeds] == [
        (talk.kim.id, f"client_{verb}", {}) for verb in (verbs.NO_LOANS, verbs.SHARE, verbs.WHY)
    ]


def test_a_press_between_two_messages_is_known_to_what_is_said_next(
    talk: Talking, metalworks: Client
) -> None:
    pressing(talk, metalworks, verbs.NO_LOANS)
    channel, thread = talk.thread(metalworks)

    talk.post(message("25 people", channel=channel, thread=thread))

    assert talk.rasa.sent[0]["metadata"]["client"]["profile"]["refuses"] == ["loan"]
    assert talk.client_now(metalworks).profile["employees"] == 25
    assert talk.client_now(metalworks).profile["refuses"] == ["loan"]


def test_a_press_while_rasa_answers_is_not_written_over(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)

    def somebody_writes() -> None:
        talk.rasa.before_answering = lambda: None
        now = talk.client_now(metalworks)
        talk.advice.clients.keep(
            now.id,
            needs=now.needs,
            profile={**now.profile, "legal_form": "limited_company"},
            roadmap=now.roadmap,
            version=now.version,
            now=talk.clock(),
        )

    talk.rasa.before_answering = somebody_writes
    talk.post(message("25 people", channel=channel, thread=thread))

    profile = talk.client_now(metalworks).profile
    assert (profile["employees"], profile["legal_form"]) == (25, "limited_company")
    assert len(talk.rasa.sent) == 2


def test_a_client_forgotten_while_rasa_answers_is_forgotten_there_again(
    talk: Talking, metalworks: Client
) -> None:
    channel, thread = talk.thread(metalworks)

    def somebody_forgets() -> None:
        talk.rasa.before_answering = lambda: None
        talk.advice.clients.forget(metalworks.id, metalworks.team, talk.clock())
        # What Rasa planned meanwhile is kept by it after that.
        talk.advice.plan(
            ["finance"], talk_profile(metalworks), on=NOW.date(), now=NOW, session=metalworks.session
        )

    talk.rasa.before_answering = somebody_forgets
    talk.post(message("25 people", channel=channel, thread=thread))

    assert talk.forgotten == [metalworks.session]
    assert talk.advice.roadmaps.delete_for_session(metalworks.session) == 0
