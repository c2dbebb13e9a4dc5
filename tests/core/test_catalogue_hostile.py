"""Files that mean harm, or were torn on the way, are refused in plain words."""

from __future__ import annotations

import json

import pytest

from knowledge_base.catalogue import BadCatalogue, read_catalogue_file
from knowledge_base.safe_files import read_document, read_json, read_yaml

from .hostile_yaml import HOSTILE


@pytest.mark.parametrize(
    ("text", "said"),
    HOSTILE,
    ids=range(len(HOSTILE)),
)
def test_a_yaml_file_that_means_harm_is_refused_in_plain_words(text, said):
    with pytest.raises(BadCatalogue) as bad:
        read_yaml(text, "hostile.yml")

    assert said in str(bad.value)
    assert str(bad.value).startswith("hostile.yml: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 2}', "'a' is there twice"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": -Infinity}', "is not a number"),
        ('{"a": ' + "9" * 5000 + "}", "too long for a number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1,}', "line 1"),
        ("", "is not JSON"),
    ],
    ids=range(7),
)
def test_a_json_file_that_means_harm_is_refused_at_once(text, said):
    with pytest.raises(BadCatalogue) as bad:
        read_json(text, "hostile.json")

    assert said in str(bad.value)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "catalogue.yml"
    path.write_bytes(b"\xff\xfe\x00binary")

    with pytest.raises(BadCatalogue, match="not UTF-8"):
        read_catalogue_file(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.yml"
    path.write_text("a" * 2000)

    with pytest.raises(BadCatalogue, match="over 1 KB"):
        read_document(path, largest=1024)


def test_a_file_that_is_missing_is_named_without_its_folder(tmp_path):
    with pytest.raises(BadCatalogue) as bad:
        read_catalogue_file(tmp_path / "catalogue.json")

    assert "catalogue.json: the file cannot be read" in str(bad.value)
    assert str(tmp_path) not in str(bad.value)


def test_plain_words_that_other_readers_of_yaml_take_for_something_else_stay_words():
    read = read_yaml(
        "on: 2026-11-01\nlanguages: [no, en]\nmonth: 2021-01\ntime: 12:30\nyes: 0x10\nend: ~\n", "x.yml"
    )

    assert read == {
        "on": "2026-11-01",
        "languages": ["no", "en"],
        "month": "2021-01",
        "time": "12:30",
        "yes": "0x10",
        "end": None,
    }


def test_a_thousand_offers_that_all_fail_are_all_named(tmp_path):
    path = tmp_path / "catalogue.json"
    path.write_text(
        json.dumps({"offers": [{"id": f"o{i}", "name": "x", "kind": "gift"} for i in range(1000)]})
    )

    with pytest.raises(BadCatalogue) as bad:
        read_catalogue_file(path)

    assert len(bad.value.faults) == 1000
