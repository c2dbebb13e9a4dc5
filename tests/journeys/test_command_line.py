"""The command line as scripts and checks call it: files and lines in, the contract's JSON out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.command_line.main import parser
from knowledge_base.catalogue import read_pack
from knowledge_base.words import ACTS, NEEDS
from tests.journeys.calling import answer, failure, fingerpost, typed, written
from tests.journeys.house import ROOT, House
from tests.journeys.parts import require_bot

PACK = ROOT / "tests" / "pack"
STARTER = ROOT / "knowledge_base" / "content"
ON = "2026-11-21"
FIRM = {"employees": 14, "place": "Dudley", "sector": "manufacturing", "legal_form": "limited_company"}
CAFE = {"employees": {"from": 3, "to": 5}, "place": "Cardiff", "refuses": ["loan"], "refused": ["turnover"]}

ROADMAP = {"needs", "on", "profile", "phases", "gaps", "funding", "next_question"}
STEP = {
    *("offer", "name", "needs", "verdict", "why", "unsure", "to_check", "starts", "apply_by", "cost"),
    *("funding", "requires", "reserve", "source", "source_checked"),
}
ASSESSMENT = {"offer", "verdict", "criteria", "to_check", "window"}
CRITERION = {"fact", "result", "words", "source"}


def records(folder: Path) -> tuple[Any, ...]:
    pack = read_pack(folder)
    assert pack.faults == []
    return pack.areas, pack.providers, pack.offers


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example pack turned into one catalogue file."""

    def each(folder: str) -> list[Any]:
        files = sorted((PACK / folder).glob("*.yml"))
        return [{"id": file.stem, **yaml.safe_load(file.read_text(encoding="utf-8"))} for file in files]

    areas = yaml.safe_load((PACK / "areas.yml").read_text(encoding="utf-8"))["areas"]
    whole = {"areas": areas, "providers": each("providers"), "offers": each("offers")}
    file = tmp_path_factory.mktemp("catalogue") / "catalogue.yml"
    file.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return file


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    return written(tmp_path / "firm.json", FIRM)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "understand",
        "assess",
        "roadmap",
        "replan",
        "gaps",
        "content",
        "content check",
        "content load",
        "content export",
        "serve",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    done = fingerpost(*command.split(), "--help")

    assert done.code == 0
    assert done.out.startswith(f"usage: fingerpost {command}".strip())
    assert len(done.out.split()) > 8


def test_the_help_names_every_command() -> None:
    words = parser().format_help()

    assert all(command in words for command in ("understand", "assess", "roadmap", "content", "serve"))


def test_a_roadmap_holds_what_the_contract_promises(catalogue: Path, firm: Path) -> None:
    needs = "process_improvement,finance"
    roadmap = answer(
        *(
            "roadmap",
            "--needs",
            needs,
            "--profile",
            firm,
            "--catalogue",
            catalogue,
            "--on",
            ON,
            "--cost",
            40000,
        )
    )

    assert set(roadmap) == ROADMAP
    assert roadmap["needs"] == needs.split(",")
    assert (roadmap["on"], roadmap["profile"]) == (ON, FIRM)
    steps = [step for phase in roadmap["phases"] for step in phase["steps"]]
    assert [step["offer"] for step in steps] == [
        "example-check-up",
        "example-lean-course",
        "example-machine-grant",
    ]
    for step in steps:
        assert set(step) >= STEP, step["offer"]
    assert steps[2]["requires"] == ["example-check-up"]
    assert steps[2]["apply_by"] == "2027-01-31"
    assert roadmap["funding"]["own_money"] == {"amount": 20000, "currency": "GBP"}


def test_an_assessment_holds_every_offer_with_its_conditions(catalogue: Path, firm: Path) -> None:
    found = answer("assess", "--profile", firm, "--catalogue", catalogue, "--on", ON)

    assert {one["offer"] for one in found} == {file.stem for file in (PACK / "offers").glob("*.yml")}
    for one in found:
        assert set(one) >= ASSESSMENT
        assert one["verdict"] in ("likely", "unlikely", "unsure")
        for criterion in one["criteria"]:
            assert set(criterion) >= CRITERION
            assert criterion["result"] in ("met", "failed", "unknown")
    cardiff = next(one for one in found if one["offer"] == "example-cardiff-grant")
    assert (cardiff["verdict"], cardiff["criteria"][0]["result"]) == ("unlikely", "failed")


@pytest.mark.parametrize("ending", [".json", ".yml"])
def test_a_list_of_profiles_gives_a_list_in_its_order(catalogue: Path, tmp_path: Path, ending: str) -> None:
    asked = ("--catalogue", catalogue, "--on", ON)
    both = written(tmp_path / f"both{ending}", [FIRM, CAFE])
    each = [written(tmp_path / f"one-{i}{ending}", one) for i, one in enumerate((FIRM, CAFE))]

    for command in (("assess",), ("roadmap", "--needs", "finance")):
        together = answer(*command, "--profile", both, *asked)
        assert together == [answer(*command, "--profile", one, *asked) for one in each]
    assert answer("assess", "--profile", written(tmp_path / f"none{ending}", []), *asked) == []


def test_the_same_question_gives_the_same_bytes(catalogue: Path, tmp_path: Path) -> None:
    both = written(tmp_path / "both.json", [FIRM, CAFE])
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}
    needs = ("roadmap", "--needs", "finance,digital_adoption,peer_networks")

    for asked in (
        ("assess", "--profile", both, "--on", ON, "--catalogue", catalogue),
        (*needs, "--profile", both, "--on", ON),
    ):
        runs = [typed(*asked, PYTHONHASHSEED=seed, **database) for seed in ("1", "2")]
        assert runs[0].code == 0, runs[0].err
        assert runs[0].out == runs[1].out
        assert len(runs[0].out) > 1000


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ({"employees": -3}, "zero or more"),
        ({"wings": 2}, "not a fact we know"),
        ("hello", "mapping of facts"),
        ([FIRM, {"employees": "lots"}], "not a number"),
        (None, "mapping of facts"),
    ],
)
def test_a_profile_that_cannot_be_is_named(catalogue: Path, tmp_path: Path, profile: Any, words: str) -> None:
    file = written(tmp_path / "odd.json", profile)

    code, message = failure(fingerpost("assess", "--profile", file, "--catalogue", catalogue))

    assert code == "bad_profile"
    assert message.startswith(str(file))
    assert words in message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.json", None, "No such file"),
        ("half.json", b'{"employees": ', "not JSON"),
        ("blank.json", b"", "not JSON"),
        ("bytes.yml", b"\xff\xfe\x00", "not UTF-8"),
        ("loop.yml", b"a: &a [*a]\n", "aliases"),
        ("call.yml", b"!!python/object/apply:os.system [ls]\n", "call.yml"),
        ("deep.json", b"[" * 100_000, "deep.json"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    catalogue: Path, firm: Path, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    for arguments, codes in (
        (("assess", "--profile", file, "--catalogue", catalogue), ("bad_file",)),
        (("roadmap", "--needs", "finance", "--profile", firm, "--catalogue", file), ("bad_records",)),
    ):
        code, message = failure(fingerpost(*arguments))
        assert code in codes
        assert name in message
        assert words in message


def test_a_catalogue_with_faults_names_each(firm: Path, tmp_path: Path) -> None:
    offers = [{"id": "a", "name": "A", "kind": "gift"}, {"name": "B", "kind": "grant"}]
    file = written(tmp_path / "odd.json", {"areas": [], "offers": offers})

    code, message = failure(fingerpost("assess", "--profile", firm, "--catalogue", file))

    assert code == "bad_records"
    assert "offers[0].kind" in message
    assert "offers[1].id" in message


@pytest.mark.parametrize("needs", ["gold", "finance,gold", ",", ""])
def test_a_need_that_is_none_is_named_with_those_there_are(catalogue: Path, firm: Path, needs: str) -> None:
    code, message = failure(
        fingerpost("roadmap", "--needs", needs, "--profile", firm, "--catalogue", catalogue)
    )

    assert code == "bad_needs"
    assert all(need in message for need in NEEDS)


@pytest.mark.parametrize(
    "wrong", [("--on", "yesterday"), ("--cost", "-5"), ("--cost", "NaN"), ("--wings", "2")]
)
def test_bad_usage_is_told_with_how_it_is_used(catalogue: Path, firm: Path, wrong: tuple[str, str]) -> None:
    done = fingerpost("roadmap", "--needs", "finance", "--profile", firm, "--catalogue", catalogue, *wrong)

    assert done.code == 2
    assert done.err.startswith("usage: fingerpost")
    assert wrong[0] in done.err


def test_a_database_or_a_hub_that_cannot_be_used_is_told(firm: Path, tmp_path: Path) -> None:
    asked = ("roadmap", "--needs", "finance", "--profile", firm)
    unusable = tmp_path / "text.sqlite"
    unusable.write_text("this is no database, but it is long enough to be looked at as one " * 20)

    for url in ("mysql://example.org/hub", "nonsense", "sqlite:////proc/none/x", f"sqlite:///{unusable}"):
        assert failure(fingerpost(*asked, DATABASE_URL=url))[0] == "no_database"
        assert failure(fingerpost("content", "load", PACK, DATABASE_URL=url))[0] == "no_database"
        assert (
            failure(fingerpost("content", "export", tmp_path / "out", DATABASE_URL=url))[0] == "no_database"
        )
    fresh = f"sqlite:///{tmp_path / 'fresh.sqlite'}"
    assert "is not a hub" in failure(fingerpost(*asked, FINGERPOST_HUB="nowhere", DATABASE_URL=fresh))[1]


def test_messages_are_understood_line_by_line_and_a_bad_line_is_only_its_own() -> None:
    require_bot()
    lines = [
        json.dumps({"id": "dudley", "text": "14 of us, metal fabrication in Dudley, lead times are a mess"}),
        "nope",
        "",
        json.dumps({"id": "empty", "text": ""}),
        json.dumps({"id": 4, "text": "Vi sitter i Jönköping 🏭"}, ensure_ascii=False),
        '{"id": "surrogate", "text": "hello \\ud800"}',
        '{"id": "no text"}',
        '{"text": ' + "[" * 50_000 + "]" * 50_000 + "}",
        json.dumps({"id": "long", "text": "a " * 50_000}),
        json.dumps({"id": "last", "text": "thanks"}),
    ]
    told = "\n".join(lines).encode() + b'\n\xff\xfe{"id"\n'

    done = typed("understand", "--on", ON, told=told)

    assert done.code == 0, done.err
    answers = [json.loads(line) for line in done.out.splitlines()]
    bad = [one["message"].split(" is not")[0] for one in answers if one.get("error") == "bad_line"]
    assert bad == ["Line 2", "Line 7", "Line 8", "Line 11"]
    good = {one["id"]: one for one in answers if "error" not in one}
    assert list(good) == ["dudley", "empty", 4, "surrogate", "long", "last"]
    for one in good.values():
        assert set(one) == {"id", "act", "confidence", "needs", "facts"}
        assert one["act"] in ACTS
        assert 0 <= one["confidence"] <= 1
        assert all(set(need) == {"need", "confidence"} and need["need"] in NEEDS for need in one["needs"])
    assert [need["need"] for need in good["dudley"]["needs"]] == ["process_improvement"]
    assert good["dudley"]["facts"] == {"employees": 14, "place": "Dudley", "sector": "manufacturing"}
    assert good[4]["facts"]["place"] == "Jönköping"
    assert (good["empty"]["act"], good["empty"]["facts"]) == ("out_of_scope", {})
    assert good["last"]["act"] == "thanks"


def test_facts_an_owner_keeps_back_are_written_as_refused() -> None:
    require_bot()
    told = json.dumps(
        {"id": "quiet", "text": "we are 12 in Walsall and I'd rather not say what we turn over"}
    )

    done = typed("understand", "--on", ON, told=told.encode())

    (one,) = [json.loads(line) for line in done.out.splitlines()]
    assert one["facts"] == {"employees": 12, "place": "Walsall", "refused": ["turnover"]}


def test_nothing_to_understand_gives_nothing() -> None:
    require_bot()
    done = typed("understand")

    assert (done.code, done.out) == (0, "")


def test_the_starter_pack_has_nothing_to_mend_and_a_broken_one_does(tmp_path: Path) -> None:
    sound = fingerpost("content", "check", "--on", ON)
    broken = fingerpost("content", "check", tmp_path)

    assert sound.code == 0, sound.out
    assert sound.out.splitlines()[-1].startswith("0 to mend")
    assert broken.code == 1
    assert all(word in broken.out for word in ("what", "why", "mend", "areas.yml"))


@pytest.mark.parametrize("pack", [PACK, STARTER], ids=["examples", "starter pack"])
def test_records_loaded_and_written_out_again_are_the_same(pack: Path, tmp_path: Path) -> None:
    written_out = []
    for turn, source in (("first", pack), ("second", tmp_path / "first")):
        database = {"DATABASE_URL": f"sqlite:///{tmp_path / turn}.sqlite"}
        assert fingerpost("content", "load", source, **database).code == 0
        assert fingerpost("content", "export", tmp_path / turn, **database).code == 0
        files = sorted(file for file in (tmp_path / turn).rglob("*") if file.is_file())
        written_out.append({str(file.relative_to(tmp_path / turn)): file.read_bytes() for file in files})
        again = fingerpost("content", "load", source, **database)
        assert " 0 added, 0 changed" in again.out

    assert written_out[0] == written_out[1]
    assert records(tmp_path / "first") == records(pack)


@pytest.mark.journey
@pytest.mark.parametrize("facts", [FIRM, CAFE, {}], ids=["firm", "café", "nothing told"])
def test_every_door_gives_the_same_roadmap(the_house: House, tmp_path: Path, facts: dict[str, Any]) -> None:
    needs = ["process_improvement", "finance", "peer_networks"]
    profile = written(tmp_path / "profile.json", facts)
    database = {"DATABASE_URL": f"sqlite:///{the_house.folder / 'fingerpost.sqlite'}"}
    asked = {"needs": needs, "profile": facts, "on": ON, "cost": 40000}

    asked_for = answer(
        "roadmap", "--needs", ",".join(needs), "--profile", profile, "--on", ON, "--cost", 40000, **database
    )
    made = httpx.post(f"{the_house.url}/api/roadmaps", json=asked, timeout=60)

    assert made.status_code == 201, made.text
    assert canonical(made.json()["roadmap"]) == canonical(asked_for)
    assert canonical(
        httpx.get(f"{the_house.url}/api/roadmaps/{made.json()['id']}").json()["roadmap"]
    ) == canonical(asked_for)
    assert asked_for["phases"]


def canonical(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False)
