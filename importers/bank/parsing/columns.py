"""Which column says what: the header row of a statement, found by meaning.

A name is compared after NFKC with white space taken out, then without its remark in brackets, then word
by word (two header words may share one cell), and at last by its ending. A bank's own names go before these.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Literal

from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.side_names import is_ledger_side
from importers.sources.delimited import Row

Role = Literal[
    "date", "post", "time", "out", "in", "amount", "flag", "balance", "text", "memo",
    "counterparty", "account", "currency", "correction",
]  # fmt: skip

HEADER_WITHIN = 40  # rows from the top in which the header is looked for

# The first of a role's names is the best where a statement has several.
SYNONYMS: dict[Role, tuple[str, ...]] = {
    "date": ("交易日期", "交易日", "交易日期時間", "日期", "date", "transactiondate"),
    "post": ("帳務日期", "帳務日", "銀行帳務日", "入帳日", "入帳日期", "作帳日", "記帳日", "計息日", "起息日",
             "valuedate"),
    "time": ("交易時間", "時間", "time"),
    "out": ("支出", "支出金額", "提款金額", "提款", "提出", "提", "提領金額", "轉出金額", "轉出", "借方金額",
            "借方", "付款金額", "扣款金額", "withdrawal", "withdrawals", "debit"),
    "in": ("存入", "存入金額", "存款金額", "存款", "收入", "收入金額", "存", "轉入金額", "轉入", "貸方金額",
           "貸方", "deposit", "deposits", "credit"),
    "amount": ("交易金額", "金額", "異動金額", "發生額", "amount"),
    "flag": ("借貸別", "借貸", "借/貸", "收支別", "收支", "存提別", "支出/存入", "存提", "提存別", "d/c", "dr/cr"),
    "balance": ("餘額", "結餘", "結存", "結存餘額", "即時餘額", "帳戶餘額", "帳面餘額", "帳上餘額", "結餘金額",
                "存款餘額", "帳戶結餘", "交易後餘額", "結存金額", "結存額", "帳面結存", "balance"),
    "text": ("摘要", "交易摘要", "說明", "交易說明", "交易項目", "交易種類", "交易別", "交易類型", "交易類別",
             "交易內容", "交易名稱", "摘要說明", "description"),
    "memo": ("備註", "附註", "註記", "存摺備註", "轉帳留言", "備註/資金用途", "資金用途", "備忘錄", "轉帳說明",
             "附言", "備註說明", "交易資訊", "memo", "remark", "remarks"),
    "counterparty": ("對方帳號", "轉出入帳號", "對方銀行代碼/帳號", "對方行帳戶/銷帳資料", "對方帳戶", "轉入/轉出帳號",
                     "對方戶名", "對方銀行帳號", "往來帳號", "銷帳編號"),
    "account": ("帳號", "存款帳號"),
    "currency": ("幣別", "交易幣別", "currency"),
    "correction": ("更正記號", "更正註記", "更正"),
}  # fmt: skip

_ENDINGS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("out", re.compile(r"(?:支出|提款|提領|提出|借方)(?:金?額|數)?$")),
    ("in", re.compile(r"(?:存入|收入|貸方)(?:金?額|數)?$")),
    ("balance", re.compile(r"(?<!可用)(?:餘額|結餘)$")),
    ("date", re.compile(r"交易日期?$")),
)
_REMARK = re.compile(r"[(\[【〔].*?[)\]】〕]")
_ORDER: dict[Role, dict[str, int]] = {
    role: {name: place for place, name in enumerate(names)} for role, names in SYNONYMS.items()
}


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands; None where the statement does not have it."""

    date: int
    time: int | None = None
    out: int | None = None
    into: int | None = None
    amount: int | None = None
    flag: int | None = None
    balance: int | None = None
    text: int | None = None
    memo: tuple[int, ...] = ()
    counterparty: tuple[int, ...] = ()
    account: int | None = None
    currency: int | None = None
    correction: int | None = None
    has_ledger_sides: bool = False  # money out and in are named 借方 and 貸方

    @property
    def money(self) -> tuple[int, ...]:
        """The columns that hold amounts of money moved."""
        return tuple(place for place in (self.out, self.into, self.amount) if place is not None)

    @property
    def width(self) -> int:
        """How many cells a row must have for all of these to be there."""
        single = (self.date, self.time, *self.money, self.flag, self.balance, self.text, self.account,
                  self.currency, self.correction, *self.memo, *self.counterparty)  # fmt: skip
        return 1 + max(place for place in single if place is not None)


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """A header row: its place among the rows (from 0), its last row where it has two, and the columns.

    An export without one has the place above its first line, which names nothing.
    """

    first: int
    last: int
    columns: Columns
    names_columns: bool = True


def fold_name(cell: str) -> str:
    """A header cell the way names are compared."""
    return "".join(unicodedata.normalize("NFKC", cell).replace("'", "").replace('"', "").split()).casefold()


def roles_of(cell: str, extra: Mapping[str, Role]) -> list[tuple[Role, int]]:
    """The roles a header cell names, each with its rank among that role's names (0 is best)."""
    name = fold_name(cell)
    if not name or len(name) > 60:
        return []
    for candidate in (name, _REMARK.sub("", name)):
        if found := _exact(candidate, extra):
            return [found]
    words = [fold_name(word) for word in cell.split()]
    if len(words) > 1 and (several := [found for word in words if (found := _exact(word, extra))]):
        return several
    for role, ending in _ENDINGS:
        if len(name) <= 12 and ending.search(_REMARK.sub("", name)):
            return [(role, 90)]
    return []


def _exact(name: str, extra: Mapping[str, Role]) -> tuple[Role, int] | None:
    if name in extra:
        return extra[name], -1
    for role, places in _ORDER.items():
        if name in places:
            return role, places[name]
    return None


def columns_of(row: Sequence[str], extra: Mapping[str, Role]) -> tuple[Columns, int] | None:
    """The columns that a row names and how many roles it fills; None where it is no header.

    A header has a date, and either money out and money in, or one amount with a sign that can be told:
    by a column that says which way, or by the balance.
    """
    places: dict[Role, list[tuple[int, int]]] = {}
    for place, cell in enumerate(row):
        found = roles_of(cell, extra)
        if len({"out", "in", "balance"} & {role for role, _rank in found}) > 1:
            return None  # the whole header in one cell: a text without delimiters
        for role, rank in found:
            places.setdefault(role, []).append((rank, place))

    def best(role: Role) -> int | None:
        return min(places[role])[1] if role in places else None

    out, into, balance, amount, flag = (best(role) for role in ("out", "in", "balance", "amount", "flag"))
    date, post, time = best("date"), best("post"), best("time")
    entry_date = next((place for place in (date, post, time) if place is not None), None)
    has_pair = out is not None and into is not None
    if entry_date is None or not (has_pair or (amount is not None and (flag, balance) != (None, None))):
        return None
    columns = _arranged(places, entry_date, has_pair=has_pair)
    if has_pair and not {fold_name(row[place]) for place in columns.money} & set(extra):
        sides = all(is_ledger_side(fold_name(row[place])) for place in columns.money)
        columns = dataclasses.replace(columns, has_ledger_sides=sides)
    return columns, len(places)


def _arranged(places: Mapping[Role, list[tuple[int, int]]], date: int, *, has_pair: bool) -> Columns:
    def every(role: Role) -> list[int]:
        return [place for _rank, place in sorted(places.get(role, []))]

    def best(role: Role) -> int | None:
        return next(iter(every(role)), None)

    texts, memos, others = every("text"), every("memo"), every("counterparty")
    memos = sorted({*texts[1:], *memos})
    return Columns(
        date=date,
        time=best("time"),
        out=best("out") if has_pair else None,
        into=best("in") if has_pair else None,
        amount=None if has_pair else best("amount"),
        flag=None if has_pair else best("flag"),
        balance=best("balance"),
        text=texts[0] if texts else None,
        memo=tuple(memos),
        counterparty=tuple(place for place in others if place not in memos),
        account=best("account"),
        currency=best("currency"),
        correction=best("correction"),
    )


def find_header(rows: Sequence[Row], extra: Mapping[str, Role]) -> Header | None:
    """The row near the top that names most roles; two rows together where the names are stacked."""
    best: Header | None = None
    most = 0
    top = rows[: HEADER_WITHIN + 1]
    named = [columns_of(row, extra) for row in top]
    for place, (row, found) in enumerate(zip(top[:HEADER_WITHIN], named, strict=False)):
        if found is not None and found[1] > most:
            best, most = Header(place, place, found[0]), found[1]
        if place + 1 < len(top) and named[place + 1] is None:
            stacked = _stacked(row, top[place + 1], extra)
            if stacked is not None and stacked[1] > most:
                best, most = Header(place, place + 1, stacked[0]), stacked[1]
    return best


def _stacked(above: Row, below: Row, extra: Mapping[str, Role]) -> tuple[Columns, int] | None:
    """The columns of a header whose names stand in two rows, as merged cells leave them."""
    if not 2 <= len(above) == len(below):
        return None
    return columns_of([under or over for over, under in zip(above, below, strict=True)], extra)


def with_date_column(header: Header, rows: Sequence[Row], extra: Mapping[str, Role]) -> Header:
    """The header whose date is the 交易時間 column where that one holds days too, the day's column being a 帳務日."""
    columns = header.columns
    names = rows[header.last][columns.date : columns.date + 1] if header.last >= 0 else []
    roles = {role for name in names for role, _rank in roles_of(name, extra)}
    if roles != {"post"} or columns.time is None:
        return header
    stamps = Stamps()
    below = [row[columns.time] for row in rows[header.last + 1 : header.last + 20] if len(row) > columns.time]
    filled = [cell for cell in below if cell]
    if not filled or not all(stamps.read(cell) for cell in filled[:1]):
        return header
    return dataclasses.replace(header, columns=dataclasses.replace(columns, date=columns.time, time=None))
