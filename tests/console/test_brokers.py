"""Administrators say which team is handed which businesses, and see whether Slack is in order."""

from __future__ import annotations

from typing import Any

import pytest

from bot.console.desk import Desk
from knowledge_base.store.audit import Audit
from knowledge_base.store.slack_outbox import SlackOutbox
from tests.console.brokers_example import SCRIPT, asked, kim, makers
from tests.console.conftest import AtTheConsole, Clock
from tests.console.filled_form import FilledForm
from tests.store.conftest import NOW

PATH = "/console/brokers"
NEW = {
    "name": "Example makers",
    "areas": ["Black Country [black-country]", "dudley", ""],
    "needs": ["product_development", "finance"],
    "sectors": ["manufacturing"],
    "slack_team": "T0123ABCD",
    "channel": "C0123ABCD",
    "remind_days": "1, 3",
    "lead_after_days": "5",
    "position": "",
}


def the_form(page: Any) -> dict[str, Any]:
    """The team's form, as a browser would send it back: a name that is there several times as a list."""
    found: dict[str, Any] = {}
    for name, value in FilledForm(page.text).pairs:
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else (
            [found[name], value] if name in found else value)  # fmt: skip
    return {name: value for name, value in found.items() if name not in ("csrf", "")}


def test_before_there_is_a_team_the_page_teaches_what_one_is_and_that_slack_is_not_needed(
    administrator: AtTheConsole, viewer: AtTheConsole
) -> None:
    page = administrator.get(PATH).text

    for words in ("There is no team yet", "Slack is not needed", "T0123ABCD", "C0123ABCD", "U0123ABCD"):
        assert words in page
    assert "Add the first team" in page
    assert "Add the first team" not in viewer.get(PATH).text
    assert "/client/" in page


def test_an_administrator_adds_a_team_and_its_rules_are_read_back(
    administrator: AtTheConsole, desk: Desk
) -> None:
    answer = administrator.submit(PATH, NEW)
    (team,) = desk.advice.teams.all()
    page = administrator.get(answer.headers["location"]).text

    assert answer.headers["location"] == f"{PATH}/{team.id}?done=added"
    assert (team.areas, team.needs) == (("black-country", "dudley"), ("product_development", "finance"))
    assert (team.remind_days, team.lead_after_days, team.position) == ((1, 3), 5, 0)
    said = "Takes businesses in Black Country or Dudley that want a new product or service or money for their"
    assert said in page
    assert "in manufacturing." in administrator.get(PATH).text


def test_an_open_team_takes_everybody_and_says_so(administrator: AtTheConsole, desk: Desk) -> None:
    administrator.submit(PATH, name="All", remind_days="", lead_after_days="3")

    assert "Takes businesses everywhere, whatever they want, of every sector." in administrator.get(PATH).text
    assert desk.advice.teams.all()[0].remind_days == ()


@pytest.mark.parametrize(
    ("field", "told", "words"),
    [
        ("name", " ", "has no name"),
        ("name", "n" * 201, "too long"),
        ("areas", ["Blak Country"], "is not an area we have; choose Black Country [black-country]"),
        ("areas", [SCRIPT], "is not an area we have"),
        ("needs", ["wishes"], "wishes is not on the list"),
        ("sectors", [SCRIPT], "is not on the list"),
        ("slack_team", "makers", "not the id of the workspace in Slack; it looks like T0123ABCD"),
        ("slack_team", "", "say which workspace the channel is in"),
        ("channel", "#makers", "not the id of the channel in Slack; it looks like C0123ABCD"),
        ("slack_group", "@makers", "looks like S0123ABCD"),
        ("lead_slack", "kim", "looks like U0123ABCD"),
        ("lead_email", "kim", "is not an e-mail address"),
        ("remind_days", "soon", "Write whole numbers of days"),
        ("remind_days", "1 2 3 4 5 6", "6 reminders are too many"),
        ("remind_days", "9" * 5_000, "Write whole numbers of days"),
        ("lead_after_days", "0", "0 is not a whole number from 1 to 90"),
        ("lead_after_days", "", "Write a whole number"),
        ("position", "1e9", "Write a whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_stands_beside_its_field_and_the_form_keeps_the_rest(
    administrator: AtTheConsole, desk: Desk, field: str, told: Any, words: str
) -> None:
    page = administrator.submit(PATH, {**NEW, field: told})

    assert page.status_code == 422
    beside = page.text.split(f'id="{field}-fault"')[1].split("</p>")[0]
    assert words in beside
    assert field == "name" or 'value="Example makers"' in page.text
    assert SCRIPT not in page.text
    assert desk.advice.teams.all() == []


def test_a_name_that_is_taken_is_said_beside_the_name(administrator: AtTheConsole, desk: Desk) -> None:
    makers(desk, name="Example makers")

    page = administrator.submit(PATH, NEW)

    assert page.status_code == 422
    assert "already; choose another name." in page.text.split('id="name-fault"')[1].split("</p>")[0]


def test_more_lines_for_areas_keep_what_was_typed_and_save_nothing(
    administrator: AtTheConsole, desk: Desk
) -> None:
    page = administrator.submit(PATH, {**NEW, "do": "more"}).text

    assert page.count('name="areas"') == 6
    assert 'value="Example makers"' in page
    assert desk.advice.teams.all() == []


def test_the_form_of_a_team_sent_back_untouched_changes_nothing(
    administrator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk, slack_team="T0123ABCD", channel="C0123ABCD", sectors=["manufacturing"], position=-2)

    answer = administrator.submit(f"{PATH}/{team.id}", the_form(administrator.get(f"{PATH}/{team.id}")))

    assert answer.headers["location"].endswith("?done=changed")
    assert desk.advice.teams.get(team.id) == team


def test_two_who_change_a_team_at_once_do_not_write_over_each_other_unseen(
    administrator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk)
    mine = the_form(administrator.get(f"{PATH}/{team.id}"))
    desk.advice.teams.change(team.id, now=NOW, name="Theirs", areas=["wales"])

    page = administrator.submit(f"{PATH}/{team.id}", {**mine, "name": "Mine"})
    now = desk.advice.teams.get(team.id)

    assert page.status_code == 409
    assert "Somebody else changed this meanwhile" in page.text
    assert "Takes businesses in Wales" in page.text
    assert 'value="Mine"' in page.text
    assert now is not None
    assert now.name == "Theirs"
    administrator.submit(f"{PATH}/{team.id}", the_form(page))
    saved = desk.advice.teams.get(team.id)
    assert saved is not None
    assert saved.name == "Mine"


def test_a_team_is_shut_out_and_brought_back_and_what_it_has_is_named(
    administrator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk)
    asked(desk, team=team.id)

    for _ in range(2):
        out = administrator.submit(f"{PATH}/{team.id}/active", active="no")
        assert out.headers["location"].endswith("done=out")
    page = administrator.get(f"{PATH}/{team.id}").text
    assert "1 open request with this team" in page
    assert "hand it to another" in page
    assert desk.advice.teams.all(active=True) == []
    administrator.submit(f"{PATH}/{team.id}/active", active="yes")
    assert desk.advice.teams.all(active=True) != []


def test_people_are_added_changed_moved_and_shut_out(administrator: AtTheConsole, desk: Desk) -> None:
    team, other = makers(desk, slack_team="T0123ABCD"), makers(desk, name="Others")
    added = administrator.submit(
        f"{PATH}/{team.id}/people", team=team.id, name="Kim Example", slack_team="T0123ABCD", slack_user=""
    )
    (person,) = desk.advice.brokers.all()
    assert added.headers["location"] == f"{PATH}/{team.id}?done=person"
    assert (person.slack_team, person.slack_user) == ("", ""), "who has no member id is not in Slack"

    administrator.submit(
        f"{PATH}/person/{person.id}",
        team=other.id, name="Kim Changed", email="kim@hub.example.org",
        slack_team="T0123ABCD", slack_user="U0123ABCD",
    )  # fmt: skip
    administrator.submit(f"{PATH}/person/{person.id}/active", active="no")
    now = desk.advice.brokers.get(person.id)
    assert now is not None
    assert (now.team, now.name, now.slack_user, now.active) == (other.id, "Kim Changed", "U0123ABCD", False)
    assert "shut out" in administrator.get(f"{PATH}/{other.id}").text
    administrator.submit(f"{PATH}/person/{person.id}/active", active="yes")
    assert desk.advice.brokers.of_slack("T0123ABCD", "U0123ABCD") is not None


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"name": ""}, "name", "has no name"),
        ({"email": "kim"}, "email", "is not an e-mail address"),
        ({"slack_user": "kim", "slack_team": "T0123ABCD"}, "slack_user", "looks like U0123ABCD"),
        ({"slack_user": "U0123ABCE"}, "slack_team", "tell both ids"),
        ({"slack_user": "U0123ABCD", "slack_team": "T0123ABCD"}, "slack_user", "another broker has this"),
        ({"name": f"{SCRIPT}" * 50}, "name", "too long"),
    ],
)
def test_a_person_who_cannot_be_is_said_beside_the_field(
    administrator: AtTheConsole, desk: Desk, told: dict[str, str], field: str, words: str
) -> None:
    team = makers(desk)
    kim(desk, team, slack_team="T0123ABCD", slack_user="U0123ABCD")

    page = administrator.submit(f"{PATH}/{team.id}/people", {"team": team.id, "name": "Sam", **told})

    assert page.status_code == 422
    assert words in page.text.split(f'id="new-{field}-fault"')[1].split("</p>")[0]
    assert SCRIPT not in page.text
    assert len(desk.advice.brokers.all()) == 1


def test_a_person_changed_by_two_at_once_is_not_written_over_unseen(
    administrator: AtTheConsole, desk: Desk
) -> None:
    person = kim(desk, makers(desk))
    mine = the_form(administrator.get(f"{PATH}/person/{person.id}"))
    desk.advice.brokers.change(person.id, now=NOW, name="Theirs")

    page = administrator.submit(f"{PATH}/person/{person.id}", {**mine, "team": person.team, "name": "Mine"})

    now = desk.advice.brokers.get(person.id)
    assert page.status_code == 409
    assert "Somebody else changed this meanwhile" in page.text
    assert now is not None
    assert now.name == "Theirs"


def test_a_business_can_be_tried_out_and_the_reason_is_said(viewer: AtTheConsole, desk: Desk) -> None:
    makers(desk, name="Makers of Dudley", areas=["dudley"])
    makers(desk, name="Everybody", areas=[], needs=[])
    makers(desk, name="Gone", areas=["dudley"], active=False)

    page = viewer.get(f"{PATH}?place=Dudley&need=product_development").text
    assert "<strong>Makers of Dudley</strong> would get it." in page
    assert "it serves Dudley, where the business is, and it looks after a new product or service." in page
    assert "Everybody: it serves every place." in page
    assert "Gone:" not in page
    assert "<strong>Everybody</strong> would get it." in viewer.get(f"{PATH}?place=Cardiff").text
    assert "is no place we know" in viewer.get(f"{PATH}?place=Nowhere+at+all").text


def test_where_no_team_fits_the_lead_gets_it(viewer: AtTheConsole, desk: Desk) -> None:
    makers(desk)

    assert "The hub’s lead</strong> would get it" in viewer.get(f"{PATH}?place=Cardiff").text


@pytest.mark.parametrize("query", [f"place={SCRIPT}", "place=%00", "need=x&sector=y", "place=" + "x" * 9_000])
def test_whatever_is_tried_out_the_page_stands(viewer: AtTheConsole, desk: Desk, query: str) -> None:
    makers(desk)

    page = viewer.get(f"{PATH}?{query}")

    assert page.status_code == 200
    assert SCRIPT not in page.text


def test_hostile_names_are_text_wherever_they_are_shown(administrator: AtTheConsole, desk: Desk) -> None:
    team = makers(desk, name=SCRIPT)
    person = kim(desk, team, name=f'"><img src=x onerror=alert(1)>{SCRIPT}')
    referral = asked(desk, team=team.id)

    for path in (
        PATH, f"{PATH}?need=product_development&place=Dudley", f"{PATH}/{team.id}",
        f"{PATH}/person/{person.id}",
        "/console/referrals", f"/console/referrals/{referral.code}", f"/console/referrals?team={team.id}",
    ):  # fmt: skip
        page = administrator.get(path).text
        assert SCRIPT not in page, path
        assert "<img src=x" not in page, path
        assert "&lt;script&gt;" in page, path


@pytest.mark.parametrize("id", ["x", "abc", "%00", "é", "a" * 5_000, "..%2f..", "<b>", "person"])
def test_what_is_not_there_is_not_found(administrator: AtTheConsole, id: str) -> None:
    answers = [administrator.get(f"{PATH}/{id}"), administrator.get(f"{PATH}/person/{id}")]
    for rest in (f"{id}", f"{id}/active", f"{id}/people", f"person/{id}", f"person/{id}/active"):
        answers.append(administrator.submit(f"{PATH}/{rest}", name="X", active="no"))

    assert {each.status_code for each in answers} == {404}


def test_who_looks_after_records_may_read_the_teams_and_change_none(
    curator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk)
    page = curator.get(f"{PATH}/{team.id}")

    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    assert curator.submit(f"{PATH}/{team.id}", NEW).status_code == 403
    assert curator.submit(PATH, NEW).status_code == 403
    assert desk.advice.teams.all() == [team]


def test_what_was_done_is_noted_with_ids_and_no_names(administrator: AtTheConsole, desk: Desk) -> None:
    administrator.submit(PATH, NEW)
    (team,) = desk.advice.teams.all()
    administrator.submit(f"{PATH}/{team.id}/people", team=team.id, name="Kim Example")

    deeds = [each for each in Audit(desk.advice.database).list(20) if "_added" in each.what]

    assert {(each.what, each.by) for each in deeds} >= {
        ("team_added", "administrator@hub.example.org"),
        ("broker_added", "administrator@hub.example.org"),
    }
    assert not any("Kim" in repr(each) or "Example makers" in repr(each) for each in deeds)


def test_slack_not_set_up_is_said_without_alarm(viewer: AtTheConsole) -> None:
    page = viewer.get(PATH).text

    assert "Slack is not set up, and is not needed" in page
    assert "given up" not in page


def test_what_is_set_for_slack_is_said_and_no_secret_is_shown(
    administrator: AtTheConsole, desk: Desk
) -> None:
    desk.env = {"SLACK_SIGNING_SECRET": "example-secret", "SLACK_BOT_TOKEN": "xoxb-example-token"}
    good = administrator.get(PATH).text
    desk.env = {"SLACK_SIGNING_SECRET": "example-secret", "SLACK_BOT_TOKEN": "xapp-example-token"}
    bad = administrator.get(PATH).text

    assert "set up</span>" in good
    assert "does not begin with xoxb-" in bad
    for page in (good, bad):
        assert "example-secret" not in page
        assert "example-token" not in page


def test_a_channel_that_was_not_joined_is_seen_with_what_to_do(
    administrator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    makers(desk, slack_team="T0123ABCD", channel="C0123ABCD")
    outbox = SlackOutbox(desk.advice.database)
    for n in range(3):
        outbox.put(f"example-{n}", "C0123ABCD", text=f"Secret words {SCRIPT}", now=NOW)
    for n in range(2):
        outbox.give_up(f"example-{n}", "we are not in its channel; invite the app there", NOW)
    claimed = outbox.claim("example", NOW, 60)
    assert claimed is not None
    outbox.sent(claimed.key, "1.2", NOW)

    page = administrator.get(PATH).text

    assert "<strong>2 messages</strong>, the channel of Makers (C0123ABCD): we are not in its channel" in page
    assert "/invite @Fingerpost" in page
    assert "Last message sent" in page
    assert "Secret words" not in page


def test_what_waits_too_long_for_slack_is_seen(administrator: AtTheConsole, desk: Desk, clock: Clock) -> None:
    SlackOutbox(desk.advice.database).put("example", "C0123ABCD", text="Words", now=NOW)
    assert "What did not arrive" not in administrator.get(PATH).text

    clock.now = NOW.replace(hour=NOW.hour + 1)
    page = administrator.get(PATH).text

    assert "not sent for 1 hour" in page
    assert "tried again" in page


def test_who_was_listed_by_a_user_group_is_shown_so_and_let_in_without_it_by_one_tick(
    administrator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk, slack_team="T0123ABCD", slack_group="S0123ABCD")
    person = kim(desk, team, slack_team="T0123ABCD", slack_user="U0123ABCD", by_group=True)
    path = f"{PATH}/person/{person.id}"
    untouched = the_form(administrator.get(path)) | {"team": team.id}
    assert "by the user group" in administrator.get(f"{PATH}/{team.id}").text
    assert untouched["by_group"] == "yes"

    administrator.submit(path, {**untouched, "name": "Kim Changed"})
    kept = desk.advice.brokers.get(person.id)
    again = the_form(administrator.get(path)) | {"team": team.id}
    del again["by_group"]
    administrator.submit(path, again)
    cleared = desk.advice.brokers.get(person.id)

    assert kept is not None
    assert cleared is not None
    assert (kept.name, kept.by_group) == ("Kim Changed", True)
    assert (cleared.name, cleared.by_group) == ("Kim Changed", False)
    assert "by the user group" not in administrator.get(f"{PATH}/{team.id}").text
    assert 'name="by_group"' not in administrator.get(path).text


def test_a_tick_taken_out_stays_out_where_something_else_cannot_be(
    administrator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk)
    person = kim(desk, team, slack_team="T0123ABCD", slack_user="U0123ABCD", by_group=True)
    form = the_form(administrator.get(f"{PATH}/person/{person.id}")) | {"team": team.id, "name": ""}
    del form["by_group"]

    page = administrator.submit(f"{PATH}/person/{person.id}", form)

    assert page.status_code == 422
    assert "by_group" not in the_form(page)
    now = desk.advice.brokers.get(person.id)
    assert now is not None
    assert now.by_group
