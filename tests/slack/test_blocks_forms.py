"""What a broker fills in in Slack: the facts of a client and the small forms, there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks import modals
from bot.slack.blocks.profile_form import chosen, offer_options, profile_modal, read_profile, typed
from knowledge_base.profile import BadProfile, dump_profile, parse_profile
from knowledge_base.words import BUSINESS_STAGES, FACTS, KINDS, LEGAL_FORMS, NEEDS, SECTORS
from tests.core.full import examples
from tests.slack.block_kit_schema import message_faults, modal_faults
from tests.slack.made_up import asks_for_a_person, client, hostile_words


def submitted(view, **typed_in):
    """The state Slack sends for a form: what it was opened with, but for what somebody typed or chose."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: as_sent(element)}
    for block, value in typed_in.items():
        values[block] = {"value": value}
    return {"values": values}


def as_sent(element):
    options = element.get("initial_options", [])
    return {
        "type": element["type"],
        "value": element.get("initial_value"),
        "selected_date": element.get("initial_date"),
        "selected_option": element.get("initial_option"),
        "selected_options": [{"text": each["text"], "value": each["value"]} for each in options],
    }


def text(words):
    return {"type": "plain_text_input", "value": words}


def one(value):
    return {"type": "static_select", "selected_option": {"value": value}}


def some(*values):
    return {"type": "multi_static_select", "selected_options": [{"value": value} for value in values]}


def read(**typed_in):
    return read_profile(submitted(profile_modal(client()), **typed_in))


numbers = st.one_of(
    st.integers(0, 10**12),
    st.decimals(0, 10**6, places=2).map(float),
    st.decimals(0, 1000, places=3).map(float),
)
ranges = st.one_of(
    numbers,
    st.tuples(numbers, numbers)
    .map(sorted)
    .filter(lambda ends: ends[0] < ends[1])
    .map(lambda ends: {"from": ends[0], "to": ends[1]}),
    numbers.map(lambda low: {"from": low}),
    numbers.map(lambda high: {"to": high}),
)
sums = st.tuples(ranges, st.sampled_from(["GBP", "EUR", "SEK", "USD", "HUF"])).map(
    lambda told: {**(told[0] if isinstance(told[0], dict) else {"amount": told[0]}), "currency": told[1]}
)
ids = st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10}){0,3}", fullmatch=True)
facts = {
    "employees": ranges,
    "place": st.sampled_from(["Dudley", "DY1 2AB", "Jönköping", "Newport, Shropshire"]),
    "sector": st.sampled_from(list(SECTORS)),
    "turnover": sums,
    "trading_months": ranges,
    "legal_form": st.sampled_from(LEGAL_FORMS),
    "stage": st.sampled_from(BUSINESS_STAGES),
    "amount": sums,
    "deadline": st.dates().map(lambda day: day.isoformat()),
    "languages": st.lists(st.sampled_from(["en", "sv", "cy", "fr"]), min_size=1, max_size=4, unique=True),
    "refuses": st.lists(st.sampled_from(KINDS), min_size=1, max_size=5, unique=True),
    "done": st.lists(ids, min_size=1, max_size=5, unique=True),
    "subsidy_received": sums,
}


@st.composite
def profiles(draw):
    told = draw(st.lists(st.sampled_from(FACTS), unique=True))
    refused = draw(st.lists(st.sampled_from([each for each in FACTS if each not in told] or FACTS[:0]),
                            unique=True)) if len(told) < len(FACTS) else []  # fmt: skip
    profile = {fact: draw(facts[fact]) for fact in told}
    return {**profile, "refused": refused} if refused else profile


@settings(deadline=None, max_examples=examples(400, 80))
@given(profile=profiles())
def test_a_form_that_nobody_touches_gives_back_what_was_known(profile):
    view = profile_modal(client(**profile))

    given_back, errors = read_profile(submitted(view))

    assert modal_faults(view) == []
    assert errors == {}
    told, back = dump_profile(parse_profile(profile)), dump_profile(parse_profile(given_back))
    assert {**back, "refused": sorted(back.get("refused", []))} | {
        name: sorted(back.get(name, [])) for name in ("languages", "refuses", "done")
    } == {**told, "refused": sorted(told.get("refused", []))} | {
        name: sorted(told.get(name, [])) for name in ("languages", "refuses", "done")
    }


def test_every_fact_has_a_field_of_its_own():
    fields = [block["block_id"] for block in profile_modal(client())["blocks"] if block["type"] == "input"]

    assert fields == [*FACTS, "refused"]


@pytest.mark.parametrize(
    ("typed_in", "told"),
    [
        ("14", 14),
        ("10 to 15", {"from": 10, "to": 15}),
        ("10-15 people", {"from": 10, "to": 15}),
        ("between 10 and 15", {"from": 10, "to": 15}),
        ("at least 5", {"from": 5}),
        ("up to 249", {"to": 249}),
        ("1,200", 1200),
        ("about 60 staff", 60),
        ("250+", {"from": 250}),
    ],
)
def test_a_head_count_is_read_as_people_write_it(typed_in, told):
    assert read(employees=text(typed_in)) == ({"employees": told}, {})


@pytest.mark.parametrize(
    ("typed_in", "told"),
    [
        ("£50,000", {"amount": 50_000, "currency": "GBP"}),
        ("50k", {"amount": 50_000, "currency": "GBP"}),
        ("£20 to 50k", {"from": 20_000, "to": 50_000, "currency": "GBP"}),
        ("£1.2m", {"amount": 1_200_000, "currency": "GBP"}),
        ("500 000 SEK", {"amount": 500_000, "currency": "SEK"}),
        ("€12.500,50", {"amount": 12_500.5, "currency": "EUR"}),
        ("up to £10m", {"to": 10_000_000, "currency": "GBP"}),
        ("0", {"amount": 0, "currency": "GBP"}),
    ],
)
def test_a_sum_is_read_as_people_write_it(typed_in, told):
    assert read(amount=text(typed_in)) == ({"amount": told}, {})


@pytest.mark.parametrize(
    ("typed_in", "told"), [("18", 18), ("2 years", 24), ("1 to 2 years", {"from": 12, "to": 24})]
)
def test_a_time_is_read_in_months_or_years(typed_in, told):
    assert read(trading_months=text(typed_in)) == ({"trading_months": told}, {})


@pytest.mark.parametrize(
    ("fact", "typed_in", "says"),
    [
        ("employees", "lots", "not a number we can read"),
        ("employees", "£14", "This is a number, not money"),
        ("employees", "15 to 10", "write the smaller one first"),
        ("employees", "1.2345.6", "two ways"),
        ("amount", "£5 to €10", "two currencies"),
        ("amount", "5 XQZ", "not a currency in use"),
        ("amount", "9" * 40, "too long"),
        ("trading_months", "£12", "This is a time, not money"),
        ("place", "x" * 300, "at most 200"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_in_plain_words(fact, typed_in, says):
    profile, errors = read(**{fact: text(typed_in)})

    assert fact not in profile
    assert list(errors) == [fact]
    assert says in errors[fact]
    assert "{" not in errors[fact]


@settings(deadline=None, max_examples=examples(500, 120))
@given(
    words=hostile_words, fact=st.sampled_from(["employees", "place", "turnover", "amount", "trading_months"])
)
def test_whatever_is_typed_is_read_or_refused_and_never_kept_unread(words, fact):
    profile, errors = read(**{fact: text(words)})

    assert not (fact in profile and fact in errors)
    parse_profile(profile)
    assert all(0 < len(each) <= 300 for each in errors.values())


def test_what_the_client_would_rather_not_say_is_kept_as_that():
    profile, errors = read(turnover=text("£1m"), refused=some("turnover", "place"))

    assert (profile, errors) == ({"refused": ["turnover", "place"]}, {})


def test_a_fact_can_be_taken_out_again():
    view = profile_modal(client(employees=14, place="Dudley", sector="manufacturing"))

    assert read_profile(submitted(view, cleared=some("sector", "place"))) == ({"employees": 14}, {})


def test_a_form_that_somebody_tampered_with_is_read_without_harm():
    for state in (
        {},
        {"values": None},
        {"values": []},
        {"values": {"employees": None}},
        {"values": {"done": 3}},
    ):
        assert read_profile(state) == ({}, {})
    profile, errors = read(
        sector=one("<!channel>"), refused=some("no_such_fact"), deadline={"selected_date": "soon"}
    )
    assert "refused" not in profile
    assert errors == {"deadline": "This is not a day: choose one, or write it as 2027-03-31."}


@settings(deadline=None, max_examples=examples(100, 25))
@given(name=hostile_words, place=hostile_words)
def test_a_form_can_be_opened_whatever_a_client_is_called_and_was_told(name, place):
    owner = replace(client(name, place=place, done=[place or "x"], languages=[name or "en"]), note=place)
    colleagues = [("b1", name), ("b2", place)]
    referral = asks_for_a_person(name=name, words=place)
    made = [
        profile_modal(owner, name_of=lambda offer: place, errors={"place": place}),
        modals.needs_modal(owner),
        modals.note_modal(owner),
        modals.rename_modal(owner),
        modals.hand_over_modal(owner, colleagues),
        modals.hand_over_modal(owner, []),
        modals.pass_on_modal(referral, [("t1", name)], colleagues),
        modals.pass_on_modal(referral, []),
        modals.outcome_modal(referral),
        modals.decline_modal(referral),
        modals.answer_modal(referral),
    ]

    assert [modal_faults(view) for view in made] == [[] for _ in made]


def test_the_needs_of_a_client_are_chosen_from_all_sixteen_and_keep_their_order():
    view = modals.needs_modal(client())
    [block] = view["blocks"]

    assert [each["value"] for each in block["element"]["options"]] == list(NEEDS)
    assert modals.read_needs({"values": {"needs": {"value": some("premises", "finance")}}}) == (
        ("premises", "finance"),
        {},
    )
    assert modals.read_needs({"values": {}})[1] == {
        "needs": "Choose at least one: a roadmap is for something."
    }


def test_a_referral_is_passed_on_to_a_colleague_or_to_a_team():
    view = modals.pass_on_modal(
        asks_for_a_person(team="t0"), [("t0", "Ours"), ("t1", "Theirs")], [("b1", "Bo")]
    )
    values = [each["value"] for each in view["blocks"][0]["element"]["options"]]

    assert [modals.read_to(each) for each in values] == [("broker", "b1"), ("team", "t1")]
    assert modals.read_to("nobody:x") is None
    assert modals.read_to(None) is None


def test_what_was_typed_into_a_small_form_is_read_trimmed_and_without_control_characters():
    state = {"values": {"note": {"value": text("  one\x00\r\n two  ")}, "outcome": {"value": one("helped")}}}

    assert typed(state, "note", lines=True) == "one\ntwo"
    assert chosen(state, "outcome") == "helped"
    assert typed(state, "nothing") == ""


def test_a_form_that_carries_more_than_slack_does_is_refused_here():
    with pytest.raises(ValueError, match="private_metadata"):
        modals.note_modal(client(), keep="x" * 3001)


def test_offers_are_found_as_somebody_types_a_hundred_at_most():
    found = offer_options((f"offer-{number}", f"Offer {number}") for number in range(300))["options"]

    assert len(found) == 100
    assert found[0]["value"] == "offer-0"


def test_the_check_itself_refuses_what_slack_refuses():
    def section(words):
        return {"type": "section", "text": {"type": "mrkdwn", "text": words}}

    assert message_faults("Fine", [section("<https://example.org|Fine> &amp; well")]) == []
    for words in ("", "x" * 3001, "<!channel>", "<@U1>", "a < b", "a & b", "call @here", "💷" * 1600):
        assert message_faults("Fine", [section(words)]) != []
    assert message_faults("<!here>", [section("Fine")]) != []
    assert message_faults("Fine", [section("Fine")] * 51) != []
    assert message_faults("Fine", [section("x" * 2900)] * 4) != []
    assert message_faults("Fine", []) != []
    with pytest.raises(BadProfile):
        parse_profile({"employees": "lots"})
