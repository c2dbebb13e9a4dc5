"""Bad records at every door: refused in words, nothing half loaded; with --keep-going the good are used."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.safe_files import LARGEST_FILE
from tests.journeys.calling import Done, failure, fingerpost, written

ON = "2026-11-21"
GOOD = {"id": "good", "name": "Good", "kind": "grant", "areas": ["wales"], "needs": ["finance"]}
AREAS = [{"code": "wales", "name": "Wales"}]


def offer(**fields: Any) -> bytes:
    return json.dumps({"areas": AREAS, "offers": [{**GOOD, **fields}]}).encode()


def two(**fields: Any) -> bytes:
    return json.dumps({"areas": AREAS, "offers": [GOOD, {**GOOD, "id": "other", **fields}]}).encode()


CIRCLE = [{**GOOD, "id": i, "requires": [o]} for i, o in ("ab", "bc", "ca", "xy", "yx")]
BAD: dict[str, tuple[bytes, str, str]] = {
    "circles": (
        json.dumps({"areas": AREAS, "offers": CIRCLE}).encode(),
        "requires",
        "a requires b requires c",
    ),
    "bounds": (
        offer(criteria=[{"fact": "employees", "between": [249, 5], "words": "x"}]),
        "offers[0].criteria[0].between",
        "put the smaller bound first",
    ),
    "unknown area": (two(areas=["narnia"]), "offers[1].areas[0]", "'narnia' is not an area"),
    "unknown currency": (
        offer(amount={"currency": "GPB", "max": 1}),
        "offers[0].amount.currency",
        "ISO 4217",
    ),
    "old currency": (offer(amount={"currency": "HRK", "max": 1}), "offers[0].amount.currency", "write EUR"),
    "a megabyte": (offer(summary="x" * 1_000_000), "offers[0].summary", "use at most 4000"),
    "a megabyte of name": (b'{"' + b"x" * 1_000_000 + b'": 1, "offers": []}', "xxxx", "is not a field"),
    "one id twice": (two(id="good"), "offers[1].id", "'good' is there twice"),
    "one key twice": (b'{"offers": [],\n"offers": []}', "offers", "is there twice"),
    "deep": (b"[" * 100_000, "line 1", "nested too deeply"),
    "nul": (offer(name="a\0b"), "offers[0].name", "cannot be shown"),
    "escape": (offer(name="a\x1b[2J"), "offers[0].name", "cannot be shown"),
    "turned around": (offer(name="a\u202eb"), "offers[0].name", "cannot be shown"),
    "nan": (b'{"offers": [{"hours": NaN}]}', "line 1", "NaN is not a number"),
    "infinity": (b'{"offers":\n[{"hours": -Infinity}]}', "line 2", "-Infinity is not a number"),
    "1e999": (
        b'{"offers": [{"id": "a", "name": "A", "kind": "loan", "hours": 1e999}]}',
        "offers[0].hours",
        "0 to",
    ),
    "beyond": (b'{"offers": [{"hours": 1e99999999999999999999}]}', "line 1", "beyond any number"),
    "huge": (offer(hours=10**30), "offers[0].hours", "write a number from 0"),
    "tiny": (
        b'{"offers": [{"id": "a", "name": "A", "kind": "loan", "hours": 1e-300}]}',
        "offers[0].hours",
        "0 to",
    ),
    "yes as a number": (offer(hours=True), "offers[0].hours", "True is not a number"),
    "wrong types": (offer(needs={"finance": 1}, window=[], source="x"), "offers[0].needs", "is not a list"),
    "unknown field": (offer(sumary="x"), "offers[0].sumary", "write summary if that is meant"),
    "wrong date": (offer(window={"closes": "2026-02-30"}), "offers[0].window.closes", "is not a date"),
    "not utf-8": (b'{"offers": [\n{"name": "\xff"}]}', "line 2", "not UTF-8"),
    "empty": (b"", "line 1", "not JSON"),
    "null": (b"null", "", "is not a mapping"),
    "junk behind": (b'{"offers": []}\n{"offers": []}', "line 2", "after the end"),
    "a hundred thousand": (
        b'{"offers": [' + b"{}," * 99_999 + b"{}]}",
        "offers",
        "100,000 records are too many",
    ),
    "millions": (b"[" + b"1," * 2_000_001 + b"1]", "", "over 2,000,000 values"),
    "a chain of areas": (
        json.dumps(
            {
                "areas": [{"code": f"a{i}", "within": [f"a{i - 1}"] if i else []} for i in range(2000)],
                "offers": [],
            }
        ).encode(),
        "a101.within",
        "the most is 100",
    ),
}
YAML: dict[str, tuple[bytes, str, str]] = {
    "a bomb": (b"offers: []\na: &a [x, x]\nb: [*a, *a]\n", "line 2", "anchors and aliases"),
    "a key twice": (b"offers: []\nareas: []\noffers: []\n", "line 1, offers", "is there twice"),
    "a call": (b"offers: []\nx: !!python/object/apply:os.system [ls]\n", "line 2", "the tag"),
    "nothing": (b"# only a remark\n", "", "the file is empty"),
    "torn": (b"offers:\n  - {id: a\n", "line 3", "not YAML"),
}
CASES = [(f"{name}.json", *case) for name, case in BAD.items()]
CASES += [(f"{name}.yml", *case) for name, case in YAML.items()]


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    return written(tmp_path / "firm.json", {"employees": 14})


def doors(file: Path, firm: Path) -> list[tuple[object, ...]]:
    return [
        ("assess", "--profile", firm, "--catalogue", file, "--on", ON),
        ("roadmap", "--needs", "finance", "--profile", firm, "--catalogue", file, "--on", ON),
        ("content", "load", file),
    ]


def refused(done: Done) -> list[str]:
    """Return the faults, one a line, of a call that was refused."""
    code, message = failure(done)
    assert code == "bad_records"
    lines = message.splitlines()
    assert len(lines) <= 51
    assert all(line.isprintable() and len(line) < 1500 for line in lines)
    return lines


@pytest.mark.parametrize(("name", "content", "field", "words"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_catalogue_is_refused_at_every_door(
    firm: Path, tmp_path: Path, name: str, content: bytes, field: str, words: str
) -> None:
    file = tmp_path / name.replace(" ", "-")
    file.write_bytes(content)
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"

    for door in doors(file, firm):
        lines = refused(fingerpost(*door, DATABASE_URL=url))
        assert any(line.startswith(f"{file.name}: ") and field in line and words in line for line in lines), (
            lines
        )
    checked = fingerpost("content", "check", file, "--on", ON)
    assert checked.code == 1
    assert checked.err == ""
    assert field in checked.out
    export = fingerpost("content", "export", tmp_path / "out", DATABASE_URL=url)
    assert export.code == 0
    assert list((tmp_path / "out" / "offers").iterdir()) == []


@pytest.mark.parametrize("what", ["missing", "folder", "loop", "large", "device", "dangling"])
def test_what_is_no_file_of_records_is_refused_at_every_door(firm: Path, tmp_path: Path, what: str) -> None:
    file = tmp_path / f"{what}.json"
    if what == "folder":
        file.mkdir()
    elif what == "loop":
        file.symlink_to(file)
    elif what == "dangling":
        file.symlink_to(tmp_path / "nowhere")
    elif what == "device":
        file.symlink_to("/dev/zero")
    elif what == "large":
        with file.open("wb") as large:
            large.truncate(LARGEST_FILE + 1)

    for door in doors(file, firm):
        lines = refused(fingerpost(*door, DATABASE_URL=f"sqlite:///{tmp_path / 'records.sqlite'}"))
        assert len(lines) == 1
        assert ".json" in lines[0] or "areas.yml" in lines[0]
    checked = fingerpost("content", "check", file)
    assert checked.code == 1
    assert "mend" in checked.out


def test_of_a_thousand_faults_fifty_are_printed_and_the_rest_are_counted(firm: Path, tmp_path: Path) -> None:
    offers = [{"id": f"o{i}", "name": "x", "kind": "gift"} for i in range(1000)]
    file = written(tmp_path / "many.json", {"areas": AREAS, "offers": offers})

    for door in doors(file, firm):
        lines = refused(fingerpost(*door, DATABASE_URL=f"sqlite:///{tmp_path / 'records.sqlite'}"))
        assert lines[-1] == "and 950 more"
    checked = fingerpost("content", "check", file)
    assert checked.out.count("ERROR") == 50
    assert "more; mend these first" in checked.out
    assert checked.out.splitlines()[-1].startswith("1000 to mend")


def test_a_file_with_more_faults_than_anybody_mends_is_not_read_to_its_end(
    firm: Path, tmp_path: Path
) -> None:
    offers = [{"id": f"o{i}", "name": "x", "kind": "loan", "needs": ["gold"] * 500} for i in range(100)]
    for i, each in enumerate(offers):
        each["needs"] = [f"gold-{i}-{n}" for n in range(500)]
    file = written(tmp_path / "many.json", {"offers": offers})

    for more in ((), ("--keep-going",)):
        lines = refused(fingerpost("assess", "--profile", firm, "--catalogue", file, *more))
        assert lines[-1] == "and 9,951 more"


def test_with_keep_going_the_good_are_used_and_the_others_named(firm: Path, tmp_path: Path) -> None:
    offers = [
        {"id": "bad", "name": "Bad", "kind": "gift"},
        {"id": "leans", "name": "Leans", "kind": "grant", "requires": ["bad"]},
        {"id": "leans-too", "name": "Leans too", "kind": "grant", "requires": ["leans"]},
        {"id": "lost", "name": "Lost", "kind": "grant", "areas": ["narnia"]},
        {"id": "odd-area", "name": "Odd", "kind": "grant", "areas": ["oz"]},
        {**GOOD, "stages": ["fund"], "leads_to": ["bad"]},
        GOOD,
        "nonsense",
    ]
    areas = [*AREAS, {"code": "oz", "name": "Oz", "within": ["moon"]}]
    file = written(tmp_path / "mixed.json", {"areas": areas, "offers": offers})

    assessed, planned = (fingerpost(*door, "--keep-going") for door in doors(file, firm)[:2])

    assert (assessed.code, planned.code) == (0, 0)
    assert [each["offer"] for each in json.loads(assessed.out)] == ["good"]
    assert json.loads(planned.out)["needs"] == ["finance"]
    assert assessed.err == planned.err
    lines = assessed.err.splitlines()
    assert all(line.startswith("Left out: mixed.json: ") for line in lines)
    named = [line.split(": ")[2] for line in lines]
    assert sorted(named) == [
        "offers[0].kind",
        "offers[1].requires",
        "offers[2].requires",
        "offers[3].areas[0]",
        "offers[4].areas[0]",
        "offers[6].id",
        "offers[7]",
        "oz.within",
    ]


def test_keep_going_with_a_sound_file_says_nothing_and_with_an_unreadable_one_gives_up(
    firm: Path, tmp_path: Path
) -> None:
    sound = written(tmp_path / "sound.yml", {"areas": AREAS, "offers": [GOOD]})
    torn = tmp_path / "torn.yml"
    torn.write_text("offers: [")

    done = fingerpost("assess", "--profile", firm, "--catalogue", sound, "--keep-going")
    assert (done.code, done.err) == (0, "")
    assert (
        "not YAML" in refused(fingerpost("assess", "--profile", firm, "--catalogue", torn, "--keep-going"))[0]
    )


def test_a_catalogue_file_is_loaded_whole_or_with_keep_going_in_part(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    file = written(
        tmp_path / "some.yml", {"areas": AREAS, "offers": [GOOD, {"id": "bad", "name": "B", "kind": "gift"}]}
    )

    assert refused(fingerpost("content", "load", file, DATABASE_URL=url))[0].startswith(
        "some.yml: offers[1].kind"
    )
    done = fingerpost("content", "load", file, "--keep-going", DATABASE_URL=url)

    assert (done.code, done.out) == (0, "Offers: 1 added, 0 changed, 0 as they were.\n")
    assert done.err.startswith("Left out: some.yml: offers[1].kind: 'gift'")


def test_a_damaged_record_of_a_folder_is_left_out_whole(tmp_path: Path) -> None:
    """A record with one bad field is not loaded without that field: it would say something else."""
    folder = tmp_path / "pack"
    for name in ("offers", "providers"):
        (folder / name).mkdir(parents=True)
    (folder / "areas.yml").write_text("areas: [{code: wales, name: Wales}]")
    (folder / "providers" / "council.yml").write_text("{name: Council, type: public}")
    (folder / "offers" / "good.yml").write_text("{name: Good, kind: grant, provider: council}")
    (folder / "offers" / "damaged.yml").write_text(
        "{name: D, kind: grant, provider: council, criteria: [{fact: employees, between: [9, 5], words: x}]}"
    )
    (folder / "offers" / "leans.yml").write_text(
        "{name: L, kind: grant, provider: council, requires: [damaged]}"
    )
    os.mkfifo(folder / "offers" / "pipe.yml")
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"

    assert len(refused(fingerpost("content", "load", folder, DATABASE_URL=url))) == 2
    done = fingerpost("content", "load", folder, "--keep-going", DATABASE_URL=url)

    assert done.out.startswith("Offers: 1 added")
    assert sorted(line.split(": ")[1] for line in done.err.splitlines()) == [
        "offers/damaged.yml",
        "offers/leans.yml",
        "offers/pipe.yml",
    ]
