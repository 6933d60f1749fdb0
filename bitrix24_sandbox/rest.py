"""One REST hit: limiter, method, webhook, scope, handler, envelope — in this order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bitrix24_sandbox import dictionaries
from bitrix24_sandbox.batch import methods_of, run_batch
from bitrix24_sandbox.breakage import break_hit
from bitrix24_sandbox.bucket import Limiter
from bitrix24_sandbox.call import (
    Answer,
    Call,
    Done,
    is_granted,
)
from bitrix24_sandbox.catalogue import METHODS, scope_of
from bitrix24_sandbox.clock import MovableClock
from bitrix24_sandbox.errors import (
    ConnectionDropped,
    GatewayTimeoutError,
    RestError,
    no_such_method,
    unauthorized,
)
from bitrix24_sandbox.events import Announcement
from bitrix24_sandbox.faults import HIT_KINDS, Faults, operation_time_limit
from bitrix24_sandbox.log import Command, HitLog, LoggedHit
from bitrix24_sandbox.operating import HIT_OVERHEAD_S, Budget, realistic_cost
from bitrix24_sandbox.options import LIMITS, SCOPES
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.response import RestRequest, RestResponse
from bitrix24_sandbox.times import render_time

MAX_HIT_S = 60.0
# Newer controllers tell when they started in whole seconds.
_CONTROLLERS = "crm.item."
_HTML_504 = "<html><head><title>504 Gateway Time-out</title></head><body>504</body></html>"


@dataclass(slots=True)
class Hit:
    """State of one request while it runs."""

    request: RestRequest
    user_id: int
    method: str
    scopes: tuple[str, ...] = ()
    spent_s: float = 0.0
    commands: list[Command] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)


class Rest:
    """Thread-safe; what a hit announces is published after it is answered for."""

    def __init__(self, portal: Portal, log: HitLog, faults: Faults, clock: MovableClock) -> None:
        self.portal = portal
        self.log = log
        self.faults = faults
        self.clock = clock
        self.limiter = Limiter(LIMITS[portal.options.limit])
        self.budget = Budget(portal.options.operating_limit_s, portal.options.operating_window_s)

    def answer(self, request: RestRequest) -> RestResponse:
        owner, code, method = _split(request.path)
        hit = Hit(request, request.user or owner or 0, method)
        try:
            response = self._respond(hit, owner, code)
        except RestError as refusal:
            response = RestResponse(refusal.status, refusal.body())
        except GatewayTimeoutError:
            response = RestResponse(504, _HTML_504)
        except ConnectionDropped:
            self._finish(hit, 0, None)
            raise
        error = response.body.get("error") if isinstance(response.body, dict) else None
        self._finish(hit, response.status, error)
        return response

    def perform(self, name: str, params: Mapping[str, Any], user_id: int) -> Any:
        """Run one method outside of any hit: no webhook, limit, fault or log. Raises RestError."""
        user = dictionaries.user(self.portal.store, user_id)
        if not user or not user["active"]:
            raise unauthorized()
        method = METHODS.get(name.lower())
        if method is None:
            raise no_such_method()
        with self.portal.act(user_id) as act:
            result = method.handler(Call(act, params, SCOPES, user_id, scope_of))
        return result.result if isinstance(result, Answer) else result

    def _finish(self, hit: Hit, status: int, error: str | int | None) -> None:
        commands = tuple(hit.commands)
        self.log.record(LoggedHit(self.clock(), hit.request.client, hit.method, status, error, commands))
        self._publish(hit)

    def _publish(self, hit: Hit) -> None:
        announcements, hit.announcements = hit.announcements, []
        self.portal.dispatcher.publish(announcements)

    def _respond(self, hit: Hit, owner: int | None, code: str) -> RestResponse:
        if not self.limiter.admits(hit.request.client, self.clock()):
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", status=503)
        methods = methods_of(hit.request.params) if hit.method == "batch" else {}
        names = {None, hit.method, *methods.values()}
        fault = self.faults.meet(HIT_KINDS, lambda each: each.method in names)
        return break_hit(fault, self.faults, hit.request.path, methods, lambda: self._work(hit, owner, code))

    def _work(self, hit: Hit, owner: int | None, code: str) -> RestResponse:
        if hit.method != "batch" and hit.method not in METHODS:
            raise no_such_method()
        hit.scopes = self._authorise(hit, owner, code)
        if hit.method == "batch":
            self.faults.refuse_command("batch")
        self._pay_overhead(hit)
        response = self._run(hit)
        # What was done is told of even if the answer never arrives.
        self._publish(hit)
        return response

    def _pay_overhead(self, hit: Hit) -> None:
        costs = self.portal.options.costs
        if costs != "none":
            hit.spent_s += HIT_OVERHEAD_S
        if costs == "slept":
            self.faults.sleep(HIT_OVERHEAD_S)

    def _run(self, hit: Hit) -> RestResponse:
        started = self.clock()
        if hit.method == "batch":
            body: dict[str, Any] = {"result": run_batch(hit.request.params, partial(self.execute, hit))}
            return RestResponse(200, body | {"time": self._time("batch", started, self.clock() - started)})
        done = self.execute(hit, hit.method, hit.request.params)
        body = {"result": done.answer.result}
        if done.answer.next is not None:
            body["next"] = done.answer.next
        if done.answer.total is not None:
            body["total"] = done.answer.total
        return RestResponse(200, body | {"time": done.time})

    def execute(self, hit: Hit, name: str, params: Mapping[str, Any]) -> Done:
        """Run one method, alone or for a batch, and book it."""
        if hit.spent_s >= MAX_HIT_S:
            raise GatewayTimeoutError
        started, error = self.clock(), None
        try:
            answer = self._execute(hit, name, params)
        except RestError as refusal:
            error = refusal.code
            raise
        finally:
            seconds = self._spend(hit, name, self.clock() - started)
            hit.commands.append(Command(name, params, error, seconds))
        return Done(answer, self._time(name, started, seconds))

    def _execute(self, hit: Hit, name: str, params: Mapping[str, Any]) -> Answer:
        method = METHODS.get(name)
        if method is None:
            raise no_such_method()
        if not is_granted(method.scope, hit.scopes):
            raise RestError(
                "insufficient_scope",
                "The request requires higher privileges than provided by the access token",
                status=self._forbidden(),
            )
        self.faults.refuse_command(name)
        if self.budget.is_spent(name, self.clock()):
            raise operation_time_limit()
        act = self.portal.new_act(hit.user_id)
        act.hidden = self.faults.hidden
        call = Call(act, params, hit.scopes, hit.user_id, scope_of)
        with self.portal.store.changes():
            result = method.handler(call)
        hit.announcements.extend(act.announcements)
        return result if isinstance(result, Answer) else Answer(result)

    def _authorise(self, hit: Hit, owner: int | None, code: str) -> tuple[str, ...]:
        webhook = self.faults.webhook
        if owner is None:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", status=401)
        if webhook.revoked or (owner, code) != (webhook.user_id, webhook.code):
            raise RestError("INVALID_CREDENTIALS", "Invalid request credentials", status=self._forbidden())
        user = dictionaries.user(self.portal.store, hit.user_id)
        if webhook.owner_fired or not user or not user["active"]:
            raise unauthorized()
        return webhook.scopes

    def _forbidden(self) -> int:
        return 401 if self.portal.options.error_statuses == "real" else 403

    def _spend(self, hit: Hit, name: str, seconds: float) -> float:
        costs = self.portal.options.costs
        if costs != "none":
            seconds = realistic_cost(name)
            if costs == "slept":
                self.faults.sleep(min(seconds, MAX_HIT_S - hit.spent_s))
            hit.spent_s += seconds
        self.budget.book(name, seconds, self.clock())
        return seconds

    def _time(self, name: str, started: float, seconds: float) -> dict[str, Any]:
        finish = started + seconds
        block = {
            "start": int(started) if name.startswith(_CONTROLLERS) else round(started, 6),
            "finish": round(finish, 6),
            "duration": round(seconds, 6),
            "processing": 0 if name.startswith(_CONTROLLERS) else round(seconds * 0.9, 6),
            "date_start": render_time(started, self.portal.offset),
            "date_finish": render_time(finish, self.portal.offset),
        }
        if self.portal.options.older:
            return block
        now = self.clock()
        used, resets_at = self.budget.used(name, now), self.budget.resets_at(name, now)
        return block | {"operating_reset_at": resets_at, "operating": round(used, 6)}


def _split(path: str) -> tuple[int | None, str, str]:
    """Owner, code and method. With the user left out the code is taken for the method, as the server does."""
    parts = [part for part in path.split("/") if part]
    if len(parts) == 3 and parts[0].isdecimal():
        return int(parts[0]), parts[1], _method(parts[2])
    return (
        None,
        "",
        _method(parts[1] if len(parts) == 2 and parts[0].isdecimal() else parts[0] if parts else ""),
    )


def _method(name: str) -> str:
    name = name.lower()
    return name.removesuffix(".json")
