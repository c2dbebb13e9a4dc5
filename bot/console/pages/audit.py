"""What was done in the console, by whom and when: for administrators to look up, and to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.console.deeds import WORDS, deed_words, detail_words
from bot.console.desk import Desk, SignedIn
from bot.console.forms.record_page import moment
from bot.console.forms.sorts import SORTS
from bot.console.gate import allowed
from bot.console.sheets import csv_response
from knowledge_base.fields import is_id
from knowledge_base.store.audit import Audit, Deed

router = APIRouter(prefix="")
Administrator = Annotated[SignedIn, Depends(allowed("administer"))]
AT_ONCE = 50
MOST_PAGES = 2_000
MOST_EXPORTED = 50_000  # rows: beyond that a spreadsheet is no help, and the filter is
COLUMNS = ("at", "who", "did", "about", "more")


@dataclass(frozen=True)
class Chosen:
    """Whose deeds, which, and about what: "" for any."""

    by: str = ""
    about: str = ""
    what: str = ""

    @classmethod
    def of(cls, by: str, about: str, what: str) -> Chosen:
        """Return what can be looked for in what an address says."""
        return cls(_plain(by), _plain(about), what if what in WORDS else "")

    @property
    def any(self) -> bool:
        return bool(self.by or self.about or self.what)

    def query(self, **more: Any) -> str:
        """Return what goes behind the ? of an address that asks for the same, and for more."""
        told = {"by": self.by, "about": self.about, "what": self.what, **more}
        return urlencode({name: value for name, value in told.items() if value})


@router.get("/audit")
async def audit(
    request: Request, who: Administrator, by: str = "", about: str = "", what: str = "", page: str = "1"
) -> Response:
    """Show what was done, newest first, fifty at once."""
    desk: Desk = request.app.state.desk
    chosen = Chosen.of(by, about, what)
    number = min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    deeds = await run_in_threadpool(_find, desk, chosen, AT_ONCE + 1, (number - 1) * AT_ONCE)
    people = {each.email: each.id for each in await run_in_threadpool(desk.staff.all)}
    now = desk.clock()
    return desk.page(
        "console/audit.html",
        who=who,
        path="/console/audit",
        chosen=chosen,
        deeds=[
            {
                "at": each.at,
                "when": moment(each.at, now),
                "by": each.by,
                "what": deed_words(each.what),
                "grave": each.what in ("sign_in_failed", "deleted", "referral_deleted", "staff_shut_out"),
                "about": each.about,
                "href": _address(each, people),
                "more": detail_words(each),
            }
            for each in deeds[:AT_ONCE]
        ],
        number=number,
        further=len(deeds) > AT_ONCE and number < MOST_PAGES,
        words=WORDS,
        most=MOST_EXPORTED,
    )


@router.get("/audit.csv")
async def as_csv(
    request: Request, who: Administrator, by: str = "", about: str = "", what: str = ""
) -> Response:
    """Give what was done as CSV, newest first; times are UTC."""
    desk: Desk = request.app.state.desk
    deeds = await run_in_threadpool(_find, desk, Chosen.of(by, about, what), MOST_EXPORTED, 0)
    rows = (
        (
            each.at.isoformat(timespec="seconds"),
            each.by,
            deed_words(each.what),
            each.about,
            detail_words(each),
        )
        for each in deeds
    )
    return await run_in_threadpool(csv_response, "done-in-the-console.csv", COLUMNS, rows)


def _plain(told: str) -> str:
    # No e-mail or id is longer, and a database refuses a NUL and half a letter.
    return told.replace("\x00", "").encode(errors="ignore").decode().strip()[:300]


def _find(desk: Desk, chosen: Chosen, limit: int, skip: int) -> list[Deed]:
    found = Audit(desk.advice.database).find
    return found(limit, skip, by=chosen.by, about=chosen.about, what=chosen.what)


def _address(deed: Deed, people: dict[str, str]) -> str:
    """Return the page of the record or the person a deed was about; "" where there is none."""
    if deed.about in people:
        return f"/console/staff/{people[deed.about]}"
    sort = SORTS.get(str(deed.detail.get("record_type", ""))) if isinstance(deed.detail, dict) else None
    return quote(sort.address(deed.about)) if sort and is_id(deed.about) else ""
