"""Clients, roadmaps and hostile words for what Slack is shown. Every business here is an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

import knowledge_base
from knowledge_base.brokers.records import Client, Referral
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.documents import roadmap_document
from knowledge_base.view import View
from knowledge_base.words import NEEDS
from tests.core.builders import TODAY
from tests.core.busy_worlds import busy_world
from tests.core.test_roadmap_starter_pack import some_business
from tests.core.worlds import world

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
Document = dict[str, Any]

HOSTILE = (
    "<!channel> <!here> <@U012345> <#C012345|general> <!subteam^S01>",
    "@here @channel @everyone please",
    "*bold* _italic_ ~gone~ `code` ```block``` > quote",
    "a|b>c<d&e&amp;&lt;!channel&gt;",
    "<https://example.org|click here>",
    "]]> <script>alert(1)</script>",
    "\u202eright to left\u202c and \x00\x07\x1b[31m",
    "line one\nline two\r\n\r\n\r\nline three\u2028four",
    "\ud800 alone",
    "&" * 400,
    "<" * 3100,
    "💷" * 2000,
    "word " * 1500,
    "nobreak" * 900,
    " ",
    "",
    ":tada: :+1:",
)
hostile_words = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=400),
    st.builds(lambda words, times: words * times, st.text(min_size=1, max_size=8), st.integers(1, 900)),
)


def client(name: str = "Example Metalworks Ltd", **facts: Any) -> Client:
    """A client of a broker, with these facts told."""
    return Client(
        id="K3Q7-XM2P",
        team="example-team",
        broker="example-broker",
        name=name,
        needs=("finance",),
        profile=facts,
        roadmap=None,
        session="example-session",
        note="",
        archived=None,
        created=NOW,
        touched=NOW,
        version=1,
    )


def asks_for_a_person(**fields: Any) -> Referral:
    """A referral nobody has taken yet."""
    bare = Referral(
        code="FP-7KQ2",
        session="example-session",
        name="Ada Example",
        contact="ada@example.org",
        words="We want to talk to somebody about a loan",
        needs=("finance",),
        areas=("dudley",),
        roadmap_id="r1",
        consent_at=NOW,
        recap=("14 people in Dudley", "They make things"),
    )
    return replace(bare, **fields)


def made_up_roadmap(seed: int) -> Document:
    """What the engine makes of a small made-up world, a sparse one or a busy one."""
    made = busy_world(seed) if seed % 2 else world(seed)
    view = View.of(made.catalogue())
    return roadmap_document(view.roadmap(made.needs, made.profile, TODAY, turned_down=made.turned_down))


@cache
def starter_view() -> View:
    return View.of(read_starter_pack(Path(knowledge_base.__file__).parent / "content"))


def real_roadmap(seed: int) -> Document:
    """What the engine makes of the starter pack for a business with random facts and needs."""
    chance = Random(f"slack {seed}")
    profile = some_business(chance)
    needs = chance.sample(NEEDS, chance.randint(1, 5))
    return roadmap_document(starter_view().roadmap(needs, profile, TODAY))


RECORDS_WORDS = "name provider summary cost words title window evidence reason checked url"
SPOKEN = frozenset(RECORDS_WORDS.split())
LISTED = frozenset({"why", "unsure", "to_check", "prepare", "assumptions"})


def spoilt(document: Any, words: list[str], chance: Random) -> Any:
    """Put hostile words wherever a record's words stand in a roadmap; ids, codes and days stay."""
    if isinstance(document, list):
        return [spoilt(each, words, chance) for each in document]
    if not isinstance(document, dict):
        return document
    out = {}
    for key, value in document.items():
        if key in LISTED and isinstance(value, list):
            out[key] = [chance.choice(words) for _ in range(max(1, len(value)))]
        elif key in SPOKEN and isinstance(value, str):
            out[key] = chance.choice(words)
        else:
            out[key] = spoilt(value, words, chance)
    return out


def lengthened(document: Document, times: int) -> Document:
    """The same roadmap with its steps many times over, each under an id of its own."""
    phases = [
        {
            **phase,
            "steps": [
                {**step, "offer": f"{step['offer']}-{number}"}
                for number in range(times)
                for step in phase["steps"]
            ],
        }
        for phase in document["phases"]
    ]
    return {**document, "phases": phases}
