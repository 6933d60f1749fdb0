"""`make test` and `make soak` share their tests: what differs is how long they are and on which databases."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.soak import COLLECTED, FEWEST, LONG, SHORT, examples


def test_nothing_runs_in_the_soak_alone_but_other_values_of_a_test_that_runs_here(
    request: pytest.FixtureRequest,
) -> None:
    collected = request.config.stash[COLLECTED]
    kept_back = {_test(item) for item in collected if item.get_closest_marker("soak")}
    assert kept_back <= {_test(item) for item in collected if not item.get_closest_marker("soak")}


def _test(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.mark.parametrize(("count", "short"), [(100, 25), (150, 37), (4, FEWEST)])
def test_a_property_has_all_its_examples_in_the_soak_and_some_of_them_here(
    count: int, short: int, *, soak: bool
) -> None:
    assert settings().max_examples == (LONG if soak else SHORT)
    assert examples(count) == (count if soak else short)
