"""Digits, mistyped."""

from __future__ import annotations


def is_digit_slip(a: str, b: str) -> bool:
    """Whether one is the other with one digit mistyped or two neighbours swapped.

    >>> is_digit_slip("1234", "1294"), is_digit_slip("1234", "1324"), is_digit_slip("1234", "1234")
    (True, True, False)
    """
    if len(a) != len(b):
        return False
    places = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and (a[first], a[second]) == (b[second], b[first])
    return len(places) == 1


def slip_keys(digits: str) -> frozenset[str]:
    """Keys of which two rows of digits have one in common if they are equal or nearly so."""
    return frozenset(f"{digits[:place]}_{digits[place + 1 :]}" for place in range(len(digits))) | {
        f"{digits[:place]}{''.join(sorted(digits[place : place + 2]))}{digits[place + 2 :]}"
        for place in range(len(digits) - 1)
    }
