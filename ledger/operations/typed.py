"""What a person typed for a field of a voucher: an amount, a quantity, a day; what it cannot be is said."""

import datetime
from decimal import Decimal

from ledger.operations.edit import OperationError
from ledger.util.dates import typed_date
from ledger.util.i18n import _
from ledger.util.text import parse_amount
from ledger.util.text import whole_dollars


def typed_amount(value: str, field: str, *, takes_back: bool = False, is_part: bool = False) -> int:
    """An amount as typed, NT$; of what takes another paper back the sign does not matter: it is written as one types it.

    Raises OperationError for what is no whole amount, or negative where it must not be.
    """
    amount = whole_dollars(value)
    if amount is None:
        raise OperationError(
            _("{field} 要填整數金額(新臺幣元),不是「{value}」").format(field=field, value=value)
        )
    if takes_back:
        return -abs(amount)
    if amount < 0 and not is_part:
        raise OperationError(
            _("{field} 不能是負數;折讓請匯入折讓單,整張不要請用 grant remove").format(field=field)
        )
    return amount


def typed_quantity(value: str, *, takes_back: bool) -> Decimal | None:
    """A quantity as typed, None where nothing is; negative of what takes another paper back. Raises OperationError."""
    try:
        quantity = parse_amount(value)
    except ValueError:
        raise OperationError(_("數量要填數字,不是「{value}」").format(value=value)) from None
    if quantity is None or takes_back:
        return quantity if quantity is None else -abs(quantity)
    if quantity < 0:
        raise OperationError(_("數量不能是負數:「{value}」").format(value=value))
    return quantity


def typed_day(value: str) -> datetime.date:
    """A day as typed, in either calendar. Raises OperationError for what is none."""
    try:
        return typed_date(value)
    except ValueError as error:
        raise OperationError(str(error)) from None
