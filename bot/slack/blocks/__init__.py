"""What Slack is shown: pure functions from the core's answers to Block Kit and plain words."""

from bot.slack.blocks.client_list import client_menu, clients
from bot.slack.blocks.comparing import compare, nearly
from bot.slack.blocks.explaining import explain
from bot.slack.blocks.helping import help_message, refusal
from bot.slack.blocks.modals import (
    answer_modal,
    decline_modal,
    hand_over_modal,
    needs_modal,
    note_modal,
    outcome_modal,
    pass_on_modal,
    read_needs,
    read_to,
    rename_modal,
)
from bot.slack.blocks.offers import for_adviser, offer_card
from bot.slack.blocks.profile_form import chosen, offer_options, profile_modal, read_profile, typed
from bot.slack.blocks.referrals import escalation, referral_card, reminder, thread_line
from bot.slack.blocks.roadmaps import changes, roadmap
from bot.slack.blocks.text import Message

__all__ = [
    "Message",
    "answer_modal",
    "changes",
    "chosen",
    "client_menu",
    "clients",
    "compare",
    "decline_modal",
    "escalation",
    "explain",
    "for_adviser",
    "hand_over_modal",
    "help_message",
    "nearly",
    "needs_modal",
    "note_modal",
    "offer_card",
    "offer_options",
    "outcome_modal",
    "pass_on_modal",
    "profile_modal",
    "read_needs",
    "read_profile",
    "read_to",
    "referral_card",
    "refusal",
    "reminder",
    "rename_modal",
    "roadmap",
    "thread_line",
    "typed",
]
