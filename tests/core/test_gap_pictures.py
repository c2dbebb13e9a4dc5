"""What is shown of what is missing: ten or more each, whoever subtracts, whichever months, however often."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge_base.gap_groups import GapSeen
from knowledge_base.gap_pictures import (
    FEWEST_SHOWN,
    TOTAL,
    WAYS,
    Counted,
    Figure,
    GapMap,
    after,
    figures,
    months_between,
    open_groups,
    within,
)

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
AREAS = ("dudley", "wales", "")
SIZES = ("1 to 9", "10 to 49")
LATER = "2027-01"


def counted(month: str, count: int, need: str = "finance", **group: str) -> Counted:
    return Counted(month, GapSeen(need, **{"reason": "nothing open", **group}), count)


def shown(*counts: Counted, before: str = LATER) -> dict[tuple[str, str, str, str], int]:
    return {(f.since, f.until, f.by, f.which): f.count for f in figures(counts, before)}


def test_months_are_added_up_until_there_are_ten():
    found = shown(counted("2026-01", 4), counted("2026-02", 5), counted("2026-03", 3), counted("2026-04", 9))

    assert found["2026-01", "2026-03", TOTAL, ""] == 12
    assert not [key for key in found if key[1] == "2026-04"], "nine wait for one more"


def test_the_running_month_waits_until_it_is_over():
    january = counted("2026-01", 40)

    assert shown(january, before="2026-01") == {}
    assert shown(january, before="2026-02")["2026-01", "2026-01", TOTAL, ""] == 40


def test_a_group_below_ten_is_not_shown_and_what_it_could_be_subtracted_from_is_not_either():
    found = shown(
        counted("2026-01", 30, area="wales"),
        counted("2026-01", 11, area="dudley"),
        counted("2026-01", 3, area="coventry"),
    )

    assert found["2026-01", "2026-01", TOTAL, ""] == 44
    assert found["2026-01", "2026-01", "area", "wales"] == 30
    assert ("2026-01", "2026-01", "area", "dudley") not in found, "44 less 30 less 11 would be the three"
    assert ("2026-01", "2026-01", "area", "coventry") not in found


def test_where_nobody_is_in_another_group_the_one_there_is_shown():
    found = shown(counted("2026-01", 25, area="wales"))

    assert found["2026-01", "2026-01", "area", "wales"] == 25


def test_groups_too_small_in_a_month_wait_for_each_other_for_up_to_a_year():
    year = [f"2026-{n:02d}" for n in range(1, 13)]
    steady = [counted(month, 4, area=area) for month in year for area in ("wales", "dudley", "coventry")]
    scattered = [counted(month, 1, area="wales") for month in year for _ in range(2)]
    scattered += [counted(f"2026-{n // 3 + 1:02d}", 9, area=f"place-{n}") for n in range(36)]

    waited = [f for f in figures(steady, LATER) if f.by == "area"]
    assert {(f.since, f.until, f.count) for f in waited} == {
        (f"2026-{n:02d}", f"2026-{n + 2:02d}", 12) for n in (1, 4, 7, 10)
    }
    assert sum(f.count for f in waited) == 4 * 12 * 3
    whole_year = [f for f in figures(scattered, LATER) if f.by == "area"]
    assert [(f.since, f.until, f.which, f.count) for f in whole_year] == [("2026-01", "2026-12", "wales", 24)]


def test_a_choice_of_months_cuts_no_figure():
    found = figures([counted("2026-01", 4), counted("2026-02", 8), counted("2026-03", 15)], LATER)

    assert [f.count for f in within(found, "2026-01", "2026-02") if f.by == TOTAL] == [12]
    assert [f.count for f in within(found, "2026-02") if f.by == TOTAL] == [15]
    assert within(found, "2026-02", "2026-02") == []


def test_months_go_on_over_the_turn_of_the_year():
    assert (after("2026-12"), after("2026-09")) == ("2027-01", "2026-10")
    assert months_between("2025-11", "2026-02") == 4


def test_sums_for_a_picture_are_of_what_is_shown_alone():
    map_ = GapMap(
        tuple(
            figures(
                [
                    counted("2026-01", 30, area="wales"),
                    counted("2026-02", 12, area="wales"),
                    counted("2026-01", 17, "premises", area="wales"),
                    counted("2026-01", 4, "premises", area="dudley"),
                ],
                LATER,
            )
        )
    )

    assert map_.totals() == {"finance": 42, "premises": 21}
    assert map_.cells("area") == {("finance", "wales"): 42}, "17 and 4 cannot be told apart"
    assert map_.groups("area") == {"wales": 42}
    assert [f.count for f in map_.stretches("finance")] == [30, 12]


def test_nothing_counted_shows_nothing():
    assert figures([], LATER) == []
    assert figures([counted("2026-01", 0)], LATER) == []


ROWS = st.dictionaries(
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(AREAS), st.sampled_from(SIZES)),
    st.integers(1, 24),
    min_size=1,
    max_size=14,
)


def rows_of(raw: dict[tuple[str, str, str], int]) -> list[Counted]:
    return [counted(month, n, area=area, size_band=size) for (month, area, size), n in raw.items()]


def holds(figure: Figure, atom: tuple[str, str, str]) -> bool:
    month, area, size = atom
    of = {TOTAL: "", "area": area, "size_band": size, "sector": "", "reason": "nothing open"}[figure.by]
    return figure.since <= month <= figure.until and of == figure.which


ATOMS = tuple(product(MONTHS, AREAS, SIZES))
NOWHERE = ("", "", "")  # where a business is that never came


@settings(deadline=None, max_examples=200)
@given(ROWS)
def test_each_figure_is_right_and_ten_or_more(raw):
    for figure in figures(rows_of(raw), LATER):
        assert figure.count >= FEWEST_SHOWN
        assert figure.count == sum(n for atom, n in raw.items() if holds(figure, atom))


@settings(deadline=None, max_examples=200)
@given(ROWS, st.sampled_from(MONTHS))
def test_looking_again_later_changes_nothing_that_was_shown(raw, before):
    early, late = figures(rows_of(raw), before), figures(rows_of(raw), LATER)

    first = min(month for month, _, _ in raw)
    assume(any(month < before for month, _, _ in raw))
    assert first < before
    assert set(early) <= set(late)


@settings(deadline=None, max_examples=150)
@given(ROWS)
def test_no_figure_less_others_leaves_fewer_than_ten(raw):
    """Take from each figure every set of others that lie in it side by side."""
    sets = {
        frozenset(atom for atom in ATOMS if holds(figure, atom)): figure.count
        for figure in figures(rows_of(raw), LATER)
    }
    for whole, count in sets.items():
        parts = [each for each in sets if each < whole]
        for size in range(1, 5):
            for chosen in combinations(parts, size):
                if sum(map(len, chosen)) == len(frozenset().union(*chosen)):
                    left = count - sum(sets[each] for each in chosen)
                    assert left == 0 or left >= FEWEST_SHOWN


def small_cells(raw):
    """Every cell a picture could have, alone or crossed, that holds from one to nine."""
    spans = [(a, b) for a in MONTHS for b in MONTHS if a <= b]
    groups = [(a, s) for a in (None, *AREAS) for s in (None, *SIZES)]
    for (since, until), (area, size) in product(spans, groups):
        cell = frozenset(
            atom
            for atom in ATOMS
            if since <= atom[0] <= until and area in (None, atom[1]) and size in (None, atom[2])
        )
        if 0 < sum(raw.get(atom, 0) for atom in cell) < FEWEST_SHOWN:
            yield cell


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_no_sum_and_difference_of_figures_whatever_the_factors_gives_a_cell_below_ten(raw):
    """A cell can be worked out exactly when it is a combination of the figures: solved in fractions."""
    known = [[int(holds(f, atom)) for atom in ATOMS] for f in figures(rows_of(raw), LATER)]
    basis = reduced(known)
    for cell in small_cells(raw):
        assert any(left_over(basis, [int(atom in cell) for atom in ATOMS])), sorted(cell)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_for_each_cell_below_ten_another_number_would_look_just_the_same(raw):
    """Beyond sums: counts are never below nought, and still nobody can tell. Move one business, or two."""
    told = figures(rows_of(raw), LATER)
    key = {atom: sum(3**n for n, f in enumerate(told) if holds(f, atom)) for atom in (*ATOMS, NOWHERE)}
    there = [*(atom for atom in ATOMS if raw.get(atom)), NOWHERE]
    to = defaultdict(list)
    for pair in combinations_with_replacement(key, 2):
        to[key[pair[0]] + key[pair[1]]].append(pair)
    moves = [
        (pair, other)
        for pair in combinations(there, 2)
        for other in to[key[pair[0]] + key[pair[1]]]
        if set(pair) != set(other)
    ]
    for cell in small_cells(raw):
        assert any((a in cell) + (b in cell) != (c in cell) + (d in cell) for (a, b), (c, d) in moves), (
            sorted(cell)
        )


def reduced(rows: list[list[int]]) -> list[list[Fraction]]:
    basis: list[list[Fraction]] = []
    for row in rows:
        left = left_over(basis, row)
        if any(left):
            lead = next(n for n, value in enumerate(left) if value)
            basis.append([value / left[lead] for value in left])
    return basis


def left_over(basis: list[list[Fraction]], row: list[int]) -> list[Fraction]:
    left = [Fraction(value) for value in row]
    for each in basis:
        lead = next(n for n, value in enumerate(each) if value)
        if left[lead]:
            factor = left[lead]
            left = [value - factor * other for value, other in zip(left, each, strict=True)]
    return left


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40), min_size=1))
def test_what_is_kept_back_of_groups_is_nothing_or_at_least_ten(groups):
    found = open_groups(groups)

    kept_back = sum(groups.values()) - sum(found.values())
    assert all(groups[group] == count >= FEWEST_SHOWN for group, count in found.items())
    assert kept_back == 0 or kept_back >= FEWEST_SHOWN or not found


def test_the_ways_of_grouping_are_those_that_are_counted():
    seen = GapSeen("finance", "refused", "wales", "1 to 9", "care")

    assert Counter(by(seen) for by in WAYS.values()) == Counter(["wales", "1 to 9", "care", "refused"])
