"""What kinds of files and lines are called, and how to get a file that can be read."""

from __future__ import annotations

from pathlib import Path

from importers.bank.profile import profiles
from importers.read import EVIDENCE_SUFFIXES
from importers.records import BANK_FORMATS
from ledger.model.award import BankAccount
from ledger.util.i18n import _

_STATEMENT_WORDS = ("明細", "對帳", "存摺", "專戶", "交易", "statement", "bank")


def format_name(kind: str) -> str:
    """The name of a format that a reader knows; the format itself where it has none."""
    names = {
        "mig-xml": _("電子發票 XML"),
        "platform-xlsx": _("財政部電子發票平台下載檔"),
        "vat-media": _("營業稅媒體申報檔"),
        "carrier-csv": _("載具發票明細"),
        "cloud-invoice-csv": _("雲端發票明細"),
        "invoice-qr": _("發票 QR 碼文字"),
        "voucher-sheet": _("憑證登記表"),
        "payroll-sheet": _("薪資清冊"),
        "timesheet": _("工時紀錄"),
        "bank-table": _("銀行交易明細(試算表)"),
        "bank-html": _("銀行交易明細(網頁下載檔)"),
        "bank-pdf": _("銀行交易明細(PDF)"),
        "mt940": _("銀行交易明細(MT940)"),
        "camt053": _("銀行交易明細(camt.053)"),
    }
    return names.get(kind, kind)


def paper_name(path: Path) -> str:
    """What a file that is looked at and not read is called."""
    return _("掃描檔(PDF)") if path.suffix.lower() == ".pdf" else _("照片或圖檔")


def account_name(account: BankAccount) -> str:
    """Whose account a statement is of: its bank, and the end of its number."""
    name = _("補助款專戶") if account.dedicated else _("公司付款帳戶")
    return f"{name} {account.bank} …{account.number[-5:]}"


def advice(path: Path, formats: frozenset[str] = frozenset()) -> str:
    """How to get a good file in place of one that was not taken: of its bank where its name or content tells, else of its kind."""
    name = path.name.lower()
    is_statement = bool(formats & BANK_FORMATS) or any(word in name for word in _STATEMENT_WORDS)
    bank = next(
        (each.bank for each in profiles() if any(word.lower() in name for word in (each.bank, *each.words))),
        "",
    )
    if bank or is_statement:
        return _(
            "請到{bank}的網路銀行查詢帳戶「交易明細」,選整個月份,以「下載」存成 CSV 或 Excel(不要列印、截圖或另存網頁)後再放進來;"
            "檔案要看得到帳號、日期、支出、存入與餘額"
        ).format(bank=bank or _("開戶銀行"))
    if path.suffix.lower() in EVIDENCE_SUFFIXES:
        return _("把檔名改成憑證號碼(例如 AB12345678.jpg)再放進來,就會歸到那張憑證;也可以在「待答」指定憑證")
    if path.suffix.lower() == ".xml":
        return _("請向賣方索取財政部格式(MIG)的電子發票 XML,或改從電子發票整合服務平台下載 Excel")
    return _(
        "電子發票請從財政部電子發票整合服務平台下載;其他憑證請填「憑證登記表」、薪資請填「薪資清冊」(在「收件」頁下載空白表格)"
    )


def bank_line_name(kind: str) -> str:
    """What a line of the dedicated account is booked as."""
    names = {
        "instalment": _("補助款撥入"),
        "interest": _("專戶利息"),
        "withholding": _("利息扣繳稅款"),
        "withdrawal": _("提領"),
        "return": _("繳回專戶"),
        "remit-interest": _("孳息繳交國庫"),
        "remit-surplus": _("結餘款繳交國庫"),
        "own-money": _("公司自有款項"),
        "fee": _("銀行手續費"),
        "deposit": _("存入,用途待認定"),
        "unexplained": _("支出,用途待認定"),
        "premium": _("二代健保補充保費"),
        "returned": _("退回的款項"),
        "taking-back": _("沖銷先前一筆"),
    }
    return names.get(kind, kind)
