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
from gatekeeper.messages.words import Language, Words, words_of

T = TypeVar("T")

MANAGER = 2
PATIENCE_S = 15.0
POLL_S = 0.7  # the portal allows two hits a second, to all of us together
BB_CODE = re.compile(r"\[/?[a-z]+\]")
PHONE_AND_EMAIL = (
    {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
    {"typeId": "EMAIL", "valueType": "HOME", "value": "anna.smirnova@mail.ru"},
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


def tell(config_file: Path, language: Language) -> bool:
    """Run the whole story with processes of its own on free ports. True if every step was seen."""
    words = words_of(language, "demo")
    with tempfile.TemporaryDirectory(prefix="gatekeeper-demo-") as folder:
        sandbox, web, admin = free_ports(3)
        config = _config_for(config_file, Path(folder), (sandbox, web, admin), language)
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
                _wait_for_ready(http, f"http://127.0.0.1:{web}/readyz", words)
                Story(Manager(f"http://127.0.0.1:{sandbox}/rest/1/sandbox/", http), words).tell()
        except (StepMissed, requests.RequestException) as missed:
            click.secho(f"\n✘ {missed}", fg="red")
            return False
        finally:
            supervisor.stop()
    click.secho(f"\n✔ {words.say('seen.story_over')}", fg="green")
    return True


@dataclass(frozen=True, slots=True)
class Story:
    """What the manager does, and what is seen of it; in the words of one language."""

    manager: Manager
    words: Words

    def tell(self) -> None:
        deal = self._an_empty_deal()
        self._it_is_moved_back(deal)
        contact = self._a_contact()
        self._everything_is_filled_in(deal, contact)
        self._it_goes_on(deal)
        self._the_contact_is_completed(contact)

    def _an_empty_deal(self) -> int:
        self._step("empty")
        deal = self._add(2, title=self._typed("deal"))
        self._show(self._until(lambda: self.manager.warnings("deal", deal), "deal_note")[0])
        return deal

    def _it_is_moved_back(self, deal: int) -> None:
        self._step("move")
        self._move(deal)
        self._until(lambda: "↩" in self._note("deal", deal), "reason")
        self._until(lambda: self.manager.stage(deal) == "NEW", "reverted")
        lines = self._note("deal", deal).splitlines()
        self._show(next(line for line in lines if line.startswith("↩")))

    def _a_contact(self) -> int:
        self._step("contact")
        parts = {"lastName": "last_name", "name": "name", "secondName": "second_name"}
        names = {field: self._typed(code) for field, code in parts.items()}
        contact = self._add(3, **names, fm=PHONE_AND_EMAIL)
        self._show(self._until(lambda: self.manager.warnings("contact", contact), "contact_note")[0])
        return contact

    def _everything_is_filled_in(self, deal: int, contact: int) -> None:
        self._step("fill")
        call = self.manager.call
        lead = self._add(1, title=self._typed("lead"))
        comment = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": self._typed("comment")}
        call("crm.timeline.comment.add", fields=comment)
        row = {"PRODUCT_NAME": self._typed("product"), "PRICE": 90000, "QUANTITY": 1}
        call("crm.deal.productrows.set", id=deal, rows=[row])
        links = {"LEAD_ID": lead, "CONTACT_ID": contact, "OPPORTUNITY": 90000, "UF_CRM_PRODUCT_GROUP": 45}
        call("crm.deal.update", id=deal, fields=links)
        self._until(lambda: "☐" not in self._note("deal", deal), "deal_well")
        notes = self.manager.warnings("deal", deal)
        if len(notes) != 1:
            raise StepMissed(self.words.say("missed.notes", count=len(notes)))
        self._show(notes[0])

    def _it_goes_on(self, deal: int) -> None:
        self._step("go_on")
        self._move(deal)
        time.sleep(3)
        if self.manager.stage(deal) != "PREPARATION":
            raise StepMissed(self.words.say("missed.came_back"))
        self._show(self.words.say("seen.stage"))

    def _the_contact_is_completed(self, contact: int) -> None:
        self._step("birthdate")
        fields = {"birthdate": "2008-03-14"}
        self.manager.call("crm.item.update", entityTypeId=3, id=contact, fields=fields)
        self._until(lambda: "☐" not in self._note("contact", contact), "contact_well")
        self._show(self._note("contact", contact))

    def _add(self, kind: int, **fields: Any) -> int:
        added = self.manager.call("crm.item.add", entityTypeId=kind, fields=fields)
        return int(added["item"]["id"])

    def _move(self, deal: int) -> None:
        self.manager.call("crm.item.update", entityTypeId=2, id=deal, fields={"stageId": "PREPARATION"})

    def _note(self, kind: str, number: int) -> str:
        return self.manager.warnings(kind, number)[0]

    def _typed(self, code: str) -> str:
        return self.words.say(f"typed.{code}")

    def _step(self, code: str) -> None:
        click.secho(f"\n▶ {self.words.say(f'steps.{code}')}", bold=True)

    def _show(self, text: str) -> None:
        for line in BB_CODE.sub("", text).splitlines():
            click.echo(f"   │ {line}")

    def _until(self, see: Callable[[], T], code: str) -> T:
        """Ask again until it is true, and say how long that took."""
        began, what = time.monotonic(), self.words.say(f"seen.{code}")
        while time.monotonic() - began < PATIENCE_S:
            if seen := see():
                seconds = self.words.formatter.number(round(time.monotonic() - began, 1))
                click.secho(f"   ✔ {self.words.say('seen.after', what=what, seconds=seconds)}", fg="green")
                return seen
            time.sleep(POLL_S)
        raise StepMissed(self.words.say("missed.too_late", seconds=f"{PATIENCE_S:.0f}", what=what))


def _wait_for_ready(http: requests.Session, url: str, words: Words) -> None:
    began, said = time.monotonic(), words.say("missed.silence")
    while time.monotonic() - began < 2 * PATIENCE_S:
        try:
            answer = http.get(url, timeout=5)
            if answer.ok:
                return
            said = answer.text
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise StepMissed(words.say("missed.not_ready", said=said))


def _config_for(config_file: Path, folder: Path, ports: tuple[int, ...], language: Language) -> Path:
    """The sandbox's own config, on ports that nobody else uses, with notes in the story's language."""
    sandbox, web, admin = ports
    text = config_file.read_text(encoding="utf-8").replace(":8025/", f":{sandbox}/")
    if "[messages]" not in text:
        text += f'\n[messages]\nlanguage = "{language}"\n'
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
