"""A referral always has one holder, who has it is told in words, and nothing done with it is lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from knowledge_base.brokers.records import OUTCOMES
from knowledge_base.store.broker_tables import ReferralTrailRow
from knowledge_base.store.referrals import NoSuchReferral, Referrals, WrongState
from knowledge_base.store.relay import Relay
from knowledge_base.store.teams import Brokers, Teams
from tests.store.broker_records import House, ask, house_in, later
from tests.store.conftest import NOW

LEAD = "lead@example.org"
SELDOM = st.sampled_from([False, False, False, False, True])


@pytest.fixture
def referrals(database):
    return Referrals(database)


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def code(database, house):
    return ask(database, team=house.money.id, why="it looks after finance")


def what(referrals, code):
    return [entry.what for entry in referrals.trail(code)]


def test_a_referral_goes_from_the_team_to_a_broker_to_an_outcome(referrals, house, code):
    fresh = referrals.get(code)
    assert (fresh.state, fresh.team, fresh.broker, fresh.due_at) == (
        "new",
        house.money.id,
        None,
        later(days=1),
    )

    referrals.take(code, house.ann.id, later(hours=2))
    referrals.contacted(code, house.ann.id, later(hours=5))
    closed = referrals.close(code, "helped", house.ann.id, later(days=9))

    assert (closed.state, closed.broker, closed.open) == ("helped", house.ann.id, False)
    assert (closed.taken_at, closed.first_answer_at) == (later(hours=2), later(hours=5))
    assert (closed.closed_at, closed.due_at) == (later(days=9), None)
    assert referrals.get(code) == closed
    assert what(referrals, code) == ["asked", "assigned", "taken", "contacted", "closed"]
    assert [entry.by for entry in referrals.trail(code)] == ["owner", "us", *[house.ann.id] * 3]
    assert referrals.trail(code)[1].detail == "it looks after finance"


def test_a_business_that_wants_only_a_code_leaves_no_contact(database, referrals):
    code = ask(
        database, name="", contact="", code_only=True, sector="retail", recap=["14 people", "in Dudley"]
    )

    kept = referrals.get(code)
    assert (kept.contact, kept.code_only, kept.sector) == ("", True, "retail")
    assert kept.recap == ("14 people", "in Dudley")
    with pytest.raises(ValueError, match="contact"):
        ask(database, contact="")


def test_a_referral_no_team_fits_is_the_leads_until_it_is_assigned(database, referrals, house):
    code, younger = ask(database), ask(database, consent_at=later(hours=1))
    assert [each.code for each in referrals.unplaced(10)] == [code, younger]
    assert [each.code for each in referrals.unplaced(1)] == [code]

    referrals.assign(code, house.money.id, "by hand", later(days=1), by=LEAD)

    assert [each.code for each in referrals.unplaced(10)] == [younger]
    assert referrals.get(code).due_at == later(days=2)
    assert [each.code for each in referrals.of_team(house.money.id)] == [code]


def test_what_a_team_has_is_moved_by_a_person_and_never_by_us(referrals, house, code):
    with pytest.raises(WrongState, match="It is with Example money team"):
        referrals.assign(code, house.makers.id, "it fits", NOW)

    assert referrals.assign(code, house.makers.id, "it fits", NOW, by=LEAD).team == house.makers.id


def test_of_fifty_brokers_who_take_it_at_once_one_has_it_and_the_others_are_told_who(database, house, code):
    brokers, barrier = Brokers(database), Barrier(50)
    crowd = [brokers.add(team=house.money.id, name=f"Broker {n}", now=NOW).id for n in range(50)]
    referrals = Referrals(database)

    def take(id: str) -> str:
        barrier.wait()
        try:
            referrals.take(code, id, NOW)
        except WrongState as told:
            return str(told)
        return "mine"

    with ThreadPoolExecutor(50) as pool:
        came = Counter(pool.map(take, crowd))

    holder = brokers.get(referrals.get(code).broker)
    assert came == {"mine": 1, f"{holder.name} has taken it.": 49}
    assert what(referrals, code) == ["asked", "assigned", "taken"]


def test_doing_it_again_changes_nothing_and_raises_nothing(referrals, house, code):
    for again in (
        lambda: referrals.assign(code, house.money.id, "again", NOW),
        lambda: referrals.take(code, house.ann.id, NOW),
        lambda: referrals.contacted(code, house.ann.id, NOW),
        lambda: referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW),
        lambda: referrals.pass_on(code, to_team=house.makers.id, by=house.bea.id, now=NOW),
        lambda: referrals.decline(code, house.carl.id, "not for makers", NOW),
        lambda: referrals.assign(code, house.makers.id, "by hand", NOW, by=LEAD),
        lambda: referrals.to_lead(code, "nobody answered", NOW),
        lambda: referrals.take(code, house.carl.id, NOW),
        lambda: referrals.close(code, "unreachable", house.carl.id, NOW),
    ):
        once = again()
        trail = referrals.trail(code)

        assert again() == once
        assert referrals.get(code) == once
        assert referrals.trail(code) == trail


def test_who_does_not_have_it_is_told_who_has(referrals, house, code):
    for refused in (
        lambda: referrals.take(code, house.carl.id, NOW),
        lambda: referrals.decline(code, house.carl.id, "", NOW),
        lambda: referrals.contacted(code, house.ann.id, NOW),
        lambda: referrals.close(code, "helped", house.ann.id, NOW),
        lambda: referrals.pass_on(code, to_broker=house.carl.id, by=house.carl.id, now=NOW),
    ):
        with pytest.raises(WrongState, match="It is with Example money team, and nobody has taken it yet"):
            refused()
    referrals.take(code, house.ann.id, NOW)
    for refused in (
        lambda: referrals.take(code, house.bea.id, NOW),
        lambda: referrals.decline(code, house.bea.id, "", NOW),
        lambda: referrals.contacted(code, house.bea.id, NOW),
        lambda: referrals.assign(code, house.makers.id, "", NOW, by=LEAD),
    ):
        with pytest.raises(WrongState, match="Ann Example has taken it"):
            refused()
    referrals.close(code, "not_for_us", house.ann.id, NOW)
    for refused in (
        lambda: referrals.take(code, house.bea.id, NOW),
        lambda: referrals.close(code, "helped", house.ann.id, NOW),
        lambda: referrals.decline(code, house.ann.id, "", NOW),
        lambda: referrals.to_lead(code, "", NOW),
    ):
        with pytest.raises(WrongState, match="closed: it was not for us"):
            refused()
    assert what(referrals, code) == ["asked", "assigned", "taken", "closed"]


def test_a_code_nobody_has_or_that_was_forgotten_says_so(referrals, house, code):
    referrals.delete_for_session("owner")

    for gone in (code, "", "'; --", "x" * 5_000):
        assert referrals.get(gone) is None
        assert referrals.trail(gone) == []
        with pytest.raises(NoSuchReferral, match="no referral with this code"):
            referrals.take(gone, house.ann.id, NOW)


def test_what_is_passed_on_has_to_be_answered_anew(referrals, house, code):
    referrals.take(code, house.ann.id, NOW)
    referrals.contacted(code, house.ann.id, NOW)

    passed = referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=later(days=2))

    assert (passed.state, passed.broker, passed.due_at) == ("taken", house.bea.id, later(days=3))
    assert passed.first_answer_at == NOW
    with pytest.raises(WrongState, match="Bea Example has taken it"):
        referrals.contacted(code, house.ann.id, NOW)


def test_nothing_is_given_to_who_has_left(database, referrals, house, code):
    Brokers(database).change(house.bea.id, active=False, now=NOW)
    Teams(database).change(house.makers.id, active=False, now=NOW)
    before = referrals.get(code)

    for refused in (
        lambda: referrals.take(code, house.bea.id, NOW),
        lambda: referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW),
        lambda: referrals.pass_on(code, to_team=house.makers.id, by=house.ann.id, now=NOW),
        lambda: referrals.assign(code, house.makers.id, "", NOW, by=LEAD),
    ):
        with pytest.raises(WrongState, match="not a"):
            refused()
    assert referrals.get(code) == before


def test_the_lead_may_move_and_close_what_somebody_has(referrals, house, code):
    referrals.take(code, house.ann.id, NOW)

    moved = referrals.pass_on(code, to_team=house.makers.id, by=LEAD, now=NOW, as_lead=True)
    closed = referrals.close(code, "unreachable", LEAD, NOW, as_lead=True)

    assert (moved.state, moved.team, moved.broker) == ("new", house.makers.id, None)
    assert (closed.state, referrals.trail(code)[-1].by) == ("unreachable", LEAD)


def test_the_lead_says_that_somebody_answered_and_whoever_has_it_keeps_it(database, referrals, house, code):
    alone = ask(database)
    for each in (code, alone):
        before = referrals.get(each)
        for _ in range(2):
            now = referrals.contacted(each, LEAD, later(hours=5), as_lead=True)

        assert (now.state, now.team, now.broker) == ("in_contact", before.team, before.broker)
        assert now.first_answer_at == now.taken_at == later(hours=5)
        assert now.due_at is None
        assert [entry.by for entry in referrals.trail(each) if entry.what == "contacted"] == [LEAD]
    referrals.close(code, "helped", LEAD, NOW, as_lead=True)
    with pytest.raises(WrongState, match="was helped"):
        referrals.contacted(code, LEAD, NOW, as_lead=True)


def test_a_team_is_reminded_on_its_days_and_then_the_lead_has_it(referrals, house, code):
    assert referrals.due(later(hours=23)) == []
    assert not referrals.remind(code, later(hours=23))

    assert [(due.referral.code, due.what) for due in referrals.due(later(days=1))] == [(code, "remind")]
    assert referrals.remind(code, later(days=1))
    assert not referrals.remind(code, later(days=1))
    referrals.take(code, house.ann.id, later(days=2))
    assert referrals.remind(code, later(days=4))
    assert [due.what for due in referrals.due(later(days=5))] == ["lead"]
    referrals.to_lead(code, "nobody answered", later(days=5))

    held = referrals.get(code)
    assert (held.state, held.team, held.broker, held.due_at) == ("new", None, None, later(days=8))
    assert what(referrals, code)[2:] == ["reminded", "taken", "reminded", "to_lead"]


def test_the_lead_is_reminded_again_and_again_until_somebody_has_it(referrals, house, code, database):
    referrals.to_lead(code, "nobody answered", NOW)
    nobodys = ask(database, "another")

    for day in (3, 6, 9):
        due = referrals.due(later(days=day))
        assert {(each.referral.code, each.what) for each in due} == {(code, "remind"), (nobodys, "remind")}
        assert [referrals.remind(each.referral.code, later(days=day)) for each in due] == [True, True]
        assert not referrals.remind(code, later(days=day))
    referrals.take(code, house.ann.id, later(days=9))
    referrals.contacted(code, house.ann.id, later(days=9))

    assert what(referrals, nobodys) == ["asked", "reminded", "reminded", "reminded"]
    assert [each.referral.code for each in referrals.due(later(days=12))] == [nobodys]


def test_days_nobody_was_there_to_remind_are_not_made_up_for(referrals, house, code):
    assert referrals.remind(code, later(days=4))
    assert not referrals.remind(code, later(days=4))

    assert referrals.get(code).reminded == 2


def test_of_many_that_remind_at_once_one_does(referrals, house, code):
    with ThreadPoolExecutor(10) as pool:
        told = Counter(pool.map(lambda _: referrals.remind(code, later(days=1)), range(10)))

    assert told == {True: 1, False: 9}


def test_who_was_answered_is_not_reminded_of(referrals, house, code):
    referrals.take(code, house.ann.id, NOW)
    referrals.contacted(code, house.ann.id, NOW)

    assert referrals.due(later(days=100)) == []
    assert not referrals.remind(code, later(days=100))


def test_the_open_one_of_a_conversation_is_shown_before_a_newer_that_is_closed(database, referrals, house):
    first = ask(database, "owner", roadmap_id="r1", team=house.money.id)
    second = ask(database, "owner", roadmap_id="r1", team=house.money.id, consent_at=later(days=1))
    assert referrals.of_session("owner").code == second

    referrals.take(second, house.ann.id, NOW)
    referrals.close(second, "helped", house.ann.id, NOW)

    assert referrals.of_session("owner").code == first
    assert referrals.of_roadmap("r1").code == first
    assert referrals.of_roadmap("none") is None
    assert [each.code for each in referrals.open_ones(NOW)] == [first]
    assert referrals.of_broker(house.ann.id) == []


def test_what_something_is_due_about_comes_first(database, referrals, house):
    with_lead = ask(database, "one", consent_at=later(days=-2))
    waiting = ask(database, "two", team=house.money.id, consent_at=later(days=-1))

    assert [each.code for each in referrals.open_ones(NOW)] == [waiting, with_lead]


class Handling(RuleBasedStateMachine):
    """Two teams, their brokers, the lead and the clock, in any order."""

    house: House
    referrals: Referrals
    relay: Relay

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.codes: list[str] = []
        self.done: dict[str, int] = {}
        self.closed: dict[str, object] = {}

    def now(self) -> object:
        self.minutes += 60
        return NOW + timedelta(minutes=self.minutes)

    def does(self, code: int, act) -> None:
        """Do something with one of the referrals; whatever is refused must change nothing."""
        if not self.codes:
            return
        code = self.codes[-2:][code % len(self.codes[-2:])]
        before, length = self.referrals.get(code), len(self.referrals.trail(code))
        after = words = None
        try:
            after = act(code)
        except WrongState as told:
            words = str(told)
        if words is not None:
            assert words.endswith(".")
            assert self.referrals.get(code) == before
            assert len(self.referrals.trail(code)) == length
            return
        assert after == self.referrals.get(code)
        # Whatever changed left its trace, and a trace is left only by a change.
        assert (after != before) == (len(self.referrals.trail(code)) == length + 1)
        assert (after != before) == (after.version > before.version)

    def person(self, code: str, who: int) -> str:
        """Mostly whoever has it, or a member of the team that does; else any broker."""
        brokers = [self.house.ann, self.house.bea, self.house.carl]
        each = self.referrals.get(code)
        mates = [broker for broker in brokers if broker.team == each.team] or brokers
        return each.broker or mates[0].id if who > 2 else brokers[who].id

    @property
    def brokers(self):
        return [self.house.ann.id, self.house.bea.id, self.house.carl.id]

    @property
    def teams(self):
        return [self.house.money.id, self.house.makers.id]

    @precondition(
        lambda self: not all(self.referrals.get(code).open for code in self.codes[-2:]) or len(self.codes) < 2
    )
    @rule(team=st.sampled_from([None, 0, 1]))
    def ask(self, team) -> None:
        told = {"name": "Example Bakery", "contact": "owner@example.org", "consent_at": self.now()}
        team = None if team is None else self.teams[team]
        self.codes.append(self.referrals.record(None, **told, team=team))

    @rule(code=st.integers(0, 1), who=st.integers(0, 5))
    def take(self, code, who) -> None:
        self.does(code, lambda c: self.referrals.take(c, self.person(c, who), self.now()))

    @rule(code=st.integers(0, 1), team=st.integers(0, 1), by=st.sampled_from(["us", LEAD]))
    def assign(self, code, team, by) -> None:
        self.does(code, lambda c: self.referrals.assign(c, self.teams[team], "", self.now(), by=by))

    @rule(code=st.integers(0, 1), by=st.integers(0, 5), to=st.integers(0, 4), as_lead=SELDOM)
    def pass_on(self, code, by, to, as_lead) -> None:
        target = {"to_broker": self.brokers[to]} if to < 3 else {"to_team": self.teams[to - 3]}

        def act(code: str):
            told = {"by": LEAD if as_lead else self.person(code, by), "as_lead": as_lead}
            return self.referrals.pass_on(code, **target, **told, now=self.now())

        self.does(code, act)

    @rule(code=st.integers(0, 1), who=st.integers(0, 5))
    def decline(self, code, who) -> None:
        self.does(code, lambda c: self.referrals.decline(c, self.person(c, who), "no", self.now()))

    @rule(code=st.integers(0, 1), who=st.integers(0, 5))
    def contacted(self, code, who) -> None:
        self.does(code, lambda c: self.referrals.contacted(c, self.person(c, who), self.now()))

    @rule(code=st.integers(0, 1), begin=st.booleans())
    def talk(self, code, begin) -> None:
        self.does(code, lambda c: (self.relay.begin if begin else self.relay.end)(c, self.now()))

    @rule(code=st.integers(0, 1))
    def to_lead(self, code) -> None:
        self.does(code, lambda c: self.referrals.to_lead(c, "late", self.now()))

    @rule(code=st.integers(0, 1), who=st.integers(0, 5), end=st.sampled_from(OUTCOMES), as_lead=SELDOM)
    def close(self, code, who, end, as_lead) -> None:
        def act(code: str):
            by = LEAD if as_lead else self.person(code, who)
            return self.referrals.close(code, end, by, self.now(), as_lead=as_lead)

        self.does(code, act)

    @rule(days=st.integers(0, 3))
    def time_passes(self, days) -> None:
        self.minutes += days * 24 * 60
        now = self.now()
        for due in self.referrals.due(now):
            if due.what == "remind":
                assert self.referrals.remind(due.referral.code, now)
            else:
                self.referrals.to_lead(due.referral.code, "late", now)
        assert self.referrals.due(now) == []

    @invariant()
    def every_referral_has_one_holder_or_the_lead(self) -> None:
        kept = {each.code: each for each in self.referrals.list()}
        for code in self.codes:
            each = kept[code]
            if each.broker:
                team = {b.id: b.team for b in (self.house.ann, self.house.bea, self.house.carl)}[each.broker]
                assert (each.team, each.state != "new") == (team, True)
            elif each.open:
                assert (each.state, each.live) == ("new", False)
                assert each.due_at is not None
            assert not each.live or each.state in ("taken", "in_contact")
            if each.state == "in_contact" or not each.open:
                assert each.due_at is None
            lead = {u.code for u in self.referrals.unplaced(1_000)}
            assert (code in lead) == (each.open and not each.team and not each.broker)

    @invariant()
    def what_is_closed_stays_as_it_is(self) -> None:
        for code in self.codes:
            each = self.referrals.get(code)
            if not each.open:
                assert self.closed.setdefault(code, each) == each

    @invariant()
    def the_trail_tells_the_whole_story(self) -> None:
        for code in self.codes:
            each, trail = self.referrals.get(code), self.referrals.trail(code)
            assert trail[0].what == "asked"
            assert len(trail) >= self.done.get(code, 0)
            self.done[code] = len(trail)
            moved = [e for e in trail if e.what in ("assigned", "taken", "passed_on", "declined", "to_lead")]
            assert (moved[-1].team, moved[-1].broker) == (each.team, each.broker) if moved else not each.team
            assert (trail[-1].what == "closed") == (not each.open)
            assert [e.at for e in trail] == sorted(e.at for e in trail)


def test_whatever_is_done_in_whatever_order_no_referral_is_lost(database):
    class Here(Handling):
        house = house_in(database)
        referrals = Referrals(database)
        relay = Relay(database)

        def teardown(self) -> None:
            self.referrals.purge(later(days=4_000), 1)
            with database.session() as transaction:
                assert transaction.query(ReferralTrailRow).count() == 0

    examples = 25 if "file" in database.name else 10  # a server takes its time over each step
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
