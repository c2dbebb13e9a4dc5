"""The forms about a client: opened at once, refused field by field, and done once they are sent off."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.blocks.profile_form import VALUE
from knowledge_base.brokers.records import Client
from knowledge_base.store.audit import Audit
from tests.slack.signing import command, interaction, press, submission
from tests.slack.talking import DUDLEY, NOW, Talking


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def opened(talk: Talking, client: Client, verb: str, **more: Any) -> dict[str, Any]:
    """Press a button that opens a form; return the form as Slack has it."""
    channel, thread = talk.thread(client)
    talk.post(press(verb, client.id, channel=channel, thread=thread, **more))
    return talk.slack.views[-1]


def filled_in(view: dict[str, Any], **told: Any) -> dict[str, Any]:
    """What a form holds when it is sent off: as it was shown, but for the fields that are told."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        name = {
            "static_select": ("selected_option", "initial_option"),
            "multi_static_select": ("selected_options", "initial_options"),
            "multi_external_select": ("selected_options", "initial_options"),
            "datepicker": ("selected_date", "initial_date"),
        }.get(element["type"], ("value", "initial_value"))
        given = {name[0]: element.get(name[1])}
        if block["block_id"] in told:
            given[name[0]] = told[block["block_id"]]
        values[block["block_id"]] = {VALUE: given}
    return values


def send(talk: Talking, view: dict[str, Any], **told: Any) -> Any:
    """Send a form off; return what Slack is answered."""
    request = submission(
        view["callback_id"],
        filled_in(view, **told),
        view_id=view["id"],
        hash=view["hash"],
        metadata=view["private_metadata"],
    )
    answer = talk.post(request)
    return answer.json() if answer.content else None


def test_the_form_of_facts_is_filled_with_what_is_known(talk: Talking, metalworks: Client) -> None:
    view = opened(talk, metalworks, verbs.EDIT)

    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert fields["employees"]["initial_value"] == "14"
    assert fields["sector"]["initial_option"]["value"] == "manufacturing"


def test_changed_facts_are_planned_for_and_what_changed_is_said(talk: Talking, metalworks: Client) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    before = len(talk.told(metalworks))

    assert send(talk, view, employees="40", turnover="£1m to £2m") is None

    now = talk.client_now(metalworks)
    changed, roadmap = [each.text for each in talk.told(metalworks)[before:]]
    assert now.profile["employees"] == 40
    assert now.profile["turnover"] == {"from": 1000000, "to": 2000000, "currency": "GBP"}
    assert now.profile == talk.document(metalworks)["profile"]
    assert now.roadmap == metalworks.roadmap
    assert changed.startswith("What changed")
    assert "40" in roadmap


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_kept(
    talk: Talking, metalworks: Client
) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    before = len(talk.told(metalworks))

    answer = send(talk, view, employees="a good many", turnover="12 groats")

    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"employees", "turnover"}
    assert talk.client_now(metalworks) == metalworks
    assert len(talk.told(metalworks)) == before


def test_a_fact_taken_out_and_one_kept_back_are_both_gone(talk: Talking, metalworks: Client) -> None:
    view = opened(talk, metalworks, verbs.EDIT)

    send(talk, view, employees=None, refused=[{"value": "turnover"}])

    now = talk.client_now(metalworks)
    assert "employees" not in now.profile
    assert now.profile["refused"] == ["turnover"]
    assert now.profile == talk.document(metalworks)["profile"]


def test_fields_that_are_missing_from_what_is_sent_leave_their_facts_as_they_were(
    talk: Talking, metalworks: Client
) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    values = {"employees": {VALUE: {"value": "20"}}, "place": "no field", "sector": {VALUE: None}}

    talk.post(submission(verbs.EDIT, values, view_id=view["id"], metadata=view["private_metadata"]))
    talk.post(submission(verbs.EDIT, {}, view_id="V-empty", metadata=view["private_metadata"]))

    now = talk.client_now(metalworks)
    assert now.profile["employees"] == 20
    assert now.needs == metalworks.needs


def test_other_needs_make_another_roadmap_and_more_needs_go_on_with_it(
    talk: Talking, metalworks: Client
) -> None:
    more = [{"value": need} for need in (*metalworks.needs, "export_markets")]
    send(talk, opened(talk, metalworks, verbs.NEEDS), needs=more)
    went_on = talk.client_now(metalworks)
    send(talk, opened(talk, metalworks, verbs.NEEDS), needs=[{"value": "sustainability"}])
    anew = talk.client_now(metalworks)

    assert went_on.roadmap == metalworks.roadmap
    assert went_on.needs == (*metalworks.needs, "export_markets")
    assert anew.needs == ("sustainability",)
    assert anew.roadmap != metalworks.roadmap
    assert talk.document(metalworks)["needs"] == ["sustainability"]


def test_a_note_and_a_name_are_kept_for_the_team(talk: Talking, metalworks: Client) -> None:
    send(talk, opened(talk, metalworks, verbs.NOTE), note="Ring on Mondays <!channel>")
    send(talk, opened(talk, metalworks, verbs.RENAME), name="Example Forge Ltd")

    now = talk.client_now(metalworks)
    assert (now.name, now.note) == ("Example Forge Ltd", "Ring on Mondays <!channel>")
    assert not [each for each in talk.slack.said() if "<!channel>" in each.text + str(each.blocks)]


def test_a_colleague_takes_a_client_over_and_is_told(talk: Talking, metalworks: Client) -> None:
    talk.slack.person("U0ANN", "Ann Example")
    ann = talk.broker(talk.team, "Ann Example", "U0ANN")
    view = opened(talk, metalworks, verbs.HAND_OVER)

    send(talk, view, to={"value": ann.id})

    assert talk.client_now(metalworks).broker == ann.id
    assert "Kim Example handed Example Metalworks Ltd over" in talk.slack.said("D0ANN")[0].text


def test_a_client_cannot_be_handed_to_somebody_of_another_team(talk: Talking, metalworks: Client) -> None:
    talk.broker(talk.team, "Ann Example", "U0ANN")
    view = opened(talk, metalworks, verbs.HAND_OVER)

    answer = send(talk, view, to={"value": talk.lee.id})

    assert set(answer["errors"]) == {"to"}
    assert talk.client_now(metalworks) == metalworks


def test_a_form_sent_twice_is_done_once(talk: Talking, metalworks: Client) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    send(talk, view, employees="40")
    said = len(talk.told(metalworks))

    send(talk, view, employees="40")

    assert len(talk.told(metalworks)) == said


def test_a_press_whose_form_did_not_open_is_told_so(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    talk.slack.trouble("views.open", error="expired_trigger_id")

    talk.post(press(verbs.EDIT, metalworks.id, channel=channel, thread=thread))

    assert "Press the button once more" in talk.slack.ephemerals[-1]["text"]


def test_a_form_for_a_client_of_another_team_is_neither_opened_nor_taken(
    talk: Talking, metalworks: Client
) -> None:
    channel, thread = talk.thread(metalworks)
    view = opened(talk, metalworks, verbs.EDIT)
    views = len(talk.slack.views)

    talk.post(press(verbs.EDIT, metalworks.id, channel=channel, thread=thread, user="U0LEE"))
    forged = submission(
        verbs.EDIT, filled_in(view, employees="1"), user="U0LEE", metadata=view["private_metadata"]
    )
    answer = talk.post(forged)

    assert len(talk.slack.views) == views
    assert answer.json()["response_action"] == "errors"
    assert talk.client_now(metalworks) == metalworks


@pytest.mark.parametrize("metadata", ["", "[]", "{", '{"client": 7}', '{"client": "zzz"}', "null", "\ud800"])
@pytest.mark.parametrize("callback", [verbs.EDIT, verbs.NEEDS, verbs.NOTE, verbs.RENAME, verbs.HAND_OVER])
def test_a_form_that_names_no_client_changes_nothing(talk: Talking, callback: str, metadata: str) -> None:
    answer = talk.post(submission(callback, {}, metadata=metadata, view_id="V-none"))

    assert answer.status_code == 200
    assert answer.json()["response_action"] == "errors"
    assert Audit(talk.database).list(20) == [
        each for each in Audit(talk.database).list(20) if not each.what.startswith("client_")
    ]


def test_the_answer_goes_to_the_clients_own_thread_whatever_the_form_carries(
    talk: Talking, metalworks: Client
) -> None:
    elsewhere = talk.slack.write("C0TEAM", "something else", "U0SAM")
    forged = f'{{"client": "{metalworks.id}", "channel": "C0TEAM", "thread": "{elsewhere.ts}"}}'
    before = len(talk.told(metalworks))

    talk.post(submission(verbs.NOTE, {"note": {VALUE: {"value": "ours"}}}, metadata=forged))

    assert talk.slack.said("C0TEAM", elsewhere.ts) == []
    assert len(talk.told(metalworks)) == before + 1


def test_a_client_without_a_need_is_asked_for_one_after_its_facts_are_kept(talk: Talking) -> None:
    client = talk.advice.clients.add(talk.team.id, talk.kim.id, "Example Cafe", "client-cafe", NOW)
    talk.post(command("client Example Cafe"))

    send(talk, opened(talk, client, verbs.EDIT), employees="4", place="Cardiff")

    assert talk.client_now(client).profile == {"employees": 4, "place": "Cardiff"}
    assert "want to get done" in talk.told(client)[-2].text


def test_offers_are_found_for_the_form_as_somebody_types(talk: Talking) -> None:
    asked: dict[str, Any] = {"action_id": VALUE, "block_id": "done", "container": {"type": "view"}}
    found = talk.post(interaction("block_suggestion", value="growth", **asked)).json()["options"]
    strangers = talk.post(interaction("block_suggestion", user="U0SAM", value="growth", **asked)).json()

    assert found
    assert all("growth" in each["text"]["text"].casefold() for each in found)
    assert strangers == {"options": []}


def test_facts_told_in_a_form_are_said_in_no_other_teams_channel(talk: Talking, metalworks: Client) -> None:
    """The client's threads are in a channel that is not its team's, and the form was opened elsewhere."""
    talk.advice.teams.change(talk.team.id, channel="C0OURS", now=NOW)
    channel, thread = talk.thread(metalworks)
    before = len(talk.slack.said(channel, thread))
    forged = f'{{"client": "{metalworks.id}", "channel": "", "thread": ""}}'

    talk.post(submission(verbs.EDIT, {"employees": {VALUE: {"value": "40"}}}, metadata=forged))

    assert talk.client_now(metalworks).profile["employees"] == 40
    assert len(talk.slack.said(channel, thread)) == before
    assert [each.channel[:1] for each in talk.slack.said() if "What changed" in each.text] == ["D"]


def test_what_only_advisers_can_use_is_not_listed_as_done_and_not_taken(
    talk: Talking, metalworks: Client
) -> None:
    view = talk.advice.view()
    theirs = sorted(view.index.for_brokers)[0]
    name = view.catalogue.offers[theirs].name
    asked: dict[str, Any] = {"action_id": VALUE, "block_id": "done", "container": {"type": "view"}}

    found = talk.post(interaction("block_suggestion", value=name, **asked)).json()["options"]
    answer = send(talk, opened(talk, metalworks, verbs.EDIT), done=[{"value": theirs}])

    assert theirs not in [each["value"] for each in found]
    assert set(answer["errors"]) == {"done"}
    assert theirs not in str(talk.document(metalworks))


def test_while_slack_does_not_say_who_is_in_the_group_a_form_stays_open_and_work_waits(
    talk: Talking, metalworks: Client
) -> None:
    talk.advice.teams.change(talk.team.id, slack_group="S0GROUP", now=NOW)
    talk.slack.groups["S0GROUP"] = ["U0SAM"]
    talk.slack.trouble("usergroups.users.list", times=1, status=500)
    view = opened(talk, metalworks, verbs.NOTE)
    told = {"metadata": view["private_metadata"], "user": "U0SAM"}

    answer = talk.post(submission(verbs.NOTE, {"note": {VALUE: {"value": "ours"}}}, **told)).json()
    talk.post(command("Example Cafe: wants funding", user="U0SAM"))

    assert answer["response_action"] == "errors"
    assert "try again" in answer["errors"]["note"]
    assert talk.client("Example Cafe").team == talk.team.id
    assert talk.slack.ephemerals == []


def told_meanwhile(talk: Talking, client: Client, **facts: Any) -> None:
    """Have a colleague tell facts while a form is open."""
    now = talk.client_now(client)
    profile = {**now.profile, **facts}
    talk.advice.clients.keep(
        now.id,
        needs=now.needs,
        profile=profile,
        roadmap=now.roadmap,
        version=now.version,
        now=talk.clock(),
    )


def test_a_form_sent_late_does_not_undo_what_a_colleague_told_meanwhile(
    talk: Talking, metalworks: Client
) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    told_meanwhile(talk, metalworks, employees=22)

    assert send(talk, view, turnover="£1m to £2m") is None

    profile = talk.client_now(metalworks).profile
    assert profile["employees"] == 22
    assert profile["turnover"] == {"from": 1000000, "to": 2000000, "currency": "GBP"}
    assert profile == talk.document(metalworks)["profile"]


def test_a_fact_that_two_changed_is_named_and_the_first_one_stays(talk: Talking, metalworks: Client) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    told_meanwhile(talk, metalworks, employees=22)

    changed = send(talk, view, employees="40", turnover="£1m to £2m")
    taken_out = send(talk, view, cleared=[{"value": "employees"}])
    kept_back = send(talk, view, refused=[{"value": "employees"}])

    assert changed["response_action"] == "errors"
    assert list(changed["errors"]) == ["employees"]
    assert "22" in changed["errors"]["employees"]
    assert list(taken_out["errors"]) == ["employees"]
    assert list(kept_back["errors"]) == ["refused"]
    assert talk.client_now(metalworks).profile["employees"] == 22
    assert "turnover" not in talk.client_now(metalworks).profile


def test_needs_and_a_note_that_two_changed_are_named_and_the_first_ones_stay(
    talk: Talking, metalworks: Client
) -> None:
    needs, note = opened(talk, metalworks, verbs.NEEDS), opened(talk, metalworks, verbs.NOTE)
    late = opened(talk, metalworks, verbs.NEEDS), opened(talk, metalworks, verbs.NOTE)
    assert send(talk, needs, needs=[{"value": "sustainability"}]) is None
    assert send(talk, note, note="Call on Monday.") is None

    assert list(send(talk, late[0], needs=[{"value": "finance"}])["errors"]) == ["needs"]
    assert list(send(talk, late[1], note="Call on Friday.")["errors"]) == ["note"]
    assert send(talk, late[1]) is None

    now = talk.client_now(metalworks)
    assert (now.needs, now.note) == (("sustainability",), "Call on Monday.")
