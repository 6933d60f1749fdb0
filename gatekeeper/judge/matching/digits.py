"""Digits, mistyped."""

from __future__ import annotations

from rapidfuzz.distance import OSA


def is_digit_slip(a: str, b: str) -> bool:
    """Whether one is the other with one digit mistyped or two neighbours swapped.

    >>> is_digit_slip("1234", "1294"), is_digit_slip("1234", "1324"), is_digit_slip("1234", "1234")
    (True, True, False)
    """
    return len(a) == len(b) and OSA.distance(a, b, score_cutoff=1) == 1


def slip_keys(digits: str) -> frozenset[str]:
    """Keys of which two rows of digits have one in common if they are equal or nearly so."""
    return frozenset(f"{digits[:place]}_{digits[place + 1 :]}" for place in range(len(digits))) | {
        f"{digits[:place]}{''.join(sorted(digits[place : place + 2]))}{digits[place + 2 :]}"
        for place in range(len(digits) - 1)
    }
