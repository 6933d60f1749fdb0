"""E-mail addresses: which are valid, which only fill the field, which are one address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

SEPARATORS = re.compile(r"[\s,;]+")
# What people type before the @ when they have no address to type.
PLACEHOLDERS = frozenset(
    """
    test testtest test1 test123 tester тест тесттест none no nomail noemail no-mail no-email no_mail no_email
    noname nobody net netu nety netpochty netemail net-pochty нет нету неизвестно неуказан неуказано нетпочты
    unknown null undefined example sample client klient клиент asd asdf asdasd asdfgh qwe qwerty qwertyu
    йцукен фыва xxx zzz 123 1234 12345 123456 1234567 12345678 123456789 000 0000 00000 111 1111 11111
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
# Addresses of the mail services themselves: no client's, although the words alone could be.
SELF_NAMED = frozenset({"mail", "email", "e-mail", "gmail", "yandex", "ya", "rambler", "inbox", "bk", "list"})


@dataclass(frozen=True, slots=True)
class Email:
    """`address` is folded: equal addresses are equal values."""

    address: str

    @property
    def is_placeholder(self) -> bool:
        """Whether it only fills the field.

        >>> Email("test@test.ru").is_placeholder, Email("mail@ivanov.ru").is_placeholder
        (True, False)
        """
        local, _, domain = self.address.rpartition("@")
        label = domain.partition(".")[0]
        if local in PLACEHOLDERS or (local == label and local in SELF_NAMED):
            return True
        return local == label and len(set(local)) == 1


def parse_emails(raw: str) -> tuple[Email, ...]:
    """Read what looks like an address, valid or not: one field often holds two.

    >>> parse_emails(" Ivan.Petrov@Mail.RU ")
    (Email(address='ivan.petrov@mail.ru'),)
    """
    words = (word.strip("<>()\"'").casefold().removeprefix("mailto:") for word in SEPARATORS.split(raw))
    return tuple(dict.fromkeys(Email(word) for word in words if "@" in word.strip("@")))


def is_valid(email: Email) -> bool:
    """Whether mail could be sent there, as far as that can be told without asking the network."""
    try:
        validate_email(email.address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
