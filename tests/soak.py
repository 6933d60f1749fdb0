"""The two forms of every long test: the short one runs in `make test`, the long one in `make soak`.

`pytest --soak` runs all that pytest runs, in its long form, and the cases marked `soak` besides. The fixture
`soak` tells a test which form it is in; hypothesis knows by its profile.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

LONG, SHORT = 100, 25
"""Examples of a property that asks for no number of its own."""
FEWEST = 2
COLLECTED = pytest.StashKey[tuple[pytest.Item, ...]]()
"""All cases of a run, those that it keeps back included."""


def examples(count: int) -> int:
    """Ask for `count` examples in the long form, and for fewer in the short one.

    >>> examples(LONG) == settings().max_examples
    True
    """
    return max(FEWEST, count * settings().max_examples // LONG)


def one_of(fixture: str, first: object, *others: object) -> pytest.MarkDecorator:
    """Give the fixture the first of its values in both forms, and the others in the long form only."""
    long_only = [pytest.param(value, marks=pytest.mark.soak) for value in others]
    return pytest.mark.parametrize(fixture, [first, *long_only], indirect=True)
