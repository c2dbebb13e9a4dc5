"""Keep the teams of business advisers and the people in them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import Broker, Team
from knowledge_base.hubs import is_address
from knowledge_base.store.audit import note
from knowledge_base.store.broker_tables import BrokerRow, TeamRow
from knowledge_base.store.database import Database
from knowledge_base.store.shutting_out import hold_taken, shut_out
from knowledge_base.store.tables import AreaRow
from knowledge_base.store.team_rows import TEAM_FIELDS, team_of
from knowledge_base.words import NEEDS, SECTORS

MOST_REMINDERS, MOST_DAYS = 5, 90
COMMAND_LINE = "command line"
_Row = TypeVar("_Row", TeamRow, BrokerRow)
_BROKER = ("team", "name", "email", "slack_team", "slack_user", "active", "by_group")
_SLACK = {
    "slack_team": (re.compile(r"[TE][A-Z0-9]{1,38}\Z"), "T0123ABCD", "of the workspace"),
    "channel": (re.compile(r"[CG][A-Z0-9]{1,38}\Z"), "C0123ABCD", "of the channel"),
    "slack_group": (re.compile(r"S[A-Z0-9]{1,38}\Z"), "S0123ABCD", "of the user group"),
    "lead_slack": (re.compile(r"[UW][A-Z0-9]{1,38}\Z"), "U0123ABCD", "of the member"),
    "slack_user": (re.compile(r"[UW][A-Z0-9]{1,38}\Z"), "U0123ABCD", "of the member"),
}


class _Bad(ValueError):
    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class BadTeam(_Bad):
    """A team that cannot be kept; the message says what to write instead, in ``field`` where it is one's."""


class BadBroker(_Bad):
    """A broker who cannot be kept; the message says what to write instead, in ``field`` where it is one's."""


class ChangedMeanwhile(Exception):
    """Somebody else changed a team or a broker since they were looked at; nothing was written over that."""


def mark_of(kept: Team | Broker) -> str:
    """Return a short mark of what a team or a broker is now; it is another once anything is changed."""
    return hashlib.sha256(repr(kept).encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Teams:
    """The teams of one database. None is ever deleted, since clients and referrals name them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, *, active: bool | None = None) -> list[Team]:
        """Return the teams in their order; with ``active``, only those that are, or are not."""
        asked = select(TeamRow).order_by(TeamRow.position, TeamRow.name, TeamRow.id)
        if active is not None:
            asked = asked.where(TeamRow.active.is_(active))
        with self._database.session() as transaction:
            return [team_of(row) for row in transaction.scalars(asked)]

    def get(self, id: str) -> Team | None:
        """Return a team, or None where none has that id."""
        with self._database.session() as transaction:
            row = transaction.get(TeamRow, id)
            return team_of(row) if row else None

    def add(self, *, now: datetime, by: str = COMMAND_LINE, **fields: Any) -> Team:
        """Add a team from the fields of `Team`, but for its id; ``name`` alone must be told.

        Raises:
            BadTeam: something about it cannot be kept, or the name is taken.
        """
        return self._keep(Team(id=secrets.token_hex(5), name=""), fields, by, now)

    def change(
        self, id: str, *, now: datetime, by: str = COMMAND_LINE, seen: str | None = None, **fields: Any
    ) -> Team:
        """Change some fields of a team; what it looks after counts from the next referral on.

        Args:
            seen: the mark of the team as it was looked at.

        Raises:
            BadTeam: something about it cannot be kept, or no team has that id.
            ChangedMeanwhile: it is no longer as it was ``seen``.
        """
        team = self.get(id)
        if team is None:
            raise BadTeam("There is no team with that id; look at the list of teams.")
        return self._keep(team, fields, by, now, seen)

    def _keep(
        self, team: Team, fields: dict[str, Any], by: str, now: datetime, seen: str | None = None
    ) -> Team:
        _known(fields, TEAM_FIELDS, BadTeam)
        values = {name: getattr(team, name) for name in TEAM_FIELDS} | fields
        values["name"] = _name(values["name"], "The team", BadTeam)
        for list_name, known in (("needs", NEEDS), ("sectors", SECTORS)):
            values[list_name] = _codes(values[list_name], known, list_name)
        values["areas"] = list(dict.fromkeys(map(str, values["areas"])))
        for name in ("slack_team", "channel", "slack_group", "lead_slack"):
            values[name] = _slack(name, values[name], BadTeam)
        if (values["channel"] or values["slack_group"]) and not values["slack_team"]:
            raise BadTeam(
                f"{values['name']}: say which workspace the channel is in, by its id (T0123ABCD).",
                "slack_team",
            )
        values["lead_email"] = _email("lead_email", values["lead_email"], BadTeam)
        values["remind_days"] = _days(values["remind_days"])
        values["lead_after_days"] = _whole(values["lead_after_days"], 1, MOST_DAYS, "lead_after_days")
        values["position"] = _whole(values["position"], -1_000_000, 1_000_000, "position")
        values["active"] = bool(values["active"])
        try:
            with self._database.writing() as transaction:
                _areas_known(transaction, values["areas"])
                if not values["active"]:
                    hold_taken(transaction, team=team.id)
                row, new = _written(transaction, TeamRow, team_of, team.id, values, seen)
                what = "team_added" if new else "team_changed"
                note(transaction, by, what, team.id, now, fields=sorted(fields))
                if not row.active:
                    shut_out(transaction, now, team=team.id)
                return team_of(row)
        except IntegrityError:
            raise BadTeam(
                f"There is a team called {values['name']} already; choose another name.", "name"
            ) from None


class Brokers:
    """The brokers of one database. None is ever deleted: who leaves is no longer active."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, team: str | None = None, *, active: bool | None = None) -> list[Broker]:
        """Return the brokers by name: of one team, or of all."""
        asked = select(BrokerRow).order_by(BrokerRow.name, BrokerRow.id)
        if team is not None:
            asked = asked.where(BrokerRow.team == team)
        if active is not None:
            asked = asked.where(BrokerRow.active.is_(active))
        with self._database.session() as transaction:
            return [_broker(row) for row in transaction.scalars(asked)]

    def get(self, id: str) -> Broker | None:
        """Return a broker, active or not, or None where nobody has that id."""
        with self._database.session() as transaction:
            row = transaction.get(BrokerRow, id)
            return _broker(row) if row else None

    def of_slack(self, slack_team: str, slack_user: str) -> Broker | None:
        """Return the active broker, of an active team, whom a workspace knows by a member id, or None."""
        asked = (
            select(BrokerRow)
            .join(TeamRow, TeamRow.id == BrokerRow.team)
            .where(BrokerRow.slack_team == slack_team, BrokerRow.slack_user == slack_user)
            .where(BrokerRow.active, TeamRow.active)
        )
        with self._database.session() as transaction:
            row = transaction.scalars(asked).first()
            return _broker(row) if row else None

    def add(self, *, now: datetime, by: str = COMMAND_LINE, **fields: Any) -> Broker:
        """Add a broker from the fields of `Broker`, but for the id; ``team`` and ``name`` must be told.

        Raises:
            BadBroker: something about them cannot be kept, or the member id is another broker's.
        """
        return self._keep(Broker(id=secrets.token_hex(5), team="", name=""), fields, by, now)

    def change(
        self, id: str, *, now: datetime, by: str = COMMAND_LINE, seen: str | None = None, **fields: Any
    ) -> Broker:
        """Change some fields of a broker.

        Args:
            seen: the mark of the broker as they were looked at.

        Raises:
            BadBroker: something about them cannot be kept, or nobody has that id.
            ChangedMeanwhile: they are no longer as they were ``seen``.
        """
        broker = self.get(id)
        if broker is None:
            raise BadBroker("There is no broker with that id; look at the list of brokers.")
        return self._keep(broker, fields, by, now, seen)

    def _keep(
        self, broker: Broker, fields: dict[str, Any], by: str, now: datetime, seen: str | None = None
    ) -> Broker:
        _known(fields, _BROKER, BadBroker)
        values = {name: getattr(broker, name) for name in _BROKER} | fields
        values["name"] = _name(values["name"], "The broker", BadBroker)
        values["email"] = _email("email", values["email"], BadBroker)
        for name in ("slack_team", "slack_user"):
            values[name] = _slack(name, values[name], BadBroker)
        if bool(values["slack_team"]) != bool(values["slack_user"]):
            raise BadBroker(
                f"{values['name']}: a member id counts in one workspace; tell both ids, or none.",
                "slack_user" if values["slack_team"] else "slack_team",
            )
        # Two who are not in Slack do not get in each other's way: None is no duplicate of None.
        values |= {name: values[name] or None for name in ("slack_team", "slack_user")}
        values |= {name: bool(values[name]) for name in ("active", "by_group")}
        try:
            with self._database.writing() as transaction:
                if transaction.get(TeamRow, str(values["team"])) is None:
                    raise BadBroker(
                        f"{values['name']}: there is no such team; choose one from the list.", "team"
                    )
                if not values["active"]:
                    hold_taken(transaction, broker=broker.id)
                row, new = _written(transaction, BrokerRow, _broker, broker.id, values, seen)
                what = "broker_added" if new else "broker_changed"
                note(transaction, by, what, broker.id, now, fields=sorted(fields))
                if not row.active:
                    shut_out(transaction, now, broker=broker.id)
                return _broker(row)
        except IntegrityError:
            raise BadBroker(
                f"{values['name']}: another broker has this member id in Slack; change that one instead.",
                "slack_user",
            ) from None


def _written(
    transaction: Session,
    kind: type[_Row],
    record_of: Callable[[_Row], Team | Broker],
    id: str,
    values: dict[str, Any],
    seen: str | None,
) -> tuple[_Row, bool]:
    """Write values over the row of an id, or into a new one; return it, and whether it is new.

    Raises:
        ChangedMeanwhile: it is no longer as it was ``seen``.
    """
    # Not held against those who only name it, who may hold a referral that is to be taken from it.
    row = transaction.get(kind, id, with_for_update={"key_share": True})
    if seen is not None and row is not None and mark_of(record_of(row)) != seen:
        raise ChangedMeanwhile
    new = row is None
    if row is None:
        row = kind(id=id)
        transaction.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    transaction.flush()
    return row, new


def _known(fields: dict[str, Any], names: Collection[str], bad: type[_Bad]) -> None:
    for name in fields:
        if name not in names:
            raise bad(f"{name}: there is no such field; use {', '.join(names)}.")


def _name(told: object, whose: str, bad: type[_Bad]) -> str:
    name = " ".join(str(told or "").replace("\0", "").split())
    if not name:
        raise bad(f"{whose} has no name; give one.", "name")
    if len(name) > 200:
        raise bad(f"{whose}: a name of {len(name)} characters is too long; use at most 200.", "name")
    return name


def _email(name: str, told: object, bad: type[_Bad]) -> str:
    email = str(told or "").strip()
    if email and not is_address(email):
        raise bad(f"{email[:100]} is not an e-mail address; write it as name@example.org.", name)
    return email


def _slack(name: str, told: object, bad: type[_Bad]) -> str:
    id, (shape, example, whose) = str(told or "").strip(), _SLACK[name]
    if id and not shape.match(id):
        raise bad(f"{id[:60]} is not the id {whose} in Slack; it looks like {example}.", name)
    return id


def _codes(told: Sequence[str], known: Collection[str], name: str) -> list[str]:
    codes = list(dict.fromkeys(map(str, told)))
    for code in codes:
        if code not in known:
            raise BadTeam(f"{name}: {code[:60]} is not on the list; use {', '.join(known)}.", name)
    return codes


def _days(told: Sequence[int]) -> list[int]:
    days = [_whole(day, 1, MOST_DAYS, "remind_days") for day in told]
    if len(days) > MOST_REMINDERS:
        raise BadTeam(
            f"remind_days: {len(days)} reminders are too many; use at most {MOST_REMINDERS}.", "remind_days"
        )
    return sorted(set(days))


def _whole(told: object, low: int, high: int, name: str) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not low <= told <= high:
        raise BadTeam(f"{name}: {str(told)[:60]} is not a whole number from {low} to {high}.", name)
    return told


def _areas_known(transaction: Session, codes: Collection[str]) -> None:
    known = set(transaction.scalars(select(AreaRow.code).where(AreaRow.code.in_(codes))))
    for code in codes:
        if code not in known:
            raise BadTeam(
                f"areas: {code[:60]} is not an area; use the code of an area in areas.yml.", "areas"
            )


def _broker(row: BrokerRow) -> Broker:
    return Broker(
        row.id,
        row.team,
        row.name,
        row.email,
        row.slack_team or "",
        row.slack_user or "",
        row.active,
        row.by_group,
    )
