"""Statements of any content, for properties."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from importers.records import BankLine

IN_TEXTS = ("匯入款", "利息存入", "現金存入", "轉帳存入")


OUT_TEXTS = ("轉帳支出", "手續費", "繳費稅", "現金提款")


MEMOS = (
    "",
    "",
    "補助款",
    "AB12345678 測試印刷",
    "貨款，尾款",
    "112年8月份月結提領",
    "王小明",
    "3月租金",
    "一二三/四五",
)


ACCOUNTS = ("", "", "0040000000000009", "8220000000001234", "0130123456789")


@st.composite
def statements(draw: st.DrawFn) -> list[BankLine]:
    """Lines of a statement, oldest first, their balances chained and never below zero."""
    balance = draw(st.integers(min_value=0, max_value=9_000_000))
    moment = datetime.datetime(2023, 7, 1, 9, 0, tzinfo=datetime.UTC)
    lines = []
    for _turn in range(draw(st.integers(min_value=1, max_value=12))):
        moment += datetime.timedelta(minutes=draw(st.integers(min_value=1, max_value=40_000)))
        amount = draw(st.integers(min_value=-min(balance, 99_999_999), max_value=99_999_999).filter(bool))
        balance += amount
        lines.append(
            BankLine(
                date=moment.date(),
                amount=amount,
                balance=balance,
                time=f"{moment:%H:%M}:00",
                text=draw(st.sampled_from(IN_TEXTS if amount > 0 else OUT_TEXTS)),
                memo=draw(st.sampled_from(MEMOS)),
                counterparty=draw(st.sampled_from(ACCOUNTS)),
            )
        )
    return lines
