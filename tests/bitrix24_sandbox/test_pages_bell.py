"""The bell: what a person finds among his notifications."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bitrix24_sandbox.pages_site import Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def test_everybody_finds_his_own_notifications_the_newest_on_top(site: Site) -> None:
    link = "[url=/crm/deal/details/1/]Сделка № 1[/url]"
    for user, message in ((2, f"{link} возвращена"), (3, "чужое"), (2, "второе")):
        site.rest("im.notify.system.add", USER_ID=user, MESSAGE=message)
    page = site.read("/notifications")
    assert page.index("второе") < page.index('<a href="/crm/deal/details/1/" rel="noreferrer">Сделка № 1</a>')
    assert "чужое" not in page
    assert "Уведомления: 2" in page


def test_without_any_the_page_says_so(site: Site) -> None:
    assert "ещё ни о чём не уведомляли" in site.read("/notifications")
