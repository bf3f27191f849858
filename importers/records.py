"""What readers give: bank lines and voucher records, as the papers say it, before anything is decided."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.model.timesheets import Timesheet
from ledger.model.voucher_details import DetailValue
from ledger.schemes.model import PAY_PARTS

Status = Literal["valid", "voided", "rejected"]
Format = Literal[
    "mig-xml",
    "platform-xlsx",
    "vat-media",
    "carrier-csv",
    "cloud-invoice-csv",
    "invoice-qr",
    "voucher-sheet",
    "payroll-sheet",
    "timesheet",
    "bank-table",
    "bank-html",
    "bank-pdf",
    "mt940",
    "camt053",
]
BULK_FORMATS: frozenset[Format] = frozenset({"platform-xlsx", "carrier-csv", "cloud-invoice-csv"})
"""Downloads that hold a whole company's purchases, whosever business they are."""
BANK_FORMATS: frozenset[Format] = frozenset({"bank-table", "bank-html", "bank-pdf", "mt940", "camt053"})


class ReadError(GrantError):
    """A file that a reader knows for its own and cannot take; the message says why, in one line."""


class UnknownFileError(ReadError):
    """A file that no reader knows for its own: it may be a paper to look at."""


class Choice(NamedTuple):
    """One answer that a question admits."""

    answer: str  # what `grant answer` takes
    label: str
    why: str = ""


class NeedsAnswerError(ReadError):
    """A file that is whole and that one answer of the accountant's would make readable.

    `kind` is that of the question (`statement`), `text` asks it in one line and is the error's message too.
    """

    def __init__(self, kind: str, text: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.choices = choices


class BankLine(NamedTuple):
    """One line of a bank statement, in whole NT$."""

    date: datetime.date
    amount: int  # signed: money out is negative
    balance: int | None
    time: str = ""  # HH:MM:SS or empty
    text: str = ""  # 摘要: the bank's word for it
    memo: str = ""  # 備註: the payer's words
    counterparty: str = ""  # 對方帳號 or the other side's name
    row: int = 0  # where it stands in the file, from 1
    # The bank says that it takes an earlier line back (沖正, 更正, 退匯); the amount has its own sign already.
    is_reversal: bool = False

    def as_json(self) -> dict[str, Any]:
        """The record as `grant read --json` shows it; `reversal` only where the line is one."""
        record: dict[str, Any] = {
            "date": self.date.isoformat(),
            "time": self.time,
            "amount": self.amount,
            "balance": self.balance,
            "text": self.text,
            "memo": self.memo,
            "counterparty": self.counterparty,
        }
        return record | {"reversal": True} if self.is_reversal else record


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherItem:
    """One line of a voucher. `amount` is as printed: with or without tax, both occur."""

    name: str
    quantity: Decimal | None
    unit: str
    amount: Decimal | None
    details: tuple[tuple[str, DetailValue], ...] = ()  # by the keys of `ledger.model.voucher_details`


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """An earlier invoice that an allowance, a cancellation or a void names."""

    number: str
    date: datetime.date | None
    net: int = 0
    tax: int = 0
    name: str = ""  # the 品名 the allowance names, where it does


@dataclasses.dataclass(frozen=True, slots=True)
class PayrollDetail:
    """What a payroll row says besides the amount claimed."""

    month: str  # YYYY-MM
    name: str
    role: str
    salary: Decimal | None
    hours: Decimal | None
    total_hours: Decimal | None
    base: Decimal | None = None  # 本薪
    allowance: Decimal | None = None  # 固定津貼、加給
    bonus: Decimal | None = None  # 獎金
    joined: datetime.date | None = None  # 到職日
    left: datetime.date | None = None  # 離職日


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherRecord:
    """One voucher, or one event in a voucher's life, in whole NT$.

    `kind`: invoice, receipt, foreign-invoice, labour-receipt (勞務報酬單), payroll, requisition, declaration
    (進口報單), apportionment (分攤表), travel; allowance (折讓); cancel (作廢), void (註銷), reject (退回) of what
    `references` names.
    For cancel, void and reject `number` is the number of the invoice meant.
    """

    kind: str
    number: str
    date: datetime.date | None
    seller: str = ""
    seller_name: str = ""
    buyer: str = ""
    buyer_name: str = ""
    net: int | None = None
    tax: int | None = None
    gross: int | None = None
    status: Status = "valid"
    frees_number: bool = False  # voided by 註銷, after which its number may be used again
    items: tuple[VoucherItem, ...] = ()
    references: tuple[Reference, ...] = ()
    category: str = ""  # 會計科目 as the sheet has it
    paid: datetime.date | None = None
    payment_method: str = ""
    attachment: str = ""
    payroll: PayrollDetail | None = None
    tax_type: str = ""  # 課稅別: 1 應稅 2 零稅率 3 免稅 4 特種 9 混合, where the paper tells
    deduction: str = ""  # 扣抵代號 1-4 of the VAT media file, or BuyerRemark
    is_declared: bool = (
        False  # a row of the VAT return: it names no day and no item, serves to reconcile, books nothing
    )
    row: int = 0
    details: tuple[tuple[str, DetailValue], ...] = ()  # of the whole voucher, keys as those of its lines

    def as_json(self) -> dict[str, Any]:
        """The record as `grant read --json` shows it."""
        record: dict[str, Any] = {
            "kind": self.kind,
            "number": self.number,
            "date": self.date.isoformat() if self.date else None,
            "seller": self.seller,
            "seller_name": self.seller_name,
            "buyer": self.buyer,
            "net": self.net,
            "tax": self.tax,
            "gross": self.gross,
            "status": self.status,
            "items": [
                {
                    "name": item.name,
                    "quantity": _number(item.quantity),
                    "unit": item.unit,
                    "amount": _number(item.amount),
                }
                for item in self.items
            ],
        }
        if self.references:
            record["references"] = [
                {
                    "number": reference.number,
                    "date": reference.date.isoformat() if reference.date else None,
                    "net": reference.net,
                    "tax": reference.tax,
                }
                for reference in self.references
            ]
        if self.category:
            record["category"] = self.category
        if self.paid:
            record["paid"] = self.paid.isoformat()
        if self.deduction:
            record["deduction"] = self.deduction
        if self.payroll:
            record |= {
                "month": self.payroll.month,
                "name": self.payroll.name,
                "role": self.payroll.role,
                "salary": _number(self.payroll.salary),
                "hours": _number(self.payroll.hours),
                "total_hours": _number(self.payroll.total_hours),
            }
            record |= {
                part: _number(amount)
                for part in PAY_PARTS
                if (amount := getattr(self.payroll, part)) is not None
            }
            record |= {
                name: day.isoformat()
                for name, day in (("joined", self.payroll.joined), ("left", self.payroll.left))
                if day is not None
            }
        return record


def _number(value: Decimal | None) -> int | str | None:
    """An integer where the number is whole, else its digits: never a float."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else str(value)


def _timesheet_json(sheet: Timesheet) -> dict[str, Any]:
    """A person's month as `grant read --json` shows it."""
    return {
        "kind": "timesheet",
        "month": sheet.month,
        "name": sheet.name,
        "hours": _number(sheet.project),
        "total_hours": _number(sheet.total),
        "days": {str(day): _number(hours.project) for day, hours in sorted(sheet.days.items())},
    }


class LeftOut(NamedTuple):
    """A row of a sheet that could not be taken while the others could."""

    row: int  # from 1
    record: dict[str, str]  # what it shows, for `unmatched`
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What one file (or one member of a zip) says."""

    file: str
    format: Format
    encoding: str = ""
    account: str = ""  # banks: the account's number, digits only, where the file names it
    records: tuple[BankLine | VoucherRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # rows that have to be put right before they can be read
    others: tuple[Reading, ...] = ()  # banks: what the file says of other accounts
    timesheets: tuple[Timesheet, ...] = ()

    @property
    def every(self) -> tuple[Reading, ...]:
        """This reading and those of the file's other accounts, each by itself."""
        return (dataclasses.replace(self, others=()), *self.others) if self.others else (self,)

    def as_json(self) -> dict[str, Any]:
        """The reading as `grant read --json` shows it."""
        reading: dict[str, Any] = {"file": self.file, "format": self.format, "encoding": self.encoding}
        if self.account or self.format in BANK_FORMATS:
            reading["account"] = self.account
        reading["records"] = [record.as_json() for record in self.records]
        reading["records"] += [_timesheet_json(sheet) for sheet in self.timesheets]
        reading["warnings"] = [*self.warnings, *(row.reason for row in self.left_out)]
        return reading
