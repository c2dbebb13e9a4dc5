"""The digest as it is written: text, HTML and Slack say the same, and nothing in a record becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.digest.letter import MOST_LINES, letter
from bot.digest.mail import written
from knowledge_base.assurance import due_list
from knowledge_base.records import Assurance, Source
from tests.core.builders import TODAY, offer
from tests.store.conftest import NOW

PAGE = "https://hub.example.org/console/due"
LATE = Assurance("A. Curator", date(2026, 8, 1), date(2026, 11, 1))


def of(*offers, shown=None, **more):
    found = letter(due_list(offers, TODAY, grace_days=60, shown=shown), TODAY, "Example hub", PAGE, **more)
    assert found is not None
    return found


def test_a_digest_says_what_is_due_by_how_much_and_who_checked_it_last():
    found = of(offer("grant", assured=LATE), offer("loan"), shown={"loan": 12})

    assert found.subject == "Example hub: 2 records to check, 21 November 2026"
    assert found.text == (
        "Example hub: 2 records to check, 21 November 2026\n"
        "\n"
        "Overdue (1)\n"
        "- Grant: overdue by 20 days, left out of new roadmaps from 1 January 2027; "
        "last checked by A. Curator on 1 August 2026\n"
        "  https://example.org/offer\n"
        "\n"
        "Shown to businesses, never checked (1)\n"
        "- Loan: never checked by the hub, shown 12 times lately\n"
        "  https://example.org/offer\n"
        "\n"
        f"Look at them and vouch for them: {PAGE}\n"
        "\n"
        "Nothing due, no letter. The addresses it goes to are in the hub's settings (digest_recipients).\n"
    )


def test_where_nothing_is_due_there_is_no_letter():
    assert letter(due_list([offer("grant")], TODAY), TODAY, "Example hub", PAGE) is None


def test_a_long_list_names_the_first_and_counts_the_rest():
    found = of(*(offer(f"o{n:02}", assured=LATE) for n in range(MOST_LINES + 5)))

    for form in (found.text, found.html, found.slack):
        assert form.count("O1") == 5  # O10 to O14
        assert "… and 5 more" in form


HOSTILE = [
    "<script>alert(1)</script>",
    "<!channel> *bold* <https://example.net|here>",
    "a\r\nBcc: x@example.net",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_record_is_called_cannot_become_markup_a_mention_or_a_header(name):
    found = of(
        offer("grant", name=name, assured=LATE, source=Source("javascript:alert(1)")),
        offer(
            "other",
            name=name,
            assured=replace(LATE, by=name),
            source=Source('https://example.org/"onclick="'),
        ),
    )
    message = written("hub@example.org", "a@example.org", found, NOW)

    assert "<script" not in found.html
    assert 'href="javascript' not in found.html
    assert '"onclick="' not in found.html
    assert "<!" not in found.slack
    assert "<https" not in found.slack
    assert "*bold*" not in found.slack
    assert message["Bcc"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_hub_s_name_over_two_lines_stays_one_subject():
    found = letter(due_list([offer("g", assured=LATE)], TODAY), TODAY, "Example\r\nBcc: x@example.net", PAGE)

    assert found is not None
    assert written("hub@example.org", "a@example.org", found, NOW)["Bcc"] is None
