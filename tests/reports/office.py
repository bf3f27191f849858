"""Cases from the office, as ledger text: vouchers split and paid, months closed, what may be withdrawn withdrawn."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data

from ledger.arithmetic.cost_share import payroll_cost
from ledger.case.audit_acts import ACT_TYPES
from ledger.case.case import Case
from ledger.case.month_close import month_figures
from ledger.entries import builder
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model import directives
from ledger.model.accounts import chart
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.loader import FOLDER
from ledger.util.dates import month_last_day
from ledger.util.dates import months_between

HOSTILE = '=HYPERLINK("http://example.com/steal","點我")'
AS_OF = datetime.date(2024, 8, 15)
_UBN = "24536806"
_D = datetime.date

AWARD: dict[str, Any] = {
    "award": {
        "id": "112-小製-0456",
        "scheme": "small-manufacturer-112",
        "title": "射出成型產線低碳化及智慧化升級計畫",
        "filed": _D(2023, 5, 2),
        "start": _D(2023, 7, 1),
        "end": _D(2024, 6, 30),
    },
    "company": {"name": "順發精密工業股份有限公司", "ubn": _UBN, "representative": "陳順發"},
    "account": {"bank": "第一商業銀行新莊分行", "number": "20168001234"},
    "budget": [
        {"category": "consumables", "government": 300_000, "self": 250_000},
        {"category": "equipment", "government": 700_000, "self": 500_000},
        {"category": "improvement", "government": 250_000, "self": 250_000},
        {"category": "research", "government": 400_000, "self": 400_000},
        {"category": "personnel", "government": 0, "self": 600_000},
    ],
    "item": [
        {
            "category": "consumables",
            "name": "伺服馬達驅動器",
            "government": 300_000,
            "self": 250_000,
            "unit": "台",
        },
        {
            "category": "equipment",
            "name": "全電式射出成型機",
            "government": 700_000,
            "self": 500_000,
            "quantity": 1,
            "unit": "台",
            "domestic": True,
        },
        {
            "category": "improvement",
            "name": "冷卻水塔變頻改善",
            "government": 250_000,
            "self": 250_000,
            "unit": "式",
        },
        {
            "category": "research",
            "name": "碳足跡盤查及驗證",
            "government": 400_000,
            "self": 400_000,
            "unit": "式",
        },
    ],
    "person": [{"name": "王大明", "role": "計畫主持人", "insured": True, "months": 12}],
}

LEAD, PARTNER = _UBN, "70759028"

SUPPLY_CHAIN: dict[str, Any] = {
    "award": AWARD["award"]
    | {"id": "112-鏈-0007", "scheme": "supply-chain-smart-112", "end": _D(2023, 12, 31)},
    "company": AWARD["company"],
    "account": AWARD["account"],
    "partner": [
        {
            "name": '合聯"協力"{夥伴}股份有限公司',
            "ubn": PARTNER,
            "representative": "林合聯",
            "account": {"bank": "臺灣銀行", "number": "00100200300"},
        }
    ],
    "budget": [
        {"category": "consumables", "government": 300_000, "self": 300_000},
        {"category": "equipment", "government": 300_000, "self": 400_000},
        {"category": "consumables", "government": 150_000, "self": 170_000, "party": PARTNER},
        {"category": "equipment", "government": 200_000, "self": 200_000, "party": PARTNER},
    ],
}

FACTORY: dict[str, Any] = {
    "award": AWARD["award"]
    | {"id": "112-納管-0001", "scheme": "managed-factory-112", "end": _D(2023, 12, 31)},
    "company": AWARD["company"],
    "account": AWARD["account"],
    "budget": [
        {"category": "consumables", "government": 200_000, "self": 140_000},
        {"category": "equipment", "government": 200_000, "self": 200_000},
        {"category": "construction", "government": 0, "self": 360_000},
    ],
}

_ITEMS = {
    "consumables": ("伺服馬達驅動器", "晟鑫工業企業股份有限公司"),
    "equipment": ("全電式射出成型機", "昱峻氣動企業有限公司"),
    "improvement": ("冷卻水塔變頻改善", HOSTILE),
    "research": ("碳足跡盤查及驗證", "財團法人綠色驗證發展中心"),
    "construction": ("基礎工程", "+886 工程行"),
}


def paper(
    category: str, number: str, day: datetime.date, net: int, kind: str = "invoice", buyer: str = _UBN
) -> VoucherToBook:
    item, supplier = _ITEMS[category]
    return VoucherToBook(
        kind=kind,
        number=number,
        date=day,
        seller="12345675",
        seller_name=supplier,
        buyer=buyer,
        net=net,
        tax=round(net / 20),
        lines=(CostLine(category, item, Decimal(1), net),),
        import_id=f"mig:{number}:{kind}",
        document="" if number.endswith("3") else f"{day}.{number}.pdf",
        reverses=number if kind == "allowance" else "",
    )


def pay_slip(month: str, salary: int, hours: int, total: int) -> VoucherToBook:
    cost = payroll_cost(Decimal(salary), Decimal(hours), Decimal(total))
    meta = {"role": "計畫主持人", "salary": salary, "hours": Decimal(hours), "total-hours": Decimal(total)}
    return VoucherToBook(
        kind="payroll",
        number=f"薪{month.replace('-', '')}-王大明",
        date=month_last_day(month),
        seller="",
        seller_name="王大明",
        buyer=_UBN,
        net=cost,
        tax=0,
        lines=(CostLine("personnel", "", None, cost),),
        import_id=f"payroll:{month}",
        meta=tuple(
            (key, Decimal(value)) if isinstance(value, int) else (key, value) for key, value in meta.items()
        ),
    )


def papers() -> list[VoucherToBook]:
    """38 vouchers: consumables every month, equipment in three parts, an allowance, a year's pay."""
    made = []
    for index, month in enumerate(months_between(_D(2023, 7, 1), _D(2024, 6, 30))):
        last = month_last_day(month)
        made.append(paper("consumables", f"AB123456{index:02}", last.replace(day=7), 43_211 + 371 * index))
        made.append(pay_slip(month, 61_300, 71 + index, 168))
        if index % 3 == 0:
            made.append(paper("improvement", f"CD234567{index:02}", last.replace(day=11), 101_003 + index))
        if index % 4 == 1:
            made.append(paper("equipment", f"EF345678{index:02}", last.replace(day=15), 391_777))
        if index % 4 == 2:
            made.append(paper("research", f"GH456789{index:02}", last.replace(day=21), 236_419))
    made.append(paper("improvement", "CD23456703", _D(2023, 11, 2), -20_001, kind="allowance"))
    return made


def booked(award_entries: list[Any], made: list[VoucherToBook], folder: Path | None = None) -> list[Any]:
    """The transactions, split as the ledger wants them, and their payments."""
    draft = [builder.voucher_entry(p, p.date, [0] * len(p.lines), grantable=[True]) for p in made]
    draft.sort(key=lambda entry: entry.date)
    by_id = {p.import_id: p for p in made}
    case = Case(loaded(award_entries + draft), folder=folder, as_of=AS_OF)
    entries = []
    for voucher in case.vouchers:
        one = by_id[voucher.entry.meta["import-id"]]
        split = case.expected_splits[id(voucher.entry)]
        entries.append(builder.voucher_entry(one, one.date, split, grantable=[sum(split) != 0]))
        if one.net > 0:
            paid = one.date + datetime.timedelta(days=20)
            lines = [(one.number, one.net + one.tax, sum(split))]
            entries.append(builder.payment_entry(paid, one.seller_name, "匯款", lines, "company", {}))
    return entries


def loaded(entries: list[Any], extra: str = "") -> list[Any]:
    """The entries as Beancount reads them, their accounts opened."""
    opens = "".join(f"2023-06-01 open {name} TWD\n" for name in chart(list(CATEGORIES)))
    made, errors, _options = loader.load_string(opens + builder.as_text(entries) + extra)
    assert errors == []
    for entry in made:  # the auditor's acts are taken to be filed where they count
        if isinstance(entry, data.Custom) and entry.type in ACT_TYPES:
            del entry.meta["filename"]
    return made


def _bank() -> list[Any]:
    def line(kind: str, day: datetime.date, amount: int, text: str, **meta: str) -> object:
        return builder.bank_entry(kind, day, amount, "", text, meta)  # type: ignore[arg-type]

    return [
        line("instalment", _D(2023, 12, 20), 825_000, "經濟部產業發展署 期中撥款"),
        line("interest", _D(2023, 12, 21), 1_200, "利息存入"),
        line("interest", _D(2024, 6, 21), 24_310, "利息存入"),
        line("withholding", _D(2024, 6, 21), -2_431, "代扣所得稅"),
        line("fee", _D(2024, 1, 8), -30, "匯費"),
        line("own-money", _D(2024, 1, 9), 30, "補存匯費"),
        line("remit-interest", _D(2024, 7, 5), -1_200, "孳息繳庫"),
        builder.treasury_entry(
            surplus=False, day=_D(2024, 7, 20), amount=5_000, payee="", narration="孳息繳庫(公司付)", meta={}
        ),
    ]


def _closes(entries: list[Any], end: datetime.date) -> list[Any]:
    """Every month closed on its last day; what may be withdrawn is withdrawn on the fifth of the next month."""
    made: list[Any] = []
    for month in months_between(_D(2023, 7, 1), end):
        last = month_last_day(month)
        figures = month_figures(Case(loaded(entries + made), as_of=AS_OF), month)
        made.append(
            directives.custom(
                last,
                "close",
                month,
                entitlement=directives.twd(figures.entitlement),
                withdrawable=directives.twd(figures.withdrawable),
                digest="0" * 32,
            )
        )
        if figures.withdrawable:
            day = last + datetime.timedelta(days=5)
            meta = {"months": month}
            made.append(
                builder.bank_entry("withdrawal", day, -figures.withdrawable, "", f"提領{month}", meta)
            )
    return made


FINDINGS_TEXT = """
2024-07-02 custom "grant-finding" "F-001"
  voucher: "AB12345602"
  check: "item-not-in-budget"
  declared: 43953 TWD
  deducted: 8000 TWD
  state: "disallowed"
  by: "李查核"

2024-07-02 custom "grant-finding" "F-002"
  voucher: "GH45678902"
  check: "document-missing"
  state: "parked"

2024-07-01 custom "grant-deduction" 10000 TWD "績效未達"

2024-07-10 custom "grant-waiver" "payment-late" "CD23456700"
  reason: "供應商遲開發票"
  approval: "產發字第1130001號"

2024-02-01 custom "grant-budget" "improvement" 230000 TWD 250000 TWD
  approval: "產發字第1120099號"

2024-02-01 custom "grant-budget" "consumables" 320000 TWD 250000 TWD
  approval: "產發字第1120099號"
"""


def office_case(as_of: datetime.date = AS_OF) -> Case:
    """A small manufacturer's year, with everything that a settlement has to show."""
    return Case(office_entries(), folder=Path("/case"), as_of=as_of)


def office_entries() -> list[Any]:
    """The entries of that year."""
    award = award_directives(parse_award(AWARD, "award.toml"))
    entries = award + booked(award, papers()) + _bank()
    closed = entries + _closes(entries, _D(2024, 6, 30))
    return _filed(loaded(closed, FINDINGS_TEXT))


def _filed(entries: list[Any]) -> list[Any]:
    """The entries with the auditor's acts as of no file: /case is no folder whose audit.beancount could hold them."""
    return [
        entry._replace(meta={key: value for key, value in entry.meta.items() if key != "filename"})
        if isinstance(entry, data.Custom) and entry.type in ACT_TYPES
        else entry
        for entry in entries
    ]


def supply_chain_case() -> Case:
    """A lead and its partner, each with its own cost and account."""
    return Case(supply_chain_entries(), folder=Path("/case"), as_of=_D(2024, 1, 31))


def supply_chain_entries() -> list[Any]:
    """The entries of that case."""
    award = award_directives(parse_award(SUPPLY_CHAIN, "award.toml"))
    made = []
    for index, month in enumerate(months_between(_D(2023, 7, 1), _D(2023, 12, 31))):
        day = month_last_day(month).replace(day=9)
        made.append(paper("consumables", f"AB223344{index:02}", day, 77_777 + index))
        made.append(paper("consumables", f"AC223344{index:02}", day, 31_313 + index, buyer=PARTNER))
    made.append(paper("equipment", "AD22334400", _D(2023, 8, 8), 699_999))
    made.append(paper("equipment", "AE22334400", _D(2023, 9, 8), 388_888, buyer=PARTNER))
    own = builder.bank_entry("instalment", _D(2023, 8, 1), 300_000, "", "補助款", {})
    other = builder.bank_entry("instalment", _D(2023, 8, 2), 100_000, "", "補助款", {"party": PARTNER})
    return loaded(award + booked(award, made) + [own, other])


def own_scheme_case(folder: Path) -> Case:
    """The managed factory under a scheme that lies beside the case and rounds half up."""
    shipped = (FOLDER / "managed-factory-112.toml").read_text(encoding="utf-8")
    rounding = '[share_rounding]\nvalue = "half-up"\nsource = "約定"\nconfidence = "assumed"\n\n'
    own = shipped.replace('id = "managed-factory-112"', 'id = "own-112"', 1)
    own = own.replace("[categories.consumables]", rounding + "[categories.consumables]", 1)
    (folder / "schemes").mkdir()
    (folder / "schemes" / "own-112.toml").write_text(own, encoding="utf-8")
    return capped_case("own-112", folder)


def capped_case(scheme: str = "managed-factory-112", folder: Path = Path("/case")) -> Case:
    """A managed factory that spent little but on equipment: the category's cap and the ratio both bind."""
    factory = FACTORY | {"award": FACTORY["award"] | {"scheme": scheme}}
    award = award_directives(parse_award(factory, "award.toml"))
    made = [
        paper("equipment", "EQ22334400", _D(2023, 8, 8), 339_999),
        paper("consumables", "CO22334400", _D(2023, 9, 8), 340_001),
        paper("construction", "CN22334400", _D(2023, 9, 9), 5_000),
    ]
    received = builder.bank_entry("instalment", _D(2023, 8, 1), 320_000, "", "補助款", {})
    entries = award + booked(award, made, folder) + [received]
    return Case(loaded(entries), folder=folder, as_of=_D(2024, 1, 31))
