"""Answer about offers that were named or pointed at: what they are, whether they fit, which one."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import broker, replies, slots
from knowledge_base import labels
from knowledge_base.advice import Advice, OfferCard
from knowledge_base.explain_words import in_short

MOST = 3
CLEAR = 0.6  # a need said at this chance is what the question is about


class ShowOffer(Action):
    """Tell what an offer is, in the words of its record."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_show_offer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        cards = cards_meant(self.advice, tracker)
        for card in cards[:MOST]:
            replies.for_offer(dispatcher, card)
        if not cards and named_for_advisers(tracker):
            dispatcher.utter_message(response="utter_offer_for_advisers")
        elif not cards:
            which = "utter_which_offer" if slots.listed(tracker, slots.SHOWN) else "utter_offer_unknown"
            dispatcher.utter_message(response=which)
        self.advice.opened([card.id for card in cards[:MOST]], datetime.now(timezone.utc))
        return told_of(cards)


class ExplainEligibility(Action):
    """Tell likely, unlikely or unsure, and the condition that decided it."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_explain_eligibility"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        cards = cards_meant(self.advice, tracker)
        heard = tracker.latest_message.get("needs") or ()
        asked_for = [n["need"] for n in heard if n.get("confidence", 1.0) >= CLEAR]
        if not cards and named_for_advisers(tracker):
            dispatcher.utter_message(response="utter_offer_for_advisers")
            return []
        if not cards and asked_for:
            # “Can I get a grant for solar?” asks for a roadmap, not about one offer.
            return [SlotSet(slots.NEEDS_SLOT, asked_for), FollowupAction("profile_form")]
        if not cards:
            dispatcher.utter_message(response="utter_eligibility_general")
        for card in cards[:MOST]:
            if card.ended:
                replies.for_offer(dispatcher, card)
                continue
            if tracker.get_slot(slots.ROADMAP) and card.id not in slots.listed(tracker, slots.SHOWN):
                self.say_why_not(dispatcher, tracker, card)
                continue
            dispatcher.utter_message(
                response="utter_eligibility",
                name=card.name,
                verdict=card.verdict_words,
                lines="\n".join(f"– {line}" for line in card.reasons[: replies.MOST_LINES]),
                json_message={"offers": [card.document]},
            )
        self.advice.opened([card.id for card in cards[:MOST]], datetime.now(timezone.utc))
        return told_of(cards)

    def say_why_not(self, dispatcher: CollectingDispatcher, tracker: Tracker, card: OfferCard) -> None:
        """Tell why an offer is not in the roadmap that was shown, and what would let it in."""
        shown = slots.listed(tracker, slots.SHOWN)
        told = self.advice.explain(
            slots.asked_so_far(tracker), card.id, shown, audience=broker.audience(tracker)
        )
        words = " ".join(in_short(told))
        dispatcher.utter_message(
            response="utter_why_not",
            words=broker.of_client(words) if broker.asks(tracker) else words,
            json_message={"offers": [card.document]},
        )


class CompareOffers(Action):
    """Put offers side by side on what they are, cost, when, and whether they fit."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_compare_offers"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        cards = cards_meant(self.advice, tracker)
        if len(cards) < 2:
            cards = [*cards, *self.among_shown(tracker, cards)]
        if len(cards) < 2:
            dispatcher.utter_message(response="utter_compare_what")
            return []
        dispatcher.utter_message(
            response="utter_comparison",
            lines="\n".join(comparison_line(card) for card in cards[: MOST + 1]),
            json_message={"offers": [card.document for card in cards[: MOST + 1]]},
        )
        return told_of(cards)

    def among_shown(self, tracker: Tracker, cards: list[OfferCard]) -> list[OfferCard]:
        """The first steps shown, to fill up to two."""
        already = {card.id for card in cards}
        shown = [o for o in slots.listed(tracker, slots.SHOWN) if o not in already]
        return made(self.advice, tracker, shown[: 2 - len(cards)])


def cards_meant(advice: Advice, tracker: Tracker) -> list[OfferCard]:
    """The offers the last message named or pointed at; “it” is the one told of last."""
    meant = slots.listed(tracker, slots.MENTIONED)
    if not meant and (tracker.get_slot(slots.WISHES) or {}).get("points_back"):
        meant = slots.listed(tracker, slots.LAST_OFFERS)
    return made(advice, tracker, meant)


def told_of(cards: list[OfferCard]) -> list[dict[str, Any]]:
    """Remember what was told of, for “can I get it?”."""
    return [SlotSet(slots.LAST_OFFERS, [card.id for card in cards[:MOST]])] if cards else []


def made(advice: Advice, tracker: Tracker, offers: Any) -> list[OfferCard]:
    """The cards of offers, of those only that the one who asks may be told of."""
    profile, on, audience = slots.profile(tracker), slots.today(tracker), broker.audience(tracker)
    cards = (advice.card(offer, profile, on=on, audience=audience) for offer in offers)
    return [card for card in cards if card]


def named_for_advisers(tracker: Tracker) -> bool:
    """Say whether an owner named what only advisers can use."""
    return bool((tracker.get_slot(slots.WISHES) or {}).get("for_advisers"))


def comparison_line(card: OfferCard) -> str:
    """One offer as a line of a comparison."""
    return (
        f"– {card.name}: {labels.kind(card.kind)}; {card.window_words}; cost: {card.cost_words}; "
        f"for you: {card.verdict_words}"
    )
