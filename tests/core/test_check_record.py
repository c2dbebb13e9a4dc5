"""One record is checked as it would stand among all others, without looking at all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import content_check
from knowledge_base.catalogue import dump_offer, dump_provider, read_pack
from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.checks.links import use_findings
from knowledge_base.checks.needed_first import unreachable
from knowledge_base.checks.schema import schema_findings, validator
from knowledge_base.content_check import check_record, check_records
from knowledge_base.records import Amount, Catalogue, Offer, Provider, Source, Window
from knowledge_base.schemas import offer_schema, provider_schema
from knowledge_base.services import PACK
from tests.core.builders import AREAS, TODAY, closed, dated, employs, in_words, is_within, offer, rolling

IDS = tuple("abcdefg")
COUNCIL, TRUST = Provider("council", "Council", "public"), Provider("trust", "Trust", "charity")


def whole(record: Offer | Provider, catalogue: Catalogue, on: date) -> list[Finding]:
    """The same by the check of everything, which was how one record was checked at first."""
    if isinstance(record, Offer):
        offers = {**catalogue.offers, record.id: record}
        held = Held(offers, catalogue.providers, catalogue.areas, {}, on)
        file, raw, schema = held.file(record.id), dump_offer(record), offer_schema()
    else:
        held = Held(catalogue.offers, {**catalogue.providers, record.id: record}, catalogue.areas, {}, on)
        file, raw, schema = held.provider_file(record.id), dump_provider(record), provider_schema()
    findings = [Finding.of_fault(fault) for fault in content_check._reference_faults(held, None, False)]
    shapes = schema_findings(validator(schema), raw, file)
    for found in (content_check._across(held), shapes, use_findings(held)):
        findings += content_check._unsaid(found, findings)
    before = check_records(catalogue, {}, on)
    others = [f for f in findings if f.file != file and f.severity == "error" and f not in before]
    return content_check._in_order([*(f for f in findings if f.file == file), *others])


names = st.sampled_from(
    [
        "Grow",
        "Grow 2026",
        "Grow 2027",
        "Grow scheme",
        "Green growth grants",
        "Green growth grant",
        "Øvrige",
        "KTP",
    ]
)
some = st.lists(st.sampled_from([*IDS, "gone"]), max_size=3).map(tuple)
one = st.none() | st.sampled_from([*IDS, "gone"])
areas = st.lists(st.sampled_from(["wales", "dudley", "black-country", "sweden", "nowhere"]), max_size=2).map(
    tuple
)
windows = st.sampled_from(
    [rolling(), closed("2026-01-01"), dated(date(2026, 12, 1), date(2027, 1, 1)), Window("unknown"),
     dated(date(2027, 2, 1), date(2027, 1, 1))]
)  # fmt: skip
criteria = st.lists(
    st.sampled_from(
        [employs(9, None), employs(None, 1), in_words("Ask first"), is_within("wales"), is_within("atlantis")]
    ),
    max_size=2,
).map(tuple)


@st.composite
def offers(draw: st.DrawFn, id: str, links: bool = True) -> Offer:
    return replace(
        offer(id, draw(st.sampled_from(["grant", "loan"]))),
        name=draw(names),
        aliases=tuple(draw(st.lists(names, max_size=2))),
        provider=draw(st.sampled_from(["council", "trust", "nobody", ""])),
        status=draw(st.sampled_from(["published", "published", "draft", "withdrawn"])),
        audience=draw(st.sampled_from(["owner", "broker"])),
        areas=draw(areas),
        needs=draw(st.sampled_from([("finance",), ()])),
        criteria=draw(criteria),
        window=draw(windows),
        amount=draw(st.sampled_from([Amount(), Amount(None, max=Decimal(5)), Amount("SEK", max=Decimal(5))])),
        requires=draw(some),
        leads_to=draw(some),
        excludes=draw(some),
        succeeded_by=draw(one),
        part_of=draw(one),
        series=draw(st.sampled_from([None, None, "rounds"])),
        source=Source(draw(st.sampled_from(["https://example.org/a", None]))),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    ids = draw(st.sets(st.sampled_from(IDS), min_size=1))
    providers = [each for each in (COUNCIL, TRUST) if draw(st.booleans())]
    return Catalogue.of(AREAS, [draw(offers(id)) for id in sorted(ids)], providers)


@given(catalogues(), st.sampled_from(IDS).flatmap(offers))
@settings(deadline=None, max_examples=300)
def test_an_offer_new_or_changed_has_the_faults_that_the_check_of_everything_finds(
    catalogue: Catalogue, record: Offer
):
    assert check_record(record, catalogue, TODAY) == whole(record, catalogue, TODAY)


@given(
    catalogues(),
    st.sampled_from(["council", "trust", "another"]),
    st.lists(st.sampled_from(["wales", "nowhere", "sweden"]), max_size=3).map(tuple),
)
@settings(deadline=None, max_examples=150)
def test_a_provider_has_the_faults_that_the_check_of_everything_finds(
    catalogue: Catalogue, id: str, where: tuple[str, ...]
):
    record = Provider(id, "Some name", "public", areas=where)

    assert check_record(record, catalogue, TODAY) == whole(record, catalogue, TODAY)


@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=14),
    st.sampled_from(IDS),
    st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    st.sampled_from(["requires", "succeeded_by", "part_of"]),
)
@settings(deadline=None, max_examples=400)
def test_every_circle_a_change_closes_is_told_and_none_that_was_there(
    links: list[tuple[str, str]], id: str, to: tuple[str, ...], field: str
):
    named = {each: tuple(dict.fromkeys(b for a, b in links if a == each)) for each in IDS}

    def made(each: str, to: tuple[str, ...]) -> Offer:
        value = to if field == "requires" else next(iter(to), None)
        return replace(offer(each, "grant"), name=f"Offer {each}", **{field: value})

    catalogue = Catalogue.of(AREAS, [made(each, to) for each, to in named.items()], [COUNCIL])
    record = made(id, to)
    found = check_record(record, catalogue, TODAY)

    assert found == whole(record, catalogue, TODAY)
    before = {f.heading for f in check_records(catalogue, {}, TODAY) if f.file != f"offers/{id}"}
    assert not {f.heading for f in found if f.file != f"offers/{id}"} & before


@given(catalogues(), st.randoms())
@settings(deadline=None, max_examples=150)
def test_what_bars_an_offer_does_not_hang_on_the_order_of_the_records(catalogue: Catalogue, random):
    shuffled = list(catalogue.offers.values())
    random.shuffle(shuffled)
    held = Held(catalogue.offers, {}, catalogue.areas, {}, TODAY)
    other = Held({each.id: each for each in shuffled}, {}, catalogue.areas, {}, TODAY)

    assert unreachable(held) == unreachable(other)


def test_what_is_needed_by_way_of_two_is_looked_at_before_either():
    never = replace(offer("b", "grant"), criteria=(employs(9, None), employs(None, 1)))
    among = [
        replace(offer("a", "grant"), requires=("b", "c")),
        never,
        replace(offer("c", "grant"), requires=("b",)),
    ]
    held = Held({each.id: each for each in among}, {}, {}, {}, TODAY)

    assert {id: barred.heading for id, barred in unreachable(held).items()} == {
        "a": "it requires 'b', which can never be reached",
        "b": "nobody can meet its conditions",
        "c": "it requires 'b', which can never be reached",
    }


@pytest.fixture(scope="module")
def pack() -> Catalogue:
    return read_pack(PACK).catalogue()


@pytest.mark.parametrize("change", ["as it is", "withdrawn", "renamed", "leads on", "requires in a circle"])
def test_records_of_the_starter_pack_have_the_same_faults_either_way(pack: Catalogue, change: str):
    ids = list(pack.offers)
    for n in range(0, len(ids), 120):
        record, other = pack.offers[ids[n]], pack.offers[ids[-1 - n]]
        needing = next(each for each in pack.offers.values() if each.requires)
        changed = {
            "as it is": record,
            "withdrawn": replace(record, status="withdrawn"),
            "renamed": replace(record, name=other.name, aliases=other.aliases, provider=other.provider),
            "leads on": replace(
                record, leads_to=(other.id, "gone"), part_of=other.id, succeeded_by=record.id
            ),
            "requires in a circle": replace(pack.offers[needing.requires[0]], requires=(needing.id,)),
        }[change]

        assert check_record(changed, pack, TODAY) == whole(changed, pack, TODAY), changed.id


def test_a_very_long_chain_of_requirements_is_followed_to_its_end():
    chain = [
        replace(offer(f"o{n}", "grant"), name=f"Offer {n}", requires=(f"o{n + 1}",)) for n in range(3000)
    ]
    last = replace(offer("o3000", "grant"), name="Last", requires=("o0",))
    catalogue = Catalogue.of(
        AREAS, [*chain, replace(last, requires=())], [Provider("example-council", "C", "public")]
    )
    (circle,) = [f for f in check_record(last, catalogue, TODAY) if f.field == "requires"]

    assert (circle.file, circle.severity) == ("offers/o0", "error")
    assert "which is a circle" in circle.heading
