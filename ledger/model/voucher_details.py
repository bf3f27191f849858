"""What a voucher may say beside its amounts: one list of the fields, by their keys in the books' metadata.

The voucher sheet has a column for each, `grant correct` sets them, the reports print them. All may be left empty.
Amounts are NT$ but `foreign`, which is in the voucher's own `currency`. The fields are those of the sister
programme's forms (海洋委員會 經費支用明細表: 傳票號碼、發票品名、付款憑證、合約、出差), of its 會計科目編列與執行原則
(外幣、分攤表) and of the equipment plan of the registered factories (004: 品牌、型號、產地).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal
from typing import NamedTuple

from ledger.util.dates import parse_date
from ledger.util.i18n import N_
from ledger.util.text import fold
from ledger.util.text import one_line
from ledger.util.text import parse_amount

DetailKind = Literal["text", "date", "number", "amount"]
DetailValue = str | datetime.date | Decimal | int


class Detail(NamedTuple):
    """One field: its key in the metadata, what it is called on our form and on others', an example."""

    key: str
    label: str
    kind: DetailKind = "text"
    aliases: tuple[str, ...] = ()
    example: str = ""
    each_line: bool = False  # of each line of the voucher; else of the whole voucher


UNIT = Detail("unit", N_("單位"), each_line=True)

_LINES = tuple(
    detail._replace(each_line=True)
    for detail in (
        Detail(
            "invoice-item", N_("發票品名"), aliases=("發票上品名", "憑證品名"), example="主軸冷卻模組 SC-200"
        ),
        Detail("brand", N_("廠牌"), aliases=("品牌",), example="範例牌"),
        Detail("model", N_("型號"), aliases=("規格型號",), example="SC-200"),
        Detail(
            "serial",
            N_("序號(機號)"),
            aliases=("機號", "機身號碼", "製造序號", "機器序號"),
            example="SN2307001",
        ),
        Detail("asset-number", N_("財產編號"), aliases=("財產號碼", "資產編號"), example="M-112-001"),
        Detail("origin", N_("產地"), aliases=("國產/進口", "產地(國產/進口)", "原產地"), example="國產"),
        Detail("place", N_("存放地點"), aliases=("放置地點", "置放地點"), example="一廠加工區"),
    )
)
_VOUCHER = (
    Detail("journal", N_("傳票號碼"), aliases=("傳票編號", "會計傳票號碼"), example="1120712003"),
    Detail("proof", N_("付款憑證"), aliases=("付款憑證種類", "付款證明"), example="匯款單"),
    Detail("proof-number", N_("付款憑證號碼"), aliases=("匯款單號碼", "支票號碼"), example="R0712-01"),
    Detail("currency", N_("幣別"), aliases=("外幣幣別",)),
    Detail("foreign", N_("外幣金額"), "number", aliases=("原幣金額",)),
    Detail("rate", N_("匯率"), "number", aliases=("結匯匯率",)),
    Detail("declaration", N_("進口報單號碼"), aliases=("報單號碼",)),
    Detail("shared-total", N_("分攤前未稅金額"), "amount", aliases=("分攤前金額", "憑證未稅總額")),
    Detail(
        "share", N_("本案分攤比率(%)"), "number", aliases=("本案分攤比率", "分攤比率", "分攤比例", "本案比率")
    ),
    Detail("shared-with", N_("共同分攤的計畫"), aliases=("分攤計畫", "其他分攤單位")),
    Detail("contract", N_("合約編號"), aliases=("契約編號", "合約號碼", "契約號碼")),
    Detail("contract-total", N_("合約總額"), "amount", aliases=("契約總額", "合約金額", "契約金額")),
    Detail("contract-from", N_("合約起日"), "date", aliases=("契約起日", "合約開始日")),
    Detail("contract-until", N_("合約迄日"), "date", aliases=("契約迄日", "合約結束日")),
    Detail("part", N_("付款期數"), aliases=("期數",)),
    Detail("traveller", N_("出差人"), aliases=("出差人姓名", "出差人員")),
    Detail("travel-from", N_("出差起日"), "date", aliases=("出差開始日",)),
    Detail("travel-until", N_("出差迄日"), "date", aliases=("出差結束日",)),
    Detail("destination", N_("出差地點"), aliases=("地點",)),
    Detail("purpose", N_("出差事由"), aliases=("事由",)),
    Detail("airfare", N_("機票"), "amount", aliases=("機票費",)),
    Detail("transport", N_("車資"), "amount", aliases=("交通費", "車馬費")),
    Detail("lodging", N_("住宿費"), "amount", aliases=("宿費",)),
    Detail("daily", N_("日支費"), "amount", aliases=("膳雜費", "膳食費", "日支生活費")),
    Detail("other-travel", N_("其他差旅費"), "amount", aliases=("其他費用",)),
)
DETAILS: tuple[Detail, ...] = (*_LINES, *_VOUCHER)
"""The optional fields in the order of the form; the unit, which every sheet has, is not among them."""

FARES = ("airfare", "transport", "lodging", "daily", "other-travel")
"""What a journey cost, part by part."""

LINE_KEYS = frozenset(detail.key for detail in (UNIT, *_LINES))
BY_KEY: dict[str, Detail] = {detail.key: detail for detail in (UNIT, *DETAILS)}


_HUNDRED = Decimal(100)
_AT_HOME = frozenset({"國產", "國內", "本國", "臺灣", "台灣", "中華民國", "TAIWAN", "TW", "MIT"})


def parse_detail(detail: Detail, text: str) -> DetailValue | None:
    """What a cell, or somebody who types, says in a field; None for an empty text. Raises ValueError.

    A share is told in percent: `30%`, `30`, or the fraction `0.3` that a spreadsheet's percent cell is.
    """
    text = one_line(text)
    if not text or detail.kind == "text":
        return text or None
    if detail.kind == "date":
        day = parse_date(text)
        if day is None:
            raise ValueError(text)
        return day
    if detail.key == "share":
        return _percent(text)
    number = parse_amount(text)
    if number is not None and detail.kind == "amount" and number != number.to_integral_value():
        raise ValueError(text)
    return number


def _percent(text: str) -> Decimal:
    folded = fold(text)
    try:
        number = Decimal(folded.rstrip("%"))
    except ArithmeticError:
        raise ValueError(text) from None
    if "%" not in folded and 0 < number <= 1:
        number *= _HUNDRED
    if not (number.is_finite() and 0 < number <= _HUNDRED):
        raise ValueError(text)
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def is_domestic(origin: str) -> bool:
    """Whether an origin, as a voucher tells it, is at home."""
    return fold(origin).upper() in _AT_HOME


def merged(parts: Iterable[Mapping[str, DetailValue]]) -> dict[str, DetailValue]:
    """What several lines of one item say together: texts that differ beside each other, the unit only where all agree."""
    found: dict[str, list[DetailValue]] = {}
    for part in parts:
        for key, value in part.items():
            found.setdefault(key, []).append(value)
    told: dict[str, DetailValue] = {}
    for key, values in found.items():
        unique = list(dict.fromkeys(values))
        if len(unique) == 1:
            told[key] = unique[0]
        elif key != UNIT.key:
            told[key] = "、".join(map(str, unique))
    return told
