"""The phase of a roadmap that an offer belongs in."""

from __future__ import annotations

from knowledge_base.records import Offer
from knowledge_base.words import PHASES

PHASE_ORDER = {phase: place for place, phase in enumerate(PHASES)}
PHASE_OF_STAGE = {stage: phase for phase, stages in PHASES.items() for stage in stages}

USUAL_PHASE = {
    **dict.fromkeys(("advice", "diagnostic", "toolkit", "event"), "get_clear"),
    **dict.fromkeys(("training", "mentoring", "network", "research_collaboration", "facility"), "get_ready"),
    **dict.fromkeys(("grant", "loan", "guarantee", "equity", "tax_relief", "voucher"), "get_funded"),
    "award": "get_going",
}


def phase_of(offer: Offer, floor: int = 0) -> str:
    """Return the phase an offer belongs in: one of its own journey stages', and the usual one for its
    kind where it may choose. ``floor`` is the phase of what it requires: it never comes before that."""
    usual = USUAL_PHASE.get(offer.kind, "get_ready")
    own = [PHASE_ORDER[phase] for phase in phases_of(offer)]
    fitting = [place for place in own or [PHASE_ORDER[usual]] if place >= floor]
    if PHASE_ORDER[usual] in fitting:
        return usual
    return list(PHASES)[fitting[0] if fitting else floor]


def phases_of(offer: Offer) -> tuple[str, ...]:
    """Return every phase that an offer's own journey stages cover, in order."""
    own = {PHASE_OF_STAGE[stage] for stage in offer.stages if stage in PHASE_OF_STAGE}
    return tuple(phase for phase in PHASES if phase in own)
