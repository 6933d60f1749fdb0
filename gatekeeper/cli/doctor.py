"""`gatekeeper doctor`: what keeps it from working, and what to do. Nothing is written to the portal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.doctor import Broken, Diagnosis
from gatekeeper.doctor.words import DoctorWords, sign

BROKEN = 1
"""Exit status where something needed does not work; doubts alone do not fail a script."""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@config_option
def doctor_command(as_json: bool, config_file: Path | None) -> None:
    """Look at the portal, the webhook's rights, the config's fields and stages, the database, the worker."""
    from gatekeeper.app.questions import examine_health

    config = load_or_exit(config_file)
    diagnoses = examine_health(config)
    words = DoctorWords(config.messages.language)
    click.echo(_as_json(diagnoses, words) if as_json else _in_words(diagnoses, words))
    if any(isinstance(diagnosis, Broken) for diagnosis in diagnoses):
        raise click.exceptions.Exit(BROKEN)


def _in_words(diagnoses: Sequence[Diagnosis], words: DoctorWords) -> str:
    lines = []
    for diagnosis in diagnoses:
        what, advice = words.describe(diagnosis)
        lines.append(f"{sign(diagnosis)} {what}")
        lines += [f"    → {advice}"] if advice else []
    return "\n".join(lines)


def _as_json(diagnoses: Sequence[Diagnosis], words: DoctorWords) -> str:
    checks = []
    for diagnosis in diagnoses:
        what, advice = words.describe(diagnosis)
        result = type(diagnosis).__name__.lower()
        checks.append(
            {
                "check": diagnosis.code,
                "result": result,
                "what": what,
                "advice": advice,
                "facts": dict(diagnosis.facts),
            }
        )
    ok = not any(isinstance(each, Broken) for each in diagnoses)
    return json.dumps({"ok": ok, "checks": checks}, ensure_ascii=False)
