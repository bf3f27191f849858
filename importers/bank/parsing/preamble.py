"""What stands around the rows of a statement: whose account, which currency, opening balance, totals."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from collections.abc import Sequence

from importers.bank.parsing.cells import account_number
from importers.bank.parsing.cells import amount_or_none
from importers.bank.parsing.cells import plain
from importers.bank.parsing.cells import rejoined
from importers.bank.parsing.totals import Totals
from importers.bank.parsing.totals import read_totals
from importers.sources.delimited import Row

_ACCOUNT_LABEL = re.compile(
    r"(?<!對方)(?<!往來)(?<!轉出)(?<!轉入)(?<!轉出入)(?:帳號|帳戶號碼|account(?:no\.?|number)?)"
)
_LABELLED = re.compile(r"(?P<label>[^\s:]{1,16})\s*:\s*(?P<value>[^:]*?)(?=[\s,;]+[^\s:]{1,16}\s*:|$)")
_BARE_ACCOUNT = re.compile(
    r"^['\"]?(?P<number>\d[\d-]{8,18}\d)\s*\(?(?:臺幣|台幣|新臺幣|新台幣)?(?:活|乙|綜|支|甲|定|存)"
)
# A title line: `範例銀行大里分行 155667788 交易明細`. Shorter numbers are days or company numbers.
_STANDALONE = re.compile(r"(?<![\d/:.-])\d(?:[\d-]{7,18})\d(?![\d/:.%-])")
_OF_AN_ACCOUNT = re.compile(
    r"銀行|企銀|帳號|郵局|郵政|合庫|農會|信用|存款|活存|存簿|帳戶|專戶|明細|對帳|往來|交易紀錄|交易記錄"
)
_OF_OTHER_THINGS = re.compile(
    r"電話|專線|傳真|客服|手機|統編|統一編號|序號|編號|列印|查詢|時間|期間|日期|起訖|對方|往來帳|轉出|轉入|金額|餘額|代號|元|tel|fax"
)
_ENQUIRY = re.compile(r"(?<=明細|往來|交易|紀錄|記錄)查詢")  # 存款明細查詢: what the page is called
_DAY_OR_PHONE = re.compile(
    r"(?:19|20)\d{2}-?[01]\d-?[0-3]\d(?:\d{4,6}|-\d{8}|-\d{4}-\d\d-\d\d)?"
    r"|09\d{8}|0\d-?\d{4}-?\d{4}|0800-?\d{3}-?\d{3}"
)
_CURRENCY_LABEL = re.compile(r"^(?:查詢|交易|帳戶)?幣別$")
_FOREIGN = re.compile(
    r"(?!TWD|NTD|ALL|NT\b)[A-Z]{3}\b|[美日港歐英澳加紐星南韓越泰][元圓幣鎊銖]|美金|人民幣|外幣|外匯|瑞士法郎|泰銖"
)
_OPENING_LABEL = re.compile(r"^(?:期初|上期|前期|承前頁?|承上頁?|起始|昨日)(?:帳戶)?(?:餘額|結餘|結存)?$")


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """What the rows above the header say."""

    accounts: tuple[str, ...] = ()
    foreign: str = ""  # a currency that is not NT$
    opening: int | None = None
    totals: tuple[Totals, ...] = ()


def read_heading(rows: Sequence[Row]) -> Heading:
    """The account numbers, currency, opening balance and number of rows that the heading names."""
    accounts: list[str] = []
    foreign = ""
    opening: int | None = None
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else []
        for label, value in _pairs(row, below):
            if _ACCOUNT_LABEL.search(label) and (account := account_number(value)):
                accounts.append(account)
            elif _CURRENCY_LABEL.match(label) and (match := _FOREIGN.match(value.upper())):
                foreign = foreign or match[0]
            elif _OPENING_LABEL.match(label) and opening is None:
                opening = amount_or_none(value)
        accounts.extend(_bare_accounts(row))
    if not accounts:
        titled = {number for row in rows for cell in row for number in _numbers_in_title(cell)}
        accounts = list(titled) if len(titled) == 1 else []
    totals = [read_totals(row, number) for number, row in enumerate(rows, 1)]
    return Heading(
        tuple(dict.fromkeys(accounts)), foreign, opening, tuple(found for found in totals if found)
    )


def _pairs(row: Row, below: Row) -> Iterable[tuple[str, str]]:
    """Every label in a row with the values it may have: after a colon, in the next cell, in the cell below."""
    cells = [plain(cell) for cell in rejoined(row)]
    for place, cell in enumerate(cells):
        if not cell or len(cell) > 80:
            continue
        for match in _LABELLED.finditer(re.sub(r"帳\s+號", "帳號", cell)):
            yield _squeezed(match["label"]), match["value"].strip()
        label = _squeezed(cell.rstrip(": "))
        if len(label) <= 10:
            after = next((value for value in cells[place + 1 :] if value), "")
            if after:
                yield label, after
            if place < len(below) and below[place]:
                yield label, plain(below[place])


def _bare_accounts(row: Row) -> list[str]:
    """Account numbers that stand without a label: `223706683363 活存`."""
    matches = (_BARE_ACCOUNT.match(plain(cell)) for cell in row if len(cell) < 60)
    return [account_number(match["number"]) for match in matches if match]


def _numbers_in_title(cell: str) -> list[str]:
    """The account numbers that stand in a title without a label: alone, or beside a word for an account."""
    text = plain(cell)
    if len(text) > 60 or _OF_OTHER_THINGS.search(_ENQUIRY.sub("", text.casefold())):
        return []
    found = [match[0] for match in _STANDALONE.finditer(text) if not _DAY_OR_PHONE.fullmatch(match[0])]
    if not found or not (_OF_AN_ACCOUNT.search(text) or text == found[0]):
        return []
    return [number for word in found if len(number := account_number(word)) >= 9]


def _squeezed(label: str) -> str:
    return "".join(label.split()).casefold()
