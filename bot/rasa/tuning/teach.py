"""Teach the encoder needs and acts at once, so that messages that ask for the same lie together."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bot.rasa.build_encoder import WIDTH
from bot.rasa.examples import DESCRIBE_NEED
from bot.rasa.reader import GIVE_PROFILE
from bot.rasa.tuning.lessons import Lesson
from bot.rasa.tuning.network import Network, padded
from knowledge_base.encoder import MAX_TOKENS

SCALE = 16.0
WARM_UP = 0.06
# Texts of like length go together, out of so many batches at a time: little padding, and still much mixing.
SORTED_AT_ONCE = 40
# Two messages made one are no longer than this, nor is a share of them: facts before a need, or two needs.
JOINED_TOKENS, WITH_FACTS = 80, 0.4
# The weights that are kept are the mean of the last few hundred steps'.
KEPT, STEPS_APART = 0.98, 5
NO_ACT = -100


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn; the figures tried stand in bot/rasa/tuning/README.md."""

    epochs: int = 5
    batch: int = 32
    rate: float = 8e-5
    head_rate: float = 5e-3
    decay: float = 0.01
    acts_weight: float = 1.0
    joined: float = 0.2
    seed: int = 20261122


def teach(lessons: Sequence[Lesson], source: Path, plan: Plan, say: Callable[[str], None]) -> Network:
    """Return the network after some epochs; `source` holds model.safetensors and tokenizer.json."""
    torch.manual_seed(plan.seed)
    dice = random.Random(plan.seed)
    needs = sorted({need for lesson in lessons for need in lesson.needs or ()})
    acts = sorted({lesson.act for lesson in lessons})
    tokens = _tokens(source, [lesson.text for lesson in lessons])
    wanted = torch.tensor([[float(need in (each.needs or ())) for need in needs] for each in lessons])
    teaches = torch.tensor([float(lesson.needs is not None) for lesson in lessons])
    act = torch.tensor([acts.index(lesson.act) for lesson in lessons])
    counts = torch.bincount(act, minlength=len(acts)).float()
    balance = (counts.sum() / len(acts) / counts).sqrt()
    network = Network(source / "model.safetensors", len(needs), len(acts))
    heads = [*network.needs.parameters(), *network.acts.parameters()]
    body = [weight for name, weight in network.named_parameters() if not name.startswith(("needs.", "acts."))]
    learner = torch.optim.AdamW(
        [
            {"params": body, "lr": plan.rate, "weight_decay": plan.decay},
            {"params": heads, "lr": plan.head_rate, "weight_decay": 0.0},
        ],
        fused=True,
    )
    steps = math.ceil(len(lessons) * (1 + plan.joined) / plan.batch) * plan.epochs
    pace = torch.optim.lr_scheduler.LambdaLR(learner, lambda step: _pace(step, steps))
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(KEPT))
    started, step = time.monotonic(), 0
    for epoch in range(1, plan.epochs + 1):
        network.train()
        total = 0.0
        pairs = _pairs(lessons, tokens, round(plan.joined * len(lessons)), dice)
        texts = [*tokens, *([*tokens[a][:-1], *tokens[b][1:]] for a, b in pairs)]
        both = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2)
        all_wanted = torch.cat([wanted, torch.maximum(wanted[both[:, 0]], wanted[both[:, 1]])])
        all_teach = torch.cat([teaches, torch.ones(len(pairs))])
        all_acts = torch.cat([act, torch.full((len(pairs),), NO_ACT)])
        batches = _batches([len(each) for each in texts], plan.batch, dice)
        for places in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = network(*padded([texts[place] for place in places]))
            vectors, some = vectors.float() * SCALE, torch.tensor(places)
            loss = _missed(network.needs(vectors[:, :WIDTH]), all_wanted[some], all_teach[some])
            if (all_acts[some] != NO_ACT).any():
                loss = loss + plan.acts_weight * functional.cross_entropy(
                    network.acts(vectors[:, WIDTH:]), all_acts[some], weight=balance, ignore_index=NO_ACT
                )
            learner.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            learner.step()
            pace.step()
            step += 1
            if step % STEPS_APART == 0:
                average.update_parameters(network)
            total += loss.item()
        minutes = (time.monotonic() - started) / 60
        say(
            f"  epoch {epoch} of {plan.epochs}: loss {total / len(batches):.3f}, {minutes:.1f} minutes so far"
        )
    kept: Network = average.module
    return kept.eval()


def _pairs(
    lessons: Sequence[Lesson], tokens: Sequence[Sequence[int]], count: int, dice: random.Random
) -> list[tuple[int, int]]:
    """Return pairs of messages to be read as one: facts and a need, in either order, or two needs."""
    short = [place for place, text in enumerate(tokens) if len(text) <= JOINED_TOKENS // 2]
    needs = [place for place in short if lessons[place].act == DESCRIBE_NEED and lessons[place].needs]
    facts = [place for place in short if lessons[place].act == GIVE_PROFILE]
    if not needs or not facts:
        return []
    pairs = []
    for _ in range(count):
        other = dice.choice(facts if dice.random() < WITH_FACTS else needs)
        pair = (other, dice.choice(needs))
        pairs.append(pair if dice.random() < 2 / 3 else pair[::-1])
    return pairs


def _missed(scores: Tensor, wanted: Tensor, teaches: Tensor) -> Tensor:
    """Return how far the needs are missed, over the messages that teach them."""
    missed = functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none").sum(1)
    return (missed * teaches).sum() / teaches.sum().clamp(min=1.0)


def _pace(step: int, steps: int) -> float:
    return min((step + 1) / (WARM_UP * steps), max(0.0, (steps - step) / ((1 - WARM_UP) * steps)))


def _tokens(source: Path, texts: Sequence[str]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in texts]


def _batches(lengths: Sequence[int], size: int, dice: random.Random) -> list[list[int]]:
    """Return all places in batches of like length, in an order left to chance."""
    places = list(range(len(lengths)))
    dice.shuffle(places)
    batches: list[list[int]] = []
    for begin in range(0, len(places), size * SORTED_AT_ONCE):
        some = sorted(places[begin : begin + size * SORTED_AT_ONCE], key=lambda place: lengths[place])
        batches += [some[n : n + size] for n in range(0, len(some), size)]
    dice.shuffle(batches)
    return batches
