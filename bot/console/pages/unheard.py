"""What was not understood, by meaning: say what it does and which needs it asks for, or set it aside."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed, form, text
from bot.web.problems import Problem
from knowledge_base import labels
from knowledge_base.encoder import Encoder, EncoderError
from knowledge_base.services import ENCODER
from knowledge_base.store.audit import Audit
from knowledge_base.store.unheard import EXPORTED, LABELLED, NEW, SET_ASIDE, UnheardRows
from knowledge_base.unheard.clusters import Cluster, newest
from knowledge_base.unheard.curating import WITHOUT_NEEDS, BadLabel, Curating, NoSuchMessage
from knowledge_base.unheard.noticing import WHYS
from knowledge_base.unheard.training_files import BadTrainingFile
from knowledge_base.words import ACTS, NEEDS

router = APIRouter(prefix="")
Labels = Annotated[SignedIn, Depends(allowed("label"))]
PATH = "/console/unheard"
DATA = Path(__file__).resolve().parents[3] / "data"
A_PAGE = 20
STATES = {NEW: "Waiting", LABELLED: "Labelled", SET_ASIDE: "Set aside", EXPORTED: "Handed over"}
UNDOABLE = (LABELLED, SET_ASIDE)
MOST_KEPT = 5000


class Remembering:
    """An encoder that is loaded when first needed, and encodes each message once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return a row for each text; raise EncoderError where no encoder is built."""
        with self._lock:
            if self._encoder is None:
                self._encoder = Encoder.load(self._folder)
            missing = [each for each in dict.fromkeys(texts) if each not in self._known]
            if missing:
                self._known.update(zip(missing, self._encoder.encode(missing), strict=True))
            rows = np.stack([self._known[each] for each in texts]) if texts else np.zeros((0, 1))
            if len(self._known) > MOST_KEPT:
                # Of messages that are gone nothing stays in memory either.
                self._known = {each: self._known[each] for each in texts}
            return rows


_ENCODER = Remembering(ENCODER)


@router.get("/unheard")
async def unheard(
    request: Request, who: Labels, state: str = NEW, page: int = 1, told: str = "", wrong: str = ""
) -> Response:
    """Show the messages in one state, put together by meaning, the most frequent first."""
    desk: Desk = request.app.state.desk
    wanted = state if state in STATES else NEW
    given = await run_in_threadpool(_listed, desk, wanted, max(1, min(page, 10_000)))
    return desk.page(
        "console/unheard.html", who=who, path=PATH, told=_told(told), **{**given, **_wrong(wrong)}
    )


@router.post("/unheard/label")
async def label(request: Request, who: Labels) -> Response:
    """Say what messages do and which needs they ask for, or that they teach nothing, or take that back."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    ids = [str(each)[:40] for each in sent.getlist("id") if isinstance(each, str)]
    needs = [str(each)[:40] for each in sent.getlist("need") if isinstance(each, str)]
    act, does, state = text(sent, "act", 40), text(sent, "do", 20), text(sent, "state", 20)
    if not ids:
        return _back(state, wrong="none")
    work = Curating(UnheardRows(desk.advice.database))
    try:
        if does == "set_aside":
            n = await run_in_threadpool(work.set_aside, ids)
        elif does == "undo":
            n = await run_in_threadpool(work.undo, ids)
        else:
            n = await run_in_threadpool(work.label, ids, act, () if act in WITHOUT_NEEDS else needs)
    except NoSuchMessage:
        return _back(state, wrong="gone")
    except BadLabel as bad:
        raise Problem("bad_request", _plain(act, str(bad))) from bad
    done = does if does in ("set_aside", "undo") else "label"
    await run_in_threadpool(
        lambda: Audit(desk.advice.database).note(
            who.member.email, f"unheard {done}", PATH, desk.clock(), messages=n
        )
    )
    return _back(state, told=f"{done}-{n}")


@router.post("/unheard/export")
async def export(request: Request, who: Labels) -> Response:
    """Write the labelled messages where training reads them; those much like an example are refused."""
    desk: Desk = request.app.state.desk
    await form(request, who)
    work = Curating(UnheardRows(desk.advice.database))
    try:
        done = await run_in_threadpool(work.export, DATA / "heard", DATA)
    except BadTrainingFile as bad:
        raise Problem("bad_request", str(bad)) from bad
    written = sum(done.written.values())
    await run_in_threadpool(
        lambda: Audit(desk.advice.database).note(
            who.member.email, "unheard export", PATH, desk.clock(), refused=len(done.refused)
        )
    )
    refused = [
        {"message": each.message, "of": each.of, "alike": f"{each.alike:.0%}", "where": each.of.where(DATA)}
        for each in done.refused
    ]
    if not refused:
        return _back(LABELLED, told=f"export-{written}")
    return desk.page(
        "console/unheard_export.html", who=who, path=PATH, refused=refused, files=sorted(done.written.items())
    )


def _listed(desk: Desk, state: str, page: int) -> dict[str, Any]:
    rows = UnheardRows(desk.advice.database)
    counts = {each: len(rows.all([each])) for each in STATES}
    work, together = Curating(rows), True
    try:
        found = work.clusters(_ENCODER, (state,))
    except EncoderError:
        together = False
        found = [Cluster((each,)) for each in reversed(newest(rows.all([state])))]
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(page, pages)
    return {
        "clusters": found[(page - 1) * A_PAGE : page * A_PAGE],
        "state": state,
        "states": STATES,
        "counts": counts,
        "together": together,
        "page": page,
        "pages": pages,
        "acts": [(act, _act_words(act)) for act in ACTS],
        "needs": [(need, labels.need(need)) for need in NEEDS],
        "need_words": labels.need,
        "act_words": _act_words,
        "whys": WHYS,
        "undoable": state in UNDOABLE,
        "to_hand_over": counts[LABELLED] if state == LABELLED else 0,
    }


def _act_words(act: str) -> str:
    return act.replace("_", " ")


def _plain(act: str, words: str) -> str:
    if act == "describe_need":
        return "A message that asks for something asks for at least one need. Go back, and choose it."
    return f"That label cannot be given: {words}. Go back, and choose another."


def _back(state: str, **more: str) -> Response:
    query = {"state": state} | more if state in STATES else more
    return RedirectResponse(f"{PATH}?{urlencode(query)}", 303)


def _told(code: str) -> str:
    done, _, n = code.partition("-")
    if not (n.isascii() and n.isdigit() and len(n) < 8):
        return ""
    many = "1 message" if n == "1" else f"{n} messages"
    words = {
        "label": f"{many} labelled.",
        "set_aside": f"{many} set aside.",
        "undo": f"{many} waiting again, without a label.",
        "export": "Handed over. What is written is used from the next training on.",
    }
    return words.get(done, "")


def _wrong(code: str) -> dict[str, str]:
    words = {
        "none": "No message was chosen. Tick at least one.",
        "gone": "One of these messages is there no more: its owner asked for that, or its time was over. "
        "Nothing was labelled.",
    }
    return {"wrong": words[code]} if code in words else {}
