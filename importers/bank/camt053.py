"""ISO 20022 account statements (camt.053), reports of a day (camt.052) and advices (camt.054), of any version.

Elements are looked up by their local name. A report and an advice need not show every entry, and have no balances.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from decimal import Decimal
from decimal import InvalidOperation

import lxml.etree

from importers.bank.parsing.cells import account_number
from importers.bank.parsing.cells import clock
from importers.bank.parsing.order import in_order_of_days
from importers.bank.parsing.reversals import takes_back
from importers.bank.parsing.rows import foreign_error
from importers.bank.table import by_account
from importers.bank.table import with_others
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source
from ledger.util.dates import parse_date
from ledger.util.i18n import _

Element = lxml.etree._Element  # noqa: SLF001 -- lxml has no public name for it

_ROOTS = {"BkToCstmrStmt": "Stmt", "BkToCstmrAcctRpt": "Rpt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
_REMITTANCE = (  # free text, the number of an invoice, a creditor's reference, what the bank adds
    ("RmtInf", "Ustrd"),
    ("RmtInf", "Strd", "RfrdDocInf", "Nb"),
    ("RmtInf", "Strd", "CdtrRefInf", "Ref"),
    ("AddtlTxInf",),
)
_MOST_DIGITS = 18  # ISO 20022 allows no more


def read(source: Source) -> Reading | None:
    """The booked entries of a camt file, oldest first; None where it is none.

    Raises ReadError where the XML is broken or declares a document type, where an entry cannot be read or is not
    in whole NT$, or where opening balance and entries do not give the closing balance. `row` is the line of the
    file where the entry begins.
    """
    if source.kind != "xml" or not any(name.encode() in source.data for name in _ROOTS):
        return None
    root = _parse(source.data)
    statements = [found for name, part in _ROOTS.items() for found in _named(root, name, part)]
    if not statements:
        return None
    for statement in statements:
        if (currency := _text(statement, "Acct", "Ccy")) not in {"", "TWD"}:
            raise foreign_error(currency)
    parts = by_account(sorted(statements, key=_begins), _account_of)
    return with_others([_reading(source, account, of_account) for account, of_account in parts])


def _begins(statement: Element) -> str:
    return _text(statement, "FrToDt", "FrDtTm") or _text(statement, "CreDtTm")


def _account_of(statement: Element) -> frozenset[str]:
    text = _text(statement, "Acct", "Id", "Othr", "Id") or _text(statement, "Acct", "Id", "IBAN")
    return frozenset({account_number(text)} - {""})


def _reading(source: Source, account: str, statements: list[Element]) -> Reading:
    """The statements of one account, one after the other."""
    lines: list[BankLine] = []
    warnings: list[str] = []
    for statement in statements:
        found, pending = _read_statement(statement, lines[-1].balance if lines else None)
        lines += found
        if pending:
            warnings.append(_("{count} 筆尚未入帳的交易未列入").format(count=pending))
    if not lines:
        warnings.append(_("檔案中沒有交易明細"))
    return Reading(source.name, "camt053", "", account, tuple(lines), tuple(warnings))


def _parse(data: bytes) -> Element:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise ReadError(
            _("camt.053 的 XML 不完整：{reason}").format(reason=" ".join(str(error).split())[:120])
        ) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise ReadError(_("camt.053 的 XML 不應有 DOCTYPE，拒絕讀取"))
    return root


def _read_statement(statement: Element, before: int | None) -> tuple[list[BankLine], int]:
    """The entries of one statement with the balance after each, and the number of pending ones left out."""
    entries = list(_named(statement, "Ntry"))
    booked = [
        entry for entry in entries if (_text(entry, "Sts", "Cd") or _text(entry, "Sts")) in {"", "BOOK"}
    ]
    lines = in_order_of_days([_line(entry) for entry in booked])
    opening = _balance(statement, ("OPBD", "PRCD"))
    if lxml.etree.QName(statement).localname != "Stmt":
        return _of_part(statement, lines, opening), len(entries) - len(booked)
    if before is not None and opening is not None and opening != before:
        raise ReadError(
            _("期初餘額 {opening:,} 與前一份的期末餘額 {before:,} 不符").format(
                opening=opening, before=before
            )
        )
    balance = opening
    chained = []
    for line in lines:
        if balance is not None:
            balance += line.amount
        chained.append(line._replace(balance=balance))
    closing = _balance(statement, ("CLBD",))
    if closing is not None and balance is not None and closing != balance:
        raise ReadError(
            _("期末餘額為 {closing:,}，但期初餘額加減明細為 {found:,}，可能有漏列").format(
                closing=closing, found=balance
            )
        )
    return chained, len(entries) - len(booked)


def _of_part(statement: Element, lines: list[BankLine], opening: int | None) -> list[BankLine]:
    """The lines of a report within a day or of an advice: with balances only where the last one proves them.

    Such a report may hold what came since the one before and all the same the opening balance of the day.
    """
    closing = _balance(statement, ("CLBD", "ITBD"))
    if opening is None or closing != opening + sum(line.amount for line in lines):
        return lines
    balances = itertools.accumulate((line.amount for line in lines), initial=opening)
    return [
        line._replace(balance=balance)
        for line, balance in zip(lines, itertools.islice(balances, 1, None), strict=True)
    ]


def _line(entry: Element) -> BankLine:
    """One entry, its balance still unknown."""
    row = _row(entry)
    transactions = list(_named(entry, "NtryDtls", "TxDtls"))
    details = transactions[0] if len(transactions) == 1 else entry
    amount = _amount(entry, row)
    is_in = _text(entry, "CdtDbtInd") == "CRDT"
    booked = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm")
    side = "Dbtr" if is_in else "Cdtr"
    account = _text(details, "RltdPties", side + "Acct", "Id", "Othr", "Id")
    name = _text(details, "RltdPties", side, "Nm") or _text(details, "RltdPties", side, "Pty", "Nm")
    remittance = [
        _content(element)
        for each in transactions or [entry]
        for path in _REMITTANCE
        for element in _named(each, *path)
    ]
    if len(transactions) > 1:  # one entry for several: the names of all of them
        paths = [("RltdPties", side, "Nm"), ("RltdPties", side, "Pty", "Nm")]
        remittance = [*(_text(each, *path) for each in transactions for path in paths), *remittance]
    code = _text(entry, "BkTxCd", "Prtry", "Cd")
    information = _text(entry, "AddtlNtryInf")
    memo = [word for word in (name if account else "", *remittance) if word]
    return BankLine(
        date=_day(booked or _text(entry, "ValDt", "Dt"), row),
        amount=amount if is_in else -amount,
        balance=None,
        time=clock(booked[11:19]),
        text=information or code,
        memo=" ".join(dict.fromkeys(memo)),
        counterparty=account or name,
        row=row,
        is_reversal=_text(entry, "RvslInd").casefold() in {"true", "1"} or takes_back(information),
    )


def _row(element: Element) -> int:
    return int(str(element.sourceline or 0))


def _day(text: str, row: int) -> datetime.date:
    day = parse_date(text[:10])
    if day is None:
        raise ReadError(_("第{row}列有金額但沒有可讀的日期：{cell}").format(row=row, cell=text[:30]))
    return day


def _amount(parent: Element, row: int) -> int:
    """The whole NT$ of the `Amt` in an entry or a balance, with no sign."""
    element = next(_named(parent, "Amt"), None)
    text = "" if element is None else _content(element)
    if element is not None and element.get("Ccy", "TWD") != "TWD":
        raise foreign_error(str(element.get("Ccy")))
    if _text(parent, "CdtDbtInd") not in {"CRDT", "DBIT"}:
        raise ReadError(_("第{row}列沒有收支別（CdtDbtInd）").format(row=row))
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number.adjusted() > _MOST_DIGITS:
        raise ReadError(_("第{row}列的金額不是數字：{cell}").format(row=row, cell=text[:30]))
    if number != number.to_integral_value():
        raise ReadError(_("第{row}列的金額有角分：{cell}").format(row=row, cell=text[:30]))
    return int(number)


def _balance(statement: Element, codes: tuple[str, ...]) -> int | None:
    """The balance of the first of these kinds that the statement has, signed."""
    for code in codes:
        for balance in _named(statement, "Bal"):
            if _text(balance, "Tp", "CdOrPrtry", "Cd") == code:
                amount = _amount(balance, _row(balance))
                return amount if _text(balance, "CdtDbtInd") == "CRDT" else -amount
    return None


def _named(parent: Element, *path: str) -> Iterator[Element]:
    """The descendants at a path of local names, whatever their namespace."""
    if not path:
        yield parent
        return
    for child in parent:
        if isinstance(child.tag, str) and lxml.etree.QName(child).localname == path[0]:
            yield from _named(child, *path[1:])


def _text(parent: Element, *path: str) -> str:
    """The text at the first place of a path; empty where there is none."""
    return next((_content(element) for element in _named(parent, *path)), "")


def _content(element: Element) -> str:
    return " ".join((element.text or "").split())
