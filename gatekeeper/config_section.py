"""What a section of the config and a key in it are, on top of marshmallow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, post_load
from marshmallow.fields import Field

from gatekeeper.config_forms import Form, Misfit
from gatekeeper.config_text import Language


class Key(Field[Any]):
    """One key. Its errors are codes of `config_text`: the sentence is made where the line is known."""

    def __init__(self, form: Form, ru: str, en: str, *, required: bool = False) -> None:
        super().__init__(required=required, metadata={"ru": ru, "en": en}, error_messages={"required": "missing"})
        self.form = form

    def meaning(self, language: Language) -> str:
        return str(self.metadata[language])

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        del attr, data, kwargs
        try:
            return self.form.parse(value)
        except Misfit as misfit:
            codes = [misfit.code]
            raise ValidationError({key: codes for key in misfit.inside} or codes) from None


class Section(Schema):
    """One table. `make` builds what it loads into; `defaults` are what it takes for a key that is not written."""

    error_messages = {"unknown": "unknown", "type": "table"}  # noqa: RUF012  marshmallow's own attribute
    make: ClassVar[Callable[..., Any]] = dict
    defaults: ClassVar[Mapping[str, Any]] = {}
    meaning: ClassVar[Mapping[Language, str]] = {}

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        return type(self).make(**data)

    def named(self) -> dict[str, Field[Any]]:
        """Name in the TOML -> field, in the order of the schema."""
        return {each.data_key or name: each for name, each in self.fields.items()}


def defaults_of(shape: type) -> dict[str, Any]:
    """Default of each field of the dataclass that has one."""
    plain = {each.name: each.default for each in fields(shape) if each.default is not MISSING}
    made = {each.name: each.default_factory() for each in fields(shape) if each.default_factory is not MISSING}
    return plain | made
