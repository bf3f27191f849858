"""The tables of docs/formats.md, from the registries of the importers: `python -m tests.formats_page` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from importers.bank.profile import profiles
from importers.records import Format

PAGE = Path(__file__).parents[1] / "docs" / "formats.md"
_TABLES = re.compile(r"(<!-- formats: made by [^>]*-->\n).*?(<!-- formats: end -->)", re.DOTALL)
TITLES: dict[Format, str] = {
    "mig-xml": "電子發票 XML(財政部 MIG 各種訊息、信封、壓縮檔)",
    "platform-xlsx": "電子發票整合服務平台的進銷項、折讓下載檔",
    "vat-media": "營業稅媒體申報檔(用來核對,不入帳)",
    "carrier-csv": "載具彙整通知",
    "cloud-invoice-csv": "雲端發票明細",
    "invoice-qr": "紙本發票左側 QR 的文字",
    "voucher-sheet": "憑證登記表(`grant template vouchers.xlsx`)",
    "payroll-sheet": "薪資清冊(`grant template payroll.xlsx`)",
    "timesheet": "工時紀錄表(`grant template timesheet.xlsx`)",
    "bank-table": "銀行交易明細(csv、tsv、xlsx、xls、ods、固定寬度文字)",
    "bank-html": "銀行網頁存成的 xls、html",
    "bank-pdf": "銀行的 PDF 明細(選用套件)",
    "mt940": "MT940",
    "camt053": "camt.053(ISO 20022)",
}


def page(text: str) -> str:
    """The page with its tables made anew."""
    return _TABLES.sub(lambda found: found[1] + "\n".join(_lines()) + "\n" + found[2], text)


def _lines() -> Iterator[str]:
    yield "\n| 格式(`grant read` 的 format) | 檔案 |\n|---|---|"
    for name in get_args(Format):
        yield f"| `{name}` | {TITLES.get(name, name)} |"
    yield "\n| 有設定的銀行 | 代號 | 版面從哪裡看到 |\n|---|---|---|"
    for profile in sorted(profiles(), key=lambda each: (each.code, each.bank)):
        yield f"| {profile.bank} | {profile.code} | {profile.source} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
