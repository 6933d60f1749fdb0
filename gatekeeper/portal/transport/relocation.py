"""A renamed portal: may the webhook be shown to the host that a redirect names? Pure.

The path of the redirect is the key to the portal, and whoever gets it can read every client's data. The old
host's word, given over a verified connection, is not enough: a name that was given up may be anybody's next.
So a portal of the vendor's cloud is followed within that cloud only, under the very domain that the admin
wrote, and to the very path that was asked for. A portal on its own server is not followed: its admin renames
it and knows of it.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_CLOUD = re.compile(r"[a-z0-9-]+\.(?P<zone>bitrix24\.(?:com\.)?[a-z]{2,4})")


def new_base(base: str, location: str, method: str) -> str | None:
    """The webhook's URL at the new host, None where it may not be shown to it. `base` ends in "/".

    >>> old = "https://firma.bitrix24.ru/rest/1/code/"
    >>> new_base(old, "https://novaya.bitrix24.ru/rest/1/code/crm.item.get", "crm.item.get")
    'https://novaya.bitrix24.ru/rest/1/code/'
    >>> new_base(old, "https://bitrix24.ru.example/rest/1/code/crm.item.get", "crm.item.get")
    """
    try:
        old, new = urlsplit(base), urlsplit(location)
        same_kind = (old.scheme, old.path + method) == (new.scheme, new.path)
        plain = not (new.username or new.password or new.query or new.fragment)
        trusted = _both_cloud(old, new) or (_is_loopback(old) and _is_loopback(new))
    except ValueError:
        return None
    return f"{new.scheme}://{new.netloc}{old.path}" if same_kind and plain and trusted else None


def _both_cloud(old: SplitResult, new: SplitResult) -> bool:
    before, after = (_CLOUD.fullmatch(each.hostname or "") for each in (old, new))
    on_tls = old.scheme == "https" and new.port in {None, 443}
    return bool(before and after and on_tls and before["zone"] == after["zone"])


def _is_loopback(parts: SplitResult) -> bool:
    """The machine itself: a sandbox and its tests."""
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
