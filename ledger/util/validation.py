"""What pydantic found wrong with a user's file, in lines that name the file, the key and what is allowed."""

from __future__ import annotations

import dataclasses
from typing import Any
from typing import get_args
from typing import get_origin
from typing import get_type_hints

import pydantic

_UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


def validation_message(name: str, error: pydantic.ValidationError, model: type) -> str:
    """One line a mistake: file, key, what was wrong with it, and for an unknown key which ones there are."""
    lines = []
    for mistake in error.errors():
        place = [".".join(map(str, mistake["loc"]))] if mistake["loc"] else []
        reason = mistake["msg"].removeprefix("Value error, ")
        if mistake["type"] in _UNKNOWN_KEY:
            reason = "no such key; allowed: " + ", ".join(_keys(model, mistake["loc"][:-1]))
        lines.append(": ".join([name, *place, reason]))
    return "\n".join(lines)


def _keys(model: Any, place: tuple[int | str, ...]) -> list[str]:
    """The keys that a model takes at a place inside it, as they are written in its file."""
    for part in place:
        fields = _fields(model)
        if part in fields:
            model = _model_in(fields[str(part)])
    return list(_fields(model))


def _fields(model: Any) -> dict[str, Any]:
    """The fields of a model or dataclass by key, with what they hold."""
    if dataclasses.is_dataclass(model):
        return {field.name: get_type_hints(model)[field.name] for field in dataclasses.fields(model)}
    fields = getattr(model, "model_fields", {})
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _model_in(annotation: Any) -> Any:
    """The model that a field holds: itself, or inside a list, a mapping or an optional."""
    held = get_origin(annotation) or annotation
    if isinstance(held, type) and (dataclasses.is_dataclass(held) or issubclass(held, pydantic.BaseModel)):
        return held
    found = [_model_in(inner) for inner in get_args(annotation)]
    return next((model for model in reversed(found) if model is not None), None)
