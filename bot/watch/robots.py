"""Obey robots.txt as RFC 9309 says: the longest rule that matches decides, and allowing wins a tie."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

MOST_BYTES = 500 * 1024  # what the RFC asks a robot to read at least
MOST_RULES = 2_000
LONGEST_RULE = 500
LONGEST_DELAY = 10.0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host for one robot: pairs of whether allowed and a path pattern."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None

    def allows(self, url: str) -> bool:
        """Say whether a page of this host may be asked for."""
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best, allowed = -1, True
        for allow, pattern in self.rules:
            if (len(pattern), allow) > (best, allowed if best >= 0 else False) and matches(pattern, path):
                best, allowed = len(pattern), allow
        return allowed


ALL = Robots()


def read_robots(text: str, agent: str) -> Robots:
    """Return the rules for a robot: of the groups that name it, or else of those for ``*``."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    in_rules = False
    for line in text[:MOST_BYTES].splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            names = [] if in_rules else names
            in_rules = False
            names.append(value.lower())
            groups.setdefault(value.lower(), [])
        elif key in ("allow", "disallow"):
            in_rules = True
            for name in names:
                if value and len(groups[name]) < MOST_RULES and len(value) <= LONGEST_RULE:
                    groups[name].append((key == "allow", _plain(value)))
        elif key == "crawl-delay":
            in_rules = True
            for name in names:
                delays[name] = _seconds(value)
    mine = agent.lower()
    name = max((name for name in groups if name != "*" and name and name in mine), key=len, default="*")
    return Robots(tuple(groups.get(name, ())), delays.get(name))


def matches(pattern: str, path: str) -> bool:
    """Say whether a pattern with * and a closing $ matches a path from its beginning."""
    whole = pattern.endswith("$")
    first, *rest = (pattern[:-1] if whole else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if whole and not rest:
        return at == len(path)
    for number, part in enumerate(rest):
        if whole and number == len(rest) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _plain(path: str) -> str:
    return quote(unquote(path), safe="/*$?=&%!'()+,;:@~-._")


def _seconds(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        return 0.0
    return min(max(value, 0.0), LONGEST_DELAY) if value == value else 0.0
