"""`gatekeeper comment` at a prompt and in a pipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatekeeper.cli.comment import comment_command

DETAILED = "Хочет газовый котёл на дом, замерщик приедет в пт к 16"


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("ru", "Развёрнутый комментарий.", "Комментарий не развёрнутый:"),
        ("en", "A detailed comment.", "Not a detailed comment:"),
    ],
)
def test_a_judgement_is_told_in_words_with_its_evidence(language: str, yes: str, no: str) -> None:
    admitted = CliRunner().invoke(comment_command, [DETAILED, "--language", language])
    refused = CliRunner().invoke(comment_command, ["НД", "--language", language])
    assert admitted.exit_code == refused.exit_code == 0
    assert admitted.output.startswith(yes)
    assert "котел" in admitted.output
    assert refused.output.startswith(no)


def test_a_comment_that_begins_with_a_dash_is_no_option() -> None:
    assert "не развёрнутый" in CliRunner().invoke(comment_command, ["--- ---"]).output


def test_every_line_gets_its_answer_in_order_empty_ones_too() -> None:
    lines = f"НД\n\n{DETAILED}\r\nХочет котёл на дом\\nзамерщик приедет в пт".encode()
    result = CliRunner().invoke(comment_command, ["-"], input=lines)
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert [answer["detailed"] for answer in answers] == [False, False, True, True]
    assert answers[0] == {"detailed": False, "reasons": ["stop_phrase"]}
    assert answers[1]["reasons"] == ["not_text"]
    assert answers[2]["reasons"] == []


def test_bytes_that_are_no_text_do_not_put_the_answers_out_of_step() -> None:
    result = CliRunner().invoke(comment_command, ["-"], input=b"\xff\xfe\xfa\n" + DETAILED.encode() + b"\n")
    assert [json.loads(line)["detailed"] for line in result.output.splitlines()] == [False, True]


def test_a_configs_own_words_are_heeded(tmp_path: Path) -> None:
    sandbox = Path(__file__).parents[2] / "deploy" / "sandbox.toml"
    config = tmp_path / "gatekeeper.toml"
    config.write_text(
        sandbox.read_text(encoding="utf-8") + '\n[text]\nstop_phrases = ["ушёл в туман"]\n', encoding="utf-8"
    )
    plain = CliRunner().invoke(comment_command, ["ушел в туман"])
    heeded = CliRunner().invoke(comment_command, ["ушел в туман", "--config", str(config)])
    assert "отметка о звонке" not in plain.output
    assert "отметка о звонке" in heeded.output


def test_what_cannot_be_judged_is_no_accusation() -> None:
    foreign = "Der Kunde will eine neue Heizung, wir treffen uns am Freitag um 10 Uhr"
    assert CliRunner().invoke(comment_command, [foreign]).output.startswith("Комментарий не оценивается:")
    answer = json.loads(CliRunner().invoke(comment_command, ["-"], input=foreign).output)
    assert answer == {"detailed": False, "reasons": ["unknown_language"]}
