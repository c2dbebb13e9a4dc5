"""Python looks for garbage again after records were made, whatever happened meanwhile."""

from __future__ import annotations

import gc

import pytest

from knowledge_base.uncollected import uncollected


@pytest.fixture(autouse=True)
def collector():
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_nothing_is_collected_meanwhile_and_all_is_afterwards():
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled(), "the outer one is not over"
    assert gc.isenabled()


def test_a_record_that_cannot_be_read_does_not_leave_it_off():
    with pytest.raises(ValueError, match="a bad record"), uncollected():
        raise ValueError("a bad record")
    assert gc.isenabled()


def test_whoever_had_switched_it_off_finds_it_off():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
