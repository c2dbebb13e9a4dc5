"""What the door is told by its surroundings: every fault at once, and no secret in any of them."""

from __future__ import annotations

import pytest

from bot.run.settings import SECRETS, RunSettings
from bot.slack.settings import SLACK, all_faults, slack_settings
from bot.web.settings import BadSettings

GOOD = {"SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5", "SLACK_BOT_TOKEN": "xoxb-1-example"}


def faults_of(env: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as bad:
        slack_settings(env)
    return bad.value.faults


@pytest.mark.parametrize("env", [{}, {"SLACK_BOT_TOKEN": " "}, {"SLACK_API_URL": "nonsense"}])
def test_without_slack_there_is_no_door_and_no_fault(env: dict[str, str]):
    assert slack_settings(env) is None


def test_a_secret_and_a_token_open_the_door_to_slack_itself():
    settings = slack_settings(GOOD)

    assert settings
    assert (settings.api_url, settings.app_token, settings.proxied) == (SLACK, None, True)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is not set; copy it from the app's page"),
        ("SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET is not set; copy it from the app's page"),
    ],
)
def test_half_of_the_settings_is_named_as_half(missing: str, words: str):
    (fault,) = faults_of({name: value for name, value in GOOD.items() if name != missing})

    assert fault.startswith(words)


def test_all_faults_are_told_together_and_hold_no_secret():
    env = {
        "SLACK_SIGNING_SECRET": "two words",
        "SLACK_BOT_TOKEN": "xoxp-somebody-elses",
        "SLACK_APP_TOKEN": "xoxb-not-this-one",
        "SLACK_API_URL": "http://slack.example.org/api/",
    }

    faults = faults_of(env)

    assert [fault.split()[0] for fault in faults] == list(env)
    assert not any(value in "".join(faults) for name, value in env.items())


def test_the_faults_of_every_door_are_told_together():
    with pytest.raises(BadSettings) as bad:
        all_faults({"FINGERPOST_PORT": "x", "FINGERPOST_PUBLIC_URL": "y", "SLACK_APP_TOKEN": "xapp-1"})

    assert [fault.split()[0].strip(":") for fault in bad.value.faults] == [
        "FINGERPOST_PORT",
        "FINGERPOST_PUBLIC_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/api/",
        "slack.com/api",
        "https://",
        "ftp://127.0.0.1/",
        "https://h:port/",
        "http://[::1/",
        "https://slack.com/api/?x=1",
        "https://slack.com/\napi/",
        "http://localhost.example.org/",
    ],
)
def test_a_token_is_told_to_nobody_over_an_open_line(url: str):
    assert faults_of({**GOOD, "SLACK_API_URL": url})[0].startswith("SLACK_API_URL is not an https address")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99/api", "http://[::1]:99/api/", "http://localhost:1/api/"]
)
def test_a_stand_in_on_this_machine_is_talked_to_without_a_proxy(url: str):
    settings = slack_settings({**GOOD, "SLACK_API_URL": url})

    assert settings
    assert settings.api_url.endswith("/api/")
    assert not settings.proxied


def test_settings_do_not_show_their_secrets():
    shown = repr(slack_settings({**GOOD, "SLACK_APP_TOKEN": "xapp-1-example"}))

    assert not any(value in shown for value in (*GOOD.values(), "xapp-1-example"))


def test_slacks_secrets_reach_the_gateway_alone():
    names = {"SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    house = RunSettings("127.0.0.1", 1, 2, 3, "sqlite:///x", "sqlite:///y", dict.fromkeys(names, "secret"))

    assert names <= set(SECRETS)
    assert names <= set(house.environment_of("gateway"))
    for process in ("rasa", "actions", "chores"):
        assert not names & set(house.environment_of(process))
