"""What pydantic found wrong with a user's file, in lines that name the file, the key and what is allowed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import get_args
from typing import get_origin
from typing import get_type_hints

import pydantic
from pydantic_core import PydanticCustomError

from ledger.util.i18n import N_
from ledger.util.i18n import _

_REASONS = {  # by the beginning of pydantic's name of a mistake
    "missing": N_("這一項一定要寫"),
    "string_too_short": N_("不可以空白"),
    "string_pattern_mismatch": N_("寫法不對,{pattern}"),
    "string": N_("要寫成有引號的文字"),
    "int_from_float": N_("要寫成整數,沒有小數"),
    "int": N_("要寫成整數,不加引號、逗號與單位"),
    "decimal": N_("要寫成數字,不加引號、逗號與單位"),
    "greater_than": N_("不可以小於 {ge}"),
    "less_than": N_("不可以大於 {le}"),
    "bool": N_("只能寫 true 或 false"),
    "date": N_("要寫成日期,例如 2023-06-01"),
    "literal_error": N_("只能寫 {expected}"),
    "list_type": N_("要寫成 [[…]] 的清單"),
    "model": N_("要寫成 […] 的表格"),
    "dict": N_("要寫成 […] 的表格"),
}
_PATTERNS = {
    r"^[0-9]{8}$": N_("要是八位數字"),
    r"^[0-9\- ]+$": N_("只能有數字、連字號與空白"),
    r"^[a-z][a-z0-9-]*$": N_("只能有小寫英文字母、數字與連字號"),
}
_UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


SEVERAL = "several"  # the type of an error that holds mistakes of its own, under this name in its context


class Mistake(NamedTuple):
    """One thing that is wrong: its place in the file as pydantic tells it, and why, with what is allowed there."""

    loc: tuple[int | str, ...]
    reason: str


def several(mistakes: Sequence[Mistake]) -> PydanticCustomError:
    """What a validator of a whole model raises where it found mistakes in several places."""
    return PydanticCustomError(SEVERAL, "{count}", {"count": len(mistakes), SEVERAL: list(mistakes)})


def mistakes_of(error: pydantic.ValidationError, model: type) -> list[Mistake]:
    """Every mistake with its place."""
    found: list[Mistake] = []
    for mistake in error.errors():
        if mistake["type"] == SEVERAL:
            found += mistake["ctx"][SEVERAL]
        else:
            reasons = _reason(mistake, model).split("\n")
            found += [Mistake(mistake["loc"], reason) for reason in reasons]
    return found


def validation_message(name: str, error: pydantic.ValidationError, model: type) -> str:
    """One line a mistake: file, place, what was wrong with it, and what is allowed there."""
    lines = []
    for mistake in mistakes_of(error, model):
        place = _place(mistake.loc)
        told = _("{place}:{reason}").format(place=place, reason=mistake.reason) if place else mistake.reason
        lines.append(f"{name}: {told}")
    return "\n".join(lines)


def _place(loc: tuple[int | str, ...]) -> str:
    """Where in the file a mistake is; lines of a list are numbered from 1."""
    if len(loc) > 1 and isinstance(loc[1], int):
        rest = ".".join(map(str, loc[2:]))
        return _("第 {number} 個 [[{table}]] 的 {key}").format(number=loc[1] + 1, table=loc[0], key=rest)
    return ".".join(map(str, loc))


def _reason(mistake: Any, model: type) -> str:
    """What is wrong, and what is allowed."""
    kind, limits = mistake["type"], mistake.get("ctx", {})
    if kind in _UNKNOWN_KEY:
        allowed = _("、").join(_keys(model, mistake["loc"][:-1]))
        return _("沒有這個項目;可以寫的有:{allowed}").format(allowed=allowed)
    if kind == "value_error":
        return str(mistake["msg"]).removeprefix("Value error, ")
    words = next((words for begin, words in _REASONS.items() if kind.startswith(begin)), "")
    if not words:
        return str(mistake["msg"])
    said_of_pattern = _PATTERNS.get(str(limits.get("pattern")), "")
    pattern = _(said_of_pattern) or limits.get("pattern", "")
    expected = str(limits.get("expected", "")).replace(" or ", ", ").replace(", ", _("、"))
    told = _(words).format(**{"ge": "", "le": "", **limits, "expected": expected, "pattern": pattern})
    return (
        told
        if kind == "missing"
        else _("{reason},檔案寫的是「{said}」").format(reason=told, said=str(mistake["input"])[:40])
    )


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
