"""`fingerpost assure` and `fingerpost digest`, as somebody types them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.command_line.main import main
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import open_database
from knowledge_base.store.record_rows import write_area
from tests.assurance.servers import Postbox, mail_server
from tests.core.builders import AREAS
from tests.store.example_records import example_advice


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CatalogueStore:
    """Three example offers in the database that the commands use."""
    address = f"sqlite:///{tmp_path / 'fingerpost.sqlite'}"
    for name in (
        "FINGERPOST_SMTP_URL",
        "FINGERPOST_SLACK_DIGEST_URL",
        "FINGERPOST_DIGEST_FROM",
        "FINGERPOST_HUB",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("FINGERPOST_PUBLIC_URL", "https://hub.example.org")
    database = open_database(address)
    database.migrate()
    with database.writing() as session:
        for area in AREAS:
            write_area(session, area)
    return example_advice(database).records


def error(capsys) -> dict[str, str]:
    told: dict[str, str] = json.loads(capsys.readouterr().err)
    return told


def assured_of(records: CatalogueStore, id: str):
    found = records.offer(id)
    assert found is not None
    return found[0].assured


def make_overdue() -> None:
    """Vouch for the loan from a hundred days ago until yesterday."""
    today = date.today()
    on, until = today - timedelta(days=100), today - timedelta(days=1)
    told = ["--by", "A. Curator", "--on", on.isoformat(), "--until", until.isoformat()]
    assert main(["assure", "example-loan", *told]) == 0


def test_two_records_are_vouched_for_until_a_day(records, capsys):
    told = ["--by", "A. Curator", "--on", "2026-11-21", "--until", "2027-02-01", "--why", "read the page"]

    assert main(["assure", "example-loan", "example-grant", *told]) == 0

    assert capsys.readouterr().out == (
        "Example grant: checked by A. Curator on 21 November 2026, until 1 February 2027\n"
        "Example loan: checked by A. Curator on 21 November 2026, until 1 February 2027\n"
    )
    assert assured_of(records, "example-loan").until == date(2027, 2, 1)
    newest = records.history("example-loan")[0]
    assert (newest.by, newest.why) == (
        "A. Curator",
        "checked, and vouched for until 2027-02-01: read the page",
    )


def test_without_a_day_it_is_for_as_long_as_the_hub_says(records):
    assert main(["assure", "example-loan", "--by", "A. Curator", "--on", "2026-11-21"]) == 0

    assert assured_of(records, "example-loan").until == date(2027, 2, 19)


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        (["no-such-offer", "example-loan", "--by", "A. Curator"], "unknown_offer", "no-such-offer"),
        (["example-loan", "--by", " "], "bad_assurance", "say who vouches"),
        (
            ["example-loan", "--by", "A", "--on", "2026-11-21", "--until", "2026-11-21"],
            "bad_assurance",
            "not after",
        ),
        (["example-loan", "--by", "A", "--until", "9999-12-31"], "bad_assurance", "three years"),
        (["example-loan", "--by", "A", "--on", "9999-12-31"], "bad_assurance", "too late a day"),
    ],
)
def test_what_cannot_be_vouched_for_is_said_and_nothing_is_kept(records, capsys, told, code, said):
    assert main(["assure", *told]) == 1

    fault = error(capsys)
    assert (fault["error"], said in fault["message"]) == (code, True)
    assert assured_of(records, "example-loan") is None


def test_a_day_that_is_none_is_bad_usage(records, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["assure", "example-loan", "--by", "A", "--until", "soon"])

    assert stopped.value.code == 2
    assert "write it as 2026-12-01" in capsys.readouterr().err


def test_nothing_due_sends_nothing(records, capsys):
    assert main(["digest"]) == 0
    assert capsys.readouterr().out == "Nothing is due to be checked.\n"


def test_a_dry_run_writes_the_letter_and_sends_nothing(records, capsys, monkeypatch):
    make_overdue()
    capsys.readouterr()
    box = Postbox()
    with mail_server(box) as port:
        monkeypatch.setenv("FINGERPOST_SMTP_URL", f"smtp://127.0.0.1:{port}")
        assert main(["digest", "--dry-run", "--to", "one@hub.example.org"]) == 0

    said = capsys.readouterr().out
    assert "- Example loan: overdue by 1 day" in said
    assert "https://hub.example.org/console/due" in said
    assert box.taken == []


def test_the_digest_is_sent_where_it_is_told_to_go(records, capsys, monkeypatch):
    make_overdue()
    capsys.readouterr()
    box = Postbox(refuses="gone@hub.example.org")
    with mail_server(box) as port:
        monkeypatch.setenv("FINGERPOST_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("FINGERPOST_DIGEST_FROM", "hub@hub.example.org")
        assert main(["digest", "--to", "one@hub.example.org", "--to", "gone@hub.example.org"]) == 1

    assert capsys.readouterr().out == (
        "one@hub.example.org: sent\n"
        "gone@hub.example.org: failed: the mail server does not take mail for this address (it said 550)\n"
    )
    assert len(box.taken) == 1


def test_nobody_to_send_it_to_is_said_with_the_way_out(records, capsys):
    make_overdue()

    assert main(["digest"]) == 1
    fault = error(capsys)
    assert fault["error"] == "nobody_to_tell"
    assert "digest_recipients" in fault["message"]


def test_an_address_of_a_mail_server_that_cannot_be_used_is_said_without_its_password(
    records, capsys, monkeypatch
):
    make_overdue()
    monkeypatch.setenv("FINGERPOST_SMTP_URL", "smtp://u:topsecret@h:port")

    assert main(["digest", "--to", "one@hub.example.org"]) == 1
    fault = error(capsys)
    assert fault["error"] == "bad_setting"
    assert "secret" not in fault["message"]
