"""The people of a portal, who change cards at random."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from typing import Any

import requests

from gatekeeper.judge.examples import A_DETAILED_COMMENT
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import TYPES, Gate

STAGES = ("NEW", "PREPARATION", "EXECUTING", "WON", "LOSE")
NAMES = ("", "Пётр", "Тест", "Анна", "Ваня", "Иван")
SURNAMES = ("Петров", "Сидорова", "Кузнецов", "")
TEXTS = ("НД", A_DETAILED_COMMENT, "думает", "Перезвонить")
SELDOM = 0.02


class Crowd:
    """`exemplary` deals are complete and only ever move on: each with the stage it was last brought to."""

    def __init__(self, gate: Gate, cards: int, dice: random.Random) -> None:
        self._gate, self.wanted, self._dice = gate, cards, dice
        self._lock = threading.Lock()
        self.cards: list[EntityRef] = []
        self.exemplary: dict[EntityRef, str] = {}
        self.changes = 0
        self.deleted = 0

    @property
    def is_complete(self) -> bool:
        return len(self.cards) + self.deleted >= self.wanted

    def work(self, stop: threading.Event, pause_s: float) -> None:
        """Until told to stop, or as many cards are there as were wanted."""
        while not stop.wait(pause_s * self._dice.random()) and not self.is_complete:
            with suppress(AssertionError, requests.RequestException, ValueError):  # the portal is in trouble
                self._one_change()
                self.changes += 1

    def _one_change(self) -> None:
        if self._dice.random() < SELDOM:
            self._delete()
        else:
            self._dice.choice((self._create, self._change, self._change, self._say, self._model))()

    def _create(self) -> None:
        kind = self._dice.choice((Kind.DEAL, Kind.DEAL, Kind.CONTACT, Kind.LEAD))
        card = self._gate.add(kind, **self._fields(kind))
        with self._lock:
            self.cards.append(card)

    def _fields(self, kind: Kind) -> dict[str, Any]:
        if kind is Kind.CONTACT:
            return {"name": self._dice.choice(NAMES[1:]), "lastName": self._dice.choice(SURNAMES)}
        return {"title": f"Карточка {self._dice.random()}"}

    def _change(self) -> None:
        card = self._any()
        if card is None or card in self.exemplary:
            return
        if card.kind is Kind.DEAL:
            changes = (
                {"stageId": self._dice.choice(STAGES)},
                {"UF_CRM_PRODUCT_GROUP": self._dice.choice((None, 45, 47))},
                {"opportunity": self._dice.choice((0, 90000))},
            )
            self._gate.change(card, **self._dice.choice(changes))
        elif card.kind is Kind.CONTACT:
            born = f"19{self._dice.randrange(60, 99)}-05-17"
            name, value = self._dice.choice((("secondName", "Ильич"), ("birthdate", born), ("name", "Тест")))
            self._gate.rest("crm.item.update", entityTypeId=3, id=card.id, fields={name: value})
        else:
            self._gate.change(card, stageId=self._dice.choice(("IN_PROCESS", "CONVERTED", "JUNK")))

    def _say(self) -> None:
        card = self._any()
        if card is not None:
            self._gate.comment(card, self._dice.choice(TEXTS))

    def _delete(self) -> None:
        """Forgotten first: a portal in trouble may do it and not answer for it."""
        card = self._any()
        if card is None or card in self.exemplary:
            return
        with self._lock:
            if card not in self.cards:
                return
            self.cards.remove(card)
            self.deleted += 1
        self._gate.rest("crm.item.delete", entityTypeId=TYPES[card.kind], id=card.id)

    def _model(self) -> None:
        """A deal that is complete before it is moved, and moves on through the stages."""
        with self._lock:
            deals = [deal for deal, stage in self.exemplary.items() if stage != "EXECUTING"]
        if deals and self._dice.random() < 0.7:
            deal = self._dice.choice(deals)
            following = STAGES[STAGES.index(self.exemplary[deal]) + 1]
            self._gate.change(deal, stageId=following)
            with self._lock:
                self.exemplary[deal] = following
            return
        deal = self._gate.a_correct_deal()
        with self._lock:
            self.cards.append(deal)
            self.exemplary[deal] = "NEW"

    def _any(self) -> EntityRef | None:
        with self._lock:
            return self._dice.choice(self.cards) if self.cards else None
