"""Find the team for a business: by where it is, what it wants and what it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge_base import labels
from knowledge_base.areas import AreaTree
from knowledge_base.brokers.records import Team

EVERYWHERE = 1 << 30  # larger than any area


@dataclass(frozen=True, slots=True)
class Match:
    """A team that fits a business, and why, in words for staff."""

    team: Team
    why: str


def match(
    teams: Iterable[Team],
    areas: Sequence[str],
    needs: Sequence[str],
    sector: str | None,
    view_areas: AreaTree,
    *,
    names: Mapping[str, str] | None = None,
    hub_areas: Sequence[str] = (),
) -> list[Match]:
    """Return the active teams that fit, best first.

    A team fits where its areas meet the business's, and its needs and sectors are all of them or meet too. A
    team that surely serves the place goes before one that may; then the more particular first (needs and
    sector named, then the smaller area), then the team's position, then its id.

    Args:
        areas: alternatives; the business is in one of these. Empty: its place is not known, and only teams
            for everywhere fit, and those whose areas hold all of ``hub_areas``.
        names: the areas' names by code, for the reasons.
    """
    called = names or {}
    found = []
    for team in teams:
        placed = _placed(team, areas, view_areas, hub_areas)
        wanted = [need for need in needs if need in team.needs]
        if not team.active or placed is None or (team.needs and not wanted):
            continue
        if team.sectors and sector not in team.sectors:
            continue
        sure, size, area = placed
        place = called.get(area, area)
        if not team.areas:
            where = "it serves every place"
        elif not areas:
            where = "it serves the whole of the hub's area, and the place is not known"
        else:
            where = f"it serves {place}, where the business {'is' if sure else 'may be'}"
        reasons = [where]
        if wanted:
            reasons.append(f"it looks after {labels.joined(labels.needs(wanted))}")
        if team.sectors:
            reasons.append(f"it works with {labels.code_told('sector', str(sector))}")
        first_need = needs.index(wanted[0]) if wanted else 0
        named = bool(team.needs) + bool(team.sectors)
        rank = (not sure, -named, not team.needs, first_need, size, team.position, team.id)
        found.append((rank, Match(team, f"{team.name}: {', and '.join(reasons)}.")))
    return [match for _, match in sorted(found, key=lambda each: each[0])]


def _placed(
    team: Team, areas: Sequence[str], tree: AreaTree, hub_areas: Sequence[str]
) -> tuple[bool, int, str] | None:
    """Say whether a place is surely in a team's areas, how large the area that meets it is, and which it is.

    None: it is in none of them.
    """
    if not team.areas:
        return True, EVERYWHERE, ""
    wanted = frozenset(team.areas)
    if not areas:
        held = bool(hub_areas) and all(tree.standing([code], wanted) for code in hub_areas)
        return (True, EVERYWHERE - 1, "") if held else None
    standing = tree.standing(areas, wanted)
    if standing is False:
        return None
    meeting = [area for area in team.areas if any(tree.overlap(code, area) for code in areas)]
    if not meeting:  # an area that this catalogue no longer knows: the place lies in it by its code alone
        meeting = [area for area in team.areas if any(area in tree.ancestors(code) for code in areas)]
    sized = {area: len(tree.descendants(area)) for area in meeting}
    area = min(meeting, key=lambda code: (sized[code], code))
    return bool(standing), sized[area], area
