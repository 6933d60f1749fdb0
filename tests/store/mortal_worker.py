"""A worker to be killed: judges what is marked and writes down, line by line, when it began and ended.

`python -m tests.store.mortal_worker URL JOURNAL OWNER MAX_ATTEMPTS LEASE_S`; judging `lead:13` kills it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import open_engine
from gatekeeper.store.inbox import Claim, Inbox, InboxSettings

SETTINGS = InboxSettings(settle_s=0, lease_s=3, max_attempts=100)
POISON = EntityRef(Kind.LEAD, 13)


def work(inbox: Inbox, journal: int, owner: str) -> None:
    while True:
        claims = inbox.claim(5, owner)
        for claim in claims:
            if inbox.renew(claim):
                judge(claim, journal, owner)
                inbox.done(claim)
        if not claims:
            time.sleep(0.02)


def judge(claim: Claim, journal: int, owner: str) -> None:
    if claim.ref == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    write_down(journal, "begins", claim, owner)
    time.sleep(0.01)
    write_down(journal, "ends", claim, owner)


def write_down(journal: int, what: str, claim: Claim, owner: str) -> None:
    """One write to a file opened for appending: lines of several processes do not mix."""
    os.write(journal, f"{time.monotonic()} {what} {claim.ref} {owner}\n".encode())


if __name__ == "__main__":
    _, url, path, name, max_attempts, lease_s = sys.argv
    settings = replace(SETTINGS, max_attempts=int(max_attempts), lease_s=float(lease_s))
    work(Inbox(open_engine(url), settings), os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY), name)
