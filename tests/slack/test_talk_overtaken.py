"""What was made from a client as it was goes onto what colleagues wrote meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.talk.planning import Planning, merged
from knowledge_base.brokers.records import Client
from tests.slack.signing import command
from tests.slack.talking import DUDLEY, NOW, Talking

NEEDS = st.lists(st.sampled_from(("finance", "export_markets", "sustainability")), unique=True).map(tuple)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.integers(1, 30),
        "place": st.sampled_from(("Dudley", "Cardiff")),
        "legal_form": st.just("limited_company"),
    },
)
STATES = st.tuples(NEEDS, FACTS, st.sampled_from((None, "one", "two")))


def client(needs: tuple[str, ...], profile: dict[str, object], roadmap: str | None) -> Client:
    return Client("c", "t", None, "Example", needs, profile, roadmap, "s", "", None, NOW, NOW, 1)


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def overtaken(talk: Talking, was: Client) -> None:
    """Have a colleague tell another number of employees, and one more need."""
    talk.advice.clients.keep(
        was.id,
        needs=(*was.needs, "sustainability"),
        profile={**was.profile, "employees": 22},
        roadmap=was.roadmap,
        version=was.version,
        now=talk.clock(),
    )


def test_a_note_that_was_overtaken_leaves_what_a_colleague_wrote(talk: Talking, metalworks: Client) -> None:
    overtaken(talk, metalworks)
    told = {**metalworks.profile, "legal_form": "limited_company"}

    Planning(talk.door, talk.advice).note(
        metalworks, (*metalworks.needs, "export_markets"), told, metalworks.roadmap
    )

    now = talk.client_now(metalworks)
    assert now.profile == {**told, "employees": 22}
    assert now.needs == (*metalworks.needs, "sustainability", "export_markets")


def test_a_roadmap_that_was_overtaken_is_planned_with_what_a_colleague_told(
    talk: Talking, metalworks: Client
) -> None:
    overtaken(talk, metalworks)
    told = {**metalworks.profile, "legal_form": "limited_company"}

    planned = Planning(talk.door, talk.advice).ask(metalworks, metalworks.needs, told)

    now = talk.client_now(metalworks)
    assert now == planned.client
    assert now.profile == {**told, "employees": 22}
    assert talk.document(metalworks)["profile"] == now.profile
    assert "sustainability" in talk.document(metalworks)["needs"]


@settings(deadline=None, max_examples=100)
@given(STATES, STATES, STATES)
def test_who_alone_changed_something_has_it_and_neither_loses_a_fact(before, told, there) -> None:
    was, mine, theirs = (client(*each) for each in (before, told, there))

    assert merged(was, mine, was) == mine
    assert merged(was, was, theirs) == theirs
    both = merged(was, mine, theirs)
    assert both == merged(was, mine, replace(both))
    for fact, value in mine.profile.items():
        if was.profile.get(fact) != value:
            assert both.profile[fact] == value
    for fact, value in theirs.profile.items():
        if was.profile.get(fact) == mine.profile.get(fact):
            assert both.profile[fact] == value
