"""The innovation check-up: a few questions, where they place a business, and the needs that follow."""

from knowledge_base.checkup.answers import BadAnswers, read_answers
from knowledge_base.checkup.hearing import Heard, command_in, hear, is_question
from knowledge_base.checkup.placing import place
from knowledge_base.checkup.reading import checkup_faults, read_checkup
from knowledge_base.checkup.shapes import Answers, Checkup, CheckupResult, Option, Question

__all__ = [
    "Answers",
    "BadAnswers",
    "Checkup",
    "CheckupResult",
    "Heard",
    "Option",
    "Question",
    "checkup_faults",
    "command_in",
    "hear",
    "is_question",
    "place",
    "read_answers",
    "read_checkup",
]
