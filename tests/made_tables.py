"""The tables of README and docs/ that the code's registries say: `python -m tests.made_tables` writes them.

In a page a table stands between `<!-- made: NAME -->` and `<!-- made: end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from checks.engine.catalogue import all_checks
from checks.presentation.rule_pages import FAMILY_NAMES
from importers.bank.profile import profiles
from importers.records import Format
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_ids
from ledger.util.docstrings import summary
from ledger.util.i18n import _
from ledger.util.i18n import speaking
from portfolio.tables import MEANINGS
from portfolio.tables import TABLES

ROOT = Path(__file__).parents[1]
PAGES = {
    ROOT / "docs" / "formats.md": "zh_TW",
    ROOT / "docs" / "portfolio.md": "zh_TW",
    ROOT / "README.md": "zh_TW",
    ROOT / "README.en.md": "en",
}
_TABLE = re.compile(r"(<!-- made: (?P<name>\w+) -->\n).*?(<!-- made: end -->)", re.DOTALL)
TITLES: dict[Format, tuple[str, str]] = {
    "mig-xml": ("電子發票 XML(財政部 MIG 各種訊息、信封、壓縮檔)", "e-invoice XML (MIG messages, envelopes, zip files)"),
    "platform-xlsx": ("電子發票整合服務平台的進銷項、折讓下載檔", "downloads of the e-invoice platform, credit notes too"),
    "vat-media": ("營業稅媒體申報檔(用來核對,不入帳)", "VAT media file (compared with, not booked)"),
    "carrier-csv": ("載具彙整通知", "carrier notice"),
    "cloud-invoice-csv": ("雲端發票明細", "cloud invoice details"),
    "invoice-qr": ("紙本發票左側 QR 的文字", "text of the left QR code of a paper invoice"),
    "voucher-sheet": ("憑證登記表(`grant template vouchers.xlsx`)", "voucher sheet (`grant template vouchers.xlsx`)"),
    "payroll-sheet": ("薪資清冊(`grant template payroll.xlsx`)", "payroll sheet (`grant template payroll.xlsx`)"),
    "timesheet": ("工時紀錄表(`grant template timesheet.xlsx`)", "time sheet (`grant template timesheet.xlsx`)"),
    "bank-table": ("銀行交易明細(csv、tsv、xlsx、xls、ods、固定寬度文字)", "bank table (csv, tsv, xlsx, xls, ods, fixed width)"),
    "bank-html": ("銀行網頁存成的 xls、html", "a bank's page saved as xls or html"),
    "bank-pdf": ("銀行的 PDF 明細(選用套件)", "a bank's PDF statement (optional package)"),
    "mt940": ("MT940", "MT940"),
    "camt053": ("camt.053(ISO 20022)", "camt.053 (ISO 20022)"),
}  # fmt: skip
_SHOWN = 3  # checks of a family that are named


def page(text: str, language: str) -> str:
    """The page with its tables made anew."""
    with speaking(language):
        return _TABLE.sub(
            lambda found: f"{found[1]}\n" + "\n".join(_TABLES[found["name"]]()) + f"\n\n{found[3]}", text
        )


def _in(chinese: str, english: str) -> str:
    return chinese if _("憑證") == "憑證" else english


def _formats() -> Iterator[str]:
    yield _in("| 格式(`grant read` 的 format) | 檔案 |", "| format (of `grant read`) | files |")
    yield "|---|---|"
    for name in get_args(Format):
        yield f"| `{name}` | {_in(*TITLES[name])} |"


def _banks() -> Iterator[str]:
    yield "| 有設定的銀行 | 代號 | 版面從哪裡看到 |"
    yield "|---|---|---|"
    for profile in sorted(profiles(), key=lambda each: (each.code, each.bank)):
        yield f"| {profile.bank} | {profile.code} | {profile.source} |"


def _checks() -> Iterator[str]:
    yield _in("| 類別 | 檢查 | 例如 |", "| family | checks | for instance |")
    yield "|---|---|---|"
    for family, name in FAMILY_NAMES.items():
        found = [check for check in all_checks().values() if check.family == family]
        says = [summary(check.documentation).rstrip("。.") for check in found[:_SHOWN]]
        yield f"| {_(name)} | {len(found)} | {_in(';', '; ').join(says)} |"


def _schemes() -> Iterator[str]:
    yield _in("| 補助計畫 | 年度 | 補助上限(元) |", "| programme | ROC year | cap (NT$) |")
    yield "|---|---|---|"
    for scheme_id in scheme_ids():
        scheme = load_scheme(scheme_id)
        name = _in(scheme.name, f"`{scheme_id}` {scheme.name}")
        cap = "-" if scheme.subsidy_cap is None else f"{scheme.subsidy_cap.value:,}"
        yield f"| {name} | {scheme.year} | {cap} |"


def _portfolio() -> Iterator[str]:
    for table, columns in TABLES.items():
        yield from ("", f"### `{table}`", "", MEANINGS[table], "", "| 欄位 | 種類 | 說明 |", "|---|---|---|")
        yield from (f"| `{column.name}` | {column.kind} | {column.says} |" for column in columns)


_TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "formats": _formats,
    "banks": _banks,
    "checks": _checks,
    "schemes": _schemes,
    "portfolio": _portfolio,
}


if __name__ == "__main__":
    for each, spoken in PAGES.items():
        each.write_text(page(each.read_text(encoding="utf-8"), spoken), encoding="utf-8")
