"""What a command says, in the language of the config's messages."""

from __future__ import annotations

from typing import Any

from gatekeeper.messages import Messages


class CommandWords:
    """The words of one command: a table of `messages/*.toml`, and tables in it as `refused.exists`."""

    def __init__(self, messages: Messages, command: str) -> None:
        self._messages = messages
        self._templates = messages.words_of(command)

    def say(self, name: str, **facts: object) -> str:
        """KeyError for a name that has no words."""
        template: Any = self._templates
        for part in name.split("."):
            template = template[part]
        return self._messages.render(template, **facts)
