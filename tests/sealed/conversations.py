"""Conversations and domains made by hand."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [describe_need, restart]
slots:
  needs: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  place: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  turn: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  forget_me: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
forms:
  profile_form: {required_slots: [place]}
actions: [action_show_roadmap]
"""
)


def opening():
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number, text="we need a grant"):
    """One exchange, as long as Rasa would make it."""
    intent = {"name": "describe_need", "confidence": 0.9}
    parsed = {
        "text": text,
        "intent": intent,
        "entities": [],
        "needs": [{"need": "finance", "confidence": 0.8}],
        "intent_ranking": [intent] * 5,
        "response_selector": {"all_retrieval_intents": [], "default": {"ranking": []}},
    }
    said = UserUttered(text, intent, [], parsed, input_channel="rest", message_id=str(number))
    said.metadata = {"role": "owner", "model_id": "m" * 32, "assistant_id": "fingerpost"}
    return [
        said,
        ActionExecuted("action_show_roadmap", policy="RulePolicy", confidence=1.0, hide_rule_turn=True),
        SlotSet("turn", number),
        BotUttered("Here is your roadmap.", {"custom": {"steps": ["x" * 500]}, "buttons": None}),
        ActionExecuted("action_listen"),
    ]
