"""A curator meets the same words for a field in the form, in a difference and where columns are mapped."""

from __future__ import annotations

import pytest

from bot.console.forms.fields import fields_of
from bot.console.import_forms import _grouped
from knowledge_base.differences import difference
from knowledge_base.field_labels import LABELS, in_order, label_of
from knowledge_base.interchange.guessing import guess
from knowledge_base.interchange.targets import RECORD_TYPES, TARGETS
from knowledge_base.schemas import offer_schema, provider_schema
from tests.interchange.taking import WORDS, opened
from tests.interchange.test_strangers_tables import table

OWN_FORMAT = ", in our own format"


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_form_and_the_mapping_call_a_field_the_same(record_type: str) -> None:
    in_the_form = {field.name: field.label for field in fields_of(record_type)}
    in_the_mapping = {
        path: target.label.removesuffix(OWN_FORMAT)
        for path, target in TARGETS[record_type].items()
        if target.own
    }

    assert in_the_form.items() <= in_the_mapping.items()


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_a_difference_calls_each_field_of_the_form_as_the_form_does(record_type: str) -> None:
    for field in fields_of(record_type):
        part, _, last = field.name.partition(".")
        document = {part: {last: "another"}} if last else {part: "another"}

        (change,) = difference({}, document)

        assert change.label == field.label


def test_every_field_of_the_format_has_words_of_its_own() -> None:
    paths = {
        path
        for schema in (offer_schema(), provider_schema())
        for name, told in schema["properties"].items()
        for path in (name, *(f"{name}.{inner}" for inner in told.get("properties", ())))
    }

    assert paths <= LABELS.keys()
    assert len(set(LABELS.values())) == len(LABELS)


def test_the_mapping_has_every_field_under_a_heading() -> None:
    for targets in TARGETS.values():
        grouped = _grouped(targets.values())

        assert "Others" not in dict(grouped)
        assert sorted(t.path for _, each in grouped for t in each) == sorted(targets)


def test_a_field_nobody_named_is_called_by_its_own_and_comes_last() -> None:
    assert label_of("new_part.with_words") == "New part, with words"
    assert in_order({"new_part", "amount.max", "name"}) == ["name", "amount.max", "new_part"]


def test_words_of_the_form_as_headings_are_suggested_for_their_fields() -> None:
    fields = [field for field in fields_of("offer") if not field.name.startswith("assured.")]
    content = table({field.label: "" for field in fields})

    suggested = {each.column: each.to for each in guess(opened(content), WORDS, "offer").columns}

    assert suggested == {field.label: field.name for field in fields}


def test_that_strangers_checked_a_row_is_not_suggested_as_the_word_of_the_hub() -> None:
    content = table({"Title": "Example", "Checked by": "Kim Example", "Checked on": "1 March 2027"})

    assert {each.to for each in guess(opened(content), WORDS, "offer").columns} == {"name"}
