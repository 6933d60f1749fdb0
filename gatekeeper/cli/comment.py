"""`gatekeeper comment`: ask the comment judge by hand, or for a whole export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import spoken
from gatekeeper.judge.comments import (
    DEFAULT_LEXICON,
    Judgement,
    Lexicon,
    judge_comment,
)
from gatekeeper.messages import LANGUAGES, Messages


@click.command("comment", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@click.option("--language", type=click.Choice(LANGUAGES))
@config_option
def comment_command(text: str, language: str | None, config_file: Path | None) -> None:
    r"""Say whether TEXT is a detailed comment, and what it lacks.

    With "-" for TEXT every line of the standard input is a comment ("\n" in it is a line break), and every
    line of the output its judgement as JSON, in order. What is neither Russian nor English is not judged: its
    only reason is "unknown_language", which is no accusation. With --config, by that config's words, too.
    """
    lexicon = load_or_exit(config_file).policy.text.lexicon if config_file else DEFAULT_LEXICON
    if text == "-":
        judge_lines(sys.stdin.buffer, sys.stdout.buffer, lexicon)
    else:
        click.echo(in_words(judge_comment(text, lexicon), language or spoken()))


def judge_lines(source: BinaryIO, target: BinaryIO, lexicon: Lexicon = DEFAULT_LEXICON) -> None:
    """Write a line for every line read, at once, so that a program may talk with this one."""
    for line in source:
        text = line.decode(errors="replace").removeprefix("\ufeff").rstrip("\r\n").replace("\\n", "\n")
        judgement = judge_comment(text, lexicon)
        answer = {"detailed": judgement.detailed, "reasons": [str(reason) for reason in judgement.reasons]}
        target.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        target.flush()


def in_words(judgement: Judgement, language: str) -> str:
    """Say it as a person reads it, ending with the evidence for either half."""
    words = Messages.in_language(language).words("comment_judge")
    lines = [words.say("yes" if judgement.detailed else "no" if judgement.judged else "unjudged")]
    lines += [f"  - {words.say(f'reasons.{reason}')}" for reason in judgement.reasons]
    for half, found in (("subject", judgement.subject), ("agreement", judgement.agreement)):
        lines.append(f"{words.say(half)}: {', '.join(found) or words.say('nothing')}")
    return "\n".join(lines)
