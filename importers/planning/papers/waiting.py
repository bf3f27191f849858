"""Voucher records that wait in `pending.jsonl`: under which id, and how they are judged again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from importers.planning.import_ids import voucher_id
from importers.planning.papers.same_paper import letters
from importers.planning.papers.told import Told
from importers.questions.stored_records import restored
from importers.records import VoucherRecord
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id

VOUCHER_KINDS = ("set-aside", "conflict", "duplicate", "take-back")  # of what waits: voucher records


def waited_records(store: PendingStore, names: Mapping[str, str]) -> list[Told]:
    """The voucher records that have waited, to be judged as if they came now."""
    told = []
    for waited in store.of_kind(*VOUCHER_KINDS):
        record = restored(waited.data.get("voucher") or {})
        if record is not None:
            told.append(Told(named(record, names), waited.file, str(waited.data.get("format", "")), waited))
    return told


def waiting_id(kind: str, record: VoucherRecord) -> str:
    """The id under which a record waits: what it says, however often and by whatever file it comes."""
    items = sorted(letters(item.name) for item in record.items)
    return pending_id(
        kind,
        voucher_id(record),
        record.kind,
        record.status,
        record.gross,
        record.date,
        record.category,
        *items,
    )


def named(record: VoucherRecord, names: Mapping[str, str]) -> VoucherRecord:
    """The record with its seller's name, which a QR code does not hold."""
    name = names.get(record.seller, "")
    if record.seller_name or not name:
        return record
    return dataclasses.replace(record, seller_name=name)
