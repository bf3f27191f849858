"""The award form (核定表): its sheets and columns as data, and what may stand in a cell.

It mirrors award.toml: the sheet 核定 holds [award], [company] and [account] as a list of names and values, and
each other sheet one list of tables. Sums are whole NT$.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple

from importers.vouchers.values import company_number
from importers.vouchers.values import money
from importers.vouchers.values import plain
from ledger.files.award_file import GUARANTEES
from ledger.files.award_file import PAPER_KIND
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import category_named
from ledger.schemes.categories import known_categories
from ledger.util.dates import parse_date
from ledger.util.i18n import N_
from ledger.util.i18n import _
from ledger.util.text import fold

What = Literal[
    "text", "number", "ubn", "date", "money", "count", "quantity", "flag", "category", "guarantee", "scheme",
    "stage", "fund", "paper",
]  # fmt: skip


class FormField(NamedTuple):
    """One value to fill in: where it belongs in award.toml, what it is called, what it may be."""

    path: str  # `section.key`, or in a list the key, maybe `account.bank`
    label: str
    what: What
    example: str
    note: str = ""


class ListSheet(NamedTuple):
    """A sheet with a row a table: its name, its key in award.toml, its columns; the first two must be filled."""

    sheet: str
    key: str
    fields: tuple[FormField, ...]


HEAD_SHEET = "核定"
HEAD: tuple[FormField, ...] = (
    FormField("award.id", N_("核定編號"), "text", "112-納管-0456", N_("核定函上的計畫編號")),
    FormField("award.scheme", N_("補助計畫別"), "scheme", "managed-factory-112", N_("由清單選取")),
    FormField("award.title", N_("計畫名稱"), "text", "智慧製造暨設備節能升級轉型計畫"),
    FormField("award.filed", N_("申請日期"), "date", "2023-05-14", N_("西元或民國皆可")),
    FormField("award.start", N_("計畫開始日"), "date", "2023-06-01"),
    FormField("award.end", N_("計畫結束日"), "date", "2024-05-31"),
    FormField("award.guarantee", N_("履約保證"), "guarantee", "無", N_("無、部分、全額")),
    FormField("award.guarantee_until", N_("保證書到期日"), "date", "", N_("有銀行保證書才填")),
    FormField("award.contract", N_("契約編號"), "text", "112-低碳-0456", N_("簽約後填,印在領據上;可不填")),
    FormField("company.name", N_("公司名稱"), "text", "範例精密股份有限公司"),
    FormField("company.ubn", N_("公司統一編號"), "ubn", "12345675", N_("八碼")),
    FormField("company.representative", N_("負責人"), "text", "王大明"),
    FormField("company.address", N_("公司地址"), "text", "範例市範例路 1 號", N_("印在領據上;可不填")),
    FormField("company.telephone", N_("公司電話"), "text", "00-0000-0000", N_("印在領據上;可不填")),
    FormField("account.bank", "專戶銀行", "text", "第一商業銀行大里分行", "補助款專戶(乙存)"),
    FormField("account.number", N_("專戶帳號"), "number", "012345678901"),
    FormField("account.opened", N_("專戶開戶日"), "date", "2023-06-06"),
)

_PARTY = FormField("party", N_("所屬廠商統編"), "ubn", "", N_("以大帶小計畫的合作廠商才填"))
_MONEY = (
    FormField("government", N_("政府補助款"), "money", "600000", N_("元")),
    FormField("self", N_("業者自籌款"), "money", "600000", N_("元")),
)
LISTS: tuple[ListSheet, ...] = (
    ListSheet(
        "預算",
        "budget",
        (FormField("category", N_("會計科目"), "category", "既有設備之改善費"), *_MONEY, _PARTY),
    ),
    ListSheet(
        "品項",
        "item",
        (
            FormField("category", N_("會計科目"), "category", "既有設備之改善費"),
            FormField("name", N_("品名"), "text", "五軸加工機主軸冷卻模組", N_("與核定計畫書一字不差")),
            *_MONEY,
            FormField("quantity", N_("數量"), "quantity", "1"),
            FormField("unit", N_("單位"), "text", "組"),
            FormField("supplier", N_("供應商"), "text", "精密機械股份有限公司", N_("可不填")),
            FormField("domestic", N_("國產"), "flag", "是", N_("可不填")),
            FormField("brand", N_("廠牌"), "text", "範例牌", N_("設備才填;可不填")),
            FormField("model", N_("型號"), "text", "SC-200", N_("設備才填;可不填")),
            _PARTY,
        ),
    ),
    ListSheet(
        "人員",
        "person",
        (
            FormField("name", N_("姓名"), "text", "王大明"),
            FormField("role", N_("職稱"), "text", "計畫主持人"),
            FormField("insured", N_("投保"), "flag", "是", N_("是否在本公司投保勞保")),
            FormField("months", N_("計畫人月"), "quantity", "12", N_("可寫小數,例如 3.6")),
            FormField("other_months", N_("其他計畫人月"), "quantity", "0", N_("可不填")),
            FormField("salary", N_("規劃月薪"), "money", "", N_("可不填")),
            FormField("since", N_("從哪一天參與"), "date", "", N_("中途加入才填")),
            FormField("until", N_("參與到哪一天"), "date", "", N_("中途離開才填")),
            _PARTY,
        ),
    ),
    ListSheet(
        "付款帳戶",
        "payment_account",
        (
            FormField("bank", N_("銀行"), "text", "玉山商業銀行大里分行", N_("公司付款給廠商的帳戶")),
            FormField("number", N_("帳號"), "number", "2941011469157"),
        ),
    ),
    ListSheet(
        "合作廠商",
        "partner",
        (
            FormField("name", N_("公司名稱"), "text", "協力精密有限公司", N_("以大帶小計畫才填")),
            FormField("ubn", N_("統一編號"), "ubn", "04595257"),
            FormField("representative", N_("負責人"), "text", "林小華"),
            FormField("account.bank", N_("專戶銀行"), "text", "第一商業銀行豐原分行"),
            FormField("account.number", N_("專戶帳號"), "number", "012345678902"),
            FormField("account.opened", N_("專戶開戶日"), "date", "2023-06-06"),
        ),
    ),
    ListSheet(
        "其他經費",
        "funding",
        (
            FormField("agency", N_("機關或單位"), "text", "範例縣政府", N_("同一計畫另有補助才填")),
            FormField("amount", N_("金額"), "money", "100000", N_("元")),
            FormField("kind", N_("性質"), "fund", "政府機關", N_("政府機關、民間或其他;可不填")),
        ),
    ),
    ListSheet(
        "應附文件",
        "evidence",
        (
            FormField(
                "kind", N_("文件種類"), "paper", "acceptance-report", N_("英文代號;計畫本來就要的不用填")
            ),
            FormField("when", N_("什麼時候要"), "stage", "期末", N_("簽約、期中、期末;可不填")),
            FormField("name", N_("文件名稱"), "text", "驗收單", N_("頁面與報表上這樣稱呼")),
            FormField("category", N_("會計科目"), "category", "", N_("只有這個科目要附才填")),
        ),
    ),
)
OTHER_SHEETS = frozenset({"說明", "清單"})  # of our form, which hold nothing to read
_FLAGS = {"是": True, "有": True, "y": True, "yes": True, "true": True, "1": True, "v": True} | dict.fromkeys(
    ("否", "無", "n", "no", "false", "0"), False
)


WORDS: dict[What, dict[str, str]] = {
    "guarantee": GUARANTEES,
    "stage": {N_("簽約"): "signing", N_("期中"): "interim", N_("期末"): "final"},
    "fund": {N_("政府機關"): "government", N_("民間或其他"): "other"},
}
"""The words of a cell, as they are written there, and what each is in award.toml."""
CHOICES: dict[What, tuple[str, ...]] = {
    "flag": (N_("是"), N_("否")),
    "guarantee": (N_("無"), N_("部分"), N_("全額")),
    "stage": tuple(WORDS["stage"]),
    "fund": tuple(WORDS["fund"]),
}
"""What may be chosen in a cell, as it is written there."""


def word_of(what: What, value: Any) -> str:
    """A value of award.toml as it is written into a cell, in Chinese whatever is spoken; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return CHOICES["flag"][0 if value else 1]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if what == "category":
        known = known_categories().get(str(value))
        return known.name if known else str(value)
    return {kind: word for word, kind in WORDS.get(what, {}).items()}.get(str(value), str(value))


def value_of(what: What, text: str) -> Any:
    """What a cell says as award.toml has it; None where it says nothing that its field may be."""
    word = fold(text)
    if what == "date":
        return parse_date(text)
    if what == "category":
        return category_named(word) or category_named(word[2:] if word[:2].isdecimal() else "")
    if what in WORDS:
        return WORDS[what].get(word, word if word in WORDS[what].values() else None)
    if what == "paper":
        return word if re.fullmatch(PAPER_KIND, word) else None
    if what == "flag":
        return _FLAGS.get(word.lower())
    if what == "ubn":
        return company_number(text)
    if what == "number":
        return word
    if what in {"money", "count", "quantity"}:
        return _figure(text, whole=what != "quantity")
    return plain(text)


def _figure(text: str, *, whole: bool) -> int | Decimal | None:
    try:
        amount = money(text)
    except ValueError:
        return None
    if amount is None:
        return None
    if amount == amount.to_integral_value():
        return int(amount)
    return None if whole else amount


def allowed_words(what: What) -> str:
    """What a field may be, in words; empty where that is clear."""
    if what == "category":
        return _("可以寫的科目:{names}").format(
            names=_("、").join(category.name for category in CATEGORIES.values())
        )
    return {
        "date": _("請寫日期,例如 2023-06-01 或 112/06/01"),
        "money": _("請寫整數元,例如 600000"),
        "count": _("請寫整數"),
        "quantity": _("請寫數字"),
        "flag": _("請寫「是」或「否」"),
        "guarantee": _("請寫無、部分或全額"),
        "stage": _("請寫簽約、期中或期末"),
        "fund": _("請寫政府機關,或民間或其他"),
        "paper": _("請寫小寫英文與連字號的代號,例如 acceptance-report;中文名稱寫在「文件名稱」"),
    }.get(what, "")
