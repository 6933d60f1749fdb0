"""What a section of the config and a key in it are, on top of marshmallow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import new_class
from typing import Any, ClassVar, cast

from marshmallow import Schema, ValidationError, post_load
from marshmallow.fields import Field

from gatekeeper.config.forms import Form, Misfit


class Key(Field[Any]):
    """One key. Its errors are codes of `config.text`: the sentence is made where the line is known."""

    def __init__(self, form: Form, *, required: bool = False) -> None:
        super().__init__(required=required, error_messages={"required": "missing"})
        self.form = form

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        try:
            return self.form.parse(value)
        except Misfit as misfit:
            codes = [misfit.code]
            raise ValidationError(dict.fromkeys(misfit.inside, codes) or codes) from None


class Section(Schema):
    """One table. `make` builds what it loads into; `defaults` are taken for keys that are not written."""

    error_messages = {"unknown": "unknown", "type": "table"}  # noqa: RUF012  marshmallow's own attribute
    make: ClassVar[Callable[..., Any]] = staticmethod(dict)
    defaults: ClassVar[Mapping[str, Any]] = {}

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        return type(self).make(**data)

    def load_named(self, name: str, value: Any) -> Any:
        """Load a table that stands under a name of its own, for `Tables`."""
        raise NotImplementedError(f"{type(self).__name__} has no name: {name}")

    def named(self) -> dict[str, Field[Any]]:
        """Name in the TOML -> field, in the order of the schema."""
        return {field.data_key or name: field for name, field in self.fields.items()}


class Tables(Field[Any]):
    """Any number of tables of one kind, each under a name that the admin gives it, in the names' order."""

    def __init__(self, section: type[Section]) -> None:
        super().__init__()
        self.section = section()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if not isinstance(value, Mapping):
            raise ValidationError(["table"])
        loaded, refused = [], {}
        for name in sorted(value):
            try:
                loaded.append(self.section.load_named(name, value[name]))
            except ValidationError as error:
                refused[name] = error.messages_dict
        if refused:
            raise ValidationError(refused)
        return tuple(loaded)


def defaults_of(shape: type) -> dict[str, Any]:
    """Default of each field of the dataclass that has one."""
    plain = {field.name: field.default for field in fields(shape) if field.default is not MISSING}
    makers = {field.name: field.default_factory for field in fields(shape)}
    return plain | {name: make() for name, make in makers.items() if make is not MISSING}


def section_type(name: str, keys: Mapping[str, Field[Any]], **own: Any) -> type[Section]:
    """Make a section's class, with its `make` and `defaults`, where its keys are computed."""
    body = {**keys, **own, "make": staticmethod(own["make"])}
    made = new_class(name, (Section,), exec_body=lambda namespace: namespace.update(body))
    return cast("type[Section]", made)
