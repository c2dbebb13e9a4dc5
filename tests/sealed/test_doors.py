"""The seams with Rasa: the channel, the logs, the check of what actions answer, the batch."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile

import pytest
import structlog
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from sanic import Sanic
from sanic.response import json as answer_json

from bot.rasa import action_results, private_logs, understand
from bot.rasa.channel import KeptRest
from bot.rasa.understanding import TrainingDataError, Understanding, _example

GOOD = {"events": [{"event": "slot", "name": "place", "value": "Dudley"}], "responses": [{"text": "Done"}]}


@pytest.fixture
def action():
    action_results.install()
    return RemoteAction("action_show_roadmap", None)


def test_a_good_answer_of_an_action_passes(action):
    assert action._validate_action_result(GOOD) is True


@pytest.mark.parametrize("answer", [[], None, {"events": {}}, {"events": [{}]}, {"responses": ["text"]}])
def test_a_bad_answer_of_an_action_is_refused_by_the_name_of_the_action(action, answer):
    with pytest.raises(ValidationError, match="action_show_roadmap"):
        action._validate_action_result(answer)


def test_the_check_is_compiled_once_however_often_it_is_installed(action):
    first = RemoteAction._validate_action_result
    action_results.install()

    assert RemoteAction._validate_action_result is first


def test_a_rasa_with_another_inside_is_refused(monkeypatch):
    monkeypatch.setattr(RemoteAction, "_validate_action_result", lambda self, result: True)
    monkeypatch.setattr("rasa.__version__", "4.0.0")

    with pytest.raises(action_results.RasaInternalsChanged, match=r"4\.0\.0"):
        action_results.install()


async def receive(handler):
    """Send one message through the channel's blueprint; return what it gives back."""
    app = Sanic("kept_rest")
    Sanic.test_mode = True
    blueprint = KeptRest().blueprint(handler)
    route = next(r for r in blueprint._future_routes if r.uri == "/webhook")
    request = type("Request", (), {"json": {"sender": "owner", "message": "my secret plan"}, "args": {}})()
    del app
    return json.loads((await route.handler(request)).body)


def test_a_reply_is_given_when_its_turn_was_kept():
    async def kept(message):
        await message.output_channel.send_text_message("owner", "Here is your roadmap.")

    assert asyncio.run(receive(kept)) == [{"recipient_id": "owner", "text": "Here is your roadmap."}]


def test_no_reply_is_given_when_its_turn_could_not_be_kept():
    async def lost(message):
        await message.output_channel.send_text_message("owner", "Here is your roadmap.")
        raise RuntimeError("the database is gone")

    assert asyncio.run(receive(lost)) == []


def test_the_channel_keeps_the_address_of_rasas_own():
    assert KeptRest.name() == "rest"
    assert isinstance(UserMessage("hi", CollectingOutputChannel()).output_channel, CollectingOutputChannel)
    assert answer_json([]).body == b"[]"


def test_an_error_is_logged_without_the_words_of_the_message():
    try:
        secret = "my secret plan"
        raise ValueError(f"cannot read {secret}")
    except ValueError:
        told = private_logs.mask(
            None, "exception", {"event": "rest.message.received.failure", "text": secret}
        )

    assert "secret" not in json.dumps(told).replace("test_an_error", "")
    assert told["error"] == "ValueError"
    assert told["event"] == "rest.message.received.failure"


def test_the_mask_is_put_before_all_else_and_only_once():
    processors = structlog.get_config()["processors"]
    before = list(processors)
    try:
        private_logs.install()
        private_logs.install()

        assert processors[0] is private_logs.mask
        assert processors.count(private_logs.mask) == 1
    finally:
        processors[:] = before


def taught(yaml):
    data = RasaYAMLReader().reads(f'version: "3.1"\nnlu:\n- intent: describe_need\n  examples:\n{yaml}')
    return [_example(message) for message in data.intent_examples]


def test_needs_are_read_from_the_training_files():
    (example,) = taught(
        "  - text: |\n      the shop floor is a mess\n    metadata:\n      needs: [process_improvement]\n"
    )

    assert example.text == "the shop floor is a mess"
    assert example.needs == ("process_improvement",)


def test_an_example_nobody_labelled_is_not_taken_for_one_without_needs():
    labelled, unlabelled = taught("  - text: one\n    metadata: {needs: []}\n  - text: two\n")

    assert (labelled.needs, unlabelled.needs) == ((), None)


def test_needs_that_are_no_list_are_refused_with_the_example_named():
    with pytest.raises(TrainingDataError, match=r"'one'.*needs: \[finance\]"):
        taught("  - text: one\n    metadata: {needs: finance}\n")


def test_an_untrained_component_says_so():
    with pytest.raises(TrainingDataError, match="make train"):
        Understanding({}, None, None).process([])


@pytest.fixture
def model(reader, tmp_path):
    """A model as Rasa packs it, with this reader inside."""
    folder = tmp_path / "components" / "train_bot.rasa.understanding.Understanding0"
    folder.mkdir(parents=True)
    reader.save(folder)
    with tarfile.open(tmp_path / "fingerpost.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "components", arcname="components")
    return tmp_path


def ask(model, *lines):
    reader = understand.load(model, understand.Path("models/encoder"))
    return list(understand.answers(lines, reader))


def test_a_batch_is_answered_in_order(model):
    first, second = ask(model, b'{"id": "b", "text": "we need a grant"}\n', b'{"id": "a", "text": "hello"}\n')

    assert (first["id"], first["act"], first["needs"][0]["need"]) == ("b", "describe_need", "finance")
    assert (second["id"], second["act"], second["needs"]) == ("a", "greet", [])


@pytest.mark.parametrize(
    "line",
    [b"nonsense", b"[]", b"3", b"null", b"{}", b'{"id": 1}', b'{"text": 4}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_line_that_cannot_be_read_spoils_no_other(model, line):
    bad, good = ask(model, line, b'{"id": 1, "text": "hello"}')

    assert bad["id"] is None
    assert bad["error"] == "bad_line"
    assert "Line 1" in bad["message"]
    assert good["act"] == "greet"


def test_blank_lines_are_passed_over(model):
    assert len(ask(model, b"\n", b'{"id": 1, "text": ""}', b"  \n")) == 1


def test_a_line_without_end_is_cut_and_the_next_is_read():
    stream = io.BytesIO(b'{"id": 1, "text": "' + b"a" * (understand.LONGEST_LINE * 2) + b'"}\n{"id": 2}\n')

    assert list(understand._lines(stream)) == [b"{", b'{"id": 2}\n']


def test_a_folder_without_a_model_names_the_way_out(tmp_path):
    with pytest.raises(understand.ModelError, match="make train"):
        understand.load(tmp_path, understand.Path("models/encoder"))


def test_a_file_that_is_no_model_names_the_way_out(tmp_path):
    (tmp_path / "x.tar.gz").write_bytes(b"not a model")

    with pytest.raises(understand.ModelError, match="make train"):
        understand.load(tmp_path, understand.Path("models/encoder"))
