"""What an admin must mend, met on the sandbox by two processes that share nothing but the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import Gatekeeper, client_of, open_gatekeeper
from gatekeeper.app.questions import examine_health
from gatekeeper.app.worker_process import make_alarm, make_notifier, make_worker
from gatekeeper.config import NotificationsConfig
from gatekeeper.doctor import Broken, Doubtful, Fine
from gatekeeper.model.errors import (
    AccessLost,
    Moved,
    OutcomeUnknown,
    PortalError,
    ScopeMissing,
)
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.trouble import Trouble, TroubleKind, scope_of
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.wire.system import METHODS
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.troubles import (
    REFRESH_S,
    REPEAT_S,
    STEADY,
    Troubles,
)
from gatekeeper.worker.loop import Worker
from gatekeeper.worker.tell.alarm import ASK_EVERY, LOOK_EVERY, Alarm
from gatekeeper.worker.tell.notifier import Notifier
from tests.gate import Gate, a_gate
from tests.processes import a_worker, free_port, until, write_config
from tests.typography import plain

VERA, BORIS = 4, 3
BLINDING: dict[str, dict[str, Any]] = {
    "webhook revoked": {"kind": "revoked"},
    "owner dismissed": {"kind": "owner_fired"},
    "scope crm lost": {"kind": "scope", "scope": "crm"},
    "moved to a strange host": {"kind": "redirect", "host": "evil.example"},
}
SAID = {
    "webhook revoked": ("webhook", "портал не принимал вебхук"),
    "owner dismissed": ("webhook", "портал не принимал вебхук"),
    "scope crm lost": ("scope", "не было права crm"),
    "moved to a strange host": ("host", "портал отвечал с незнакомого адреса"),
}


@dataclass
class Process:
    """A worker process's parts, with a clock that all of them share."""

    gatekeeper: Gatekeeper
    clock: Clock
    worker: Worker = field(init=False)
    alarm: Alarm = field(init=False)
    notifier: Notifier = field(init=False)

    def __post_init__(self) -> None:
        opened, clock = self.gatekeeper, self.clock
        troubles = Troubles(opened.store.engine, clock.now, monotonic=clock.monotonic)
        store = replace(opened.store, troubles=troubles)
        client = client_of(opened.config, store, opened.meter, opened.client.clock)
        self.gatekeeper = replace(opened, store=store, client=client)
        self.worker = make_worker(self.gatekeeper)
        by_clock = replace(self.gatekeeper, now=clock.now, machine_now=clock.now)
        self.alarm = make_alarm(by_clock)
        self.notifier = make_notifier(by_clock, StaffKeeper(client))

    def look_at(self, *refs: EntityRef) -> None:
        self.gatekeeper.store.inbox.mark_dirty(refs, delay_s=0)
        self.worker.run_wave()

    def run_errands(self) -> None:
        self.alarm.step()
        self.notifier.step()


@dataclass
class Clock:
    """Runs ahead of the time by what has passed in the test."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return self.ahead.total_seconds()


@dataclass
class Office:
    """Two worker processes and a web process on one database."""

    gate: Gate
    clock: Clock
    workers: tuple[Process, Process]
    deal: EntityRef = field(init=False)

    def __post_init__(self) -> None:
        self.deal = self.gate.add(Kind.DEAL, title="Пустая")

    def strike(self, **fault: Any) -> None:
        self.gate.control("faults", **fault)

    def heal(self) -> None:
        self.gate.http.delete(f"{self.gate.sandbox.url}/sandbox/faults", timeout=10)

    def work(self, *refs: EntityRef) -> None:
        """Both workers come upon the cards and then do their errands, after a while and again."""
        for worker in self.workers:
            worker.look_at(*refs)
        for _ in range(2):
            self.clock.ahead += LOOK_EVERY + timedelta(seconds=REFRESH_S)
            for worker in self.workers:
                worker.run_errands()

    def let_pass(self, delay: timedelta, *refs: EntityRef) -> None:
        self.clock.ahead += delay
        self.work(*refs)

    def told(self, user: int = VERA) -> list[str]:
        url = f"{self.gate.sandbox.url}/sandbox/notifications"
        answer = self.gate.http.get(url, params={"user": user}, timeout=10)
        return [plain(each["message"]) for each in answer.json()["notifications"]]

    @property
    def warnings(self) -> dict[str, str]:
        answer = self.gate.web_app().test_client().get("/readyz")
        kinds = {each.value for each in TroubleKind}
        warned: dict[str, str] = answer.json.get("warnings", {}) if answer.json else {}
        return {name: why for name, why in warned.items() if name in kinds}

    @property
    def gauge(self) -> dict[str, float]:
        text = self.gate.admin_app().test_client().get("/metrics").text
        return {
            sample.labels["kind"]: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "gatekeeper_trouble"
        }

    @property
    def stands(self) -> set[str]:
        return {kind for kind, value in self.gauge.items() if value}


@contextmanager
def an_office(engine: Engine) -> Iterator[Office]:
    told = NotificationsConfig(quality_control=(VERA,), quiet="00:00-23:59")
    with a_gate(engine, notifications=told) as gate:
        clock, other = Clock(), open_gatekeeper(gate.gatekeeper.config)
        try:
            yield Office(
                gate, clock, (Process(open_gatekeeper(gate.gatekeeper.config), clock), Process(other, clock))
            )
        finally:
            other.close()


@pytest.fixture
def office(sqlite: Engine) -> Iterator[Office]:
    with an_office(sqlite) as office:
        yield office


@pytest.mark.parametrize("fault", BLINDING)
def test_a_blind_gate_says_so_at_once_and_tells_people_once_when_it_sees_again(
    office: Office, fault: str
) -> None:
    kind, said = SAID[fault]
    deal = office.deal
    assert (office.stands, office.warnings) == (set(), {})
    office.strike(**BLINDING[fault])
    office.work(deal)
    assert office.stands == {kind}
    assert set(office.warnings) == {kind}
    office.let_pass(timedelta(minutes=30), deal)
    office.heal()
    assert office.told() == []
    office.work(deal)
    assert (office.stands, office.warnings, office.told()) == (set(), {}, [])
    for _ in range(3):
        office.let_pass(STEADY, deal)
    (told,) = office.told()
    assert said in told
    assert office.told(BORIS) == []
    assert len(office.gate.said(deal)) == 1


def test_the_bounds_of_the_blindness_are_told_by_the_departments_clock(office: Office) -> None:
    office.strike(kind="revoked")
    began = office.clock.now()
    office.work(office.deal)
    office.heal()
    office.let_pass(timedelta(hours=3), office.deal)
    ended = office.clock.now()
    office.let_pass(2 * STEADY)
    (told,) = office.told()
    local = office.workers[0].alarm.quiet.local
    assert f"С {local(began):%d.%m.%Y %H:%M} до" in told
    minutes = [local(moment) for moment in (ended - timedelta(minutes=1), ended)]
    assert any(f"до {minute:%d.%m.%Y %H:%M}" in told for minute in minutes)


def test_a_portal_that_wavers_is_one_trouble(office: Office) -> None:
    for _ in range(4):
        office.strike(kind="revoked")
        office.let_pass(timedelta(seconds=20), office.deal)
        office.heal()
        office.let_pass(timedelta(seconds=20), office.deal)
    office.let_pass(2 * STEADY)
    assert len(office.told()) == 1


def test_a_refusal_of_a_moment_is_told_to_nobody(office: Office) -> None:
    office.strike(kind="revoked")
    office.work(office.deal)
    office.heal()
    office.work(office.deal)
    office.let_pass(2 * STEADY)
    assert (office.stands, office.told()) == (set(), [])


def test_the_same_again_next_week_is_told_again(office: Office) -> None:
    for _ in range(2):
        office.strike(kind="revoked")
        office.work(office.deal)
        office.let_pass(timedelta(minutes=5), office.deal)
        office.heal()
        office.work(office.deal)
        office.let_pass(2 * STEADY)
        before = office.told()
        office.let_pass(timedelta(days=7))
    assert len(before) == 1  # of the same tag: the later one took the place of the first
    assert calls(office.gate)["im.notify.system.add"] == 2


def test_a_scope_that_leaves_the_gate_its_sight_is_told_of_at_once_and_its_end_is_not(office: Office) -> None:
    deal = office.gate.a_correct_deal()
    office.strike(kind="scope", scope="imopenlines")
    office.work(deal)
    (told,) = office.told()
    assert "нет права imopenlines" in told
    assert office.warnings["scope"].startswith("the webhook lacks the scope imopenlines since")
    office.let_pass(timedelta(days=1), deal)
    office.heal()
    office.let_pass(ASK_EVERY)
    assert office.stands == set()
    office.let_pass(timedelta(days=1), deal)
    assert office.told() == [told]


def test_a_scope_that_is_granted_is_noticed_though_no_card_asks_for_it(office: Office) -> None:
    office.strike(kind="scope", scope="imopenlines")
    office.work(office.gate.a_correct_deal())
    office.heal()
    office.let_pass(ASK_EVERY - timedelta(minutes=1))
    before = office.stands
    office.let_pass(timedelta(minutes=1))
    assert (before, office.stands) == ({"scope"}, set())


def test_without_the_scope_im_it_is_told_afterwards_that_nothing_got_through(office: Office) -> None:
    office.strike(kind="scope", scope="im")
    office.strike(kind="scope", scope="imopenlines")
    office.work(office.gate.a_correct_deal())
    assert {each.subject for each in office.workers[0].gatekeeper.store.troubles.current()} == {
        "im",
        "imopenlines",
    }
    office.heal()
    office.let_pass(timedelta(hours=1))
    office.let_pass(2 * STEADY)
    (told,) = office.told()
    assert "уведомления не отправлялись" in told


def test_a_renamed_portal_is_told_of_once_and_warned_of_until_the_config_names_the_new_host(
    sqlite: Engine, tmp_path: Path
) -> None:
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    with an_office(sqlite) as office, a_gate(other) as old:
        new_config = office.gate.gatekeeper.config
        old.control("faults", kind="redirect", host=office.gate.sandbox.url)
        old_config = replace(new_config, portal=old.gatekeeper.config.portal)
        office.workers = tuple(Process(open_gatekeeper(old_config), office.clock) for _ in range(2))  # type: ignore[assignment]
        deal = office.deal
        for _ in range(3):
            office.let_pass(timedelta(hours=1), deal)
        host = office.gate.sandbox.url.partition("//")[2]
        (told,) = office.told()
        assert f"Портал теперь открывается по адресу {host}" in told
        assert office.warnings["renamed"].startswith(f"the portal is at {host} now")
        assert "/rest/" not in str([told, office.warnings])
        restarted = Process(open_gatekeeper(new_config), office.clock)
        office.workers = (restarted, office.workers[1])
        office.let_pass(timedelta(hours=1), deal)
        assert (office.stands, office.told()) == (set(), [told])
        office.let_pass(timedelta(hours=1), deal)
        assert (office.stands, office.told()) == (set(), [told])
    other.dispose()


def test_a_notice_that_the_portal_turned_away_is_sent_when_it_answers_again(office: Office) -> None:
    office.strike(kind="scope", scope="imopenlines")
    first, _ = office.workers
    first.look_at(office.gate.a_correct_deal())
    first.alarm.step()
    office.strike(kind="revoked")
    first.notifier.step()
    office.heal()
    office.strike(kind="scope", scope="imopenlines")
    office.clock.ahead += timedelta(minutes=2)
    first.notifier.step()
    assert len(office.told()) == 1


def test_the_doctor_tells_what_stands(office: Office) -> None:
    config = office.gate.gatekeeper.config
    office.strike(kind="revoked")
    office.work(office.deal)
    office.heal()
    found = [each for each in examine_health(config) if each.code.startswith("trouble.")]
    assert [(type(each), each.code) for each in found] == [(Broken, "trouble.webhook")]
    office.strike(kind="scope", scope="imopenlines")
    office.work(office.gate.a_correct_deal())
    found = [each for each in examine_health(config) if each.code.startswith("trouble.")]
    assert [(type(each), each.code) for each in found] == [(Doubtful, "trouble.scope")]
    assert not isinstance(found[0], Fine)


def test_an_outage_is_no_trouble(office: Office) -> None:
    for kind in ("500", "503", "truncated"):
        office.strike(kind=kind)
        office.work(office.deal)
        office.heal()
    assert office.stands == set()


@pytest.mark.process
@pytest.mark.slow
def test_two_workers_of_their_own_tell_of_a_lost_scope_once(sqlite: Engine, tmp_path: Path) -> None:
    with a_gate(sqlite) as gate:
        gate.control("faults", kind="scope", scope="imopenlines")
        config = write_config(tmp_path, gate.sandbox.webhook_url, free_port(), wave=1)
        told = f"\n[notifications]\nquality_control = [{VERA}]\n"
        config.write_text(config.read_text(encoding="utf-8") + told, encoding="utf-8")
        deals = [gate.a_correct_deal() for _ in range(12)]
        url = str(sqlite.url)
        with a_worker(config, url), a_worker(config, url):
            heartbeat = gate.store.heartbeat
            until(lambda: heartbeat.silence() is not None, "a worker lives")
            gate.store.inbox.mark_dirty(deals, delay_s=0)
            until(lambda: "im.notify.system.add" in calls(gate), "somebody is told")
            gate.store.inbox.mark_dirty(deals, delay_s=0)
            until(lambda: gate.store.inbox.depth().waiting == 0, "all is looked at again")
        assert calls(gate)["im.notify.system.add"] == 1


def calls(gate: Gate) -> dict[str, int]:
    log = gate.http.get(f"{gate.sandbox.url}/sandbox/log", timeout=10).json()
    methods: dict[str, int] = log["methods"]
    return methods


# On both databases, without a portal.


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_process_on(engine: Engine, clock: Clock) -> Troubles:
    return Troubles(engine, clock.now, monotonic=clock.monotonic)


REVOKED = AccessLost("batch", "INVALID_CREDENTIALS", 401)


def test_of_many_that_ask_at_once_one_alone_gets_the_news(engine: Engine, clock: Clock) -> None:
    processes = [a_process_on(engine, clock) for _ in range(8)]
    heard: list[Trouble] = []
    for error in (REVOKED, ScopeMissing("imopenlines.crm.chat.get", "INSUFFICIENT_SCOPE")):
        for each in processes:
            each.met([error])
    clock.ahead += timedelta(hours=1)
    processes[0].answered(["crm.item.list"], at_home=True)
    clock.ahead += STEADY
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: each.take_news(lambda _conn, trouble: heard.append(trouble)), processes))
    assert sorted(each.kind for each in heard) == [TroubleKind.SCOPE, TroubleKind.WEBHOOK]


def test_news_that_could_not_be_wished_for_are_news_still(engine: Engine, clock: Clock) -> None:
    troubles = a_process_on(engine, clock)
    troubles.followed("novaya.bitrix24.ru")

    def die(_conn: object, _trouble: Trouble) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        troubles.take_news(die)
    assert troubles.take_news(lambda _conn, _trouble: None) == 1
    assert troubles.take_news(lambda _conn, _trouble: None) == 0


def test_another_processs_trouble_is_ended_by_whoever_is_answered(engine: Engine, clock: Clock) -> None:
    one, two = a_process_on(engine, clock), a_process_on(engine, clock)
    two.answered(["crm.item.list"], at_home=True)
    one.met([REVOKED])
    clock.ahead += timedelta(seconds=REFRESH_S)
    two.answered(["crm.item.list"], at_home=True)
    assert two.current() == ()


def test_that_it_still_stands_is_written_seldom(engine: Engine, clock: Clock) -> None:
    one, two = a_process_on(engine, clock), a_process_on(engine, clock)
    one.met([REVOKED])
    clock.ahead += timedelta(seconds=REFRESH_S)
    two.answered(["crm.item.list"], at_home=True)
    one.met([REVOKED])
    early = one.current()
    clock.ahead += timedelta(seconds=REPEAT_S)
    one.met([REVOKED])
    assert (early, len(one.current())) == ((), 1)


@pytest.mark.parametrize(
    ("error", "stands"),
    [
        (REVOKED, ("webhook", "")),
        (AccessLost("batch", "INSUFFICIENT_SCOPE", 401), ("scope", "crm")),
        (ScopeMissing("voximplant.statistic.get"), ("scope", "telephony")),
        (Moved("batch", "Evil.example:443[url]\n<b>"), ("host", "Evil.example:443urlb")),
        (Moved("batch", "x" * 500), ("host", "x" * 200)),
    ],
)
def test_what_an_error_tells_of(
    engine: Engine, clock: Clock, error: PortalError, stands: tuple[str, str]
) -> None:
    troubles = a_process_on(engine, clock)
    troubles.met([OutcomeUnknown("batch", "", 500), error])
    assert [(each.kind.value, each.subject) for each in troubles.current()] == [stands]


def test_no_hit_fails_because_its_trouble_cannot_be_written_down(sqlite: Engine, clock: Clock) -> None:
    troubles = a_process_on(sqlite, clock)
    with sqlite.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE trouble RENAME TO gone")
    troubles.met([REVOKED])
    troubles.answered(["crm.item.list"], at_home=True)
    with sqlite.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE gone RENAME TO trouble")
    troubles.met([REVOKED])
    assert len(troubles.current()) == 1


def test_every_method_of_ours_is_known_by_its_scope() -> None:
    assert {scope_of(name): scope for scope, names in METHODS.items() for name in names} == {
        scope: scope for scope in METHODS
    }
