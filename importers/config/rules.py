"""What the accountant decided once: `import.toml`, its `[[rule]]` tables, and how they are written and taken back.

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
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.errors import GrantError
from ledger.files import RULES
from ledger.schemes.categories import category_named
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.toml_file import TomlError
from ledger.util.toml_file import parse_toml
from ledger.util.toml_file import read_toml

_TABLES = ("rule", "statement")


class RulesError(GrantError):
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
    approved: str = ""  # the approved item that this is, where somebody said so

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

    def rule_for(self, seller: str, seller_name: str, item: str) -> Rule | None:
        """The rule that decides: one of seller and item before one of the item before one of the seller, later first."""
        fitting = [
            ((bool(rule.item), bool(rule.seller)), place)
            for place, rule in enumerate(self.rules)
            if rule.fits(seller, seller_name, item)
        ]
        return self.rules[max(fitting)[-1]] if fitting else None

    def category_for(self, seller: str, seller_name: str, item: str) -> str | None:
        """The category that was decided."""
        rule = self.rule_for(seller, seller_name, item)
        return rule.category if rule is not None else None

    @property
    def last_decision(self) -> Rule | None:
        """The last rule that `grant classify` wrote."""
        return next((rule for rule in reversed(self.rules) if rule.voucher), None)


NO_RULES = Rules()


def read_rules(folder: Path | None) -> Rules:
    """The rules of the case in `folder`; none where there is no `import.toml`. Raises RulesError."""
    return _rules(read_tables(folder, "rule")) if folder is not None else NO_RULES


def parse_rules(text: str) -> Rules:
    """The rules of an `import.toml`. Raises RulesError."""
    return _rules(parse_tables(text, "rule"))


def read_tables(folder: Path, name: str) -> list[dict[str, Any]]:
    """The tables of one name in the case's `import.toml`; none where there is no such file. Raises RulesError."""
    path = folder / RULES
    if not path.is_file():
        return []
    try:
        return _named(read_toml(path), name)
    except TomlError as error:
        raise _broken(error) from error


def parse_tables(text: str, name: str) -> list[dict[str, Any]]:
    """The tables of one name in the text of an `import.toml`. Raises RulesError where it has an unknown key."""
    try:
        return _named(parse_toml(text), name)
    except TomlError as error:
        raise _broken(error) from error


def _broken(error: TomlError) -> RulesError:
    return RulesError(_("{file} 格式錯誤:{reason}").format(file=RULES, reason=error))


def _named(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    refuse_unknown_keys("", found, _TABLES)
    tables = found.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulesError(_("{file} 的 {name} 要寫成 [[{name}]]").format(file=RULES, name=name))
    return tables


def refuse_unknown_keys(place: str, table: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise RulesError for the first unknown key of a table: it would be ignored in silence."""
    strange = next((key for key in table if key not in known), None)
    if strange is not None:
        raise RulesError(
            _("{file} {place}有不認得的「{key}」;可以寫的有 {known}").format(
                file=RULES, place=f"{place} " if place else "", key=strange, known=_("、").join(known)
            )
        )


def _rules(tables: Sequence[dict[str, Any]]) -> Rules:
    return Rules(tuple(_rule(table, number) for number, table in enumerate(tables, 1)))


def _rule(table: dict[str, Any], number: int) -> Rule:
    refuse_unknown_keys(f"[[rule]] {number}", table, [field.name for field in dataclasses.fields(Rule)])
    names = ("seller", "item", "category", "note", "voucher", "was", "doubt", "approved")
    said = {name: table.get(name, "") for name in names}
    moved, day = table.get("moved", []), table.get("date")
    if (
        any(not isinstance(value, str) for value in said.values())
        or not isinstance(moved, list)
        or (day is not None and type(day) is not datetime.date)
    ):
        raise RulesError(_("{file} 第 {number} 條規則的寫法不對").format(file=RULES, number=number))
    category = category_named(said["category"])
    if category is None:
        raise RulesError(
            _("{file} 第 {number} 條規則的科目「{category}」不存在").format(
                file=RULES, number=number, category=said["category"]
            )
        )
    if not fold(said["seller"]) and not fold(said["item"]):
        raise RulesError(
            _("{file} 第 {number} 條規則沒有 seller 也沒有 item").format(file=RULES, number=number)
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
        ("approved", rule.approved),
    )
    import tomlkit  # noqa: PLC0415 -- only here something is written

    table = tomlkit.table()
    for name, value in said:
        if value:
            table[name] = value
    rules = tomlkit.aot()
    rules.append(table)
    end = "\r\n" if "\r\n" in before else "\n"
    return (end if before else "") + tomlkit.dumps({"rule": rules}).replace("\n", end)
