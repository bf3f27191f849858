"""A voucher record as plain JSON and back, with nothing lost: so it waits in `pending.jsonl`."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from importers.records import PayrollDetail
from importers.records import Reference
from importers.records import VoucherItem
from importers.records import VoucherRecord
from ledger.model.voucher_details import BY_KEY
from ledger.model.voucher_details import DetailValue
from ledger.schemes.model import PAY_PARTS


def stored(record: VoucherRecord) -> dict[str, Any]:
    """The record as JSON; what is as a record has it anyway is left out."""
    said: dict[str, Any] = _plain(record)
    return said


def restored(said: Mapping[str, Any]) -> VoucherRecord | None:
    """The record that was stored; None where somebody changed it to what no record can be."""
    try:
        fields = dict(said)
        fields["date"] = _day(fields.get("date"))
        fields["paid"] = _day(fields.get("paid"))
        fields["items"] = tuple(
            VoucherItem(
                item.get("name", ""),
                _decimal(item.get("quantity")),
                item.get("unit", ""),
                _decimal(item.get("amount")),
                _details(item.get("details", ())),
            )
            for item in fields.get("items", ())
        )
        fields["details"] = _details(fields.get("details", ()))
        fields["references"] = tuple(
            Reference(**{"number": "", **part, "date": _day(part.get("date"))})
            for part in fields.get("references", ())
        )
        payroll = fields.get("payroll")
        if payroll is not None:
            month, name, role = (payroll.get(key, "") for key in ("month", "name", "role"))
            salary, hours, total = (_decimal(payroll.get(key)) for key in ("salary", "hours", "total_hours"))
            base, allowance, bonus = (_decimal(payroll.get(part)) for part in PAY_PARTS)
            joined, left = (_day(payroll.get(key)) for key in ("joined", "left"))
            told = (salary, hours, total, base, allowance, bonus, joined, left)
            fields["payroll"] = PayrollDetail(month, name, role, *told)
        return VoucherRecord(**{"number": "", **fields})
    except (TypeError, ValueError, AttributeError, InvalidOperation):
        return None


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: (getattr(value, field.name), field.default) for field in dataclasses.fields(value)
        }
        return {
            name: _plain(said) for name, (said, usual) in fields.items() if said not in (usual, None, "", ())
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _details(said: Any) -> tuple[tuple[str, DetailValue], ...]:
    """Details as they were told; an unknown key is nobody's."""
    found: list[tuple[str, DetailValue]] = []
    for key, value in said:
        kind = BY_KEY[key].kind if key in BY_KEY else ""
        if kind == "date":
            found.append((key, datetime.date.fromisoformat(value)))
        elif kind:
            found.append((key, str(value) if kind == "text" else Decimal(value)))
    return tuple(found)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
