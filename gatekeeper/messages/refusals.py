"""What a portal refused, as it stands in errors and in the database: «crm.item.list · no_connection».

Method and the portal's own code are the same in every language. Only the last part, where it is ours, is a
code of the `refusals` in `errors.toml`, perhaps with a fact behind it: «now_at new.bitrix24.ru».
"""

from __future__ import annotations

from gatekeeper.messages.words import words_of

BETWEEN = " · "


def tell_refusal(language: str, error: str) -> str:
    """Say the last part in words, where it is ours.

    >>> tell_refusal("en", "crm.item.list · no_connection"), tell_refusal("en", "TypeError")
    ('crm.item.list · no connection', 'TypeError')
    """
    before, sign, last = error.rpartition(BETWEEN)
    code, _, fact = last.partition(" ")
    try:
        return f"{before}{sign}{words_of(language, 'errors').say(f'refusals.{code}', fact=fact)}"
    except KeyError:
        return error
