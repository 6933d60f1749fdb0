"""What people find among their notifications in the portal, seen from the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.app.worker_process import make_notifier
from gatekeeper.config import BreakerConfig, DigestConfig, EnforcementConfig, NotificationsConfig
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.worker.tell.notifier import LOOK_EVERY, Notifier
from tests.gate import Gate, a_gate
from tests.typography import plain
from tests.whole.test_laws import STEPS, look_and_die

OWNER, ANNA, BORIS, VERA, DARYA = 1, 2, 3, 4, 6
ALWAYS = NotificationsConfig(quiet="off")
BOTH = replace(ALWAYS, on=("revert", "violation"))
SOON = LOOK_EVERY + timedelta(seconds=1)


@dataclass
class Office:
    """A gate, and a notifier whose clock runs ahead by `ahead`."""

    gate: Gate
    notifier: Notifier = field(init=False)
    ahead: timedelta = timedelta()

    def __post_init__(self) -> None:
        gatekeeper = self.gate.gatekeeper
        self.notifier = make_notifier(gatekeeper, StaffKeeper(gatekeeper.client))
        self.notifier.now = lambda: datetime.now(UTC) + self.ahead

    def send(self, later: timedelta = SOON) -> None:
        """Send what is due when so much time has passed."""
        self.ahead += later
        self.notifier.step()

    def push(self, deal: EntityRef, stage: str = "EXECUTING", *, user: int = BORIS) -> None:
        self.gate.change(deal, stageId=stage, user=user)
        self.gate.look_at(deal)

    def told(self, user: int) -> list[str]:
        answer = self.gate.http.get(
            f"{self.gate.sandbox.url}/sandbox/notifications", params={"user": user}, timeout=10
        )
        return [plain(each["message"]) for each in answer.json()["notifications"]]


@contextmanager
def an_office(
    engine: Engine, notifications: NotificationsConfig = ALWAYS, **changes: Any
) -> Iterator[Office]:
    with a_gate(engine, notifications=notifications, **changes) as gate:
        yield Office(gate)


@pytest.fixture
def office(sqlite: Engine) -> Iterator[Office]:
    with an_office(sqlite) as office:
        yield office


def a_deal_of(office: Office, responsible: int = ANNA) -> EntityRef:
    return office.gate.add(Kind.DEAL, title="Пустая", assignedById=responsible)


def test_a_move_back_is_told_to_the_responsible_and_to_whoever_moved_the_deal(office: Office) -> None:
    deal = a_deal_of(office)
    office.push(deal, user=BORIS)
    office.send()
    (anna,), (boris,) = office.told(ANNA), office.told(BORIS)
    assert anna == boris
    assert anna.startswith(
        f"↩ [url=/crm/deal/details/{deal.id}/]Сделка № {deal.id}[/url] «Пустая» возвращена на стадию"
    )
    assert "исправьте: «Группа продуктов»" in anna
    assert office.told(VERA) == []


def test_one_who_moves_his_own_deal_is_told_once(office: Office) -> None:
    office.push(a_deal_of(office, ANNA), user=ANNA)
    office.send()
    assert len(office.told(ANNA)) == 1


def test_a_second_look_and_a_second_sending_tell_nobody_anything(office: Office) -> None:
    deal = a_deal_of(office)
    office.push(deal)
    office.send()
    writes = office.gate.writes()
    office.gate.look_at(deal)
    office.send(timedelta(hours=1))
    assert office.gate.writes() == writes


def test_violations_alone_are_told_only_where_it_is_switched_on(office: Office) -> None:
    office.gate.look_at(a_deal_of(office))
    office.send()
    assert office.told(ANNA) == []


def test_new_violations_are_told_to_the_responsible_once_and_a_cure_is_not_told(sqlite: Engine) -> None:
    with an_office(sqlite, BOTH) as office:
        deal = a_deal_of(office)
        office.gate.look_at(deal)
        office.send()
        (told,) = office.told(ANNA)
        office.gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
        office.gate.look_at(deal)
        office.send(timedelta(hours=1))
        assert "есть что исправить — «Группа продуктов», «Контакт»" in told
        assert office.told(ANNA) == [told]


def test_what_was_mended_before_it_was_told_is_not_told(sqlite: Engine) -> None:
    with an_office(sqlite, BOTH) as office:
        contact = office.gate.add(Kind.CONTACT, name="Иван", lastName="Петров", assignedById=ANNA)
        office.gate.look_at(contact)
        phones = [{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 123-45-67"}]
        mails = [{"typeId": "EMAIL", "valueType": "HOME", "value": "ivan@mail.ru"}]
        office.gate.change(contact, secondName="Ильич", birthdate="1990-05-17", fm=phones + mails)
        office.gate.look_at(contact)
        office.send()
        assert office.told(ANNA) == []


def test_news_of_a_card_replace_its_last_notice_after_a_pause(sqlite: Engine) -> None:
    with an_office(sqlite, BOTH) as office:
        deal = a_deal_of(office)
        office.gate.look_at(deal)
        office.send()
        office.push(deal, user=ANNA)
        office.send()
        early = office.told(ANNA)
        office.send(timedelta(minutes=11))
        assert "есть что исправить" in early[0]
        assert len(early) == 1
        (later,) = office.told(ANNA)
        assert "возвращена" in later


def test_a_sender_that_died_after_sending_brings_no_second_notice(office: Office) -> None:
    office.push(a_deal_of(office, ANNA), user=ANNA)
    office.ahead += SOON
    now = office.notifier.now()
    office.gate.store.outbox.sent = lambda *_: None  # type: ignore[method-assign]  # it died before
    office.notifier._send(office.gate.store.outbox.claim(now), now)
    del office.gate.store.outbox.sent
    office.send(timedelta(minutes=5))
    assert len(office.told(ANNA)) == 1


@pytest.mark.slow
def test_wherever_a_pass_dies_everybody_is_told_once_and_of_what_is_true(sqlite: Engine) -> None:
    many = EnforcementConfig(breaker=BreakerConfig(reverts=2 * STEPS))
    with an_office(sqlite, enforcement=many) as office:
        for steps in range(1, STEPS + 1):
            deal = a_deal_of(office, ANNA)
            office.gate.change(deal, stageId="EXECUTING", user=BORIS)
            died = look_and_die(office.gate, [deal], steps)
            office.send()  # by another worker, while the card waits for its lease to run out
            early = [each for each in office.told(ANNA) if f"№ {deal.id}[" in each]
            assert not early or office.gate.item(deal)["stageId"] == "NEW"
            office.gate.look_at(deal)
            office.send()
            assert [len(office.told(ANNA)), len(office.told(BORIS))] == [steps, steps]
        assert not died, "the last pass was to come to its end"


def test_in_quiet_hours_nobody_is_disturbed_and_afterwards_it_is_told_if_still_true(sqlite: Engine) -> None:
    now = datetime.now(UTC)
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    quiet = replace(ALWAYS, quiet=f"{begin:%H:%M}-{end:%H:%M}", time_zone="UTC")
    with an_office(sqlite, quiet) as office:
        stays, mended = a_deal_of(office), a_deal_of(office, VERA)
        office.push(stays)
        office.push(mended, user=VERA)
        office.send()
        at_night = office.told(ANNA)
        office.gate.change(mended, stageId="LOSE")
        office.gate.look_at(mended)
        office.send(timedelta(hours=3))
        assert at_night == []
        assert len(office.told(ANNA)) == 1
        assert office.told(VERA) == []


@pytest.mark.parametrize(("heads", "told"), [(False, 1), (True, 0)])
def test_of_a_dismissed_employees_deal_his_head_is_told_unless_he_reads_a_digest(
    sqlite: Engine, heads: bool, told: int
) -> None:
    with an_office(sqlite, replace(ALWAYS, digest=DigestConfig(heads=heads))) as office:
        deal = a_deal_of(office, 5)  # of the department that Darya heads
        office.gate.control("user", id=5, active=False)
        office.push(deal, user=BORIS)
        office.send()
        assert (office.told(5), len(office.told(DARYA)), len(office.told(BORIS))) == ([], told, 1)


def test_without_the_scope_im_no_card_suffers_and_nothing_is_asked_in_vain(sqlite: Engine) -> None:
    with an_office(sqlite) as office:
        deal = a_deal_of(office)
        office.gate.control("faults", kind="error", method="im.notify.system.add", code="insufficient_scope")
        office.push(deal)
        office.send()
        asked = asked_for(office, "im.notify.system.add")
        office.send(timedelta(minutes=30))
        assert office.gate.item(deal)["stageId"] == "NEW"
        assert office.gate.store.inbox.depth().dead == 0
        assert asked > 0
        assert asked_for(office, "im.notify.system.add") == asked


def test_when_the_portal_is_down_it_is_told_afterwards(office: Office) -> None:
    office.push(a_deal_of(office))
    number = office.gate.control("faults", kind="500")["id"]
    office.send()
    office.gate.http.delete(f"{office.gate.sandbox.url}/sandbox/faults", params={"id": number}, timeout=10)
    office.send(timedelta(minutes=2))
    assert len(office.told(ANNA)) == 1


def test_a_move_that_the_portal_refused_is_told_as_what_it_is(office: Office) -> None:
    deal = a_deal_of(office)
    office.gate.control("faults", kind="error", method="crm.item.update", code="ACCESS_DENIED", count=2)
    office.gate.rest("crm.deal.update", id=deal.id, fields={"STAGE_ID": "EXECUTING"})
    office.gate.look_at(deal)
    office.send()
    (told,) = office.told(ANNA)
    assert "вернуть сделку портал не разрешил" in told


def test_quality_control_is_told_once_a_day_of_a_deal_that_goes_back_no_more(sqlite: Engine) -> None:
    config = replace(ALWAYS, quality_control=(VERA,))
    with an_office(sqlite, config, enforcement=EnforcementConfig(max_reverts=1)) as office:
        deal = a_deal_of(office)
        for minute, stage in enumerate(("EXECUTING", "EXECUTING", "FINAL_INVOICE")):
            office.gate.change(deal, stageId=stage, user=BORIS)
            moved_at = datetime.now(UTC) + timedelta(minutes=minute)
            office.gate.control("backdate", ref=str(deal), moved_at=moved_at.isoformat(timespec="seconds"))
            office.gate.look_at(deal)
            office.send(timedelta(minutes=11))
        (told,) = office.told(VERA)
        assert "поэтому она остаётся там" in told


def test_quality_control_is_told_once_that_the_breaker_tripped(sqlite: Engine) -> None:
    config = replace(ALWAYS, quality_control=(VERA,), quiet="00:00-23:59")
    enforcement = EnforcementConfig(breaker=BreakerConfig(reverts=1))
    with an_office(sqlite, config, enforcement=enforcement) as office:
        for _ in range(3):
            office.push(a_deal_of(office))
        office.send()
        office.send()
        (told,) = office.told(VERA)
        assert "за 10 мин понадобилось вернуть больше 1" in told


def test_of_deals_that_an_open_breaker_leaves_alone_nobody_is_told_singly(sqlite: Engine) -> None:
    with an_office(sqlite, enforcement=EnforcementConfig(breaker=BreakerConfig(reverts=1))) as office:
        for _ in range(3):
            office.push(a_deal_of(office))
        office.send()
        assert len(office.told(ANNA)) == 1


def test_in_a_dry_run_nobody_is_told_anything(sqlite: Engine) -> None:
    with an_office(sqlite, BOTH, enforcement=EnforcementConfig(dry_run=True)) as office:
        office.push(a_deal_of(office))
        office.send()
        assert office.told(ANNA) == []


def asked_for(office: Office, method: str) -> int:
    log = office.gate.http.get(f"{office.gate.sandbox.url}/sandbox/log", timeout=10).json()
    return int(log["methods"].get(method, 0))
