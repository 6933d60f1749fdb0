"""`gatekeeper comment`: ask the comment judge by hand, or for a whole export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.judge.comments import (
    DEFAULT_LEXICON,
    Judgement,
    Lexicon,
    Reason,
    judge_comment,
)

RUSSIAN: dict[str, str] = {
    "yes": "Развёрнутый комментарий.",
    "no": "Комментарий не развёрнутый:",
    "unjudged": "О комментарии не судим:",
    "subject": "О чём говорили",
    "agreement": "О чём договорились",
    "nothing": "не найдено",
    Reason.STOP_PHRASE: "это отписка вроде «НД» или «думает»: напишите, о чём говорили и к чему пришли",
    Reason.TOO_SHORT: "слишком коротко: расскажите о разговоре подробнее",
    Reason.NO_SUBJECT: "не указано, о чём шла беседа: что нужно клиенту, что смущает",
    Reason.NO_AGREEMENT: "не указано, к чему пришли: кто, что и когда делает дальше, или почему отказ",
    Reason.PADDING: "повторы и слова-заполнители вместо содержания",
    Reason.NOT_TEXT: "это не текст: набор букв, знаков или одни ссылки",
    Reason.TEMPLATE: "это шаблон, письмо или незаполненная форма, а не итог разговора",
    Reason.CONTACT_DATA: "здесь только данные клиента: их место в карточке",
    Reason.UNKNOWN_LANGUAGE: "он не на русском и не на английском языке; нарушением это не считается",
}
ENGLISH: dict[str, str] = {
    "yes": "A detailed comment.",
    "no": "Not a detailed comment:",
    "unjudged": "Not judged:",
    "subject": "Talked about",
    "agreement": "Agreed",
    "nothing": "nothing found",
    Reason.STOP_PHRASE: "says nothing, like «НД» or «думает»: tell what was talked about and agreed",
    Reason.TOO_SHORT: "too short: tell more of the talk",
    Reason.NO_SUBJECT: "what was talked about is missing: the client's need, doubts",
    Reason.NO_AGREEMENT: "what was agreed is missing: who does what and when, or why the client refused",
    Reason.PADDING: "repetition and filler instead of content",
    Reason.NOT_TEXT: "no text: letters, signs or links only",
    Reason.TEMPLATE: "a template, a letter or a blank form, not the outcome of a talk",
    Reason.CONTACT_DATA: "only the client's data: its place is in the card",
    Reason.UNKNOWN_LANGUAGE: "it is neither in Russian nor in English; that is no violation",
}
WORDS: dict[str, dict[str, str]] = {"ru": RUSSIAN, "en": ENGLISH}


@click.command("comment", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@click.option("--language", type=click.Choice(["ru", "en"]), default="ru", show_default=True)
@config_option
def comment_command(text: str, language: str, config_file: Path | None) -> None:
    r"""Say whether TEXT is a detailed comment, and what it lacks.

    With "-" for TEXT every line of the standard input is a comment ("\n" in it is a line break), and every
    line of the output its judgement as JSON, in order. What is neither Russian nor English is not judged: its
    only reason is "unknown_language", which is no accusation. With --config, by that config's words, too.
    """
    lexicon = load_or_exit(config_file).policy.text.lexicon if config_file else DEFAULT_LEXICON
    if text == "-":
        judge_lines(sys.stdin.buffer, sys.stdout.buffer, lexicon)
    else:
        click.echo(in_words(judge_comment(text, lexicon), language))


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
    words = WORDS[language]
    lines = [words["yes" if judgement.detailed else "no" if judgement.judged else "unjudged"]]
    lines += [f"  - {words[reason]}" for reason in judgement.reasons]
    for half, found in (("subject", judgement.subject), ("agreement", judgement.agreement)):
        lines.append(f"{words[half]}: {', '.join(found) or words['nothing']}")
    return "\n".join(lines)
