"""Whatever curators do in whatever order, businesses see what was published, and nothing is lost."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.life import Life, NoReason, NoSuchRecord, NotInReview, OwnDraft, Referred
from tests.store.life_records import ANNA, BEN, CARLA, grant, later, life_in

PEOPLE = st.sampled_from([ANNA, BEN, CARLA])
SUMMARIES = st.sampled_from(["Half of it.", "A third of it.", "All of it."])
WHY = st.sampled_from(["the page says so", "they called", ""])
RECORDS = st.sampled_from(["one", "two"])
AGE = st.sampled_from([0, 0, 0, 0, 1, 5])  # how many versions ago somebody read the draft


class Model:
    """What one record ought to be: kept beside the store in plain values."""

    def __init__(self) -> None:
        self.document: dict[str, Any] | None = None
        self.version = 0  # of the last published revision, deleted or not
        self.draft: dict[str, Any] | None = None
        self.read = 0  # the draft's version, 0 for none
        self.base = 0
        self.state = self.writer = self.why = ""
        self.done = 0  # entries in the history
        self.seen: list[Any] = []  # the history as it was, oldest first
        self.last = 0  # the greatest version a draft ever had

    @property
    def there(self) -> int:
        return self.version if self.document is not None else 0


class Curators(RuleBasedStateMachine):
    """Three people, two records, the second of which may require the first."""

    life: Life
    numbers = count()

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.model = {"one": Model(), "two": Model()}
        number = next(self.numbers)
        self.ids = {name: f"example-{name}-{number}" for name in self.model}
        self.elsewhere = CatalogueStore(self.life.store.database)

    def now(self):
        self.minutes += 1
        return later(self.minutes)

    def id(self, record: str) -> tuple[str, str]:
        return "offer", self.ids[record]

    @initialize(by=PEOPLE)
    def begin(self, by: str) -> None:
        self.save("one", by, "Half of it.", "the page says so", False, 0)

    @rule(record=RECORDS, by=PEOPLE, summary=SUMMARIES, why=WHY, requires=st.booleans(), age=AGE)
    def save(self, record, by, summary, why, requires, age) -> None:
        m = self.model[record]
        needs_first = [self.ids["one"]] if requires and record == "two" else []
        document = grant(summary=summary, requires=needs_first)
        read = max(0, m.read - age)
        if not needs_first:
            del document["requires"]
        if read != m.read:
            with pytest.raises(StaleRecord):
                self.life.save(*self.id(record), document, by=by, why=why, now=self.now(), version=read)
            return
        version = self.life.save(*self.id(record), document, by=by, why=why, now=self.now(), version=read)
        m.base = m.base if m.read else m.there
        m.why = why or (m.why if m.read else "")
        self.drafted(m, version, document, by)

    def drafted(self, m: Model, version: int, document: dict[str, Any], by: str) -> None:
        assert version == m.last + 1
        m.read = m.last = version
        m.draft, m.writer, m.state = document, by, "draft"
        m.done += 1

    def gone(self, m: Model) -> None:
        m.draft, m.read = None, 0

    @rule(record=RECORDS, by=PEOPLE)
    def send(self, record, by) -> None:
        m = self.model[record]
        if m.draft is None:
            with pytest.raises(NoSuchRecord):
                self.life.send(*self.id(record), by, self.now(), 0)
            return
        version = self.life.send(*self.id(record), by, self.now(), m.read)
        if m.state == "draft":
            assert version == m.last + 1
            m.read = m.last = version
            m.state, m.done = "in_review", m.done + 1
        assert version == m.read

    @rule(record=RECORDS, by=PEOPLE)
    def send_back(self, record, by) -> None:
        m = self.model[record]
        if m.draft is None:
            return
        if m.state != "in_review":
            with pytest.raises(NotInReview):
                self.life.send_back(*self.id(record), by, "look again", self.now(), m.read)
            return
        m.read = m.last = self.life.send_back(*self.id(record), by, "look again", self.now(), m.read)
        m.state, m.done = "draft", m.done + 1

    @rule(record=RECORDS, by=PEOPLE)
    def discard(self, record, by) -> None:
        m = self.model[record]
        if m.draft is None:
            with pytest.raises(NoSuchRecord):
                self.life.discard(*self.id(record), by, "no time", self.now())
            return
        self.life.discard(*self.id(record), by, "no time", self.now())
        m.last, m.done = m.last + 1, m.done + 1
        self.gone(m)

    @rule(record=RECORDS, by=PEOPLE, age=AGE)
    def publish(self, record, by, age) -> None:
        m = self.model[record]
        read = max(0, m.read - age)
        expected = self.what_keeps_it_back(record, by, read)
        if expected is not None:
            with pytest.raises(expected):
                self.life.publish(*self.id(record), by, self.now(), read)
            return
        version = self.life.publish(*self.id(record), by, self.now(), read)
        assert m.draft is not None
        if m.draft != m.document:
            m.version, m.done = m.version + 1, m.done + 1
        assert version == m.version
        m.document = m.draft
        self.gone(m)

    @rule(record=RECORDS)
    def take_through_review(self, record) -> None:
        m = self.model[record]
        if m.draft is not None:
            self.send(record, m.writer)
            self.publish(record, BEN if m.writer != BEN else CARLA, 0)

    @rule(record=RECORDS, by=PEOPLE, summary=SUMMARIES)
    def write_and_take_through_review(self, record, by, summary) -> None:
        self.save(record, by, summary, "the page says so", False, 0)
        self.take_through_review(record)

    @rule(record=RECORDS, by=PEOPLE, withdrawn=st.booleans())
    def end_it_under_a_draft(self, record, by, withdrawn) -> None:
        self.save(record, by, "All of it, and more.", "the page says so", False, 0)
        (self.withdraw if withdrawn else self.close)(record, by)
        self.take_through_review(record)

    @rule(record=RECORDS, by=PEOPLE, at=st.integers(0, 40))
    def delete_and_bring_back(self, record, by, at) -> None:
        self.delete(record, by)
        self.restore(record, by, at)
        self.take_through_review(record)

    def what_keeps_it_back(self, record: str, by: str, read: int) -> type[Exception] | None:
        m = self.model[record]
        if m.draft is not None and read == m.read and self.names_nothing(m.draft):
            return ValueError
        if read != m.read:
            return StaleRecord
        if m.draft is None:
            return NoSuchRecord
        if m.state != "in_review":
            return NotInReview
        if m.writer == by:
            return OwnDraft
        if m.document is not None and not m.why:
            return NoReason
        return StaleRecord if m.base != m.there else None

    def names_nothing(self, document: dict[str, Any]) -> bool:
        return bool(document.get("requires")) and self.model["one"].document is None

    def changed(self, m: Model, document: dict[str, Any]) -> None:
        if document != m.document:
            m.document, m.version, m.done = document, m.version + 1, m.done + 1

    @rule(record=RECORDS, by=PEOPLE)
    def close(self, record, by) -> None:
        m = self.model[record]
        if m.document is None:
            with pytest.raises(NoSuchRecord):
                self.life.close(self.ids[record], by=by, why="it is over", now=self.now())
            return
        self.life.close(self.ids[record], by=by, why="it is over", now=self.now())
        self.changed(m, m.document | {"window": {"status": "closed"}})

    @rule(record=RECORDS, by=PEOPLE)
    def withdraw(self, record, by) -> None:
        m = self.model[record]
        if m.document is None:
            return
        self.life.withdraw(*self.id(record), by=by, why="they asked", now=self.now())
        self.changed(m, m.document | {"status": "withdrawn"})

    @rule(record=RECORDS, by=PEOPLE)
    def delete(self, record, by) -> None:
        m, second = self.model[record], self.model["two"].document
        if m.document is None:
            with pytest.raises(NoSuchRecord):
                self.life.delete(*self.id(record), by=by, why="there twice", now=self.now())
            return
        if record == "one" and second is not None and second.get("requires"):
            with pytest.raises(Referred):
                self.life.delete(*self.id(record), by=by, why="there twice", now=self.now())
            return
        self.life.delete(*self.id(record), by=by, why="there twice", now=self.now())
        m.document = None
        m.last, m.done = m.last + 1, m.done + 1
        self.gone(m)

    @rule(record=RECORDS, by=PEOPLE, at=st.integers(0, 40))
    def restore(self, record, by, at) -> None:
        m = self.model[record]
        if not m.seen:
            return
        entry = m.seen[at % len(m.seen)]
        version = self.life.restore(*self.id(record), entry.revision, by=by, now=self.now(), version=m.read)
        document = {name: value for name, value in entry.document.items() if name != "status"}
        m.base = m.there
        m.why = f"restored from {entry.revision}"
        self.drafted(m, version, document, by)

    @rule(record=RECORDS, by=PEOPLE)
    def rebase(self, record, by) -> None:
        m = self.model[record]
        if m.draft is None:
            return
        done = self.life.rebase(*self.id(record), by, self.now(), m.read)
        assert (done is None) == (m.base == m.there)
        if done is None:
            return
        assert done.document["summary"] in (m.draft["summary"], (m.document or m.draft)["summary"])
        m.last, m.done = m.last + 1, m.done + 1
        m.read, m.base, m.draft = m.last, m.there, done.document
        if done.clashes:
            m.state = "draft"

    @invariant()
    def businesses_see_what_was_published_and_nothing_else(self) -> None:
        shown = self.elsewhere.catalogue().offers
        for name, m in self.model.items():
            found = self.life.published(*self.id(name))
            assert found == ((sorted_as(m.document), m.version) if m.document is not None else None)
            visible = m.document is not None and m.document.get("status") != "withdrawn"
            assert (self.ids[name] in shown) == visible
            if visible:
                assert m.document is not None
                assert shown[self.ids[name]].summary == m.document["summary"]

    @invariant()
    def the_draft_is_the_one_that_was_saved_last(self) -> None:
        for name, m in self.model.items():
            copy = self.life.working(*self.id(name))
            assert (copy is None) == (m.draft is None)
            if copy is not None:
                told = copy.document, copy.version, copy.base_version, copy.state, copy.by, copy.why
                assert told == (sorted_as(m.draft), m.read, m.base, m.state, m.writer, m.why)

    @invariant()
    def history_loses_nothing_and_versions_only_rise(self) -> None:
        for name, m in self.model.items():
            entries = self.life.history(*self.id(name))[::-1]
            assert entries[: len(m.seen)] == m.seen
            assert len(entries) == m.done
            m.seen = entries
            for published in (True, False):
                versions = [e.version for e in entries if e.is_published is published]
                assert versions == [*range(1, len(versions) + 1)]


def sorted_as(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """Leave out what a record need not say, as the store does."""
    return None if document is None else {k: v for k, v in document.items() if v != [] or k == "areas"}


def test_whatever_curators_do_businesses_see_what_was_published_and_nothing_is_lost(database):
    class Here(Curators):
        life = life_in(database)
        numbers = count()

    run_state_machine_as_test(
        Here,
        settings=settings(
            deadline=None,
            max_examples=20,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert next(Here.numbers) > 1  # it has begun more than once
