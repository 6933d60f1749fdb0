"""The exercises before the real gatekeeper: what each was made with, and nothing else, is what it finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from tests.browser.product import running_product, until

FAULTS = {
    "no-group": ["Группа продуктов"],
    "no-products": ["Товар и\u00a0сумма"],
    "no-comment": ["Развёрнутый комментарий"],
    "poor-comment": ["Развёрнутый комментарий"],
    "two-contacts": ["Контакт"],
    "no-birthdate": ["Дата рождения"],
    "dummy-phone": ["Мобильный телефон"],
    "no-name": ["ФИО"],
    "work-email": ["Частный e-mail"],
    "no-lead": ["Лид"],
    "empty": ["Группа продуктов", "Контакт", "Развёрнутый комментарий", "Товар и\u00a0сумма", "Лид"],
}


@pytest.mark.process
@pytest.mark.slow
def test_the_gatekeeper_finds_in_each_exercise_its_fault_and_no_other(tmp_path: Path) -> None:
    with running_product(tmp_path) as portal, requests.Session() as http:
        offered = set(re.findall(r'action="/practice/([\w-]+)"', http.get(f"{portal}/practice").text))
        assert offered == set(FAULTS)
        cards = {slug: http.post(f"{portal}/practice/{slug}").url for slug in FAULTS}

        found = {
            slug: until(lambda url=url: _faults(http, url), f"a warning of {slug}")  # type: ignore[misc]
            for slug, url in cards.items()
        }

        assert found == FAULTS
        warned_contacts = http.get(f"{portal}/contacts").text.count("chip--warning")
        assert warned_contacts == sum("/contact/" in url for url in cards.values())
        assert "chip--warning" not in http.get(f"{portal}/leads").text


def _faults(http: requests.Session, url: str) -> list[str]:
    return re.findall(r'note-line--todo">.*?<strong>(.*?)</strong>', http.get(url).text, re.DOTALL)
