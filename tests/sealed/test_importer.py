"""Examples are read quickly, and as Rasa itself would read them."""

from __future__ import annotations

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT

from bot.rasa.importer import Importer, examples_of

PLAIN = """version: "3.1"
nlu:
- intent: describe_need
  examples:
  - text: |
      by the time the paint is dry
      we have moved it twice
    metadata:
      needs: [process_improvement]
  - text: who pays
    metadata:
      needs: [finance]
- intent: greet
  examples:
  - text: |
      morning all
"""
REPLIES = """version: "3.1"
responses:
  utter_hello:
  - text: Hello.
"""


def read(importer, folder):
    data = importer(None, None, [str(folder)]).get_nlu_data()
    told = lambda each: (each.get(METADATA) or {}).get(METADATA_EXAMPLE)  # noqa: E731
    return sorted((each.get(TEXT), each.get(INTENT), str(told(each))) for each in data.intent_examples)


def test_examples_are_read_as_rasa_reads_them(tmp_path):
    (tmp_path / "plain.yml").write_text(PLAIN)

    assert len(read(Importer, tmp_path)) == 3
    assert read(Importer, tmp_path) == read(RasaFileImporter, tmp_path)


def test_replies_beside_the_examples_are_still_read(tmp_path):
    (tmp_path / "plain.yml").write_text(PLAIN)
    (tmp_path / "replies.yml").write_text(REPLIES)

    data = Importer(None, None, [str(tmp_path)]).get_nlu_data()

    assert "utter_hello" in data.responses
    assert len(data.intent_examples) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nlu: [",
        "nlu: words",
        PLAIN.replace("text:", "txt:", 1),
        PLAIN + "stories: []\n",
        PLAIN.replace("    metadata:", "    entities: []\n    metadata:", 1),
        PLAIN.replace("- intent: greet", "- synonym: greet"),
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n',
    ],
)
def test_what_is_not_plainly_examples_is_left_to_rasa(tmp_path, text):
    file = tmp_path / "odd.yml"
    file.write_text(text)

    assert examples_of(file) is None


def test_examples_written_as_a_list_of_lines_are_read_by_rasa(tmp_path):
    (tmp_path / "lines.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n'
    )

    assert read(Importer, tmp_path) == read(RasaFileImporter, tmp_path)
    assert len(read(Importer, tmp_path)) == 2
