"""The story of the product, told by itself: a manager's morning on a sandbox portal.

Everything goes over HTTP as it does in life: the portal and the gatekeeper are processes of their own, and
the manager is a REST client. A step that does not happen ends the story with its reason.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import requests

from gatekeeper.app.supervisor import Supervisor

T = TypeVar("T")

MANAGER = 2
PATIENCE_S = 15.0
POLL_S = 0.7  # the portal allows two hits a second, to all of us together
BB_CODE = re.compile(r"\[/?[a-z]+\]")
A_REAL_COMMENT = (
    "Звонила мама, дочь хочет на дизайн после 9 класса. Рассказала про очную форму и рассрочку, "
    "договорились, что в пятницу в 15:00 приедут на экскурсию с аттестатом"
)


class StepMissed(Exception):  # noqa: N818 - not an error of the program but news of the story
    """What was expected did not show itself in time."""


@dataclass
class Manager:
    """Somebody who works in the CRM."""

    rest_url: str
    http: requests.Session

    def call(self, method: str, **params: Any) -> Any:
        answer = self.http.post(
            self.rest_url + method, json=params, headers={"X-Sandbox-User": str(MANAGER)}, timeout=10
        )
        body = answer.json()
        if body.get("error") == "QUERY_LIMIT_EXCEEDED":  # the gatekeeper calls from the same address
            time.sleep(POLL_S)
            return self.call(method, **params)
        if "error" in body:
            raise StepMissed(f"{method}: {body['error']} {body.get('error_description', '')}")
        return body["result"]

    def warnings(self, kind: str, number: int) -> list[str]:
        owner = {"ENTITY_TYPE": kind, "ENTITY_ID": number}
        comments = self.call("crm.timeline.comment.list", filter=owner)
        return [comment["COMMENT"] for comment in comments if "gk-" in comment["COMMENT"]]

    def stage(self, number: int) -> str:
        deal = self.call("crm.item.get", entityTypeId=2, id=number)
        return str(deal["item"]["stageId"])


def tell(config_file: Path) -> bool:
    """Run the whole story with processes of its own on free ports. True if every step was seen."""
    with tempfile.TemporaryDirectory(prefix="gatekeeper-demo-") as folder:
        sandbox, web, admin = free_ports(3)
        config = _config_for(config_file, Path(folder), sandbox, web, admin)
        named = ["--config", str(config)]
        events = f"http://127.0.0.1:{web}/events"
        parts = {
            "sandbox": ["sandbox", "--port", str(sandbox), "--events-url", events],
            "web": ["web", *named],
            "worker": ["worker", *named],
        }
        supervisor = Supervisor(parts, {**os.environ, **_environment(Path(folder), sandbox)})
        supervisor.start()
        try:
            with requests.Session() as http:
                _wait_for_ready(http, f"http://127.0.0.1:{web}/readyz")
                _story(Manager(f"http://127.0.0.1:{sandbox}/rest/1/sandbox/", http))
        except (StepMissed, requests.RequestException) as missed:
            click.secho(f"\n✘ {missed}", fg="red")
            return False
        finally:
            supervisor.stop()
    click.secho("\n✔ Всё произошло так, как рассказано.", fg="green")
    return True


def _story(manager: Manager) -> None:
    _step("Менеджер создаёт пустую сделку")
    deal = manager.call("crm.item.add", entityTypeId=2, fields={"title": "Поступление Анны"})["item"]["id"]
    _show(_until(lambda: manager.warnings("deal", deal), "предупреждение в карточке сделки")[0])

    _step("…и двигает её дальше, на стадию PREPARATION")
    manager.call("crm.item.update", entityTypeId=2, id=deal, fields={"stageId": "PREPARATION"})
    _until(lambda: "возвращена" in manager.warnings("deal", deal)[0], "объяснение возврата в карточке")
    _until(lambda: manager.stage(deal) == "NEW", "возврат сделки на стадию NEW")
    _show(manager.warnings("deal", deal)[0].splitlines()[1])

    _step("Создаёт контакт без даты рождения")
    contact = manager.call("crm.item.add", entityTypeId=3, fields=_contact())["item"]["id"]
    _show(_until(lambda: manager.warnings("contact", contact), "предупреждение в карточке контакта")[0])

    _step("Заполняет сделку: лид, контакт, группа продуктов, товар, настоящий комментарий")
    lead = manager.call("crm.item.add", entityTypeId=1, fields={"title": "Анна с сайта"})["item"]["id"]
    manager.call(
        "crm.timeline.comment.add",
        fields={"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": A_REAL_COMMENT},
    )
    manager.call(
        "crm.deal.productrows.set",
        id=deal,
        rows=[{"PRODUCT_NAME": "Дизайн, 1 курс", "PRICE": 90000, "QUANTITY": 1}],
    )
    links = {"LEAD_ID": lead, "CONTACT_ID": contact, "OPPORTUNITY": 90000, "UF_CRM_PRODUCT_GROUP": 45}
    manager.call("crm.deal.update", id=deal, fields=links)
    _until(lambda: "устранены" in manager.warnings("deal", deal)[0], "«все замечания устранены»")
    said = manager.warnings("deal", deal)
    if len(said) != 1:
        raise StepMissed(f"в карточке {len(said)} записи привратника вместо одной")
    _show(said[0])

    _step("…и теперь сделка идёт дальше")
    manager.call("crm.item.update", entityTypeId=2, id=deal, fields={"stageId": "PREPARATION"})
    time.sleep(3)
    if manager.stage(deal) != "PREPARATION":
        raise StepMissed("исправленная сделка возвращена")
    _show("Стадия PREPARATION, замечаний нет.")

    _step("Дописывает дату рождения в контакт")
    manager.call("crm.item.update", entityTypeId=3, id=contact, fields={"birthdate": "2008-03-14"})
    _until(lambda: "устранены" in manager.warnings("contact", contact)[0], "контакт в порядке")
    _show(manager.warnings("contact", contact)[0])


def _contact() -> dict[str, Any]:
    return {
        "lastName": "Смирнова",
        "name": "Анна",
        "secondName": "Игоревна",
        "fm": [
            {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
            {"typeId": "EMAIL", "valueType": "HOME", "value": "anna.smirnova@mail.ru"},
        ],
    }


def _step(text: str) -> None:
    click.secho(f"\n▶ {text}", bold=True)


def _show(text: str) -> None:
    for line in BB_CODE.sub("", text).splitlines():
        click.echo(f"   │ {line}")


def _until(see: Callable[[], T], what: str) -> T:
    """Ask again until it is true, and say how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        if seen := see():
            click.secho(f"   ✔ {what}: {time.monotonic() - began:.1f} с", fg="green")
            return seen
        time.sleep(POLL_S)
    raise StepMissed(f"не дождались за {PATIENCE_S:.0f} с: {what}")


def _wait_for_ready(http: requests.Session, url: str) -> None:
    began, said = time.monotonic(), "нет ответа"
    while time.monotonic() - began < 2 * PATIENCE_S:
        try:
            answer = http.get(url, timeout=5)
            if answer.ok:
                return
            said = answer.text
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise StepMissed(f"привратник не готов: {said}")


def _config_for(config_file: Path, folder: Path, sandbox: int, web: int, admin: int) -> Path:
    """The sandbox's own config, on ports that nobody else uses."""
    text = config_file.read_text(encoding="utf-8").replace(":8025/", f":{sandbox}/")
    config = folder / "gatekeeper.toml"
    config.write_text(f"{text}\n[web]\nport = {web}\nadmin_port = {admin}\n", encoding="utf-8")
    return config


def _environment(folder: Path, sandbox: int) -> dict[str, str]:
    return {
        "GATEKEEPER_PORTAL_URL": f"http://127.0.0.1:{sandbox}/rest/1/sandbox/",
        "GATEKEEPER_DATABASE_URL": f"sqlite:///{folder}/gatekeeper.db",
    }


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses, no two of them the same."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
