"""Everything that can go wrong at this door: its code, its status, and what a person is told."""

from __future__ import annotations

import math

from starlette.responses import JSONResponse

PROBLEMS: dict[str, tuple[int, str]] = {
    "bad_json": (
        400,
        'We cannot read that JSON. Send an object such as {"session": null, "message": "Hello"}.',
    ),
    "bad_request": (400, "Something in that request cannot be read."),
    "bad_needs": (400, "Name at least one need from the list."),
    "bad_profile": (400, "The profile cannot be read."),
    "bad_answers": (400, "The answers cannot be read."),
    "bad_progress": (400, "What happened cannot be read."),
    "empty_message": (400, "There were no words in that message. Write a few and send again."),
    "too_long": (400, "That is longer than we can read at once. Please say it in fewer words."),
    "other_site": (403, "This site may not carry our conversation. Its address must be on the hub's list."),
    "not_found": (404, "There is nothing at this address."),
    "unknown_offer": (404, "That is not an offer we know. Use its id or its name."),
    "unknown_roadmap": (404, "That roadmap is not here. It may have passed its time: ask for a new one."),
    "unknown_checkup": (404, "That check-up is not here. It may have passed its time: do it again."),
    "unknown_session": (404, "We no longer have that conversation. Start a new one."),
    "wrong_method": (405, "This address is not used that way."),
    "too_slow_body": (408, "The message took too long to arrive. Try again."),
    "still_answering": (409, "We are still answering that message. Ask again in a moment."),
    "too_large": (413, "That is too large for us to take. Please say it in fewer words."),
    "too_many": (429, "That is more messages than we can take just now. Wait a moment and try again."),
    "internal": (500, "Something went wrong on our side. Try again; if it happens again, tell the hub."),
    "not_reached": (502, "That did not reach us; nothing was lost. Try again."),
    "not_kept": (503, "We could not keep that message, so we have not answered it. Try again."),
    "waking": (503, "We are just waking up. Give us half a minute and try again."),
    "not_ready": (503, "Not everything we need is answering."),
    "too_slow": (504, "The answer took too long. Try again."),
}


class Problem(Exception):
    """A failure with a code from the list above; ``message`` replaces its usual words."""

    def __init__(self, code: str, message: str | None = None, retry_after: float | None = None) -> None:
        self.status, usual = PROBLEMS[code]
        self.code = code
        self.message = message or usual
        self.retry_after = retry_after
        super().__init__(code)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"retry-after": str(max(1, math.ceil(self.retry_after)))}


# What to send where; elsewhere the example is a message of the conversation.
EXAMPLES = {
    "/api/checkup": '{"answers": {"works": "some", "holds": ["time"]}}',
    "/api/roadmaps": '{"needs": ["finance"], "profile": {"employees": 14, "place": "Dudley"}}',
}


def bad_json(path: str) -> Problem:
    """Say that the JSON sent to an address cannot be read, with an example of what belongs there."""
    example = EXAMPLES.get(path)
    return Problem(
        "bad_json", f"We cannot read that JSON. Send an object such as {example}." if example else None
    )


def as_json(problem: Problem) -> JSONResponse:
    """Write a problem in the one shape every error has."""
    return JSONResponse(
        {"error": problem.code, "message": problem.message}, problem.status, headers=problem.headers
    )
