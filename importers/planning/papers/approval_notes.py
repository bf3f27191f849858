"""What a new voucher has otherwise than the approved item it is for: told, and booked all the same."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from importers.planning.papers.told import NewVoucher
from importers.planning.papers.told import Unmatched
from importers.records import VoucherRecord
from ledger.case.vouchers.approved_items import is_other_contractor
from ledger.case.vouchers.approved_items import is_other_unit
from ledger.model.award import Award
from ledger.util.i18n import _


def approval_notes(vouchers: Iterable[NewVoucher], award: Award) -> list[Unmatched]:
    """A line for every unit that is another than the approved one, and every research item of another contractor."""
    return [
        Unmatched(new.files[0] if new.files else "", _shown(new.record), note)
        for new in vouchers
        if new.record.kind != "allowance"
        for note in dict.fromkeys(_notes(new.record, award))
    ]


def _notes(record: VoucherRecord, award: Award) -> Iterator[str]:
    for line in record.items:
        item = award.item_named(line.name)
        if item is None:
            continue
        if is_other_unit(line.unit, item):
            yield _(
                "憑證 {number} 的「{item}」單位是「{unit}」,核定的單位是「{approved}」;請確認數量是否同一種單位"
            ).format(number=record.number, item=item.name, unit=line.unit, approved=item.unit)
        if is_other_contractor(record.seller_name, item):
            yield _(
                "委託研究項目「{item}」核定由「{approved}」承作,憑證 {number} 的對象是「{seller}」;請先變更核定或說明"
            ).format(item=item.name, approved=item.supplier, number=record.number, seller=record.seller_name)


def _shown(record: VoucherRecord) -> dict[str, str]:
    return {"number": record.number, "date": record.date.isoformat() if record.date else ""}
