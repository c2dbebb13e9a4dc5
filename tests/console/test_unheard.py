"""Curators see what was not understood by meaning, say what it means, and take that back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.console.pages import unheard as pages
from knowledge_base.encoder import EncoderError
from knowledge_base.store.audit import Audit
from knowledge_base.store.unheard import EXPORTED, LABELLED, NEW, SET_ASIDE, NotUnderstood, UnheardRows

BOOTH = "we need somewhere with a spray booth"
WORKSHOP = "is there a workshop with a spray booth"
CUSTOMS = "who can help with customs forms"
HOSTILE = "<script>alert(1)</script> =1+1"


class ByWord:
    """Stands in for the encoder: messages about a booth lie together, each other one by itself."""

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken

    def encode(self, texts) -> np.ndarray:
        if self.broken:
            raise EncoderError("it is not built")
        rows = np.zeros((len(texts), len(texts) + 1), dtype=np.float32)
        for n, each in enumerate(texts):
            rows[n, 0 if "booth" in each else 1 + n] = 1.0
        return rows


@pytest.fixture
def rows(database, monkeypatch) -> UnheardRows:
    monkeypatch.setattr(pages, "_ENCODER", ByWord())
    kept = UnheardRows(database)
    for n, words in enumerate([BOOTH, WORKSHOP, CUSTOMS, HOSTILE]):
        kept.keep(NotUnderstood(f"s{n}", words, "unsure", "out_of_scope", 0.3, date(2026, 11, 10 + n)))
    return kept


def ids(rows: UnheardRows, *words: str) -> list[str]:
    known = {each.text: each.id for each in rows.all()}
    return [known[each] for each in words]


def states(rows: UnheardRows) -> dict[str, str]:
    return {each.text: each.state for each in rows.all()}


def test_messages_of_one_meaning_stand_together_the_most_frequent_first(curator, rows):
    page = curator.get("/console/unheard").text

    sections = page.split('<section class="cluster"')[1:]
    assert len(sections) == 3
    assert BOOTH in sections[0]
    assert WORKSHOP in sections[0]
    assert "2×" in sections[0]
    assert "read without being sure" in sections[0]


def test_what_a_message_holds_is_shown_as_text(curator, rows):
    page = curator.get("/console/unheard").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_ticked_messages_are_labelled_with_an_act_and_needs(curator, rows):
    chosen = ids(rows, BOOTH, WORKSHOP)

    done = curator.submit(
        "/console/unheard/label",
        {"id": chosen, "need": ["premises", "finance"]},
        act="describe_need",
        do="label",
    )

    assert done.status_code == 303
    assert curator.get(done.headers["location"]).text.count("2 messages labelled.") == 1
    labelled = {each.text: (each.label_act, each.label_needs) for each in rows.all([LABELLED])}
    assert labelled == dict.fromkeys((BOOTH, WORKSHOP), ("describe_need", ("premises", "finance")))
    assert "space to work in" in curator.get("/console/unheard?state=labelled").text


def test_an_act_that_asks_for_nothing_takes_no_needs_along(curator, rows):
    """The ticks of needs stand beside every act in the form."""
    done = curator.submit(
        "/console/unheard/label", {"id": ids(rows, CUSTOMS), "need": ["premises"]}, act="thanks", do="label"
    )

    assert done.status_code == 303
    assert [(each.label_act, each.label_needs) for each in rows.all([LABELLED])] == [("thanks", ())]


@pytest.mark.parametrize(
    ("act", "needs", "words"),
    [
        ("describe_need", [], "asks for at least one need"),
        ("gold", ["premises"], "cannot be given"),
        ("describe_need", ["gold"], "at least one need"),
        ("x" * 500, ["y" * 500] * 50, "cannot be given"),
    ],
)
def test_a_label_that_cannot_be_is_refused_and_nothing_is_labelled(curator, rows, act, needs, words):
    answer = curator.submit(
        "/console/unheard/label", {"id": ids(rows, BOOTH), "need": needs}, act=act, do="label"
    )

    assert answer.status_code == 400
    assert words in answer.text
    assert set(states(rows).values()) == {NEW}


def test_set_aside_and_labels_are_taken_back(curator, rows):
    curator.submit("/console/unheard/label", {"id": ids(rows, CUSTOMS)}, do="set_aside")
    curator.submit(
        "/console/unheard/label", {"id": ids(rows, BOOTH), "need": ["premises"]}, act="describe_need"
    )
    assert (states(rows)[CUSTOMS], states(rows)[BOOTH]) == (SET_ASIDE, LABELLED)

    for _ in range(2):
        curator.submit(
            "/console/unheard/label", {"id": ids(rows, CUSTOMS, BOOTH)}, do="undo", state="labelled"
        )

    assert set(states(rows).values()) == {NEW}
    assert {each.label_act for each in rows.all()} == {None}


def test_what_became_an_example_is_not_put_back_by_taking_a_label_back(curator, rows):
    curator.submit(
        "/console/unheard/label", {"id": ids(rows, BOOTH), "need": ["premises"]}, act="describe_need"
    )
    rows.exported({ids(rows, BOOTH)[0]: "describe_need.yml"})

    curator.submit("/console/unheard/label", {"id": ids(rows, BOOTH)}, do="undo")

    assert states(rows)[BOOTH] == EXPORTED


def test_a_message_whose_owner_was_forgotten_meanwhile_is_named_as_gone(curator, rows):
    chosen = ids(rows, BOOTH, CUSTOMS)
    rows.forget("s0")

    done = curator.submit("/console/unheard/label", {"id": chosen, "need": ["premises"]}, act="describe_need")

    assert "is there no more" in curator.get(done.headers["location"]).text
    assert set(states(rows).values()) == {NEW}


@pytest.mark.parametrize(
    "sent", [{}, {"id": []}, {"id": ["x" * 9000]}, {"id": ["nobody"] * 900}, {"id": "\0"}]
)
def test_a_form_without_a_message_of_ours_labels_nothing(curator, rows, sent):
    done = curator.submit("/console/unheard/label", sent, act="thanks", do="label")

    assert done.status_code == 303
    assert re.search('class="wrong" role="alert"', curator.get(done.headers["location"]).text)
    assert set(states(rows).values()) == {NEW}


def test_labelled_messages_are_handed_over_as_the_command_does(curator, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "DATA", tmp_path)
    (tmp_path / "known.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: describe_need\n  examples:\n  - text: {WORKSHOP}\n',
        encoding="utf-8",
    )
    curator.submit(
        "/console/unheard/label", {"id": ids(rows, BOOTH, CUSTOMS, WORKSHOP), "need": ["premises"]},
        act="describe_need",
    )  # fmt: skip

    answer = curator.submit("/console/unheard/export")

    written = Path(tmp_path / "heard" / "describe_need.yml").read_text(encoding="utf-8")
    assert BOOTH in written
    assert CUSTOMS in written
    assert WORKSHOP not in written
    assert "100% the same as" in answer.text
    assert states(rows) == {BOOTH: EXPORTED, CUSTOMS: EXPORTED, WORKSHOP: LABELLED, HOSTILE: NEW}


def test_a_file_that_cannot_be_read_keeps_everything_labelled(curator, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "DATA", tmp_path)
    (tmp_path / "broken.yml").write_text("nlu: [", encoding="utf-8")
    curator.submit(
        "/console/unheard/label", {"id": ids(rows, BOOTH), "need": ["premises"]}, act="describe_need"
    )

    answer = curator.submit("/console/unheard/export")

    assert answer.status_code == 400
    assert "no YAML that can be read" in answer.text
    assert states(rows)[BOOTH] == LABELLED


def test_without_an_encoder_each_message_stands_by_itself(curator, rows, monkeypatch):
    monkeypatch.setattr(pages, "_ENCODER", ByWord(broken=True))

    page = curator.get("/console/unheard").text

    assert page.count('<section class="cluster"') == 4
    assert "The sentence encoder is not built" in page


def test_many_messages_come_in_pages(curator, rows):
    for n in range(60):
        rows.keep(NotUnderstood(f"m{n}", f"message number {n}", "unsure", "deny", 0.1, date(2026, 11, 1)))
    pages_ = [curator.get(f"/console/unheard?page={n}").text for n in (1, 2, 99999)]

    assert [page.count('<section class="cluster"') for page in pages_[:2]] == [20, 20]
    assert "Page 4 of 4" in pages_[2]


def test_labelling_is_for_those_who_may(viewer, editor, nobody, rows):
    for each in (viewer, editor):
        assert each.get("/console/unheard").status_code == 403
        answer = each.submit("/console/unheard/label", {"id": ids(rows, BOOTH)}, do="set_aside")
        assert answer.status_code == 403
    assert nobody.get("/console/unheard", follow_redirects=False).status_code == 303
    assert set(states(rows).values()) == {NEW}


def test_a_form_of_another_site_labels_nothing(curator, rows):
    curator.csrf = "guessed"

    for path in ("label", "export"):
        answer = curator.submit(f"/console/unheard/{path}", {"id": ids(rows, BOOTH)}, do="set_aside")
        assert answer.status_code == 403
    assert set(states(rows).values()) == {NEW}


def test_what_was_done_is_kept_without_the_words(curator, rows, database):
    curator.submit("/console/unheard/label", {"id": ids(rows, BOOTH)}, do="set_aside")

    (deed,) = [each for each in Audit(database).list(20) if each.what.startswith("unheard")]
    assert (deed.by, deed.what, deed.detail) == (
        "curator@hub.example.org",
        "unheard set_aside",
        {"messages": 1},
    )


def test_an_empty_queue_says_what_comes_here(curator, database):
    for state, words in (("new", "Nothing is waiting"), ("labelled", "not yet handed over"),
                         ("set_aside", "Nothing is set aside"), ("exported", "Nothing was handed over yet"),
                         ("nonsense", "Nothing is waiting")):  # fmt: skip
        assert words in curator.get(f"/console/unheard?state={state}").text


@pytest.mark.parametrize(
    "query", ["page=0", "page=-5", "told=label-99999999999", f"told={HOSTILE}", "wrong=x"]
)
def test_whatever_is_in_the_address_the_page_stands(curator, rows, query):
    answer = curator.get(f"/console/unheard?{query}")

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
