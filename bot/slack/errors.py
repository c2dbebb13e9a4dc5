"""What went wrong with a call of Slack's, in Slack's own names and in a few words."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

# What Slack calls a token that will not do, however often it is tried.
BAD_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "org_login_required",
    "ekm_access_denied",
}
LIMITED = {"ratelimited", "rate_limited"}


class AskedToWait(Exception):
    """Slack asked to be left in peace, and is not asked again for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack asked to wait for {seconds:.0f} seconds")
        self.seconds = seconds


def code_of(error: SlackApiError) -> str:
    """Return Slack's name for an error; "" where it answered something else than its own kind of answer."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def status_of(error: SlackApiError) -> int:
    """Return the status Slack answered with."""
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0) or 0)


def seconds_to_wait(error: SlackApiError) -> float:
    """Return what Slack's Retry-After says, from one second to an hour."""
    headers = {name.lower(): value for name, value in dict(error.response.headers or {}).items()}
    told = str(headers.get("retry-after", ""))
    return float(min(3600, max(1, int(told)))) if told.isascii() and told.isdigit() and len(told) < 6 else 1.0


def asked_to_wait(error: BaseException) -> float | None:
    """Return for how many seconds Slack asked to be left in peace; None for every other error."""
    told = error if isinstance(error, AskedToWait) else error.__cause__
    if isinstance(told, AskedToWait):
        return told.seconds
    if isinstance(error, SlackApiError) and (status_of(error) == 429 or code_of(error) in LIMITED):
        return seconds_to_wait(error)
    return None


def reason_of(error: BaseException) -> str:
    """Say in a few words what went wrong with a call, without anything a person wrote."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = code_of(error)
    if code in BAD_TOKEN:
        return f"it refuses SLACK_BOT_TOKEN: {code}; install the app again and copy its token"
    return code[:80] or f"it answered with status {status_of(error)}"
