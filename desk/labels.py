"""The words of the accountant's pages that no other page has."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from ledger.files import AUDIT_FILE
from ledger.files import AWARD
from ledger.files import MAIN
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files import SUMS
from ledger.util.i18n import _

_BOOK = re.compile(r"books/(\d{4}-\d{2})\.beancount")


def file_name(name: str) -> str:
    """A file of the case as an accountant calls it."""
    book = _BOOK.fullmatch(name)
    if book:
        return _("{month} 的帳").format(month=book[1])
    names = {
        MAIN: _("案件的設定"),
        AWARD: _("核定資料"),
        AUDIT_FILE: _("查核紀錄"),
        RULES: _("記住的答案"),
        PENDING: _("待答事項"),
        SUMS: _("歸檔的文件"),
    }
    return names.get(name, name)


def days_left(day: datetime.date, today: datetime.date) -> str:
    """How long until a day, or since when it is over."""
    days = (day - today).days
    if days < 0:
        return _("已逾期 {days} 天").format(days=-days)
    return _("今天") if days == 0 else _("剩 {days} 天").format(days=days)


def voucher_state(name: str) -> str:
    """What there is to say of a voucher in a list."""
    names = {
        "error": _("有錯誤"),
        "warning": _("有提醒"),
        "no-paper": _("沒有附件"),
        "unpaid": _("未付清"),
        "unclear": _("待答"),
        "not-claimed": _("有不予認列"),
    }
    return names.get(name, name)


def funding_kind(kind: str) -> str:
    """Whose money another funding is."""
    return {"government": _("政府機關"), "other": _("民間或其他")}.get(kind, kind)


def record(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A record's facts with their names, without its day and its amount, which a page shows by themselves."""
    names = {
        "number": _("憑證號碼"),
        "seller_name": _("對象"),
        "seller": _("賣方"),
        "item": _("品名"),
        "text": _("摘要"),
        "memo": _("備註"),
        "payee": _("對方"),
        "counterparty": _("對方"),
        "balance": _("餘額"),
        "net": _("未稅金額"),
        "tax": _("稅額"),
    }
    found = [(name, _value(said[key])) for key, name in names.items() if said.get(key) not in (None, "")]
    goods = _("、").join(str(item.get("name") or "") for item in _items(said))
    return [*found, *([(_("品名"), goods)] if goods else [])]


def named(said: Mapping[str, Any]) -> str:
    """A record in one line: what tells it apart in a list."""
    words = [said.get(key) for key in ("number", "seller_name", "seller", "item", "text", "memo", "payee")]
    words += [item.get("name") for item in _items(said)[:2]]
    return " ".join(dict.fromkeys(str(word) for word in words if word))


def _items(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in said.get("items") or () if isinstance(item, dict)]


def _value(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
