"""Later downloads of the e-invoice platform held against what cases claim: invoices since voided or reduced."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

import duckdb

from checks.analysis.document_identity import plain
from importers.read import Refusal
from importers.read import read_file
from importers.records import VoucherRecord
from importers.sources.walk import files_in
from ledger.model.identifiers import invoice_period
from ledger.util.i18n import _

_TAKEN_BACK = frozenset({"cancel", "void", "reject"})
_ENDED = frozenset({"voided", "rejected"})


class Changed(NamedTuple):
    """A claimed invoice that is no longer what it was: NT$ that are claimed without it."""

    path: str
    voucher: str
    date: datetime.date | None
    amount: int
    message: str

    def as_json(self) -> dict[str, Any]:
        """As `grant portfolio watch --json` shows it."""
        return {
            "case": self.path,
            "voucher": self.voucher,
            "date": self.date.isoformat() if self.date else None,
            "amount": self.amount,
            "message": self.message,
        }


class Watched(NamedTuple):
    """What later downloads say of the claims, and the files that say nothing, each with the reason."""

    found: list[Changed]
    unread: list[Refusal]


def watch(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Watched:
    """The claims of the index whose invoice the files show as void, or as reduced below what all cases claim of it.

    A number is used again after years, so that an invoice is its number and its period.
    """
    records, unread = _records(files)
    ended: dict[tuple[str, str], datetime.date | None] = {}
    allowances: dict[tuple[str, datetime.date | None], VoucherRecord] = {}  # once, in however many files
    for record in records:
        if record.kind in _TAKEN_BACK:
            day = record.references[0].date if record.references else record.date
            ended[_invoice(record.number, day)] = record.date
        elif record.status in _ENDED:
            ended[_invoice(record.number, record.date)] = record.date
        elif record.kind == "allowance":
            allowances[record.number, record.date] = record
    reduced: dict[tuple[str, str], int] = defaultdict(int)
    for (number, day), record in allowances.items():
        if _invoice(number, day) not in ended:  # an allowance is taken back by its own number
            for reference in record.references:
                reduced[_invoice(reference.number, reference.date)] += reference.net
    return Watched(list(_changed(connection, ended, reduced)), unread)


def _records(files: Sequence[Path]) -> tuple[list[VoucherRecord], list[Refusal]]:
    records, unread = [], []
    for path in files_in(list(files)):
        read = read_file(path)
        found = [
            record
            for reading in read.readings
            for record in reading.records
            if isinstance(record, VoucherRecord) and not record.is_declared
        ]
        records += found
        unread += [*([read.refusal] if read.refusal else []), *read.unread]
        if not (found or read.refusal or read.unread):
            unread.append(Refusal(path.name, _("裡面沒有發票")))
    return records, unread


def _invoice(number: str, day: datetime.date | None) -> tuple[str, str]:
    return plain(number), invoice_period(day) if day else ""


def _changed(
    connection: duckdb.DuckDBPyConnection,
    ended: Mapping[tuple[str, str], datetime.date | None],
    reduced: Mapping[tuple[str, str], int],
) -> Iterator[Changed]:
    """What is claimed too much, by invoice; where several cases share one it is taken from who claimed last."""
    rows = connection.execute(
        "SELECT number, dated, path, label, max(net), sum(cost)::BIGINT, any_value(seller_name) FROM claims "
        "WHERE number <> '' GROUP BY number, dated, path, label ORDER BY max(booked) DESC, path DESC"
    ).fetchall()
    claimed: dict[tuple[str, str], list[tuple[str, str, int, int, str]]] = defaultdict(list)
    for number, dated, *claim in rows:
        claimed[_invoice(number, dated)].append((claim[0], claim[1], claim[2], claim[3], claim[4]))
    for invoice, claims in sorted(claimed.items()):
        if invoice in ended:
            for path, label, _net, cost, name in claims:
                message = _("{case}:憑證 {number}({name})已作廢,仍報支 {cost} 元").format(
                    case=path, number=label, name=name, cost=f"{cost:,}"
                )
                yield Changed(path, label, ended[invoice], cost, message)
        elif invoice in reduced:
            left = max(net for _path, _label, net, _cost, _name in claims) - reduced[invoice]
            over = sum(cost for _path, _label, _net, cost, _name in claims) - left
            for path, label, _net, cost, name in claims:
                taken = min(over, cost)
                over -= taken
                if taken > 0:
                    message = _("{case}:憑證 {number}({name})已折讓 {reduced} 元,多報支 {over} 元").format(
                        case=path, number=label, name=name, reduced=f"{reduced[invoice]:,}", over=f"{taken:,}"
                    )
                    yield Changed(path, label, None, taken, message)
