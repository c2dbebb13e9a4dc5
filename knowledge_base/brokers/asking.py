"""Record that a business asked for a person, and give it to the team that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from knowledge_base import labels
from knowledge_base.brokers.matching import match
from knowledge_base.brokers.records import Team
from knowledge_base.profile import Profile, dump_profile
from knowledge_base.store.referrals import Referrals
from knowledge_base.view import View


def record_request(
    referrals: Referrals,
    teams: Sequence[Team],
    view: View,
    hub_areas: Sequence[str],
    *,
    session: str,
    contact: Mapping[str, str],
    needs: Sequence[str],
    profile: Profile,
    roadmap: str | None,
    recap: Sequence[str],
    code_only: bool,
    now: datetime,
) -> str:
    """Record a request as `Advice.refer` describes, and return its code.

    ``teams`` are the active ones, ``hub_areas`` the codes of the areas the hub looks after.
    """
    place = view.resolve(profile.place) if profile.place else None
    areas = list(place.areas) if place else []
    fitting = match(
        teams,
        areas,
        list(needs),
        profile.sector,
        view.tree,
        names={code: area.name for code, area in view.catalogue.areas.items()},
        hub_areas=hub_areas,
    )
    return referrals.record(
        session,
        name=contact.get("name", ""),
        contact=", ".join(contact[way] for way in ("email", "phone") if contact.get(way)),
        needs=list(needs),
        areas=areas,
        sector=profile.sector,
        recap=list(recap) or labels.told(dump_profile(profile)),
        roadmap_id=roadmap,
        consent_at=now,
        code_only=code_only,
        team=fitting[0].team.id if fitting else None,
        why=fitting[0].why if fitting else "",
    )
