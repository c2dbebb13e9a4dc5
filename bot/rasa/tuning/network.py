"""The encoder as a network that can learn: the same six layers that `build_encoder` writes as a graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from bot.rasa.build_encoder import EPSILON, HEADS, LAYERS, WIDTH

DROPOUT = 0.1
# The layer whose mean tells acts apart.
EARLY = 4
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "second_norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """One layer: every token attends to all tokens, then is worked on by itself."""

    def __init__(self, inner: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, inner), nn.Linear(inner, WIDTH)
        self.first_norm, self.second_norm = (nn.LayerNorm(WIDTH, eps=EPSILON) for _ in range(2))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, hidden: Tensor, heeded: Tensor) -> Tensor:
        """Return the tokens' next states; hidden is (texts, tokens, width), heeded (texts, 1, 1, tokens)."""
        texts, tokens, _ = hidden.shape
        query, key, value = (
            part(hidden).view(texts, tokens, HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=heeded, dropout_p=DROPOUT if self.training else 0.0
        )
        seen = seen.transpose(1, 2).reshape(texts, tokens, WIDTH)
        hidden = self.first_norm(hidden + self.dropout(self.attended(seen)))
        return self.second_norm(hidden + self.dropout(self.outer(functional.gelu(self.inner(hidden)))))


class Network(nn.Module):
    """The encoder with two heads: one for needs on the last layer, one for acts on an earlier one.

    With both on the last layer what a message does was drowned by what it is about.
    """

    def __init__(self, weights: Path, needs: int, acts: int) -> None:
        super().__init__()
        known = load_file(str(weights))
        self.words = nn.Embedding(*known["embeddings.word_embeddings.weight"].shape)
        self.positions = nn.Embedding(*known["embeddings.position_embeddings.weight"].shape)
        self.kinds = nn.Embedding(*known["embeddings.token_type_embeddings.weight"].shape)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        inner = known["encoder.layer.0.intermediate.dense.weight"].shape[0]
        self.layers = nn.ModuleList(Layer(inner) for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)
        self.load_state_dict({name: known[kept] for name, kept in _names(self).items()}, strict=True)
        self.needs, self.acts = nn.Linear(WIDTH, needs), nn.Linear(WIDTH, acts)
        for head, lean in ((self.needs, -2.0), (self.acts, 0.0)):
            nn.init.zeros_(head.weight)
            nn.init.constant_(head.bias, lean)

    def forward(self, tokens: Tensor, heeded: Tensor) -> Tensor:
        """Return two unit vectors for each text, side by side: of the last layer, and of the early one."""
        hidden = self.words(tokens) + self.positions.weight[: tokens.shape[1]] + self.kinds.weight[0]
        hidden = self.dropout(self.norm(hidden))
        early = hidden
        for number, layer in enumerate(self.layers, start=1):
            hidden = layer(hidden, heeded[:, None, None, :].bool())
            early = hidden if number == EARLY else early
        return torch.cat([_pooled(hidden, heeded), _pooled(early, heeded)], dim=-1)

    def encoder(self) -> dict[str, np.ndarray]:
        """Return the encoder's weights under their published names, without the heads."""
        state = self.state_dict()
        return {kept: state[name].float().numpy() for name, kept in _names(self).items()}


def _pooled(hidden: Tensor, heeded: Tensor) -> Tensor:
    kept = heeded[..., None].to(hidden.dtype)
    return functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=-1)


def padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return texts' token ids as one rectangle, and which of them are real."""
    longest = max(len(text) for text in texts)
    tokens, heeded = (torch.zeros(len(texts), longest, dtype=torch.long) for _ in range(2))
    for row, text in enumerate(texts):
        tokens[row, : len(text)] = torch.tensor(text)
        heeded[row, : len(text)] = 1
    return tokens, heeded


def _names(network: Network) -> dict[str, str]:
    """Return the published name of each of the encoder's weights."""
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
        "kinds.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    for layer in range(len(network.layers)):
        for part, kept in PARTS.items():
            for kind in ("weight", "bias"):
                names[f"layers.{layer}.{part}.{kind}"] = f"encoder.layer.{layer}.{kept}.{kind}"
    return names
