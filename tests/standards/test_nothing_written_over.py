"""What is taken in from a file writes over nobody's work: what others did meanwhile is said, and stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.command_line.standards import BY, LeftAlone, _take_in
from knowledge_base.services import open_store
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.life import Life
from tests.standards.test_commands import env, run
from tests.store.conftest import NOW

__all__ = ["env"]

ID, ANNA = "example-evening", "anna@example.org"
ELSEWHERE = "Changed elsewhere."


@pytest.fixture
def life(env: dict[str, str]) -> Life:
    return Life(open_store(env))


@pytest.fixture
def file(env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The services as they went out, one of them changed elsewhere."""
    path = tmp_path / "services.json"
    run(capsys, "hsds", "export", str(path), "--on", "2026-11-22")
    return changed(path, ELSEWHERE)


def changed(path: Path, words: str) -> Path:
    page: Any = json.loads(path.read_text())
    page["contents"][0]["description"] = words
    path.write_text(json.dumps(page))
    return path


def write(life: Life, summary: str) -> None:
    """Anna writes another summary into a working copy of her own."""
    found = life.published("offer", ID)
    assert found is not None
    document = found[0] | {"summary": summary}
    life.save("offer", ID, document, by=ANNA, why="clearer", now=NOW, version=0, base=found[1])


def publish_anew(store: CatalogueStore, summary: str) -> None:
    """Somebody changes what is published, past every working copy."""
    found = store.offer(ID)
    assert found is not None
    store.save_offer(replace(found[0], summary=summary), ANNA, "clearer", NOW, found[1])


def summary_of_draft(life: Life) -> str | None:
    copy = life.working("offer", ID)
    return copy.document["summary"] if copy else None


def test_what_a_curator_is_at_work_on_is_left_and_they_are_named(
    life: Life, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(life, "Anna's words.")

    code, out, err = run(capsys, "hsds", "import", str(file))

    assert (code, out) == (1, "2 services read; 0 records new or changed.\n")
    assert f"Left as it is: offer {ID}: {ANNA} is at work on it" in err
    assert summary_of_draft(life) == "Anna's words."


def test_a_trial_says_too_what_would_be_left(
    life: Life, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(life, "Anna's words.")

    code, _, err = run(capsys, "hsds", "import", str(file), "--dry-run")

    assert code == 1
    assert ANNA in err


def test_its_own_draft_is_replaced_by_a_newer_file(
    life: Life, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "hsds", "import", str(file))

    code, out, _ = run(capsys, "hsds", "import", str(changed(file, "Changed once more.")))

    assert (code, out.splitlines()[0]) == (0, f"offer {ID}: changed")
    assert summary_of_draft(life) == "Changed once more."


def test_its_own_draft_of_something_published_anew_since_is_left(
    life: Life, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "hsds", "import", str(file))
    publish_anew(life.store, "Published meanwhile.")

    code, _, err = run(capsys, "hsds", "import", str(changed(file, "Changed once more.")))

    assert code == 1
    assert "published anew since its draft was begun" in err
    assert summary_of_draft(life) == ELSEWHERE


class Overtaking(Life):
    """Somebody publishes just after a record was read."""

    def published(self, record_type: str, id: str) -> tuple[dict[str, Any], int] | None:
        found = super().published(record_type, id)
        publish_anew(self.store, "Published meanwhile.")
        return found


def test_a_publication_between_reading_and_saving_is_noticed(env: dict[str, str]) -> None:
    life = Overtaking(open_store(env))
    offer = life.store.offer(ID)
    assert offer is not None
    document = {"name": offer[0].name, "kind": "event", "summary": ELSEWHERE}

    with pytest.raises(LeftAlone, match="published anew meanwhile"):
        _take_in(life, "offer", ID, document, "services.json", NOW, keep=True)
    assert life.working("offer", ID) is None


def test_what_is_new_becomes_a_draft_of_the_command_line(life: Life) -> None:
    became = _take_in(
        life, "provider", "example-lab", {"name": "Example lab", "type": "public"}, "a file", NOW, keep=True
    )

    draft = life.working("provider", "example-lab")
    assert became == "new"
    assert draft is not None
    assert (draft.by, draft.base_version) == (BY, 0)
