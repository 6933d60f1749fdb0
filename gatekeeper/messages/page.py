"""All messages as one page of Markdown: each template filled with its samples, the languages side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages import Messages
from gatekeeper.messages.proof import leaves
from gatekeeper.messages.samples import FORMATS, OTHERS, KeyPath, Note, notes, samples_of
from gatekeeper.messages.words import words_of
from gatekeeper.model.findings import Facts
from gatekeeper.model.refs import EntityRef

BOLD, ITALIC = re.compile(r"\[/?b\]"), re.compile(r"\[/?i\]")
ANY_CODE = re.compile(r"\[/?\w+[^\]]*\]")


def render_page(by_language: Mapping[str, Mapping[str, Any]]) -> str:
    """`by_language`: language -> its templates. The first language is the page's own."""
    own = next(iter(by_language))
    say = words_of(own, "page").say
    columns = " | ".join(by_language)
    head = f"| | {columns} |\n| --- |{' --- |' * len(by_language)}"
    parts = [f"# {say('title')}", say("preface"), f"## {say('notes')}"]
    parts += [
        _note(note, Messages(templates, language))
        for note in notes()
        for language, templates in by_language.items()
    ]
    for path in OTHERS:
        parts += [f"## `{'.'.join(path)}`", "\n".join([head, *_filled(path, by_language)])]
    parts.append(f"## {say('rules')}")
    for rule in RULE_IDS:
        parts += [f"### `{rule}`", "\n".join([head, *_of_rule(rule, by_language, own)])]
    parts += [f"## {say('words')}", "\n".join([head, *_plain(by_language)])]
    return "\n\n".join(parts) + "\n"


def _note(note: Note, messages: Messages) -> str:
    text = messages.render_comment(
        note.card, note.violations, note.cured, note.revert, note.coming, note.graces, note.may_move
    )
    return f"```text\n{ANY_CODE.sub('', text)}\n```"


def _of_rule(rule: str, by_language: Mapping[str, Mapping[str, Any]], own: str) -> Iterator[str]:
    say = words_of(own, "page").say
    texts = {language: templates["rules"][rule] for language, templates in by_language.items()}
    yield _row("", [f"**{text['title']}**" for text in texts.values()])
    for name in texts[own]:
        path = ("rules", rule, name)
        if name != "why" and samples_of(path):
            yield from _filled(path, by_language)
    yield _row(say("why"), [f"*{text['about']}*" for text in texts.values()])


def _filled(path: KeyPath, by_language: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """One row a sample; samples that are said in the same words in every language are one row."""
    speakers = [
        (Messages(templates, language), _at(templates, path)) for language, templates in by_language.items()
    ]
    said: dict[tuple[str, ...], None] = {}
    for facts in samples_of(path):
        cells = (messages.render(template, **_named(facts, messages)) for messages, template in speakers)
        said.setdefault(tuple(cells))
    for number, each in enumerate(said, start=1):
        yield _row(str(number), list(each))


def _named(facts: Facts, messages: Messages) -> dict[str, Any]:
    """The facts with what has a name in every language called by it."""

    def name(value: Any) -> Any:
        if isinstance(value, EntityRef):
            return messages.render_card(value)
        return messages.title(value) if value in RULE_IDS else value

    named = {
        key: [name(each) for each in value] if isinstance(value, list) else name(value)
        for key, value in facts.items()
    }
    if "why" in facts:
        named["why"] = messages.table("digest")["why"][facts["why"]]
    return named


def _plain(by_language: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for path, _ in leaves(next(iter(by_language.values()))):
        if path[0] in {"comment", "notice", "digest"} and not samples_of(path) and path not in FORMATS:
            yield _row(f"`{'.'.join(path)}`", [_at(each, path) for each in by_language.values()])


def _at(templates: Mapping[str, Any], path: KeyPath) -> str:
    value: Any = templates
    for name in path:
        value = value[name]
    return str(value)


def _row(first: str, cells: list[str]) -> str:
    return f"| {' | '.join([first, *map(_as_markdown, cells)])} |"


def _as_markdown(text: str) -> str:
    marked = ITALIC.sub("*", BOLD.sub("**", text))
    return ANY_CODE.sub("", marked).replace("|", "\\|")
