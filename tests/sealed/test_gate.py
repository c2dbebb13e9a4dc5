"""A new model takes the old one's place only where it reads no worse."""

from __future__ import annotations

import json
import os
import tarfile
import time
from pathlib import Path

import pytest

from bot.rasa import gate, train
from bot.rasa.reader import Reading

SECRET = "my plan for the old mill"
MESSAGES = [
    {"text": SECRET, "act": "describe_need", "needs": ["finance", "premises"]},
    {"text": "money for vans", "act": "describe_need", "needs": ["finance"]},
    {"text": "hello", "act": "greet"},
    {"text": "cheers", "act": "thanks"},
    {"text": "who won", "act": "out_of_scope"},
    {"text": "a poem please", "act": "out_of_scope"},
]


class Told:
    """A model that answers as it is told: act and needs by text."""

    def __init__(self, **changed):
        self.answers = {m["text"]: (m["act"], m.get("needs", [])) for m in MESSAGES}
        self.answers.update({text.replace("_", " "): answer for text, answer in changed.items()})

    def read(self, text):
        act, needs = self.answers[text]
        return Reading(act, 0.9, ((act, 0.9),), tuple((need, 0.9) for need in needs))


class Broken:
    def read(self, text):
        raise KeyError("weights of another time")


def labelled():
    return [gate.Labelled(m["text"], m["act"], frozenset(m.get("needs", ()))) for m in MESSAGES]


def figures(model):
    return {figure.name: figure.value for figure in gate.measure(model, labelled())}


def test_a_model_that_is_always_right_has_full_marks_and_loses_nobody():
    assert figures(Told()) == {
        "acts: macro-F1": 1.0,
        "needs: micro-F1": 1.0,
        "needs: exact set": 1.0,
        "out of scope: refused": 1.0,
        "out of scope: good messages lost": 0.0,
    }


def test_the_sums_are_those_of_the_yardstick():
    model = Told(
        money_for_vans=("give_profile", ["finance", "export_markets"]),
        hello=("out_of_scope", []),
        who_won=("greet", []),
    )

    found = figures(model)

    # describe_need 2/3, greet 0, thanks 1, out_of_scope 1/2: an act nobody meant is no row of its own
    assert found["acts: macro-F1"] == pytest.approx((2 / 3 + 0 + 1 + 1 / 2) / 4)
    assert found["needs: micro-F1"] == pytest.approx(2 * 3 / (3 + 4))
    assert found["needs: exact set"] == 0.5
    assert found["out of scope: refused"] == 0.5
    assert found["out of scope: good messages lost"] == 0.25


def test_no_messages_of_a_kind_is_no_figure_and_no_fall():
    only = [message for message in labelled() if message.act == "greet"]
    measured = gate.measure(Told(), only)

    assert [figure.value for figure in measured] == [1.0, None, None, None, 0.0]
    assert gate.falls(measured, measured) == []


@pytest.mark.parametrize(("new", "fell"), [(0.9, False), (0.8951, False), (0.895, False), (0.8949, True)])
def test_half_a_percentage_point_is_let_go_and_no_more(new, fell):
    old, after = ([gate.Figure("acts", value, 100)] for value in (0.9, new))

    assert bool(gate.falls(old, after)) is fell


def test_more_good_messages_lost_is_worse_though_the_number_rises():
    old, new = ([gate.Figure("lost", value, 100, more_is_better=False)] for value in (0.02, 0.03))

    assert gate.falls(old, new) == ["lost: 0.020 → 0.030"]
    assert gate.falls(new, old) == []


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"text": 1, "act": "a"}', '{"text": "a", "act": "b", "needs": "c"}', "[" * 9999]
)
def test_a_bad_line_of_the_yardstick_is_named_and_not_quoted(tmp_path, line):
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps(MESSAGES[0]) + "\n" + line + "\n", encoding="utf-8")

    with pytest.raises(gate.BadYardstick, match=r"messages.jsonl, line 2") as fault:
        gate.yardstick(file)
    assert SECRET not in str(fault.value)


@pytest.fixture
def bot(tmp_path, monkeypatch):
    """A copy of the project in which nothing is learned: models are the text of their file."""
    return Bot(tmp_path, monkeypatch)


class Bot:
    def __init__(self, root: Path, monkeypatch) -> None:
        self.root, self.models, self.known = root, root / "models", {}
        self.stopping = False
        monkeypatch.setattr(train, "trained", self.trained)
        monkeypatch.setattr(train, "load", lambda model, encoder: self.known[model.read_text()])
        self.messages = root / "tests" / "understanding" / "messages.jsonl"
        self.messages.parent.mkdir(parents=True)
        self.messages.write_text("\n".join(map(json.dumps, MESSAGES)), encoding="utf-8")

    def has(self, model) -> Bot:
        self.models.mkdir(exist_ok=True)
        (self.models / "fingerpost.tar.gz").write_text("old")
        self.known["old"] = model
        return self

    def learns(self, model, *arguments: str) -> int:
        self.known["new"] = model
        return train.main(list(arguments), self.root)

    def trained(self, root, folder):
        if self.stopping:
            raise KeyboardInterrupt
        new = folder / "fingerpost.tar.gz"
        new.write_text("new")
        return new

    @property
    def in_place(self) -> str | None:
        place = self.models / "fingerpost.tar.gz"
        return place.read_text() if place.exists() else None

    @property
    def last(self):
        return json.loads((self.models / "last_training.json").read_text())


WORSE = {"who_won": ("greet", [])}


def test_the_first_model_goes_in_place_and_its_figures_are_shown(bot, capsys):
    assert bot.learns(Told(**WORSE)) == 0

    assert bot.in_place == "new"
    said = capsys.readouterr().out
    assert "out of scope: refused" in said
    assert "there was none before" in said


def test_a_model_that_reads_as_well_takes_over(bot, capsys):
    assert bot.has(Told()).learns(Told()) == 0

    assert bot.in_place == "new"
    assert bot.last == {"in_place": True, "why": []}
    assert "no figure fell" in capsys.readouterr().out


def test_a_model_that_reads_worse_is_refused_by_name_with_the_way_out(bot, capsys):
    assert bot.has(Told()).learns(Told(**WORSE)) == 3

    assert bot.in_place == "old"
    said = capsys.readouterr()
    assert "out of scope: refused: 1.000 → 0.500" in said.err
    assert "make train FORCE=1" in said.err
    assert bot.last["in_place"] is False
    assert "out of scope: refused: 1.000 → 0.500" in bot.last["why"]


def test_a_refused_model_is_used_when_somebody_insists(bot):
    assert bot.has(Told()).learns(Told(**WORSE), "--force") == 0

    assert bot.in_place == "new"
    assert bot.last["in_place"] is True


def test_who_only_wants_to_start_goes_on_with_the_old_model(bot):
    assert bot.has(Told()).learns(Told(**WORSE), "--or-keep-old") == 0

    assert bot.in_place == "old"
    assert bot.last["in_place"] is False


def test_an_old_model_that_cannot_be_read_any_more_gives_way(bot, capsys):
    assert bot.has(Broken()).learns(Told(**WORSE)) == 0

    assert bot.in_place == "new"
    assert "cannot be read any more (KeyError)" in capsys.readouterr().out


def test_without_a_yardstick_the_new_model_is_used_unmeasured(bot, capsys):
    bot.messages.unlink()

    assert bot.has(Told()).learns(Told(**WORSE)) == 0
    assert bot.in_place == "new"
    assert "not measured" in capsys.readouterr().out


def test_a_spoilt_yardstick_lets_nothing_past_but_a_first_model(bot):
    bot.messages.write_text("{", encoding="utf-8")

    assert bot.learns(Told()) == 0
    (bot.models / "fingerpost.tar.gz").write_text("old")
    assert bot.learns(Told()) == 3
    assert bot.in_place == "old"


def test_stopping_a_training_leaves_the_old_model_and_nothing_else(bot):
    bot.has(Told()).stopping = True

    assert bot.learns(Told()) == 130
    assert bot.in_place == "old"
    assert [path.name for path in bot.models.iterdir()] == ["fingerpost.tar.gz"]


def test_what_a_killed_training_left_is_cleared_up_and_a_running_one_is_left_alone(bot):
    bot.models.mkdir()
    killed, running = (bot.models / f".training-{name}" for name in ("killed", "running"))
    for folder in (killed, running):
        folder.mkdir()
    long_ago = time.time() - 86_400
    os.utime(killed, (long_ago, long_ago))

    bot.learns(Told())

    assert (killed.exists(), running.exists()) == (False, True)


def test_a_model_is_as_old_as_its_training_is_long_so_that_later_edits_are_learned(bot, monkeypatch):
    before = time.time_ns()

    def trained_slowly(root, folder):
        bot.edited = root / "data.yml"
        bot.edited.write_text("edited while it trained")
        return Bot.trained(bot, root, folder)

    monkeypatch.setattr(train, "trained", trained_slowly)
    bot.learns(Told())

    model = (bot.models / "fingerpost.tar.gz").stat().st_mtime_ns
    assert before <= model <= bot.edited.stat().st_mtime_ns


def test_no_message_is_shown_or_kept_whatever_happens(bot, capsys):
    bot.has(Told()).learns(Told(**WORSE))
    bot.learns(Told(**WORSE), "--force")

    said = capsys.readouterr()
    kept = (bot.models / "last_training.json").read_text()
    for message in MESSAGES:
        assert message["text"] not in said.out + said.err + kept


def test_a_learned_model_is_measured_from_its_archive(reader, tmp_path):
    """The one real thing here: saved, packed as Rasa packs it, read back and measured."""
    from bot.rasa.understand import load

    part = tmp_path / "train_Understanding0"
    part.mkdir()
    reader.save(part)
    with tarfile.open(tmp_path / "fingerpost.tar.gz", "w:gz") as archive:
        archive.add(part, arcname="components/train_Understanding0")
    messages = [
        gate.Labelled("yes please", "affirm"),
        gate.Labelled("we need a loan", "describe_need", frozenset({"finance"})),
    ]

    kept = load(tmp_path / "fingerpost.tar.gz", train.ROOT / "models" / "encoder")

    assert gate.measure(kept, messages) == gate.measure(reader, messages)
    assert gate.measured_before(lambda: load(tmp_path / "none.tar.gz", tmp_path), messages) == "ModelError"
