"""The monthly mail of invoices kept in a carrier (消費發票彙整通知): format `carrier-csv`.

A consumer's paper: the amount includes the tax and no tax is told, so net is the total and tax 0.
The sum of the items may differ from the total, which is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from importers.records import ReadError
from importers.records import Reading
from importers.records import Status
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.values import company_number
from importers.vouchers.values import money
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole
from ledger.util.dates import parse_date
from ledger.util.i18n import _
from ledger.util.text import fold

_MASTER = ("載具名稱", "載具號碼", "發票日期", "商店統編", "商店店名", "發票號碼", "總金額", "發票狀態")
_START = re.compile(r"(?:M\||D\||表頭=|明細=)")


def read(source: Source) -> Reading | None:
    """The invoices of a monthly M|D file, or None where no line begins as one of its own.

    The file quotes nothing, and an item's text may run over several lines. Raises ReadError naming the line.
    """
    if source.kind != "text" or b"|" not in source.data[:4096]:
        return None
    records = list(_logical_lines(source.text))
    if not any(text.startswith(("M|", "表頭=M|")) for _row, text in records[:3]):
        return None
    mail = _Mail()
    for row, text in records:
        mail.take(row, text)
    return Reading(source.name, "carrier-csv", source.encoding, "", mail.records(), tuple(mail.warnings))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The file's records, each with its first line's number; other lines go on with the one before."""
    row, parts = 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if _START.match(line) and parts:
            yield row, "\n".join(parts)
            row, parts = number, []
        parts.append(line)
    yield row, "\n".join(parts).rstrip()


class _Mail:
    """The invoices of one mail while it is read: an M record opens one, D records add items by number."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._names: tuple[str, ...] = _MASTER
        self._masters: list[tuple[int, str, dict[str, str]]] = []
        self._items: dict[int, list[VoucherItem]] = {}
        self._latest: dict[str, int] = {}

    def take(self, row: int, text: str) -> None:
        """Take one record in. Raises ReadError where it is too short or no amount stands in it."""
        if text.startswith("表頭=M|"):
            self._names = tuple(fold(name) for name in text.split("|")[1:] if fold(name))
        elif text.startswith("M|"):
            self._master(row, text)
        elif text.startswith("D|"):
            self._detail(row, text)
        elif text.strip() and not text.startswith("明細="):
            self.warnings.append(_("第 {row} 行不屬於任何發票,略過").format(row=row))

    def _master(self, row: int, text: str) -> None:
        cells = text.split("|")[1:]
        if len(cells) < len(self._names):
            raise ReadError(_("第 {row} 行欄位不足").format(row=row))
        fields = dict(zip(self._names, cells, strict=False))
        number = voucher_number(fields.get("發票號碼", ""))
        self._latest[number] = len(self._masters)
        self._masters.append((row, number, fields))

    def _detail(self, row: int, text: str) -> None:
        cells = text.split("|", 3)
        if len(cells) < 4:
            raise ReadError(_("第 {row} 行欄位不足").format(row=row))
        number = voucher_number(cells[1])
        index = self._latest.get(number)
        if index is None:
            self.warnings.append(
                _("第 {row} 行的明細找不到發票 {number}").format(row=row, number=number[:20])
            )
            return
        name = plain(cells[3].rstrip().removesuffix("|"))
        item = VoucherItem(name, None, "", _money(row, "小計", cells[2]))
        self._items.setdefault(index, []).append(item)

    def records(self) -> tuple[VoucherRecord, ...]:
        """The invoices in the order of the file."""
        return tuple(
            self._record(row, number, fields, tuple(self._items.get(index, ())))
            for index, (row, number, fields) in enumerate(self._masters)
        )

    def _record(
        self, row: int, number: str, fields: dict[str, str], items: tuple[VoucherItem, ...]
    ) -> VoucherRecord:
        day = parse_date(fields.get("發票日期", ""))
        total = _money(row, "總金額", fields.get("總金額", ""))
        if day is None or total is None or not number:
            field = "發票日期" if day is None else "總金額" if number else "發票號碼"
            raise row_error(row, field, fields.get(field, ""))
        gross = whole(total, number, self.warnings)
        return VoucherRecord(
            kind="invoice",
            number=number,
            date=day,
            seller=company_number(fields.get("商店統編", "")),
            seller_name=plain(fields.get("商店店名", "")),
            buyer=company_number(fields.get("買方統編", "")),
            net=gross,
            tax=0,
            gross=gross,
            status=consumer_status(fields.get("發票狀態", "")),
            frees_number="註銷" in fields.get("發票狀態", ""),
            items=items,
            row=row,
        )


def consumer_status(text: str) -> Status:
    """開立 or 作廢, as the consumer's files write it."""
    return "voided" if "作廢" in text or "註銷" in text else "valid"


def _money(row: int, field: str, text: str) -> Decimal | None:
    try:
        return money(text)
    except ValueError:
        raise row_error(row, field, text) from None
