"""Documents in, forms, documents out: what nobody touched stays, and nothing typed is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.desk import environment
from bot.console.forms.controls import number
from bot.console.forms.fields import fields_of, groups_of
from bot.console.forms.form_view import Told, form_view
from bot.console.forms.names import AllNames
from bot.console.forms.state import (
    FormState,
    change_rows,
    choosing_faults,
    document,
    every_row,
    of_document,
    of_posted,
)
from knowledge_base.catalogue import read_pack
from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_dump import dump_offer, dump_provider
from knowledge_base.offer_format import (
    AMOUNT_FIELDS,
    OFFER_FIELDS,
    PROVIDER_FIELDS,
    SOURCE_FIELDS,
    WINDOW_FIELDS,
    parse_offer,
)
from knowledge_base.records import Area, Catalogue, Offer, Provider
from knowledge_base.services import PACK
from knowledge_base.words import FACTS, NEEDS
from tests.console.filled_form import FilledForm

RECORDS = read_pack(PACK).catalogue(published_only=False)
NAMES = AllNames.of(RECORDS)
TEMPLATES = environment()
SCRIPT = "<script>alert('1')</script>"
BY_BUTTONS = {"status"}  # what the buttons of a record set, not its form
BY_OTHERS = {"editions"}  # what other parts of the console look after

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)
texts = words | st.sampled_from(
    ["", " a ", "two\nlines", "a\r\nb", "\n\nc", "[x]", "Wales [wales]", SCRIPT, "1,000"]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
lists = st.lists(texts | st.sampled_from([*NEEDS, "wales", "dudley", "en", "sv"]), max_size=4)
SUB = {
    "amount": AMOUNT_FIELDS,
    "window": WINDOW_FIELDS,
    "source": SOURCE_FIELDS,
    "assured": ("by", "on", "until"),
}  # fmt: skip
values = st.one_of(texts, lists, st.integers(0, 10**9), st.floats(0, 1e6), st.none(), anything)
parts = {name: st.dictionaries(st.sampled_from(fields), values) for name, fields in SUB.items()}
bounds = st.none() | st.integers(0, 999) | st.floats(0, 9) | texts
conditions: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "fact": st.sampled_from(FACTS) | anything,
            "between": st.lists(bounds, min_size=2, max_size=2) | anything,
            "one_of": lists | anything,
            "none_of": lists,
            "within": lists,
            "currency": texts,
            "words": texts,
            "source": parts["source"],
            "unheard_of": anything,
        },
    ),
    lambda inner: st.fixed_dictionaries({"any_of": st.lists(inner, max_size=3), "words": texts}),
    max_leaves=6,
)  # fmt: skip
documents = st.fixed_dictionaries(
    {},
    optional={name: values for name in OFFER_FIELDS if name not in (*SUB, "criteria")}
    | {name: part | anything for name, part in parts.items()}
    | {"criteria": st.lists(conditions, max_size=4) | anything, "unheard_of": anything},
)


def page(state: FormState, faults: tuple[Told, ...] = ()) -> str:
    """The fields of a form as a page holds them."""
    template = TEMPLATES.from_string(
        '{% from "console/record_fields.html" import box, condition, adding %}<form class="record">'
        '<input type="hidden" name="kept" value="{{ form.kept }}">'
        "{% for group in form.groups %}{% for field in group.fields %}{{ box(field) }}{% endfor %}"
        "{% endfor %}"
        "{% for row in form.rows %}{{ condition(row, form.kinds) }}{% endfor %}</form>"
    )
    return template.render(form=form_view(state, NAMES, faults))


def through(record: Any, record_type: str = "offer") -> Any:
    """A document, through a form in a page, as it comes back."""
    shown = FilledForm(page(of_document(record_type, record, NAMES)))
    return document(of_posted(record_type, shown.pairs), NAMES)


@pytest.mark.parametrize("offer", RECORDS.offers.values(), ids=lambda offer: offer.id)
def test_an_offer_of_the_starter_pack_comes_back_from_its_form_as_it_was(offer: Offer):
    record = json.loads(json.dumps(dump_offer(offer)))

    assert through(record) == record


def test_every_provider_of_the_starter_pack_comes_back_from_its_form_as_it_was():
    for provider in RECORDS.providers.values():
        assert through(dump_provider(provider), "provider") == dump_provider(provider)


@settings(deadline=None, max_examples=150)
@given(documents)
def test_whatever_a_document_holds_comes_back_from_its_form_as_it_was(record: Any):
    record = json.loads(json.dumps(record))

    assert through(record) == record


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.sampled_from([*PROVIDER_FIELDS, "unheard_of"]), values))
def test_whatever_a_provider_holds_comes_back_from_its_form_as_it_was(record: Any):
    record = json.loads(json.dumps(record))

    assert through(record, "provider") == record


@settings(deadline=None, max_examples=100)
@given(documents, texts)
def test_a_changed_name_changes_nothing_but_the_name(record: Any, name: str):
    record = json.loads(json.dumps(record))
    state = of_document("offer", record, NAMES)
    state.texts["name"] = [f"{name} changed"]

    made = document(state, NAMES)

    assert str(made.pop("name")).endswith("changed")
    record.pop("name", None)
    assert made == record


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(
            texts | st.sampled_from(["kept", "criteria[0].kept", "criteria[0].any_of[2].fact", "do"]),
            texts | anything,
        )
    )
)
def test_whatever_is_posted_a_form_can_be_shown_of_it(pairs: Any):
    state = of_posted("offer", pairs)

    made = document(state, NAMES)

    assert FilledForm(page(state)).pairs
    assert json.dumps(made)


def test_every_field_of_the_format_is_in_the_form_or_looked_after_elsewhere():
    shown = {field.path[0] for field in fields_of("offer")} | {"criteria"}

    assert shown | BY_BUTTONS | BY_OTHERS == {*OFFER_FIELDS} | BY_OTHERS
    assert {field.name for field in fields_of("provider")} == {*PROVIDER_FIELDS}


def test_every_field_has_the_schemas_own_words_beside_it():
    without = [field.name for kind in ("offer", "provider") for field in fields_of(kind) if not field.hint]

    assert without == []
    assert sum(group.conditions for group in groups_of("offer")) == 1


def offer_form(**fields: Any) -> FormState:
    record = {"name": "Example grant", "kind": "grant", **fields}
    return of_document("offer", record, NAMES)


def test_areas_are_chosen_by_name_and_kept_by_their_codes():
    state = offer_form(areas=["wales"])
    state.texts["areas"] = ["Wales [wales]", "dudley", "West Midlands Combined Authority"]

    made = document(state, NAMES)

    assert made["areas"][:2] == ["wales", "dudley"]
    assert all(code in RECORDS.areas for code in made["areas"])


def test_a_name_of_nothing_is_named_beside_its_field_with_the_closest():
    state = offer_form()
    state.texts["areas"] = ["Wales [wales]", "Wlaes"]

    (fault,) = choosing_faults(state, NAMES, "example-grant")

    assert fault.field == "areas[1]"
    assert "Wlaes" in fault.what
    assert "Wales [wales]" in fault.remedy


def test_the_main_need_stands_first_and_the_others_keep_their_order():
    state = offer_form(needs=["finance", "scale_up", "premises"])
    state.texts["needs"] = ["premises", "finance", "premises", "export_markets"]

    assert document(state, NAMES)["needs"] == ["premises", "finance", "export_markets"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("5,000", 5000), ("5 000", 5000), ("12.5", 12.5), ("1,00", "1,00"), ("five", "five"), ("-1", "-1"),
     ("1e9", "1e9"), ("9" * 400, "9" * 400), ("nan", "nan"), ("٣", "٣"), ("5.0", 5)],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it_and_what_is_none_stays_as_typed(typed: str, kept: Any):
    assert number(typed) == kept


def test_a_condition_is_added_filled_and_read_back_as_one_that_can_be_tested():
    state = offer_form()
    assert change_rows(state, "add", "turnover")
    row = state.rows[0]
    row.texts |= {
        "low": [""],
        "high": ["10,000,000"],
        "currency": ["GBP"],
        "words": ["You turn over at most £10m"],
    }

    made = document(state, NAMES)

    expected = {
        "fact": "turnover",
        "between": [None, 10_000_000],
        "currency": "GBP",
        "words": "You turn over at most £10m",
    }
    assert made["criteria"] == [expected]
    assert parse_offer("example-grant", made).criteria[0].testable
    assert "£10,000,000" in form_view(state, NAMES).rows[0].sentence


def test_conditions_are_added_to_a_group_moved_and_removed():
    state = offer_form(criteria=[{"words": "You have a plan"}])
    assert change_rows(state, "add", "any_of")
    assert change_rows(state, "add:criteria[1]", "sector")
    assert change_rows(state, "add:criteria[1]", "words")
    state.rows[1].members[0].texts |= {
        "test": ["none_of"],
        "values": ["manufacturing"],
        "words": ["You make nothing"],
    }
    state.rows[1].members[1].texts["words"] = ["You are new"]
    state.rows[1].texts["words"] = ["You make nothing, or are new"]
    assert change_rows(state, "up:criteria[1]", "")

    made = document(state, NAMES)["criteria"]

    assert made[1] == {"words": "You have a plan"}
    assert made[0]["any_of"] == [
        {"fact": "sector", "none_of": ["manufacturing"], "words": "You make nothing"},
        {"words": "You are new"},
    ]
    assert change_rows(state, "remove:criteria[0].any_of[1]", "")
    assert len(document(state, NAMES)["criteria"][0]["any_of"]) == 1


def test_the_last_condition_can_be_removed():
    state = offer_form(criteria=[{"words": "You have a plan"}])

    assert change_rows(state, "remove:criteria[0]", "")

    assert "criteria" not in document(state, NAMES)


presses_of_buttons = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "up", "more"]),
        st.sampled_from(
            ["", "criteria[0]", "criteria[1]", "criteria[0].any_of[0]", "criteria[999]", "x", "criteria"]
        ),
        st.sampled_from([*FACTS, "any_of", "words", "", "x"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=100)
@given(presses_of_buttons)
def test_buttons_in_any_order_leave_a_form_that_can_be_shown(presses: Any):
    state = offer_form(criteria=[{"words": "You have a plan"}])
    for verb, path, kind in presses:
        change_rows(state, f"{verb}:{path}" if path else verb, kind)

    assert len(FilledForm(page(state)).pairs) > 10
    assert all(row.fields for _, row in every_row(state.rows))


def test_every_fault_of_reading_stands_beside_the_field_it_is_about():
    state = offer_form(criteria=[{"fact": "employees", "between": [1, 5], "words": "You are few"}])
    state.texts |= {
        "amount.max": ["lots"],
        "window.opens": ["soon"],
        "source.url": ["example.org"],
        "hours": ["x"],
    }
    state.rows[0].texts |= {"low": ["9"], "high": ["5"]}
    with pytest.raises(BadCatalogue) as bad:
        parse_offer("example-grant", document(state, NAMES))
    faults = tuple(Told(fault.field, fault.what, fault.remedy) for fault in bad.value.faults)

    view = form_view(state, NAMES, faults)
    html = page(state, faults)

    assert len(faults) == 5
    assert all(href for href, _, _ in view.summary)
    assert all(f'id="{href[1:]}"' in html for href, _, _ in view.summary)
    assert html.count('class="fault error"') == 5
    assert {"lots", "soon", "example.org"} <= {value for _, value in FilledForm(html).pairs}


@settings(deadline=None, max_examples=60)
@given(documents)
def test_no_text_of_a_record_becomes_part_of_the_page(record: Any):
    state = of_document("offer", json.loads(json.dumps(record)), NAMES)
    for field in fields_of("offer"):
        state.texts[field.name] = [*state.told(field.name), SCRIPT]
    for _, row in every_row(state.rows):
        row.texts = {field.name: [SCRIPT] for field in row.fields}

    html = page(state, (Told("name", SCRIPT, SCRIPT), Told("criteria[0]", SCRIPT, SCRIPT)))

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_list_of_names_too_long_for_a_browser_is_not_sent_to_it():
    many = [Provider(f"p{i}", f"Example {i}", "public") for i in range(3_001)]
    names = AllNames.of(Catalogue.of([Area("wales", "Wales")], [], many))

    assert names.providers.options() == []
    assert names.providers.read("Example 7") == "p7"
