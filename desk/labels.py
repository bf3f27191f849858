"""The words of the accountant's pages that no other page has."""

from __future__ import annotations

import datetime
import re

from ledger.util.i18n import _

_BOOK = re.compile(r"books/(\d{4}-\d{2})\.beancount")


def file_name(name: str) -> str:
    """A file of the case as an accountant calls it."""
    book = _BOOK.fullmatch(name)
    if book:
        return _("{month} 的帳").format(month=book[1])
    names = {
        "main.beancount": _("案件的設定"),
        "award.beancount": _("核定資料"),
        "audit.beancount": _("查核紀錄"),
        "import.toml": _("記住的答案"),
        "pending.jsonl": _("待答事項"),
        "documents/SHA256SUMS": _("歸檔的文件"),
    }
    return names.get(name, name)


def days_left(day: datetime.date, today: datetime.date) -> str:
    """How long until a day, or since when it is over."""
    days = (day - today).days
    if days < 0:
        return _("已逾期 {days} 天").format(days=-days)
    return _("今天") if days == 0 else _("剩 {days} 天").format(days=days)
