"""Roadmaps: few steps, in order, each with its reason."""

from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.roadmap.make import UnknownNeed, make_roadmap
from knowledge_base.roadmap.shapes import Gap, Payment, Phase, Question, Roadmap, Step

__all__ = [
    "CatalogueIndex",
    "Gap",
    "Payment",
    "Phase",
    "Question",
    "Roadmap",
    "Step",
    "UnknownNeed",
    "make_roadmap",
]
