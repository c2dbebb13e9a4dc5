"""The sentence encoder: one text, one vector, everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest

from bot.rasa.build_encoder import build
from knowledge_base.encoder import Encoder, EncoderError
from tests.sealed.conftest import ROOT

TEXTS = ["We need a grant for a new lathe.", "zażółć gęślą jaźń £40k", "a " * 3000, "", "hello"]
FOLDER = ROOT / "models" / "encoder"


def test_vectors_have_unit_length_whatever_the_text(encoder):
    vectors = encoder.encode(TEXTS)

    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(encoder):
    together = encoder.encode(TEXTS)

    assert all((encoder.encode([text])[0] == row).all() for text, row in zip(TEXTS, together, strict=True))


def test_the_vector_is_the_published_models(encoder):
    # The first figures that the model's publishers print for this sentence.
    published = np.asarray([0.0677, 0.0635, 0.0487, 0.0793])

    assert np.abs(encoder.encode(["This is an example sentence"])[0][:4] - published).max() < 0.02


def test_both_sides_of_the_seam_give_a_text_the_same_vector(encoder):
    ours = ROOT / ".venv" / "bin" / "python"
    if not ours.exists():
        pytest.skip("our own environment is not set up")
    program = (
        "import json, sys; from knowledge_base.encoder import Encoder\n"
        "print(json.dumps(Encoder.load(sys.argv[1]).encode(json.load(sys.stdin)).tolist()))"
    )
    told = subprocess.run(
        [str(ours), "-c", program, str(FOLDER)],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    theirs = np.asarray(json.loads(told.stdout))

    assert (theirs * encoder.encode(TEXTS)).sum(axis=1).min() > 0.985


def test_texts_that_mean_alike_are_nearer_than_those_that_do_not(encoder):
    lathe, machine, dog = encoder.encode(["a grant for a lathe", "money to buy a machine", "my dog is ill"])

    assert lathe @ machine > lathe @ dog + 0.2


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_a_missing_encoder_names_the_way_out(tmp_path):
    with pytest.raises(EncoderError, match="run `make encoder`"):
        Encoder.load(tmp_path / "nowhere")


def test_an_encoder_that_was_tampered_with_is_refused(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "encoder")
    with (tmp_path / "encoder" / "model.onnx").open("ab") as file:
        file.write(b"x")

    with pytest.raises(EncoderError, match="not the file that was built"):
        Encoder.load(tmp_path / "encoder")


@pytest.mark.parametrize("meta", ["", "[]", "{}", '{"sha256": 3}', '{"sha256": {}}'])
def test_a_spoilt_description_of_the_encoder_is_refused(tmp_path, meta):
    (tmp_path / "meta.json").write_text(meta)

    with pytest.raises(EncoderError, match="run `make encoder`"):
        Encoder.load(tmp_path)


def test_building_again_changes_nothing(encoder):
    before = (FOLDER / "model.onnx").stat().st_mtime_ns

    assert build(FOLDER) is False
    assert (FOLDER / "model.onnx").stat().st_mtime_ns == before
