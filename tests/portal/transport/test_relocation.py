"""Who may be shown the webhook after a redirect."""

from __future__ import annotations

import pytest

from gatekeeper.portal.transport.relocation import new_base

OLD = "https://firma.bitrix24.ru/rest/1/code/"
ASKED = "rest/1/code/batch"


@pytest.mark.parametrize(
    ("old", "location", "base"),
    [
        (OLD, f"https://novaya.bitrix24.ru/{ASKED}", "https://novaya.bitrix24.ru/rest/1/code/"),
        (OLD, f"https://novaya.bitrix24.ru:443/{ASKED}", "https://novaya.bitrix24.ru:443/rest/1/code/"),
        (
            "https://firma.bitrix24.com.br/rest/1/code/",
            f"https://nova.bitrix24.com.br/{ASKED}",
            "https://nova.bitrix24.com.br/rest/1/code/",
        ),
        (
            "http://127.0.0.1:8025/rest/1/code/",
            f"http://127.0.0.1:9/{ASKED}",
            "http://127.0.0.1:9/rest/1/code/",
        ),
    ],
)
def test_a_move_within_the_cloud_is_followed(old: str, location: str, base: str) -> None:
    assert new_base(old, location, "batch") == base


@pytest.mark.parametrize(
    "location",
    [
        "",
        "/auth/",
        "//",
        "https://[x/",
        f"http://novaya.bitrix24.ru/{ASKED}",
        f"https://novaya.bitrix24.com/{ASKED}",
        f"https://bitrix24.ru/{ASKED}",
        f"https://a.b.bitrix24.ru/{ASKED}",
        f"https://novaya.bitrix24.ru.evil.example/{ASKED}",
        f"https://evil-bitrix24.ru/{ASKED}",
        f"https://evil.example/{ASKED}#novaya.bitrix24.ru",
        f"https://novaya.bitrix24.ru@evil.example/{ASKED}",
        f"https://user:pass@novaya.bitrix24.ru/{ASKED}",
        f"https://novaya.bitrix24.ru:8443/{ASKED}",
        f"https://novaya.bitrix24.ru/{ASKED}?next=x",
        "https://novaya.bitrix24.ru/rest/1/other/batch",
        "https://novaya.bitrix24.ru/login/",
        f"https://127.0.0.1/{ASKED}",
        f"https://novaya.bitrix24.ru\\.evil.example/{ASKED}",
        f"https://novaya.bitrix24.ru%2eevil.example/{ASKED}",
    ],
)
def test_nobody_else_is_shown_the_webhook(location: str) -> None:
    assert new_base(OLD, location, "batch") is None


@pytest.mark.parametrize(
    "old",
    [
        "https://crm.company.example/rest/1/code/",
        "https://firma.ru/rest/1/code/",
        "http://firma.ru/rest/1/code/",
    ],
)
def test_a_portal_on_its_own_server_is_not_followed(old: str) -> None:
    for host in ("new.company.example", "novaya.ru", "novaya.bitrix24.ru"):
        assert new_base(old, f"{old.partition(':')[0]}://{host}/{ASKED}", "batch") is None
