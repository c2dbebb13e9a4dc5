"""Curators see how soon who asked for a person was answered, and nothing that gives a small group away."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.console.desk import Desk
from bot.console.pages.referral_figures import HIDDEN
from knowledge_base.brokers.records import Team
from tests.console.brokers_example import SCRIPT, asked, days, kim, makers
from tests.console.conftest import AtTheConsole, Clock
from tests.store.conftest import NOW

PATH = "/console/referrals/figures"


@pytest.fixture
def team(desk: Desk) -> Team:
    """Six of October, answered after two hours each and helped; seven of November, three days each, open."""
    team = makers(desk)
    person = kim(desk, team)
    kept = desk.advice.referrals
    for n in range(6):
        at = NOW - days(40 - n / 10)
        code = asked(desk, at, team=team.id).code
        kept.take(code, person.id, at)
        kept.contacted(code, person.id, at + days(2 / 24))
        kept.close(code, "helped", person.id, at + days(1))
    for n in range(7):
        at = NOW - days(8 - n / 10)
        code = asked(desk, at, team=team.id, needs=["finance"], areas=["wales"]).code
        kept.take(code, person.id, at + days(2))
        kept.contacted(code, person.id, at + days(3))
    for _ in range(2):
        asked(desk, NOW - days(7), team=team.id, needs=["premises"], areas=["rugby"])
    return team


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_before_there_is_anything_the_page_says_what_it_will_show(viewer: AtTheConsole) -> None:
    assert "Nothing to count yet" in viewer.get(PATH).text


def test_fewer_than_five_are_not_counted_out(viewer: AtTheConsole, desk: Desk) -> None:
    for _ in range(4):
        asked(desk)

    page = viewer.get(PATH).text

    assert HIDDEN == "fewer than 5, or kept back"
    assert "Fewer than 5 in this time" in page
    assert "<table" not in page
    assert {row["asked"] for row in rows_of(viewer.get(f"{PATH}.csv"))} == {HIDDEN}


def test_the_figures_are_said_drawn_and_written_in_tables(viewer: AtTheConsole, team: Team) -> None:
    page = viewer.get(PATH).text

    assert "<dd>15</dd>" in page
    assert "<dd>3.0 days</dd>" in page
    assert page.count("<dd>40%</dd>") == 2, "six of fifteen were taken, and answered, within a day"
    titles = [
        title.text
        for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)
        for title in ElementTree.fromstring(svg).iter("title")
    ]
    assert titles == ["What became of them", "By month", "By area", "By need", "By team"]
    for words in ("October 2026", "November 2026", "Wales", "Dudley", "Makers", "money for your plans"):
        assert words in page


def test_small_groups_and_what_would_give_them_away_stay_hidden(viewer: AtTheConsole, team: Team) -> None:
    """Two were in Rugby: so the six of Dudley are kept back too, or fifteen less the rest would tell."""
    rows = rows_of(viewer.get(f"{PATH}.csv"))
    of = {(row["by"], row["which"]): row["asked"] for row in rows}

    assert of["area", "Wales"] == "7"
    assert of["area", "Rugby"] == of["area", "Dudley"] == HIDDEN
    assert of["need", "space to work in"] == HIDDEN
    assert not any(value in {"1", "2", "3", "4"} for row in rows for value in list(row.values())[2:3])


def test_a_time_can_be_chosen(viewer: AtTheConsole, team: Team) -> None:
    page = viewer.get(f"{PATH}?since=2026-10&until=2026-10").text
    turned = viewer.get(f"{PATH}?since=2026-11&until=2026-10").text

    assert "<dd>6</dd>" in page
    assert "<dd>2 hours</dd>" in page
    assert page.count("<dd>100%</dd>") == 2
    assert "November" not in page
    assert "<dd>15</dd>" in turned, "months the wrong way round are taken the right way"
    assert "Fewer than 5 in this time" in viewer.get(f"{PATH}?until=2025-01").text


@pytest.mark.parametrize(
    "query",
    ["since=soon&until=13", f"since={SCRIPT}", "until=9999-12", "since=0000-01", "since=" + "x" * 9_000],
)
def test_whatever_is_asked_for_the_page_stands(viewer: AtTheConsole, team: Team, query: str) -> None:
    for path in (PATH, f"{PATH}.csv"):
        answer = viewer.get(f"{path}?{query}")
        assert answer.status_code == 200
        assert SCRIPT not in answer.text


def test_a_teams_name_is_no_formula_in_a_spreadsheet_and_no_tag_in_the_page(
    viewer: AtTheConsole, desk: Desk, team: Team
) -> None:
    desk.advice.teams.change(team.id, now=NOW, name=f"=HYPERLINK(1) {SCRIPT}")

    names = [row["which"] for row in rows_of(viewer.get(f"{PATH}.csv")) if row["by"] == "team"]

    assert f"'=HYPERLINK(1) {SCRIPT}" in names
    assert SCRIPT not in viewer.get(PATH).text
    assert "&lt;script&gt;" in viewer.get(PATH).text


def test_what_is_asked_for_just_now_counts_and_waits_for_its_first_day(
    viewer: AtTheConsole, desk: Desk, team: Team, clock: Clock
) -> None:
    for _ in range(5):
        asked(desk, clock.now - days(0.1), team=team.id)

    page = viewer.get(PATH).text

    assert "<dd>20</dd>" in page
    assert page.count("<dd>40%</dd>") == 2, "those whose first day is not over do not count against anybody"
