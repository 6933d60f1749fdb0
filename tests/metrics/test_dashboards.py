"""What the dashboard and the alert rules ask for exists, with the labels and the words that they ask by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.metrics import names
from gatekeeper.model import errors
from gatekeeper.model.trouble import TroubleKind

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = (ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8")
ALERTS = (ROOT / "deploy" / "prometheus-alerts.yaml").read_text(encoding="utf-8")

LABELS: dict[str, tuple[str, ...]] = {
    **{f"{each.name}_total": each.labels for each in names.COUNTERS},
    **{f"{each.name}_bucket": ("le",) for each in names.HISTOGRAMS},
    **{each.name: each.labels for each in (*names.GAUGES, names.UNREADABLE)},
    names.INFO.name: ("version", "policy"),
}
WORDS = {
    "kind": {name for name in vars(errors) if name[0].isupper()} | set(TroubleKind),
    "action": {"PostComment", "UpdateComment", "MoveStage", "SetField"},
    "result": {"applied", "overtaken", "unsure", "failed", "violated", "not_judged"},
}


def dashboard_questions() -> list[str]:
    return [target["expr"] for panel in json.loads(DASHBOARD)["panels"] for target in panel["targets"]]


def alert_questions() -> list[str]:
    """Each `expr:` with the indented lines that go on with it."""
    found = re.findall(r"^ {8}expr: (?:>-\n)?((?:.+\n)(?: {10}.+\n)*)", ALERTS, re.MULTILINE)
    return [" ".join(each.split()) for each in found]


QUESTIONS = [*dashboard_questions(), *alert_questions()]


def selectors(question: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each metric asked for, with what it is narrowed to."""
    for name, inside in re.findall(r"\b(gatekeeper_\w+)(?:\{([^}]*)\})?", question):
        yield name, dict(re.findall(r'(\w+)=~?"([^"]*)"', inside))


def test_all_questions_were_found() -> None:
    assert len(alert_questions()) == ALERTS.count("- alert:") > 10
    assert len(dashboard_questions()) > 15


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_for_exists_by_the_labels_it_is_asked_by(question: str) -> None:
    asked = list(selectors(question))
    assert asked or question.startswith("up{")
    known = {label for name, _ in asked for label in LABELS[name]}
    for name, narrowed in asked:
        assert set(narrowed) <= set(LABELS[name]), name
    for grouped in re.findall(r"by \(([^)]*)\)", question):
        assert set(re.split(r",\s*", grouped)) <= known


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_words_that_a_label_is_narrowed_to_are_ours(question: str) -> None:
    for _, narrowed in selectors(question):
        for label, words in narrowed.items():
            assert set(words.split("|")) <= WORDS.get(label, set(words.split("|"))), label


@pytest.mark.parametrize("question", QUESTIONS)
def test_brackets_are_closed(question: str) -> None:
    for opening, closing in ("()", "[]", "{}"):
        assert question.count(opening) == question.count(closing)


def test_the_answers_to_events_are_those_that_are_always_told() -> None:
    source = (ROOT / "gatekeeper" / "web" / "events.py").read_text(encoding="utf-8")
    given = set(re.findall(r'heard(?:, |\()"(\w+)"', source))
    assert given == set(names.EVENTS.always)
    asked = [narrowed.get("answer", "") for each in QUESTIONS for _, narrowed in selectors(each)]
    assert {word for words in asked for word in words.split("|") if word} <= given


def test_every_metric_is_on_the_dashboard() -> None:
    asked = {name for question in dashboard_questions() for name, _ in selectors(question)}
    assert asked == set(LABELS)


def test_every_panel_has_a_place_of_its_own() -> None:
    taken = [
        (x, y)
        for panel in json.loads(DASHBOARD)["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
