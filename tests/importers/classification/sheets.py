"""Voucher sheets put into a case, and what they became."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from importers.classification.decisions import load
from importers.ingest import import_files
from ledger.case.case import Case

HEAD = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"


def row(number: str, item: str, net: int, day: str = "2023-07-12", seller: str = "福泰有限公司") -> str:
    return f"{day},發票,{number},12345675,{seller},{item},2,台,{net},{net // 20},,,匯款,\n"


def sheet(case: Path, name: str, *rows: str) -> Any:
    path = case / "inbox" / name
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return import_files(case)


def case_of(folder: Path) -> Case:
    loaded = load(folder)
    assert loaded.errors == []
    return loaded.case


def voucher(folder: Path, number: str) -> Any:
    return next(v for v in case_of(folder).vouchers if v.number == number and not v.reverses)
