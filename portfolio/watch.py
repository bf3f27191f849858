"""Later downloads of the e-invoice platform held against what cases claim: invoices since voided or reduced."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

import duckdb

from importers.read import files_in
from importers.read import read_file
from importers.records import VoucherRecord
from ledger.util.i18n import _

_TAKEN_BACK = frozenset({"cancel", "void", "reject"})


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


def watch(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> list[Changed]:
    """The claims of the index whose invoice the files show as void, or as reduced below what is claimed."""
    voided: dict[str, VoucherRecord] = {}
    reduced: dict[str, int] = defaultdict(int)
    for path in files_in(list(files)):
        for reading in read_file(path).readings:
            for record in reading.records:
                if not isinstance(record, VoucherRecord):
                    continue
                if record.kind in _TAKEN_BACK or record.status in {"voided", "rejected"}:
                    voided[record.number] = record
                elif record.kind == "allowance":
                    for reference in record.references:
                        reduced[reference.number] += reference.net
    rows = connection.execute(
        "SELECT claims.path, number, label, any_value(net), sum(cost), any_value(seller_name) FROM claims "
        "WHERE number <> '' GROUP BY claims.path, number, label ORDER BY claims.path, number"
    ).fetchall()
    found = []
    for path, number, label, net, cost, name in rows:
        void = voided.get(number)
        over = int(cost) - (int(net) - reduced.get(number, 0))
        if void is not None:
            message = _("{case}:憑證 {number}({name})已作廢,仍報支 {cost} 元").format(
                case=path, number=label, name=name, cost=f"{int(cost):,}"
            )
            found.append(Changed(path, label, void.date, int(cost), message))
        elif number in reduced and over > 0:
            message = _("{case}:憑證 {number}({name})已折讓 {reduced} 元,多報支 {over} 元").format(
                case=path, number=label, name=name, reduced=f"{reduced[number]:,}", over=f"{over:,}"
            )
            found.append(Changed(path, label, None, over, message))
    return found
