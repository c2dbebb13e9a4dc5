"""Serve the actions to Rasa over loopback: rasa-sdk's executor behind a small ASGI app."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.concurrency import run_in_threadpool

from actions import (
    aside_answers,
    broker,
    checkup_form,
    events,
    learn,
    offers,
    people,
    profile_form,
    reading,
    referral,
    roadmap,
)
from knowledge_base.advice import Advice

logger = logging.getLogger(__name__)


def all_actions(advice: Advice) -> list[Action]:
    """Every custom action that domain.yml names, ready to run."""
    with_advice = (
        reading.ReadMessage,
        aside_answers.AnswerAside,
        aside_answers.StartAgain,
        profile_form.AskWhatSettlesMost,
        roadmap.ShowRoadmap,
        roadmap.ShareRoadmap,
        roadmap.NoteProgress,
        events.ShowEvents,
        offers.ShowOffer,
        offers.ExplainEligibility,
        offers.CompareOffers,
        learn.Define,
        learn.ExplainOurselves,
        referral.AskForConsent,
        referral.RecordReferral,
        people.ExplainPrivacy,
        people.SayYes,
        people.TakeFeedback,
        learn.Decline,
        checkup_form.Listen,
        checkup_form.AskNext,
        checkup_form.ShowCheckup,
    )
    actions: list[Action] = [*(make(advice) for make in with_advice), people.SayNo(), people.SayHello()]
    silent = ("action_read_message", "validate_")
    return [each if each.name().startswith(silent) else broker.HandsBack(each) for each in actions]


def create_app(advice: Advice) -> FastAPI:
    """Answer Rasa's webhook: 404 for an unknown action, 400 for one that stepped aside."""
    executor = ActionExecutor()
    for action in all_actions(advice):
        executor.register_action(action)
    app = FastAPI(openapi_url=None)

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        call: dict[str, Any] = await request.json()
        try:
            result = await run_in_threadpool(run, executor, call)
        except ActionExecutionRejection as rejected:
            return JSONResponse({"error": str(rejected), "action_name": rejected.action_name}, 400)
        except ActionNotFoundException as missing:
            return JSONResponse({"error": str(missing), "action_name": missing.action_name}, 404)
        except Exception as error:
            logger.error("%s failed: %s", call.get("next_action"), type(error).__name__, exc_info=error)
            return JSONResponse({"error": "the action failed", "action_name": call.get("next_action")}, 500)
        return JSONResponse(result)

    @app.get("/health")
    def health() -> JSONResponse:
        try:
            advice.healthy()
        except Exception as error:
            return JSONResponse({"error": "unhealthy", "message": str(error)[:200]}, 503)
        return JSONResponse({"status": "ok"})

    return app


def run(executor: ActionExecutor, call: dict[str, Any]) -> dict[str, Any]:
    """Run one action in this thread; the executor's coroutine never waits for anything."""
    coroutine = executor.run(call)
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result = finished.value
        return result.model_dump() if result is not None else {"events": [], "responses": []}
    raise RuntimeError("an action waited for something; actions here are plain functions")
