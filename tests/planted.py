"""The secrets of the test suite. They open nothing; `tests.leaks` fails the run in which one is printed."""

from __future__ import annotations

WEBHOOK_CODE = "planted0webhook0code"
TOKEN = "planted0application0token0of0thirty"
NOTE_KEY = "planted0key0of0our0notes"
PASSWORD = "planted0database0password"

PLANTED = {
    "webhook code": WEBHOOK_CODE,
    "application token": TOKEN,
    "note key": NOTE_KEY,
    "database password": PASSWORD,
}
