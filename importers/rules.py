"""What the accountant decided once: the `[[rule]]` tables of `import.toml`, and how they are written and taken back.

    [[rule]]
    seller = "27715140"        # company number or name; a rule names a seller, an item, or both
    item = "主軸冷卻模組"
    category = "equipment"     # an id or a Chinese name
    note = "電話確認"           # optional, like date

What `grant classify` adds to a rule (`voucher`, `was`, `moved`, `doubt`) is what its undo needs.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.accounts import category_named
from ledger.i18n import _
from ledger.text import fold

FILE = "import.toml"


class RulesError(Exception):
    """An `import.toml` that cannot be read, or a rule in it that says nothing; nothing is imported."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One decision: what this seller sells, or what is called so, belongs in a category."""

    seller: str  # company number or name, or empty
    item: str  # 品名, or empty
    category: str  # id
    note: str = ""
    date: datetime.date | None = None
    voucher: str = ""  # the import-id of the voucher that was asked about
    was: str = ""  # the category under 不予認列 that its cost stood in; empty where it was not booked again
    moved: tuple[str, ...] = ()  # the items whose cost was booked again
    doubt: str = ""  # the question that stood at the voucher

    def fits(self, seller: str, seller_name: str, item: str) -> bool:
        """Whether the rule speaks of this item of this seller."""
        sellers = {fold(seller), fold(seller_name)}
        return (not self.seller or fold(self.seller) in sellers) and (
            not self.item or fold(self.item) == fold(item)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a case in the order of the file."""

    rules: tuple[Rule, ...] = ()

    def category_for(self, seller: str, seller_name: str, item: str) -> str | None:
        """The category that was decided: by seller and item before item before seller, a later rule first."""
        fitting = [
            ((bool(rule.item), bool(rule.seller)), place, rule.category)
            for place, rule in enumerate(self.rules)
            if rule.fits(seller, seller_name, item)
        ]
        return max(fitting)[-1] if fitting else None

    @property
    def last_decision(self) -> Rule | None:
        """The last rule that `grant classify` wrote."""
        return next((rule for rule in reversed(self.rules) if rule.voucher), None)


NO_RULES = Rules()


def read_rules(folder: Path | None) -> Rules:
    """The rules of the case in `folder`; none where there is no `import.toml`. Raises RulesError."""
    path = folder / FILE if folder is not None else None
    if path is None or not path.is_file():
        return NO_RULES
    try:
        return parse_rules(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RulesError(_("{file} 不是 UTF-8 文字檔").format(file=FILE)) from error


def parse_rules(text: str) -> Rules:
    """The rules of an `import.toml`. Raises RulesError."""
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n")).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise RulesError(_("{file} 格式錯誤:{reason}").format(file=FILE, reason=error)) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulesError(_("{file} 的規則要寫成 [[rule]]").format(file=FILE))
    return Rules(tuple(_rule(table, number) for number, table in enumerate(tables, 1)))


def _rule(table: dict[str, Any], number: int) -> Rule:
    names = ("seller", "item", "category", "note", "voucher", "was", "doubt")
    said = {name: table.get(name, "") for name in names}
    moved, day = table.get("moved", []), table.get("date")
    if (
        any(not isinstance(value, str) for value in said.values())
        or not isinstance(moved, list)
        or (day is not None and type(day) is not datetime.date)
    ):
        raise RulesError(_("{file} 第 {number} 條規則的寫法不對").format(file=FILE, number=number))
    category = category_named(said["category"])
    if category is None:
        raise RulesError(
            _("{file} 第 {number} 條規則的科目「{category}」不存在").format(
                file=FILE, number=number, category=said["category"]
            )
        )
    if not fold(said["seller"]) and not fold(said["item"]):
        raise RulesError(
            _("{file} 第 {number} 條規則沒有 seller 也沒有 item").format(file=FILE, number=number)
        )
    return Rule(**said | {"category": category, "moved": tuple(map(str, moved)), "date": day})


def with_rule(text: str, rule: Rule) -> str:
    """The text of `import.toml` with a rule after all that stands in it."""
    return text + _as_text(rule, text)


def without_rule(text: str, rule: Rule) -> str | None:
    """The text without what `with_rule` added; None where that was changed since."""
    for added in (_as_text(rule, "\r\n"), _as_text(rule, "\n"), _as_text(rule, "")):
        before, found, after = text.rpartition(added)
        if found:
            return before + after
    return None


def _as_text(rule: Rule, before: str) -> str:
    """A rule as a table, in the line ends of the text before it."""
    said: Sequence[tuple[str, object]] = (
        ("seller", rule.seller),
        ("item", rule.item),
        ("category", rule.category),
        ("note", rule.note),
        ("date", rule.date),
        ("voucher", rule.voucher),
        ("was", rule.was),
        ("moved", list(rule.moved)),
        ("doubt", rule.doubt),
    )
    lines = ["[[rule]]", *(f"{name} = {_value(value)}" for name, value in said if value)]
    end = "\r\n" if "\r\n" in before else "\n"
    return (end if before else "") + "".join(line + end for line in lines)


def _value(value: object) -> str:
    """A TOML value: JSON's texts and lists are TOML's too, but for DEL."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
