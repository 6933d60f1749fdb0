"""Why something was not judged is a code with facts; what it says stands among the messages alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import gatekeeper
from gatekeeper.messages import LANGUAGES, Messages
from gatekeeper.messages.samples import samples_of
from gatekeeper.model import errors
from gatekeeper.model.cards import Unread, Why
from gatekeeper.portal.transport.answers import unread_of

ROOMS = ("portal", "judge/rules", "worker/wave", "store", "review")
MODULES = sorted(module for room in ROOMS for module in (Path(gatekeeper.__path__[0]) / room).rglob("*.py"))
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
ERRORS: tuple[tuple[errors.PortalError, Why], ...] = (
    (errors.ScopeMissing("user.get"), Why.NO_SCOPE),
    (errors.AccessDenied("crm.item.list", "ACCESS_DENIED", 400), Why.DENIED),
    (errors.Refused("crm.item.list", "INVALID_ARG_VALUE", 400), Why.REFUSED),
    (errors.Refused("voximplant.statistic.get", detail="more_than_a_page"), Why.REFUSED),
    (errors.NotFound("crm.item.fields", "NOT_FOUND", 400), Why.REFUSED),
    (errors.Unavailable("user.get", detail="no line"), Why.NO_ANSWER),
    (errors.AccessLost("user.get", "INVALID_CREDENTIALS", 401), Why.NO_ANSWER),
    (errors.Unreadable("answer", Unread.of(Why.FORM, field="leadId")), Why.FORM),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Why)
def test_every_reason_has_its_words(language: str, code: Why) -> None:
    messages = Messages.in_language(language)
    for facts in samples_of(("unread", code.value)) or ({},):
        said = messages.unread([Unread.of(code, **facts)])
        assert len(said) > len("not")
        assert all(str(fact) in said for fact in facts.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("error", "code"), ERRORS)
def test_every_error_of_the_portal_is_a_reason_that_can_be_said(
    language: str, error: errors.PortalError, code: Why
) -> None:
    unread = unread_of(error)
    assert unread.code is code
    assert Messages.in_language(language).unread([unread, Unread(Why.NO_INDEX)]).count(";") == 1


def test_a_refusal_reads_alike_alone_and_in_a_batch() -> None:
    alone, batched = (errors.Refused("crm.item.list", "LIMIT", status) for status in (400, None))
    assert unread_of(alone) == unread_of(batched)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: f"{module.parent.name}.{module.stem}")
def test_no_room_that_reads_or_judges_speaks_to_people(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} - docs
    assert [text for text in texts if isinstance(text, str) and CYRILLIC.search(text)] == []
