"""A case whose vouchers say all that they can: machines, a journey, a contract, foreign money, a shared invoice."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.case.case import Case
from ledger.entries import builder
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model import directives
from tests.reports import office

_D = datetime.date
MACHINE, DRYER, BOARD, JOURNEY = "全電式射出成型機", "除濕乾燥機", "伺服馬達驅動器", "供應鏈廠商訪視"

AWARD: dict[str, Any] = office.AWARD | {
    "award": office.AWARD["award"]
    | {"id": "112-鏈-0099", "scheme": "supply-chain-smart-112", "contract": "112-鏈-契-0099"},
    "company": office.AWARD["company"] | {"address": "範例市範例路 1 號", "telephone": "00-0000-0000"},
    "budget": [*office.AWARD["budget"], {"category": "travel", "government": 0, "self": 60_000}],
    "item": [
        *office.AWARD["item"],
        {
            "category": "equipment",
            "name": DRYER,
            "government": 0,
            "self": 200_000,
            "quantity": 2,
            "unit": "台",
            "domestic": False,
        },
    ],
    "person": [
        {"name": "王大明", "role": "計畫主持人", "insured": True, "months": Decimal("5.5"), "salary": 61_300},
        {"name": "林小華", "role": "工程師", "insured": True, "months": 3},
    ],
}


def _paper(number: str, net: int, line: CostLine, kind: str = "invoice", **meta: Any) -> VoucherToBook:
    return VoucherToBook(
        kind=kind,
        number=number,
        date=_D(2023, 9, 12),
        seller="12345675",
        seller_name="範例設備行",
        buyer=office.AWARD["company"]["ubn"],
        net=net,
        tax=0,
        lines=(line,),
        import_id=f"sheet:{number}",
        document=f"2023-09-12.{number}.pdf",
        meta=tuple((key.replace("_", "-"), value) for key, value in meta.items()),
        is_payable=kind != "requisition",
    )


def _machine(item: str, quantity: int, net: int, **meta: Any) -> CostLine:
    told = tuple((key.replace("_", "-"), value) for key, value in meta.items())
    return CostLine("equipment", item, Decimal(quantity), net, meta=told)


def papers() -> list[VoucherToBook]:
    home = {
        "brand": "範例牌",
        "model": "SC-200",
        "serial": "SN2307001",
        "origin": "國產",
        "place": "一廠加工區",
    }
    away = {"brand": "Example", "serial": "DX-7、DX-8", "origin": "日本", "unit": "組"}
    day = _D(2023, 9, 12)
    usd: dict[str, Any] = {
        "currency": "USD",
        "foreign": Decimal("1200.5"),
        "rate": Decimal("31.25"),
        "declaration": "AA1234567890",
    }
    contract: dict[str, Any] = {
        "contract": "C-112-01",
        "contract_from": day,
        "contract_until": _D(2024, 3, 31),
    }
    journey: dict[str, Any] = {
        "traveller": "林小華",
        "travel_from": day,
        "travel_until": _D(2023, 9, 13),
        "destination": "臺南",
    }
    pay = [office.pay_slip(month, 61_300, 84, 168) for month in ("2023-07", "2023-08", "2023-09")]
    stranger = dataclasses.replace(
        pay[0], number="薪202307-陳新人", seller_name="陳新人", import_id="payroll:2023-07:陳新人"
    )
    return [
        *pay,
        stranger,
        _paper("EQ10000001", 1_100_000, _machine(MACHINE, 1, 1_100_000, asset_number="M-112-001", **home)),
        _paper(
            "EQ10000002", 180_000, _machine(DRYER, 3, 180_000, **away), journal="1120912001", proof="匯款單"
        ),
        _paper(
            "F-2309", 37_516, CostLine("consumables", BOARD, Decimal(2), 37_516), "foreign-invoice", **usd
        ),
        _paper(
            "CO10000001",
            30_100,
            CostLine("consumables", BOARD, Decimal(1), 30_100, meta=(("invoice-item", "驅動器 SV-1"),)),
            shared_total=Decimal(100_000),
            share=Decimal(30),
            shared_with="範例部另案計畫",
        ),
        _paper("領-0912", 8_000, CostLine("consumables", "庫存螺絲", Decimal(10), 8_000), "requisition"),
        _paper(
            "RE10000001",
            120_000,
            CostLine("research", "碳足跡盤查及驗證", Decimal(1), 120_000),
            **contract,
            contract_total=Decimal(400_000),
            part="第一期",
        ),
        _paper(
            "差-0912",
            3_720,
            CostLine("travel", JOURNEY, None, 3_720),
            "travel",
            **journey,
            purpose="訪視協力廠導入進度",
            transport=Decimal(1_920),
            lodging=Decimal(1_200),
            daily=Decimal(600),
        ),
    ]


def detailed_case() -> Case:
    """The case on a day after its end; papers of it are missing."""
    award = award_directives(parse_award(AWARD, "award.toml"))
    milestones = [
        directives.custom(_D(2023, 6, 20), "milestone", "signing", number="112-鏈-契-0099"),
        directives.custom(
            _D(2023, 6, 20), "milestone", "guarantee", amount=directives.twd(410_000), until=_D(2024, 9, 30)
        ),
    ]
    days = " ".join(f"{day}=4/8" for day in range(1, 21))
    milestones += [
        directives.custom(_D(2023, 7, 31), "timesheet", "王大明", "2023-07", days=days),
        directives.custom(_D(2023, 8, 31), "timesheet", "王大明", "2023-08", days="1=4.5 2=3"),
    ]
    received = builder.bank_entry("instalment", _D(2023, 8, 1), 300_000, "", "補助款", {})
    entries = [*award, *milestones, *office.booked(award, papers()), received]
    return Case(office.loaded(entries), folder=Path("/case"), as_of=_D(2024, 8, 15))


def no_interest_case() -> Case:
    """An award of which nothing was spent and nothing came."""
    award = award_directives(parse_award(AWARD, "award.toml"))
    return Case(office.loaded(award), folder=Path("/case"), as_of=_D(2024, 8, 15))
