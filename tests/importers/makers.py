"""A small award, and records of vouchers, for the tests of the pipeline."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beancount import loader

from importers.records import Reading
from importers.records import VoucherItem
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model.award import Award

UBN = "68388964"
DEDICATED, OWN = "490264681158", "7739778245078"
ITEMS = (
    ("consumables", "高效率軸承", "晟鑫科技企業有限公司"),
    ("consumables", "溫度變送器(4-20mA)", "嘉聿節能企業股份有限公司"),
    ("equipment", "高效率集塵設備", "川益節能股份有限公司"),
    ("improvement", "空壓機變頻節能改善", "川益節能股份有限公司"),
)


def tables(**changes: Any) -> dict[str, Any]:
    """award.toml as tables."""
    head = {
        "id": "112-測-0001",
        "scheme": "small-manufacturer-112",
        "title": "計畫",
        "filed": datetime.date(2023, 6, 15),
        "start": datetime.date(2023, 7, 1),
        "end": datetime.date(2024, 6, 30),
        "guarantee": "partial",
    }
    made: dict[str, Any] = {
        "award": head,
        "company": {"name": "信沛模具有限公司", "ubn": UBN, "representative": "蔡雅婷"},
        "account": {"bank": "第一銀行", "number": DEDICATED},
        "payment_account": [{"bank": "華南銀行", "number": OWN}],
        "budget": [
            {"category": category, "government": 300_000, "self": 350_000}
            for category in ("consumables", "equipment", "improvement")
        ],
        "item": [
            {
                "category": category,
                "name": name,
                "government": 150_000,
                "self": 175_000,
                "quantity": 20,
                "supplier": supplier,
            }
            for category, name, supplier in ITEMS
        ],
        "person": [{"name": "郭冠宇", "role": "計畫主持人", "insured": True, "months": 12}],
    }
    return made | changes


def case_of(text: str = "", **changes: Any) -> Case:
    """The case of the award with some ledger text."""
    award = as_text(award_directives(parse_award(tables(**changes), "award.toml")))
    entries, _errors, _options = loader.load_string(award + text)
    return Case(entries, as_of=datetime.date(2024, 12, 31))


def award_of(**changes: Any) -> Award:
    award = case_of(**changes).award
    assert award is not None
    return award


AWARD = award_of()


def item(name: str, amount: int | None, quantity: int | None = 1) -> VoucherItem:
    return VoucherItem(
        name,
        None if quantity is None else Decimal(quantity),
        "台",
        None if amount is None else Decimal(amount),
    )


def invoice(*items: VoucherItem, net: int | None, **changes: Any) -> VoucherRecord:
    """An invoice of 2023-07-12."""
    said: dict[str, Any] = {
        "kind": "invoice",
        "number": "AB12345678",
        "date": datetime.date(2023, 7, 12),
        "seller": "27715140",
        "seller_name": "晟鑫科技企業有限公司",
        "buyer": UBN,
        "net": net,
        "tax": ((net or 0) * 5 + 50) // 100,
        "items": items,
    }
    said |= changes
    said.setdefault("gross", (said["net"] or 0) + (said["tax"] or 0))
    return VoucherRecord(**said)


def reading(*records: VoucherRecord, route: Any = "mig-xml", file: str = "a.xml") -> Reading:
    return Reading(file, route, records=records)
