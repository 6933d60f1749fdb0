"""A whole gatekeeper on a sandbox portal in this process, driven step by step.

Tests act as a client of the portal would, over HTTP, and look at what stands in its cards afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import requests
from flask import Flask
from sqlalchemy import Engine, Row, select

from bitrix24_sandbox.server import Sandbox
from bitrix24_sandbox.testing import Bitrix24Portal, running_portal
from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper, signer_of, under_config
from gatekeeper.app.questions import foresee_card
from gatekeeper.app.tables import Store
from gatekeeper.app.web_process import make_admin_app, make_web_app
from gatekeeper.app.worker_process import make_indexer, make_worker
from gatekeeper.config import Config, DatabaseConfig, EnforcementConfig, PortalConfig, Secret, WorkerConfig
from gatekeeper.judge.examples import A_DETAILED_COMMENT
from gatekeeper.judge.policy import Fields, Policy, Rules
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.transport.client import Command
from gatekeeper.store.journal.tables import action_table, decision_table
from gatekeeper.store.upkeep.erasure import Erasure
from gatekeeper.worker.wave.reconcile import Foreseen
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.typography import plain

TYPES = {Kind.LEAD: 1, Kind.DEAL: 2, Kind.CONTACT: 3}


@dataclass
class Time:
    """The clocks of the gate's machine: what `passed` in the test, and by how much its date is `wrong`."""

    passed: timedelta = timedelta()
    wrong: timedelta = timedelta()

    def machine(self) -> datetime:
        return datetime.now(UTC) + self.passed + self.wrong

    def monotonic(self) -> float:
        return monotonic() + self.passed.total_seconds()


@dataclass
class Gate:
    """`portal` is the sandbox, `gatekeeper` the parts, `worker` a worker that works only when told to."""

    portal: Bitrix24Portal
    gatekeeper: Gatekeeper
    http: requests.Session
    time: Time

    def __post_init__(self) -> None:
        self.worker = make_worker(self.gatekeeper)
        self.fill_index()
        self.begin_watching()

    @property
    def sandbox(self) -> Sandbox:
        return self.portal.sandbox

    @property
    def store(self) -> Store:
        return self.gatekeeper.store

    @property
    def erasure(self) -> Erasure:
        return Erasure(self.store.engine, self.gatekeeper.now)

    def web_app(self) -> Flask:
        return make_web_app(self.gatekeeper.config, self.store, self.gatekeeper.meter)

    def admin_app(self) -> Flask:
        return make_admin_app(self.gatekeeper.config, self.store, self.gatekeeper.meter)

    def foresee(self, ref: EntityRef) -> Foreseen:
        """What is against a card and would be done; nothing is written."""
        return foresee_card(self.gatekeeper, ref)

    def fill_index(self) -> None:
        """Walk the portal's contacts to their end, as an idle worker does."""
        indexer = make_indexer(self.gatekeeper)
        while indexer.step():
            pass

    def begin_watching(self) -> None:
        """As a worker does at its start, once it has read what time it is on the portal."""
        while not self.gatekeeper.client.clock.is_sure:
            self.gatekeeper.client.call(Command("server.time", {}))
        self.worker.reconciler.begin_watching()

    def rest(self, method: str, *, user: int = 2, **params: Any) -> Any:
        headers = {"X-Sandbox-User": str(user)}
        answer = self.http.post(self.sandbox.webhook_url + method, json=params, headers=headers, timeout=10)
        body = answer.json()
        assert "error" not in body, body
        return body["result"]

    def control(self, path: str, **body: Any) -> Any:
        answer = self.http.post(f"{self.sandbox.url}/sandbox/{path}", json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def add(self, kind: Kind, **fields: Any) -> EntityRef:
        item = self.rest("crm.item.add", entityTypeId=TYPES[kind], fields=fields, useOriginalUfNames="Y")
        return EntityRef(kind, item["item"]["id"])

    def change(self, ref: EntityRef, *, user: int = 2, **fields: Any) -> None:
        params = {"entityTypeId": TYPES[ref.kind], "id": ref.id, "useOriginalUfNames": "Y"}
        self.rest("crm.item.update", user=user, fields=fields, **params)

    def item(self, ref: EntityRef) -> dict[str, Any]:
        item: dict[str, Any] = self.rest("crm.item.get", entityTypeId=TYPES[ref.kind], id=ref.id)["item"]
        return item

    def comment(self, ref: EntityRef, text: str = A_DETAILED_COMMENT) -> int:
        fields = {"ENTITY_TYPE": ref.kind.value, "ENTITY_ID": ref.id, "COMMENT": text}
        number: int = self.rest("crm.timeline.comment.add", fields=fields)
        return number

    def add_product(self, ref: EntityRef) -> None:
        rows = [{"PRODUCT_NAME": "Курс", "PRICE": 90000, "QUANTITY": 1}]
        self.rest("crm.deal.productrows.set", id=ref.id, rows=rows)

    def comments(self, ref: EntityRef) -> list[str]:
        return [row["COMMENT"] for row in self._comment_rows(ref)]

    def said(self, ref: EntityRef) -> list[str]:
        """What the gatekeeper wrote into this card."""
        signer = signer_of(self.gatekeeper)
        said: list[str] = []
        for row in self._comment_rows(ref):
            created_at = datetime.fromisoformat(row["CREATED"])
            if signer.card_of(row["COMMENT"], int(row["AUTHOR_ID"]), created_at) == ref:
                said.append(plain(row["COMMENT"]))
        return said

    def _comment_rows(self, ref: EntityRef) -> list[dict[str, str]]:
        owner = {"ENTITY_TYPE": ref.kind.value, "ENTITY_ID": ref.id}
        rows: list[dict[str, str]] = self.rest("crm.timeline.comment.list", filter=owner, order={"ID": "ASC"})
        return rows

    def a_correct_deal(self) -> EntityRef:
        """Filled in before any event of it is looked at."""
        lead = self.add(Kind.LEAD, title="Лид")
        contact = self.add(Kind.CONTACT, name="Иван", lastName="Петров")
        deal = self.add(
            Kind.DEAL,
            title="Сделка",
            leadId=lead.id,
            contactId=contact.id,
            opportunity=90000,
            UF_CRM_PRODUCT_GROUP=45,
        )
        self.add_product(deal)
        self.comment(deal)
        return deal

    def look_at(self, *refs: EntityRef) -> None:
        """As if an event of each had come, and all waves that follow from it."""
        self.store.inbox.mark_dirty(refs, delay_s=0)
        while self.worker.run_wave():
            pass
        self.gatekeeper.meter.flush()

    def unsettled(self, refs: Sequence[EntityRef]) -> dict[EntityRef, str]:
        """Cards that are not as their present state deserves: what would be done, or why nobody knows."""
        amiss: dict[EntityRef, str] = {}
        for start in range(0, len(refs), 50):
            found = self.worker.reconciler.foresee(refs[start : start + 50], Priority.LIVE)
            for ref, foreseen in found.items():
                if isinstance(foreseen, PortalError):
                    amiss[ref] = str(foreseen)
                elif foreseen.planned.actions:
                    amiss[ref] = ", ".join(type(action).__name__ for action in foreseen.planned.actions)
        return amiss

    def let_pass(self, delay: timedelta) -> None:
        """Time goes by, and the gatekeeper looks at all that falls due without an event."""
        self.pass_time(delay)
        self.look_at(*self.store.visits.due(self.gatekeeper.now(), 1000))

    def pass_time(self, delay: timedelta) -> None:
        """Time goes by on the portal and on the gatekeeper's machine."""
        self.portal.move_clock(delay.total_seconds())
        self.time.passed += delay

    def status_after_look(self, deal: EntityRef) -> str:
        self.look_at(deal)
        return str(self.item(deal)["ufCrmGatekeeperStatus"])

    def use(self, policy: Policy) -> None:
        """As if the gatekeeper had been restarted with another policy."""
        self.restart(replace(self.gatekeeper.config, policy=policy))

    def restart(self, config: Config) -> None:
        """The worker as after a restart under another config of the same portal and database."""
        self.gatekeeper = under_config(self.gatekeeper, config)
        self.worker = make_worker(self.gatekeeper)

    def actions(self, ref: EntityRef) -> list[Row[Any]]:
        """Every action that was ever planned for this card, in order."""
        here = (decision_table.c.kind == ref.kind, decision_table.c.entity_id == ref.id)
        query = select(action_table).join(decision_table).where(*here).order_by(decision_table.c.decided_at)
        with self.store.engine.connect() as conn:
            return list(conn.execute(query))

    def pinned(self, ref: EntityRef) -> list[int]:
        """Ids of what stands on top of this card's timeline."""
        kind = Kind(ref.kind).value
        query = "SELECT id FROM timeline WHERE kind = ? AND owner_id = ? AND pinned = 1"
        return [row["id"] for row in self.sandbox.portal.store.rows(query, (kind, ref.id))]

    def log(self) -> dict[str, Any]:
        """What was asked of the portal, and what became of its events."""
        log: dict[str, Any] = self.http.get(f"{self.sandbox.url}/sandbox/log", timeout=10).json()
        return log

    def events(self) -> dict[str, int]:
        """How many events were raised, wait, and were "delivered", "refused", "failed" or "lost"."""
        return dict(self.log()["events"])

    @property
    def is_idle(self) -> bool:
        """Nothing is marked, but for dead letters."""
        depth = self.store.inbox.depth()
        return depth.waiting == depth.leased == 0

    def writes(self) -> int:
        """How many writes the portal has answered so far, whoever asked for them."""
        log = self.log()
        verbs = (".add", ".update", ".delete", ".set", ".pin", ".unpin")
        return sum(count for method, count in log["methods"].items() if method.endswith(verbs))


def a_config(portal_url: str, database_url: str, **changes: Any) -> Config:
    """The sandbox's config in memory; `rules` maps attributes of Rules to options."""
    rules = replace(Rules(), **changes.pop("rules", {}))
    fields = changes.pop("fields", Fields(product_group="UF_CRM_PRODUCT_GROUP"))
    config = Config(
        portal=PortalConfig(Secret(portal_url), (Secret(TOKEN),), rate_per_s=1e6),
        database=DatabaseConfig(Secret(database_url)),
        policy=Policy(fields, rules),
        worker=WorkerConfig(settle_s=0.0),
        enforcement=EnforcementConfig(),
    )
    return replace(config, **changes)


@contextmanager
def a_gate(engine: Engine, **changes: Any) -> Iterator[Gate]:
    """On a migrated database; the portal's events go nowhere unless the test sends them somewhere.

    `machine_wrong_by`: how far the clock of the gate's machine is ahead of the portal's.
    """
    planted = {"code": WEBHOOK_CODE, "token": TOKEN, **changes.pop("sandbox", {})}
    url = engine.url.render_as_string(hide_password=False)
    time = Time(wrong=changes.pop("machine_wrong_by", timedelta()))
    with (
        running_portal(**planted) as portal,
        requests.Session() as http,
        open_gatekeeper(a_config(portal.url, url, **changes), time.machine, time.monotonic) as gatekeeper,
    ):
        yield Gate(portal, gatekeeper, http, time)
