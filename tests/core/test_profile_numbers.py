"""Numbers a business may tell, and those nobody could."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge_base.profile import BadProfile, parse_profile


@pytest.mark.parametrize("told", [0, 14, 0.5, "14", Decimal("0.01"), 10**15])
def test_a_number_is_kept_exactly(told):
    assert parse_profile({"employees": told}).employees.low == Decimal(str(told))


TOO_LONG = {
    "over a thousand billion": 10**15 + 1,
    "five thousand digits": 10**5000,
    "a tower of noughts": "1e999999",
    "a vanishing part": "1e-999999",
    "a float": 1e300,
    "a long text": "9" * 5000,
    "a long part": "0." + "1" * 500,
}


@pytest.mark.parametrize("told", TOO_LONG.values(), ids=TOO_LONG)
def test_a_number_too_long_to_mean_anything_is_refused_in_few_words(told):
    with pytest.raises(BadProfile, match="this number is too long") as bad:
        parse_profile({"employees": told})

    assert len(str(bad.value)) < 120


@pytest.mark.parametrize("told", [-1, "nan", float("inf"), True, "many", [5]])
def test_what_is_no_number_is_refused_with_the_way_out(told):
    with pytest.raises(BadProfile, match=r"employees: .*write"):
        parse_profile({"employees": told})
