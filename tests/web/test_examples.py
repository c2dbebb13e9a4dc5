"""The gallery of examples as pages: written for a folder without a server, and served from live records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from bot.command_line.main import main
from bot.web import examples as gallery_pages
from bot.web.app import create_app
from bot.web.examples import files, pages
from bot.web.examples_view import GalleryView, gallery_view
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.examples import CONTENT, Gallery, read_gallery
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from tests.web.conftest import ROOMY
from tests.web.fakes import TODAY, ExampleHub, House
from tests.web.test_widget_browser import browser as browser  # the fixture

ON = TODAY.date()
SCRIPT = "<script>alert(1)</script>"
HUB = read_hub("default")


@pytest.fixture(scope="module")
def view() -> View:
    return View.of(read_starter_pack(CONTENT))


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return read_gallery()


@pytest.fixture(scope="module")
def made(gallery: Gallery, view: View) -> GalleryView:
    return gallery_view(gallery, view, ON)


@pytest.fixture(scope="module")
def written(made: GalleryView) -> dict[str, str]:
    return dict(files(made, HUB))


DATA = re.compile(r'<script type="application/ld\+json">([^<]*)</script>')


def without_data(html: str) -> str:
    """A page without what it says of its offers to machines: a block that is data alone, and never run."""
    for block in DATA.findall(html):
        assert json.loads(block)["@context"] == "https://schema.org"
    return DATA.sub("", html)


class Read(HTMLParser):
    """Gathers the links, the ids and the tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")


def html_of(written: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in written.items() if name.endswith(".html")}


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_example_has_a_card_and_a_page(written, gallery):
    index = Read(written["index.html"])

    assert set(html_of(written)) == {"index.html", *(f"{e.id}.html" for e in gallery.examples)}
    assert {f"{e.id}.html" for e in gallery.examples} <= set(index.links)


def test_every_link_is_a_records_own_or_a_page_that_is_there(written, view):
    sources = {offer.source.url for offer in view.catalogue.offers.values()}
    ids = {name: set(Read(html).ids) for name, html in html_of(written).items()}
    outward = 0
    for name, html in html_of(written).items():
        for link in Read(html).links:
            if re.match(r"[a-z]+:", link):
                assert link in sources, (name, link)
                outward += 1
                continue
            file, _, fragment = link.partition("#")
            assert (file or name) in written, (name, link)
            assert not fragment or fragment in ids[file or name], (name, link)
    assert outward > 30


def test_no_page_needs_a_server_or_a_script(written):
    for name, html in html_of(written).items():
        read = Read(without_data(html))
        assert "script" not in read.tags, name
        assert "button" not in read.tags, name
        assert not [link for link in read.links if link.startswith("/")], name
        assert len(read.ids) == len(set(read.ids)), name
    assert "@import" not in written["style.css"]
    assert "url(" not in written["style.css"]


def test_the_same_day_twice_gives_the_same_bytes(written, gallery):
    again = View.of(read_starter_pack(CONTENT))

    assert dict(files(gallery_view(gallery, again, ON), HUB)) == written


def test_a_page_shows_who_they_are_what_they_said_and_what_is_not_known(written, made):
    for id, example in made.pages.items():
        words = words_of(written[f"{id}.html"].replace("&#39;", "'"))
        for told in (example.card.business, example.said, example.why, "An example, not advice for you."):
            assert told in words, (id, told)
        for label, value in example.facts:
            assert f"{label} {value}" in words, (id, label)
        if example.unknown:
            assert f"Not told: {example.unknown}." in words, id


def test_a_page_shows_the_roadmap_as_the_roadmap_page_does(written, made):
    for id, example in made.pages.items():
        html = written[f"{id}.html"].replace("&#39;", "'").replace("&amp;", "&")
        words = words_of(html)
        for phase in example.roadmap.phases:
            assert phase.name in words
            for step in phase.steps:
                for told in (step.name, step.summary, step.verdict_words, step.source.age, step.reserve):
                    assert " ".join(told.split()) in words, (id, told)
                for _, items in step.lists:
                    assert all(" ".join(item.split()) in words for item in items), (id, step.name)
        for need, reason in example.roadmap.gaps:
            assert need in words
            assert reason in words
        if example.roadmap.timeline:
            assert html.count('<svg class="timeline') == 2


def test_a_told_cost_is_shown_with_who_pays(written, gallery):
    costly = [e for e in gallery.examples if e.cost]

    assert len(costly) >= 5
    for example in costly:
        assert "What the project costs" in written[f"{example.id}.html"], example.id


def test_the_index_tells_steps_providers_and_gaps_at_a_glance(written, made):
    index = words_of(written["index.html"])

    for page in made.pages.values():
        assert page.card.steps == page.roadmap.steps
        assert sum(count for _, count in page.card.providers) == page.card.steps
        for gap in page.card.gaps:
            assert gap in index
    assert any(page.card.gaps for page in made.pages.values())
    for region in made.regions:
        assert region.name.replace("&", "&amp;") in index


def test_the_index_is_honest_about_what_it_rests_on(written, view):
    index = words_of(written["index.html"])

    assert "Examples, not advice for you" in index
    assert f"{len(view.catalogue.offers)} records of offers, as they stood on 21 November 2026" in index
    assert "None of the records has been checked by a hub yet." in index


def test_every_page_has_a_title_of_its_own(written):
    titles = [re.search(r"<title>(.*?)</title>", html) for html in html_of(written).values()]

    assert all(title and HUB.name in title[1] for title in titles)
    assert len({title[1] for title in titles if title}) == len(titles)


def test_what_a_hub_an_owner_or_a_record_is_called_cannot_become_markup(gallery, view):
    offers = [
        replace(o, name=SCRIPT, summary=SCRIPT, source=replace(o.source, url="javascript:alert(1)"))
        for o in view.catalogue.offers.values()
    ]
    providers = [replace(p, name=SCRIPT) for p in view.catalogue.providers.values()]
    hostile = View.of(Catalogue.of(view.catalogue.areas.values(), offers, providers))
    example = replace(
        gallery.examples[0],
        business=SCRIPT,
        said=SCRIPT,
        why=SCRIPT,
        profile=parse_profile({"place": SCRIPT, "sector": SCRIPT}),
    )
    nasty = replace(gallery, title=SCRIPT, intro=SCRIPT, examples=(example,))

    shown = dict(files(gallery_view(nasty, hostile, ON), replace(HUB, name=SCRIPT)))

    for name, html in html_of(shown).items():
        assert SCRIPT not in html, name
        assert "javascript:" not in html, name
        assert "&lt;script&gt;" in html, name


# A day when nothing is open any more, and a folder that cannot be written.


def catalogue_file(folder: Path) -> Path:
    """One example grant for all, which closes at the end of 2026."""
    grant = {
        "id": "example-grant",
        "name": "Example grant",
        "kind": "grant",
        "provider": "example-council",
        "needs": ["process_improvement", "sustainability", "finance"],
        "stages": ["fund"],
        "summary": "An example.",
        "window": {"status": "dated", "opens": "2026-01-01", "closes": "2026-12-31"},
        "source": {"url": "https://example.org/grant", "title": "Example", "seen": "2026-11-01"},
    }
    file = folder / "catalogue.yml"
    file.write_text(yaml.safe_dump({"areas": [], "offers": [grant]}), encoding="utf-8")
    return file


def test_pages_of_a_day_when_everything_is_closed_say_so(tmp_path: Path, capsys: Any):
    out = tmp_path / "gallery"
    call = ["examples", "--out", str(out), "--catalogue", str(catalogue_file(tmp_path)), "--on", "2099-01-01"]

    assert main(call) == 0

    index = words_of((out / "index.html").read_text(encoding="utf-8"))
    page = words_of((out / "black-country-metal-firm.html").read_text(encoding="utf-8"))
    assert "No step: nothing we hold fits." in index
    assert "last looked at on 1 November 2026" in index
    assert "Nothing we hold fits, as things stood on 1 January 2099." in page
    assert "What we found nothing for" in page


def test_the_starter_pack_on_a_far_day_still_makes_every_page(gallery, view):
    far = gallery_view(gallery, view, date(2099, 1, 1))

    assert "1 January 2099" in dict(files(far, HUB))["index.html"]
    assert [page for page in far.pages.values() if page.card.gaps]


def test_the_command_says_how_far_it_is_where_it_wrote_and_how_to_open_it(tmp_path: Path, capsys: Any):
    out = tmp_path / "a folder" / "gallery"

    assert main(["examples", "--out", str(out), "--catalogue", str(catalogue_file(tmp_path))]) == 0

    told = capsys.readouterr()
    count = len(list(out.glob("*.html"))) - 1
    assert f"{count} examples written to {out}" in told.out
    assert (out / "index.html").as_uri() in told.out
    assert told.err.count("\n") == count
    assert told.err.startswith(f"1 of {count}: ")


def test_a_folder_that_is_there_keeps_what_is_not_ours(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "index.html").write_text("old")
    call = [
        "examples",
        "--out",
        str(tmp_path),
        "--catalogue",
        str(catalogue_file(tmp_path)),
        "--on",
        "2026-11-21",
    ]

    assert main(call) == 0
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(call) == 0

    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert b"Examples, not advice" in first["index.html"]
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first


@pytest.mark.parametrize("kind", ["a file", "under a file", "a page is a folder", "a system folder"])
def test_what_cannot_be_written_is_told_in_words(tmp_path: Path, capsys: Any, kind: str):
    (tmp_path / "file").write_text("x")
    (tmp_path / "taken" / "index.html").mkdir(parents=True)
    out = {
        "a file": tmp_path / "file",
        "under a file": tmp_path / "file" / "gallery",
        "a page is a folder": tmp_path / "taken",
        "a system folder": Path("/proc/gallery"),
    }[kind]

    code = main(["examples", "--out", str(out), "--catalogue", str(catalogue_file(tmp_path))])

    problem = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert code == 1
    assert problem["error"] == "cannot_write"
    assert str(out) in problem["message"]
    assert "name a" in problem["message"]
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("call", [["--on", "tomorrow"], ["--on", "2026-02-30"], ["--on"]])
def test_a_day_that_is_none_is_bad_usage(call: list[str], capsys: Any):
    with pytest.raises(SystemExit) as stopped:
        main(["examples", *call])

    assert stopped.value.code == 2


def test_a_catalogue_that_is_not_there_is_told(tmp_path: Path, capsys: Any):
    assert main(["examples", "--out", str(tmp_path), "--catalogue", str(tmp_path / "none.yml")]) == 1

    assert json.loads(capsys.readouterr().err)["error"] == "bad_records"
    assert not (tmp_path / "index.html").exists()


# The gateway.


class Door:
    """The gateway with records and a clock that a test can change."""

    def __init__(self, view: View) -> None:
        self.view, self.now = view, TODAY
        house = House.with_roadmap({})
        services = replace(house.services, records=lambda: self.view, clock=lambda: self.now)
        self.client = TestClient(create_app(ROOMY, services))


@pytest.fixture
def door(view: View) -> Door:
    return Door(view)


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[date]]:
    """The days for which the gallery was made."""
    days: list[date] = []

    def counted(gallery: Gallery, view: View, on: date) -> GalleryView:
        days.append(on)
        return gallery_view(gallery, view, on)

    monkeypatch.setattr(gallery_pages, "gallery_view", counted)
    return days


def test_the_gateway_serves_the_gallery(door: Door, made: GalleryView):
    served = dict(pages(made, ExampleHub(), gallery_pages.SERVED))  # type: ignore[arg-type]

    for id, html in served.items():
        response = door.client.get(f"/examples/{id}" if id else "/examples")
        assert response.status_code == 200
        assert response.text == html, id


def test_every_link_of_a_served_page_leads_somewhere(door: Door, view: View):
    sources = {offer.source.url for offer in view.catalogue.offers.values()}
    links = {
        link.partition("#")[0]
        for path in ("/examples", "/examples/black-country-metal-firm")
        for link in Read(door.client.get(path).text).links
    }

    for link in links - sources - {""}:
        assert link.startswith("/") or link == "mailto:hello@hub.example.org", link
        if link.startswith("/"):
            assert door.client.get(link).status_code == 200, link


@pytest.mark.parametrize(
    "name", ["none", "..%2f..%2fetc%2fpasswd", "a" * 2000, "%00", "<script>", "index.html"]
)
def test_an_example_that_is_not_there_is_a_page_that_says_so(door: Door, name: str):
    response = door.client.get(f"/examples/{name}", headers={"accept": "text/html"})

    assert response.status_code == 404
    assert "There is nothing at this address." in response.text
    assert "passwd" not in response.text


def test_served_pages_keep_the_strict_content_policy(door: Door):
    for path in ("/examples", "/examples/melton-food-maker"):
        response = door.client.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert " style=" not in response.text
        assert "<style" not in response.text
        assert "<script" not in without_data(response.text)


def test_the_gallery_is_made_once_for_each_version_of_the_records_and_day(door: Door, making: list[date]):
    for path in ("/examples", "/examples/melton-food-maker", "/examples", "/examples/none"):
        door.client.get(path)
    assert making == [ON]

    door.now = TODAY + timedelta(days=1)
    assert "22 November 2026" in door.client.get("/examples").text
    assert making == [ON, ON + timedelta(days=1)]


def test_the_gallery_waits_until_the_meaning_of_every_offer_is_known(door: Door, making: list[date]):
    class Slow:
        """Knows what an offer means only once it was asked to find out."""

        def __init__(self) -> None:
            self.filled: list[object] = []

        def fill(self, index: object) -> None:
            assert not making
            self.filled.append(index)

        def near_of(self, said: object) -> None:
            return None

    slow = Slow()
    door.view = replace(door.view, meanings=slow)  # type: ignore[arg-type]

    assert door.client.get("/examples").status_code == 200
    assert slow.filled == [door.view.index]


def test_what_a_curator_publishes_is_in_the_gallery_at_once(door: Door, making: list[date]):
    before = door.client.get("/examples").text
    catalogue = door.view.catalogue
    fewer = [o for o in catalogue.offers.values() if o.id != "business-growth-west-midlands"]
    door.view = View.of(Catalogue.of(catalogue.areas.values(), fewer, catalogue.providers.values()))

    after = door.client.get("/examples").text

    assert f"{len(fewer) + 1} records of offers" in before
    assert f"{len(fewer)} records of offers" in after
    assert "Business Growth West Midlands" not in door.client.get("/examples/black-country-metal-firm").text
    assert len(making) == 2


def test_a_gateway_without_records_has_no_gallery():
    with TestClient(create_app(ROOMY, House.with_roadmap({}).services)) as client:
        assert client.get("/examples").status_code == 404


# In a browser, from disk.


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100])
def test_the_written_pages_are_good_to_read_on_any_screen(
    browser: Browser, written: dict[str, str], tmp_path: Path, width: int, scheme: Any
):
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "melton-food-maker.html", "aalborg-designer.html"):
        page.goto((tmp_path / name).as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    context.close()
    assert asked
    assert all(url.startswith(tmp_path.as_uri()) for url in asked)


def test_a_keyboard_opens_a_card_and_comes_back(browser: Browser, written: dict[str, str], tmp_path: Path):
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.get_by_role("link", name="A food maker in Melton Mowbray").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/melton-food-maker.html")
    page.get_by_role("link", name="All examples").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html")

    assert page.get_by_role("heading", level=1).inner_text() == "Roadmaps for ordinary businesses"
    page.close()
